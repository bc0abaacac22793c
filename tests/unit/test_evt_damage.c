/*
 * Damage as a table: what is done to a sound classic log, what must come of it.
 *
 * A structural walk in this file, which knows nothing but "signature, length and copy agree", counts the whole records
 * of each image; the reader must have delivered as many, unless a case says why not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "evt_collect.h"
#include "evt_logs.h"

/* ---- damage ---- */

static uint8_t *record_at(struct image *m, size_t i)
{
    return m->p + m->places[i];
}

static void nothing(struct image *m)
{
    (void)m;
}

static void header_dirty_and_stale(struct image *m)
{
    size_t end = m->end;
    uint32_t next = m->next;
    m->end = m->places[m->count - 5];
    m->next = next - 5;
    put_header(m, 1);
    m->end = end;
    m->next = next;
}

static void header_stale_but_clean(struct image *m)
{
    header_dirty_and_stale(m);
    put_u32(m->p + 36, 0);
}

static void header_zeroed(struct image *m)
{
    memset(m->p, 0, 48);
}

static void header_missing(struct image *m)
{
    m->size -= 48;
    memmove(m->p, m->p + 48, m->size);
}

static void junk_in_front(struct image *m)
{
    m->p = realloc(m->p, m->size + 3);
    memmove(m->p + 3, m->p, m->size);
    memset(m->p, 'x', 3);
    m->size += 3;
}

static void odd_bytes_behind(struct image *m)
{
    m->p = realloc(m->p, m->size + 2);
    memset(m->p + m->size, '\n', 2);
    m->size += 2;
}

/* What a transfer as text does: a byte more, a byte less, CR LF for LF. */
static void insert_byte(struct image *m, size_t at)
{
    m->p = realloc(m->p, m->size + 1);
    memmove(m->p + at + 1, m->p + at, m->size - at);
    m->p[at] = '\r';
    m->size++;
}

static void byte_inserted(struct image *m)
{
    insert_byte(m, m->places[9] + 40);
}

static void byte_removed(struct image *m)
{
    size_t at = m->places[9] + 40;
    memmove(m->p + at, m->p + at + 1, --m->size - at);
}

static void line_ends_changed(struct image *m)
{
    for (size_t i = m->size; i-- > 0;)
        if (m->p[i] == '\n')
            insert_byte(m, i);
}

static void end_zeroed(struct image *m)
{
    for (size_t i = 0; i < 40; i++)
        m->p[m->end + i] = 0;
}

static void end_zeroed_header_dirty(struct image *m)
{
    header_dirty_and_stale(m);
    end_zeroed(m);
}

/* A copy of the EOF record elsewhere states an offset that is not its own. */
static void end_copied(struct image *m)
{
    header_dirty_and_stale(m);
    memcpy(m->p + 12000, m->p + m->end, 40);
}

/* A later EOF record with higher numbers that the records do not lead to. */
static void end_forged(struct image *m)
{
    header_dirty_and_stale(m);
    memcpy(m->p + 12000, m->p + m->end, 40);
    put_u32(m->p + 12024, 12000);
    put_u32(m->p + 12028, 5000);
}

/* Ends of higher numbers to which no records lead: so many are looked into, and that of the log is among them .. */
static void ends_forged(struct image *m, uint32_t count)
{
    header_dirty_and_stale(m);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = 12000 + 44 * i;
        memcpy(m->p + at, m->p + m->end, 40);
        put_u32(m->p + at + 24, at);
        put_u32(m->p + at + 28, 5000 + i);
    }
}

static void ends_forged_below_the_limit(struct image *m)
{
    ends_forged(m, LIMIT_EVT_ENDS - 1);
}

/* .. and here it is not. */
static void ends_forged_beyond_the_limit(struct image *m)
{
    ends_forged(m, LIMIT_EVT_ENDS);
}

/* A log that began anew behind the old one: records lead to either EOF record, and the one of higher numbers counts. */
static void end_of_before(struct image *m)
{
    m->start = m->at;
    m->next = m->oldest = 100;
    image_add_some(m, 5);
    image_end(m);
    header_dirty_and_stale(m);
    put_u32(m->p + 24, 50);
}

static void put_older(struct image *m, size_t at)
{
    struct image_record r = { .source = "ClusSvc", .computer = "NODE1", .strings = { "older" }, .type = 1,
                              .generated = 1000000000u };
    uint8_t raw[512];
    uint32_t n = record_build(&r, 59, raw);
    memcpy(m->p + at, raw, n);
}

/* The page behind the middle of the EOF record is an older one: a whole record begins inside of the 40 bytes. */
static void end_half_overwritten(struct image *m)
{
    put_older(m, m->end + 32);
}

/* The header is clean and right, but at its end stands a record of an earlier round. */
static void end_overwritten(struct image *m)
{
    put_older(m, m->end);
}

static void start_in_a_record(struct image *m)
{
    put_u32(m->p + m->end + 20, (uint32_t)m->places[3] + 8);
    put_u32(m->p + 36, 1);
}

/* The start is wrong, too late, and all behind it is lost: the record over it is whole. */
static void start_in_the_last_record(struct image *m)
{
    put_u32(m->p + m->end + 20, (uint32_t)m->places[39] + 8);
    put_u32(m->p + 36, 1);
}

static void start_later(struct image *m)
{
    put_u32(m->p + m->end + 20, (uint32_t)m->places[10]);
    put_u32(m->p + 36, 1);
}

static void length_zero(struct image *m)
{
    put_u32(record_at(m, 9), 0);
}

static void length_huge(struct image *m)
{
    put_u32(record_at(m, 9), 0xFFFFFFFFu);
}

/* Points into the middle of the next but one. */
static void length_wrong(struct image *m)
{
    put_u32(record_at(m, 9), m->lengths[9] + m->lengths[10] + 8);
}

static void copy_wrong(struct image *m)
{
    put_u32(record_at(m, 10) + m->lengths[10] - 4, 0);
}

static void signature_wrong(struct image *m)
{
    record_at(m, 9)[4] = 'X';
}

static void record_zeroed(struct image *m)
{
    memset(record_at(m, 9), 0, m->lengths[9]);
}

static void two_records_zeroed_apart(struct image *m)
{
    memset(record_at(m, 9), 0, m->lengths[9]);
    memset(record_at(m, 20), 0, m->lengths[20]);
}

static void first_zeroed(struct image *m)
{
    memset(record_at(m, 0), 0, m->lengths[0]);
}

static void last_zeroed(struct image *m)
{
    memset(record_at(m, m->count - 1), 0, m->lengths[m->count - 1]);
}

static void page_zeroed(struct image *m)
{
    memset(m->p + 1024, 0, 512);
}

/* Records of an earlier round where newer ones are due: a write that did not happen. */
static void page_of_another_round(struct image *m)
{
    struct image old;
    image_init(&old, 16384, IMAGE_BEGIN, 90000);
    image_add_some(&old, 40);
    memcpy(m->p + 1024, old.p + 1024, 1024);
    image_free(&old);
}

static void reserved_fields_filled(struct image *m)
{
    for (size_t i = 0; i < m->count; i++)
        memcpy(record_at(m, i) + 30, "garbage", 6);
}

static void number_wrong(struct image *m)
{
    put_u32(record_at(m, 9) + 8, 77);
}

static void cut_in_a_record(struct image *m)
{
    header_dirty_and_stale(m);
    m->size = m->places[20] + 88;
}

static void cut_in_the_oldest(struct image *m)
{
    m->size = m->places[4] + 88;
}

static void cut_before_the_oldest(struct image *m)
{
    m->size = m->start - 200;
}

static void cut_in_the_header(struct image *m)
{
    m->size = 20;
}

static void cut_behind_the_header(struct image *m)
{
    m->size = 48;
}

/* ---- what must come of it ---- */

struct expected {
    uint64_t promised, live, resync, stale, partial, lost;
};

static const struct {
    const char *name;
    void (*make)(struct image *m);
    void (*damage)(struct image *m);
    struct expected expected;
    enum notice_code notices[4]; /* all of them, in any order; 0 is none: INPUT_EMPTY is not the reader's */
    bool hides;                  /* the structural walk sees none, or sees records that are none */
} cases[] = {
    { "plain", make_plain, nothing, { 40, 40, 0, 0, 0, 0 }, { 0 }, false },
    { "wrapped", make_wrapped, nothing, { 40, 40, 0, 0, 0, 0 }, { 0 }, false },
    { "empty", make_empty, nothing, { 0, 0, 0, 0, 0, 0 }, { 0 }, false },
    { "end split", make_split_end, nothing, { 20, 20, 0, 0, 0, 0 }, { 0 }, false },
    { "fill of 52 bytes", make_fill_52, nothing, { 25, 25, 0, 0, 0, 0 }, { 0 }, false },
    { "fill of 240 bytes", make_fill_240, nothing, { 25, 25, 0, 0, 0, 0 }, { 0 }, false },
    { "fake in data", make_fake, nothing, { 21, 21, 0, 0, 0, 0 }, { 0 }, false },
    { "log in data", make_log_in_data, nothing, { 21, 21, 0, 0, 0, 0 }, { 0 }, true },
    { "log in data, no end", make_log_in_data, end_zeroed_header_dirty, { 0, 21, 0, 0, 0, 0 },
      { NOTICE_EVT_NO_END }, true },
    { "large record", make_large, nothing, { 21, 21, 0, 0, 0, 0 }, { 0 }, false },
    { "cleared", make_cleared, nothing, { 20, 20, 0, 39, 0, 0 },
      { NOTICE_EVT_ENDS, NOTICE_EVT_OLDER }, false },

    { "dirty", make_plain, header_dirty_and_stale, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_DIRTY }, false },
    { "dirty, wrapped", make_wrapped, header_dirty_and_stale, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_DIRTY }, false },
    { "stale but clean", make_plain, header_stale_but_clean, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_DIRTY }, false },
    { "no header", make_wrapped, header_zeroed, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_HEADER }, false },
    { "header cut off", make_plain, header_missing, { 0, 40, 0, 0, 0, 0 },
      { NOTICE_EVT_HEADER, NOTICE_EVT_NO_END }, true },
    { "junk in front", make_plain, junk_in_front, { 40, 40, 0, 0, 0, 0 },
      { NOTICE_EVT_HEADER, NOTICE_EVT_NO_END, NOTICE_EVT_JOINED_READ }, true },
    { "odd bytes behind", make_plain, odd_bytes_behind, { 40, 40, 0, 0, 0, 0 }, { 0 }, false },

    { "byte inserted", make_plain, byte_inserted, { 40, 9, 30, 0, 1, 0 },
      { NOTICE_EVT_RECORD_BROKEN, NOTICE_EVT_SKIPPED }, true },
    { "byte removed", make_plain, byte_removed, { 40, 9, 30, 0, 1, 0 },
      { NOTICE_EVT_RECORD_BROKEN }, true },
    /* Two records hold the byte: the tenth its number, both their times. */
    { "line ends changed", make_plain, line_ends_changed, { 40, 8, 30, 0, 0, 2 },
      { NOTICE_EVT_SKIPPED }, true },
    /* The end of the file is no longer where the ring was joined. */
    { "byte inserted, wrapped", make_wrapped, byte_inserted, { 40, 9, 29, 0, 2, 0 },
      { NOTICE_EVT_RECORD_BROKEN, NOTICE_EVT_SKIPPED }, true },
    { "no end", make_plain, end_zeroed, { 40, 40, 0, 0, 0, 0 }, { 0 }, false },
    { "no end, wrapped", make_wrapped, end_zeroed, { 40, 40, 0, 0, 0, 0 }, { 0 }, false },
    { "no end, dirty", make_plain, end_zeroed_header_dirty, { 0, 40, 0, 0, 0, 0 },
      { NOTICE_EVT_NO_END }, false },
    { "no end, dirty, wrapped", make_wrapped, end_zeroed_header_dirty, { 0, 40, 0, 0, 0, 0 },
      { NOTICE_EVT_NO_END }, false },
    { "stale copy of the end", make_plain, end_copied, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_DIRTY }, false },
    { "forged end", make_plain, end_forged, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_DIRTY, NOTICE_EVT_ENDS }, false },
    { "forged ends", make_plain, ends_forged_below_the_limit, { 40, 40, 0, 0, 0, 0 },
      { NOTICE_EVT_DIRTY, NOTICE_EVT_ENDS }, false },
    { "too many forged ends", make_plain, ends_forged_beyond_the_limit, { 5006, 40, 0, 0, 0, 0 },
      { NOTICE_EVT_DIRTY, NOTICE_EVT_ENDS, NOTICE_EVT_SKIPPED, NOTICE_EVT_NUMBER_JUMP }, false },
    { "end of before", make_plain, end_of_before, { 5, 5, 0, 40, 0, 0 },
      { NOTICE_EVT_DIRTY, NOTICE_EVT_ENDS, NOTICE_EVT_OLDER }, false },
    { "end half overwritten", make_plain, end_half_overwritten, { 40, 40, 0, 1, 0, 0 }, { NOTICE_EVT_OLDER }, false },
    { "end overwritten", make_plain, end_overwritten, { 40, 40, 0, 1, 0, 0 }, { NOTICE_EVT_OLDER }, false },
    { "start in a record", make_plain, start_in_a_record, { 40, 0, 40, 0, 0, 0 },
      { NOTICE_EVT_SKIPPED, NOTICE_EVT_NUMBER_JUMP }, false },
    { "start in the last record", make_plain, start_in_the_last_record, { 40, 0, 40, 0, 0, 0 },
      { NOTICE_EVT_SKIPPED, NOTICE_EVT_NUMBER_JUMP }, false },
    { "start later", make_wrapped, start_later, { 40, 30, 10, 0, 0, 0 }, { NOTICE_EVT_NUMBER_JUMP }, false },

    { "length 0", make_plain, length_zero, { 40, 9, 30, 0, 1, 0 }, { NOTICE_EVT_RECORD_BROKEN }, false },
    { "length 0, wrapped", make_wrapped, length_zero, { 40, 9, 30, 0, 1, 0 }, { NOTICE_EVT_RECORD_BROKEN }, false },
    { "length huge", make_plain, length_huge, { 40, 9, 30, 0, 1, 0 }, { NOTICE_EVT_RECORD_BROKEN }, false },
    { "length wrong", make_plain, length_wrong, { 40, 9, 30, 0, 1, 0 }, { NOTICE_EVT_RECORD_BROKEN }, false },
    { "copy wrong", make_plain, copy_wrong, { 40, 10, 29, 0, 1, 0 }, { NOTICE_EVT_RECORD_BROKEN }, false },
    { "copy wrong around a fake", make_fake, copy_wrong, { 21, 10, 10, 0, 1, 0 },
      { NOTICE_EVT_RECORD_BROKEN }, true },
    { "signature wrong", make_plain, signature_wrong, { 40, 9, 30, 0, 0, 1 }, { NOTICE_EVT_SKIPPED }, false },
    { "record zeroed", make_plain, record_zeroed, { 40, 9, 30, 0, 0, 1 }, { NOTICE_EVT_SKIPPED }, false },
    { "two zeroed", make_plain, two_records_zeroed_apart, { 40, 9, 29, 0, 0, 2 }, { NOTICE_EVT_SKIPPED }, false },
    { "first zeroed", make_plain, first_zeroed, { 40, 0, 39, 0, 0, 1 }, { NOTICE_EVT_SKIPPED }, false },
    { "last zeroed", make_plain, last_zeroed, { 40, 39, 0, 0, 0, 1 }, { NOTICE_EVT_SKIPPED }, false },
    { "page zeroed", make_plain, page_zeroed, { 40, 7, 28, 0, 1, 4 },
      { NOTICE_EVT_SKIPPED, NOTICE_EVT_RECORD_BROKEN }, false },
    { "page of another round", make_plain, page_of_another_round, { 40, 7, 24, 7, 1, 8 },
      { NOTICE_EVT_SKIPPED, NOTICE_EVT_RECORD_BROKEN, NOTICE_EVT_OLDER }, false },
    { "reserved fields filled", make_plain, reserved_fields_filled, { 40, 40, 0, 0, 0, 0 }, { 0 }, false },
    { "number wrong", make_plain, number_wrong, { 40, 40, 0, 0, 0, 0 }, { NOTICE_EVT_NUMBER_JUMP }, false },

    /* The header was written when the log had 35 records. */
    { "cut in a record", make_plain, cut_in_a_record, { 0, 20, 0, 0, 1, 14 },
      { NOTICE_EVT_CUT, NOTICE_EVT_NO_END, NOTICE_EVT_RECORD_BROKEN, NOTICE_EVT_MISSING }, false },
    { "cut in the oldest", make_wrapped, cut_in_the_oldest, { 40, 4, 24, 0, 1, 11 },
      { NOTICE_EVT_RECORD_BROKEN, NOTICE_EVT_SKIPPED }, false },
    { "cut before the oldest", make_wrapped, cut_before_the_oldest, { 40, 24, 0, 0, 0, 16 }, { NOTICE_EVT_CUT }, false },
    { "cut in the header", make_plain, cut_in_the_header, { 0, 0, 0, 0, 0, 0 },
      { NOTICE_EVT_HEADER, NOTICE_EVT_NO_END }, false },
    { "cut behind the header", make_plain, cut_behind_the_header, { 40, 0, 0, 0, 0, 40 },
      { NOTICE_EVT_CUT, NOTICE_EVT_NO_END, NOTICE_EVT_MISSING }, false },
};

/* A byte of the ring, this round or the next. */
static uint8_t ring_byte(const struct image *m, size_t at)
{
    return m->p[at < m->size ? at : at - m->size + IMAGE_BEGIN];
}

static uint32_t ring_u32(const struct image *m, size_t at)
{
    uint32_t v = 0;
    for (size_t i = 4; i-- > 0;)
        v = v << 8 | ring_byte(m, at + i);
    return v;
}

static size_t structural_count(const struct image *m)
{
    size_t count = 0, at = IMAGE_BEGIN, ring = m->size > IMAGE_BEGIN ? m->size - IMAGE_BEGIN : 0;
    while (at + 8 < m->size) {
        uint32_t n = ring_u32(m, at);
        bool whole = ring_u32(m, at + 4) == 0x654C664Cu && n >= 60 && n % 4 == 0 && n < ring &&
                     ring_u32(m, at + n - 4) == n;
        count += whole;
        at += whole ? n : 4;
    }
    return count;
}

static void check_notices(const struct collected *c, const enum notice_code *expected)
{
    for (enum notice_code code = 0; code < NOTICE_CODES; code++) {
        bool wanted = false;
        for (size_t i = 0; i < 4; i++)
            wanted |= code != 0 && expected[i] == code;
        if (wanted != (c->notices.seen[code] != 0))
            fail_msg("notice %s %s", notice_name(code), wanted ? "is missing" : "is one too many");
    }
}

/* What is left of older records; the structural walk sees only whole ones. */
static uint64_t older_torn(const struct collected *c)
{
    uint64_t torn = 0;
    for (size_t i = 0; i < c->count; i++)
        torn += c->events[i]->source == EVENT_STALE && (c->events[i]->marks & EVENT_PARTIAL);
    return torn;
}

static void check_events(const struct image *m, const struct collected *c)
{
    uint64_t counted = c->account.decoded + c->account.by_source[EVENT_STALE] + c->account.partial;
    assert_int_equal(c->count, counted);
    for (size_t i = 0; i < c->count; i++) {
        const struct event *e = c->events[i];
        assert_true(e->offset < m->size);
        bool named = text_equal(e->key.provider, TEXT("ClusSvc")) && text_equal(e->key.computer, TEXT("NODE1"));
        assert_true(named || (e->marks & EVENT_PARTIAL)); /* a byte too many may stand in front of the names */
    }
}

static void damage_costs_what_it_must(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct expected *x = &cases[i].expected;
        struct image m;
        struct collected c;
        cases[i].make(&m);
        cases[i].damage(&m);
        collect_bytes(&c, m.p, m.size, "node1.evt");
        collected_print(&c, cases[i].name);
        assert_int_equal(c.status, ST_END);
        assert_int_equal(c.account.promised, x->promised);
        assert_int_equal(c.account.by_source[EVENT_LIVE], x->live);
        assert_int_equal(c.account.by_source[EVENT_RESYNC], x->resync);
        assert_int_equal(c.account.by_source[EVENT_STALE], x->stale);
        assert_int_equal(c.account.decoded, x->live + x->resync);
        assert_int_equal(c.account.recovered, x->resync);
        assert_int_equal(c.account.partial, x->partial);
        assert_int_equal(c.account.lost, x->lost);
        check_notices(&c, cases[i].notices);
        check_events(&m, &c);
        if (!cases[i].hides)
            assert_int_equal(structural_count(&m), x->live + x->resync + x->stale - older_torn(&c));
        collected_free(&c);
        image_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_costs_what_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
