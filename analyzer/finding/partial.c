#include "finding/partial.h"

#include <stdlib.h>

#include "base/limits.h"
#include "finding/duplicates.h"
#include "finding/partial_keep.h"
#include "finding/partial_pack.h"

void partial_init(struct partial *p)
{
    *p = (struct partial){ .compact_at = 2 * LIMIT_HIT_BYTES };
    arena_init(&p->arena);
    arena_init(&p->scratch);
}

void partial_done(struct partial *p)
{
    arena_done(&p->arena);
    arena_done(&p->scratch);
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
    input->thin_end = THIN_NO_END;
    notices_init(&input->notices, &p->arena);
    input_list(p, input);
    return input;
}

void partial_drop(struct partial *p, struct input_result *input, uint64_t count)
{
    input->hits_dropped += count;
    p->hits_dropped += count;
}

void partial_lose(struct partial *p, struct input_result *input, uint64_t count)
{
    input->hits_lost += count;
    p->hits_lost += count;
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

/* No more memory than LIMIT_HITS_PER_RULE hits of each rule need is taken, however many there are. */
static const struct thin *beyond_limit(struct partial *p, struct input_result *input, uint32_t rule)
{
    uint32_t *of_rule = count_of_rule(p, input, rule);
    if (*of_rule < LIMIT_HITS_PER_RULE) {
        ++*of_rule;
        return NULL;
    }
    partial_drop(p, input, 1);
    return HIT_NOT_WHOLE;
}

static void hits_append(struct partial *p, struct input_result *input, const struct arrival *a)
{
    for (size_t i = 0; i < a->count; i++) {
        input->hits = arena_grow(&p->arena, input->hits, input->hit_count, &input->hit_capacity, sizeof *input->hits);
        input->hits[input->hit_count++] = a->hits[i];
    }
}

/* Of the copies of an event none is made when it is only counted, and one that lasts when it may stay whole. */
static void arrival_add(struct partial *p, struct arrival *a, const struct event *event)
{
    bool whole = false, read = false;
    for (size_t i = 0; i < a->count; i++) {
        whole = whole || (!a->hits[i].thin && !p->full);
        read = read || thin_is_read(p->plan, a->hits[i].rule);
    }
    if (!whole && !read) {
        for (size_t i = 0; i < a->count; i++)
            if (!a->hits[i].thin)
                partial_drop(p, a->input, 1);
        return;
    }
    a->event = event_keep(whole ? &p->arena : &p->scratch, event, LIMIT_HIT_TEXT);
    arrival_settle(p, a);
    hits_append(p, a->input, a);
}

static uint32_t place_next(struct input_result *input)
{
    return input->matches < THIN_NO_END - 1 ? input->matches++ : input->matches;
}

void partial_add_match(struct partial *p, const uint32_t *rules, size_t count, const struct event *event,
                       struct input_result *input)
{
    uint32_t place = place_next(input);
    arena_reset(&p->scratch);
    struct arrival a = { .input = input, .hits = ARENA_NEW_N(&p->scratch, struct hit, count), .count = count };
    for (size_t i = 0; i < count; i++)
        a.hits[i] = (struct hit){
            .rule = rules[i], .place = place, .input = input, .thin = beyond_limit(p, input, rules[i])
        };
    arrival_add(p, &a, event);
}

/* The limit of a rule holds for what is read, too. */
void partial_add_saved(struct partial *p, const struct hit *hits, size_t count, const struct event *event,
                       struct input_result *input)
{
    arena_reset(&p->scratch);
    struct arrival a = { .input = input, .hits = ARENA_NEW_N(&p->scratch, struct hit, count), .count = count };
    for (size_t i = 0; i < count; i++) {
        a.hits[i] = hits[i];
        a.hits[i].input = input;
        if (!hits[i].thin)
            a.hits[i].thin = beyond_limit(p, input, hits[i].rule);
    }
    arrival_add(p, &a, event);
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
        p->hits_dropped -= input->hits_dropped;
        p->hits_lost -= input->hits_lost;
    }
    p->input_count = kept;
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

static void hits_keep(struct input_result *input, struct arena *arena, const struct thin_plan *plan)
{
    struct hit *hits = ARENA_NEW_N(arena, struct hit, input->hit_count);
    const struct event *before = NULL, *kept = NULL;
    for (size_t i = 0; i < input->hit_count; i++) {
        const struct hit *old = &input->hits[i];
        if (old->event != before)
            kept = event_keep(arena, old->event, LIMIT_HIT_TEXT);
        before = old->event;
        hits[i] = *old;
        hits[i].event = kept;
        hits[i].input = input;
        if (old->thin)
            hits[i].thin = thin_copy(arena, plan, old->rule, old->thin);
    }
    input->hits = hits;
    input->hit_capacity = input->hit_count;
}

static struct hours *hours_keep(const struct hours *old, struct arena *arena)
{
    struct hours *hours = ARENA_NEW(arena, struct hours);
    hours_init(hours, arena);
    hours_merge(hours, old);
    return hours;
}

static struct input_result *input_keep(const struct input_result *old, struct arena *arena,
                                       const struct thin_plan *plan)
{
    struct input_result *input = ARENA_NEW(arena, struct input_result);
    *input = *old;
    input->path = text_keep(arena, old->path);
    input->format = text_keep(arena, old->format);
    input->coverage = NULL;
    input->coverage_index = NULL;
    coverage_merge(input, arena, old);
    input->uncovered = old->uncovered;
    input->sha256 = text_keep(arena, old->sha256);
    input->seen = (struct seen_pairs){ 0 };
    seen_merge(&input->seen, arena, &old->seen);
    input->hours = old->hours ? hours_keep(old->hours, arena) : NULL;
    notices_keep(&input->notices, arena);
    hits_keep(input, arena, plan);
    return input;
}

/* Dropped events stay in the arenas that were adopted; when they are most of it, the rest moves out. */
static void partial_compact(struct partial *p)
{
    struct arena fresh;
    arena_init(&fresh);
    for (size_t i = 0; i < p->input_count; i++)
        p->inputs[i] = input_keep(p->inputs[i], &fresh, p->plan);
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
    p->hits_lost += from->hits_lost;
    const struct thin_plan *plan = from->plan;
    partial_done(from);
    partial_init(from);
    from->plan = plan;
    inputs_sort(p);
    twins_drop(p);
    hits_trim(p);
    if (p->arena.total > p->compact_at)
        partial_compact(p);
}

bool partial_hours(const struct partial *p, struct hours *ret)
{
    for (size_t i = 0; i < p->input_count; i++) {
        const struct input_result *input = p->inputs[i];
        if (input->hours)
            hours_merge(ret, input->hours);
        else if (input->account.decoded)
            return false;
    }
    return true;
}

int hits_compare(const struct hit *a, const struct hit *b)
{
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

static int hits_order(const void *left, const void *right)
{
    return hits_compare(left, right);
}

/* The end of the row of hits of one event that begins at `i`. */
static size_t row_end(const struct input_result *input, size_t i)
{
    size_t end = i + 1;
    while (end < input->hit_count && input->hits[end].event == input->hits[i].event)
        end++;
    return end;
}

/* NULL when all of the row are thin. */
static const struct hit *whole_one(const struct hit *row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!row[i].thin)
            return &row[i];
    return NULL;
}

/* Of a record that an earlier input has whole as well, nothing is taken. */
static void wholes_of_input(struct partial *p, struct input_result *input, struct duplicates *known)
{
    for (size_t i = 0, end; i < input->hit_count; i = end) {
        end = row_end(input, i);
        const struct hit *one = whole_one(input->hits + i, end - i);
        bool duplicate = one && duplicates_seen(known, one->event, event_checksum(one->event), input);
        input->account.duplicates += duplicate;
        for (size_t k = i; k < end && one && !duplicate; k++)
            if (!input->hits[k].thin)
                p->hits[p->hit_count++] = input->hits[k];
    }
}

/* Nor of one that any other input has whole. */
static void thins_of_input(struct partial *p, struct input_result *input, struct duplicates *known)
{
    for (size_t i = 0, end; i < input->hit_count; i = end) {
        end = row_end(input, i);
        const struct hit *row = input->hits + i, *one = whole_one(row, end - i);
        uint64_t checksum = one ? event_checksum(one->event) : row->thin->checksum;
        bool duplicate = duplicates_seen(known, row->event, checksum, input);
        input->account.duplicates += duplicate && !one;
        for (size_t k = i; k < end && !duplicate; k++)
            if (input->hits[k].thin)
                p->thin[p->thin_count++] = input->hits[k];
    }
}

static void hits_collect(struct partial *p)
{
    size_t count = 0;
    for (size_t i = 0; i < p->input_count; i++)
        count += p->inputs[i]->hit_count;
    p->hits = ARENA_NEW_N(&p->arena, struct hit, count);
    p->thin = ARENA_NEW_N(&p->arena, struct hit, p->thin_bytes ? count : 0);
    struct duplicates *known = duplicates_new(count);
    for (size_t i = 0; i < p->input_count; i++)
        wholes_of_input(p, p->inputs[i], known);
    for (size_t i = 0; i < p->input_count && p->thin_bytes; i++)
        thins_of_input(p, p->inputs[i], known);
    duplicates_free(known);
    partial_order(p);
}

void partial_order(struct partial *p)
{
    if (p->hit_count)
        qsort(p->hits, p->hit_count, sizeof *p->hits, hits_order);
    if (p->thin_count)
        qsort(p->thin, p->thin_count, sizeof *p->thin, hits_order);
}

static void limits_notice(struct input_result *input)
{
    if (input->hits_dropped)
        notice_add(&input->notices, NOTICE_HITS_DROPPED, NOTICE_NO_OFFSET, input->hits_dropped);
    if (input->hits_lost)
        notice_add(&input->notices, NOTICE_HITS_LOST, NOTICE_NO_OFFSET, input->hits_lost);
    if (input->uncovered)
        notice_add(&input->notices, NOTICE_COVERAGE_LIMIT, NOTICE_NO_OFFSET, input->uncovered);
}

void partial_sort(struct partial *p)
{
    inputs_sort(p);
    for (size_t i = 0; i < p->input_count; i++) {
        coverage_settle(p->inputs[i]);
        limits_notice(p->inputs[i]);
    }
    hits_collect(p);
}
