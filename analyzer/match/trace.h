/*
 * trace.h - one rule against one event, test by test: why it does not match.
 *
 * Shape:   trace_begin, then questions about the parts of the rule's condition.
 * Distance: what stands between the event and a match: 0 is a match; a provider or log that is another weighs
 *          more than an event ID, and that more than any other test, so that the nearest of many events is the one
 *          that the author of the rule meant.  What `not` holds back is nearest: it has all that the rule asks for.
 * Owns:    values are valid until the matcher sees another event.
 */
#ifndef EVSCAN_MATCH_TRACE_H
#define EVSCAN_MATCH_TRACE_H

#include "match/matcher.h"
#include "rule/compiled.h"

void trace_begin(struct matcher *m, uint32_t rule, const struct event *event);

uint32_t trace_distance(struct matcher *m);

/* What keeps the part from being as `wanted`; 0 when it is. */
uint32_t trace_expr_distance(struct matcher *m, const struct expr *e, bool wanted);

/* False when the event is of another log than the rule is for. */
bool trace_is_of_source(struct matcher *m);

bool trace_holds(struct matcher *m, const struct expr *e);

/* Undecided: a test gave up at its limit (notices 401 and 402), and what it counts as, no match, decides. */
enum trace_answer { TRACE_NO, TRACE_UNDECIDED, TRACE_YES };
enum trace_answer trace_answer(struct matcher *m, const struct expr *e);

/* The same of the whole rule, in the event that trace_begin was told. */
enum trace_answer trace_rule(struct matcher *m);

/* The event's values of a field: at most `room` of them are written, all are counted. */
size_t trace_values(struct matcher *m, uint32_t field, struct text *values, size_t room);

#endif
