/*
 * Each byte of the headers and of the first records of a log made another one, each field at its extremes, and the log
 * cut to each length within those records: what was not touched comes whole, once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "evtx_image.h"

#define TOUCHED 5u /* records; the first one holds the template of every third */

/* Those that need the template of the first record may come from the other chunk's, or without it. */
static bool must_come(size_t id, size_t at, size_t n)
{
    bool touched = at + n > starts[id] && at < ends[id];
    bool template = at + n > starts[1] && at < ends[1] && id <= RECORDS && id % 3 == 1;
    return !touched && !template;
}

static unsigned get_word(size_t at)
{
    return bytes_u32((struct bytes){ image, sizeof image }, at);
}

static void check_untouched(size_t at, size_t n)
{
    struct outcome o;
    struct arena arena;
    arena_init(&arena);
    read_image(&arena, &o);
    for (size_t id = 1; id <= 2 * RECORDS; id++) {
        if (must_come(id, at, n) && o.met[id] != 1)
            fail_msg("record %zu came %u times, marked %u; changed at %zu: %x", id, o.met[id], o.marked[id], at,
                     get_word(at));
        assert_true(o.met[id] + o.marked[id] <= 1);
    }
    arena_done(&arena);
}

/* The next byte of those that are changed. */
static size_t next_place(size_t at)
{
    at++;
    if (at == 128)
        return FIRST; /* the rest of the file header is not used */
    return at == FIRST + 128 ? FIRST + EVTX_CHUNK_HEADER - 16 : at; /* nor are the chunk's tables, but for their end */
}

static void every_byte_costs_its_record(void **state)
{
    (void)state;
    make_sound();
    memcpy(image, sound, SIZE);
    size = SIZE;
    for (size_t at = 0; at < ends[TOUCHED]; at = next_place(at)) {
        const uint8_t others[] = { sound[at] ^ 0xFFu, sound[at] ^ 1u, sound[at] ? 0 : 0xFF };
        for (size_t j = 0; j < COUNT_OF(others); j++) {
            image[at] = others[j];
            check_untouched(at, 1);
        }
        image[at] = sound[at];
    }
}

static void every_header_word_at_its_extremes(void **state)
{
    static const uint32_t extremes[] = { 1, 127, 512, 65535, 65536, 65537, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
    (void)state;
    memcpy(image, sound, size = SIZE);
    for (size_t at = 0; at < FIRST + 128; at = at == 124 ? FIRST : at + 4) {
        for (size_t j = 0; j < COUNT_OF(extremes); j++) {
            for (size_t i = 0; i < 4; i++)
                image[at + i] = (uint8_t)(extremes[j] >> 8 * i);
            check_untouched(at, 4);
        }
        memcpy(image + at, sound + at, 4);
    }
}

static void every_length_keeps_what_is_whole(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    memcpy(image, sound, SIZE);
    for (size = ends[TOUCHED]; size > 0; size--) {
        arena_init(&arena);
        read_image(&arena, &o);
        assert_int_equal(o.wrong, 0);
        for (size_t id = 1; id <= 2 * RECORDS; id++)
            if (o.met[id] != (ends[id] <= size))
                fail_msg("cut to %zu: record %zu (%zu to %zu) came %u times", size, id, starts[id], ends[id],
                         o.met[id]);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_costs_its_record),
        cmocka_unit_test(every_header_word_at_its_extremes),
        cmocka_unit_test(every_length_keeps_what_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
