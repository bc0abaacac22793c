/*
 * log_parts.h - what the inputs of a run hold of each log, from the keys of their records alone.
 *
 * Shape:   a part is what one input holds of one log (node and channel; where a record names no channel, the input's
 *          name stands for it, state/log_name.h).  It knows the numbers of its records, and of some of them enough to know them again:
 *          the first and last ones, some in between, and all that earlier runs remember (`marks`).
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_LOG_PARTS; records of further ones are counted.  PART_MARKS of its own.
 */
#ifndef EVSCAN_STATE_LOG_PARTS_H
#define EVSCAN_STATE_LOG_PARTS_H

#include "event/event.h"
#include "state/id_runs.h"

/*
 * A record that can be known again: its number, time, and a sum over what its key says besides.  `alike` is the sum that
 * it has in the other format, known of tonight's records only: an .evt record of type 0 (success) has level 4, and in an
 * .evtx file converted from it level 0.
 */
struct mark {
    uint64_t id, time, checksum, alike;
};

struct marks {
    struct mark *items; /* by number */
    size_t count, capacity;
};

#define PART_MARKS 48 /* of each kind: the last ones; every 2^n-th */

struct log_part {
    const char *path;
    struct text node, channel; /* as written first */
    struct text written;       /* the channel that its records name: "" when they name none */
    uint64_t file;             /* log_file_key of its path */
    struct id_runs ids;
    uint64_t records;
    uint64_t first_time, last_time; /* FILETIME; 0 = none of its records has one */
    const struct marks *asked[2];   /* that earlier runs remember: of this log; of others that may be the same; or NULL */
    struct marks met;               /* of those the ones whose numbers are here, as they are here */
    struct mark lowest;
    struct mark newest[PART_MARKS]; /* a ring */
    struct mark spread[2 * PART_MARKS];
    size_t newest_count, spread_count;
    unsigned stride; /* spread ones have numbers that 2^stride divides */
    size_t index;             /* in log_parts.items */
    struct log_part *same_hash; /* the next one in its chain */
};

#define LOG_CHAINS 4096u

struct log_parts {
    struct arena *arena;
    struct log_part **items; /* in order of first appearance */
    size_t count, capacity;
    uint64_t left_out; /* records of parts beyond the limit */
    struct log_part *latest; /* found last */
    struct log_part *chains[LOG_CHAINS];

    /* Sets `asked` of a part whose names are known so far. */
    void (*asked)(void *ctx, struct log_part *part);
    void *ctx;
};

struct mark mark_of(const struct event_key *key);

/* NULL: no record of it was added.  `path` is the pointer that its records came with; `channel` is what they name. */
const struct log_part *log_parts_find(const struct log_parts *l, const char *path, struct text node,
                                      struct text channel);

/* Records come input by input, in the order of each; `path` is the same pointer for all records of one. */
void log_parts_add(struct log_parts *l, const char *path, const struct event_key *key);

/* Marks to know the part again by. */
void log_part_marks(const struct log_part *part, struct arena *arena, struct marks *ret);

void marks_add(struct arena *arena, struct marks *m, struct mark mark);
const struct mark *marks_find(const struct marks *m, uint64_t id); /* NULL: none of that number */

#endif
