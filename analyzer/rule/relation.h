/*
 * relation.h - what two tests of one field mean for each other, for `rules check`.
 *
 * Shape:   a test is seen as the set of values that fulfil it; one of these values is "absent".
 * Sound:   "true" is proven; "false" means nothing.
 */
#ifndef EVSCAN_RULE_RELATION_H
#define EVSCAN_RULE_RELATION_H

#include "rule/compiled.h"

/* No value fulfils both. */
bool test_excludes(struct arena *scratch, const struct test *a, const struct test *b);

/* Every value that fulfils `a` fulfils `b`. */
bool test_implies(struct arena *scratch, const struct test *a, const struct test *b);

/* One of the two is about whether the field is there at all, and they exclude each other: also where it has several
 * values. */
bool test_excludes_presence(const struct test *a, const struct test *b);

#endif
