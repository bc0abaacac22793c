/*
 * correlation_draft.h - a correlation as it was written, before what it refers to is known.
 *
 * Owns:    texts live in the arena of the builder, but for what the rule set keeps.
 */
#ifndef EVSCAN_RULE_CORRELATION_DRAFT_H
#define EVSCAN_RULE_CORRELATION_DRAFT_H

#include "rule/loading.h"

struct correlation_reference {
    struct text name;
    struct diag_place place;
    uint32_t rule; /* drafts behind the rules, in the order in which they were read */
};

/* `alias` means `field` in the events of the rule. */
struct correlation_alias {
    struct text alias, field;
    struct correlation_reference rule;
};

struct correlation_draft {
    struct correlation correlation; /* without rules and fields */
    struct text id;                 /* as written, "" without one */
    bool generate;                  /* its rules report for themselves as well */
    struct diag_place place;
    struct correlation_reference *references;
    size_t reference_count;
    struct correlation_alias *aliases;
    size_t alias_count;
    struct diag_place *field_places; /* of group_by, then of values; NULL: nobody asks (rule/suspect.h) */
    unsigned depth; /* on how many others it stands, from 1; 0 = not known yet */
    bool refused; /* has mistakes: its references are checked, and nothing comes of it */
    uint32_t path; /* it came with */
    uint32_t index; /* in the rule set */
};

/* Reads `condition` of the correlation.  The type and the references must be there; an expression brings its own
 * references when there are none. */
void correlation_condition_read(struct loading *l, struct arena *scratch, const struct yaml_node *map,
                                struct correlation_draft *d);

/* Adds a reference; false when there are too many. */
bool correlation_reference_add(struct loading *l, struct arena *scratch, const struct yaml_node *node, struct text name,
                               struct correlation_draft *d) MUST_USE;

#endif
