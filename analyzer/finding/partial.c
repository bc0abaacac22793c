#include "finding/partial.h"

#include <stdlib.h>

#include "base/limits.h"
#include "finding/duplicates.h"
#include "finding/partial_pack.h"

void partial_init(struct partial *p)
{
    *p = (struct partial){ .compact_at = 2 * LIMIT_HIT_BYTES };
    arena_init(&p->arena);
}

void partial_done(struct partial *p)
{
    arena_done(&p->arena);
    free(p->of_rule);
    *p = (struct partial){ 0 };
}

static void input_list(struct partial *p, struct input_result *input)
{
    p->inputs = arena_grow(&p->arena, p->inputs, p->input_count, &p->input_capacity, sizeof(struct input_result *));
    p->inputs[p->input_count++] = input;
}

struct input_result *partial_add_input(struct partial *p, struct text path)
{
    struct input_result *input = ARENA_NEW(&p->arena, struct input_result);
    input->path = text_keep(&p->arena, path);
    notices_init(&input->notices, &p->arena);
    input_list(p, input);
    return input;
}

void partial_drop(struct partial *p, struct input_result *input, uint64_t count)
{
    input->hits_dropped += count;
    p->hits_dropped += count;
}

/* How many hits of the rule this input has; the count is the caller's to raise. */
static uint32_t *count_of_rule(struct partial *p, const struct input_result *input, uint32_t rule)
{
    if (p->counted != input && p->rule_count)
        memset(p->of_rule, 0, p->rule_count * sizeof *p->of_rule);
    p->counted = input;
    if (rule >= p->rule_count) {
        size_t larger = rule < 64 ? 64 : (size_t)rule * 2;
        p->of_rule = memory_resize(p->of_rule, larger * sizeof *p->of_rule);
        memset(p->of_rule + p->rule_count, 0, (larger - p->rule_count) * sizeof *p->of_rule);
        p->rule_count = larger;
    }
    return &p->of_rule[rule];
}

/* What the next hit takes behind one of the event `before`. */
static size_t hit_size(const struct event *event, const struct event *before)
{
    return sizeof(struct hit) + (event == before ? 0 : event_size(event));
}

/* Adds a hit and, with the first hit of an event, the event.  False when it does not fit: then nothing behind it
 * is kept either. */
static bool hit_take(struct partial *p, struct input_result *input, uint32_t rule, const struct event *event,
                     const struct event **kept)
{
    struct arena_mark mark = arena_mark(&p->arena);
    const struct event *copy = *kept ? *kept : event_keep(&p->arena, event, LIMIT_HIT_TEXT);
    size_t size = hit_size(copy, *kept);
    if (size > LIMIT_HIT_BYTES - p->hit_bytes) {
        arena_rewind(&p->arena, mark);
        p->full = input->full = true;
        return false;
    }
    p->hit_bytes += size;
    *kept = copy;
    input->hits = arena_grow(&p->arena, input->hits, input->hit_count, &input->hit_capacity, sizeof *input->hits);
    input->hits[input->hit_count++] = (struct hit){ rule, copy, input, NULL };
    return true;
}

void partial_add_match(struct partial *p, const uint32_t *rules, size_t count, const struct event *event,
                       struct input_result *input)
{
    const struct event *kept = NULL;
    for (size_t i = 0; i < count; i++) {
        uint32_t *of_rule = count_of_rule(p, input, rules[i]);
        if (!p->full && *of_rule < LIMIT_HITS_PER_RULE && hit_take(p, input, rules[i], event, &kept))
            ++*of_rule;
        else
            partial_drop(p, input, 1);
    }
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* By path; inputs of other machines can have the same path, and what tells them apart is then what is in them. */
int input_compare(const struct input_result *a, const struct input_result *b)
{
    int order = text_compare(a->path, b->path);
    const uint64_t pairs[][2] = {
        { a->size, b->size },
        { a->account.first, b->account.first },
        { a->account.last, b->account.last },
        { a->account.decoded, b->account.decoded },
    };
    for (size_t i = 0; !order && i < COUNT_OF(pairs); i++)
        order = compare_u64(pairs[i][0], pairs[i][1]);
    return order;
}

static int inputs_order(const void *a, const void *b)
{
    return input_compare(*(struct input_result *const *)a, *(struct input_result *const *)b);
}

static void inputs_sort(struct partial *p)
{
    if (p->input_count)
        qsort(p->inputs, p->input_count, sizeof(struct input_result *), inputs_order);
}

/* Of the same input twice (two machines that both reach a share), one. */
static void twins_drop(struct partial *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->input_count; i++) {
        struct input_result **last = kept ? &p->inputs[kept - 1] : NULL, *input = p->inputs[i];
        if (!last || !input_same(*last, input)) {
            p->inputs[kept++] = input;
            continue;
        }
        struct input_result *whole = input->hit_count > (*last)->hit_count ? input : *last;
        p->hits_dropped -= whole == input ? (*last)->hits_dropped : input->hits_dropped;
        *last = whole;
    }
    p->input_count = kept;
}

/* Keeps the hits of `input` that fit and says how many bytes they take. */
static size_t hits_fit(struct partial *p, struct input_result *input, size_t room)
{
    size_t used = 0, n = 0;
    const struct event *before = NULL;
    for (; n < input->hit_count && !p->full; n++) {
        const struct event *event = input->hits[n].event;
        size_t size = hit_size(event, before);
        if (size > room - used) {
            p->full = input->full = true;
            break;
        }
        used += size;
        before = event;
    }
    partial_drop(p, input, input->hit_count - n);
    input->hit_count = n;
    p->full = p->full || input->full;
    return used;
}

/*
 * Behind an input that is full nothing is kept, as if one partial had taken all inputs in order: the result does not
 * depend on what was merged first.
 */
static void hits_trim(struct partial *p)
{
    p->full = false;
    p->hit_bytes = 0;
    for (size_t i = 0; i < p->input_count; i++)
        p->hit_bytes += hits_fit(p, p->inputs[i], LIMIT_HIT_BYTES - p->hit_bytes);
}

static void notices_keep(struct notices *n, struct arena *arena)
{
    struct notice *items = ARENA_NEW_N(arena, struct notice, n->count);
    if (n->count)
        memcpy(items, n->items, n->count * sizeof *items);
    n->items = items;
    n->capacity = n->count;
    n->arena = arena;
}

static void hits_keep(struct input_result *input, struct arena *arena)
{
    struct hit *hits = ARENA_NEW_N(arena, struct hit, input->hit_count);
    const struct event *before = NULL, *kept = NULL;
    for (size_t i = 0; i < input->hit_count; i++) {
        const struct event *event = input->hits[i].event;
        if (event != before)
            kept = event_keep(arena, event, LIMIT_HIT_TEXT);
        before = event;
        hits[i] = (struct hit){ input->hits[i].rule, kept, input, NULL };
    }
    input->hits = hits;
    input->hit_capacity = input->hit_count;
}

static struct input_result *input_keep(const struct input_result *old, struct arena *arena)
{
    struct input_result *input = ARENA_NEW(arena, struct input_result);
    *input = *old;
    input->path = text_keep(arena, old->path);
    input->format = text_keep(arena, old->format);
    input->coverage = NULL;
    input->coverage_index = NULL;
    coverage_merge(input, arena, old);
    input->uncovered = old->uncovered;
    notices_keep(&input->notices, arena);
    hits_keep(input, arena);
    return input;
}

/* Dropped events stay in the arenas that were adopted; when they are most of it, the rest moves out. */
static void partial_compact(struct partial *p)
{
    struct arena fresh;
    arena_init(&fresh);
    for (size_t i = 0; i < p->input_count; i++)
        p->inputs[i] = input_keep(p->inputs[i], &fresh);
    struct input_result **inputs = ARENA_NEW_N(&fresh, struct input_result *, p->input_count);
    memcpy(inputs, p->inputs, p->input_count * sizeof(struct input_result *));
    p->inputs = inputs;
    p->input_capacity = p->input_count;
    arena_done(&p->arena);
    p->arena = fresh;
    for (size_t i = 0; i < p->input_count; i++)
        p->inputs[i]->notices.arena = &p->arena;
    p->compact_at = 2 * p->arena.total + 2 * LIMIT_HIT_BYTES;
}

void partial_merge(struct partial *p, struct partial *from)
{
    arena_adopt(&p->arena, &from->arena);
    for (size_t i = 0; i < from->input_count; i++) {
        from->inputs[i]->notices.arena = &p->arena;
        input_list(p, from->inputs[i]);
    }
    p->hits_dropped += from->hits_dropped;
    partial_done(from);
    partial_init(from);
    inputs_sort(p);
    twins_drop(p);
    hits_trim(p);
    if (p->arena.total > p->compact_at)
        partial_compact(p);
}

static int hits_order(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    const struct event_key *x = &a->event->key, *y = &b->event->key;
    int order = compare_u64(x->time, y->time);
    if (!order)
        order = text_compare_nocase(x->computer, y->computer);
    if (!order)
        order = compare_u64(x->record_id, y->record_id);
    if (!order)
        order = input_compare(a->input, b->input);
    if (!order)
        order = compare_u64(a->event->offset, b->event->offset);
    return order ? order : compare_u64(a->rule, b->rule);
}

/* Of a record that an earlier input has as well, nothing is taken.  Hits of one event stand in a row. */
static void hits_of_input(struct partial *p, struct input_result *input, struct duplicates *known)
{
    const struct event *before = NULL;
    bool duplicate = false;
    for (size_t i = 0; i < input->hit_count; i++) {
        const struct hit *hit = &input->hits[i];
        if (hit->event != before) {
            duplicate = duplicates_seen(known, hit->event, input);
            input->account.duplicates += duplicate;
        }
        before = hit->event;
        if (!duplicate)
            p->hits[p->hit_count++] = *hit;
    }
}

static void hits_collect(struct partial *p)
{
    size_t count = 0;
    for (size_t i = 0; i < p->input_count; i++)
        count += p->inputs[i]->hit_count;
    p->hits = ARENA_NEW_N(&p->arena, struct hit, count);
    struct duplicates *known = duplicates_new(count);
    for (size_t i = 0; i < p->input_count; i++)
        hits_of_input(p, p->inputs[i], known);
    duplicates_free(known);
    partial_order(p);
}

void partial_order(struct partial *p)
{
    if (p->hit_count)
        qsort(p->hits, p->hit_count, sizeof *p->hits, hits_order);
}

void partial_sort(struct partial *p)
{
    inputs_sort(p);
    for (size_t i = 0; i < p->input_count; i++) {
        struct input_result *input = p->inputs[i];
        coverage_settle(input);
        if (input->hits_dropped)
            notice_add(&input->notices, NOTICE_HITS_DROPPED, NOTICE_NO_OFFSET, input->hits_dropped);
        if (input->uncovered)
            notice_add(&input->notices, NOTICE_COVERAGE_LIMIT, NOTICE_NO_OFFSET, input->uncovered);
    }
    hits_collect(p);
}
