#include "state/known_logs.h"

#include <stdlib.h>

#include "base/limits.h"
#include "state/log_name.h"

static size_t chain_of(struct text node, struct text channel)
{
    return (size_t)((text_hash_nocase(node) * 31 ^ text_hash_nocase(channel)) % LOG_CHAINS);
}

struct known_log *known_log_find(const struct known_logs *l, struct text node, struct text channel)
{
    struct known_log *log = l->chains[chain_of(node, channel)];
    while (log && !(text_equal_nocase(log->node, node) && text_equal_nocase(log->channel, channel)))
        log = log->same_hash;
    return log;
}

struct known_log *known_log_get(struct known_logs *l, struct text node, struct text channel)
{
    struct known_log *log = known_log_find(l, node, channel);
    if (log)
        return log;
    log = ARENA_NEW(l->arena, struct known_log);
    log->node = text_keep(l->arena, node);
    log->channel = text_keep(l->arena, channel);
    size_t chain = chain_of(node, channel);
    log->same_hash = l->chains[chain];
    l->chains[chain] = log;
    bool of_file = log_name_is_of_file(log->channel);
    struct known_log **of_node = &(of_file ? l->of_files : l->of_channels)[chain_of(node, TEXT(""))];
    log->same_node = *of_node;
    *of_node = log;
    l->items = arena_grow(l->arena, l->items, l->count, &l->capacity, sizeof(struct known_log *));
    return l->items[l->count++] = log;
}

struct generation *generation_add(struct known_logs *l, struct known_log *log)
{
    struct generation *g = ARENA_NEW(l->arena, struct generation);
    id_runs_init(&g->seen, l->arena);
    g->number = log->generations ? log->generations->number + 1 : 1;
    g->older = log->generations;
    return log->generations = g;
}

void known_log_index(struct known_logs *l, struct known_log *log)
{
    if (log->indexed)
        return;
    log->indexed = true;
    if (l->marks_load)
        l->marks_load(l->ctx, log);
    for (const struct generation *g = log->generations; g; g = g->older)
        for (size_t k = 0; k < g->marks.count; k++)
            marks_add(l->arena, &log->all, g->marks.items[k]);
}

void known_logs_index(struct known_logs *l)
{
    for (size_t i = 0; i < l->count; i++)
        known_log_index(l, l->items[i]);
}

size_t known_logs_of(const struct known_logs *l, struct text node, bool channels, struct known_log **ret)
{
    struct known_log *log = (channels ? l->of_channels : l->of_files)[chain_of(node, TEXT(""))];
    size_t n = 0;
    for (; log && n < LIMIT_LOG_NAMES; log = log->same_node)
        if (text_equal_nocase(log->node, node))
            ret[n++] = log;
    return n;
}

static struct known_log *log_of_file(const struct known_logs *l, const struct log_part *part)
{
    struct known_log *logs[LIMIT_LOG_NAMES];
    for (int channels = 0; channels < 2; channels++) {
        size_t n = known_logs_of(l, part->node, channels, logs);
        for (size_t i = 0; i < n; i++)
            if (logs[i]->file == part->file)
                return logs[i];
    }
    return NULL;
}

struct known_log *known_log_followed(const struct known_logs *l, const struct log_part *part)
{
    struct known_log *of_file = log_of_file(l, part);
    /* Two channels are never one log. */
    if (of_file && (!part->written.n || log_name_is_of_file(of_file->channel)))
        return of_file;
    return known_log_find(l, part->node, part->channel);
}

static void file_set(struct known_log *log, uint64_t file)
{
    log->file_changed = log->file_changed || log->file != file;
    log->file = file;
}

void known_log_note_file(struct known_logs *l, const struct log_part *part, struct known_log *log)
{
    struct known_log *before = log_of_file(l, part);
    if (before && before != log)
        file_set(before, 0);
    if (log)
        file_set(log, part->file);
}

size_t known_logs_like(struct known_logs *l, const struct log_part *part, bool named, struct known_log **ret)
{
    size_t n = known_logs_of(l, part->node, false, ret);
    if (!named)
        n += known_logs_of(l, part->node, true, ret + n);
    for (size_t i = 0; i < n; i++)
        known_log_index(l, ret[i]);
    return n;
}

/* Numbers of marks of all logs of a node that are called after files, or of all its logs; made when they are asked for. */
struct node_marks {
    struct text node;
    bool named;
    struct marks ids;
    struct node_marks *next;
};

static int marks_order(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static void ids_collect(struct known_logs *l, const struct log_part *part, bool named, struct marks *ret)
{
    struct known_log *logs[2 * LIMIT_LOG_NAMES];
    size_t n = known_logs_like(l, part, named, logs);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < logs[i]->all.count; k++) {
            ret->items = arena_grow(l->arena, ret->items, ret->count, &ret->capacity, sizeof *ret->items);
            ret->items[ret->count++] = logs[i]->all.items[k];
        }
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, marks_order);
}

static const struct marks *node_asked(struct known_logs *l, const struct log_part *part, bool named)
{
    struct node_marks **chain = &l->asked[chain_of(part->node, TEXT(""))], *found = *chain;
    while (found && !(found->named == named && text_equal_nocase(found->node, part->node)))
        found = found->next;
    if (!found) {
        found = ARENA_NEW(l->arena, struct node_marks);
        *found = (struct node_marks){ .node = part->node, .named = named, .next = *chain };
        ids_collect(l, part, named, &found->ids);
        *chain = found;
    }
    return &found->ids;
}

/* Of a twin as well: what is not compared may differ, and what a twin has is not taken. */
void known_logs_asked(void *known_logs, struct log_part *part)
{
    struct known_log *log = known_log_followed(known_logs, part);
    if (log)
        known_log_index(known_logs, log);
    bool named = part->written.n && !log_name_is_of_file(log ? log->channel : part->channel);
    part->asked[0] = log ? &log->all : NULL;
    part->asked[1] = node_asked(known_logs, part, named);
}
