/*
 * search_keys.h - may an event match by its names, or by the sentence that the catalog makes of it?
 *
 * Shape:   a log has few names and few kinds of events: what was found of one is remembered, in a table of SEARCH_KEYS
 *          places that the next of the same place takes over.
 * Limits:  a name of more than SEARCH_KEY_NAME bytes is looked at each time.
 * Threads: the keys belong to one thread, like the matcher that they use.
 */
#ifndef EVSCAN_SEARCH_SEARCH_KEYS_H
#define EVSCAN_SEARCH_SEARCH_KEYS_H

#include "search/search.h"

#define SEARCH_KEYS     512u
#define SEARCH_KEY_NAME 96u

struct search_keys;

/* Both arguments are borrowed until search_keys_free. */
struct search_keys *search_keys_new(const struct search_options *options, struct search_matcher *matcher);
void search_keys_free(struct search_keys *k);

/* False: neither provider, channel nor node match, nor does a sentence of such an event whose values do not match. */
bool search_keys_may_match(struct search_keys *k, const struct event_key *key);

/* True when a sentence of this template may match although none of its values does. */
bool search_template_may_match(struct text needle, struct text template, struct buf *scratch);

#endif
