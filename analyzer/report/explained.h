/*
 * explained.h - findings that are not listed by themselves, because a diagnosis explains them or shows them as evidence: how
 * many, and of which rules that are not evscan's own.  Who wrote a rule wants to know that it fired.
 *
 * Owns:    lives in the arena given.
 * Limits:  EXPLAINED_RULES rules are named.
 */
#ifndef EVSCAN_REPORT_EXPLAINED_H
#define EVSCAN_REPORT_EXPLAINED_H

#include "report/report_facts.h"

#define EXPLAINED_RULES 8u

/* "10 findings are explained by the above; `where`.  Of added rules: my-disk (2) by Jane Doe."; "" without any. */
struct text words_of_explained(struct arena *a, const struct report_facts *f, const char *where);

#endif
