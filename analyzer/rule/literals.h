/*
 * literals.h - one search of a field value for the texts of all rules.
 *
 * Shape:   a rule that can only match when one of some texts stands in some field is filed under these texts; the
 *          search says which of them a value holds, and the other rules need not be looked at.
 *
 *              value -> three bytes at every second place -> bitmap -> bucket -> whole text compared -> rules
 *
 *          A text is filed under two neighbouring groups of three of its bytes, those that fewest others of the field
 *          are filed under: one of them stands at an even place.  What must end the value is filed under its last
 *          bytes and looked for there only; what must be the whole value, under its hash.  Texts with characters beyond
 *          ASCII are by themselves, for most values have none; so are the few that are too short for two groups.
 *          An automaton and vectorscan cost memory and loading (tests/bench/LAB.md).
 * Owns:    everything lives in the arena of the rule set.
 * Threads: const after literals_build.
 */
#ifndef EVSCAN_RULE_LITERALS_H
#define EVSCAN_RULE_LITERALS_H

#include "base/arena.h"
#include "event/event_values.h"

/* Bytes under which a text is filed. */
#define LITERAL_GRAM 3

/* The least that a text has which need not be the whole value: one byte stands in nearly every value. */
#define LITERAL_MIN 2

/* A text that must stand in the folded value of a field, for one rule. */
struct literal_use {
    uint32_t field, rule;
    struct text bytes;
    bool at_start, at_end;
};

struct literal {
    struct text bytes;
    bool at_start, at_end;
    uint8_t place;         /* where it is filed (literals.c) */
    uint32_t next;         /* in its bucket of `whole`, or in its list: index + 1, 0 = last */
    uint32_t first, count; /* its rules: in literals.rules */
};

/* A group of bytes under which a text is filed. */
struct literal_place {
    uint32_t literal;
    uint32_t offset; /* of the group in the text .. */
    uint32_t key;    /* .. and what it is */
    uint32_t next;   /* in its bucket: index + 1, 0 = last */
};

/* Texts by their groups. */
struct gram_table {
    uint32_t *buckets; /* index + 1 of the first place */
    uint64_t *bitmap;  /* of the hashes of the groups; NULL: the table is empty */
    unsigned bits;     /* buckets: 2 to the power of it; the bitmap has four more: sixteen bits a bucket */
};

/* The texts of one field. */
struct literal_table {
    struct gram_table inside;  /* ASCII; each under two groups */
    struct gram_table foreign; /* with characters beyond ASCII */
    struct gram_table ends;    /* ASCII, at the end of the value */
    uint32_t *whole;           /* buckets by the hash of the whole value; NULL: none */
    unsigned whole_bits;
    size_t whole_longest;
    uint32_t short_ascii, short_foreign; /* lists: index + 1 of the first */
    unsigned kinds; /* 1 << enum value_kind: a value of that kind could hold one of the texts */
};

struct literals {
    struct literal *items;
    size_t count;
    struct literal_place *places;
    size_t place_count;
    uint32_t *rules;
    struct literal_table *fields; /* by field of the rule set */
};

/* Too short to be filed under its bytes: each such text is looked for by itself, so there must not be many. */
bool literal_is_short(const struct literal_use *use);

/* Sorts `uses`.  Their bytes must live as long as the arena. */
void literals_build(struct arena *arena, struct literal_use *uses, size_t count, size_t field_count,
                    struct literals *ret);

/* False: no value of that kind holds a text of the field. */
bool literals_may_fit(const struct literals *l, uint32_t field, enum value_kind kind);

/* Calls `found` with the index of each text that stands in the value, perhaps more than once. */
void literals_search(const struct literals *l, uint32_t field, struct text folded,
                     void (*found)(void *ctx, uint32_t literal), void *ctx);

#endif
