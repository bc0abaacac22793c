/*
 * diagnose.h - articles against the timeline: an argument with points, not a verdict from nowhere.
 *
 * Shape:   an article is anchored at hits of its first `needs`; each anchor opens an episode (node, time).  All
 *          needs must hold.  score = sum of weights for - sum of weights against, 0..100.  confirmed from 80,
 *          likely from 50, possible from 20 points (thresholds: confidence_of).  Every point is listed.
 *          Episodes of one article that share a node or a time are one diagnosis, which shows the best of them.
 *          What another one explains is its consequence (kb/fold.h), what was fixed since is closed.  Occurrences of
 *          one article that have different causes are diagnoses of their own (kb/divide.h).
 * Source:  man/evscan-articles.5.
 * Owns:    the result lives in the arena given and borrows from kb, timeline and partial.
 * Limits:  LIMIT_EVIDENCE_HITS records are listed for an item; `hits_seen` counts all.
 * Time:    episodes * items * log(hits): counting never walks over hits.
 */
#ifndef EVSCAN_KB_DIAGNOSE_H
#define EVSCAN_KB_DIAGNOSE_H

#include "corr/node_log.h"
#include "kb/kb.h"

enum confidence { CONFIDENCE_NONE, CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CONFIRMED };

/* One item of evidence as it was found, or not. */
struct evidence_found {
    const struct evidence_item *item; /* NULL for what evscan adds itself (the system version) */
    struct text text;
    int points;                       /* as counted: positive for, negative against, 0 missing */
    const struct hit **hits;          /* in order of time; none when missing or absent */
    size_t hit_count;
    size_t hits_seen;                 /* of which hit_count are listed */
    struct text gap;                  /* missing because nothing can show it: "no log of another node was given" */
    struct log_miss miss;             /* missing because a log does not cover it (corr/node_log.h); else no node */
};

struct evidence_list {
    struct evidence_found *items;
    size_t count;
};

/* Places in the timeline, each once, in order. */
struct places {
    const uint32_t *items;
    size_t count;
};

struct interval {
    uint64_t from, to; /* FILETIME; both belong to it */
};

/* When it happened: intervals that do not overlap, in order of time. */
struct intervals {
    const struct interval *items;
    size_t count;
};

/* Who plays a role of the article. */
struct played_role {
    struct text role;
    const struct text *names; /* of nodes, whether there is a log of them or not */
    size_t count;
};

/* A node that events name and whose log is not there (kb/unseen.h). */
struct unseen_node {
    struct text name;
    const struct hit *hit; /* the first that names it */
};

/* What the trouble was about, as `exercised-by` calls it: roles (kb/concerned.h). */
struct concerned {
    struct text *names; /* each once, as spelled first */
    size_t count;       /* 0 = not known, or not asked */
};

/* Something was out of service. */
struct outage {
    struct text what;          /* a node, or what the article counts: a role, a disk */
    bool is_node;
    const struct evidence_item *item; /* the end that was looked for */
    uint64_t from, to;         /* FILETIME; to 0 = no end was seen */
    const struct hit *end;     /* NULL when none was seen */
};

/* One step of what happened. */
struct story_step {
    uint64_t time;
    const struct node *node;
    struct text text;
    const struct hit *first;
    size_t events;             /* of its kind on that node; `first` is the first */
    size_t times;              /* that it happened: several events can tell of one time */
};

/* Diagnoses that stand below another one. */
struct diagnosis_refs {
    const struct diagnosis **items;
    size_t count;
};

struct diagnosis {
    const struct article *article;
    enum confidence confidence;
    int score;
    bool inferred; /* rests only on evidence that the article itself does not name */
    bool unseen;   /* something that it needs would stand in a log that was not given */
    struct evidence_list for_it, against, missing;
    const struct node **nodes; /* that its evidence comes from, by name */
    size_t node_count;
    const struct node **affected; /* of them: where it starts from, by name */
    size_t affected_count;
    /* Names of the nodes in trouble: of the article's role for it, else the affected.  Of a confirmed one those without
     * a log are left out, unless all are. */
    const struct text *troubled;
    size_t troubled_count;
    uint64_t first, last;      /* FILETIME of its evidence */
    size_t occurrences;        /* how often it happened; the one with the most points is shown */
    const uint64_t *begins;    /* FILETIME of the first anchor of each; by time */
    uint64_t first_seen, last_seen; /* FILETIME of the anchors of all occurrences */

    struct played_role *roles;             /* of the occurrence that is shown */
    size_t role_count;
    struct places anchors, explains;       /* of all occurrences */
    struct intervals times;                /* same: from the first to the last anchor of each */
    struct diagnosis_refs consequences;    /* that it explains, best first */
    struct diagnosis_refs beaten;          /* that fit as well and say less, best first */
    struct evidence_list fixed; /* that the remedy was applied since */
    bool closed;                /* and that settles it */
    struct concerned concerned; /* of all occurrences */
    enum confidence unfixed;    /* what it was before what fixed it took points away */
    const struct settle *settles; /* the logs that are missing, then what the article says */
    size_t settle_count;
    struct outage *outages;     /* of the occurrence that is shown, and of the latest those without an end; by begin */
    size_t outage_count;
    struct story_step *story;   /* of an incident: from the first event to the recovery */
    size_t step_count;
};

/* Diagnoses that are no trouble, or not of their own. */
struct diagnosis_list {
    struct diagnosis *items;
    size_t count;
};

struct diagnoses {
    struct diagnosis *items; /* trouble that has no other cause; best first: confidence, score, level, time, id */
    size_t count;
    struct diagnosis_list consequences; /* of other diagnoses, which refer to them */
    struct diagnosis_list beaten;       /* by other diagnoses, which refer to them */
    struct diagnosis_list closed;       /* already fixed */
    struct diagnosis_list noise;        /* what explains events away */
    struct unseen_node *unseen;         /* LIMIT_CAST at most */
    size_t unseen_count;
    const struct article **explained;   /* by place in the timeline: what makes it no trouble of its own, or NULL */
    struct diagnosis *considered; /* articles that start from the same events but did not make it */
    size_t considered_count;
    bool exhausted;  /* LIMIT_EVIDENCE_WORK was reached */
    size_t left_out; /* diagnoses of an article beyond LIMIT_DIAGNOSES: the weakest ones */
};

void diagnose(struct arena *arena, const struct kb *kb, const struct timeline *timeline, struct diagnoses *ret);

/* The same for what began at that moment (FILETIME) or later; its evidence may be older. */
void diagnose_since(struct arena *arena, const struct kb *kb, const struct timeline *timeline, uint64_t since,
                    struct diagnoses *ret);

const char *confidence_name(enum confidence c); /* "confirmed" .. */
enum confidence confidence_of(int score);

#endif
