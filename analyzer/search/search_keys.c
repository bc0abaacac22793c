#include "search/search_keys.h"

#include <stdlib.h>

#include "catalog/catalog.h"
#include "rule/fold.h"
#include "search/search_screen.h"

#define NO_SENTENCE UINT64_MAX /* the name of a channel or a node */

struct judged {
    uint64_t id; /* of the event, of which the name is the provider; or NO_SENTENCE */
    uint8_t size;
    bool known, may_match;
    char name[SEARCH_KEY_NAME];
};

struct search_keys {
    const struct search_options *options;
    struct search_matcher *matcher;
    struct buf scratch;
    struct judged judged[SEARCH_KEYS];
};

struct search_keys *search_keys_new(const struct search_options *options, struct search_matcher *matcher)
{
    struct search_keys *k = memory_new(sizeof *k);
    *k = (struct search_keys){ .options = options, .matcher = matcher };
    return k;
}

void search_keys_free(struct search_keys *k)
{
    buf_done(&k->scratch);
    free(k);
}

bool search_template_may_match(struct text needle, struct text template, struct buf *scratch)
{
    scratch->n = 0;
    size_t n = fold_into(template, buf_reserve(scratch, fold_room(template.n) + 1));
    return search_screen_template(needle, (struct text){ scratch->p, n });
}

/* The catalog makes text that is in no record. */
static bool sentence_may_match(struct search_keys *k, struct text provider, uint32_t id)
{
    const struct catalog *catalog = k->options->show.catalog;
    size_t count = 0;
    const struct text *templates = catalog ? catalog_templates(catalog, provider, id, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        if (search_template_may_match(search_needle(k->options->pattern), templates[i], &k->scratch))
            return true;
    return false;
}

static bool judge(struct search_keys *k, struct text name, uint64_t id)
{
    return search_matches(k->matcher, name) || (id != NO_SENTENCE && sentence_may_match(k, name, (uint32_t)id));
}

static struct judged *place_of(struct search_keys *k, struct text name, uint64_t id)
{
    uint64_t hash = (bytes_hash((struct bytes){ (const uint8_t *)name.p, name.n }) ^ id) * 0x9E3779B97F4A7C15u;
    return &k->judged[(hash >> 32) % SEARCH_KEYS];
}

static bool may_match(struct search_keys *k, struct text name, uint64_t id)
{
    struct judged *j = place_of(k, name, id);
    if (j->known && j->id == id && text_equal((struct text){ j->name, j->size }, name))
        return j->may_match;
    bool ret = judge(k, name, id);
    if (name.n > sizeof j->name)
        return ret;
    *j = (struct judged){ .id = id, .size = (uint8_t)name.n, .known = true, .may_match = ret };
    if (name.n)
        memcpy(j->name, name.p, name.n);
    return ret;
}

bool search_keys_may_match(struct search_keys *k, const struct event_key *key)
{
    if (k->options->field_count)
        return false; /* fields are values: neither names nor sentences */
    return may_match(k, key->provider, key->id) || may_match(k, key->channel, NO_SENTENCE) ||
           may_match(k, key->computer, NO_SENTENCE);
}
