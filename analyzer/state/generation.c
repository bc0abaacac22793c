#include "state/generation.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/times.h"
#include "state/log_name.h"

/* Clocks are set; a log that was cleared begins anew long after that. */
#define CLOCK_SLACK (UINT64_C(3600) * TICKS_PER_SECOND)

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

static void log_index(struct known_logs *l, struct known_log *log)
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
        log_index(l, l->items[i]);
}

const struct marks *known_logs_asked(void *known_logs, struct text node, struct text channel)
{
    struct known_log *log = known_log_find(known_logs, node, channel);
    if (log)
        log_index(known_logs, log);
    return log ? &log->all : NULL;
}

/* What a part has to do with a generation, the better the higher. */
enum relation { RELATION_NONE, RELATION_GOES_ON, RELATION_FORKS, RELATION_SAME };

struct match {
    struct generation *of;
    enum relation relation;
    uint64_t id; /* FORKS: the last record that they have in common */
};

/* A part, and its own marks: by them a log that another input of this run holds as well is known again. */
struct part_marks {
    const struct log_part *part;
    struct marks own;
};

/* `met` is one of tonight's. */
static bool is_same(const struct mark *mark, const struct mark *met)
{
    return mark->time == met->time && (mark->checksum == met->checksum || mark->checksum == met->alike);
}

/* Marks decide, when any is met: `*same` is the highest number that is the same, `*other` the highest that is not. */
static void marks_compare(const struct generation *g, const struct part_marks *part, uint64_t *same, uint64_t *other)
{
    *same = *other = 0;
    for (size_t i = 0; i < g->marks.count; i++) {
        const struct mark *mark = &g->marks.items[i], *met = marks_find(&part->part->met, mark->id);
        if (!met)
            met = marks_find(&part->own, mark->id);
        if (met)
            *(is_same(mark, met) ? same : other) = mark->id;
    }
}

/* No mark is met: the part lies before, between or behind them. */
static enum relation relation_by_place(const struct generation *g, const struct log_part *part)
{
    uint64_t first = part->ids.items[0].first, last = id_runs_last(&part->ids);
    if (first > id_runs_last(&g->seen))
        return part->first_time + CLOCK_SLACK >= g->last_time ? RELATION_GOES_ON : RELATION_NONE;
    const struct mark *before = NULL, *behind = NULL;
    for (size_t i = 0; i < g->marks.count; i++) {
        const struct mark *mark = &g->marks.items[i];
        if (mark->id < first)
            before = mark;
        else if (mark->id > last && !behind)
            behind = mark;
    }
    bool fits = (!before || before->time <= part->first_time) && (!behind || part->last_time <= behind->time);
    return fits && (before || behind) ? RELATION_SAME : RELATION_NONE;
}

/* It ends in front of a mark, and later than that: behind the last mark that is the same it is not what was read. */
static bool is_past_mark(const struct generation *g, const struct log_part *part)
{
    for (size_t i = 0; i < g->marks.count; i++)
        if (g->marks.items[i].id > id_runs_last(&part->ids))
            return part->last_time > g->marks.items[i].time;
    return false;
}

static struct match match_of(struct generation *g, const struct part_marks *part)
{
    uint64_t same, other;
    marks_compare(g, part, &same, &other);
    if (!same && !other)
        return (struct match){ g, relation_by_place(g, part->part), 0 };
    if (!same)
        return (struct match){ g, RELATION_NONE, 0 };
    bool forks = other > same || is_past_mark(g, part->part);
    return (struct match){ g, forks ? RELATION_FORKS : RELATION_SAME, same };
}

/* Of equal ones that of the newest generation. */
static struct match match_find(const struct known_log *log, const struct part_marks *part)
{
    struct match best = { 0 };
    for (struct generation *g = log->generations; g; g = g->older) {
        struct match m = match_of(g, part);
        /* Only the newest can go on: the others have ended. */
        if (m.relation == RELATION_GOES_ON && g != log->generations)
            continue;
        if (m.relation > best.relation)
            best = m;
    }
    return best;
}

static void say(struct part_verdict *v, enum notice_code code, uint64_t value)
{
    if (v->notice_count < COUNT_OF(v->notices))
        v->notices[v->notice_count++] = (struct notice){ code, NOTICE_NO_OFFSET, value };
}

static void times_add(struct generation *g, uint64_t first, uint64_t last)
{
    if (first && (!g->first_time || first < g->first_time))
        g->first_time = first;
    if (last > g->last_time)
        g->last_time = last;
}

/* The spread ones in the middle go first: newest and oldest say most. */
static void marks_limit(struct marks *m)
{
    while (m->count > LIMIT_MARKS) {
        size_t kept = 0, old = m->count - LIMIT_MARKS / 2;
        for (size_t i = 0; i < m->count; i++)
            if (i >= old || i % 2 == 0)
                m->items[kept++] = m->items[i];
        m->count = kept;
    }
}

static void generation_enter(struct known_logs *known, struct generation *g, const struct part_marks *marks)
{
    const struct log_part *part = marks->part;
    for (size_t i = 0; i < part->ids.count; i++)
        id_runs_add(&g->seen, part->ids.items[i].first, part->ids.items[i].last);
    for (size_t i = 0; i < marks->own.count; i++)
        marks_add(known->arena, &g->marks, marks->own.items[i]);
    marks_limit(&g->marks);
    times_add(g, part->first_time, part->last_time);
    g->changed = true;
}

/* What both have in common up to `id` is known of the new generation as well. */
static struct generation *generation_fork(struct known_logs *known, struct known_log *log, const struct generation *of,
                                          uint64_t id)
{
    struct generation *g = generation_add(known, log);
    for (size_t i = 0; i < of->seen.count && of->seen.items[i].first <= id; i++)
        id_runs_add(&g->seen, of->seen.items[i].first, of->seen.items[i].last < id ? of->seen.items[i].last : id);
    for (size_t i = 0; i < of->marks.count && of->marks.items[i].id <= id; i++)
        marks_add(known->arena, &g->marks, of->marks.items[i]);
    times_add(g, of->first_time, of->first_time);
    return g;
}

/* A generation that no earlier one leads to. */
static struct generation *generation_begin(struct known_logs *known, struct known_log *log, struct part_verdict *v)
{
    const struct generation *before = log->generations;
    const struct log_part *part = v->part;
    uint64_t last = 0;
    for (const struct generation *g = before; g; g = g->older)
        last = g->last_time > last ? g->last_time : last;
    if (before && part->first_time + TICKS_PER_SECOND >= last)
        say(v, NOTICE_LOG_CLEARED, part->ids.items[0].first);
    else if (before)
        say(v, NOTICE_LOG_REPLACED, part->ids.items[0].first);
    return generation_add(known, log);
}

static void match_say(const struct match *m, struct part_verdict *v, const struct generation *newest)
{
    const struct log_part *part = v->part;
    uint64_t last = id_runs_last(&m->of->seen), first = part->ids.items[0].first;
    if (m->relation == RELATION_FORKS)
        say(v, NOTICE_LOG_ROLLED_BACK, m->id);
    else if (m->relation == RELATION_GOES_ON)
        say(v, first - last > 1 ? NOTICE_LOG_WRAPPED : NOTICE_LOG_ROTATED, first - last > 1 ? first - last - 1 : first);
    else if (m->relation == RELATION_SAME && (m->of != newest || id_runs_last(&part->ids) < last))
        say(v, NOTICE_LOG_OLDER, id_runs_last(&part->ids));
}

/* A generation that holds the same records, and none that differs; `*same`: the last one of them that is known. */
static struct generation *generation_alike(struct known_logs *known, struct known_log *log,
                                           const struct part_marks *part, uint64_t *same)
{
    uint64_t other;
    log_index(known, log);
    for (struct generation *g = log->generations; g; g = g->older) {
        marks_compare(g, part, same, &other);
        if (*same && !other)
            return g;
    }
    return NULL;
}

/* One of the node's logs in a list of them, but for `except`, that holds the same records; NULL. */
static struct known_log *log_alike(struct known_logs *known, struct known_log *const *of_node,
                                   const struct part_marks *part, const struct known_log *except,
                                   struct generation **generation, uint64_t *same)
{
    size_t looked_at = 0;
    struct known_log *log = of_node[chain_of(part->part->node, TEXT(""))];
    for (; log && looked_at < LIMIT_LOG_NAMES; log = log->same_node) {
        if (log == except || !text_equal_nocase(log->node, part->part->node))
            continue;
        looked_at++;
        *generation = generation_alike(known, log, part, same);
        if (*generation)
            return log;
    }
    return NULL;
}

static struct known_log *log_of(struct known_logs *known, const struct part_marks *part)
{
    struct known_log *log = known_log_find(known, part->part->node, part->part->channel);
    struct generation *alike;
    uint64_t same;
    if (!log && !part->part->written.n)
        log = log_alike(known, known->of_files, part, NULL, &alike, &same);
    if (!log)
        log = known_log_get(known, part->part->node, part->part->channel);
    log_index(known, log);
    return log;
}

/*
 * Of two logs whose records name different channels neither is the other.  The twin tells what happened to the log; that
 * it went back it can tell when it knows what came behind that.
 */
static void twin_judge(struct known_logs *known, const struct part_marks *part, const struct match *m,
                       struct part_verdict *v)
{
    struct generation *twin = NULL;
    struct id_runs rest;
    uint64_t same;
    if (!log_alike(known, known->of_files, part, v->log, &twin, &same) && !part->part->written.n)
        log_alike(known, known->of_channels, part, v->log, &twin, &same);
    if (!twin || twin->seen.coarse || is_past_mark(twin, part->part))
        return;
    if (m->relation != RELATION_FORKS || same > m->id)
        v->notice_count = 0;
    id_runs_init(&rest, known->arena);
    id_runs_without(&v->take, &twin->seen, &rest);
    /* Once: its log was not known before. */
    if (m->relation == RELATION_NONE && v->of->number == 1)
        say(v, NOTICE_LOG_TWIN, id_runs_count(&v->take) - id_runs_count(&rest));
    v->take = rest;
    v->twin = twin;
    twin->has_twin = true;
}

static void part_judge(struct known_logs *known, struct part_verdict *v)
{
    struct part_marks part = { .part = v->part };
    log_part_marks(v->part, known->arena, &part.own);
    struct known_log *log = log_of(known, &part);
    struct match m = match_find(log, &part);
    v->log = log;
    struct generation *g = m.of;
    if (m.relation != RELATION_NONE)
        match_say(&m, v, log->generations);
    if (m.relation == RELATION_NONE)
        g = generation_begin(known, log, v);
    else if (m.relation == RELATION_FORKS)
        g = generation_fork(known, log, m.of, m.id);
    v->of = g;
    id_runs_without(&v->part->ids, &g->seen, &v->take);
    twin_judge(known, &part, &m, v);
    generation_enter(known, g, &part);
}

/* Its marks stay: they say what the log is, not what was read of it. */
static void generation_take_back(struct known_logs *known, struct generation *g, const struct id_runs *taken)
{
    struct id_runs rest;
    id_runs_init(&rest, known->arena);
    id_runs_without(&g->seen, taken, &rest);
    g->seen = rest;
    g->changed = g->doubted = true;
}

void verdict_take_back(struct known_logs *known, struct part_verdict *all, size_t count, struct part_verdict *v)
{
    generation_take_back(known, v->of, &v->take);
    for (size_t i = 0; v->of->has_twin && i < count; i++)
        if (all[i].twin == v->of)
            generation_take_back(known, all[i].of, &v->take);
    id_runs_init(&v->take, known->arena);
}

static int verdicts_order(const void *left, const void *right)
{
    const struct log_part *a = (*(struct part_verdict *const *)left)->part;
    const struct log_part *b = (*(struct part_verdict *const *)right)->part;
    /* Of twins the one whose records say more: rules may ask for the channel. */
    if (!a->written.n != !b->written.n)
        return a->written.n ? -1 : 1;
    if (a->first_time != b->first_time)
        return a->first_time < b->first_time ? -1 : 1;
    if (a->ids.items[0].first != b->ids.items[0].first)
        return a->ids.items[0].first < b->ids.items[0].first ? -1 : 1;
    return strcmp(a->path, b->path);
}

/* Where a part ends. */
struct part_end {
    const char *path;
    struct text channel;
    uint64_t last;
};

static int ends_order(const void *left, const void *right)
{
    const struct part_end *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    if (!order)
        order = text_compare_nocase(a->channel, b->channel);
    return order ? order : (a->last > b->last) - (a->last < b->last);
}

static struct part_end *ends_make(struct arena *arena, const struct log_parts *parts)
{
    struct part_end *ends = ARENA_NEW_N(arena, struct part_end, parts->count);
    for (size_t i = 0; i < parts->count; i++)
        ends[i] = (struct part_end){ parts->items[i]->path, parts->items[i]->channel,
                                     id_runs_last(&parts->items[i]->ids) };
    if (parts->count)
        qsort(ends, parts->count, sizeof *ends, ends_order);
    return ends;
}

/* A part in front of it in the same input and channel ends where this one begins, under another name. */
static bool is_renamed(const struct part_end *ends, size_t count, const struct log_part *part)
{
    const struct part_end wanted = { part->path, part->channel, part->ids.items[0].first - 1 };
    return bsearch(&wanted, ends, count, sizeof wanted, ends_order) != NULL;
}

struct part_verdict *parts_judge(struct known_logs *known, const struct log_parts *parts)
{
    struct part_verdict *all = ARENA_NEW_N(known->arena, struct part_verdict, parts->count);
    struct part_verdict **order = ARENA_NEW_N(known->arena, struct part_verdict *, parts->count);
    const struct part_end *ends = ends_make(known->arena, parts);
    for (size_t i = 0; i < parts->count; i++) {
        all[i].part = parts->items[i];
        id_runs_init(&all[i].take, known->arena);
        order[i] = &all[i];
    }
    /* The oldest first: of rotated logs each goes on where the one before it ended. */
    if (parts->count)
        qsort(order, parts->count, sizeof(struct part_verdict *), verdicts_order);
    for (size_t i = 0; i < parts->count; i++) {
        const struct log_part *part = order[i]->part;
        bool first_met = !known_log_find(known, part->node, part->channel);
        part_judge(known, order[i]);
        if (first_met && is_renamed(ends, parts->count, part))
            say(order[i], NOTICE_NODE_RENAMED, part->ids.items[0].first);
        if (order[i]->take.coarse || part->ids.coarse)
            say(order[i], NOTICE_LOG_FRAGMENTS, LIMIT_ID_RUNS);
    }
    return all;
}
