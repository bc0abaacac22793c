/*
 * coverage.h - what one input covers for one node and channel: from when to when, which records are missing in
 * between, when the machine was started, where its clock was set back.
 *
 * Shape:   for each pair of node and channel its records as runs of numbers without a hole.  Logs are read in the order
 *          of the file, which a wrapped log does not begin with the oldest record; coverage_settle brings runs into the
 *          order of their numbers and joins those that belong together.
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_COVERAGE pairs of an input; LIMIT_COVERAGE_RUNS, LIMIT_COVERAGE_STARTS, LIMIT_COVERAGE_STEPS of a pair,
 *          LIMIT_COVERAGE_ALL_RUNS of an input.  Beyond them runs are joined over the hole between them that took the
 *          shortest time; the missing records are counted all the same.
 */
#ifndef EVSCAN_FINDING_COVERAGE_H
#define EVSCAN_FINDING_COVERAGE_H

#include "event/event.h"

struct input_result;

/* Records that follow each other by number. */
struct coverage_run {
    uint64_t first_id, last_id;
    uint64_t records;       /* fewer than the numbers promise when runs had to be joined */
    uint64_t first, last;   /* FILETIME, the earliest and the latest; 0 = none of its records has a time */
    uint64_t opens, newest; /* FILETIME of the records first_id and last_id, or of the nearest that has one */
    bool started, stopped;  /* the record first_id tells of a start; last_id of an orderly shutdown */
};

/* The system was started: EventLog 6005 or 6009, Kernel-General 12, whichever comes first. */
struct coverage_start {
    uint64_t id, time;
    uint64_t before; /* FILETIME of the record before it; 0 = not known */
    bool orderly;    /* and that one says that it was shut down */
};

/* A record is older than the one before it: the clock was set back. */
struct coverage_step {
    uint64_t id;
    uint64_t before, after; /* FILETIME of the record before it, and its own */
};

struct coverage {
    struct text node;    /* Computer as written first */
    struct text channel; /* "" when unknown */
    uint64_t events;
    uint64_t first, last; /* FILETIME; 0 = none of its events has a time */
    bool later;           /* a provider is named Microsoft-Windows-*, or an event has a fraction of a second: no log
                             of Windows Server 2003 or earlier has either, nor one that was converted */
    struct coverage_run *runs; /* none when its records have no numbers */
    size_t run_count, run_capacity;
    struct coverage_start *starts; /* the last ones, in the order of the input; by number once settled */
    size_t start_count, start_capacity;
    struct coverage_step *steps; /* the largest ones */
    size_t step_count, step_capacity;
    struct coverage *next;
};

/*
 * Counts an event for the coverage of its node and channel.  A zeroed input_result will do: parts of an input are
 * counted apart and merged in their order.
 */
void coverage_add(struct input_result *input, struct arena *arena, const struct event_key *key);
/*
 * True when the key says what none before it did: of a node or channel that is new, of another generation of Windows,
 * or a day away from all others.  A torn record can say anything (seen: two bytes cut, and a log of 1999 began in
 * 1601), so whoever counts a log has such an event delivered, and counts it when its marks are known: coverage_add, or
 * coverage_add_torn when it is EVENT_PARTIAL, whose time and provider are believed by nobody.
 */
bool coverage_doubts(const struct input_result *input, const struct event_key *key);
void coverage_add_torn(struct input_result *input, struct arena *arena, const struct event_key *key);

void coverage_merge(struct input_result *input, struct arena *arena, const struct input_result *from);

/* When all of the input is counted: runs, starts and steps by number. */
void coverage_settle(struct input_result *input);

#endif
