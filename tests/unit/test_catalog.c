/* The sentences of events: templates and their values, references to texts of the system, mistakes in the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "catalog/catalog.h"
#include "catalog/error_code.h"

static const char shipped[] = "provider: ClusSvc\n"
                              "parameters: system\n"
                              "messages:\n"
                              "  1: 'Plain.'\n"
                              "  2: '%1 of %2, %1 again.'\n"
                              "  3: ['All of %1, %2 and %10.', 'Two: %2 %1.', 'None.']\n"
                              "  4: '100%% sure: %1%'\n"
                              "  5: '%0%3%n.'\n"
                              "  6: '%123'\n"
                              "  7: ''\n"
                              "---\n"
                              "provider: Security\n"
                              "parameters: audit\n"
                              "messages: {1: 'Rights: %1'}\n"
                              "---\n"
                              "provider: Plain\n"
                              "messages: {1: 'Value: %1', 4294967295: 'The last.'}\n"
                              "---\n"
                              "provider: Silent\n"
                              "parameters: system\n"
                              "---\n"
                              "parameters: system\n"
                              "texts:\n"
                              "  5: [ERROR_ACCESS_DENIED, access is denied]\n"
                              "  6: ERROR_INVALID_HANDLE\n"
                              "  0x80070005: [E_ACCESSDENIED, denied by COM]\n"
                              "  0xC0000022: [STATUS_ACCESS_DENIED, denied by the kernel]\n"
                              "  4294967295: [LAST, the last]\n"
                              "---\n"
                              "parameters: audit\n"
                              "texts: {5: READ, 1537: DELETE}\n";

struct loaded {
    struct arena arena;
    struct diags diags;
    struct catalog *catalog;
};

static void load(struct loaded *l, const char *yaml)
{
    struct yaml_file file;
    arena_init(&l->arena);
    diags_init(&l->diags, &l->arena);
    l->catalog = catalog_new();
    if (yaml_parse(&l->arena, TEXT("a.yaml"), text_from(yaml), &l->diags, &file))
        catalog_add(l->catalog, &file, &l->diags);
    catalog_finish(l->catalog);
}

static void unload(struct loaded *l)
{
    catalog_free(l->catalog);
    arena_done(&l->arena);
}

static int setup(void **state)
{
    static struct loaded l;
    load(&l, shipped);
    *state = &l;
    return (int)l.diags.count;
}

static int teardown(void **state)
{
    unload(*state);
    return 0;
}

#define VALUES 12u

/* `values` is cut at `|`; NULL: the event has none. */
static struct event event_of(const char *provider, uint32_t id, const char *values, struct event_field *fields)
{
    struct event e = { .key = { .provider = text_from(provider), .id = id }, .fields = fields };
    struct text rest = text_from(values);
    while (values && e.field_count < VALUES) {
        size_t end = text_find_char(rest, '|');
        fields[e.field_count++] = (struct event_field){ TEXT(""), { rest.p, end }, EVENT_DATA };
        if (end == rest.n)
            break;
        rest = text_from_index(rest, end + 1);
    }
    return e;
}

static void sentence_is(const struct loaded *l, const struct event *e, const char *wanted)
{
    struct buf out;
    buf_init(&out);
    buf_add_c(&out, "before ");
    bool known = catalog_message(l->catalog, e, &out);
    struct text got = text_from_index(buf_text(&out), 7);
    if (known != (wanted != NULL) || !text_equal(got, wanted ? text_from(wanted) : TEXT("")))
        fail_msg("%.*s %u: \"%.*s\" instead of \"%s\"", TEXT_ARG(e->key.provider), e->key.id, TEXT_ARG(got),
                 wanted ? wanted : "(none)");
    buf_done(&out);
}

static void templates_take_their_values(void **state)
{
    static const struct {
        const char *provider;
        uint32_t id;
        const char *values, *wanted;
    } cases[] = {
        { "ClusSvc", 1, NULL, "Plain." },
        { "CLUSSVC", 1, "unused", "Plain." },
        { "ClusSvc", 2, "a|b", "a of b, a again." },
        { "ClusSvc", 2, "a", "a of , a again." },
        { "ClusSvc", 2, NULL, " of ,  again." },
        { "ClusSvc", 3, "1|2|3|4|5|6|7|8|9|ten", "All of 1, 2 and ten." },
        { "ClusSvc", 3, "1|2|3|4|5|6|7|8|9", "Two: 2 1." },
        { "ClusSvc", 3, "1|2", "Two: 2 1." },
        { "ClusSvc", 3, "1", "None." },
        { "ClusSvc", 3, NULL, "None." },
        { "ClusSvc", 4, "x", "100% sure: x%" },
        { "ClusSvc", 5, "a|b|c", "cn." },
        { "ClusSvc", 6, "1|2|3|4|5|6|7|8|9|10|11|12", "123" },
        { "ClusSvc", 7, "a", "" },
        { "ClusSvc", 8, "a", NULL },
        { "ClusSvc", UINT32_MAX, "a", NULL },
        { "ClusSv", 1, NULL, NULL },
        { "ClusSvcs", 1, NULL, NULL },
        { "", 1, NULL, NULL },
        { "Silent", 1, NULL, NULL },
        { "Plain", UINT32_MAX, NULL, "The last." },
        { "Security", 2, "a", NULL }, /* ClusSvc has a 2 */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event_field fields[VALUES];
        struct event e = event_of(cases[i].provider, cases[i].id, cases[i].values, fields);
        sentence_is(*state, &e, cases[i].wanted);
    }
}

static void references_are_resolved_where_windows_writes_them(void **state)
{
    static const struct {
        const char *provider, *value, *wanted;
        bool resolved;
    } cases[] = {
        { "ClusSvc", "%%5", "access is denied (5 ERROR_ACCESS_DENIED)", true },
        { "clussvc", "%%6", "6 ERROR_INVALID_HANDLE", true },
        { "ClusSvc", "%%5,%%6 %%5", "access is denied (5 ERROR_ACCESS_DENIED),6 ERROR_INVALID_HANDLE "
                                    "access is denied (5 ERROR_ACCESS_DENIED)", true },
        { "ClusSvc", "a %%6.", "a 6 ERROR_INVALID_HANDLE.", true },
        { "ClusSvc", "a\t%%6\r\n%%6", "a\t6 ERROR_INVALID_HANDLE\r\n6 ERROR_INVALID_HANDLE", true },
        { "ClusSvc", "a%%6", "a%%6", false },
        { "ClusSvc", "%%%6", "%%%6", false },
        { "ClusSvc", "%%", "%%", false },
        { "ClusSvc", "%6", "%6", false },
        { "ClusSvc", "%%x", "%%x", false },
        { "ClusSvc", "%%66", "%%66", false },
        { "ClusSvc", "%%66 %%6", "%%66 6 ERROR_INVALID_HANDLE", true },
        { "ClusSvc", "%%6%%5", "6 ERROR_INVALID_HANDLE%%5", true },
        { "ClusSvc", "", "", false },
        { "ClusSvc", "%%4294967295", "the last (4294967295 LAST)", true },
        { "ClusSvc", "%%4294967296", "%%4294967296", false },
        { "ClusSvc", "%%0000000006", "6 ERROR_INVALID_HANDLE", true },
        { "ClusSvc", "%%2147942405", "denied by COM (2147942405 E_ACCESSDENIED)", true },
        { "ClusSvc", "%%2147942406", "2147942406 ERROR_INVALID_HANDLE", true }, /* 0x80070006 */
        { "ClusSvc", "%%2148007942", "%%2148007942", false },                   /* 0x80080006 */
        { "Security", "%%5 %%1537", "READ DELETE", true },
        { "Security", "%%6", "%%6", false },
        { "Security", "%%2147942405", "%%2147942405", false },
        { "Plain", "%%5", "%%5", false },
        { "Nobody", "%%5", "%%5", false },
        { "Silent", "%%5", "access is denied (5 ERROR_ACCESS_DENIED)", true },
    };
    const struct loaded *l = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct event e = { .key = { .provider = text_from(cases[i].provider), .id = 1 } };
        struct buf out;
        buf_init(&out);
        bool resolved = catalog_value(l->catalog, &e, text_from(cases[i].value), &out);
        if (resolved != cases[i].resolved || !text_equal(buf_text(&out), text_from(cases[i].wanted)))
            fail_msg("%s of %s: %d \"%.*s\"", cases[i].value, cases[i].provider, resolved, TEXT_ARG(buf_text(&out)));
        buf_done(&out);
    }
}

/* Only a value is looked through for references, never the template; and a value's %1 is not a place. */
static void sentences_resolve_references_in_values_alone(void **state)
{
    struct event_field fields[VALUES];
    struct event e = event_of("ClusSvc", 2, "%%5|%1", fields);
    sentence_is(*state, &e, "access is denied (5 ERROR_ACCESS_DENIED) of %1, access is denied (5 "
                            "ERROR_ACCESS_DENIED) again.");
    e = event_of("Security", 1, "%%1537 %%5", fields);
    sentence_is(*state, &e, "Rights: DELETE READ");
    e = event_of("Plain", 1, "%%5", fields);
    sentence_is(*state, &e, "Value: %%5");
}

static void what_a_collector_rendered_goes_first(void **state)
{
    struct event_field fields[VALUES];
    struct event e = event_of("ClusSvc", 1, "a|b", fields);
    fields[1] = (struct event_field){ TEXT("Message"), TEXT(" Said there.\r\n"), EVENT_RENDERING };
    sentence_is(*state, &e, "Said there.");
    e.key.provider = TEXT("Nobody");
    sentence_is(*state, &e, "Said there.");
    e.key.provider = TEXT("ClusSvc");
    fields[1].value = TEXT(" \r\n");
    sentence_is(*state, &e, "Plain.");
    fields[1] = (struct event_field){ TEXT("Message"), TEXT("A value."), EVENT_DATA };
    sentence_is(*state, &e, "Plain.");
    fields[1] = (struct event_field){ TEXT("Level"), TEXT("Error"), EVENT_RENDERING };
    sentence_is(*state, &e, "Plain.");
}

/* Of what a hostile log makes of a template: values and references that grow. */
static void sentences_are_bounded(void **state)
{
    const struct loaded *l = *state;
    struct buf value, out;
    buf_init(&value);
    buf_init(&out);
    while (value.n < LIMIT_EVENT_BYTES)
        buf_add_c(&value, "%%5 ");
    struct event_field field = { TEXT(""), buf_text(&value), EVENT_DATA };
    struct event e = { .key = { .provider = TEXT("ClusSvc"), .id = 2 }, .fields = &field, .field_count = 1 };
    assert_true(catalog_value(l->catalog, &e, field.value, &out));
    assert_true(out.n >= LIMIT_EVENT_BYTES && out.n < 3 * LIMIT_EVENT_BYTES);
    assert_true(text_ends_with(buf_text(&out), TEXT("%%5 "))); /* nothing is left out: it stays as it is */
    out.n = 0;
    assert_true(catalog_message(l->catalog, &e, &out));
    assert_true(out.n < 3 * LIMIT_EVENT_BYTES);
    assert_false(text_ends_with(buf_text(&out), TEXT("again.")));
    buf_done(&out);
    buf_done(&value);
}

static void templates_can_be_had_as_they_stand(void **state)
{
    const struct loaded *l = *state;
    size_t count = 7;
    const struct text *texts = catalog_templates(l->catalog, TEXT("clussvc"), 3, &count);
    assert_int_equal(count, 3);
    assert_true(text_equal(texts[1], TEXT("Two: %2 %1.")));
    assert_null(catalog_templates(l->catalog, TEXT("ClusSvc"), 99, &count));
    assert_int_equal(count, 0);
    count = 7;
    assert_null(catalog_templates(l->catalog, TEXT("Nobody"), 3, &count));
    assert_int_equal(count, 0);
}

struct visits {
    size_t count;
    uint32_t sum;
    bool delete_seen;
};

static void visit(void *ctx, uint32_t number, struct text t)
{
    struct visits *v = ctx;
    v->count++;
    v->sum += number;
    v->delete_seen |= number == 1537 && text_equal(t, TEXT("DELETE"));
}

static void every_text_of_a_reference_is_visited(void **state)
{
    const struct loaded *l = *state;
    struct visits v = { 0 };
    catalog_each_reference(l->catalog, visit, &v);
    assert_int_equal(v.count, 9 + 2);
    assert_true(v.delete_seen);
    assert_int_equal(v.sum, 5 * 2 + 6 + 0x80070005u * 2 + 0xC0000022u * 2 + UINT32_MAX * 2u + 5 + 1537);
}

static void errors_are_found_in_all_their_forms(void **state)
{
    static const struct {
        const char *given;
        const char *name; /* NULL: not found; "-": not a number */
    } cases[] = {
        { "5", "ERROR_ACCESS_DENIED" },
        { "0x5", "ERROR_ACCESS_DENIED" },
        { "0x80070005", "ERROR_ACCESS_DENIED" }, /* the code that is wrapped, before one of its own */
        { "0xC0070005", "ERROR_ACCESS_DENIED" },
        { "-2147024891", "ERROR_ACCESS_DENIED" },
        { "2147942405", "ERROR_ACCESS_DENIED" },
        { "0x80070006", "ERROR_INVALID_HANDLE" },
        { "0x80070007", NULL },
        { "0xC0000022", "STATUS_ACCESS_DENIED" },
        { "0xD0000022", "STATUS_ACCESS_DENIED" }, /* an NTSTATUS as HRESULT */
        { "0xD0070005", "ERROR_ACCESS_DENIED" },
        { "C0000022", "STATUS_ACCESS_DENIED" }, /* without 0x */
        { "80070005", "ERROR_ACCESS_DENIED" },
        { "8007000", NULL },
        { "00000005", "ERROR_ACCESS_DENIED" },
        { "00000010", NULL }, /* below 0x80000000 and without a letter: decimal, as far as anybody can tell */
        { "0000000A", NULL },
        { "0x000005", "ERROR_ACCESS_DENIED" }, /* of eight characters */
        { "C000002G", "-" },
        { "0xC00002", NULL },
        { "0xE0000022", NULL },
        { "-1", "LAST" },
        { "4294967295", "LAST" },
        { "4294967296", "-" },
        { "-2147483648", NULL },
        { "-2147483649", "-" },
        { "-", "-" },
        { "--5", "-" },
        { "", "-" },
        { "5 ", "-" },
        { "ERROR_ACCESS_DENIED", "-" },
    };
    const struct loaded *l = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error_code found;
        uint32_t code;
        bool number = error_code_parse(text_from(cases[i].given), &code);
        bool expected = !cases[i].name || cases[i].name[0] != '-';
        if (number != expected)
            fail_msg("%s: %d", cases[i].given, number);
        if (!number)
            continue;
        bool known = error_code_find(l->catalog, code, &found);
        if (known != (cases[i].name != NULL) || (known && !text_equal(found.name, text_from(cases[i].name))))
            fail_msg("%s: %d %.*s", cases[i].given, known, known ? (int)found.name.n : 0, known ? found.name.p : "");
    }
}

static void errors_have_names_and_an_order(void **state)
{
    const struct loaded *l = *state;
    struct error_code found;
    assert_true(error_code_by_name(l->catalog, TEXT("error_invalid_handle"), &found));
    assert_int_equal(found.code, 6);
    assert_int_equal(found.words.n, 0);
    assert_false(error_code_by_name(l->catalog, TEXT("DELETE"), &found)); /* a right is no error */
    assert_int_equal(error_code_count(l->catalog), 5);
    for (size_t i = 1; i < 5; i++)
        assert_true(error_code_at(l->catalog, i - 1).code < error_code_at(l->catalog, i).code);
}

static void errors_are_written_as_windows_does(void **state)
{
    static const struct {
        uint32_t code;
        const char *wanted;
    } cases[] = { { 0, "0" }, { 1753, "1753" }, { 0x7FFFFFFF, "2147483647" }, { 0x80000000, "0x80000000" },
                  { 0x8007000D, "0x8007000D" } };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out);
        error_code_put(&out, cases[i].code);
        assert_true(text_equal(buf_text(&out), text_from(cases[i].wanted)));
        buf_done(&out);
    }
}

/* What is wrong is told; provider P with event 9 stands beside it and is used. */
static void mistakes_are_told_and_the_rest_is_used(void **state)
{
    static const struct {
        const char *yaml, *mistake;
    } cases[] = {
        { "- 1\n", "must be a map with provider and messages, or with parameters and texts" },
        { "text\n", "must be a map with provider" },
        { "messages: {1: a}\n", "must be a map with provider" },
        { "provider: [Q]\nmessages: {1: a}\n", "must be a map with provider" },
        { "provider: Q\nmessages: [a]\n", "must be a map with provider" },
        { "provider: Q\nmessages: {1: a}\ntexts: {1: A}\n", "must be a map with provider" },
        { "texts: {1: A}\n", "must be a map with provider" },
        { "parameters: system\n", "must be a map with provider" },
        { "parameters: system\ntexts: [A]\n", "must be a map with provider" },
        { "parameters: other\ntexts: {1: A}\n", "parameters must be system or audit" },
        { "provider: Q\nparameters: ''\nmessages: {1: a}\n", "parameters must be system or audit" },
        { "provider: Q\nmessages: {x: a}\n", "must be a number of at most 32 bits" },
        { "provider: Q\nmessages: {4294967296: a}\n", "must be a number of at most 32 bits" },
        { "provider: Q\nmessages: {-1: a}\n", "must be a number of at most 32 bits" },
        { "provider: Q\nmessages: {1: {a: b}}\n", "must be a text or a list of texts" },
        { "provider: Q\nmessages: {1: []}\n", "must be a text or a list of texts" },
        { "provider: Q\nmessages: {1: [a, [b]]}\n", "must be a text or a list of texts" },
        { "provider: Q\nmessages: {1: a, 1: b}\n", "1" },
        { "provider: p\nmessages: {8: a}\n", "the provider stands in the catalog already" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct loaded l;
        struct buf yaml, out;
        struct event_field fields[VALUES];
        buf_init(&yaml);
        buf_init(&out);
        buf_add_c(&yaml, "provider: P\nmessages: {9: Nine.}\n---\n");
        buf_add_c(&yaml, cases[i].yaml);
        buf_add_char(&yaml, '\0');
        load(&l, yaml.p);
        diags_print(&l.diags, &out);
        buf_add_char(&out, '\0');
        if (l.diags.errors != 1 || !strstr(out.p, cases[i].mistake))
            fail_msg("%s: %zu %s", cases[i].yaml, l.diags.errors, out.p);
        struct event e = event_of("P", 9, NULL, fields);
        sentence_is(&l, &e, strstr(cases[i].mistake, "1") == cases[i].mistake ? NULL : "Nine.");
        unload(&l);
        buf_done(&out);
        buf_done(&yaml);
    }
}

static void an_empty_catalog_knows_nothing(void **state)
{
    struct loaded l;
    struct event_field fields[VALUES];
    struct error_code found;
    struct buf out;
    (void)state;
    buf_init(&out);
    load(&l, "");
    assert_int_equal(l.diags.count, 0);
    struct event e = event_of("P", 9, "%%5", fields);
    sentence_is(&l, &e, NULL);
    assert_false(catalog_value(l.catalog, &e, fields[0].value, &out));
    assert_true(text_equal(buf_text(&out), TEXT("%%5")));
    assert_false(error_code_find(l.catalog, 5, &found));
    assert_false(error_code_by_name(l.catalog, TEXT("A"), &found));
    unload(&l);
    catalog_free(NULL);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_take_their_values),
        cmocka_unit_test(references_are_resolved_where_windows_writes_them),
        cmocka_unit_test(sentences_resolve_references_in_values_alone),
        cmocka_unit_test(what_a_collector_rendered_goes_first),
        cmocka_unit_test(sentences_are_bounded),
        cmocka_unit_test(templates_can_be_had_as_they_stand),
        cmocka_unit_test(every_text_of_a_reference_is_visited),
        cmocka_unit_test(errors_are_found_in_all_their_forms),
        cmocka_unit_test(errors_have_names_and_an_order),
        cmocka_unit_test(errors_are_written_as_windows_does),
        cmocka_unit_test(mistakes_are_told_and_the_rest_is_used),
        cmocka_unit_test(an_empty_catalog_knows_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
