/*
 * partial_pack.h - a partial as bytes, and back: what `evscan scan --partial` writes and `evscan merge` reads.
 *
 * Shape:   16 bytes that name the form and its version, u64 fingerprint of the rules, u64 bytes of the content; the
 *          content (deflate); u32 CRC-32 of all bytes before.  Little-endian.  The content: numbers in groups of
 *          seven bits, each text once; man/evscan-partial.5 lists it field by field.
 *          The same partial gives the same bytes, in whatever order it was merged.
 * Trust:   bytes that are read are trusted in nothing: what comes of them keeps all limits of finding/partial.h.
 * Rules:   a hit names its rule by the place in a list of names that stands in front, so a partial can be read with
 *          another rule set.  Whether that is wanted is up to the caller, who sees the fingerprint.
 * Limits:  LIMIT_PARTIAL_BYTES of content.
 */
#ifndef EVSCAN_FINDING_PARTIAL_PACK_H
#define EVSCAN_FINDING_PARTIAL_PACK_H

#include "base/buf.h"
#include "finding/partial.h"

/* What the numbers of rules in hits stand for. */
struct rule_names {
    uint64_t fingerprint;     /* of all rules: their files, in order */
    const struct text *items; /* by number: name or id */
    size_t count;
};

enum partial_fault {
    PARTIAL_SOUND,
    PARTIAL_FOREIGN, /* no partial at all */
    PARTIAL_VERSION, /* of a newer or older evscan */
    PARTIAL_DAMAGED, /* cut, changed, or beyond the limits */
};

/* What a partial says of itself. */
struct partial_about {
    uint64_t fingerprint;
    uint64_t not_logs; /* files of folders that are no logs */
    uint64_t unknown;  /* hits of rules that are not there now: left out */
};

/*
 * Appends the partial, which must not have been sorted (partial_sort adds what is only true of the whole).  False when
 * it has more content than LIMIT_PARTIAL_BYTES: then nothing was appended.
 */
bool partial_pack(const struct partial *p, const struct rule_names *rules, uint64_t not_logs, struct buf *out) MUST_USE;

/* Fills the partial, which is empty; it stays empty when the bytes are not sound. */
enum partial_fault partial_unpack(struct bytes packed, const struct rule_names *rules, struct partial *ret,
                                  struct partial_about *about) MUST_USE;

/* The two inputs are one: everything about them is the same, but that a limit may have cut the hits of one. */
bool input_same(const struct input_result *a, const struct input_result *b);

#endif
