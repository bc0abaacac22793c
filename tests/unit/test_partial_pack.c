/* Saved partials: what was packed comes back the same, and nothing else is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "finding/partial_form.h"
#include "finding/partial_pack.h"

static const struct text names[] = { TEXT("first"), TEXT("second"), TEXT("twice"), TEXT("twice"), TEXT("last") };
static const struct rule_names rules = { .fingerprint = 0x1122334455667788u, .items = names, .count = COUNT_OF(names) };

/* One of the rules is gone, and the others stand elsewhere. */
static const struct text other_names[] = { TEXT("new"), TEXT("last"), TEXT("first") };
static const struct rule_names other_rules = { .fingerprint = 1, .items = other_names, .count = COUNT_OF(other_names) };

static struct event_field fields[] = {
    { TEXT("Name"), TEXT("clusres.dll"), EVENT_DATA },
    { TEXT(""), TEXT("a\0b"), EVENT_DATA },
    { TEXT("Execution_ProcessID"), TEXT("4"), EVENT_SYSTEM },
};

static struct event event_number(uint64_t n)
{
    return (struct event){
        .key = { TEXT("ClusSvc"), TEXT("System"), n % 2 ? TEXT("NODE1") : TEXT("node2"), 1009, 2, UINT64_MAX - n, n },
        .user_sid = TEXT("S-1-5-18"), .event_id = TEXT("1009"), .qualifiers = 0xC000, .task = 7,
        .keywords = UINT64_MAX, .written = 5, .header_id = n + 1, .offset = n * 512, .source = EVENT_ORPHAN,
        .marks = EVENT_ODD_VALUE, .fields = fields, .field_count = n % (COUNT_OF(fields) + 1),
    };
}

static void input_fill(struct partial *p, const char *path, uint64_t first)
{
    static const uint32_t matching[] = { 0, 2, 4 };
    struct input_result *input = partial_add_input(p, text_from(path));
    input->format = TEXT("evt");
    input->size = first + 1;
    input->sha256 = TEXT("0f1e2d");
    input->hours = ARENA_NEW(&p->arena, struct hours);
    hours_init(input->hours, &p->arena);
    input->status = ST_LOST_RECORD;
    input->account = (struct account){ .promised = 9, .decoded = 8, .lost = 1, .first = 3, .last = 1ull << 60 };
    input->account.by_source[EVENT_HIDDEN] = 300;
    for (uint64_t i = first; i < first + 6; i++) {
        struct event e = event_number(i);
        coverage_add(input, &p->arena, &e.key);
        seen_add(&input->seen, &p->arena, e.key.provider, i % 2 ? e.key.channel : TEXT("other"));
        hours_count(input->hours, e.key.computer, (i * 7919) % 1000, i);
        partial_add_match(p, matching, 1 + i % 3, &e, input);
    }
    for (uint64_t i = 0; i < LIMIT_NOTICES_PER_CODE + 4; i++)
        assert_true(notice_add(&input->notices, NOTICE_EVT_SKIPPED, i * 4096, i) == ST_LOST_RECORD);
    input->uncovered = 2;
    partial_drop(p, input, 11);
}

static void partial_fill(struct partial *p, const char *path, uint64_t first)
{
    partial_init(p);
    input_fill(p, path, first);
}

static struct bytes packed(const struct partial *p, struct buf *out)
{
    buf_init(out);
    assert_true(partial_pack(p, &rules, 3, out));
    return (struct bytes){ (const uint8_t *)out->p, out->n };
}

static void what_was_packed_comes_back(void **state)
{
    (void)state;
    struct partial p, again;
    struct partial_about about;
    struct buf a, b;
    partial_fill(&p, "b\xFF.evt", 1); /* a file may be called anything */
    input_fill(&p, "a.evt", 100);
    struct bytes bytes = packed(&p, &a);
    partial_init(&again);
    assert_int_equal(partial_unpack(bytes, &rules, &again, &about), PARTIAL_SOUND);
    assert_int_equal(about.not_logs, 3);
    assert_int_equal(about.unknown, 0);
    assert_int_equal(about.fingerprint, rules.fingerprint);
    assert_int_equal(again.input_count, 2);
    assert_int_equal(again.hit_bytes, p.hit_bytes);
    assert_int_equal(again.hits_dropped, p.hits_dropped);
    struct bytes second = packed(&again, &b);
    assert_true(bytes_equal(bytes, second));
    const struct input_result *x = p.inputs[0], *y = again.inputs[1];
    assert_true(input_same(x, y));
    assert_int_equal(y->notices.seen[NOTICE_EVT_SKIPPED], LIMIT_NOTICES_PER_CODE + 4);
    assert_int_equal(y->notices.count, LIMIT_NOTICES_PER_CODE);
    assert_int_equal(y->hits[5].event->fields[1].value.n, 3);
    assert_ptr_equal(y->hits[0].event, y->hits[1].event);
    assert_true(text_equal(y->sha256, x->sha256));
    assert_int_equal(y->seen.count, x->seen.count);
    assert_true(text_equal(y->seen.items[1].channel, x->seen.items[1].channel));
    assert_int_equal(y->hours->count, x->hours->count);
    for (size_t i = 0; i < x->hours->count; i++)
        assert_true(y->hours->items[i].number == x->hours->items[i].number &&
                    y->hours->items[i].events == x->hours->items[i].events);
    buf_done(&a);
    buf_done(&b);
    partial_done(&p);
    partial_done(&again);
}

static void hours_that_nobody_wants_are_not_kept(void **state)
{
    (void)state;
    struct partial p, with, without;
    struct partial_about about;
    struct buf a;
    partial_fill(&p, "a.evt", 1);
    for (uint64_t hour = 0; hour < 20000; hour++)
        hours_count(p.inputs[0]->hours, TEXT("NODE1"), hour, 1);
    struct bytes bytes = packed(&p, &a);
    partial_init(&with);
    partial_init(&without);
    without.hourless = true;
    assert_int_equal(partial_unpack(bytes, &rules, &with, &about), PARTIAL_SOUND);
    assert_int_equal(partial_unpack(bytes, &rules, &without, &about), PARTIAL_SOUND);
    assert_non_null(with.inputs[0]->hours);
    assert_null(without.inputs[0]->hours);
    assert_true(without.arena.total + 20000 * sizeof(struct hour) < with.arena.total);
    assert_int_equal(without.inputs[0]->hit_count, with.inputs[0]->hit_count);
    buf_done(&a);
    partial_done(&p);
    partial_done(&with);
    partial_done(&without);
}

static void the_order_of_inputs_leaves_no_trace(void **state)
{
    (void)state;
    struct partial p, q;
    struct buf a, b;
    partial_fill(&p, "a.evt", 1);
    input_fill(&p, "b.evt", 9);
    partial_fill(&q, "b.evt", 9);
    input_fill(&q, "a.evt", 1);
    assert_true(bytes_equal(packed(&p, &a), packed(&q, &b)));
    buf_done(&a);
    buf_done(&b);
    partial_done(&p);
    partial_done(&q);
}

static void an_input_in_two_partials_counts_once(void **state)
{
    (void)state;
    struct partial p, q;
    struct buf a, b;
    partial_fill(&p, "a.evt", 1);
    struct bytes alone = packed(&p, &a);
    partial_fill(&q, "a.evt", 1);
    partial_merge(&p, &q);
    assert_true(bytes_equal(alone, packed(&p, &b)));
    assert_int_equal(p.hits_dropped, 11);
    partial_done(&q);
    partial_fill(&q, "a.evt", 2); /* the same path on another machine */
    partial_merge(&p, &q);
    assert_int_equal(p.input_count, 2);
    buf_done(&a);
    buf_done(&b);
    partial_done(&p);
    partial_done(&q);
}

static void hits_follow_their_rules_by_name(void **state)
{
    (void)state;
    struct partial p, again;
    struct partial_about about;
    struct buf a;
    partial_fill(&p, "a.evt", 0);
    struct bytes bytes = packed(&p, &a);
    partial_init(&again);
    assert_int_equal(partial_unpack(bytes, &other_rules, &again, &about), PARTIAL_SOUND);
    assert_int_equal(about.unknown, 4); /* of `twice`, at four events */
    assert_int_equal(again.inputs[0]->hit_count, p.inputs[0]->hit_count - 4);
    assert_int_equal(again.inputs[0]->hits[0].rule, 2);
    for (size_t i = 0; i < again.inputs[0]->hit_count; i++)
        assert_true(again.inputs[0]->hits[i].rule == 1 || again.inputs[0]->hits[i].rule == 2);
    buf_done(&a);
    partial_done(&p);
    partial_done(&again);
}

/* A name that two rules bear names neither, except for the rules that the partial was made with. */
static void an_ambiguous_name_is_no_name(void **state)
{
    (void)state;
    struct rule_names newer = rules;
    struct partial p, again;
    struct partial_about about;
    struct buf a;
    newer.fingerprint++;
    partial_fill(&p, "a.evt", 0);
    struct bytes bytes = packed(&p, &a);
    partial_init(&again);
    assert_int_equal(partial_unpack(bytes, &newer, &again, &about), PARTIAL_SOUND);
    assert_int_equal(about.unknown, 4);
    buf_done(&a);
    partial_done(&p);
    partial_done(&again);
}

/* A matcher names each rule once; whoever forges a partial need not. */
static void a_rule_counts_once_for_an_event(void **state)
{
    (void)state;
    static const uint32_t matching[][3] = { { 0, 2, 4 }, { 2, 0, 2 }, { 4, 4, 4 } };
    static const uint32_t expected[] = { 0, 2, 4, 2, 0, 4 };
    struct partial p, again;
    struct partial_about about;
    struct buf a;
    partial_init(&p);
    struct input_result *input = partial_add_input(&p, TEXT("a.evt"));
    for (uint64_t i = 0; i < 3; i++) {
        struct event e = event_number(i + 1);
        partial_add_match(&p, matching[i], 3, &e, input);
    }
    struct bytes bytes = packed(&p, &a);
    partial_init(&again);
    assert_int_equal(partial_unpack(bytes, &rules, &again, &about), PARTIAL_SOUND);
    assert_int_equal(again.inputs[0]->hit_count, COUNT_OF(expected));
    for (size_t i = 0; i < again.inputs[0]->hit_count; i++)
        assert_int_equal(again.inputs[0]->hits[i].rule, expected[i]);
    buf_done(&a);
    partial_done(&p);
    partial_done(&again);
}

static void assert_refused(struct bytes bytes, enum partial_fault fault)
{
    struct partial p;
    struct partial_about about;
    partial_init(&p);
    assert_int_equal(partial_unpack(bytes, &rules, &p, &about), fault);
    assert_int_equal(p.input_count, 0);
    partial_done(&p);
}

/* Blocks of exactly that size: a read behind the end is seen. */
static struct bytes copy(struct bytes b, size_t n)
{
    uint8_t *block = memory_new(n);
    if (n)
        memcpy(block, b.p, n);
    return (struct bytes){ block, n };
}

static void every_change_of_a_byte_and_every_cut_is_noticed(void **state)
{
    (void)state;
    struct partial p;
    struct buf a;
    partial_fill(&p, "a.evt", 1);
    struct bytes bytes = packed(&p, &a);
    for (size_t n = 0; n < bytes.n; n++) {
        struct bytes cut = copy(bytes, n);
        assert_refused(cut, n < 16 ? PARTIAL_FOREIGN : PARTIAL_DAMAGED);
        free((void *)cut.p);
    }
    for (size_t i = 0; i < bytes.n; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct bytes changed = copy(bytes, bytes.n);
            ((uint8_t *)changed.p)[i] ^= (uint8_t)(1u << bit);
            assert_refused(changed, i < 15 ? PARTIAL_FOREIGN : i == 15 ? PARTIAL_VERSION : PARTIAL_DAMAGED);
            free((void *)changed.p);
        }
    buf_done(&a);
    partial_done(&p);
}

/* The content with one byte changed or cut short, packed anew with a checksum that holds. */
static void forge(struct bytes content, struct buf *out)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
    size_t room = libdeflate_deflate_compress_bound(c, content.n);
    out->n = 0;
    buf_add_c(out, PARTIAL_NAME);
    buf_add_char(out, PARTIAL_VERSION_IS);
    for (int i = 0; i < 8; i++)
        buf_add_char(out, (char)(unsigned char)(rules.fingerprint >> (8 * i)));
    for (int i = 0; i < 8; i++)
        buf_add_char(out, (char)(unsigned char)((uint64_t)content.n >> (8 * i)));
    out->n += libdeflate_deflate_compress(c, content.p, content.n, buf_reserve(out, room), room);
    uint32_t crc = libdeflate_crc32(0, out->p, out->n);
    for (int i = 0; i < 4; i++)
        buf_add_char(out, (char)(unsigned char)(crc >> (8 * i)));
    libdeflate_free_compressor(c);
}

static enum partial_fault forged_read(struct bytes content)
{
    struct buf out;
    struct partial p;
    struct partial_about about;
    buf_init(&out);
    partial_init(&p);
    forge(content, &out);
    enum partial_fault fault =
        partial_unpack((struct bytes){ (const uint8_t *)out.p, out.n }, &rules, &p, &about);
    assert_true(fault == PARTIAL_SOUND || fault == PARTIAL_DAMAGED);
    assert_true(p.hit_bytes <= LIMIT_HIT_BYTES);
    for (size_t i = 0; i < p.input_count; i++)
        for (size_t k = 0; k < p.inputs[i]->hit_count; k++)
            assert_true(p.inputs[i]->hits[k].rule < rules.count);
    buf_done(&out);
    partial_done(&p);
    return fault;
}

static void a_checksum_that_holds_is_no_reason_to_believe(void **state)
{
    (void)state;
    struct partial p;
    struct buf a;
    partial_fill(&p, "a.evt", 1);
    struct bytes bytes = packed(&p, &a);
    size_t size = bytes.p[24] | (size_t)bytes.p[25] << 8;
    uint8_t *content = memory_new(size);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    assert_int_equal(libdeflate_deflate_decompress(d, bytes.p + 32, bytes.n - 36, content, size, NULL), 0);
    libdeflate_free_decompressor(d);
    assert_int_equal(forged_read((struct bytes){ content, size }), PARTIAL_SOUND);
    for (size_t n = 0; n < size; n++)
        assert_int_equal(forged_read((struct bytes){ content, n }), PARTIAL_DAMAGED);
    for (size_t i = 0; i < size; i++) {
        static const uint8_t masks[] = { 0x01, 0x10, 0x80, 0xFF };
        for (size_t m = 0; m < COUNT_OF(masks); m++) {
            content[i] ^= masks[m];
            forged_read((struct bytes){ content, size });
            content[i] ^= masks[m];
        }
    }
    free(content);
    buf_done(&a);
    partial_done(&p);
}

static void a_small_file_cannot_promise_much(void **state)
{
    (void)state;
    uint8_t head[64] = PARTIAL_NAME;
    head[PARTIAL_NAME_N] = PARTIAL_VERSION_IS;
    head[28] = 0xFF; /* 4 GB and more */
    uint32_t crc = libdeflate_crc32(0, head, 60);
    memcpy(head + 60, &crc, 4); /* tests run on little-endian machines only */
    assert_refused((struct bytes){ head, 64 }, PARTIAL_DAMAGED);
}

/* A text of 1 MiB that each rule of the list bears, sound but for that: it is looked at again each time. */
static void a_long_text_is_not_looked_at_without_end(void **state)
{
    (void)state;
    static const size_t length = 1u << 20, rules_of_it = 300;
    struct buf content;
    buf_init(&content);
    buf_add(&content, TEXT("\0\xAC\x02"          /* no files that are no logs; 300 rules */
                           "\0\0\x80\x80\x40")); /* number 0, a new text of 1 MiB */
    memset(buf_reserve(&content, length), 'a', length);
    content.n += length;
    for (size_t i = 1; i < rules_of_it; i++)
        buf_add(&content, TEXT("\0\0\1")); /* no fields of the one before, number 0, the first text */
    buf_add(&content, TEXT("\0\0")); /* no fields; no inputs */
    assert_int_equal(forged_read((struct bytes){ (const uint8_t *)content.p, content.n }), PARTIAL_DAMAGED);
    buf_done(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_back),
        cmocka_unit_test(hours_that_nobody_wants_are_not_kept),
        cmocka_unit_test(the_order_of_inputs_leaves_no_trace),
        cmocka_unit_test(an_input_in_two_partials_counts_once),
        cmocka_unit_test(hits_follow_their_rules_by_name),
        cmocka_unit_test(an_ambiguous_name_is_no_name),
        cmocka_unit_test(a_rule_counts_once_for_an_event),
        cmocka_unit_test(every_change_of_a_byte_and_every_cut_is_noticed),
        cmocka_unit_test(a_checksum_that_holds_is_no_reason_to_believe),
        cmocka_unit_test(a_small_file_cannot_promise_much),
        cmocka_unit_test(a_long_text_is_not_looked_at_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
