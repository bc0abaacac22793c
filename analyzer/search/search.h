/*
 * search.h - the events that say something, with their neighbours, in the forms of show.
 *
 * Shape:   scan/pipeline.h.  Each batch is screened by its bytes; where they settle that nothing matches its events are
 *          counted by brief keys, else by whole ones (search_keys.h).  What may match is decoded and searched value by
 *          value, and what matched is delivered once more in the form that is wanted, together with its neighbours; one
 *          thread writes.  Searched are the names of node, channel and provider, the event ID, the user, the values,
 *          what their references stand for, and the sentence; or the values of some fields only.
 * Limits:  LIMIT_BATCH_TEXT, LIMIT_CONTEXT_BYTES.
 * Owns:    nothing that outlives the call; accounts and notices go to the partial.
 */
#ifndef EVSCAN_SEARCH_SEARCH_H
#define EVSCAN_SEARCH_SEARCH_H

#include "search/search_pattern.h"
#include "show/show.h"

#define SEARCH_CONTEXT 1000u /* neighbours at most */

struct search_options {
    struct show_options show; /* `limit` counts matches */
    const struct search_pattern *pattern;
    const struct text *fields; /* names, without regard to case; none: everything is searched */
    size_t field_count;
    unsigned before, after; /* events of the same log to print beside a match */
    bool colour;            /* of the matches in text */
    bool unscreened;        /* decode everything: the slow way, for tests */
};

#define SEARCH_FIELDS_MET 64u

struct search_outcome {
    uint64_t matches;
    uint64_t fields_met; /* a bit for each of the first fields asked for that an event was seen to have */
    bool written; /* false: writing failed */
};

/* What pipeline_run says. */
enum status search_run(const struct search_options *options, const struct path_list *paths, struct partial *ret,
                       size_t *not_logs, struct search_outcome *outcome) MUST_USE;

#endif
