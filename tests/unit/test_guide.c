/* What events mean: files of explanations, with their mistakes; and which values of events are error codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "catalog/error_value.h"

static const char two_events[] = "provider: ClusSvc\n"
                                 "events:\n"
                                 "  1009: {means: It gave up., fields: ['%1 error code'], causes: [a, b], confirmed: true}\n"
                                 "  1000: {means: ' It died. ', fields: ['%1 line', '%2 module', '%3 status'], next: [c]}\n"
                                 "---\n"
                                 "provider: Disk\n"
                                 "guid: '{1}'\n"
                                 "events:\n"
                                 "  7: {means: Bad block.}\n";

static struct guide *guide_of(struct arena *arena, const char *yaml, struct diags *diags)
{
    struct guide *g = guide_new();
    struct yaml_file file;
    diags_init(diags, arena);
    if (yaml_parse(arena, TEXT("a.yaml"), text_from(yaml), diags, &file))
        guide_add(g, &file, diags);
    guide_finish(g);
    return g;
}

static void events_are_found_by_provider_and_number(void **state)
{
    (void)state;
    struct arena arena;
    struct diags diags;
    arena_init(&arena);
    struct guide *g = guide_of(&arena, two_events, &diags);
    assert_int_equal(diags.count, 0);
    assert_int_equal(guide_count(g), 3);
    assert_int_equal(guide_event(g, 0)->id, 1000);
    const struct guide_event *e = guide_find(g, TEXT("clussvc"), 1009);
    assert_non_null(e);
    assert_true(text_equal(e->means, TEXT("It gave up.")));
    assert_true(e->confirmed);
    assert_int_equal(e->causes.count, 2);
    assert_int_equal(e->guid.n, 0);
    assert_true(text_equal(guide_find(g, TEXT("ClusSvc"), 1000)->means, TEXT("It died.")));
    assert_true(text_equal(guide_find(g, TEXT("DISK"), 7)->guid, TEXT("{1}")));
    assert_null(guide_find(g, TEXT("Disk"), 1009));
    assert_null(guide_find(g, TEXT(""), 0));
    guide_free(g);
    g = guide_new();
    guide_finish(g);
    assert_null(guide_find(g, TEXT("Disk"), 7));
    guide_free(g);
    arena_done(&arena);
}

static void mistakes_are_told_and_the_rest_is_used(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *mistake;
        size_t events;
    } cases[] = {
        { "events: {1: {means: a}}", "must be a map with provider and events", 0 },
        { "provider: P\nevents: [1]", "must be a map with provider and events", 0 },
        { "- 1", "must be a map with provider and events", 0 },
        { "provider: P\nevents: {x: {means: a}, 2: {means: b}}", "an event ID is a number up to 65535", 1 },
        { "provider: P\nevents: {65536: {means: a}, 2: {means: b}}", "an event ID is a number up to 65535", 1 },
        { "provider: P\nevents: {1: {causes: [a]}, 2: {means: b}}", "an event needs the key `means`", 1 },
        { "provider: P\nevents: {1: text, 2: {means: b}}", "an event must be a map", 1 },
        { "provider: P\nevents: {1: {means: a, colour: red}}", "an event has no such key", 1 },
        { "provider: P\nevents: {1: {means: a, causes: b}}", "must be a list of texts", 1 },
        { "provider: P\nevents: {1: {means: a, next: [{b: c}]}}", "must be a text; with \": \" in it, it needs quotes", 1 },
        { "provider: P\nevents: {1: {means: [a]}}", "must be a text", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct diags diags;
        struct buf out;
        arena_init(&arena);
        struct guide *g = guide_of(&arena, cases[i].yaml, &diags);
        buf_init(&out);
        diags_print(&diags, &out);
        buf_add_char(&out, '\0');
        assert_true(diags.errors > 0);
        assert_non_null(strstr(out.p, cases[i].mistake));
        assert_int_equal(guide_count(g), cases[i].events);
        guide_free(g);
        buf_done(&out);
        arena_done(&arena);
    }
}

static struct catalog *errors_of(struct arena *arena)
{
    struct catalog *c = catalog_new();
    struct yaml_file file;
    struct diags diags;
    diags_init(&diags, arena);
    assert_true(yaml_parse(arena, TEXT("e.yaml"),
                           TEXT("parameters: system\n"
                                "texts:\n"
                                "  2: [ERROR_FILE_NOT_FOUND, not found]\n"
                                "  5: [ERROR_ACCESS_DENIED, denied]\n"
                                "  112: [ERROR_DISK_FULL, full]\n"
                                "  0xC0000022: [STATUS_ACCESS_DENIED, denied]\n"
                                "  0x80090322: [SEC_E_WRONG_PRINCIPAL, wrong]\n"
                                "---\n"
                                "provider: Security\n"
                                "parameters: audit\n"),
                           &diags, &file));
    catalog_add(c, &file, &diags);
    catalog_finish(c);
    assert_int_equal(diags.errors, 0);
    return c;
}

static void values_that_are_errors_get_names(void **state)
{
    (void)state;
    static const struct {
        uint32_t id;
        const char *name, *value;
        size_t place; /* among unnamed values, from 1 */
        const char *error; /* NULL: it is none */
    } cases[] = {
        { 1, "", "%%5", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "5", 1, NULL },
        { 1009, "", "5", 1, "ERROR_ACCESS_DENIED" },   /* the guide says so */
        { 1009, "", "5", 2, NULL },
        { 1000, "", "112", 3, "ERROR_DISK_FULL" },
        { 1, "ErrorCode", "5", 1, "ERROR_ACCESS_DENIED" },
        { 1, "Status", "0x5", 1, "ERROR_ACCESS_DENIED" },
        { 1, "Size", "5", 1, NULL },
        { 1, "", "0x80070005", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "-2147024891", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "2147942405", 1, "ERROR_ACCESS_DENIED" },
        { 1, "ErrorCode", "0", 1, NULL },
        { 1, "ErrorCode", "4711", 1, NULL },
        { 1, "ErrorCode", "Access denied", 1, NULL },
        { 1, "", "%%", 1, NULL },
        { 1, "", "", 1, NULL },
        { 1, "", "800700AA", 1, NULL },
        { 1, "", "80070005", 1, NULL }, /* a number like any other, without a letter */
        { 1, "Status", "80070005", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "D0000022", 1, "STATUS_ACCESS_DENIED" },
        { 1, "", "0x80090322", 1, "SEC_E_WRONG_PRINCIPAL" },
        { 1, "", "open failed (hr=0x80070005).", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "got \"%%5\" from it", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "ended with -2147024891, again", 1, "ERROR_ACCESS_DENIED" },
        { 1, "", "at 0x8007000500000000", 1, NULL },
        { 1, "", "{C0000022-1111-2222-3333-444444444444}", 1, NULL },
        { 1, "ErrorText", "disk 5 failed", 1, NULL },
        { 1, "BugcheckCode", "5", 1, NULL },
        { 1, "ControlCode", "5", 1, NULL },
        { 1, "ReasonCode", "5", 1, NULL },
        { 1, "Binary", "05000000", 1, "ERROR_ACCESS_DENIED" },
        { 1, "Binary", "220000c0", 1, "STATUS_ACCESS_DENIED" },
        { 1, "Binary", "0500", 1, NULL },
        { 1, "Binary", "0500000", 1, NULL },
        { 1, "Binary", "0500000000000000", 1, NULL },
        { 1, "Binary", "05 00 00", 1, NULL },
        { 1, "Binary", "", 1, NULL },
    };
    struct arena arena;
    struct diags diags;
    arena_init(&arena);
    struct guide *g = guide_of(&arena, two_events, &diags);
    struct catalog *c = errors_of(&arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event_field fields[3] = { { TEXT(""), TEXT("x"), EVENT_DATA }, { TEXT(""), TEXT("x"), EVENT_DATA } };
        struct error_value found[ERROR_VALUES];
        struct event e = { .key = { .provider = TEXT("ClusSvc"), .id = cases[i].id }, .fields = fields };
        fields[cases[i].place - 1] =
            (struct event_field){ text_from(cases[i].name), text_from(cases[i].value), EVENT_DATA };
        e.field_count = cases[i].place;
        size_t count = error_values_find(c, g, &e, found);
        if (count != (cases[i].error ? 1 : 0))
            fail_msg("%s=%s: %zu errors", cases[i].name, cases[i].value, count);
        if (count)
            assert_true(text_equal(found[0].error.name, text_from(cases[i].error)));
    }
    catalog_free(c);
    guide_free(g);
    arena_done(&arena);
}

static void the_error_of_a_service_is_its_own_but_that_of_the_cluster(void **state)
{
    (void)state;
    static const struct {
        const char *service, *value;
        size_t count;
    } cases[] = { { "Cluster Server", "112", 1 },      { "ClusSvc", "112", 1 },
                  { "Information Store", "112", 0 },   { "Information Store", "%%112", 1 },
                  { "Information Store", "0x80070005", 1 } };
    static const char scm[] = "provider: Service Control Manager\n"
                              "events:\n"
                              "  7024:\n"
                              "    means: It ended.\n"
                              "    fields: ['%1 service name', '%2 error']\n";
    struct arena arena;
    struct diags diags;
    arena_init(&arena);
    struct catalog *c = errors_of(&arena);
    struct guide *g = guide_of(&arena, scm, &diags);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event_field fields[2] = { { TEXT(""), text_from(cases[i].service), EVENT_DATA },
                                         { TEXT(""), text_from(cases[i].value), EVENT_DATA } };
        struct event e = { .key = { .provider = TEXT("service control manager"), .id = 7024 }, .fields = fields,
                           .field_count = 2 };
        struct error_value found[ERROR_VALUES];
        size_t count = error_values_find(c, g, &e, found);
        if (count != cases[i].count)
            fail_msg("%s %s: %zu errors", cases[i].service, cases[i].value, count);
    }
    catalog_free(c);
    guide_free(g);
    arena_done(&arena);
}

static void what_a_value_means_depends_on_its_provider(void **state)
{
    (void)state;
    /* A driver's record: its own identifier at 12, the final status at 20. */
#define RECORD(identifier) "0F0010000100000000000000" identifier "00000000220000C0000000000000000000000000" \
                           "0000000000000000"
    static const struct {
        const char *provider, *name, *value, *found; /* found: the part of the value that is an error; NULL: none */
    } cases[] = {
        { "Security", "", "%%5", NULL },
        { "Security", "Status", "0x5", NULL },
        { "Security", "Status", "0xC0000022", "0xC0000022" },
        { "Microsoft-Windows-Security-Kerberos", "ErrorCode", "0x5", NULL },
        { "Microsoft-Windows-Security-Kerberos", "Binary", "05000000", NULL },
        { "Microsoft-Windows-Security-Kerberos", "Binary", "220000C0", "220000C0" },
        { "Microsoft-Windows-Windows Defender", "Status Code", "5", NULL },
        { "EventLog", "Binary", "05000000", NULL },
        { "User32", "Binary", "05000000", NULL },
        { "Disk", "Binary", RECORD("070004C0"), "220000C0" },
        { "Disk", "Binary", RECORD("080004C0"), NULL },
        { "Disk", "Binary", "070004C0", NULL },
        { "Microsoft-Windows-FailoverClustering", "BinaryData", "0000000005000000", "05000000" },
        { "Microsoft-Windows-FailoverClustering", "BinaryData", "050000", NULL },
    };
    struct arena arena;
    arena_init(&arena);
    struct catalog *c = errors_of(&arena);
    struct guide *g = guide_new();
    guide_finish(g);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event_field field = { text_from(cases[i].name), text_from(cases[i].value), EVENT_DATA };
        struct event e = { .key = { .provider = text_from(cases[i].provider), .id = 7 }, .qualifiers = 0xC004,
                           .fields = &field, .field_count = 1 };
        struct error_value found[ERROR_VALUES];
        size_t count = error_values_find(c, g, &e, found);
        if (count != (cases[i].found ? 1 : 0))
            fail_msg("%s %s=%s: %zu errors", cases[i].provider, cases[i].name, cases[i].value, count);
        if (count)
            assert_true(text_equal(found[0].value, text_from(cases[i].found)));
        if (count)
            assert_int_equal(found[0].in_data, text_starts_with(field.name, TEXT("Binary")));
    }
    catalog_free(c);
    guide_free(g);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_found_by_provider_and_number),
        cmocka_unit_test(mistakes_are_told_and_the_rest_is_used),
        cmocka_unit_test(values_that_are_errors_get_names),
        cmocka_unit_test(the_error_of_a_service_is_its_own_but_that_of_the_cluster),
        cmocka_unit_test(what_a_value_means_depends_on_its_provider),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
