/*
 * part_marks.h - is what a part holds what a generation remembers?  By marks alone.
 */
#ifndef EVSCAN_STATE_PART_MARKS_H
#define EVSCAN_STATE_PART_MARKS_H

#include "state/known_logs.h"

/* A part, and its own marks: by them a log that another input of this run holds as well is known again. */
struct part_marks {
    const struct log_part *part;
    struct marks own;
};

/* Numbers that both have marks of; 0: there is none. */
struct agreement {
    uint64_t same, other; /* the highest that is the same, and that is not */
    uint64_t first_other; /* the lowest that is not */
    size_t count;         /* of those that are the same */
};

struct agreement part_agreement(const struct generation *g, const struct part_marks *part);
struct agreement generations_agreement(const struct generation *a, const struct generation *b);

/* It ends in front of a mark, and later than that: behind the last mark that is the same it is not what was read. */
bool is_past_mark(const struct generation *g, const struct log_part *part);

#endif
