#include "state/generation.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/times.h"
#include "state/twin.h"

/* Clocks are set; a log that was cleared begins anew long after that. */
#define CLOCK_SLACK (UINT64_C(3600) * TICKS_PER_SECOND)

/* What a part has to do with a generation, the better the higher. */
enum relation { RELATION_NONE, RELATION_GOES_ON, RELATION_FORKS, RELATION_SAME };

struct match {
    struct generation *of;
    enum relation relation;
    uint64_t id; /* FORKS: the last record that they have in common */
};

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

static struct match match_of(struct generation *g, const struct part_marks *part)
{
    struct agreement a = part_agreement(g, part);
    if (!a.same && !a.other)
        return (struct match){ g, relation_by_place(g, part->part), 0 };
    if (!a.same)
        return (struct match){ g, RELATION_NONE, 0 };
    bool forks = a.other > a.same || is_past_mark(g, part->part);
    return (struct match){ g, forks ? RELATION_FORKS : RELATION_SAME, a.same };
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
    uint64_t last = id_runs_last(&m->of->seen);
    if (m->relation == RELATION_FORKS)
        say(v, NOTICE_LOG_ROLLED_BACK, m->id);
    else if (m->relation == RELATION_SAME && (m->of != newest || id_runs_last(&v->part->ids) < last))
        say(v, NOTICE_LOG_OLDER, id_runs_last(&v->part->ids));
}

/* What lies in between may be in a twin: rotated, it has a name that tells the channel. */
static void gap_say(struct known_logs *known, const struct match *m, struct part_verdict *v, const struct twin *twin)
{
    uint64_t first = v->part->ids.items[0].first;
    uint64_t lost = twin_gap_rest(known, v->log, m->of, v->part, twin);
    if (lost)
        say(v, NOTICE_LOG_WRAPPED, lost);
    else if (!twin->of)
        say(v, NOTICE_LOG_ROTATED, first);
}

/* The log of the node that is called after a file and holds the same records, and none that differs; NULL. */
static struct known_log *log_alike(struct known_logs *known, const struct part_marks *part)
{
    struct known_log *logs[LIMIT_LOG_NAMES];
    size_t n = known_logs_of(known, part->part->node, false, logs);
    for (size_t i = 0; i < n; i++) {
        known_log_index(known, logs[i]);
        for (const struct generation *g = logs[i]->generations; g; g = g->older) {
            struct agreement a = part_agreement(g, part);
            if (a.same && !a.other)
                return logs[i];
        }
    }
    return NULL;
}

static struct known_log *log_of(struct known_logs *known, const struct part_marks *part, bool alone)
{
    const struct log_part *p = part->part;
    struct known_log *log = alone ? known_log_followed(known, p) : known_log_find(known, p->node, p->channel);
    if (!log && !p->written.n)
        log = log_alike(known, part);
    if (!log)
        log = known_log_get(known, p->node, p->channel);
    known_log_index(known, log);
    known_log_note_file(known, p, alone ? log : NULL);
    return log;
}

/*
 * What its twin has told is not told again.  One that had no past when the log was cleared, or went back, has told
 * nothing; nor has one that knows of nothing behind the record that it went back to.
 */
static void twin_hush(const struct match *m, const struct twin *twin, struct part_verdict *v)
{
    bool told = twin->of->told || twin->of->number > 1;
    bool quiet = m->relation == RELATION_SAME || (m->relation == RELATION_NONE && told) ||
                 (m->relation == RELATION_FORKS && told && twin->same > m->id);
    if (quiet)
        v->notice_count = 0;
}

/* The twin was read further, and of that nothing is here: the log went back, and only the twin could know. */
static void twin_fork(struct known_logs *known, const struct match *m, const struct twin *twin, struct part_verdict *v,
                      struct known_log *log)
{
    bool first = m->relation == RELATION_NONE && v->of->number == 1;
    bool goes_on = (m->relation == RELATION_SAME || m->relation == RELATION_GOES_ON) && m->of == log->generations &&
                   !generations_agreement(m->of, twin->of).other;
    if (!first && !goes_on)
        return;
    if (m->relation == RELATION_SAME)
        v->notice_count = 0;
    say(v, NOTICE_LOG_ROLLED_BACK, twin->same);
    if (goes_on)
        v->of = generation_fork(known, log, m->of, UINT64_MAX);
}

/* Up to the last record that is known to be the same: behind it a snapshot may have been restored, and nothing tells. */
static void twin_take(struct known_logs *known, const struct match *m, const struct twin *twin, struct part_verdict *v)
{
    struct id_runs have, rest;
    id_runs_init(&have, known->arena);
    id_runs_init(&rest, known->arena);
    for (size_t i = 0; i < twin->of->seen.count; i++) {
        struct id_run run = twin->of->seen.items[i];
        if (run.last > twin->same)
            run.last = twin->same;
        if (run.first <= run.last)
            id_runs_add(&have, run.first, run.last);
    }
    id_runs_without(&v->take, &have, &rest);
    /* Once: its log was not known before. */
    if (m->relation == RELATION_NONE && v->of->number == 1)
        say(v, NOTICE_LOG_TWIN, id_runs_count(&v->take) - id_runs_count(&rest));
    v->take = rest;
    v->twin = twin->of;
    twin->of->has_twin = true;
}

static void twin_judge(struct known_logs *known, const struct part_marks *part, const struct match *m,
                       struct part_verdict *v, struct known_log *log)
{
    struct twin twin = twin_find(known, log, part);
    if (twin.of && !twin.forks)
        twin_hush(m, &twin, v);
    if (m->relation == RELATION_GOES_ON)
        gap_say(known, m, v, &twin);
    if (twin.of && twin.forks)
        twin_fork(known, m, &twin, v, log);
    if (twin.of)
        twin_take(known, m, &twin, v);
}

static bool is_told(const struct part_verdict *v)
{
    for (size_t i = 0; i < v->notice_count; i++)
        if (v->notices[i].code == NOTICE_LOG_CLEARED || v->notices[i].code == NOTICE_LOG_REPLACED ||
            v->notices[i].code == NOTICE_LOG_ROLLED_BACK)
            return true;
    return false;
}

static void part_judge(struct known_logs *known, struct part_verdict *v, bool alone)
{
    struct part_marks part = { .part = v->part };
    log_part_marks(v->part, known->arena, &part.own);
    struct known_log *log = log_of(known, &part, alone);
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
    twin_judge(known, &part, &m, v, log);
    v->of->told = v->of->told || is_told(v);
    generation_enter(known, v->of, &part);
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

static int inputs_order(const void *left, const void *right)
{
    const struct log_part *a = *(struct log_part *const *)left, *b = *(struct log_part *const *)right;
    int order = strcmp(a->path, b->path);
    return order ? order : text_compare_nocase(a->node, b->node);
}

/* By index: its input holds no other log of its node. */
static const bool *parts_alone(struct arena *arena, const struct log_parts *parts)
{
    bool *alone = ARENA_NEW_N(arena, bool, parts->count);
    struct log_part **sorted = ARENA_NEW_N(arena, struct log_part *, parts->count);
    size_t n = parts->count;
    for (size_t i = 0; i < n; i++)
        sorted[i] = parts->items[i];
    if (n)
        qsort(sorted, n, sizeof *sorted, inputs_order);
    for (size_t i = 0; i < n; i++)
        alone[sorted[i]->index] = (!i || inputs_order(&sorted[i - 1], &sorted[i])) &&
                                  (i + 1 == n || inputs_order(&sorted[i], &sorted[i + 1]));
    return alone;
}

struct part_verdict *parts_judge(struct known_logs *known, const struct log_parts *parts)
{
    struct part_verdict *all = ARENA_NEW_N(known->arena, struct part_verdict, parts->count);
    struct part_verdict **order = ARENA_NEW_N(known->arena, struct part_verdict *, parts->count);
    const struct part_end *ends = ends_make(known->arena, parts);
    const bool *alone = parts_alone(known->arena, parts);
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
        part_judge(known, order[i], alone[part->index]);
        if (first_met && is_renamed(ends, parts->count, part))
            say(order[i], NOTICE_NODE_RENAMED, part->ids.items[0].first);
        if (order[i]->take.coarse || part->ids.coarse)
            say(order[i], NOTICE_LOG_FRAGMENTS, LIMIT_ID_RUNS);
    }
    return all;
}
