/*
 * article_read.h - one YAML document as an article, with what it names but does not hold.
 *
 * Source:  rules/README.md, "Articles".
 * Owns:    the article lives in the kb's arena; `loaded_article` and its references in the loading arena, which
 *          goes when the kb is linked.
 */
#ifndef EVSCAN_KB_ARTICLE_READ_H
#define EVSCAN_KB_ARTICLE_READ_H

#include "kb/article.h"
#include "kb/fields.h"

/* A rule that evidence names. */
struct rule_reference {
    struct text name;
    struct diag_place place;
    uint32_t *target; /* where its index goes */
};

/* An article that another one names. */
struct article_reference {
    struct text id;
    struct diag_place place;
};

struct loaded_article {
    struct article *article;
    struct diag_place place; /* of its id */
    struct rule_reference *rules;
    size_t rule_count, rule_capacity;
    struct article_reference *related;
    size_t related_count;
};

/* The document with the places to keep things in. */
struct article_source {
    struct fields fields; /* its arena is the kb's */
    struct arena *loading;
    struct loaded_article *loaded;
};

/* NULL when it has mistakes, which are then in `diags`. */
struct loaded_article *article_read(struct arena *arena, struct arena *loading, const struct yaml_file *file,
                                    const struct yaml_node *document, struct diags *diags);

/* The part below `evidence`. */
void evidence_read(struct article_source *s, const struct yaml_node *evidence);

/* The part below `applies`. */
void applies_read(struct article_source *s, const struct yaml_node *applies);

#endif
