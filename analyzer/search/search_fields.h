/*
 * search_fields.h - what the fields of events are called: for a search that asked for one that is not there.
 *
 * Shape:   scan/pipeline.h; every event that the filter wants is decoded, so it is for searches that found nothing.
 * Limits:  LIMIT_FIELD_NAMES names of LIMIT_FIELD_NAME bytes; others are left out.
 * Owns:    the names live in the partial's arena.
 */
#ifndef EVSCAN_SEARCH_SEARCH_FIELDS_H
#define EVSCAN_SEARCH_SEARCH_FIELDS_H

#include "search/search.h"

/* In order, each once, without regard to case. */
struct field_names {
    struct text *items;
    size_t count, capacity;
};

bool field_names_have(const struct field_names *names, struct text name);

/* What pipeline_run says. */
enum status search_fields_list(const struct search_options *options, const struct path_list *paths,
                               struct partial *partial, struct field_names *ret) MUST_USE;

#endif
