/*
 * notice.h - what happened while something was read: a stable number, a place, a value.
 *
 * Shape:   a list per input (or per batch, merged in order afterwards).  notice.def holds number, severity and
 *          text; the manual and the tests are made from the same lines.
 * Owns:    the list lives in an arena.
 * Limits:  LIMIT_NOTICES_PER_CODE items per code are kept; `count` knows all of them.
 * Threads: a list belongs to one thread.  Merging in input order makes the result the same for any number.
 */
#ifndef EVSCAN_BASE_NOTICE_H
#define EVSCAN_BASE_NOTICE_H

#include "base/arena.h"
#include "base/status.h"

enum notice_code {
#define NOTICE(number, name, severity, text) NOTICE_##name,
#include "base/notice.def"
#undef NOTICE
    NOTICE_CODES
};

enum notice_severity { NOTICE_INFO_LEVEL, NOTICE_WARNING_LEVEL, NOTICE_LOSS_LEVEL };

struct notice {
    enum notice_code code;
    uint64_t offset; /* in the input; NOTICE_NO_OFFSET when the place is the whole input */
    uint64_t value;  /* meaning per code, see its text */
};

#define NOTICE_NO_OFFSET UINT64_MAX

struct notices {
    struct arena *arena;
    struct notice *items;
    size_t count, capacity;
    uint32_t seen[NOTICE_CODES]; /* how often each code happened, kept or not; stays at UINT32_MAX */
};

void notices_init(struct notices *n, struct arena *arena);

/*
 * Adds one and returns the status that goes with its severity: ST_OK for INFO and WARNING, ST_LOST_RECORD for
 * LOSS, so that a parser can `return notice_add(...)`.
 */
enum status notice_add(struct notices *n, enum notice_code code, uint64_t offset, uint64_t value);

/* Appends what `from` holds; the limit and the counts go on. */
void notices_merge(struct notices *n, const struct notices *from);

/* The worst severity seen; NOTICE_INFO_LEVEL when there is none. */
enum notice_severity notices_worst(const struct notices *n);

/*
 * The loss to name where there is room for one: the first by which a log, or the rest of one, was not read, else the
 * first of all.  NULL when no loss was kept.
 */
const struct notice *notices_loss(const struct notices *n);

int notice_number(enum notice_code code);         /* 211 */
const char *notice_name(enum notice_code code);   /* "EVTX_RECORD_SIZE" */
enum notice_severity notice_severity(enum notice_code code);
const char *notice_severity_name(enum notice_severity severity); /* "info", "warning", "loss" */

/* The sentence without place and number.  Lives in `arena`. */
struct text notice_text(struct arena *arena, const struct notice *notice);

/* True when the value is the number of a rule, or NOTICE_NO_RULE: one that is not in this rule set. */
bool notice_names_rule(enum notice_code code);
#define NOTICE_NO_RULE UINT64_MAX

/* The sentence of a notice that names a rule, for those who know what the rule is called. */
struct text notice_text_named(struct arena *arena, const struct notice *notice, struct text rule);

#endif
