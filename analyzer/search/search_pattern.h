/*
 * search_pattern.h - what is searched for: a text or a regular expression, in one value at a time.
 *
 * Shape:   a text is compared without case by fold.h, like rules do, or as it stands; a regular expression is pcre2's,
 *          unanchored.  Every match holds the needle, folded: what does not hold it need not be looked at.
 * Limits:  a regular expression sees LIMIT_REGEX_SUBJECT bytes of a value and has the limits of rules; where it gives
 *          up it counts as no match, and search_gave_up says so.
 * Owns:    a pattern is freed with search_pattern_free; a matcher belongs to one thread.
 */
#ifndef EVSCAN_SEARCH_SEARCH_PATTERN_H
#define EVSCAN_SEARCH_SEARCH_PATTERN_H

#include "base/arena.h"
#include "base/buf.h"

struct search_pattern;
struct search_matcher;

/* NULL when it is no expression that pcre2 understands: `error` says why and where.  The arena must outlive it. */
struct search_pattern *search_pattern_new(struct arena *arena, struct text pattern, bool regex, bool case_sensitive,
                                          struct text *error) MUST_USE;
void search_pattern_free(struct search_pattern *p);

/* A text that stands in the folded form of whatever matches; "" when none is known. */
struct text search_needle(const struct search_pattern *p);

struct search_matcher *search_matcher_new(const struct search_pattern *p);
void search_matcher_free(struct search_matcher *m);

bool search_matches(struct search_matcher *m, struct text value);

/* The first match at or behind `from`: false when there is none. */
bool search_find(struct search_matcher *m, struct text value, size_t from, size_t *start, size_t *end);

/* Whether an expression gave up since the last call. */
bool search_gave_up(struct search_matcher *m);

#endif
