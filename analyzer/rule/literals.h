/*
 * literals.h - one search of a field value for the texts of all rules.
 *
 * Shape:   a rule that can only match when one of some texts stands in some field is filed under these texts; the
 *          search says which of them a value holds, and the other rules need not be looked at.
 *
 *              value -> three bytes at each place -> bitmap -> bucket -> whole text compared -> rules
 *
 *          A text is filed under three of its bytes, those that fewest others of the field are filed under; a text
 *          that must be the whole value is filed under its hash.  An automaton and vectorscan search up to twice as
 *          fast, but searching is not what a scan takes its time for, and they cost memory and loading
 *          (tests/bench/LAB.md).
 * Owns:    everything lives in the arena of the rule set.
 * Threads: const after literals_build.
 */
#ifndef EVSCAN_RULE_LITERALS_H
#define EVSCAN_RULE_LITERALS_H

#include "base/arena.h"
#include "event/event_values.h"

/* Bytes under which a text is filed; one that need not be the whole value has at least so many.  With four, lists of
 * characters beyond ASCII would have no gate. */
#define LITERAL_GRAM 3

/* A text that must stand in the folded value of a field, for one rule. */
struct literal_use {
    uint32_t field, rule;
    struct text bytes;
    bool at_start, at_end;
};

struct literal {
    struct text bytes;
    bool at_start, at_end;
    uint32_t gram;         /* offset of the bytes it is filed under .. */
    uint32_t gram_bytes;   /* .. and what they are */
    uint32_t next;         /* in its bucket: index + 1, 0 = last */
    uint32_t first, count; /* its rules: in literals.rules */
};

/* The texts of one field. */
struct literal_table {
    uint32_t *buckets; /* index + 1 of the first literal */
    uint64_t *bitmap;  /* of the hashes of the grams; NULL: no text is searched for inside of the value */
    unsigned bits;     /* buckets: 2 to the power of it; the bitmap has four more: sixteen bits a bucket */
    uint32_t *whole;   /* buckets by the hash of the whole value; NULL: none */
    unsigned whole_bits;
    unsigned kinds; /* 1 << enum value_kind: a value of that kind could hold one of the texts */
};

struct literals {
    struct literal *items;
    size_t count;
    uint32_t *rules;
    struct literal_table *fields; /* by field of the rule set */
};

/* Sorts `uses`.  Their bytes must live as long as the arena. */
void literals_build(struct arena *arena, struct literal_use *uses, size_t count, size_t field_count,
                    struct literals *ret);

/* False: no value of that kind holds a text of the field. */
bool literals_may_fit(const struct literals *l, uint32_t field, enum value_kind kind);

/* Calls `found` with the index of each text that stands in the value, perhaps more than once. */
void literals_search(const struct literals *l, uint32_t field, struct text folded,
                     void (*found)(void *ctx, uint32_t literal), void *ctx);

#endif
