/*
 * kb.h - the knowledge base: articles, loaded from YAML, linked to the rules their evidence names.
 *
 * Shape:   man/evscan-articles.5 describes the file format.  One article is one file.
 * Owns:    the kb owns all it needs; sources and trees can be dropped after loading.
 * Errors:  as for rules: all mistakes of a file at once, with carets; a bad article is left out.
 * Threads: const after kb_link.
 */
#ifndef EVSCAN_KB_KB_H
#define EVSCAN_KB_KB_H

#include "kb/article.h"
#include "rule/ruleset.h"

struct kb;

struct kb *kb_new(void);
void kb_free(struct kb *kb);

/* True when the document is an article (it has the key `article`). */
bool kb_is_article(const struct yaml_node *document);
/*
 * Adds the articles of a parsed file.  `own` ones are evscan's: that one of them names an article that is not there is a
 * mistake; in those of others it is suspicious only, since they are loaded without the shipped ones too.
 */
void kb_add_file(struct kb *kb, const struct yaml_file *file, bool own, struct diags *diags);

/* Resolves the rules that evidence names and the articles that `related` and `beats` name.  Call once, before diagnosing. */
void kb_link(struct kb *kb, const struct ruleset *rules, struct diags *diags);

size_t kb_count(const struct kb *kb);
const struct article *kb_article(const struct kb *kb, size_t index); /* by id */
const struct article *kb_find(const struct kb *kb, struct text id);  /* NULL when there is none */

#endif
