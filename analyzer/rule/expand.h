/*
 * expand.h - %name% in a value stands for the words of a list.
 */
#ifndef EVSCAN_RULE_EXPAND_H
#define EVSCAN_RULE_EXPAND_H

#include "rule/loading.h"

/* Several strings that one value stands for. */
struct strings {
    struct text *items;
    size_t count, capacity;
};

void strings_add(struct strings *s, struct arena *arena, struct text t);

/*
 * All combinations, as marked strings; LIMIT_EXPANSION of them at most, and LIMIT_EXPANSION_BYTES of all values.  A
 * percent sign behind a backslash is literal.  False when a list is missing or there are too many (reported).
 */
bool expand_value(struct loading *l, const struct yaml_node *value, struct strings *ret) MUST_USE;

/* Every MARK_DASH of `marked` as each of the dashes it stands for; false when there are too many. */
bool expand_dashes(struct loading *l, struct text marked, struct strings *ret) MUST_USE;

/* Reports that there are too many; false.  `what` and `texts` stand around the number: "windash gives", "spellings". */
bool expansion_refuse(struct loading *l, const struct yaml_node *value, const char *what, const char *texts);

#endif
