#include "match/reach.h"

#include <stdlib.h>

#include "base/limits.h"
#include "match/matching.h"

struct channels {
    struct text items[LIMIT_REACH_CHANNELS];
    size_t count;
};

/* False when there is no place left. */
static bool channel_add(struct channels *c, struct text channel)
{
    for (size_t i = 0; i < c->count; i++)
        if (text_equal_nocase(c->items[i], channel))
            return true;
    if (c->count == LIMIT_REACH_CHANNELS)
        return false;
    c->items[c->count++] = channel;
    return true;
}

static bool channels_collect(const struct partial *p, struct channels *ret)
{
    for (size_t i = 0; i < p->input_count; i++) {
        if (p->inputs[i]->uncovered)
            return false;
        for (const struct coverage *c = p->inputs[i]->coverage; c; c = c->next)
            if (!channel_add(ret, c->channel))
                return false;
    }
    return ret->count > 0;
}

/* A source that wants certain IDs is asked with each of them. */
static bool source_has_channel(struct matcher *m, uint32_t source, struct text channel)
{
    uint32_t ids[2 * SOURCE_IDS];
    size_t count;
    if (!source_ids(&m->rules->sources[source], ids, &count)) {
        ids[0] = EVENT_ID_NONE;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct event_key key = { .channel = channel, .id = ids[i] };
        matcher_begin(m, &key, NULL);
        if (source_accepts(m, source))
            return true;
    }
    return false;
}

/* A source that is known by its provider may be in any channel. */
static bool source_has_provider(const struct source *s)
{
    for (size_t i = 0; s->category && i < SOURCE_ENTRIES; i++)
        if (s->category->entries[i].provider)
            return true;
    return false;
}

static bool source_reaches(struct matcher *m, uint32_t source, const struct channels *c)
{
    bool reaches = source_has_provider(&m->rules->sources[source]);
    for (size_t i = 0; i < c->count && !reaches; i++)
        reaches = source_has_channel(m, source, c->items[i]);
    return reaches;
}

bool reach_judge(const struct partial *p, const struct ruleset *rules, struct reach *ret)
{
    struct channels channels = { .count = 0 };
    *ret = (struct reach){ 0 };
    if (!channels_collect(p, &channels))
        return false;
    struct matcher *m = matcher_new(rules);
    bool *reaches = memory_new((rules->source_count + 1) * sizeof *reaches);
    for (uint32_t i = 0; i < rules->source_count; i++)
        reaches[i] = source_reaches(m, i, &channels);
    for (size_t i = 0; i < rules->rule_count; i++)
        if (rules->rules[i].applicable)
            ++*(reaches[rules->rules[i].source] ? &ret->able : &ret->no_channel);
    free(reaches);
    matcher_free(m);
    return true;
}
