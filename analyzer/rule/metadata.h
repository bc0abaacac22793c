/*
 * metadata.h - title, id, level and the other attributes of a rule document.
 */
#ifndef EVSCAN_RULE_METADATA_H
#define EVSCAN_RULE_METADATA_H

#include "rule/loading.h"

/* Texts are kept in the arena of the rule set.  Mistakes are reported: bad metadata mostly only warns. */
void metadata_read(struct loading *l, const struct yaml_node *document, struct rule_info *ret);

/* A UUID in lower case without braces; any other text as it is. */
struct text reference_key(struct arena *arena, struct text name_or_id);

/* The attribute id as written; "" when there is none. */
struct text metadata_id(struct loading *l, const struct yaml_node *document);

#endif
