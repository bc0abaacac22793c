/*
 * article_read.h - one YAML document as an article, with what it names but does not hold.
 *
 * Source:  man/evscan-articles.5.
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
    bool carried;                  /* it must be one of evscan's, not just one of Microsoft's */
    const struct article **target; /* where it goes, NULL for none there; may be NULL */
};

struct loaded_article {
    struct article *article;
    struct diag_place place; /* of its id */
    bool own;                /* one of evscan's */
    struct rule_reference *rules;
    size_t rule_count, rule_capacity;
    struct article_reference *articles;
    size_t article_count, article_capacity;
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

/* Of it, `explains`, `ends`, `fixed-by` and `beats`. */
void aftermath_read(struct article_source *s, const struct yaml_node *evidence);

/* That the update was installed which has the number of the article (Q257577), by a rule that finds all updates. */
struct evidence_item *own_update_make(struct arena *arena, struct text id, uint32_t rule);

/* `node`, `within`, `log`, `same`, `names` and `text` of an item. */
void conditions_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item);

/* The rules that a key names, one or a list; their indices come when the kb is linked.  And one by its name. */
const uint32_t *references_read(struct article_source *s, const struct yaml_node *map, const char *key,
                                size_t *count);
const uint32_t *reference_read(struct article_source *s, const struct yaml_node *value, struct text name);

/* The article that a value names; `r` without its place. */
void article_reference_add(struct article_source *s, const struct yaml_node *value, struct article_reference r);

/* The part below `applies`. */
void applies_read(struct article_source *s, const struct yaml_node *applies);

#endif
