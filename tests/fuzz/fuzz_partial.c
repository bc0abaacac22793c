/*
 * Property: whatever a saved partial holds, what is read of it keeps the limits; packed again and read again it is the
 * same to the byte.
 *
 * Input: one byte: 0, a partial as it stands in a file; else the content of one, whose envelope is made here.
 */
#include <libdeflate.h>
#include <stdlib.h>

#include "base/limits.h"
#include "finding/partial_form.h"
#include "finding/partial_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static const struct text names[] = { TEXT("first"), TEXT("second"), TEXT("third") };
static const struct rule_names rules = { 7, names, COUNT_OF(names) };

/* What correlations read: nothing of the first rule, two fields of the second, that the third is there. */
static const struct text fields[] = { TEXT("User"), TEXT("Size") };
static const struct thin_rule thin_rules[] = {
    { .read = false }, { true, fields, COUNT_OF(fields) }, { .read = true }
};

static void look(void *ctx, uint32_t rule, const struct event *event, struct text *values)
{
    (void)ctx;
    for (size_t i = 0; i < thin_rules[rule].field_count; i++) {
        const struct event_field *f = event_field(event, fields[i]);
        values[i] = f ? f->value : (struct text){ NULL, 0 };
    }
}

static const struct thin_plan plan = { thin_rules, COUNT_OF(thin_rules), NULL, look };

static void fixed_put(struct buf *out, uint64_t n, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        buf_add_char(out, (char)(unsigned char)(n >> (8 * i)));
}

static void envelope(const uint8_t *content, size_t size, struct buf *out)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
    size_t room = libdeflate_deflate_compress_bound(c, size);
    buf_add_c(out, PARTIAL_NAME);
    buf_add_char(out, PARTIAL_VERSION_IS);
    fixed_put(out, rules.fingerprint, 8);
    fixed_put(out, size, 8);
    out->n += libdeflate_deflate_compress(c, content, size, buf_reserve(out, room), room);
    fixed_put(out, libdeflate_crc32(0, out->p, out->n), 4);
    libdeflate_free_compressor(c);
}

static void check(struct partial *p)
{
    MUST(p->hit_bytes <= LIMIT_HIT_BYTES && p->thin_bytes <= LIMIT_THIN_BYTES);
    for (size_t i = 0; i < p->input_count; i++)
        for (size_t k = 0; k < p->inputs[i]->hit_count; k++) {
            const struct hit *hit = &p->inputs[i]->hits[k];
            MUST(hit->rule < rules.count && hit->event->source < EVENT_SOURCES);
            MUST(!hit->thin || thin_rules[hit->rule].read);
        }
}

static void read_twice(struct bytes bytes)
{
    struct partial p, again;
    struct partial_about about;
    struct buf first, second;
    partial_init(&p);
    partial_init(&again);
    p.plan = again.plan = &plan;
    buf_init(&first);
    buf_init(&second);
    if (partial_unpack(bytes, &rules, &p, &about) == PARTIAL_SOUND) {
        check(&p);
        MUST(partial_pack(&p, &rules, about.not_logs, &first));
        MUST(partial_unpack((struct bytes){ (const uint8_t *)first.p, first.n }, &rules, &again, &about) ==
             PARTIAL_SOUND);
        MUST(partial_pack(&again, &rules, about.not_logs, &second));
        MUST(text_equal(buf_text(&first), buf_text(&second)));
    }
    partial_merge(&p, &again);
    partial_sort(&p);
    buf_done(&first);
    buf_done(&second);
    partial_done(&p);
    partial_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf made;
    if (size == 0)
        return 0;
    if (data[0] == 0) {
        read_twice((struct bytes){ data + 1, size - 1 });
        return 0;
    }
    buf_init(&made);
    envelope(data + 1, size - 1, &made);
    read_twice((struct bytes){ (const uint8_t *)made.p, made.n });
    buf_done(&made);
    return 0;
}
