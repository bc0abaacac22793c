/*
 * matcher.h - one event against all rules.
 *
 * Shape:   matcher_wants screens by the key; matcher_match evaluates what is left.  Each selection is evaluated
 *          at most once per event.
 * Owns:    its scratch memory.  The ruleset must outlive it.
 * Limits:  pcre2 match, depth and heap limits (limits.h); a pattern that hits one counts as no match and is
 *          noticed (NOTICE_REGEX_LIMIT, value = rule index).  Comparing two fields of many values: LIMIT_FIELD_WORK,
 *          NOTICE_FIELD_LIMIT likewise.
 * Threads: one matcher per thread.
 */
#ifndef EVSCAN_MATCH_MATCHER_H
#define EVSCAN_MATCH_MATCHER_H

#include "base/notice.h"
#include "finding/seen.h"
#include "rule/ruleset.h"

struct matcher;

/* What the rule costs: evaluations of events that passed the screen, and the time of them. */
struct rule_cost {
    uint64_t evaluated, hits;
    uint64_t nanoseconds; /* a selection that several rules share is paid by the first one */
};

struct matcher *matcher_new(const struct ruleset *rules);
void matcher_free(struct matcher *m);

/* The clock that costs are taken from: nanoseconds. */
uint64_t rule_cost_clock(void);

/* From now on costs are added to `costs`, an item for each rule, the caller's; it takes time to measure them. */
void matcher_profile(struct matcher *m, struct rule_cost *costs);

/* From now on the pairs of provider and channel that it is asked about are added to `seen`, of the arena given. */
void matcher_see(struct matcher *m, struct seen_pairs *seen, struct arena *arena);

/* False: no rule can match an event with this key, whatever the rest of it says. */
bool matcher_wants(struct matcher *m, const struct event_key *key);

/* The rules that can, ascending; valid until the next call. */
const uint32_t *matcher_candidates(struct matcher *m, const struct event_key *key, size_t *count);

/*
 * The rules that match, ascending; valid until the next call.  `*count` is how many.  Notices carry the offset of
 * the event.
 */
const uint32_t *matcher_match(struct matcher *m, const struct event *event, size_t *count, struct notices *notices);

/*
 * What a rule sees in a field of an event, for correlations: the first value, as written and without case.  False when
 * the event has none or an empty one.  The texts are valid until the next matcher_look; a matcher that looks does not
 * match in between.
 */
void matcher_look(struct matcher *m, const struct event *event);
bool matcher_value(struct matcher *m, uint32_t rule, uint32_t field, struct text *raw, struct text *folded) MUST_USE;

#endif
