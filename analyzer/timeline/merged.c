#include "timeline/merged.h"

#include <errno.h>
#include <stdlib.h>

#include "base/limits.h"
#include "corr/clock.h"
#include "corr/clock_stretch.h"
#include "corr/node_zone.h"
#include "match/matcher.h"
#include "timeline/line.h"
#include "timeline/rows.h"

struct merging {
    const struct merged_options *options;
    struct partial *partial;
    struct rows *rows;
    struct text *nodes; /* names, in order of first appearance; the last of them may stand for many */
    size_t node_count, node_capacity;
    size_t latest;
    struct text *logs; /* channels, same */
    size_t log_count, log_capacity;
    size_t latest_log;
    int spill;
    /* while lines are written */
    const struct timeline *timeline;
    const struct node **met; /* per node; NULL when there are too many */
    struct text *shown; /* per node: its name as the timeline knows it */
    const struct zone **zones; /* same: of its times */
    unsigned node_columns;     /* of text */
    struct buf out;
    uint64_t lines;
    bool written;
};

/* An event of a batch that became a line, a match or both. */
struct kept {
    struct row row;
    bool is_line;
    struct text node, log, line;
    const struct event *match; /* NULL: none */
    const uint32_t *rules;
    size_t rule_count;
    struct kept *next;
};

/* What a batch comes to; in the arena of its result. */
struct merged_batch {
    struct input_result covered; /* only its coverage is used */
    struct kept *first, **last;
    size_t line_bytes, match_bytes;
    uint64_t dropped;
};

struct merged_worker {
    const struct merging *merging;
    struct matcher *matcher;
    struct batch_result *result; /* being made */
    struct buf scratch, line;
    bool filtered, wanted; /* of the event whose key was seen last */
    bool read, doubted;    /* same: by rules, or as a line; by its coverage */
};

static bool wants(void *ctx, const struct event_key *key)
{
    struct merged_worker *w = ctx;
    const struct merged_options *o = w->merging->options;
    struct merged_batch *b = w->result->own;
    w->doubted = coverage_doubts(&b->covered, key);
    if (!w->doubted)
        coverage_add(&b->covered, &w->result->arena, key);
    w->filtered = filter_wants(&o->filter, key, &w->scratch);
    w->wanted = w->filtered && (o->all || (key->level >= 1 && key->level <= 3));
    w->read = w->wanted || matcher_wants(w->matcher, key);
    return w->read || w->doubted;
}

static struct kept *kept_new(struct merged_worker *w, const struct event *e)
{
    struct merged_batch *b = w->result->own;
    struct kept *k = ARENA_NEW(&w->result->arena, struct kept);
    k->row = (struct row){ .time = e->key.time, .record = e->key.record_id };
    *b->last = k;
    b->last = &k->next;
    return k;
}

static void match_keep(struct merged_worker *w, const struct event *e, const uint32_t *rules, size_t count,
                       struct kept *k)
{
    struct arena *arena = &w->result->arena;
    struct merged_batch *b = w->result->own;
    if (b->match_bytes > LIMIT_BATCH_HITS) {
        b->dropped += count;
        return;
    }
    k->match = event_keep(arena, e, LIMIT_HIT_TEXT);
    b->match_bytes += event_size(k->match);
    k->rules = memcpy(ARENA_NEW_N(arena, uint32_t, count), rules, count * sizeof *rules);
    k->rule_count = count;
}

/* What an event tells about its node day by day is no news. */
static bool any_but_facts(const struct ruleset *all, const uint32_t *rules, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || !ruleset_info(all, rules[i])->fact;
    return any;
}

static void take(void *ctx, const struct event *e)
{
    struct merged_worker *w = ctx;
    struct merged_batch *b = w->result->own;
    size_t count;
    if (w->doubted)
        (e->marks & EVENT_PARTIAL ? coverage_add_torn : coverage_add)(&b->covered, &w->result->arena, &e->key);
    if (!w->read)
        return;
    const uint32_t *rules = matcher_match(w->matcher, e, &count, &w->result->notices);
    bool is_line = w->wanted || (w->filtered && any_but_facts(w->merging->options->rules, rules, count));
    if (!is_line && !count)
        return;
    struct kept *k = kept_new(w, e);
    if (count)
        match_keep(w, e, rules, count, k);
    if (is_line && b->line_bytes > LIMIT_BATCH_TEXT) {
        (void)!notice_add(&w->result->notices, NOTICE_SHOW_LEFT_OUT, e->offset, e->key.record_id);
    } else if (is_line) {
        w->line.n = 0;
        line_make(w->merging->options, e, rules, count, &w->scratch, &w->line);
        k->is_line = true;
        k->node = text_keep(&w->result->arena, e->key.computer);
        k->log = text_keep(&w->result->arena, e->key.channel);
        k->line = text_keep(&w->result->arena, buf_text(&w->line));
        b->line_bytes += w->line.n;
    }
}

static void *worker_new(void *ctx)
{
    const struct merging *m = ctx;
    struct merged_worker *w = memory_new(sizeof *w);
    *w = (struct merged_worker){ .merging = m, .matcher = matcher_new(m->options->rules) };
    return w;
}

static void worker_free(void *worker)
{
    struct merged_worker *w = worker;
    matcher_free(w->matcher);
    buf_done(&w->scratch);
    buf_done(&w->line);
    free(w);
}

static void *batch_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(sizeof(struct merged_batch));
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct merged_worker *w = worker;
    struct merged_batch *b = r->own;
    *b = (struct merged_batch){ .last = &b->first };
    w->result = r;
    *sink = (struct event_sink){ .ctx = w, .want = wants, .event = take, .recover = w->merging->options->recover };
}

/* The place of a name, `*count` when it is new; the same names come one behind the other. */
static size_t name_place(const struct text *names, size_t count, struct text name, size_t latest)
{
    if (latest < count && text_equal_nocase(names[latest], name))
        return latest;
    for (size_t i = 0; i < count; i++)
        if (text_equal_nocase(names[i], name))
            return i;
    return count;
}

/* Names can be made up, one a record: behind the limit all share the last number, and no clock is known of them. */
static uint32_t node_number(struct merging *m, struct text name)
{
    m->latest = name_place(m->nodes, m->node_count, name, m->latest);
    if (m->latest < m->node_count)
        return (uint32_t)m->latest;
    if (m->node_count > LIMIT_TIMELINE_NODES)
        return (uint32_t)(m->latest = LIMIT_TIMELINE_NODES);
    bool last = m->node_count == LIMIT_TIMELINE_NODES;
    m->nodes = arena_grow(&m->partial->arena, m->nodes, m->node_count, &m->node_capacity, sizeof *m->nodes);
    m->nodes[m->node_count++] = last ? TEXT("(others)") : text_keep(&m->partial->arena, name);
    return (uint32_t)m->latest;
}

/* Same; of a record in a log behind the limit only its time tells which of the times of a clock it is. */
static uint32_t log_number(struct merging *m, struct text name)
{
    m->latest_log = name_place(m->logs, m->log_count, name, m->latest_log);
    if (m->latest_log < m->log_count || m->log_count == LIMIT_TIMELINE_LOGS)
        return (uint32_t)m->latest_log;
    m->logs = arena_grow(&m->partial->arena, m->logs, m->log_count, &m->log_capacity, sizeof *m->logs);
    m->logs[m->log_count++] = text_keep(&m->partial->arena, name);
    return (uint32_t)m->latest_log;
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    struct merging *m = ctx;
    const struct merged_batch *b = r->own;
    coverage_merge(input, &m->partial->arena, &b->covered);
    partial_drop(m->partial, input, b->dropped);
    for (struct kept *k = b->first; k; k = k->next) {
        if (k->match)
            partial_add_match(m->partial, k->rules, k->rule_count, k->match, input);
        if (!k->is_line)
            continue;
        k->row.node = node_number(m, k->node);
        k->row.log = log_number(m, k->log);
        errno = 0;
        if (!rows_add(m->rows, k->row, k->line)) {
            m->spill = errno ? errno : EIO;
            return false;
        }
    }
    return true;
}

struct ranked {
    struct text name;
    uint32_t number;
};

static int name_order(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    int order = text_compare_nocase(a->name, b->name);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static const uint32_t *ranks_of(struct arena *arena, const struct merging *m)
{
    struct ranked *names = ARENA_NEW_N(arena, struct ranked, m->node_count);
    uint32_t *ranks = ARENA_NEW_N(arena, uint32_t, m->node_count);
    for (size_t i = 0; i < m->node_count; i++)
        names[i] = (struct ranked){ m->nodes[i], (uint32_t)i };
    if (m->node_count)
        qsort(names, m->node_count, sizeof *names, name_order);
    for (size_t i = 0; i < m->node_count; i++)
        ranks[names[i].number] = (uint32_t)i;
    return ranks;
}

static void drain(struct merging *m)
{
    m->written = m->written && m->options->write(buf_text(&m->out));
    m->out.n = 0;
}

static bool line_write(void *ctx, const struct row *row, uint64_t corrected, struct text text)
{
    struct merging *m = ctx;
    const struct line_place place = { corrected, row->time, m->shown[row->node], m->zones[row->node], m->node_columns };
    line_put(m->options, &place, text, &m->out);
    if (m->out.n > BATCH_SIZE)
        drain(m);
    return m->written && ++m->lines < m->options->limit;
}

static int64_t ahead_of(const void *ctx, const struct row *row)
{
    const struct merging *m = ctx;
    struct text log = row->log < m->log_count ? m->logs[row->log] : TEXT("");
    return m->met[row->node] ? clock_ahead_of(m->met[row->node], log, row->record, row->time) : 0;
}

static void lines_write(struct arena *arena, struct merging *m)
{
    m->met = ARENA_NEW_N(arena, const struct node *, m->node_count);
    m->shown = ARENA_NEW_N(arena, struct text, m->node_count);
    m->zones = ARENA_NEW_N(arena, const struct zone *, m->node_count);
    for (size_t i = 0; i < m->node_count; i++) {
        const struct node *node = i < LIMIT_TIMELINE_NODES ? timeline_node(m->timeline, m->nodes[i]) : NULL;
        m->met[i] = node;
        m->zones[i] = node_zone(&m->options->zone, node);
        m->shown[i] = node ? node->name : m->nodes[i];
    }
    m->node_columns = line_node_columns(m->options, m->shown, m->node_count);
    line_head(m->options, m->node_columns, &m->out);
    errno = 0;
    if (!rows_visit(m->rows, ahead_of, ranks_of(arena, m), line_write, m))
        m->spill = errno ? errno : EIO;
    drain(m);
}

enum status merged_run(struct arena *arena, const struct merged_options *options, const struct path_list *paths,
                       struct partial *ret, size_t *not_logs, struct merged_outcome *outcome)
{
    struct merging m = { .options = options, .partial = ret, .rows = rows_new(options->memory), .written = true };
    const struct pipeline_use use = {
        .reader = options->reader,
        .ctx = &m,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = batch_new,
        .result_free = free,
        .begin = begin,
        .take_up = take_up,
    };
    *outcome = (struct merged_outcome){ .lines = 0 };
    enum status status = pipeline_run(options->threads, &use, paths, ret, not_logs);
    partial_sort(ret);
    timeline_build(arena, options->rules, ret, &outcome->timeline);
    clock_correct(arena, ret, &outcome->timeline);
    m.timeline = &outcome->timeline;
    if (!m.spill)
        lines_write(arena, &m);
    outcome->lines = m.lines;
    outcome->written = m.written;
    outcome->spill = m.spill;
    buf_done(&m.out);
    rows_free(m.rows);
    return status;
}
