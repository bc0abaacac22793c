#include "scan/scan.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "event/event_values.h"
#include "match/matcher.h"
#include "scan/pipeline.h"

/* What says which Windows a node runs. */
static const struct {
    uint32_t id;
    const char *provider, *rule;
} versions[] = {
    { 6009, "EventLog", "eventlog-6009" },
    { 12, "Microsoft-Windows-Kernel-General", "kernel-general-12" },
};

#define VERSIONS COUNT_OF(versions)

struct scan {
    const struct scan_options *options;
    const struct ruleset *rules;
    struct partial *partial;
    pthread_mutex_t *costs_lock;
    uint32_t version_rules[VERSIONS]; /* as `versions`; UINT32_MAX: there is none */
    struct input_result *input; /* whose batches are taken up */
    uint64_t outside;           /* of it */
};

/* An event with all rules that it satisfies; the event is kept once. */
struct match_kept {
    const struct event *event;
    const uint32_t *rules;
    size_t rule_count;
    struct match_kept *next;
};

/* What a batch is found to hold; all of it lives in the arena of the batch's result. */
struct matches {
    struct input_result covered; /* only its coverage is used */
    struct seen_pairs seen;
    struct hours hours;
    struct match_kept *first, **last;
    size_t kept_bytes; /* of events; arena.total also knows what earlier batches needed */
    uint64_t outside;       /* events that are not looked at */
    uint64_t dropped, lost; /* hits that did not fit, and those of them that correlations read */
};

struct scan_worker {
    const struct scan *scan;
    struct matcher *matcher;
    struct rule_cost *costs; /* of this worker; NULL: not measured */
    struct batch_result *result; /* being made */
    const void *filtered;        /* the filter's own, of the input */
    bool wanted, doubted;        /* the event whose key was seen last: by rules; by its coverage */
};

static bool lies_outside(const struct scan_between *b, const struct event_key *key)
{
    return b->given && (key->time == 0 || key->time < b->from || key->time >= b->before);
}

/* A node says what it runs when it starts, which may have been long before what is looked at. */
static bool says_the_version(const struct scan *scan, const struct event_key *key)
{
    bool says = false;
    for (size_t i = 0; i < VERSIONS && key->time && key->time < scan->options->between.from; i++)
        says = says || (key->id == versions[i].id && scan->version_rules[i] != UINT32_MAX &&
                        text_equal_nocase(key->provider, text_from(versions[i].provider)));
    return says;
}

static bool is_version_rule(const struct scan *scan, uint32_t rule)
{
    bool is = false;
    for (size_t i = 0; i < VERSIONS; i++)
        is = is || scan->version_rules[i] == rule;
    return is;
}

static bool wants(void *ctx, const struct event_key *key)
{
    struct scan_worker *w = ctx;
    struct matches *m = w->result->own;
    w->doubted = false;
    if (lies_outside(&w->scan->options->between, key)) {
        m->outside++;
        return w->wanted = says_the_version(w->scan, key);
    }
    const struct scan_filter *filter = &w->scan->options->filter;
    w->doubted = coverage_doubts(&m->covered, key);
    if (!w->doubted)
        coverage_add(&m->covered, &w->result->arena, key);
    if (w->scan->options->hours)
        hours_add(&m->hours, key);
    w->wanted = matcher_wants(w->matcher, key) && (!filter->wants || filter->wants(w->filtered, w->result->path, key));
    return w->wanted || w->doubted;
}

static void match_keep(struct matches *m, struct arena *arena, const struct event *event, const uint32_t *rules,
                       size_t count)
{
    struct match_kept *kept = ARENA_NEW(arena, struct match_kept);
    kept->event = event_keep(arena, event, LIMIT_HIT_TEXT);
    m->kept_bytes += event_size(kept->event);
    kept->rules = memcpy(ARENA_NEW_N(arena, uint32_t, count), rules, count * sizeof *rules);
    kept->rule_count = count;
    *m->last = kept;
    m->last = &kept->next;
}

static void match_drop(const struct scan *scan, struct matches *m, const uint32_t *rules, size_t count)
{
    m->dropped += count;
    for (size_t i = 0; i < count; i++)
        m->lost += thin_is_read(scan->partial->plan, rules[i]);
}

/* Of an event that is not looked at only what says the version; returns how many rules are left. */
static size_t rules_leave(const struct scan *scan, const struct event *event, const uint32_t **rules, size_t count)
{
    if (!lies_outside(&scan->options->between, &event->key))
        return count;
    for (size_t i = 0; i < count; i++)
        if (is_version_rule(scan, (*rules)[i])) {
            *rules += i;
            return 1;
        }
    return 0;
}

static void take(void *ctx, const struct event *event)
{
    struct scan_worker *w = ctx;
    struct batch_result *r = w->result;
    struct matches *m = r->own;
    size_t count;
    if (w->doubted)
        (event->marks & EVENT_PARTIAL ? coverage_add_torn : coverage_add)(&m->covered, &r->arena, &event->key);
    if (!w->wanted)
        return;
    const uint32_t *rules = matcher_match(w->matcher, event, &count, &r->notices);
    count = rules_leave(w->scan, event, &rules, count);
    if (count && m->kept_bytes > LIMIT_BATCH_HITS)
        match_drop(w->scan, m, rules, count);
    else if (count) {
        struct event whole = *event;
        event_complete(&whole);
        match_keep(m, &r->arena, &whole, rules, count);
    }
}

static void *worker_new(void *ctx)
{
    const struct scan *scan = ctx;
    struct scan_worker *w = memory_new(sizeof *w);
    *w = (struct scan_worker){ .scan = scan, .matcher = matcher_new(scan->rules) };
    if (scan->options->costs) {
        size_t size = ruleset_count(scan->rules) * sizeof *w->costs;
        w->costs = memset(memory_new(size), 0, size);
        matcher_profile(w->matcher, w->costs);
    }
    return w;
}

static void costs_take_up(const struct scan_worker *w)
{
    const struct scan *scan = w->scan;
    pthread_mutex_lock(scan->costs_lock);
    for (size_t i = 0; i < ruleset_count(scan->rules); i++) {
        scan->options->costs[i].evaluated += w->costs[i].evaluated;
        scan->options->costs[i].hits += w->costs[i].hits;
        scan->options->costs[i].nanoseconds += w->costs[i].nanoseconds;
    }
    pthread_mutex_unlock(scan->costs_lock);
}

static void worker_free(void *worker)
{
    struct scan_worker *w = worker;
    if (w->costs)
        costs_take_up(w);
    matcher_free(w->matcher);
    free(w->costs);
    free(w);
}

static void *matches_new(void *ctx)
{
    UNUSED(ctx);
    return memory_new(sizeof(struct matches));
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct scan_worker *w = worker;
    struct matches *m = r->own;
    *m = (struct matches){ .last = &m->first };
    hours_init(&m->hours, &r->arena);
    matcher_see(w->matcher, &m->seen, &r->arena);
    w->result = r;
    if (w->scan->options->filter.wants)
        w->filtered = w->scan->options->filter.input(w->scan->options->filter.ctx, r->path);
    *sink = (struct event_sink){ .ctx = w, .want = wants, .event = take, .lazy = true,
                                 .recover = w->scan->options->recover };
}

static void tell(const struct scan_watch *watch, const struct input_result *input, const struct match_kept *kept)
{
    for (size_t i = 0; i < kept->rule_count; i++)
        watch->found(watch->ctx, &(struct hit){ .rule = kept->rules[i], .event = kept->event, .input = input });
}

static void tell_all(const struct scan_watch *watch, const struct input_result *input, const struct matches *m)
{
    for (const struct match_kept *k = m->first; k; k = k->next)
        tell(watch, input, k);
    if (m->first)
        watch->pass_on(watch->ctx);
}

static struct hours *hours_of(const struct scan *scan, struct input_result *input)
{
    if (!input->hours) {
        input->hours = ARENA_NEW(&scan->partial->arena, struct hours);
        hours_init(input->hours, &scan->partial->arena);
    }
    return input->hours;
}

/* The batches of an input come one behind the other; this one is behind. */
static void outside_tell(struct scan *scan)
{
    if (scan->outside)
        (void)!notice_add(&scan->input->notices, NOTICE_INPUT_BETWEEN, NOTICE_NO_OFFSET, scan->outside);
    scan->outside = 0;
}

/* Copies what the batch found into the partial: the arena of a result is far larger than the hits in it. */
static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    struct scan *scan = ctx;
    const struct matches *m = r->own;
    if (scan->input != input)
        outside_tell(scan);
    scan->input = input;
    scan->outside += m->outside;
    coverage_merge(input, &scan->partial->arena, &m->covered);
    seen_merge(&input->seen, &scan->partial->arena, &m->seen);
    if (scan->options->hours)
        hours_merge(hours_of(scan, input), &m->hours);
    partial_drop(scan->partial, input, m->dropped);
    partial_lose(scan->partial, input, m->lost);
    for (const struct match_kept *k = m->first; k; k = k->next)
        partial_add_match(scan->partial, k->rules, k->rule_count, k->event, input);
    if (scan->options->watch.found)
        tell_all(&scan->options->watch, input, m);
    return true;
}

enum status scan_run(const struct scan_options *options, const struct ruleset *rules, const struct path_list *paths,
                     struct partial *ret, size_t *not_logs)
{
    pthread_mutex_t costs_lock = PTHREAD_MUTEX_INITIALIZER;
    struct scan scan = { .options = options, .rules = rules, .partial = ret, .costs_lock = &costs_lock };
    for (size_t i = 0; i < VERSIONS; i++)
        if (!ruleset_find(rules, text_from(versions[i].rule), &scan.version_rules[i]))
            scan.version_rules[i] = UINT32_MAX;
    const struct pipeline_use use = {
        .reader = options->reader,
        .checksums = options->checksums,
        .ctx = &scan,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = matches_new,
        .result_free = free,
        .begin = begin,
        .take_up = take_up,
    };
    enum status status = pipeline_run(options->threads, &use, paths, ret, not_logs);
    outside_tell(&scan);
    return status;
}
