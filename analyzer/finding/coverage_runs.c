#include "finding/coverage_runs.h"

#include <stdlib.h>

#include "base/limits.h"

#define SECONDS(n) ((uint64_t)(n) * TICKS_PER_SECOND)

/* A start is told by several records; they stand together. */
#define SAME_START SECONDS(120)

/* Records are numbered when they are written and timed when they are made, some seconds earlier (corpus: up to 1.3 s). */
#define STEP SECONDS(60)

enum mark { MARK_NONE, MARK_START, MARK_STOP };

static bool is_from(const struct event_key *key, const char *provider)
{
    return text_equal_nocase(key->provider, text_from(provider));
}

static enum mark mark_of(const struct event_key *key)
{
    switch (key->id) {
    case 6005:
    case 6009:
        return is_from(key, "EventLog") ? MARK_START : MARK_NONE;
    case 12:
        return is_from(key, "Microsoft-Windows-Kernel-General") ? MARK_START : MARK_NONE;
    case 6006:
        return is_from(key, "EventLog") ? MARK_STOP : MARK_NONE;
    case 13:
        return is_from(key, "Microsoft-Windows-Kernel-General") ? MARK_STOP : MARK_NONE;
    default:
        return MARK_NONE;
    }
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

static void run_time(struct coverage_run *r, uint64_t time)
{
    if (time == 0)
        return;
    if (r->first == 0 || time < r->first)
        r->first = time;
    if (time > r->last)
        r->last = time;
}

/* Beyond the limit the oldest one goes: what is asked about is mostly recent. */
static void start_add(struct coverage *c, struct arena *arena, struct coverage_start start)
{
    const struct coverage_start *last = c->start_count ? &c->starts[c->start_count - 1] : NULL;
    if (start.time == 0 || (last && !start.orderly && distance(last->time, start.time) < SAME_START))
        return;
    if (c->start_count == LIMIT_COVERAGE_STARTS)
        memmove(c->starts, c->starts + 1, --c->start_count * sizeof *c->starts);
    c->starts = arena_grow(arena, c->starts, c->start_count, &c->start_capacity, sizeof *c->starts);
    c->starts[c->start_count++] = start;
}

static void step_add(struct coverage *c, struct arena *arena, struct coverage_step step)
{
    size_t least = 0;
    if (c->step_count < LIMIT_COVERAGE_STEPS) {
        c->steps = arena_grow(arena, c->steps, c->step_count, &c->step_capacity, sizeof *c->steps);
        c->steps[c->step_count++] = step;
        return;
    }
    for (size_t i = 1; i < c->step_count; i++)
        if (c->steps[i].before - c->steps[i].after < c->steps[least].before - c->steps[least].after)
            least = i;
    if (step.before - step.after > c->steps[least].before - c->steps[least].after)
        c->steps[least] = step;
}

static void step_look(struct coverage *c, struct arena *arena, uint64_t id, uint64_t before, uint64_t after)
{
    if (before && after && after < before && before - after > STEP)
        step_add(c, arena, (struct coverage_step){ id, before, after });
}

static void run_join(struct coverage_run *a, const struct coverage_run *b)
{
    if (b->first_id < a->first_id) {
        a->first_id = b->first_id;
        a->opens = b->opens ? b->opens : a->opens;
        a->started = b->started;
    }
    if (b->last_id > a->last_id) {
        a->last_id = b->last_id;
        a->newest = b->newest ? b->newest : a->newest;
        a->stopped = b->stopped;
    }
    a->records += b->records;
    run_time(a, b->first);
    run_time(a, b->last);
}

/* What the first record of a run does not know about the one before it. */
static void join_tell(struct coverage *c, const struct coverage_run *a, const struct coverage_run *b)
{
    for (size_t i = 0; i < c->start_count; i++)
        if (c->starts[i].id == b->first_id && c->starts[i].before == 0) {
            c->starts[i].before = a->newest;
            c->starts[i].orderly = a->stopped;
        }
}

static int runs_order(const void *left, const void *right)
{
    const struct coverage_run *a = left, *b = right;
    if (a->first_id != b->first_id)
        return a->first_id < b->first_id ? -1 : 1;
    return (a->last_id > b->last_id) - (a->last_id < b->last_id);
}

static int starts_order(const void *left, const void *right)
{
    const struct coverage_start *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static int steps_order(const void *left, const void *right)
{
    const struct coverage_step *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static int ticks_order(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static uint64_t hole_between(const struct coverage_run *a, const struct coverage_run *b)
{
    return distance(a->newest, b->opens);
}

/* Runs that follow each other, and those with the shortest time between them when there are too many: `longest` is the
 * longest hole that is given up. */
static void runs_join(struct coverage *c, uint64_t longest, size_t too_many)
{
    size_t kept = 0;
    for (size_t i = 1; i < c->run_count; i++) {
        struct coverage_run *a = &c->runs[kept], *b = &c->runs[i];
        bool follows = b->first_id - 1 <= a->last_id;
        bool give_up = !follows && too_many && hole_between(a, b) <= longest;
        if (follows)
            join_tell(c, a, b);
        if (follows || give_up)
            run_join(a, b);
        else
            c->runs[++kept] = *b;
        too_many -= give_up;
    }
    c->run_count = kept + 1;
}

static uint64_t longest_given_up(const struct coverage *c, size_t too_many)
{
    uint64_t holes[2 * LIMIT_COVERAGE_RUNS];
    for (size_t i = 1; i < c->run_count; i++)
        holes[i - 1] = hole_between(&c->runs[i - 1], &c->runs[i]);
    qsort(holes, c->run_count - 1, sizeof *holes, ticks_order);
    return holes[too_many - 1];
}

void runs_settle(struct coverage *c)
{
    if (c->run_count == 0)
        return;
    qsort(c->runs, c->run_count, sizeof *c->runs, runs_order);
    runs_join(c, 0, 0);
    if (c->run_count > LIMIT_COVERAGE_RUNS) {
        size_t too_many = c->run_count - LIMIT_COVERAGE_RUNS;
        runs_join(c, longest_given_up(c, too_many), too_many);
    }
    if (c->start_count)
        qsort(c->starts, c->start_count, sizeof *c->starts, starts_order);
    if (c->step_count)
        qsort(c->steps, c->step_count, sizeof *c->steps, steps_order);
}

static struct coverage_run *run_last(struct coverage *c)
{
    return c->run_count ? &c->runs[c->run_count - 1] : NULL;
}

/* Always succeeds: when the input has too many, the last one swallows it. */
static void run_new(struct coverage *c, struct arena *arena, const struct coverage_run *run, size_t *all)
{
    if (c->run_count == 2 * LIMIT_COVERAGE_RUNS) {
        *all -= c->run_count;
        runs_settle(c);
        *all += c->run_count;
    }
    if (c->run_count && *all >= LIMIT_COVERAGE_ALL_RUNS) {
        run_join(run_last(c), run);
        return;
    }
    c->runs = arena_grow(arena, c->runs, c->run_count, &c->run_capacity, sizeof *c->runs);
    c->runs[c->run_count++] = *run;
    ++*all;
}

void runs_add(struct coverage *c, struct arena *arena, const struct event_key *key, size_t *all)
{
    uint64_t id = key->record_id, time = key->time < FILETIME_MAX ? key->time : 0;
    enum mark mark = mark_of(key);
    struct coverage_run *last = run_last(c);
    struct coverage_run one = { .first_id = id, .last_id = id, .records = 1, .first = time, .last = time, .opens = time,
                                .newest = time, .started = mark == MARK_START, .stopped = mark == MARK_STOP };
    bool follows = last && id - 1 == last->last_id;
    if (id == 0 || (last && id >= last->first_id && id <= last->last_id))
        return;
    /* Kernel-General 12 bears the time of the boot, earlier than what was written before it: no step. */
    if (mark == MARK_START)
        start_add(c, arena, (struct coverage_start){ id, time, follows ? last->newest : 0, follows && last->stopped });
    else if (follows)
        step_look(c, arena, id, last->newest, time);
    if (follows)
        run_join(last, &one);
    else
        run_new(c, arena, &one, all);
}

void runs_merge(struct coverage *c, struct arena *arena, const struct coverage *part, size_t *all)
{
    for (size_t i = 0; i < part->start_count; i++)
        start_add(c, arena, part->starts[i]);
    for (size_t i = 0; i < part->step_count; i++)
        step_add(c, arena, part->steps[i]);
    for (size_t i = 0; i < part->run_count; i++) {
        const struct coverage_run *run = &part->runs[i];
        struct coverage_run *last = run_last(c);
        if (last && run->first_id - 1 == last->last_id) {
            join_tell(c, last, run);
            if (!run->started)
                step_look(c, arena, run->first_id, last->newest, run->opens);
            run_join(last, run);
        } else {
            run_new(c, arena, run, all);
        }
    }
}
