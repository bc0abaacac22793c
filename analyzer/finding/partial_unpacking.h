/*
 * partial_unpacking.h - a partial that is being read: its numbers and texts, and what it says of an input.
 *
 * Shape:   partial_unpack.c reads rules, hits and events, partial_unpack_input.c all else of an input; both read by the
 *          numbers and texts of partial_unpacking.c.
 * Trust:   bytes that cannot be so are refused: `sound` is false from then on, and every number and count that is read
 *          is 0, so that loops end by themselves.
 * Owns:    the scratch; texts are views of the content, what is kept of them belongs to `ret`.
 * Threads: one.
 */
#ifndef EVSCAN_FINDING_PARTIAL_UNPACKING_H
#define EVSCAN_FINDING_PARTIAL_UNPACKING_H

#include "base/cursor.h"
#include "finding/partial_pack.h"

/* Which rule it is now, and where each value goes that was kept for correlations. */
struct saved_rule {
    uint32_t rule;   /* NO_RULE: not there now */
    uint32_t *fields; /* by place in the saved list: among the fields that are read now; NO_FIELD: of none */
    size_t field_count;
};

struct unpacking {
    struct cursor in;
    bool sound;
    struct arena scratch; /* lists as long as the content says: never longer than its bytes; of one event at a time */
    struct text *texts;   /* as they came; PARTIAL_TEXTS */
    size_t text_count;
    uint64_t text_bytes;  /* of all texts taken, one that is named again counted again */
    struct saved_rule *rules; /* by place in the list of names */
    size_t rule_count;
    bool same_rules;      /* as when it was packed: numbers of rules mean what they meant */
    uint64_t *last_event; /* by rule: the event that satisfied it last, from 1 */
    uint64_t event;
    struct partial *ret;
    struct partial_about *about;
};

void unpack_refuse(struct unpacking *u);

uint64_t unpack_number(struct unpacking *u);
uint64_t unpack_at_most(struct unpacking *u, uint64_t most);
uint32_t unpack_u32(struct unpacking *u);

/* How many things follow, each of `least` bytes or more. */
size_t unpack_count(struct unpacking *u, size_t least);

/* Any bytes: a file's name. */
struct text unpack_bytes(struct unpacking *u);

/* UTF-8. */
struct text unpack_text(struct unpacking *u);

/* Of an input, in the order of the form. */
void unpack_account(struct unpacking *u, struct account *a);
void unpack_notices(struct unpacking *u, struct notices *n);
void unpack_coverage(struct unpacking *u, struct input_result *input);
void unpack_seen(struct unpacking *u, struct input_result *input);

/* Those that nobody wants are read all the same, since the bytes must be sound in everything. */
void unpack_hours(struct unpacking *u, struct input_result *input);

#endif
