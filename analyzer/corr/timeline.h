/*
 * timeline.h - the hits of all inputs as one story: sorted, by node, with what is known about each node.
 *
 * Shape:   facts in order of time; a node is a Computer name (without ASCII case).  A name without a domain is the
 *          same node as that name with one, when there is one such; names with two domains are two nodes.
 * Owns:    its arrays live in the arena given; events and inputs are borrowed from the partial.
 * Threads: const once built.
 */
#ifndef EVSCAN_CORR_TIMELINE_H
#define EVSCAN_CORR_TIMELINE_H

#include "finding/partial.h"
#include "form/zone.h"
#include "rule/ruleset.h"

/* Windows generations, oldest first. */
enum os_version {
    OS_UNKNOWN, OS_NT3, OS_NT4, OS_2000, OS_XP, OS_2003, OS_2008, OS_2008R2, OS_2012, OS_2012R2, OS_2016_LATER,
};

/* One statement of a node about its system (EventLog 6009 or Kernel-General 12), or its absence. */
struct os_fact {
    uint64_t time;
    enum os_version version;
    int service_pack;        /* -1 unknown */
    int service_pack_max;    /* what it can be at most: the same when it is known; -1 = any */
    struct text text;        /* for people: "Windows NT 4.0 Service Pack 4" */
    const struct hit *hit;   /* the record that says so */
};

/* Records of one log of a node without a hole. */
struct log_span {
    struct text channel;
    const struct input_result *input;
    const struct coverage_run *run; /* NULL: they have no numbers */
    uint64_t first, last;           /* FILETIME */
};

struct log_hole {
    uint64_t from, to; /* FILETIME of the records at its ends */
    uint64_t missing;  /* records; 0 = not known */
};

/* All that was given of one channel of a node. */
struct node_log {
    struct text channel;   /* "" when unknown */
    uint64_t first, last;  /* FILETIME */
    uint64_t oldest;       /* number of its first record; 0 = they have none.  1: the log is there from its begin */
    uint64_t missing;      /* records that numbers promise between the first and the last and that are not there */
    bool cut_before, cut_after; /* what its inputs hold beyond its ends was left out: --from, --to */
    struct log_hole *holes; /* in order of time: nothing was given in between */
    size_t hole_count, hole_capacity;
};

/* The machine was down, or wrote nothing, up to a start. */
struct node_down {
    uint64_t from, to; /* FILETIME of the last record before it, and of the start */
    bool orderly;      /* it had been shut down; else it crashed at some time in between */
};

/* The clock was set: the system says so, or a record is older than the one before it. */
struct clock_step {
    uint64_t before, after; /* FILETIME */
    struct text channel;
    uint64_t record;
    bool said;   /* by the system: as long as it says, */
    bool slept;  /* .. and the system was asleep before */
    bool start;  /* the system was started there, with a clock that had lost its time */
    bool mended; /* the times before and behind it were corrected: they compare */
};

/* Between two steps the clock runs as it does (corr/clock_stretch.h). */
struct clock_stretch {
    uint64_t from, to; /* FILETIME, as that clock showed it; 0 and UINT64_MAX: the ends of the log */
    size_t run;        /* of the node: stretches whose clocks are known from each other */
    int64_t apart;     /* ticks that it was ahead of the last stretch of its run */
    bool vague;        /* nobody said when it began: some time around `from` */
    bool lost;         /* its clock had lost its time */
    size_t group;      /* those of all nodes that were compared have the same */
    bool moved;        /* its times are those of the other nodes, or of its own stretch behind it */
    int64_t ahead;     /* ticks that the clock was ahead of the others, and its times were set back; or behind */
    uint64_t within;   /* ticks that it and the clock of another node can still be apart; 0 = no other node */
    size_t pairs;      /* of events that two nodes logged about one moment; 0 = it could not be compared */
};

/* The first record of a log behind a boundary. */
struct clock_cut {
    struct text channel;
    uint64_t record;
    size_t stretch; /* that begins there */
};

struct log_clear {
    struct text channel, user;
    uint64_t time;
    const struct hit *hit;
};

struct node {
    struct text name;        /* as written first; "(unnamed)" for records without a Computer */
    size_t index;            /* in timeline.nodes */
    struct os_fact *os;      /* in order of time; a node can be upgraded within its log */
    size_t os_count;
    uint32_t os_possible;    /* bits of 1 << enum os_version: what its logs leave open where it does not say */
    struct clock_stretch *stretches; /* of its clock, in order; none before clock_correct, or with too many nodes */
    size_t stretch_count;
    struct clock_cut *cuts;
    size_t cut_count;
    bool clock_tangled;      /* it was set in ways that do not go together: its times are as they were logged */
    size_t clock_unplaced;   /* events that could be of two stretches: their times are as they were logged */
    int64_t clock_ahead;     /* of the stretch that was corrected most */
    uint64_t clock_within;   /* of the least sure one */
    size_t clock_pairs;      /* of all */
    uint64_t first, last;    /* FILETIME: what its logs cover, all channels; 0 = no record with a time */
    struct log_span *spans;  /* of all its logs, by `first` */
    size_t span_count;
    struct node_log *logs;   /* by channel */
    size_t log_count;
    struct node_down *downs; /* in order of time */
    size_t down_count;
    struct clock_step *steps; /* same */
    size_t step_count;
    struct clock_step *marks; /* the same, told by each log for itself, those of starts too */
    size_t mark_count;
    struct log_clear *clears; /* same */
    size_t clear_count;
    struct zone zone;         /* of_nodes, with the offsets that its log tells (corr/node_zone.h) */
    struct text zone_said;    /* what its log calls its time zone: "Romance Standard Time"; "" when it does not */
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
 * `partial` must be sorted.  What systems the nodes run is known from hits on EventLog 6009, and of nodes that have none
 * from hits on Kernel-General 12, whichever rule made them;
 * a missing 6009 says something only when the rules have one of the name `eventlog-6009`.
 */
void timeline_build(struct arena *arena, const struct ruleset *rules, const struct partial *partial,
                    struct timeline *ret);

/* NULL when no input has a record of that node, or the name has no domain and two nodes are called so. */
const struct node *timeline_node(const struct timeline *t, struct text name);

/*
 * The node that a log of `by` means (NULL: nobody's log): that of its own domain, else the only one of that name, unless
 * it must be of another cluster.  NULL when there is no log of it, or nothing tells which one it is.
 */
const struct node *timeline_node_named(const struct timeline *t, struct text name, const struct node *by);

/*
 * Are they of two clusters?  No two nodes of one are called the same: where NODE1 is in both domains NODE2 of the one has
 * nothing to do with NODE1 of the other.
 */
bool timeline_nodes_apart(const struct timeline *t, const struct node *a, const struct node *b);

/* The node of a hit of the partial, whether it is in the timeline or not. */
const struct node *timeline_node_of(const struct timeline *t, const struct hit *hit);

/* The node of what an input covers. */
const struct node *timeline_node_of_log(const struct timeline *t, const struct input_result *input,
                                        const struct coverage *c);

/* What the node said about its system last at or before `time`; else the first it said after; NULL for none. */
const struct os_fact *node_os_at(const struct node *node, uint64_t time);

const char *os_version_name(enum os_version version); /* "Windows NT 4.0", "Windows 7/Server 2008 R2" */

#endif
