/*
 * What a classic record says as an event: the mapping, what is wrong inside of whole records, the name of the log;
 * and batches: decoded in any order by any number of decoders, of a file that changes while it is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "event/event_classic.h"
#include "event/sid.h"
#include "evt/evt_channel.h"
#include "evt/evt_record.h"
#include "evt/evt_render.h"
#include "evt_collect.h"
#include "evt_image.h"

static const char SYSTEM_SID[] = "\1\1\0\0\0\0\0\5\22\0\0\0";

static const struct image_record usual = {
    .source = "ClusSvc", .computer = "NODE1", .strings = { "quorum", "", "clusres.dll" }, .sid = SYSTEM_SID, .sid_n = 12,
    .data = "\xde\xad\0\x0f", .data_n = 4, .identifier = 0xC00003F1u, .generated = 1000000000u, .written = 4000000000u,
    .type = 1, .category = 7,
};

/* A log of one record, damaged by `damage` and read. */
static void read_one(const struct image_record *r, void (*damage)(uint8_t *record, uint32_t length),
                     struct collected *c)
{
    struct image m;
    image_init(&m, 8192, IMAGE_BEGIN, 4711);
    image_add(&m, r);
    image_end(&m);
    if (damage)
        damage(m.p + m.places[0], m.lengths[0]);
    collect_bytes(c, m.p, m.size, "node1.evt");
    image_free(&m);
    assert_int_equal(c->count, 1);
    assert_int_equal(c->account.decoded, 1);
    assert_int_equal(c->account.partial, 0);
}

static void assert_text(struct text is, const char *wanted)
{
    assert_int_equal(is.n, strlen(wanted));
    assert_memory_equal(is.p, wanted, is.n);
}

static void a_record_in_the_shape_of_an_event(void **state)
{
    (void)state;
    struct collected c;
    read_one(&usual, NULL, &c);
    const struct event *e = c.events[0];
    assert_text(e->key.provider, "ClusSvc");
    assert_text(e->key.computer, "NODE1");
    assert_text(e->key.channel, "System");
    assert_int_equal(e->key.id, 1009);
    assert_int_equal(e->qualifiers, 0xC000);
    assert_text(e->event_id, "1009");
    assert_int_equal(e->key.level, 2);
    assert_int_equal(e->key.record_id, 4711);
    assert_int_equal(e->header_id, 4711);
    assert_int_equal(e->key.time, filetime_from_unix(1000000000u));
    assert_int_equal(e->written, filetime_from_unix(4000000000u));
    assert_int_equal(e->task, 7);
    assert_int_equal(e->keywords, 0x80000000000000u);
    assert_text(e->user_sid, "S-1-5-18");
    assert_int_equal(e->offset, IMAGE_BEGIN);
    assert_int_equal(e->source, EVENT_LIVE);
    assert_int_equal(e->marks, 0);
    assert_int_equal(e->field_count, 4);
    assert_text(event_insert(e, 1)->value, "quorum");
    assert_text(event_insert(e, 2)->value, "");
    assert_text(event_insert(e, 3)->value, "clusres.dll");
    assert_null(event_insert(e, 4));
    assert_text(event_field(e, TEXT("Binary"))->value, "DEAD000F");
    assert_int_equal(c.account.first, e->key.time);
    collected_free(&c);
}

static void types_become_levels_and_keywords(void **state)
{
    (void)state;
    static const struct {
        uint16_t type;
        uint32_t level;
        uint64_t audit;
        uint32_t marks;
    } cases[] = { { 0, 4, 0, 0 }, { 1, 2, 0, 0 }, { 2, 3, 0, 0 }, { 4, 4, 0, 0 }, { 8, 0, 0x20000000000000u, 0 },
                  { 16, 0, 0x10000000000000u, 0 }, { 3, 4, 0, EVENT_ODD_VALUE }, { 0xFFFF, 4, 0, EVENT_ODD_VALUE } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct image_record r = usual;
        struct collected c;
        r.type = cases[i].type;
        read_one(&r, NULL, &c);
        assert_int_equal(c.events[0]->key.level, cases[i].level);
        assert_int_equal(c.events[0]->keywords, 0x80000000000000u | cases[i].audit);
        assert_int_equal(c.events[0]->marks, cases[i].marks);
        collected_free(&c);
    }
}

/* ---- what is wrong inside of a whole record ---- */

static void strings_65535(uint8_t *p, uint32_t n)
{
    (void)n;
    put_u16(p + 26, 65535);
}

static void strings_outside(uint8_t *p, uint32_t n)
{
    put_u32(p + 36, n + 100);
}

static void strings_in_the_fixed_part(uint8_t *p, uint32_t n)
{
    (void)n;
    put_u32(p + 36, 8);
}

static void string_without_end(uint8_t *p, uint32_t n)
{
    uint32_t at = get_u32(p + 36);
    put_u16(p + 26, 1);
    for (uint32_t i = at; i < n - 4; i++)
        p[i] = i % 2 ? 0 : 'x';
}

static void sid_outside(uint8_t *p, uint32_t n)
{
    put_u32(p + 44, n);
}

static void sid_too_long(uint8_t *p, uint32_t n)
{
    (void)n;
    p[get_u32(p + 44) + 1] = 15;
}

static void data_outside(uint8_t *p, uint32_t n)
{
    put_u32(p + 52, 0xFFFFFFF0u);
    (void)n;
}

static void data_too_long(uint8_t *p, uint32_t n)
{
    put_u32(p + 48, n);
}

static void unused_offsets_wild(uint8_t *p, uint32_t n)
{
    (void)n;
    put_u16(p + 26, 0);
    put_u32(p + 40, 0);
    put_u32(p + 48, 0);
    put_u32(p + 36, 0xFFFFFFFFu);
    put_u32(p + 44, 0xFFFFFFFFu);
    put_u32(p + 52, 0xFFFFFFFFu);
}

static void names_without_end(uint8_t *p, uint32_t n)
{
    for (uint32_t i = 56; i < n - 4; i++)
        p[i] = i % 2 ? 0 : 'x';
}

/* The line of a record knows the same of it as its event. */
static void check_line(void (*damage)(uint8_t *p, uint32_t n), enum event_form form, uint32_t wanted)
{
    uint8_t raw[1024];
    uint32_t n = record_build(&usual, 4711, raw), marks = 0;
    struct evt_record record;
    struct event_key key = { .provider = TEXT("P"), .channel = TEXT("C"), .computer = TEXT("N") };
    struct buf line;
    buf_init(&line);
    damage(raw, n);
    assert_true(evt_record_parse((struct bytes){ raw, n }, false, &record));
    assert_int_equal(evt_render(&record, &key, form, &line, &marks), wanted == 0);
    assert_int_equal(marks, wanted);
    buf_done(&line);
}

static void what_fits_is_delivered(void **state)
{
    (void)state;
    static const struct {
        void (*damage)(uint8_t *p, uint32_t n);
        size_t strings; /* that must be there */
        bool noticed, binary, sid;
    } cases[] = {
        { strings_65535, 3, true, true, true },
        { strings_outside, 0, true, true, true },
        { strings_in_the_fixed_part, 0, true, true, true },
        { string_without_end, 1, true, true, true },
        { sid_outside, 3, true, true, false },
        { sid_too_long, 3, true, true, false },
        { data_outside, 3, true, false, true },
        { data_too_long, 3, true, true, true },
        { unused_offsets_wild, 0, false, false, false },
        { names_without_end, 1, true, true, true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct collected c;
        read_one(&usual, cases[i].damage, &c);
        const struct event *e = c.events[0];
        assert_int_equal((e->marks & EVENT_PARTIAL) != 0, cases[i].noticed);
        assert_int_equal(c.notices.seen[NOTICE_EVT_RECORD_PARTS], cases[i].noticed);
        assert_true(cases[i].strings == 0 || event_insert(e, cases[i].strings) != NULL);
        assert_true(cases[i].strings != 0 || event_insert(e, 1) == NULL);
        assert_int_equal(event_field(e, TEXT("Binary")) != NULL, cases[i].binary);
        assert_int_equal(e->user_sid.n != 0, cases[i].sid);
        assert_int_equal(e->key.id, 1009);
        check_line(cases[i].damage, EVENT_AS_XML, e->marks);
        check_line(cases[i].damage, EVENT_AS_JSON, e->marks);
        collected_free(&c);
    }
}

/* Half of a character that is 0 ends nothing; of any length, as several are looked at in one step. */
static void strings_end_with_a_whole_zero(void **state)
{
    static const uint16_t units[] = { 'a', 0x0100, 0x4E00, 0x00FF, 0x8000, 0x0001 };
    (void)state;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t count = 0; count < 12; count++) {
            uint8_t bytes[32] = { 0 };
            struct bytes string, rest = { bytes, 2 * count + 4 };
            for (size_t i = 0; i < count; i++)
                put_u16(bytes + 2 * i, units[u]);
            put_u16(bytes + 2 * count + 2, 'b');
            assert_true(evt_string_next(&rest, &string));
            assert_int_equal(string.n, 2 * count);
            assert_false(evt_string_next(&rest, &string)); /* the end of the record */
            assert_int_equal(string.n, 2);
            assert_int_equal(rest.n, 0);
        }
}

/* Of three strings and data: a record that promises a string more, less, or ends a string in the data. */
static void strings_end_where_the_data_begin(void **state)
{
    static const struct {
        const char *what;
        unsigned count, from, data; /* strings promised, bytes to add to where they and the data begin */
        size_t fields;
        bool fits;
    } cases[] = {
        { "as it was written", 3, 0, 0, 4, true },   { "one more", 4, 0, 0, 4, false },
        { "one less", 2, 0, 0, 3, false },           { "none", 0, 0, 0, 1, false },
        { "they begin at an odd byte", 3, 1, 0, 4, false }, { "the data begin early", 3, 0, (unsigned)-4, 4, false },
        { "the data begin before them", 3, 0, (unsigned)-40, 4, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct image m;
        struct collected c;
        struct image_record r = { .source = "A", .computer = "B", .strings = { "one", "two", "three" },
                                  .data = "\x0b\xad\xf0\x0d", .data_n = 4, .type = 4 };
        image_init(&m, 8192, IMAGE_BEGIN, 1);
        image_add(&m, &r);
        image_end(&m);
        uint8_t *record = m.p + IMAGE_BEGIN;
        struct bytes head = { record, EVT_FIXED };
        put_u16(record + 26, (uint16_t)cases[i].count);
        put_u32(record + 36, bytes_u32(head, 36) + cases[i].from);
        put_u32(record + 52, bytes_u32(head, 52) + cases[i].data);
        collect_bytes(&c, m.p, m.size, "node1.evt");
        print_message("%s\n", cases[i].what);
        assert_int_equal(c.count, 1);
        assert_int_equal(c.events[0]->field_count, cases[i].fields);
        assert_int_equal(!(c.events[0]->marks & EVENT_PARTIAL), cases[i].fits);
        collected_free(&c);
        image_free(&m);
    }
}

/* Data that overlaps the strings: the texts together grow beyond what an event may hold. */
static void a_limit_that_is_reached_is_noticed(void **state)
{
    (void)state;
    size_t n = LIMIT_EVT_RECORD - 200;
    uint8_t *data = malloc(n);
    struct image m;
    struct collected c;
    struct image_record r = { .source = "A", .computer = "B", .data = (char *)data, .data_n = n, .type = 4 };
    for (size_t i = 0; i < n; i++)
        data[i] = i % 2 ? 0x4e : 0x2d; /* U+4E2D takes 3 bytes in UTF-8 */
    image_init(&m, LIMIT_EVT_RECORD + 8192, IMAGE_BEGIN, 1);
    image_add(&m, &r);
    image_end(&m);
    put_u16(m.p + IMAGE_BEGIN + 26, 1);
    put_u32(m.p + IMAGE_BEGIN + 52, EVT_FIXED);
    collect_bytes(&c, m.p, m.size, "node1.evt");
    assert_int_equal(c.count, 1);
    assert_int_equal(c.events[0]->marks & EVENT_CUT, EVENT_CUT);
    assert_int_equal(c.notices.seen[NOTICE_EVT_EVENT_CUT], 1);
    assert_true(c.events[0]->fields[0].value.n + c.events[0]->fields[1].value.n <= LIMIT_EVENT_BYTES);
    collected_free(&c);
    image_free(&m);
    free(data);
}

static void names_of_any_length(void **state)
{
    (void)state;
    char longer[200];
    memset(longer, 'N', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    struct image_record r = usual;
    struct collected c;
    r.source = longer;
    r.computer = "";
    read_one(&r, NULL, &c);
    assert_text(c.events[0]->key.provider, longer);
    assert_text(c.events[0]->key.computer, "");
    collected_free(&c);
}

static void sids_are_written_as_windows_does(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        size_t n;
        const char *text;
    } cases[] = {
        { SYSTEM_SID, 12, "S-1-5-18" },
        { "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16, "S-1-5-32-544" },
        { "\1\0\0\0\0\0\0\0", 8, "S-1-0" },
        { "\1\1\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 12, "S-1-4294967295-4294967295" },
        { "\1\0\1\2\3\4\5\6", 8, "S-1-0x010203040506" },
        { "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0", 15, "" },
        { "\1", 1, "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char out[SID_TEXT_ROOM];
        assert_text(sid_text((struct bytes){ (const uint8_t *)cases[i].raw, cases[i].n }, out), cases[i].text);
    }
    uint8_t most[8 + 255 * 4];
    char out[SID_TEXT_ROOM];
    memset(most, 0xff, sizeof most);
    assert_int_equal(sid_text((struct bytes){ most, sizeof most }, out).n, SID_TEXT_ROOM);
}

/* ---- which log ---- */

static void the_name_says_which_log(void **state)
{
    (void)state;
    static const struct {
        const char *path, *channel;
    } cases[] = {
        { "AppEvent.Evt", "Application" },   { "SECEVENT.EVT", "Security" },  { "SysEvent.Evt", "System" },
        { "node1-SysEvent.evt", "System" },  { "System.evt", "System" },      { "cl1_system (2).evt", "System" },
        { "logs/Application/x.evt", "" },    { "C:\\logs\\node2 app.evt", "Application" },
        { "node1sys.evt", "System" },              { "node1-sec.evt", "Security" }, { "system-application.evt", "" },
        { "node1.evt", "" },                 { "-", "" },                     { "", "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_text(classic_channel_of_name(text_from(cases[i].path)), cases[i].channel);
}

static void a_distinctive_source_says_which_log(void **state)
{
    (void)state;
    static const struct {
        const char *path, *sources[3], *channel;
    } cases[] = {
        { "node1.evt", { "EventLog" }, "System" },
        { "node1.evt", { "Print", "service control manager" }, "System" },
        { "node1.evt", { "MSExchangeMTA", "Userenv" }, "Application" },
        { "node1.evt", { "Security" }, "Security" },
        { "node1.evt", { "Print", "MSExchangeMTA" }, "" },
        { "AppEvent.evt", { "EventLog" }, "Application" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct image m;
        struct collected c;
        image_init(&m, 8192, IMAGE_BEGIN, 1);
        for (size_t j = 0; cases[i].sources[j]; j++) {
            struct image_record r = usual;
            r.source = cases[i].sources[j];
            image_add(&m, &r);
        }
        image_end(&m);
        collect_bytes(&c, m.p, m.size, cases[i].path);
        for (size_t j = 0; j < c.count; j++)
            assert_text(c.events[j]->key.channel, cases[i].channel);
        collected_free(&c);
        image_free(&m);
    }
}

static void content_decides_the_format(void **state)
{
    (void)state;
    static const char evtx[64] = "ElfFile";
    struct image m;
    image_init(&m, 8192, IMAGE_BEGIN, 1);
    image_add(&m, &usual);
    image_end(&m);
    struct {
        struct bytes bytes;
        bool is;
    } cases[] = {
        { { m.p, m.size }, true },
        { { m.p, 48 }, true },
        { { m.p + 48, m.size - 48 }, true },
        { { m.p + 1, m.size - 1 }, true },
        { { m.p + 300, m.size - 300 }, false },
        { { (const uint8_t *)evtx, sizeof evtx }, false },
        { { m.p, 0 }, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct input *in = input_from_bytes(cases[i].bytes, "x");
        assert_int_equal(evt_format.probe(in), cases[i].is);
        input_close(in);
    }
    image_free(&m);
}

/* Without a header a file is a log when a record begins in its first bytes: so far is looked for one. */
static void a_record_is_looked_for_so_far(void **state)
{
    (void)state;
    static uint8_t raw[1024];
    uint32_t n = record_build(&usual, 1, raw);
    size_t room = LIMIT_PROBE + (1u << 20);
    uint8_t *bytes = calloc(1, room);
    for (unsigned far = 0; far < 2; far++) {
        size_t at = far ? room - sizeof raw : LIMIT_PROBE - sizeof raw;
        memcpy(bytes + at, raw, n);
        struct input *in = input_from_bytes((struct bytes){ bytes, room }, "x");
        assert_int_equal(evt_format.probe(in), !far);
        input_close(in);
        memset(bytes + at, 0, n);
    }
    free(bytes);
}

/* ---- batches ---- */

struct counted {
    uint64_t wanted, events, sum;
};

static bool want_odd(void *ctx, const struct event_key *key)
{
    ((struct counted *)ctx)->wanted++;
    return key->record_id % 2 == 1;
}

static void count_event(void *ctx, const struct event *e)
{
    struct counted *c = ctx;
    c->events++;
    c->sum += e->key.record_id * 31 + e->offset + e->fields[0].value.n;
}

#define BATCHES_MAX 64

/* Enough for several batches, with a damaged record and an older part. */
static void make_long(struct image *m)
{
    image_init(m, 300000, 200000, 1);
    for (size_t i = 0; i < 250; i++) {
        static char text[1200];
        memset(text, 'a' + (int)(i % 26), sizeof text - 1);
        struct image_record r = usual;
        r.strings[0] = i % 3 ? "short" : text;
        image_add(m, &r);
    }
    image_end(m);
    put_u32(m->p + m->places[77], 0);
}

/* Two decoders, batches from the last to the first: the same sums as one decoder in order. */
static void any_order_gives_the_same(void **state)
{
    (void)state;
    struct image m;
    struct arena arena;
    struct notices notices;
    struct batch batches[BATCHES_MAX];
    struct account accounts[2] = { { 0 } };
    struct counted counted[2] = { { 0 } };
    size_t count = 0;
    make_long(&m);
    arena_init(&arena);
    notices_init(&notices, &arena);
    memset(batches, 0, sizeof batches);
    struct input *in = input_from_bytes((struct bytes){ m.p, m.size }, "node1.evt");
    struct log *log = evt_format.open(in, &accounts[0], &notices);
    while (count < BATCHES_MAX && evt_format.next(log, &batches[count], &accounts[0], &notices) == ST_OK) {
        assert_int_equal(batches[count].seq, count);
        assert_true(batches[count].size <= BATCH_SIZE);
        count++;
    }
    assert_in_range(count, 4, BATCHES_MAX - 1);
    accounts[1] = accounts[0];
    struct decoder *d[2] = { evt_format.decoder_new(), evt_format.decoder_new() };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < count; i++) {
            size_t which = round ? count - 1 - i : i;
            struct event_sink sink = { .ctx = &counted[round], .want = want_odd, .event = count_event };
            evt_format.decode(d[round ? i % 2 : 0], log, &batches[which], &sink, &accounts[round], &notices);
        }
    assert_memory_equal(&accounts[0], &accounts[1], sizeof accounts[0]);
    assert_memory_equal(&counted[0], &counted[1], sizeof counted[0]);
    assert_int_equal(accounts[0].decoded, 249);
    assert_int_equal(accounts[0].partial, 1);
    assert_int_equal(counted[0].wanted, 250);
    assert_int_equal(counted[0].events, 125);
    for (size_t i = 0; i < count; i++)
        free(batches[i].bytes);
    evt_format.decoder_free(d[0]);
    evt_format.decoder_free(d[1]);
    evt_format.close(log);
    input_close(in);
    image_free(&m);
    arena_done(&arena);
}

/* Without `recover` older records are counted, not delivered. */
static void older_records_on_request_only(void **state)
{
    (void)state;
    struct image old, m;
    struct collected c;
    struct counted counted = { 0 };
    struct account account = { 0 };
    struct batch batch = { 0 };
    image_init(&old, 16384, IMAGE_BEGIN, 1);
    image_add_some(&old, 60);
    m = old;
    m.at = m.start = IMAGE_BEGIN;
    m.count = 0;
    m.next = m.oldest = 61;
    image_add_some(&m, 20);
    image_end(&m);
    collect_bytes(&c, m.p, m.size, "node1.evt");
    assert_in_range(c.account.by_source[EVENT_STALE], 30, 40);
    assert_int_equal(c.count, 20 + c.account.by_source[EVENT_STALE]);
    assert_int_equal(c.account.last, filetime_from_unix(1000000000u + 80));
    struct input *in = input_from_bytes((struct bytes){ m.p, m.size }, "node1.evt");
    struct log *log = evt_format.open(in, &account, &c.notices);
    struct decoder *d = evt_format.decoder_new();
    struct event_sink sink = { .ctx = &counted, .want = want_odd, .event = count_event };
    while (evt_format.next(log, &batch, &account, &c.notices) == ST_OK)
        assert_int_equal(evt_format.decode(d, log, &batch, &sink, &account, &c.notices), ST_OK);
    assert_int_equal(counted.wanted, 20);
    assert_int_equal(account.by_source[EVENT_STALE], c.account.by_source[EVENT_STALE]);
    evt_format.decoder_free(d);
    evt_format.close(log);
    input_close(in);
    free(batch.bytes);
    collected_free(&c);
    image_free(&m);
}

/* The file is changed between opening and reading. */
static void read_changed(off_t size, struct collected *c)
{
    struct image m;
    char path[] = "evt-test-XXXXXX";
    int fd = mkstemp(path);
    make_long(&m);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, m.p, m.size), m.size);
    struct input *in = input_open(path);
    assert_int_equal(ftruncate(fd, size), 0);
    close(fd);
    unlink(path);
    collect(c, in);
    input_close(in);
    image_free(&m);
}

static void a_file_may_grow_and_shrink(void **state)
{
    (void)state;
    struct collected c;
    read_changed(400000, &c);
    assert_int_equal(c.account.decoded, 249);
    assert_int_equal(c.notices.seen[NOTICE_INPUT_SHRUNK], 0);
    collected_free(&c);
    read_changed(250000, &c);
    assert_int_equal(c.status, ST_END);
    assert_in_range(c.account.decoded, 150, 248);
    assert_int_equal(c.account.decoded + c.account.partial + c.account.lost, 250);
    assert_int_equal(c.notices.seen[NOTICE_INPUT_SHRUNK], 1);
    collected_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_end_with_a_whole_zero),
        cmocka_unit_test(a_record_in_the_shape_of_an_event),
        cmocka_unit_test(types_become_levels_and_keywords),
        cmocka_unit_test(what_fits_is_delivered),
        cmocka_unit_test(strings_end_where_the_data_begin),
        cmocka_unit_test(a_limit_that_is_reached_is_noticed),
        cmocka_unit_test(names_of_any_length),
        cmocka_unit_test(sids_are_written_as_windows_does),
        cmocka_unit_test(the_name_says_which_log),
        cmocka_unit_test(a_distinctive_source_says_which_log),
        cmocka_unit_test(content_decides_the_format),
        cmocka_unit_test(a_record_is_looked_for_so_far),
        cmocka_unit_test(any_order_gives_the_same),
        cmocka_unit_test(older_records_on_request_only),
        cmocka_unit_test(a_file_may_grow_and_shrink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
