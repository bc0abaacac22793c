/*
 * Each byte of a small classic log made another one, each length cut to, each field at its extremes: what was not
 * touched comes whole, once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "evt_collect.h"
#include "evt_image.h"

#define RECORDS 8u

static void make_plain(struct image *m)
{
    image_init(m, 2048, IMAGE_BEGIN, 1);
    image_add_some(m, RECORDS);
    image_end(m);
}

/* The fifth record runs over the end of the file. */
static void make_wrapped(struct image *m)
{
    image_init(m, 1400, 760, 100);
    image_add_some(m, RECORDS);
    assert_true(m->places[4] + m->lengths[4] > m->size);
    image_end(m);
    put_header(m, 2);
}

static void (*const makers[])(struct image *m) = { make_plain, make_wrapped };

/* Bytes [at, at + n) of the file are a part of record `i`. */
static bool touches(const struct image *m, size_t i, size_t at, size_t n)
{
    size_t from = m->places[i], end = from + m->lengths[i], over = end > m->size ? end - m->size : 0;
    return (at + n > from && at < end) || (over && at + n > IMAGE_BEGIN && at < IMAGE_BEGIN + over);
}

static unsigned times_met(const struct image *m, const struct collected *c, size_t i)
{
    unsigned met = 0;
    for (size_t k = 0; k < c->count; k++) {
        const struct event *e = c->events[k];
        met += e->offset == m->places[i] && e->key.record_id == m->oldest + i && e->key.id == 1009 && e->marks == 0 &&
               text_equal(e->key.provider, TEXT("ClusSvc")) && e->field_count == 1;
    }
    return met;
}

/* Reads the log whose bytes [at, at + n) were changed. */
static void check_untouched(const struct image *m, size_t at, size_t n)
{
    struct collected c;
    collect_bytes(&c, m->p, m->size, "node1.evt");
    for (size_t i = 0; i < RECORDS; i++)
        if (!touches(m, i, at, n) && times_met(m, &c, i) != 1)
            fail_msg("record %zu at %zu came %u times; changed at %zu", i, m->places[i], times_met(m, &c, i), at);
    assert_true(c.count <= m->size / 8);
    collected_free(&c);
}

static void every_byte_costs_its_record(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(makers); k++) {
        struct image m;
        makers[k](&m);
        for (size_t at = 0; at < m.size; at++) {
            uint8_t was = m.p[at];
            const uint8_t others[] = { was ^ 0xFFu, was ^ 1u, 0, 0xFF };
            for (size_t j = 0; j < COUNT_OF(others); j++) {
                m.p[at] = others[j];
                check_untouched(&m, at, 1);
            }
            m.p[at] = was;
        }
        image_free(&m);
    }
}

static void every_word_at_its_extremes(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(makers); k++) {
        struct image m;
        makers[k](&m);
        const uint32_t extremes[] = { 0, 1, 2, 0x27, 0x28, 0x2F, 0x30, 0x31, 56, 60, (uint32_t)m.size - 1,
                                      (uint32_t)m.size, (uint32_t)m.size + 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF };
        for (size_t at = 0; at + 4 <= m.size; at += 4) {
            uint32_t was = get_u32(m.p + at);
            for (size_t j = 0; j < COUNT_OF(extremes); j++) {
                put_u32(m.p + at, extremes[j]);
                check_untouched(&m, at, 4);
            }
            put_u32(m.p + at, was);
        }
        image_free(&m);
    }
}

/* What stands whole before the cut. */
static void every_length_keeps_what_is_whole(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(makers); k++) {
        struct image m;
        makers[k](&m);
        size_t all = m.size;
        for (size_t n = all; n-- > 0;) {
            struct collected c;
            collect_bytes(&c, m.p, n, "node1.evt");
            for (size_t i = 0; i < RECORDS; i++) {
                bool whole = m.places[i] + m.lengths[i] <= n;
                if (times_met(&m, &c, i) != whole)
                    fail_msg("cut to %zu: record %zu came %u times", n, i, times_met(&m, &c, i));
            }
            collected_free(&c);
        }
        image_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_costs_its_record),
        cmocka_unit_test(every_word_at_its_extremes),
        cmocka_unit_test(every_length_keeps_what_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
