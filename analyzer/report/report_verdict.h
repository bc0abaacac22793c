/*
 * report_verdict.h - the answer in two lines: how sure, where, when and which article; and what broke, or what was read.
 *
 * Shape:   where there is no end of the line both are whole sentences, unless they are longer than a thousand columns.
 *          Where there is one, what can be read further down is left out first: points, names of nodes, seconds; at
 *          last a line ends with "...".  Which text says what broke is then the first that fits: the summary, the
 *          article's own `brief`, its title.
 * Owns:    everything lives in the arena given.
 * Text:    raw: whoever prints it escapes it.
 */
#ifndef EVSCAN_REPORT_REPORT_VERDICT_H
#define EVSCAN_REPORT_REPORT_VERDICT_H

#include "report/report_facts.h"

#define VERDICT_NO_END UINT32_MAX

/*
 * Sets mood, headline, sentence and fitting of `f`, whose other facts are there.  Findings below `fail_level` are said to be
 * so; headline and sentence have at most `columns`.
 */
void verdict_find(struct arena *a, struct report_facts *f, enum rule_level fail_level, unsigned columns);

#endif
