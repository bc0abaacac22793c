/*
 * Events of one layout of which a member of System fits its place in some and not in others: where it does not, it is a
 * field.  What a map would have learnt of the first record must not be put into the next ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "layout_check.h"
#include "test_evtx_build.h"

static void leaf_value(struct build *b, const char *name, unsigned index, unsigned type)
{
    build_open_in_template(b, name, BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    build_value(b, BINXML_VALUE, index, type);
    build_u8(b, BINXML_END);
}

/* <Event><System><EventID/><Task/></System><EventData><Data/></EventData></Event> */
static size_t definition_add(struct build *b)
{
    size_t definition = build_definition(b, 0x77);
    build_open_in_template(b, "Event", BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    build_open_in_template(b, "System", BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    leaf_value(b, "EventID", 0, BINXML_UINT16);
    leaf_value(b, "Task", 1, BINXML_STRING);
    build_u8(b, BINXML_END);
    build_open_in_template(b, "EventData", BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    leaf_value(b, "Data", 2, BINXML_STRING);
    build_u8(b, BINXML_END);
    build_u8(b, BINXML_END);
    build_definition_end(b, definition);
    return definition;
}

static size_t record_add(struct build *b, size_t definition, const char *task, const char *data)
{
    build_record(b);
    if (definition) {
        build_u8(b, BINXML_INSTANCE);
        build_u8(b, 1);
        build_u32(b, 0x77);
        build_u32(b, definition);
    } else {
        definition = definition_add(b);
    }
    build_u32(b, 3);
    build_u32(b, 2 | BINXML_UINT16 << 16);
    build_u32(b, 2 * strlen(task) | BINXML_STRING << 16);
    build_u32(b, 2 * strlen(data) | BINXML_STRING << 16);
    build_u16(b, 1009);
    build_utf16(b, task);
    build_utf16(b, data);
    build_record_end(b);
    return definition;
}

/* Records of these tasks are filled in as the walk makes them. */
static void check(const char *const *tasks, size_t count)
{
    static uint8_t file[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];
    static struct build b;
    static struct layout_check c;
    size_t definition = 0;
    build_file_header(file, 1);
    build_init(&b, 1);
    for (size_t i = 0; i < count; i++)
        definition = record_add(&b, definition, tasks[i], "x");
    build_seal(&b);
    memcpy(file + EVTX_FILE_HEADER, b.bytes, EVTX_CHUNK_SIZE);
    struct input *in = input_from_bytes((struct bytes){ file, sizeof file }, "made");
    layout_check_init(&c, EVENT_AS_FIELDS);
    layout_check_twice(&c, in);
    assert_int_equal(c.records, 2 * count);
    assert_int_equal(c.differing, 0);
    layout_check_done(&c);
    input_close(in);
}

static void a_member_that_does_not_fit_at_first(void **state)
{
    (void)state;
    static const char *const tasks[] = { "odd", "12", "13", "bad", "14" };
    check(tasks, COUNT_OF(tasks));
}

static void a_member_that_does_not_fit_later(void **state)
{
    (void)state;
    static const char *const tasks[] = { "12", "odd", "13", "99999999999", "14" };
    check(tasks, COUNT_OF(tasks));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_that_does_not_fit_at_first),
        cmocka_unit_test(a_member_that_does_not_fit_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
