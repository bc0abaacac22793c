/*
 * builder.h - a rule set in the making: what stands behind `struct ruleset_builder`.
 */
#ifndef EVSCAN_RULE_BUILDER_H
#define EVSCAN_RULE_BUILDER_H

#include "rule/correlation_draft.h"

/* A filter document; references are resolved when all files are there. */
struct filter {
    struct text product, category, service; /* "" when not named */
    bool any;                               /* of the rules of that log source */
    struct text *references;
    size_t reference_count;
    struct diag_place place;
    const struct expr *condition;
    size_t size; /* of the filter, as values_count counts */
};

struct ruleset_builder {
    struct loading l;
    struct arena arena;        /* what is not needed any more when the rules are compiled */
    struct diag_place *places; /* of the rules, for what is only seen at the end */
    size_t rule_capacity, place_capacity;
    struct filter *filters;
    size_t filter_count, filter_capacity;
    struct correlation_draft *drafts;
    size_t draft_count, draft_capacity;
    struct placeholder *placeholders;
    size_t placeholder_count, placeholder_capacity;
};

/* One document, templates merged.  A refused one leaves nothing behind, but a correlation a draft that is refused. */
void rule_add(struct ruleset_builder *b, const struct yaml_node *document);
void filter_add(struct ruleset_builder *b, const struct yaml_node *document);
void correlation_add(struct ruleset_builder *b, const struct yaml_node *document);

/* Refuses what bears the name of one of evscan's own rules or correlations.  First of all: rules get other numbers. */
void taken_names_refuse(struct ruleset_builder *b, struct diags *diags);

/* What a document may cost: its values, lists and maps. */
size_t values_count(const struct yaml_node *node);

/* Resolves what the drafts refer to, refuses those that cannot be worked out, and puts the others into the rule set
 * behind the rules.  The keys of the rule set must be there; those of correlations follow. */
void correlations_link(struct ruleset_builder *b, struct diags *diags);

/* When the correlations are there: what each rule is read for (rule/reads.h). */
void reads_find(struct ruleset_builder *b);

/* ANDs the filters' conditions to those of the rules they are for.  The keys of the rule set must be there. */
void filters_apply(struct ruleset_builder *b, struct diags *diags);

/* Reads `logsource`; false when it was refused. */
struct source_names {
    struct text product, category, service; /* lower case; "" when absent */
};
bool source_names_read(struct loading *l, const struct yaml_node *document,
                       struct source_names *ret) MUST_USE;

#endif
