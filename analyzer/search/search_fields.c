#include "search/search_fields.h"

#include <stdlib.h>

#include "base/limits.h"

struct listing {
    const struct search_options *options;
    struct partial *partial;
    struct field_names *names;
};

struct fields_worker {
    const struct listing *listing;
    struct batch_result *result; /* being made */
    struct buf scratch;
};

/* Where the name is, or would be. */
static size_t name_place(const struct field_names *names, struct text name, bool *is_there)
{
    size_t low = 0, high = names->count;
    *is_there = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare_nocase(names->items[middle], name);
        if (order == 0)
            *is_there = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool field_names_have(const struct field_names *names, struct text name)
{
    bool is_there;
    name_place(names, name, &is_there);
    return is_there;
}

static void name_add(struct field_names *names, struct arena *arena, struct text name)
{
    bool is_there;
    size_t place = name_place(names, name, &is_there);
    if (is_there || name.n == 0 || name.n > LIMIT_FIELD_NAME || names->count == LIMIT_FIELD_NAMES)
        return;
    names->items = arena_grow(arena, names->items, names->count, &names->capacity, sizeof *names->items);
    memmove(&names->items[place + 1], &names->items[place], (names->count - place) * sizeof *names->items);
    names->items[place] = text_keep(arena, name);
    names->count++;
}

static bool wants(void *ctx, const struct event_key *key)
{
    struct fields_worker *w = ctx;
    return filter_wants(&w->listing->options->show.filter, key, &w->scratch);
}

static void take(void *ctx, const struct event *e)
{
    struct fields_worker *w = ctx;
    for (size_t i = 0; i < e->field_count; i++)
        if (e->fields[i].part != EVENT_SYSTEM && e->fields[i].part != EVENT_RENDERING)
            name_add(w->result->own, &w->result->arena, e->fields[i].name);
}

static void *worker_new(void *ctx)
{
    struct fields_worker *w = memory_new(sizeof *w);
    *w = (struct fields_worker){ .listing = ctx };
    return w;
}

static void worker_free(void *worker)
{
    struct fields_worker *w = worker;
    buf_done(&w->scratch);
    free(w);
}

static void *names_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(sizeof(struct field_names));
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct fields_worker *w = worker;
    *(struct field_names *)r->own = (struct field_names){ .count = 0 };
    w->result = r;
    *sink = (struct event_sink){ .ctx = w, .want = wants, .event = take,
                                 .recover = w->listing->options->show.recover };
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    const struct listing *l = ctx;
    const struct field_names *found = r->own;
    UNUSED(input);
    for (size_t i = 0; i < found->count; i++)
        name_add(l->names, &l->partial->arena, found->items[i]);
    return true;
}

enum status search_fields_list(const struct search_options *options, const struct path_list *paths,
                               struct partial *partial, struct field_names *ret)
{
    struct listing listing = { options, partial, ret };
    const struct pipeline_use use = {
        .reader = options->show.reader,
        .ctx = &listing,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = names_new,
        .result_free = free,
        .begin = begin,
        .take_up = take_up,
    };
    size_t not_logs;
    *ret = (struct field_names){ .count = 0 };
    return pipeline_run(options->show.threads, &use, paths, partial, &not_logs);
}
