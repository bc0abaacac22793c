/*
 * tally.h - how many events there are of each kind: a table from a key to a count, the first and the last of them.
 *
 * Shape:   a key has the parts that the tally is by, others are zero.  Names are the same without regard to ASCII case
 *          and stay as they were written first.  Adding is associative, so parts of an input are tallied apart and
 *          added in their order: the result is the same for any number of threads.
 * Owns:    rows and names live in the arena given; `slots` too.
 * Limits:  LIMIT_TALLY_ROWS and LIMIT_TALLY_BYTES of names; events of keys beyond them are counted in `left_out`.
 */
#ifndef EVSCAN_STATS_TALLY_H
#define EVSCAN_STATS_TALLY_H

#include "base/arena.h"

/* What events can be counted by; the last three are spans of local time. */
enum tally_part { TALLY_NODE, TALLY_CHANNEL, TALLY_PROVIDER, TALLY_ID, TALLY_LEVEL, TALLY_HOUR, TALLY_DAY, TALLY_MONTH,
                  TALLY_PARTS };

#define TALLY_BY(part) (1u << (part))
#define TALLY_TIMES    (TALLY_BY(TALLY_HOUR) | TALLY_BY(TALLY_DAY) | TALLY_BY(TALLY_MONTH))

struct tally_key {
    struct text node, channel, provider;
    uint32_t id;    /* EVENT_ID_NONE when it is no number */
    uint32_t level; /* 1 .. 5 */
    uint64_t start; /* of the span, FILETIME as clocks showed it in the zone; 0: the event has no time */
};

struct tally_row {
    struct tally_key key;
    uint64_t hash;
    uint64_t events;
    uint64_t first, last; /* FILETIME; 0 = none of them has a time */
};

struct tally {
    struct arena *arena;
    unsigned parts; /* TALLY_BY of those that it is by; one span of time at most */
    struct tally_row *rows; /* in order of first appearance */
    size_t count, capacity;
    uint32_t *slots; /* index of a row and 1; a power of two of them */
    size_t slot_count;
    size_t latest; /* the row that was found last: equal events come in a row */
    size_t name_bytes;
    uint64_t left_out;
};

void tally_init(struct tally *t, struct arena *arena, unsigned parts);

/* Adds the events of `row`, whose key may have more parts than this tally; the hash need not be set. */
void tally_add(struct tally *t, const struct tally_row *row);

/* Adds all of `from`, which is by the same parts or more. */
void tally_merge(struct tally *t, const struct tally *from);

/* The rows, those with most events first, or in the order of time when the tally is by it; then by key. */
void tally_sort(struct tally *t);

/* The start of the span of `part` that a moment of a clock is in. */
uint64_t tally_span(enum tally_part part, uint64_t local);

#endif
