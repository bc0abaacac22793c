/* What is printed of events: filters, remarks, the layouts of text and CSV, duplicates, and what surrounds it all. */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "show/show_form.h"
#include "show/show_unique.h"
#include "test_evtx_build.h"
#include "yaml/yaml_tree.h"

#define MOMENT 132000000000000000u /* 2019-04-17T18:40:00Z */

/* Every text that is none, and every one that is, with a number that it holds and one that it does not. */
static void ranges_are_refused_or_mean_one_thing(void **state)
{
    static const struct {
        const char *given;
        bool good;
        uint64_t in, out;
    } cases[] = {
        { "7", true, 7, 8 },
        { "7", true, 7, 6 },
        { "7-12", true, 7, 6 },
        { "7-12", true, 12, 13 },
        { "7-7", true, 7, 8 },
        { "7-", true, 7, 6 },
        { "7-", true, UINT64_MAX, 0 },
        { "7,9", true, 9, 8 },
        { " 7 , 9-10 ", true, 10, 8 },
        { "0x10", true, 16, 10 },
        { "0", true, 0, 1 },
        { "18446744073709551615", true, UINT64_MAX, 1 },
        { "18446744073709551616", false, 0, 0 },
        { "9-3", false, 0, 0 },
        { "-7", false, 0, 0 },
        { "-", false, 0, 0 },
        { "", false, 0, 0 },
        { ",", false, 0, 0 },
        { "7,", false, 0, 0 },
        { ",7", false, 0, 0 },
        { "7-9-11", false, 0, 0 },
        { "7 9", false, 0, 0 },
        { "7x", false, 0, 0 },
        { "error", false, 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct buf scratch;
        struct show_filter f = { 0 };
        arena_init(&arena);
        buf_init(&scratch);
        if (ranges_add(&f.records, &arena, text_from(cases[i].given)) != cases[i].good)
            fail_msg("%s", cases[i].given);
        const struct event_key in = { .record_id = cases[i].in }, out = { .record_id = cases[i].out };
        if (cases[i].good && (!filter_wants(&f, &in, &scratch) || filter_wants(&f, &out, &scratch)))
            fail_msg("%s", cases[i].given);
        buf_done(&scratch);
        arena_done(&arena);
    }
}

static void levels_have_names(void **state)
{
    static const struct {
        const char *given;
        const char *wanted; /* the levels 0 to 6 that it holds; NULL: refused */
    } cases[] = {
        { "critical", "1" },      { "ERROR", "2" },       { "warning", "3" },    { "information", "04" },
        { "verbose", "5" },       { "4", "04" },          { "0", "0" },          { "1-3", "123" },
        { "1-4", "01234" },       { "critical-error", "12" }, { "warning-", "03456" }, { "5-", "56" },
        { "error,verbose", "25" }, { "1-error", "12" },    { "warn", NULL },      { "error-critical", NULL },
        { "", NULL },             { "-error", NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct buf scratch;
        struct show_filter f = { 0 };
        char got[8] = "";
        size_t n = 0;
        arena_init(&arena);
        buf_init(&scratch);
        bool good = levels_add(&f.levels, &arena, text_from(cases[i].given));
        for (uint32_t level = 0; good && level <= 6; level++)
            if (filter_wants(&f, &(struct event_key){ .level = level }, &scratch))
                got[n++] = (char)('0' + level);
        if (good != (cases[i].wanted != NULL) || (good && strcmp(got, cases[i].wanted) != 0))
            fail_msg("%s: %s", cases[i].given, got);
        buf_done(&scratch);
        arena_done(&arena);
    }
}

static void names_are_found_by_patterns(void **state)
{
    static const struct {
        const char *pattern;
        enum { PROVIDER, CHANNEL, NODE } of;
        const char *name;
        bool wanted;
    } cases[] = {
        { "clussvc", PROVIDER, "ClusSvc", true },
        { "ClusSv", PROVIDER, "ClusSvc", false },
        { "Clus*", PROVIDER, "ClusSvc", true },
        { "*", PROVIDER, "", true },
        { "?", PROVIDER, "", false },
        { "", PROVIDER, "", true },
        { "", PROVIDER, "a", false },
        { "Clus?vc", PROVIDER, "ClusSvc", true },
        { "a\\*", PROVIDER, "a*", true },
        { "a\\*", PROVIDER, "ab", false },
        { "\xC3\x84*", CHANNEL, "\xC3\xA4nderung", true }, /* case of all letters, not of ASCII alone */
        { "a.b", PROVIDER, "a", false },
        { "a", PROVIDER, "a.b", false },
        { "a", CHANNEL, "a.b", false },
        { "a", NODE, "A.example.org", true },
        { "a.example.org", NODE, "A.example.org", true },
        { "a.example", NODE, "A.example.org", false },
        { "a.*", NODE, "A.example.org", true },
        { "a.*", NODE, "A", false },
        { "example.org", NODE, "A.example.org", false },
        { "", NODE, ".example.org", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct buf scratch;
        struct show_filter f = { 0 };
        struct event_key key = { .provider = TEXT("other"), .channel = TEXT("other"), .computer = TEXT("other") };
        struct patterns *patterns[] = { &f.providers, &f.channels, &f.nodes };
        struct text *names[] = { &key.provider, &key.channel, &key.computer };
        arena_init(&arena);
        buf_init(&scratch);
        patterns_add(patterns[cases[i].of], &arena, TEXT("nothing"));
        assert_false(filter_wants(&f, &key, &scratch));
        patterns_add(patterns[cases[i].of], &arena, text_from(cases[i].pattern)); /* one of two is enough */
        *names[cases[i].of] = text_from(cases[i].name);
        if (filter_wants(&f, &key, &scratch) != cases[i].wanted)
            fail_msg("%s %s", cases[i].pattern, cases[i].name);
        buf_done(&scratch);
        arena_done(&arena);
    }
}

static void times_are_from_and_before(void **state)
{
    static const struct {
        uint64_t from, before, time;
        bool wanted;
    } cases[] = {
        { MOMENT, UINT64_MAX, MOMENT, true },      { MOMENT, UINT64_MAX, MOMENT - 1, false }, { 0, MOMENT, MOMENT, false },
        { 0, MOMENT, MOMENT - 1, true },           { MOMENT, MOMENT + 1, MOMENT, true },        { 0, UINT64_MAX, 0, false },
        { MOMENT, MOMENT, MOMENT, false },
    };
    struct buf scratch;
    (void)state;
    buf_init(&scratch);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct show_filter f = { .timed = true, .from = cases[i].from, .before = cases[i].before };
        struct event_key key = { .time = cases[i].time };
        assert_int_equal(filter_wants(&f, &key, &scratch), cases[i].wanted);
        f.timed = false;
        assert_true(filter_wants(&f, &key, &scratch));
    }
    buf_done(&scratch);
}

/* Each part must hold; an ID that is no number is in no range, not even in the one that ends with all numbers. */
static void all_parts_must_hold(void **state)
{
    struct arena arena;
    struct buf scratch;
    struct show_filter f = { 0 };
    struct event_key key = { .id = 7, .level = 2, .record_id = 9, .time = MOMENT };
    (void)state;
    arena_init(&arena);
    buf_init(&scratch);
    assert_true(ranges_add(&f.ids, &arena, TEXT("7-")));
    assert_true(ranges_add(&f.records, &arena, TEXT("9")));
    assert_true(levels_add(&f.levels, &arena, TEXT("error")));
    assert_true(filter_wants(&f, &key, &scratch));
    key.id = 6;
    assert_false(filter_wants(&f, &key, &scratch));
    key.id = EVENT_ID_NONE;
    assert_false(filter_wants(&f, &key, &scratch));
    f.ids.count = 0;
    assert_true(filter_wants(&f, &key, &scratch));
    key.record_id = 8;
    assert_false(filter_wants(&f, &key, &scratch));
    key.record_id = 9;
    key.level = 1;
    assert_false(filter_wants(&f, &key, &scratch));
    buf_done(&scratch);
    arena_done(&arena);
}

static void remarks_say_where_and_what(void **state)
{
    const struct show_options options = { 0 }, beside = { .remark = "context" };
    const char *remarks[SHOW_REMARKS];
    (void)state;
    assert_int_equal(show_remarks(&beside, EVENT_LIVE, EVENT_CUT, remarks), 2);
    assert_string_equal(remarks[1], "context");
    assert_int_equal(show_remarks(&options, EVENT_LIVE, 0, remarks), 0);
    for (enum event_source source = EVENT_RESYNC; source < EVENT_SOURCES; source++) {
        assert_int_equal(show_remarks(&options, source, 0, remarks), 1);
        assert_string_equal(remarks[0], event_source_name(source));
    }
    assert_int_equal(show_remarks(&options, EVENT_LIVE, EVENT_CUT, remarks), 1);
    assert_string_equal(remarks[0], "cut");
    uint32_t all = EVENT_PARTIAL | EVENT_TEMPLATE_FOREIGN | EVENT_TEMPLATE_LOST | EVENT_CUT | EVENT_ODD_VALUE;
    static const char *const wanted[] = { "slack", "partial", "template-foreign", "template-lost", "cut", "odd-value" };
    assert_int_equal(show_remarks(&options, EVENT_SLACK, all, remarks), COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        assert_string_equal(remarks[i], wanted[i]);
}

struct printed {
    struct arena arena;
    struct catalog *catalog;
    struct show_options options;
    struct buf scratch, out;
};

static void printed_init(struct printed *p, enum show_form form)
{
    static const char yaml[] = "provider: P\n"
                               "parameters: system\n"
                               "messages: {1: 'First %1.', 2: \"Two\\n\\n lines of %1\", 3: '=1+1', 4: ' '}\n"
                               "---\n"
                               "parameters: system\n"
                               "texts: {5: [DENIED, denied]}\n";
    struct yaml_file file;
    struct diags diags;
    *p = (struct printed){ .options.form = form };
    arena_init(&p->arena);
    diags_init(&diags, &p->arena);
    p->catalog = catalog_new();
    assert_true(yaml_parse(&p->arena, TEXT("a.yaml"), text_from(yaml), &diags, &file));
    catalog_add(p->catalog, &file, &diags);
    catalog_finish(p->catalog);
    assert_int_equal(diags.count, 0);
    p->options.catalog = p->catalog;
}

static void printed_done(struct printed *p)
{
    catalog_free(p->catalog);
    buf_done(&p->scratch);
    buf_done(&p->out);
    arena_done(&p->arena);
}

static void printed_is(struct printed *p, const struct event *e, const char *wanted)
{
    p->out.n = 0;
    show_fields(&p->options, e, &p->scratch, &p->out);
    if (!text_equal(buf_text(&p->out), text_from(wanted)))
        fail_msg("got <%.*s>, not <%s>", TEXT_ARG(buf_text(&p->out)), wanted);
}

static struct event sample(const struct event_field *fields, size_t count)
{
    return (struct event){
        .key = { .provider = TEXT("P"), .channel = TEXT("System"), .computer = TEXT("N1"), .id = 1, .level = 2,
                 .time = MOMENT, .record_id = 17 },
        .event_id = TEXT("1"), .fields = fields, .field_count = count,
    };
}

#define FIELD(name, value, part) { TEXT(name), TEXT(value), part }

static void text_is_a_block(void **state)
{
    static const struct event_field fields[] = {
        FIELD("Hidden", "of System", EVENT_SYSTEM),   FIELD("", "one", EVENT_DATA),
        FIELD("Named", " %%5\r\n", EVENT_DATA),       FIELD("", "a\n\tb\n\n  c", EVENT_DATA),
        FIELD("Binary", "0A", EVENT_DATA),            FIELD("Far", "away", EVENT_RENDERING),
        FIELD("User", "", EVENT_USER_DATA),           FIELD("Od\x1b" "d", "\x1b[2J", EVENT_OTHER),
    };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_TEXT);
    struct event e = sample(fields, COUNT_OF(fields));
    e.user_sid = TEXT("S-1-5-18");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z  N1  P 1  Error\n"
               "  System, record 17, user S-1-5-18\n"
               "  First one.\n"
               "    %1: one\n"
               "    Named: %%5 = denied (5 DENIED)\n"
               "    %2: a\n"
               "      b\n"
               "      c\n"
               "    Binary: 0A\n"
               "    User: \n"
               "    Od\\x1bd: \\x1b[2J\n");
    printed_done(&p);
}

static void text_leaves_out_what_is_not_known(void **state)
{
    struct printed p;
    struct event e = { .key = { .record_id = UINT64_MAX, .level = 9 } };
    (void)state;
    printed_init(&p, SHOW_TEXT);
    printed_is(&p, &e, "(no time)  Information\n  record 18446744073709551615\n");
    e.source = EVENT_STALE;
    e.marks = EVENT_PARTIAL | EVENT_ODD_VALUE;
    e.key.channel = TEXT("C\n");
    printed_is(&p, &e, "(no time)  Information\n  C , record 18446744073709551615 - stale, partial, odd-value\n");
    printed_done(&p);
}

static void sentences_of_several_lines_are_indented(void **state)
{
    static const struct event_field fields[] = { FIELD("", "x", EVENT_DATA) };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_TEXT);
    struct event e = sample(fields, 1);
    e.key.id = 2;
    e.event_id = TEXT("2 odd");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z  N1  P 2 odd  Error\n  System, record 17\n"
               "  Two\n      lines of x\n    %1: x\n");
    p.options.zone = (struct zone){ .name = "-00:30", .seconds = -1800 };
    e.field_count = 0;
    e.key.id = 99;
    printed_is(&p, &e, "2019-04-17T18:10:00.0000000-00:30  N1  P 2 odd  Error\n  System, record 17\n");
    printed_done(&p);
}

static void csv_is_a_line(void **state)
{
    static const struct event_field fields[] = {
        FIELD("Hidden", "of System", EVENT_SYSTEM), FIELD("", "one", EVENT_DATA), FIELD("N", "%%5", EVENT_DATA),
        FIELD("", "a\r\nb", EVENT_USER_DATA),       FIELD("Far", "away", EVENT_RENDERING),
    };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_CSV);
    struct event e = sample(fields, COUNT_OF(fields));
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z,N1,System,P,1,Error,17,,live,First one.,one; N=%%5; a b\r\n");
    e.source = EVENT_ORPHAN;
    e.marks = EVENT_TEMPLATE_LOST | EVENT_CUT;
    e.user_sid = TEXT("S-1-5-18");
    e.field_count = 0;
    e.key.id = 2;
    e.event_id = TEXT("2,\"");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z,N1,System,P,\"2,\"\"\",Error,17,S-1-5-18,orphan template-lost cut,"
               "Two  lines of,\r\n");
    e.key.id = 3;
    e.event_id = TEXT("-3");
    e.key.computer = TEXT("\t=N");
    printed_is(&p, &e,
               "2019-04-17T18:40:00.0000000Z,\"' =N\",System,P,'-3,Error,17,S-1-5-18,orphan template-lost cut,"
               "'=1+1,\r\n");
    e = (struct event){ .marks = EVENT_PARTIAL };
    printed_is(&p, &e, ",,,,,Information,0,,partial,,\r\n");
    printed_done(&p);
}

/* What a sink made is completed: remarks, and the end of the line where the form has one. */
static void rendered_events_get_their_remarks(void **state)
{
    static const struct {
        enum show_form form;
        enum event_source source;
        uint32_t marks;
        const char *rendered, *wanted;
    } cases[] = {
        { SHOW_JSONL, EVENT_LIVE, 0, "{\"Event\":{}}", "{\"Event\":{}}\n" },
        { SHOW_JSON, EVENT_LIVE, 0, "{\"Event\":{}}", "{\"Event\":{}}" },
        { SHOW_JSONL, EVENT_SLACK, 0, "{\"Event\":{}}", "{\"Event\":{},\"Remarks\":[\"slack\"]}\n" },
        { SHOW_JSON, EVENT_LIBYAL, EVENT_PARTIAL, "{\"Event\":{}}",
          "{\"Event\":{},\"Remarks\":[\"libyal\",\"partial\"]}" },
        { SHOW_XML, EVENT_LIVE, 0, "<Event/>", "<Event/>\n" },
        { SHOW_XML, EVENT_LIVE, EVENT_CUT | EVENT_ODD_VALUE, "<Event/>", "<!-- cut odd-value --><Event/>\n" },
        { SHOW_XML, EVENT_HIDDEN, 0, "<Event/>", "<!-- hidden --><Event/>\n" },
        { SHOW_JSONL, EVENT_SLACK, 0, "", "\n" },
    };
    struct printed p;
    (void)state;
    printed_init(&p, SHOW_JSON);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event_about about = { .source = cases[i].source, .marks = cases[i].marks };
        p.options.form = cases[i].form;
        p.out.n = 0;
        buf_add_c(&p.out, "before"); /* other events */
        buf_add_c(&p.out, cases[i].rendered);
        show_rendered(&p.options, &about, text_from_index(buf_text(&p.out), 6), &p.out);
        if (!text_equal(text_from_index(buf_text(&p.out), 6), text_from(cases[i].wanted)))
            fail_msg("%zu: %.*s", i, TEXT_ARG(buf_text(&p.out)));
        assert_true(text_starts_with(buf_text(&p.out), TEXT("before")));
    }
    printed_done(&p);
}

static void each_form_says_what_it_needs(void **state)
{
    (void)state;
    assert_int_equal(show_needs(SHOW_TEXT), EVENT_AS_FIELDS);
    assert_int_equal(show_needs(SHOW_CSV), EVENT_AS_FIELDS);
    assert_int_equal(show_needs(SHOW_JSON), EVENT_AS_JSON);
    assert_int_equal(show_needs(SHOW_JSONL), EVENT_AS_JSON);
    assert_int_equal(show_needs(SHOW_XML), EVENT_AS_XML);
}

/* More than the table begins with, so that it grows; all three parts count, and so does the input. */
static void duplicates_are_of_another_input(void **state)
{
    struct show_unique *u = show_unique_new(100000);
    int first, second;
    (void)state;
    for (uint64_t i = 0; i < 5000; i++)
        assert_false(show_unique_seen(u, &(struct unique_mark){ i % 7, i, MOMENT + i }, &first));
    for (uint64_t i = 0; i < 5000; i++) {
        struct unique_mark mark = { i % 7, i, MOMENT + i };
        assert_false(show_unique_seen(u, &mark, &first));
        assert_true(show_unique_seen(u, &mark, &second));
    }
    assert_false(show_unique_seen(u, &(struct unique_mark){ 8, 1, MOMENT + 1 }, &second));
    assert_false(show_unique_seen(u, &(struct unique_mark){ 1, 2, MOMENT + 1 }, &second));
    assert_false(show_unique_seen(u, &(struct unique_mark){ 1, 1, MOMENT + 2 }, &second));
    assert_true(show_unique_seen(u, &(struct unique_mark){ 1, 1, MOMENT + 2 }, &first));
    show_unique_free(u);
    show_unique_free(NULL);
}

/* What a run wrote, and after how many times nothing more could be. */
static struct {
    struct buf text;
    size_t times, most;
} wrote;

static bool write_down(struct text t)
{
    if (wrote.times++ == wrote.most)
        return false;
    buf_add(&wrote.text, t);
    return true;
}

/* `*left_out`: events that did not fit. */
static bool run_path(enum show_form form, uint64_t limit, size_t most, const char *path, struct text *ret,
                     uint64_t *left_out)
{
    struct arena arena;
    struct path_list paths = { 0 };
    struct partial partial;
    size_t not_logs = 0;
    struct show_outcome outcome;
    struct show_options options = { .form = form, .limit = limit, .threads = 1, .write = write_down };
    wrote.text.n = wrote.times = 0;
    wrote.most = most;
    arena_init(&arena);
    partial_init(&partial);
    options.catalog = catalog_new();
    paths_add(&paths, &arena, path, NULL);
    paths_finish(&paths, &arena);
    (void)!show_run(&options, &paths, &partial, &not_logs, &outcome);
    *left_out = 0;
    for (size_t i = 0; i < partial.input_count; i++)
        *left_out += partial.inputs[i]->notices.seen[NOTICE_SHOW_LEFT_OUT];
    catalog_free((struct catalog *)options.catalog);
    partial_done(&partial);
    arena_done(&arena);
    *ret = buf_text(&wrote.text);
    return outcome.written;
}

static bool run(enum show_form form, uint64_t limit, size_t most, const char *sample_name, struct text *ret)
{
    const char *source = getenv("EVSCAN_SOURCE");
    char path[4096];
    uint64_t left_out;
    snprintf(path, sizeof path, "%s/samples/%s", source ? source : ".", sample_name);
    bool written = run_path(form, limit, most, path, ret, &left_out);
    assert_int_equal(left_out, 0);
    return written;
}

/* Byte by byte: ThreadSanitizer takes all that is left for read with each memmem. */
static size_t count_of(struct text t, const char *word)
{
    size_t count = 0, n = strlen(word);
    for (size_t i = 0; i + n <= t.n; i++)
        if (t.p[i] == word[0] && memcmp(t.p + i, word, n) == 0) {
            count++;
            i += n - 1;
        }
    return count;
}

static void events_stand_in_their_frame(void **state)
{
    static const struct {
        enum show_form form;
        const char *before, *after, *each;
        size_t without; /* times that `each` stands in the frame */
    } cases[] = {
        { SHOW_TEXT, "1999-04-10T06:00:12", "\n", ", record ", 0 },
        { SHOW_JSON, "[\n{\"Event\"", "}\n]\n", "\n{\"Event\"", 0 },
        { SHOW_JSONL, "{\"Event\"", "}\n", "{\"Event\"", 0 },
        { SHOW_CSV, "time,node,channel", "\r\n", "\r\n", 1 },
        { SHOW_XML, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n<Event", "</Event>\n</Events>\n", "</Event>", 0 },
    };
    static const uint64_t limits[] = { 1, 2, 26, 27, UINT64_MAX }; /* the log has 27 events */
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t k = 0; k < COUNT_OF(limits); k++) {
            struct text t;
            assert_true(run(cases[i].form, limits[k], SIZE_MAX, "Q218922/node1.evt", &t));
            size_t events = limits[k] < 27 ? (size_t)limits[k] : 27;
            if (!text_starts_with(t, text_from(cases[i].before)) || !text_ends_with(t, text_from(cases[i].after)) ||
                count_of(t, cases[i].each) != events + cases[i].without)
                fail_msg("form %d, limit %d: %.*s", (int)cases[i].form, (int)limits[k], TEXT_ARG(t));
        }
}

/* Whenever writing fails, it is told and nothing more is written. */
static void a_failure_to_write_ends_the_run(void **state)
{
    (void)state;
    for (enum show_form form = SHOW_TEXT; form <= SHOW_XML; form++) {
        struct text whole, part;
        assert_true(run(form, UINT64_MAX, SIZE_MAX, "Q218922", &whole)); /* two logs */
        size_t times = wrote.times;
        assert_true(times >= 3);
        for (size_t most = 0; most < times; most++) {
            assert_false(run(form, UINT64_MAX, most, "Q218922", &part));
            assert_int_equal(wrote.times, most + 1);
        }
        assert_true(run(form, UINT64_MAX, times, "Q218922", &part));
    }
}

/* Values of a record, each of them shown in many places: records of 2 KB become 400 KB of text. */
#define PLACES  400u
#define EXPANDING 23u

static void build_expanding(struct build *b)
{
    size_t definition = 0;
    build_init(b, 1);
    for (unsigned i = 0; i < EXPANDING; i++) {
        build_record(b);
        if (i) {
            build_u8(b, BINXML_INSTANCE);
            build_u8(b, 1);
            build_u32(b, 7);
            build_u32(b, definition);
        } else {
            definition = build_definition(b, 7);
            build_open_in_template(b, "Event", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            build_open_in_template(b, "EventData", BINXML_NO_DEPENDENCY);
            build_u8(b, BINXML_CONTENT);
            for (unsigned k = 0; k < PLACES; k++) {
                build_open_in_template(b, "D", BINXML_NO_DEPENDENCY);
                build_u8(b, BINXML_CONTENT);
                build_value(b, BINXML_VALUE, 0, BINXML_STRING);
                build_u8(b, BINXML_END);
            }
            build_u8(b, BINXML_END);
            build_u8(b, BINXML_END);
            build_definition_end(b, definition);
        }
        build_u32(b, 1);
        build_u32(b, 2000 | BINXML_STRING << 16);
        for (unsigned k = 0; k < 1000; k++)
            build_u16(b, 'a' + i);
        build_record_end(b);
    }
    build_seal(b);
}

/* What does not fit is left out as whole events, each of them told, and what is printed is whole. */
static void events_that_expand_are_bounded(void **state)
{
    static struct build b;
    static uint8_t header[EVTX_FILE_HEADER];
    char path[] = "/tmp/evscan-show-XXXXXX";
    (void)state;
    FILE *file = fdopen(mkstemp(path), "wb");
    assert_non_null(file);
    build_expanding(&b);
    build_file_header(header, 1);
    fwrite(header, sizeof header, 1, file);
    fwrite(b.bytes, sizeof b.bytes, 1, file);
    assert_int_equal(fclose(file), 0);
    for (enum show_form form = SHOW_TEXT; form <= SHOW_XML; form++) {
        struct text t;
        uint64_t left_out;
        assert_true(run_path(form, UINT64_MAX, SIZE_MAX, path, &t, &left_out));
        assert_true(left_out > 0 && left_out < EXPANDING);
        assert_true(t.n < LIMIT_BATCH_TEXT + LIMIT_EVENT_BYTES);
        for (unsigned i = 0; i < EXPANDING; i++) {
            char value[8] = { 0 };
            memset(value, (int)('a' + i), sizeof value - 1);
            assert_true((count_of(t, value) > 0) == (i < EXPANDING - left_out));
        }
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_refused_or_mean_one_thing),
        cmocka_unit_test(levels_have_names),
        cmocka_unit_test(names_are_found_by_patterns),
        cmocka_unit_test(times_are_from_and_before),
        cmocka_unit_test(all_parts_must_hold),
        cmocka_unit_test(remarks_say_where_and_what),
        cmocka_unit_test(text_is_a_block),
        cmocka_unit_test(text_leaves_out_what_is_not_known),
        cmocka_unit_test(sentences_of_several_lines_are_indented),
        cmocka_unit_test(csv_is_a_line),
        cmocka_unit_test(rendered_events_get_their_remarks),
        cmocka_unit_test(each_form_says_what_it_needs),
        cmocka_unit_test(duplicates_are_of_another_input),
        cmocka_unit_test(events_stand_in_their_frame),
        cmocka_unit_test(a_failure_to_write_ends_the_run),
        cmocka_unit_test(events_that_expand_are_bounded),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_done(&wrote.text);
    return failed;
}
