/*
 * cautions.h - what the reader must know before he believes the rest: logs that were not read whole, or not at all,
 * and findings whose times are years off.
 *
 * Owns:    lives in the arena given.
 * Limits:  CAUTION_NAMES names in one of them, each of CAUTION_COLUMNS.
 * Text:    raw: whoever prints it escapes it.
 */
#ifndef EVSCAN_REPORT_CAUTIONS_H
#define EVSCAN_REPORT_CAUTIONS_H

#include "report/report_facts.h"

#define CAUTION_NAMES   10u
#define CAUTION_COLUMNS 60u

#define CAUTION_KINDS 6u

struct cautions {
    struct text items[CAUTION_KINDS]; /* sentences without their dot */
    size_t count;
    bool read_says_more; /* of the first: "What was read" tells what is wrong */
};

void cautions_find(struct arena *a, const struct report_facts *f, struct cautions *ret);

#endif
