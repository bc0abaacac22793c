/* Events whose values are made when somebody asks: which values the gates of rules ask for, event after event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lazy_event.h"
#include "match/matching.h"

/* So many that the rule has a gate. */
#define TEXTS                                                                                        \
    "[hit, text01, text02, text03, text04, text05, text06, text07, text08, text09, text10, text11, " \
    "text12, text13, text14, text15, text16, 'S-1-5-18'"

struct fixture {
    struct arena arena;
    struct ruleset *rules;
    struct matcher *matcher;
};

/* One rule that wants one of TEXTS, or `other`, in the field ("": anywhere). */
static void load(struct fixture *f, const char *logsource, const char *field, const char *other)
{
    struct diags diags;
    struct yaml_file file;
    arena_init(&f->arena);
    diags_init(&diags, &f->arena);
    struct ruleset_builder *b = ruleset_builder_new();
    struct text source = text_keep_format(&f->arena, "title: A\nlogsource: {product: windows%s}\n"
                                          "detection: {s: %s " TEXTS "%s]%s, condition: s}\n", logsource, field, other,
                                          *field ? "}" : "");
    assert_true(yaml_parse(&f->arena, TEXT("t.yaml"), source, &diags, &file));
    ruleset_add_file(b, &file, false, &diags);
    f->rules = ruleset_compile(b, &diags);
    ruleset_builder_free(b);
    assert_int_equal(diags.errors, 0);
    assert_true(f->rules->rules[0].gate_texts > 0);
    f->matcher = matcher_new(f->rules);
}

static void unload(struct fixture *f)
{
    matcher_free(f->matcher);
    ruleset_free(f->rules);
    arena_done(&f->arena);
}

static struct event event_of(const char *channel, uint32_t id, const struct event_field *fields, size_t count)
{
    return (struct event){ .key = { TEXT("P"), text_from(channel), TEXT("NODE1"), id, 2, 1, 1 },
                           .fields = fields, .field_count = count };
}

static size_t matches(struct fixture *f, const struct lazy_outline *o, const struct event *e)
{
    struct lazy_event l;
    size_t count;
    lazy_event_init(&l, o, e, &f->arena);
    matcher_match(f->matcher, &l.lazy, &count, NULL);
    return count;
}

static const enum value_kind texts[LAZY_FIELDS] = { KIND_UTF16, KIND_UTF16, KIND_UTF16, KIND_UTF16 };

/* The field is a part of another one's text: each event is asked. */
static void what_stands_inside_of_a_value(void **state)
{
    (void)state;
    static const char *const values[] = { "IMPHASH=00", "MD5=00", "SHA1=11,IMPHASH=HIT", "IMPHASH=01" };
    struct fixture f;
    struct lazy_outline o;
    load(&f, "", "{Imphash:", "");
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct event_field field = { TEXT("Hashes"), text_from(values[i]), EVENT_DATA };
        struct event e = event_of("C", 7, &field, 1);
        if (i == 0)
            lazy_outline_init(&o, &e, texts);
        assert_int_equal(matches(&f, &o, &e), i == 2);
    }
    unload(&f);
}

/* The first event has none; the plan must not remember that as if it followed from the names. */
static void a_header_value_that_only_some_events_have(void **state)
{
    (void)state;
    static const char *const sids[] = { "", "S-1-5-19", "S-1-5-18", "" };
    struct fixture f;
    struct lazy_outline o;
    struct event_field field = { TEXT("Other"), TEXT("x"), EVENT_DATA };
    load(&f, "", "{Security_UserID:", "");
    for (size_t i = 0; i < COUNT_OF(sids); i++) {
        struct event e = event_of("C", 7, &field, 1);
        e.user_sid = text_from(sids[i]);
        if (i == 0)
            lazy_outline_init(&o, &e, texts);
        assert_int_equal(matches(&f, &o, &e), i == 2);
    }
    unload(&f);
}

/* 4688 seen as Sysmon's: ProcessId is NewProcessId, in decimal. */
static void a_value_that_the_view_makes(void **state)
{
    (void)state;
    static const char *const values[] = { "0x10", "0x20", "0x21" };
    const enum value_kind kinds[LAZY_FIELDS] = { KIND_HEX };
    struct fixture f;
    struct lazy_outline o;
    load(&f, ", category: process_creation", "{ProcessId:", ", '32'");
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct event_field field = { TEXT("NewProcessId"), text_from(values[i]), EVENT_DATA };
        struct event e = event_of("Security", 4688, &field, 1);
        e.key.provider = TEXT("Microsoft-Windows-Security-Auditing");
        if (i == 0)
            lazy_outline_init(&o, &e, kinds);
        assert_int_equal(matches(&f, &o, &e), i == 1);
    }
    unload(&f);
}

/* More outlines than there are places for plans: no event is judged by the plan of another outline. */
static void outlines_that_share_a_place(void **state)
{
    (void)state;
    struct fixture f;
    load(&f, "", "{Fa:", "");
    for (size_t i = 0; i < 3 * OUTLINE_PLANS; i++) {
        bool swapped = i / OUTLINE_PLANS & 1;
        struct lazy_outline o;
        struct event_field fields[] = { { TEXT("Fa"), TEXT("hit"), EVENT_DATA },
                                        { TEXT("Fb"), TEXT("-"), EVENT_DATA } };
        struct event_field others[] = { fields[1], fields[0] };
        struct event e = event_of("C", 7, swapped ? others : fields, 2);
        lazy_outline_init(&o, &e, texts);
        assert_int_equal(matches(&f, &o, &e), 1);
    }
    unload(&f);
}

/* What was found to hold no text is not searched again, but what comes after it is. */
static void keywords_in_the_name_of_a_computer(void **state)
{
    (void)state;
    static const char *const computers[] = { "NODE1", "NODE1", "HIT1", "NODE1", "HIT1", "HIT1", "" };
    struct fixture f;
    struct lazy_outline o;
    struct event_field field = { TEXT("Other"), TEXT("x"), EVENT_DATA };
    load(&f, "", "", "");
    for (size_t i = 0; i < COUNT_OF(computers); i++) {
        struct event e = event_of("C", 7, &field, 1);
        e.key.computer = text_from(computers[i]);
        if (i == 0)
            lazy_outline_init(&o, &e, texts);
        assert_int_equal(matches(&f, &o, &e), computers[i][0] == 'H');
    }
    unload(&f);
}

static struct text unexpected(void *ctx, size_t field)
{
    (void)ctx;
    fail_msg("field %zu was asked for", field);
    return TEXT("");
}

/* Neither a GUID, nor a value of a field that no rule names. */
static void what_cannot_hold_a_text_is_not_made(void **state)
{
    (void)state;
    static const struct event_field fields[] = { { TEXT("Fa"), TEXT(""), EVENT_DATA },
                                                 { TEXT("Fb"), TEXT(""), EVENT_DATA } };
    const enum value_kind kinds[LAZY_FIELDS] = { KIND_GUID, KIND_OTHER };
    struct fixture f;
    struct lazy_outline o;
    struct lazy_event l;
    size_t count;
    struct event e = event_of("C", 7, fields, 2);
    load(&f, "", "{Fa:", "");
    lazy_outline_init(&o, &e, kinds);
    lazy_event_init(&l, &o, &e, &f.arena);
    l.values.text = unexpected;
    matcher_match(f.matcher, &l.lazy, &count, NULL);
    assert_int_equal(count, 0);
    unload(&f);
}

static void completed_it_is_an_event_like_any_other(void **state)
{
    (void)state;
    struct event_field field = { TEXT("Fa"), TEXT("hit"), EVENT_DATA };
    struct event e = event_of("C", 7, &field, 1);
    struct arena arena;
    struct lazy_outline o;
    struct lazy_event l;
    arena_init(&arena);
    lazy_outline_init(&o, &e, texts);
    lazy_event_init(&l, &o, &e, &arena);
    assert_int_equal(l.lazy.fields[0].value.n, 0);
    event_complete(&l.lazy);
    assert_null(l.lazy.values);
    assert_true(text_equal(l.lazy.fields[0].value, TEXT("hit")));
    event_complete(&l.lazy);
    assert_true(text_equal(l.lazy.fields[0].value, TEXT("hit")));
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_inside_of_a_value),
        cmocka_unit_test(a_header_value_that_only_some_events_have),
        cmocka_unit_test(a_value_that_the_view_makes),
        cmocka_unit_test(outlines_that_share_a_place),
        cmocka_unit_test(keywords_in_the_name_of_a_computer),
        cmocka_unit_test(what_cannot_hold_a_text_is_not_made),
        cmocka_unit_test(completed_it_is_an_event_like_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
