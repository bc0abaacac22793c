#include "match/matcher.h"

#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "match/matching.h"

static void *zeroed(size_t count, size_t size)
{
    return memset(memory_new(count * size), 0, count * size);
}

struct matcher *matcher_new(const struct ruleset *rules)
{
    struct matcher *m = memory_new(sizeof *m);
    *m = (struct matcher){ .rules = rules };
    arena_init(&m->arena);
    m->slots = zeroed(rules->field_count * VIEW_COUNT, sizeof *m->slots);
    m->selections = zeroed((size_t)rules->selection_count * VIEW_COUNT, sizeof *m->selections);
    m->sources = zeroed(rules->source_count, sizeof *m->sources);
    m->literals = zeroed(rules->literals.count, sizeof *m->literals);
    m->open = zeroed((rules->rule_count + 63) / 64, sizeof *m->open);
    m->hits = zeroed(rules->rule_count, sizeof *m->hits);
    buf_init(&m->folded);
    buf_init(&m->idle_computer);
    screen_init(&m->screen);
    regex_trial_init(&m->regex);
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    regex_trial_done(&m->regex);
    buf_done(&m->folded);
    buf_done(&m->idle_computer);
    screen_done(&m->screen);
    arena_done(&m->arena);
    free(m->slots);
    free(m->selections);
    free(m->sources);
    free(m->literals);
    free(m->open);
    free(m->hits);
    free(m);
}

/* Stamps share a word with a result; before they run out everything that bears one is cleared. */
static void stamps_restart(struct matcher *m)
{
    const struct ruleset *r = m->rules;
    memset(m->slots, 0, r->field_count * VIEW_COUNT * sizeof *m->slots);
    memset(m->selections, 0, (size_t)r->selection_count * VIEW_COUNT * sizeof *m->selections);
    memset(m->sources, 0, r->source_count * sizeof *m->sources);
    memset(m->literals, 0, r->literals.count * sizeof *m->literals);
    m->stamp = 0;
}

void matcher_begin(struct matcher *m, const struct event_key *key, const struct event *event)
{
    if (m->stamp == UINT32_MAX >> 1)
        stamps_restart(m);
    m->stamp++;
    m->key = key;
    m->event = event;
    m->payload = NULL;
    arena_reset(&m->arena);
}

void matcher_look(struct matcher *m, const struct event *event)
{
    matcher_begin(m, &event->key, event);
}

bool matcher_value(struct matcher *m, uint32_t rule, uint32_t field, struct text *raw, struct text *folded)
{
    m->view = view_effective(m->key, m->rules->rules[rule].view);
    const struct slot *slot = field_values(m, field);
    if (slot->count == 0 || value_written(m, slot->values[0]).n == 0)
        return false;
    *raw = value_written(m, slot->values[0]);
    *folded = value_folded(m, slot->values[0]);
    return true;
}

void matcher_profile(struct matcher *m, struct rule_cost *costs)
{
    m->costs = costs;
}

void matcher_see(struct matcher *m, struct seen_pairs *seen, struct arena *arena)
{
    m->seen = seen;
    m->seen_arena = arena;
    m->seeing++;
}

uint64_t rule_cost_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool rule_matches_measured(struct matcher *m, uint32_t rule)
{
    uint64_t begin = rule_cost_clock();
    bool matches = rule_evaluate(m, rule) == YES;
    struct rule_cost *cost = &m->costs[rule];
    cost->nanoseconds += rule_cost_clock() - begin;
    cost->evaluated++;
    cost->hits += matches;
    return matches;
}

bool rule_matches(struct matcher *m, uint32_t rule)
{
    return m->costs ? rule_matches_measured(m, rule) : rule_evaluate(m, rule) == YES;
}

bool matcher_wants(struct matcher *m, const struct event_key *key)
{
    return screen_get(m, key)->count > 0;
}

const uint32_t *matcher_candidates(struct matcher *m, const struct event_key *key, size_t *count)
{
    const struct screen_entry *e = screen_get(m, key);
    *count = e->count;
    return e->rules;
}

const uint32_t *matcher_match(struct matcher *m, const struct event *event, size_t *count,
                              struct notices *notices)
{
    const struct screen_entry *wanted = screen_get(m, &event->key);
    matcher_begin(m, &event->key, event);
    m->notices = notices;
    *count = candidates_match(m, wanted);
    return m->hits;
}
