/*
 * article.h - one Knowledge Base article or incident: what it needs to be seen, what it explains, what it advises.
 *
 * Source:  man/evscan-articles.5.
 * Owns:    nothing; texts belong to the kb.
 */
#ifndef EVSCAN_KB_ARTICLE_H
#define EVSCAN_KB_ARTICLE_H

#include "corr/timeline.h"

/* Which nodes something must come from: "same", "each not victim".  Seen from the anchor. */
struct node_scope {
    enum { SCOPE_SAME, SCOPE_ANY, SCOPE_ROLE } of;
    bool negated;     /* all nodes but these; `other` is not same */
    bool each;        /* every one of them that could have seen it, not just any */
    size_t role;      /* SCOPE_ROLE: in article.roles */
    struct text text; /* as people write it */
};

/* A value of an event: the first of these fields that it has, each a name or Data[n]. */
struct field_choice {
    const struct text *names;
    size_t count; /* 0 = none is meant */
};

/* A value that an event must have in common with its anchor, where they may call it by different names. */
struct shared_value {
    struct field_choice own, anchors;
};

/* Two times that an event says and that must lie apart; in events of other rules nothing is compared. */
struct time_difference {
    struct field_choice of, from;
    int64_t over;          /* ticks */
    const uint32_t *rules; /* none = all rules of the item */
    size_t rule_count;
};

/* Nodes that a value of the anchors names, or the one that was the last to log something before them. */
struct article_role {
    struct text name; /* "crashed node" */
    struct field_choice named_by;
    const uint32_t *latest; /* any of these rules; none = `named_by` */
    size_t latest_count;
};

enum evidence_kind {
    EVIDENCE_NEEDS,
    EVIDENCE_SUPPORTS,
    EVIDENCE_AGAINST,
    EVIDENCE_EXPLAINS, /* a consequence: no trouble of its own */
    EVIDENCE_ENDS,     /* it was over, for that node or that thing */
    EVIDENCE_FIXED_BY, /* the remedy was applied since */
    EVIDENCE_EXERCISED_BY, /* what would have shown it again, had the remedy not held */
};

struct evidence_item {
    enum evidence_kind kind;
    struct text text;         /* what it means, one sentence for people; may be "" for a consequence */
    const uint32_t *rules;    /* any of these */
    size_t rule_count;
    struct node_scope node;
    struct text log;          /* channel it would be in; "" = that of the anchor */
    int64_t from, to;         /* window around the anchor, ticks; from <= to */
    const uint32_t *until;    /* counts up to the first of these (kb/until.h) */
    size_t until_count;       /* 0 = in all of the window */
    int64_t silent;           /* ticks: the node had not gone on for longer before it started (kb/life.h); 0 = any */
    uint32_t at_least;        /* hits needed, usually 1 */
    int64_t apart;            /* ticks: hits that near to the first of them count once; 0 = each counts */
    bool absent;              /* counts when no such hit is there and the logs cover the window */
    const struct shared_value *same;
    size_t same_count;
    bool names;               /* one of its values must name a node of `named` */
    struct node_scope named;
    bool distinct;            /* `at_least` counts different values of `distinct_by`, without it different nodes */
    struct field_choice distinct_by;
    int64_t every_from, every_to; /* ticks from one to the next; every_to 0 = any rhythm */
    struct field_choice sides_by; /* the nodes that log it name exactly those of the other side by this (kb/sides.h) */
    bool sites;                   /* and the names of a side have in common what those of the other one lack */
    const struct time_difference *differ; /* NULL for none */
    int64_t clock_over;           /* no event: a clock was found to be off by more than these ticks; 0 = rules */
    int64_t wrote;                /* no event: the node was seen alive for longer behind the anchor; 0 = rules */
    const struct evidence_item *instead; /* counts as well when this was not found; NULL for none */
    int weight;               /* points added (needs, supports) or taken away (against, fixed by) */
    bool inferred;            /* the article does not name this event itself */
    struct text basis;        /* what the inference rests on */

    const uint32_t *began;    /* EVIDENCE_ENDS: what it ends, any of these rules; none = the anchor */
    size_t began_count;
    struct field_choice of;   /* EVIDENCE_ENDS: what was out of service, instead of a node */
    const uint32_t *named_by; /* EVIDENCE_ENDS: what any of these names was, from the first anchor on */
    size_t named_by_count;
    struct text how;          /* EVIDENCE_EXERCISED_BY: how to bring it about */
    const uint32_t *through;  /* same: `same` is asked of such an event, which shares `through_same` with the anchor */
    size_t through_count;     /* 0 = of the anchor itself */
    struct shared_value through_same;
    struct text hotfix;       /* EVIDENCE_FIXED_BY: its digits; the rules are those of installed updates */
};

struct evidence_items {
    const struct evidence_item *items;
    size_t count;
};

struct remedy_step {
    struct text node; /* "affected node", "each node", "other node", "workstation" .. */
    struct text text;
};

struct settle {
    struct text question;
    struct text command;
    struct text node; /* where; may be "" */
};

struct related_article {
    struct text id;
    struct text why;
};

/* Systems that an article is about. */
struct applies {
    uint32_t os_versions;                   /* bit per enum os_version; 0 = any */
    int service_pack_min, service_pack_max; /* inclusive; -1 = open */
};

enum article_kind {
    KIND_ARTICLE,
    KIND_INCIDENT,
    KIND_NOISE, /* what it is about is no trouble, and neither is what it explains */
};

#define ARTICLE_BRIEF 80u /* columns */

struct article {
    struct text id, title, summary;
    struct text brief; /* the summary on one line of a terminal, ARTICLE_BRIEF; "": it has none */
    enum article_kind kind;
    enum rule_level level;
    const struct text *products;
    size_t product_count;
    const struct applies *applies; /* any of these; none = any system */
    size_t applies_count;
    int system_weight;                    /* points when the node says that it runs such a system */
    int64_t window;                       /* ticks: how far apart anchors of one episode are at most */
    int64_t quiet;                        /* same, one from the next; at most the window */
    struct field_choice about;            /* what an anchor is about: of one value it is the same trouble on any node */
    const struct evidence_item *evidence; /* the anchor first; none = never a diagnosis */
    size_t evidence_count;
    const struct article_role *roles;
    size_t role_count;
    const struct article_role *trouble;   /* whose nodes are in trouble; NULL = those of the anchors */
    struct evidence_items explains, ends, fixed_by, exercised_by;
    const struct evidence_item *own_update; /* EVIDENCE_FIXED_BY: the update that has its number; NULL: it has none */
    const struct article **beats; /* articles that it is preferred to where both fit */
    size_t beat_count;
    const struct settle *settles;
    size_t settle_count;
    struct text cause;
    const struct remedy_step *remediation;
    size_t remediation_count;
    const struct text *warnings;
    size_t warning_count;
    const struct text *verify;
    size_t verify_count;
    const struct related_article *related;
    size_t related_count;
    const struct text *see; /* published guides that have no number */
    size_t see_count;
};

#endif
