#include "match/reach.h"

#include "match/matching.h"

/* Of all inputs; false when one of them has events and pairs that were not kept. */
static bool pairs_collect(const struct partial *p, struct arena *arena, struct seen_pairs *ret)
{
    for (size_t i = 0; i < p->input_count; i++) {
        const struct input_result *input = p->inputs[i];
        if (!input->seen.count && input->account.decoded)
            return false;
        seen_merge(ret, arena, &input->seen);
    }
    return ret->count && !ret->beyond;
}

/* The rules of one source, and how far each came. */
struct asked {
    uint32_t *rules;
    enum reach_of_rule *far; /* by rule */
    size_t count;
};

static void asked_begin(const struct ruleset *rules, uint32_t source, struct asked *a)
{
    a->count = 0;
    for (uint32_t i = 0; i < rules->rule_count; i++)
        if (rules->rules[i].applicable && rules->rules[i].source == source)
            a->rules[a->count++] = i;
}

/* What came far enough is not asked again. */
static void ask_with_key(struct matcher *m, uint32_t source, const struct event_key *key, struct asked *a)
{
    size_t left = 0;
    matcher_begin(m, key, NULL);
    if (!source_accepts(m, source))
        return;
    for (size_t i = 0; i < a->count; i++) {
        uint32_t rule = a->rules[i];
        a->far[rule] = rule_evaluate(m, rule) == NO ? REACH_NO_PROVIDER : REACH_ABLE;
        if (a->far[rule] != REACH_ABLE)
            a->rules[left++] = rule;
    }
    a->count = left;
}

/* Without an ID the tests of it stay open; a source that wants certain IDs is asked with each of them. */
static void ask_source(struct matcher *m, uint32_t source, const struct seen_pairs *pairs, struct asked *a)
{
    uint32_t ids[2 * SOURCE_IDS];
    size_t count;
    if (!source_ids(&m->rules->sources[source], ids, &count)) {
        ids[0] = EVENT_ID_NONE;
        count = 1;
    }
    for (size_t i = 0; i < pairs->count && a->count; i++)
        for (size_t k = 0; k < count && a->count; k++) {
            const struct seen_pair *pair = &pairs->items[i];
            struct event_key key = { .provider = pair->provider, .channel = pair->channel, .id = ids[k] };
            ask_with_key(m, source, &key, a);
        }
}

static void rules_ask(const struct ruleset *rules, const struct seen_pairs *pairs, struct arena *scratch,
                      enum reach_of_rule *far)
{
    struct matcher *m = matcher_new(rules);
    struct asked a = { .rules = ARENA_NEW_N(scratch, uint32_t, rules->rule_count), .far = far };
    for (uint32_t i = 0; i < rules->source_count; i++) {
        asked_begin(rules, i, &a);
        ask_source(m, i, pairs, &a);
    }
    matcher_free(m);
}

static struct reach summed(const struct ruleset *rules, const enum reach_of_rule *far)
{
    size_t count[REACH_ABLE + 1] = { 0 };
    for (size_t i = 0; i < rules->rule_count; i++)
        if (rules->rules[i].applicable)
            count[far[i]]++;
    return (struct reach){ count[REACH_ABLE], count[REACH_NO_CHANNEL], count[REACH_NO_PROVIDER], far };
}

bool reach_judge(struct arena *arena, const struct partial *p, const struct ruleset *rules, struct reach *ret)
{
    struct arena scratch;
    struct seen_pairs pairs = { 0 };
    *ret = (struct reach){ 0 };
    arena_init(&scratch);
    bool known = pairs_collect(p, &scratch, &pairs);
    if (known) {
        enum reach_of_rule *far = ARENA_NEW_N(arena, enum reach_of_rule, rules->rule_count);
        rules_ask(rules, &pairs, &scratch, far);
        *ret = summed(rules, far);
    }
    arena_done(&scratch);
    return known;
}
