/*
 * rules_fields.h - fields that a provider does not write, for `rules check`.
 *
 * Sound:   a selection that names provider and event IDs is held against what is known of these events
 *          (rules/explain/): a field is warned of when the fields of all of them are confirmed and none has its name.
 *          Classic events, whose values have no names, and whatever is not known, are passed over.
 */
#ifndef EVSCAN_CLI_RULES_FIELDS_H
#define EVSCAN_CLI_RULES_FIELDS_H

#include "cli/knowledge.h"

/* Warns (class "field") in k->diags. */
void rule_fields_check(struct knowledge *k, const struct knowledge_files *files, struct arena *arena);

#endif
