/*
 * timeline.h - the hits of all inputs as one story: sorted, by node, with what is known about each node.
 *
 * Shape:   facts in order of time; a node is a Computer name (without ASCII case).  A name without a domain is the
 *          same node as that name with one, when there is one such.
 * Owns:    its arrays live in the arena given; events and inputs are borrowed from the partial.
 * Threads: const once built.
 */
#ifndef EVSCAN_CORR_TIMELINE_H
#define EVSCAN_CORR_TIMELINE_H

#include "finding/partial.h"
#include "rule/ruleset.h"

/* Windows generations, oldest first. */
enum os_version {
    OS_UNKNOWN, OS_NT3, OS_NT4, OS_2000, OS_XP, OS_2003, OS_2008, OS_2008R2, OS_2012, OS_2012R2, OS_2016_LATER,
};

/* One statement of a node about its system (EventLog 6009), or its absence. */
struct os_fact {
    uint64_t time;
    enum os_version version;
    int service_pack;        /* -1 unknown */
    int service_pack_max;    /* what it can be at most: the same when it is known; -1 = any */
    struct text text;        /* for people: "Windows NT 4.0 Service Pack 4" */
    const struct hit *hit;   /* the record that says so */
};

struct node {
    struct text name;        /* as written first; "(unnamed)" for records without a Computer */
    size_t index;            /* in timeline.nodes */
    struct os_fact *os;      /* in order of time; a node can be upgraded within its log */
    size_t os_count;
    int64_t clock_ahead;     /* ticks that its clock was ahead of the others and its times were set back; or behind */
    size_t clock_pairs;      /* of events that two nodes logged about one moment; 0 = it could not be compared */
    uint64_t first, last;    /* FILETIME: what its logs cover, all channels; 0 = no record with a time */
    const struct coverage **coverage; /* every (input, channel) of the node that has times, by `first` */
    size_t coverage_count;
};

struct timeline {
    const struct ruleset *rules;
    const struct partial *partial;
    const struct hit *hits;  /* sorted */
    const struct node **node_of; /* per hit */
    size_t hit_count;
    struct node **nodes;     /* by name */
    size_t node_count;
};

/*
 * `partial` must be sorted.  What systems the nodes run is known from hits on EventLog 6009, whichever rule made them;
 * a missing 6009 says something only when the rules have one of the name `eventlog-6009`.
 */
void timeline_build(struct arena *arena, const struct ruleset *rules, const struct partial *partial,
                    struct timeline *ret);

/* NULL when no input has a record of that node. */
const struct node *timeline_node(const struct timeline *t, struct text name);

/* What the node said about its system last at or before `time`; else the first it said after; NULL for none. */
const struct os_fact *node_os_at(const struct node *node, uint64_t time);

const char *os_version_name(enum os_version version); /* "Windows NT 4.0", "Windows 7/Server 2008 R2" */

#endif
