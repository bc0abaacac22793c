/*
 * choice.h - a few short texts of which one must stand in a match: alternatives of a regular expression.
 *
 * Limits:  CHOICE_MAX texts of CHOICE_BYTES each.  What does not fit is said by the result and changes nothing.
 */
#ifndef EVSCAN_RULE_CHOICE_H
#define EVSCAN_RULE_CHOICE_H

#include "base/attr.h"
#include "base/bytes.h"

#define CHOICE_MAX   64u
#define CHOICE_BYTES 31u

/* No text: nothing is known. */
struct choice {
    size_t count;
    struct {
        uint8_t n;
        char bytes[CHOICE_BYTES];
    } items[CHOICE_MAX];
};

struct text choice_text(const struct choice *c, size_t i);

/* One text. */
void choice_set(struct choice *c, struct text t);

void choice_copy(struct choice *to, const struct choice *from);

/* Every text of `c` goes on with every one of `ends`; false when these are too many or too long. */
bool choice_append(struct choice *c, const struct choice *ends) MUST_USE;

/* The texts of both, each once; false when these are too many, or one of several is so short that it stands in most
 * values: then `c` is of no use. */
bool choice_join(struct choice *c, const struct choice *other) MUST_USE;

/* The same of texts that go on: however short. */
bool choice_unite(struct choice *c, const struct choice *other) MUST_USE;

/* What is found in fewer values becomes `best`. */
void choice_improve(struct choice *best, const struct choice *other);

#endif
