#include "stats/stats.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/times.h"

struct run {
    const struct stats_options *options;
    struct stats *stats;
};

/* What a batch comes to; in the arena of its result. */
struct counted {
    struct tally tallies[STATS_TALLIES];
    uint64_t events, first, last;
};

#define QUARTER (900ull * TICKS_PER_SECOND) /* clocks are put forward or back at a quarter of an hour */

struct stats_worker {
    const struct stats_options *options;
    struct batch_result *result; /* being made */
    struct buf scratch;
    uint64_t quarter; /* whose offset from UTC is known */
    int64_t offset;   /* ticks */
};

/* What clocks showed in the zone. */
static uint64_t local_time(struct stats_worker *w, uint64_t time)
{
    if (time == 0 || time >= FILETIME_MAX)
        return 0;
    if (time / QUARTER != w->quarter) {
        w->quarter = time / QUARTER;
        w->offset = (int64_t)zone_offset(&w->options->zone, time) * TICKS_PER_SECOND;
    }
    return (int64_t)time + w->offset > 0 ? (uint64_t)((int64_t)time + w->offset) : time;
}

/* As event_level_name tells them apart. */
static uint32_t level_of(uint32_t level)
{
    return level == 0 || level > 5 ? 4 : level;
}

static bool wants(void *ctx, const struct event_key *key)
{
    struct stats_worker *w = ctx;
    struct counted *c = w->result->own;
    if (!filter_wants(&w->options->filter, key, &w->scratch))
        return false;
    struct tally_row row = {
        .key = { key->computer, key->channel, key->provider, key->id, level_of(key->level), local_time(w, key->time) },
        .events = 1,
        .first = key->time,
        .last = key->time,
    };
    for (size_t i = 0; i < STATS_TALLIES && w->options->parts[i]; i++)
        tally_add(&c->tallies[i], &row);
    c->events++;
    if (key->time && (!c->first || key->time < c->first))
        c->first = key->time;
    if (key->time > c->last)
        c->last = key->time;
    return false; /* the rest of it is not decoded */
}

static void *worker_new(void *ctx)
{
    const struct run *run = ctx;
    struct stats_worker *w = memory_new(sizeof *w);
    *w = (struct stats_worker){ .options = run->options, .quarter = UINT64_MAX };
    return w;
}

static void worker_free(void *worker)
{
    struct stats_worker *w = worker;
    buf_done(&w->scratch);
    free(w);
}

static void *counted_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(sizeof(struct counted));
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct stats_worker *w = worker;
    struct counted *c = r->own;
    *c = (struct counted){ .events = 0 };
    for (size_t i = 0; i < STATS_TALLIES; i++)
        tally_init(&c->tallies[i], &r->arena, w->options->parts[i]);
    w->result = r;
    *sink = (struct event_sink){ .ctx = w, .want = wants, .recover = w->options->recover };
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    const struct run *run = ctx;
    const struct counted *c = r->own;
    struct stats *s = run->stats;
    UNUSED(input);
    for (size_t i = 0; i < STATS_TALLIES; i++)
        tally_merge(&s->tallies[i], &c->tallies[i]);
    s->events += c->events;
    if (c->first && (!s->first || c->first < s->first))
        s->first = c->first;
    if (c->last > s->last)
        s->last = c->last;
    return true;
}

enum status stats_run(const struct stats_options *options, const struct path_list *paths, struct partial *partial,
                      size_t *not_logs, struct stats *ret)
{
    struct run run = { options, ret };
    const struct pipeline_use use = {
        .reader = options->reader,
        .ctx = &run,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = counted_new,
        .result_free = free,
        .begin = begin,
        .take_up = take_up,
    };
    *ret = (struct stats){ .events = 0 };
    for (size_t i = 0; i < STATS_TALLIES; i++)
        tally_init(&ret->tallies[i], &partial->arena, options->parts[i]);
    enum status status = pipeline_run(options->threads, &use, paths, partial, not_logs);
    for (size_t i = 0; i < STATS_TALLIES; i++)
        tally_sort(&ret->tallies[i]);
    return status;
}
