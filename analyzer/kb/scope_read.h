/*
 * scope_read.h - the small words of evidence: which nodes, which values, how long.
 *
 * Source:  man/evscan-articles.5.
 * Owns:    what is returned lives in the kb's arena.
 * Errors:  a mistake is reported where it stands, and what is returned then is of no use.
 */
#ifndef EVSCAN_KB_SCOPE_READ_H
#define EVSCAN_KB_SCOPE_READ_H

#include "kb/article_read.h"

/* `same`, `other`, `any`, a role, each with `each` or `not` in front; `each` alone is `each any`. */
struct node_scope scope_read(struct article_source *s, const struct yaml_node *value);

/* `NodeName or Data[1]`. */
struct field_choice choice_read(struct fields *f, const struct yaml_node *value, const char *what);

/* `ResourceName, Data[1] or Name = Data[2]`: one or a list of them. */
const struct shared_value *same_read(struct fields *f, const struct yaml_node *map, size_t *count);

/* The map `roles`, and behind it `trouble`, one of them: into the article. */
void roles_read(struct article_source *s, const struct yaml_node *roles);
void trouble_read(struct article_source *s, const struct yaml_node *trouble);

/* "30m", "-10m", "0s": ticks. */
int64_t span_read(struct fields *f, const struct yaml_node *value, const char *what);

/* One span for both sides, or [from, to]. */
void spans_read(struct fields *f, const struct yaml_node *value, const char *what, int64_t *from, int64_t *to);

#endif
