#include "cli/rule_search.h"

#include <stdlib.h>

#include "base/limits.h"
#include "match/trace.h"
#include "scan/pipeline.h"

struct context {
    const struct ruleset *rules;
    uint32_t rule;
    struct rule_search *search;
};

/* What a batch holds; the event lives in the arena of the batch's result. */
struct found {
    uint64_t events, matches;
    const struct event *nearest;
    uint32_t distance;
};

struct search_worker {
    const struct context *context;
    struct matcher *matcher;
    struct batch_result *result; /* being made */
};

static bool want_all(void *ctx, const struct event_key *key)
{
    UNUSED(ctx);
    UNUSED(key);
    return true;
}

/* As a scan sees it, screen included. */
static bool is_hit(struct search_worker *w, const struct event *event)
{
    size_t count;
    const uint32_t *hits = matcher_match(w->matcher, event, &count, NULL);
    for (size_t i = 0; i < count; i++)
        if (hits[i] == w->context->rule)
            return true;
    return false;
}

static void look(void *ctx, const struct event *event)
{
    struct search_worker *w = ctx;
    struct found *f = w->result->own;
    f->events++;
    f->matches += is_hit(w, event);
    if (f->nearest && f->distance == 0)
        return;
    trace_begin(w->matcher, w->context->rule, event);
    uint32_t distance = trace_distance(w->matcher);
    if (f->nearest && distance >= f->distance)
        return;
    f->nearest = event_keep(&w->result->arena, event, LIMIT_EVENT_BYTES);
    f->distance = distance;
}

static void *worker_new(void *ctx)
{
    const struct context *context = ctx;
    struct search_worker *w = memory_new(sizeof *w);
    *w = (struct search_worker){ .context = context, .matcher = matcher_new(context->rules) };
    return w;
}

static void worker_free(void *worker)
{
    struct search_worker *w = worker;
    matcher_free(w->matcher);
    free(w);
}

static void *found_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(sizeof(struct found));
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct search_worker *w = worker;
    *(struct found *)r->own = (struct found){ 0 };
    w->result = r;
    *sink = (struct event_sink){ .ctx = w, .want = want_all, .event = look };
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    const struct context *context = ctx;
    struct rule_search *s = context->search;
    const struct found *f = r->own;
    s->events += f->events;
    s->matches += f->matches;
    if (!f->nearest || (s->nearest && f->distance >= s->distance))
        return true;
    arena_reset(&s->arena);
    s->nearest = event_keep(&s->arena, f->nearest, LIMIT_EVENT_BYTES);
    s->nearest_path = text_keep_format(&s->arena, "%.*s", TEXT_ARG(input->path)).p;
    s->distance = f->distance;
    return true;
}

void rule_search_run(const struct ruleset *rules, uint32_t rule, const struct path_list *paths, unsigned threads,
                     struct rule_search *ret)
{
    struct context context = { rules, rule, ret };
    const struct pipeline_use use = {
        .reader = READ_NATIVE,
        .ctx = &context,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = found_new,
        .result_free = free,
        .begin = begin,
        .take_up = take_up,
    };
    *ret = (struct rule_search){ .events = 0 };
    arena_init(&ret->arena);
    partial_init(&ret->partial);
    if (pipeline_run(threads, &use, paths, &ret->partial, &ret->not_logs) > ST_OK)
        return; /* damage or not: what could be read was looked at, the accounts say the rest */
}

void rule_search_done(struct rule_search *s)
{
    partial_done(&s->partial);
    arena_done(&s->arena);
}
