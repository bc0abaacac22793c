/*
 * correlating.h - what the parts of correlate.h share: one correlation in the course of being worked out.
 *
 * Owns:    everything of one correlation lives in `scratch`, which is reset for the next; alerts in `arena`.
 */
#ifndef EVSCAN_CORR_CORRELATING_H
#define EVSCAN_CORR_CORRELATING_H

#include "corr/correlate.h"
#include "corr/all_hits.h"
#include "corr/exact_sum.h"
#include "corr/hit_index.h"
#include "match/matcher.h"

#define NO_KEY UINT32_MAX

/* A hit of one of the rules, or an alert of one of the correlations, that the correlation refers to. */
struct match {
    uint64_t time;
    const struct alert *inner; /* NULL for a hit */
    uint32_t hit;              /* in timeline.hits; of an alert, that of its moment */
    uint32_t place;            /* of the first hit of the same event */
    uint32_t ref;              /* which of the correlation's rules */
    uint32_t event;            /* in its group: goes up by one with every other event */
    uint32_t group;
    struct text group_key, value_key; /* values without case; value_key.p NULL when one is missing */
    uint32_t key;     /* what the measure counts different ones of; NO_KEY = nothing */
    bool taken;       /* by an alert, or by a window that is over */
    bool is_number;
    struct number number; /* of the field measured */
};

struct correlator {
    struct arena *arena, scratch;
    const struct correlate_options *options;
    struct all_hits all;
    const struct timeline *timeline; /* that of `all`: places of hits and events are in it */
    const struct ruleset *rules;
    struct hit_index index;
    struct matcher *matcher;
    struct alert **alerts;
    size_t alert_count, alert_capacity;
    size_t *first_alert; /* of each correlation worked out, and the end of the last */
    size_t alert_bytes;
    uint32_t *event_start; /* of each hit of the timeline: the first one of the same event */
    uint64_t matches_left_out, alerts_left_out, untimed, works_given_up;

    /* The correlation being worked out: */
    const struct correlation *c;
    uint32_t rule; /* its number in the rule set */
    size_t found;  /* alerts */
    struct near_miss *near; /* NULL unless somebody asks about this correlation */
    size_t scratch_before; /* bytes that earlier correlations left in `scratch` */
    struct match *matches; /* by group, then in order of time */
    size_t match_count;
    uint64_t work;      /* done for the tolerance */
    uint64_t tolerance; /* 0 when that was too much */
};

/* A group and its values. */
struct group {
    struct match *matches;
    size_t count;
};

/* correlate_match.c: what the correlation is about, in order of time, each with its values. */
void matches_collect(struct correlator *k);

/* The values that make the group of a match, as spelled there; kept. */
struct text *group_values(struct correlator *k, const struct match *m);

/* correlate_group.c: orders the matches by group and numbers the events and values of each. */
void matches_group(struct correlator *k);

/* correlate_measure.c: what is measured over some matches of a group. */
struct measure {
    const struct correlation *c;
    uint32_t *counts; /* by key */
    size_t distinct;  /* keys that are there */
    size_t numbers;
    struct exact_sum sum;
    struct number *list; /* for percentiles, which need no sum */
};

void measure_init(struct measure *m, struct arena *arena, const struct correlation *c, const struct group *g);
void measure_add(struct measure *m, const struct match *match);
void measure_remove(struct measure *m, const struct match *match); /* for percentiles only all of them */
bool measure_holds(struct measure *m);
bool measure_number(struct measure *m, struct number *ret) MUST_USE; /* false: nothing there is a number */

/* correlate_window.c, correlate_order.c: find the alerts of a group. */
void windows_search(struct correlator *k, const struct group *g);
void sequences_search(struct correlator *k, const struct group *g);

/* correlate_near.c: `k->near` is told of a correlation that begins, and of what failed: a window from `begin` to `end`,
 * of which some may be taken, and a sequence that could not be continued. */
void near_begin(struct correlator *k, size_t index);
void near_window(struct correlator *k, struct measure *measure, const struct group *g, size_t begin, size_t end);
void near_sequence(struct correlator *k, const struct group *g, const struct match *const *chain, size_t length);

/* correlate.c: `members` in any order; `moment` is one of them. */
void alert_add(struct correlator *k, const struct match *const *members, size_t count, const struct match *moment);

/* Ticks that two matches may lie further apart, or the other way round, because clocks differ. */
uint64_t slack_between(const struct correlator *k, const struct match *a, const struct match *b);

/* Counts a step; false when there were too many, and the tolerance is given up. */
bool work_step(struct correlator *k);

#endif
