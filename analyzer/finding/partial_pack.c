#include "finding/partial_pack.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "base/limits.h"
#include "finding/partial_form.h"

/* Small enough for a fleet's network, and twice as fast as the best. */
#define DEFLATE_LEVEL 6

/* A text that was put already, by its hash; open addressing. */
struct text_place {
    struct text text;
    uint64_t number; /* from 1; 0: free */
};

struct packing {
    struct buf content;
    struct text_place *places;
    size_t place_count, text_count;
    uint32_t *rule_at; /* by rule: its place in the list of names, from 1; 0: not used */
    const struct thin_plan *plan;
};

static void number_put(struct buf *out, uint64_t n)
{
    for (; n >= 0x80; n >>= 7)
        buf_add_char(out, (char)(unsigned char)(0x80 | (n & 0x7F)));
    buf_add_char(out, (char)n);
}

static void fixed_put(struct buf *out, uint64_t n, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        buf_add_char(out, (char)(unsigned char)(n >> (8 * i)));
}

static struct text_place *place_find(const struct packing *p, struct text t)
{
    size_t mask = p->place_count - 1, at = (size_t)text_hash(t) & mask;
    while (p->places[at].number && !text_equal(p->places[at].text, t))
        at = (at + 1) & mask;
    return &p->places[at];
}

/* At most half full. */
static void places_grow(struct packing *p)
{
    if (2 * p->text_count < p->place_count)
        return;
    struct packing old = *p;
    p->place_count = old.place_count ? 2 * old.place_count : 1024;
    p->places = memory_new(p->place_count * sizeof *p->places);
    memset(p->places, 0, p->place_count * sizeof *p->places);
    for (size_t i = 0; i < old.place_count; i++)
        if (old.places[i].number)
            *place_find(p, old.places[i].text) = old.places[i];
    free(old.places);
}

/* 0 and the text, or the number of the same text that was put before. */
static void text_put(struct packing *p, struct text t)
{
    places_grow(p);
    struct text_place *place = place_find(p, t);
    number_put(&p->content, place->number);
    if (place->number)
        return;
    if (p->text_count < PARTIAL_TEXTS)
        *place = (struct text_place){ t, ++p->text_count };
    number_put(&p->content, t.n);
    buf_add(&p->content, t);
}

static void account_put(struct packing *p, const struct account *a)
{
#define PUT(member) number_put(&p->content, a->member);
    PARTIAL_ACCOUNT(PUT)
#undef PUT
    for (size_t i = 0; i < EVENT_SOURCES; i++)
        number_put(&p->content, a->by_source[i]);
}

static void notices_put(struct packing *p, const struct notices *n)
{
    size_t codes = 0;
    for (size_t code = 0; code < NOTICE_CODES; code++)
        codes += n->seen[code] > 0;
    number_put(&p->content, codes);
    for (size_t code = 0; code < NOTICE_CODES; code++)
        if (n->seen[code]) {
            number_put(&p->content, (uint64_t)notice_number((enum notice_code)code));
            number_put(&p->content, n->seen[code]);
        }
    number_put(&p->content, n->count);
    for (size_t i = 0; i < n->count; i++) {
        number_put(&p->content, (uint64_t)notice_number(n->items[i].code));
        number_put(&p->content, n->items[i].offset);
        number_put(&p->content, n->items[i].value);
    }
}

static void runs_put(struct packing *p, const struct coverage *c)
{
#define PUT(member) number_put(&p->content, r->member);
    number_put(&p->content, c->run_count);
    for (size_t i = 0; i < c->run_count; i++) {
        const struct coverage_run *r = &c->runs[i];
        PARTIAL_RUN(PUT)
        number_put(&p->content, (uint64_t)r->started | (uint64_t)r->stopped << 1);
    }
    number_put(&p->content, c->start_count);
    for (size_t i = 0; i < c->start_count; i++) {
        const struct coverage_start *r = &c->starts[i];
        PARTIAL_START(PUT)
        number_put(&p->content, r->orderly);
    }
    number_put(&p->content, c->step_count);
    for (size_t i = 0; i < c->step_count; i++) {
        const struct coverage_step *r = &c->steps[i];
        PARTIAL_STEP(PUT)
    }
#undef PUT
}

static void coverage_put(struct packing *p, const struct input_result *input)
{
    size_t count = 0;
    for (const struct coverage *c = input->coverage; c; c = c->next)
        count++;
    number_put(&p->content, count);
    for (const struct coverage *c = input->coverage; c; c = c->next) {
        text_put(p, c->node);
        text_put(p, c->channel);
        number_put(&p->content, c->events);
        number_put(&p->content, c->first);
        number_put(&p->content, c->last);
        number_put(&p->content, c->later);
        runs_put(p, c);
    }
    number_put(&p->content, input->uncovered);
}

static void event_put(struct packing *p, const struct event *e)
{
    const struct text texts[] = { e->key.provider, e->key.channel, e->key.computer, e->user_sid, e->event_id };
    const uint64_t numbers[] = { e->key.id, e->key.level, e->key.time, e->key.record_id, e->qualifiers, e->task,
                                 e->keywords, e->written, e->header_id, e->offset, e->source, e->marks };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        text_put(p, texts[i]);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        number_put(&p->content, numbers[i]);
    number_put(&p->content, e->field_count);
    for (size_t i = 0; i < e->field_count; i++) {
        number_put(&p->content, e->fields[i].part);
        text_put(p, e->fields[i].name);
        text_put(p, e->fields[i].value);
    }
}

/* Of the values that correlations read: 0 for one that is not there, else 1 and the text. */
static void thin_put(struct packing *p, const struct thin_rule *rule, const struct thin *t)
{
    for (size_t i = 0; i < rule->field_count; i++) {
        number_put(&p->content, t->values[i].p != NULL);
        if (t->values[i].p)
            text_put(p, t->values[i]);
    }
}

/* Its place and what duplicates of it are known by; its rules, each with what is kept of a thin hit; the event. */
static void row_put(struct packing *p, const struct hit *row, size_t count)
{
    uint64_t checksum = 0;
    for (size_t i = 0; i < count && !checksum; i++)
        checksum = row[i].thin ? row[i].thin->checksum : 0;
    number_put(&p->content, row->place);
    number_put(&p->content, checksum);
    number_put(&p->content, count);
    for (size_t i = 0; i < count; i++) {
        number_put(&p->content, p->rule_at[row[i].rule] - 1);
        number_put(&p->content, row[i].thin != NULL);
        if (row[i].thin)
            thin_put(p, &p->plan->rules[row[i].rule], row[i].thin);
    }
    event_put(p, row->event);
}

/* Hits of one event stand in a row. */
static void hits_put(struct packing *p, const struct input_result *input)
{
    size_t events = 0, next;
    for (size_t i = 0; i < input->hit_count; i++)
        events += i == 0 || input->hits[i].event != input->hits[i - 1].event;
    number_put(&p->content, input->hits_dropped);
    number_put(&p->content, input->hits_lost);
    number_put(&p->content, input->full);
    number_put(&p->content, input->thin_end);
    number_put(&p->content, events);
    for (size_t i = 0; i < input->hit_count; i = next) {
        for (next = i; next < input->hit_count && input->hits[next].event == input->hits[i].event; next++)
            continue;
        row_put(p, input->hits + i, next - i);
    }
}

static void seen_put(struct packing *p, const struct seen_pairs *seen)
{
    number_put(&p->content, seen->count);
    for (size_t i = 0; i < seen->count; i++) {
        text_put(p, seen->items[i].provider);
        text_put(p, seen->items[i].channel);
    }
    number_put(&p->content, seen->beyond);
}

/* Of hours the difference, which is small: even ones are forward. */
static void hours_put(struct packing *p, const struct hours *hours)
{
    uint64_t before = 0;
    number_put(&p->content, hours != NULL);
    if (!hours)
        return;
    number_put(&p->content, hours->count);
    for (size_t i = 0; i < hours->count; i++) {
        const struct hour *h = &hours->items[i];
        text_put(p, h->node);
        number_put(&p->content, h->number >= before ? 2 * (h->number - before) : 2 * (before - h->number) - 1);
        number_put(&p->content, h->events);
        before = h->number;
    }
    number_put(&p->content, hours->left_out);
}

/* All but its hits, some of which a limit may have cut. */
static void input_about_put(struct packing *p, const struct input_result *input)
{
    text_put(p, input->path);
    text_put(p, input->format);
    number_put(&p->content, input->size);
    text_put(p, input->sha256);
    number_put(&p->content, input->status);
    account_put(p, &input->account);
    notices_put(p, &input->notices);
    coverage_put(p, input);
    seen_put(p, &input->seen);
    hours_put(p, input->hours);
}

/* What correlations read of the rule. */
static void rule_fields_put(struct packing *p, uint32_t rule)
{
    size_t count = thin_is_read(p->plan, rule) ? p->plan->rules[rule].field_count : 0;
    number_put(&p->content, count);
    for (size_t i = 0; i < count; i++)
        text_put(p, p->plan->rules[rule].fields[i]);
}

/* The rules that have hits, in their order. */
static void rules_put(struct packing *p, const struct partial *partial, const struct rule_names *rules)
{
    uint32_t used = 0;
    p->rule_at = memory_new((rules->count + 1) * sizeof *p->rule_at);
    memset(p->rule_at, 0, (rules->count + 1) * sizeof *p->rule_at);
    for (size_t i = 0; i < partial->input_count; i++)
        for (size_t k = 0; k < partial->inputs[i]->hit_count; k++)
            p->rule_at[partial->inputs[i]->hits[k].rule] = 1;
    for (size_t rule = 0; rule < rules->count; rule++)
        if (p->rule_at[rule])
            p->rule_at[rule] = ++used;
    number_put(&p->content, used);
    for (size_t rule = 0; rule < rules->count; rule++)
        if (p->rule_at[rule]) {
            number_put(&p->content, rule);
            text_put(p, rules->items[rule]);
            rule_fields_put(p, (uint32_t)rule);
        }
}

static int inputs_order(const void *a, const void *b)
{
    return input_compare(*(struct input_result *const *)a, *(struct input_result *const *)b);
}

static void inputs_put(struct packing *p, const struct partial *partial)
{
    size_t size = partial->input_count * sizeof(struct input_result *);
    struct input_result **inputs = memory_new(size);
    if (size)
        memcpy(inputs, partial->inputs, size);
    if (size)
        qsort(inputs, partial->input_count, sizeof(struct input_result *), inputs_order);
    number_put(&p->content, partial->input_count);
    for (size_t i = 0; i < partial->input_count; i++) {
        input_about_put(p, inputs[i]);
        hits_put(p, inputs[i]);
    }
    free(inputs);
}

static void packing_done(struct packing *p)
{
    buf_done(&p->content);
    free(p->places);
    free(p->rule_at);
}

static void deflate_put(const struct buf *content, struct buf *out)
{
    struct libdeflate_compressor *c = memory_made(libdeflate_alloc_compressor(DEFLATE_LEVEL));
    size_t room = libdeflate_deflate_compress_bound(c, content->n);
    out->n += libdeflate_deflate_compress(c, content->p, content->n, buf_reserve(out, room), room);
    libdeflate_free_compressor(c);
}

bool partial_pack(const struct partial *p, const struct rule_names *rules, uint64_t not_logs, struct buf *out)
{
    struct packing packing = { .plan = p->plan };
    size_t begin = out->n;
    buf_init(&packing.content);
    number_put(&packing.content, not_logs);
    rules_put(&packing, p, rules);
    inputs_put(&packing, p);
    bool fits = packing.content.n <= LIMIT_PARTIAL_BYTES;
    if (fits) {
        buf_add_c(out, PARTIAL_NAME);
        buf_add_char(out, PARTIAL_VERSION_IS);
        fixed_put(out, rules->fingerprint, 8);
        fixed_put(out, packing.content.n, 8);
        deflate_put(&packing.content, out);
        fixed_put(out, libdeflate_crc32(0, out->p + begin, out->n - begin), PARTIAL_CHECKSUM);
    }
    packing_done(&packing);
    return fits;
}

/* Hits that it had, whatever is left of them. */
static uint64_t hits_all(const struct input_result *input)
{
    uint64_t count = input->hits_dropped;
    for (size_t i = 0; i < input->hit_count; i++)
        count += input->hits[i].thin == NULL;
    return count;
}

bool input_same(const struct input_result *a, const struct input_result *b)
{
    struct packing x = { 0 }, y = { 0 };
    if (input_compare(a, b) != 0 || hits_all(a) != hits_all(b))
        return false;
    buf_init(&x.content);
    buf_init(&y.content);
    input_about_put(&x, a);
    input_about_put(&y, b);
    bool same = text_equal(buf_text(&x.content), buf_text(&y.content));
    packing_done(&x);
    packing_done(&y);
    return same;
}
