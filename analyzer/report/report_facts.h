/*
 * report_facts.h - what both reports say: the verdict, which hits are findings, words for times and names.
 *
 * Owns:    everything lives in the arena given.
 * Text:    raw: whoever prints it escapes it.
 */
#ifndef EVSCAN_REPORT_REPORT_FACTS_H
#define EVSCAN_REPORT_REPORT_FACTS_H

#include "corr/node_zone.h"
#include "report/report.h"

enum mood { MOOD_TROUBLE, MOOD_FINDINGS, MOOD_CALM, MOOD_BLIND };

struct report_facts {
    const struct report *report;
    const struct zone *zone;
    const struct article **explained_by; /* per hit of the timeline, or NULL: hit_is_explained() */
    bool *shown;      /* same: explained, or listed as evidence of a diagnosis that is told */
    size_t findings;  /* hits of rules that are no mere context, and that nothing explains */
    size_t explained; /* such hits that are explained */
    size_t weighed;   /* of `findings`: shown as evidence, but of nothing that is likely */
    enum rule_level worst;
    const struct hit *first_worst; /* earliest finding of that level; NULL without findings */
    struct account total;          /* of all inputs */
    size_t logs;                   /* inputs that are logs */
    size_t damaged;                /* inputs of which something is lost or unknown */
    bool interrupted;              /* the run was broken off: some of them were not read to their end */
    enum mood mood;
    struct text headline; /* how sure, where, when, which article: one sentence */
    struct text sentence; /* what is wrong, or what was read; both without an end of the line (report/report_verdict.h) */
    struct text fitting;  /* when nothing was found: how many rules could have; "" when all could */
};

void report_facts_find(struct arena *a, const struct report *r, const struct report_options *options,
                       struct report_facts *ret);

static inline const struct rule_info *hit_rule(const struct report *r, const struct hit *hit)
{
    return ruleset_info(r->rules, hit->rule);
}

static inline bool hit_is_finding(const struct report *r, const struct hit *hit)
{
    return !hit_rule(r, hit)->context && !(r->hushed && r->hushed[hit - r->timeline->hits]);
}

/*
 * Evidence for a diagnosis that is told and likely at least, or no trouble of its own: a consequence, noise, or fixed
 * since.  What is only possible explains nothing.  `at`: its place in the timeline.
 */
static inline bool hit_is_explained(const struct report_facts *f, size_t at)
{
    return f->explained_by[at];
}

/* The second half of that alone: a drawing shows the evidence of a diagnosis as what is wrong. */
static inline bool hit_is_no_trouble(const struct report *r, size_t at)
{
    return r->diagnoses->explained && r->diagnoses->explained[at];
}

/* The article that does so, or "". */
static inline const struct text *hit_explained_by(const struct report_facts *f, size_t at)
{
    static const struct text none = { "", 0 };
    return hit_is_explained(f, at) ? &f->explained_by[at]->id : &none;
}

/* No rule could speak about what was read: that nothing was found says nothing. */
bool report_is_blind(const struct report *r);

/* Something of it is lost or unknown. */
bool input_is_damaged(const struct input_result *input);

/* NULL when it is in no log that was given. */
const struct node *hit_node_known(const struct timeline *t, const struct hit *hit);

/* The name of the node as the timeline knows it; before there is one, as the event says it. */
struct text hit_node(const struct report *r, const struct hit *hit);

/* The parts, one after the other.  (printf would stop at a NUL that a log puts into a name.) */
struct text words_join(struct arena *a, const struct text *parts, size_t count);
#define WORDS(arena, ...)                                                                                    \
    words_join((arena), (const struct text[]){ __VA_ARGS__ },                                                \
               sizeof((const struct text[]){ __VA_ARGS__ }) / sizeof(struct text))

/* "NODE1", "NODE1 and NODE2", "NODE1, NODE2, NODE3 and 5 more". */
struct text words_of_names(struct arena *a, const struct text *names, size_t count);
struct text words_of_nodes(struct arena *a, const struct diagnosis *d); /* those in trouble */
struct text words_of_witnesses(struct arena *a, const struct diagnosis *d); /* " (seen by NODE1)", or nothing */

struct text words_of_clock(struct arena *a, const struct zone *z, uint64_t filetime); /* "1999-04-12 02:10:05" */

/* "1999-04-12 02:10:05 UTC", "1999-04-12 04:10:05 +02:00"; "at an unknown time" for 0. */
struct text words_of_time(struct arena *a, const struct zone *z, uint64_t filetime);

/*
 * "1999-04-12 02:10:05" and "02:12:09 UTC", the second date only when it differs; `from` is empty when both
 * ends are the same second.  Where summer time begins between them, both say the offset.
 */
void words_of_ends(struct arena *a, const struct zone *z, uint64_t first, uint64_t last, struct text *from,
                   struct text *to);

/* The zone of what is said of one node, or of a hit on it (corr/node_zone.h). */
const struct zone *zone_of_name(const struct report *r, const struct zone *z, struct text node);
const struct zone *zone_of_hit(const struct report *r, const struct zone *z, const struct hit *hit);

/* Why evidence is missing, when it is known: "NODE2's System log starts 1999-04-12 14:07:00 UTC, after the event". */
struct text words_of_gap(struct arena *a, const struct zone *z, const struct evidence_found *e);

/* "Cannot be excluded: no log of NODE3 was given"; "" when nothing that the diagnosis needs is out of sight. */
struct text words_of_unseen(struct arena *a, const struct zone *z, const struct diagnosis *d);

/* That a clock was set in the time that it tells of, so that its times do not compare; "" when none was. */
struct text words_of_steps(struct arena *a, const struct diagnosis *d);

/* "1999-04-01 to 1999-04-12" */
struct text words_of_days(struct arena *a, const struct zone *z, uint64_t first, uint64_t last);

/* "1,234,567" */
struct text words_of_number(struct arena *a, uint64_t n);

/* "1 record", "2,000 records" */
struct text words_of_count(struct arena *a, uint64_t n, const char *one, const char *many);

/* "40 rules fit what was read; 5 need a channel .."; "" when all do, or nobody knows. */
struct text words_of_reach(struct arena *a, const struct reach *reach);

/* "KB article Q218922", "article cluster-partition" */
struct text words_of_article(struct arena *a, struct text id);

/* Where a step is taken: "each node"; a single affected one has a name, "affected node CLUS-A", and a role has names. */
struct text words_of_place(struct arena *a, const struct diagnosis *d, struct text node);

/* The part of an event that a person reads: its rendered message, or its values. */
struct text words_of_event(struct arena *a, const struct event *e);

/* "1753 EPT_S_NOT_REGISTERED, There are no more .. available": what the error codes in it are called; "" without any. */
struct text words_of_errors(struct arena *a, const struct report *r, const struct event *e);

/* What it says, and that. */
struct text words_of_event_and_errors(struct arena *a, const struct report *r, const struct event *e);

/* The sentence of a notice, with the name of the rule that it is about. */
struct text words_of_notice(struct arena *a, const struct ruleset *rules, const struct notice *notice);

const char *status_name(enum status status); /* "ok", "lost-record" .. */

#endif
