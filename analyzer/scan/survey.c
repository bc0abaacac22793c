#include "scan/survey.h"

#include <stdlib.h>

/* Keys of a batch, in the arena of its result. */
struct keys {
    struct event_key *items;
    size_t count, capacity;
};

static bool key_take(void *ctx, const struct event_key *key)
{
    struct batch_result *r = ctx;
    struct keys *k = r->own;
    k->items = arena_grow(&r->arena, k->items, k->count, &k->capacity, sizeof *k->items);
    struct event_key *kept = &k->items[k->count++];
    *kept = *key;
    /* Records of a log mostly name the same things: they are kept once. */
    const struct event_key *before = k->count > 1 ? kept - 1 : NULL;
    struct text *texts[] = { &kept->provider, &kept->channel, &kept->computer };
    const struct text known[] = { before ? before->provider : TEXT(""), before ? before->channel : TEXT(""),
                                  before ? before->computer : TEXT("") };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = before && text_equal(*texts[i], known[i]) ? known[i] : text_keep(&r->arena, *texts[i]);
    return false;
}

static void event_ignore(void *ctx, const struct event *event)
{
    UNUSED(ctx);
    UNUSED(event);
}

static void *nothing_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(1);
}

static void *keys_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(sizeof(struct keys));
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    UNUSED(worker);
    *(struct keys *)r->own = (struct keys){ 0 };
    *sink = (struct event_sink){ .ctx = r, .want = key_take, .event = event_ignore };
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    const struct survey_sink *sink = ctx;
    const struct keys *k = r->own;
    UNUSED(input);
    for (size_t i = 0; i < k->count; i++)
        sink->record(sink->ctx, r->path, &k->items[i]);
    return true;
}

void survey_run(unsigned threads, enum reader_use reader, const struct path_list *paths,
                const struct survey_sink *sink, struct partial *accounts)
{
    size_t not_logs;
    struct survey_sink own = *sink;
    const struct pipeline_use use = {
        .reader = reader,
        .ctx = &own,
        .worker_new = nothing_new,
        .worker_free = free,
        .result_new = keys_new,
        .result_free = free,
        .begin = begin,
        .take_up = take_up,
    };
    struct path_list sound = *paths;
    sound.problem_count = 0;
    if (pipeline_run(threads, &use, &sound, accounts, &not_logs) == ST_LOST_RUN)
        not_logs = 0; /* what was lost is said when the inputs are read */
}
