#include "corr/node_logs.h"

#include <stdlib.h>

#define SECONDS(n) ((uint64_t)(n) * TICKS_PER_SECOND)

/* The same start, told in two logs. */
#define SAME_START SECONDS(120)

/* A log that was cleared begins right away: its first record tells of it, or comes soon (measured: the same second). */
#define CLEARED_AT SECONDS(300)

/* Time services correct a clock by less all the time. */
#define WORTH_SAYING SECONDS(10)

/* A start that shows a time so much before what was written before it: what bears the time of the boot (Kernel-General
 * 12) is older by seconds.  Beyond a day the clock had lost its time: no zone and no hand is that wrong. */
#define SET_AT_START  SECONDS(3600)
#define LOST_AT_START SECONDS(86400)

static int order_of(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int spans_order(const void *left, const void *right)
{
    const struct log_span *a = left, *b = right;
    int order = order_of(a->first, b->first);
    if (!order)
        order = order_of(a->last, b->last);
    return order ? order : text_compare_nocase(a->channel, b->channel);
}

static int downs_order(const void *left, const void *right)
{
    const struct node_down *a = left, *b = right;
    int order = order_of(a->to, b->to);
    return order ? order : order_of(a->from, b->from);
}

static int steps_order(const void *left, const void *right)
{
    const struct clock_step *a = left, *b = right;
    int order = order_of(a->after, b->after);
    return order ? order : order_of(a->before, b->before);
}

static int logs_order(const void *left, const void *right)
{
    const struct node_log *a = left, *b = right;
    return text_compare_nocase(a->channel, b->channel);
}

static void spans_count(const struct coverage *c, struct node *node)
{
    node->span_count += c->run_count ? c->run_count : 1;
    node->down_count += c->start_count;
    node->mark_count += c->start_count + c->step_count;
}

static void span_put(struct node *node, const struct input_result *input, const struct coverage *c,
                     const struct coverage_run *run)
{
    uint64_t first = run ? run->first : c->first, last = run ? run->last : c->last;
    if (first)
        node->spans[node->span_count++] = (struct log_span){ c->channel, input, run, first, last };
}

static void marks_put(struct node *node, const struct coverage *c)
{
    for (size_t i = 0; i < c->step_count; i++)
        node->marks[node->mark_count++] = (struct clock_step){
            .before = c->steps[i].before, .after = c->steps[i].after, .channel = c->channel, .record = c->steps[i].id
        };
    for (size_t i = 0; i < c->start_count; i++) {
        const struct coverage_start *s = &c->starts[i];
        if (s->before < s->time || s->before - s->time <= SET_AT_START)
            continue;
        node->marks[node->mark_count++] = (struct clock_step){
            .before = s->before, .after = s->time, .channel = c->channel, .record = s->id,
            .start = s->before - s->time > LOST_AT_START
        };
    }
}

static void coverage_put(struct node *node, const struct input_result *input, const struct coverage *c)
{
    if (c->first == 0)
        return;
    node->first = node->first && node->first < c->first ? node->first : c->first;
    node->last = c->last > node->last ? c->last : node->last;
    for (size_t i = 0; i < c->run_count; i++)
        span_put(node, input, c, &c->runs[i]);
    if (c->run_count == 0)
        span_put(node, input, c, NULL);
    for (size_t i = 0; i < c->start_count; i++)
        if (c->starts[i].before && c->starts[i].before < c->starts[i].time)
            node->downs[node->down_count++] =
                (struct node_down){ c->starts[i].before, c->starts[i].time, c->starts[i].orderly };
    marks_put(node, c);
}

static bool same_moment(uint64_t a, uint64_t b)
{
    return a < b + SAME_START && b < a + SAME_START;
}

/*
 * The same step, told again.  The record that says that the clock was set is often the first one that is older than the
 * one before it: that one came some time before the step, and what was told of both is the longer of them.
 */
static bool step_again(struct clock_step *known, const struct clock_step *s)
{
    bool same = same_moment(known->after, s->after);
    if (same && known->record == s->record && text_equal_nocase(known->channel, s->channel)) {
        known->before = s->before > known->before ? s->before : known->before;
        known->said = known->said || s->said;
        return true;
    }
    return same && same_moment(known->before, s->before);
}

/* Copies of a log tell the same again, and two logs of a machine the same step. */
static void each_once(struct node *node)
{
    size_t downs = 0, steps = 0;
    for (size_t i = 0; i < node->down_count; i++)
        if (!downs || node->downs[i].to - node->downs[downs - 1].to > SAME_START)
            node->downs[downs++] = node->downs[i];
    for (size_t i = 0; i < node->step_count; i++)
        if (!steps || !step_again(&node->steps[steps - 1], &node->steps[i]))
            node->steps[steps++] = node->steps[i];
    node->down_count = downs;
    node->step_count = steps;
}

static void node_sort(struct node *node)
{
    if (node->span_count)
        qsort(node->spans, node->span_count, sizeof *node->spans, spans_order);
    if (node->down_count)
        qsort(node->downs, node->down_count, sizeof *node->downs, downs_order);
    if (node->step_count)
        qsort(node->steps, node->step_count, sizeof *node->steps, steps_order);
    each_once(node);
}

static struct node_log *log_of(struct node *node, struct text channel)
{
    for (size_t i = 0; i < node->log_count; i++)
        if (text_equal_nocase(node->logs[i].channel, channel))
            return &node->logs[i];
    return NULL;
}

bool spans_join(const struct log_span *a, const struct log_span *b)
{
    return a->input == b->input && a->run && b->run && a->run->last_id + 1 == b->run->first_id &&
           text_equal_nocase(a->channel, b->channel);
}

uint64_t spans_missing(const struct log_span *a, const struct log_span *b)
{
    bool one_log = a->input == b->input && a->run && b->run && text_equal_nocase(a->channel, b->channel);
    return one_log && b->run->first_id > a->run->last_id ? b->run->first_id - a->run->last_id - 1 : 0;
}

static uint64_t missing_within(const struct coverage_run *run)
{
    uint64_t promised = run->last_id - run->first_id + 1;
    return promised > run->records ? promised - run->records : 0;
}

static void hole_add(struct arena *arena, struct node_log *log, const struct log_span *a, const struct log_span *b)
{
    uint64_t missing = spans_missing(a, b);
    log->missing += missing;
    if (b->first <= log->last || spans_join(a, b))
        return;
    log->holes = arena_grow(arena, log->holes, log->hole_count, &log->hole_capacity, sizeof *log->holes);
    log->holes[log->hole_count++] = (struct log_hole){ log->last, b->first, missing };
}

/* The lowest number of the log that the span stands in, whatever the machine was called when it was written. */
static uint64_t oldest_of(const struct log_span *span)
{
    uint64_t oldest = 0;
    for (const struct coverage *c = span->input->coverage; c; c = c->next)
        if (c->run_count && text_equal_nocase(c->channel, span->channel) &&
            (!oldest || c->runs[0].first_id < oldest))
            oldest = c->runs[0].first_id;
    return oldest;
}

/* What an account counts also lies beyond --from and --to; of an input with several logs it may be another one's. */
static void ends_mark(struct node_log *log, const struct log_span *s)
{
    const struct account *all = &s->input->account;
    bool cut = s->input->notices.seen[NOTICE_INPUT_BETWEEN] > 0 && all->first;
    if (s->first <= log->first)
        log->cut_before = cut && all->first < s->first;
    if (s->last >= log->last)
        log->cut_after = cut && all->last > s->last;
}

static void span_take(struct arena *arena, struct node *node, const struct log_span **before, const struct log_span *s)
{
    struct node_log *log = log_of(node, s->channel);
    if (!log) {
        log = &node->logs[node->log_count++];
        *log = (struct node_log){ .channel = s->channel, .first = s->first, .oldest = oldest_of(s) };
    }
    const struct log_span **last = &before[log - node->logs];
    if (*last)
        hole_add(arena, log, *last, s);
    log->missing += s->run ? missing_within(s->run) : 0;
    ends_mark(log, s);
    log->last = s->last > log->last ? s->last : log->last;
    if (!*last || s->last >= (*last)->last)
        *last = s;
}

/* At most as many logs as there are spans; a node has some dozen channels. */
static void logs_make(struct arena *arena, struct arena *scratch, struct node *node)
{
    const struct log_span **before = ARENA_NEW_N(scratch, const struct log_span *, node->span_count);
    node->logs = ARENA_NEW_N(arena, struct node_log, node->span_count);
    for (size_t i = 0; i < node->span_count; i++)
        span_take(arena, node, before, &node->spans[i]);
    if (node->log_count)
        qsort(node->logs, node->log_count, sizeof *node->logs, logs_order);
}

/* What is told of the clock; what each log shows of it stays, too. */
static void steps_take(struct arena *arena, struct node *node)
{
    node->step_count = node->mark_count;
    node->steps = ARENA_NEW_N(arena, struct clock_step, node->mark_count);
    if (node->mark_count)
        memcpy(node->steps, node->marks, node->mark_count * sizeof *node->marks);
}

void node_logs_find(struct arena *arena, struct timeline *t, struct node *(*find)(const struct timeline *t,
                    const struct input_result *input, struct text computer))
{
    const struct partial *p = t->partial;
    struct arena scratch;
    arena_init(&scratch);
    for (size_t i = 0; i < p->input_count; i++)
        for (const struct coverage *c = p->inputs[i]->coverage; c; c = c->next)
            spans_count(c, find(t, p->inputs[i], c->node));
    for (size_t i = 0; i < t->node_count; i++) {
        struct node *n = t->nodes[i];
        n->spans = ARENA_NEW_N(arena, struct log_span, n->span_count);
        n->downs = ARENA_NEW_N(arena, struct node_down, n->down_count);
        n->marks = ARENA_NEW_N(arena, struct clock_step, n->mark_count);
        n->span_count = n->down_count = n->mark_count = 0;
    }
    for (size_t i = 0; i < p->input_count; i++)
        for (const struct coverage *c = p->inputs[i]->coverage; c; c = c->next)
            coverage_put(find(t, p->inputs[i], c->node), p->inputs[i], c);
    for (size_t i = 0; i < t->node_count; i++) {
        steps_take(arena, t->nodes[i]);
        node_sort(t->nodes[i]);
        logs_make(arena, &scratch, t->nodes[i]);
        arena_reset(&scratch);
    }
    arena_done(&scratch);
}

static struct text value_of(const struct event *e, const char *name, size_t position)
{
    const struct event_field *f = event_field(e, text_from(name));
    f = f ? f : event_insert(e, position);
    return f ? text_trim(f->value) : TEXT("");
}

/* System 104 names the log; 517 (to 2003) and 1102 (since) are about the security log, in which they stand. */
static struct log_clear clear_of(const struct hit *hit)
{
    const struct event *e = hit->event;
    struct log_clear c = { .time = e->key.time, .hit = hit };
    if (e->key.id == 104) {
        c.channel = value_of(e, "Channel", 3);
        c.user = value_of(e, "SubjectUserName", 1);
    } else {
        c.channel = TEXT("Security");
        c.user = e->key.id == 517 ? value_of(e, "ClientUserName", 4) : value_of(e, "SubjectUserName", 2);
    }
    return c;
}

void node_clears_find(struct arena *arena, struct timeline *t)
{
    uint32_t rule;
    size_t *capacities = ARENA_NEW_N(arena, size_t, t->node_count);
    if (!ruleset_find(t->rules, TEXT("eventlog-cleared"), &rule))
        return;
    for (size_t i = 0; i < t->hit_count; i++) {
        struct node *n = t->nodes[t->node_of[i]->index];
        if (t->hits[i].rule != rule)
            continue;
        struct log_clear clear = clear_of(&t->hits[i]);
        n->clears = arena_grow(arena, n->clears, n->clear_count, &capacities[n->index], sizeof *n->clears);
        n->clears[n->clear_count++] = clear;
    }
}

/* NewTime and OldTime of Kernel-General 1.  Reason 2: the system slept, and took the time of its hardware when it woke
 * up; how far the clock itself was changed, nobody says then. */
static bool set_of(const struct event *e, struct clock_step *ret)
{
    *ret = (struct clock_step){ .said = true, .slept = text_equal(value_of(e, "Reason", 3), TEXT("2")) };
    if (!time_parse(value_of(e, "NewTime", 1), &ret->after) || !time_parse(value_of(e, "OldTime", 2), &ret->before))
        return false;
    ret->channel = e->key.channel;
    ret->record = e->key.record_id;
    if (ret->before == 0 || ret->after == 0)
        return false;
    return ret->before > ret->after + WORTH_SAYING || ret->after > ret->before + WORTH_SAYING;
}

void node_sets_find(struct arena *arena, struct timeline *t)
{
    uint32_t rule;
    struct clock_step set;
    size_t *capacities = ARENA_NEW_N(arena, size_t, t->node_count);
    if (!ruleset_find(t->rules, TEXT("kernel-general-1"), &rule))
        return;
    for (size_t i = 0; i < t->node_count; i++)
        capacities[i] = t->nodes[i]->mark_count;
    for (size_t i = 0; i < t->hit_count; i++) {
        struct node *n = t->nodes[t->node_of[i]->index];
        if (t->hits[i].rule != rule || !set_of(t->hits[i].event, &set))
            continue;
        n->marks = arena_grow(arena, n->marks, n->mark_count, &capacities[n->index], sizeof *n->marks);
        n->marks[n->mark_count++] = set;
    }
    for (size_t i = 0; i < t->node_count; i++) {
        steps_take(arena, t->nodes[i]);
        node_sort(t->nodes[i]);
    }
}

const struct log_clear *node_log_cleared(const struct node *node, const struct node_log *log)
{
    for (size_t i = node->clear_count; i-- > 0;) {
        const struct log_clear *c = &node->clears[i];
        bool begins = c->time <= log->first + CLEARED_AT && log->first <= c->time + CLEARED_AT;
        if (begins && text_equal_nocase(c->channel, log->channel))
            return c;
    }
    return NULL;
}

const struct node_log *node_log_find(const struct node *node, struct text channel)
{
    for (size_t i = 0; i < node->log_count; i++)
        if (text_equal_nocase(node->logs[i].channel, channel))
            return &node->logs[i];
    return NULL;
}
