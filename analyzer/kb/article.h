/*
 * article.h - one Knowledge Base article: what it needs to be seen, what it advises.
 *
 * Source:  rules/README.md, "Articles".
 * Owns:    nothing; texts belong to the kb.
 */
#ifndef EVSCAN_KB_ARTICLE_H
#define EVSCAN_KB_ARTICLE_H

#include "corr/timeline.h"

/* Which node a piece of evidence must come from, seen from the node of the anchor. */
enum evidence_node { NODE_SAME, NODE_OTHER, NODE_ANY, NODE_EACH };

enum evidence_kind { EVIDENCE_NEEDS, EVIDENCE_SUPPORTS, EVIDENCE_AGAINST };

struct evidence_item {
    enum evidence_kind kind;
    struct text text;         /* what it means, one sentence for people */
    const uint32_t *rules;    /* any of these */
    size_t rule_count;
    enum evidence_node node;
    struct text log;          /* channel it would be in; "" = that of the anchor */
    int64_t from, to;         /* window around the anchor, ticks; from <= to */
    uint32_t at_least;        /* hits needed, usually 1 */
    bool absent;              /* counts when no such hit is there and the logs cover the window */
    int weight;               /* points added (needs, supports) or taken away (against) */
    bool inferred;            /* the article does not name this event itself */
    struct text basis;        /* what the inference rests on */
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

struct article {
    struct text id, title, summary;
    enum rule_level level;
    const struct text *products;
    size_t product_count;
    const struct applies *applies; /* any of these; none = any system */
    size_t applies_count;
    int system_weight;                    /* points when the node says that it runs such a system */
    int64_t window;                       /* ticks: how far apart anchors of one episode are at most */
    const struct evidence_item *evidence; /* the anchor first; none = never a diagnosis */
    size_t evidence_count;
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
};

#endif
