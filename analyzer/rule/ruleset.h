/*
 * ruleset.h - rules in the Sigma format, compiled once, then shared.
 *
 * Shape:   a builder takes rule files in any order; ruleset_compile resolves references, interns the field names
 *          that rules mention, and builds the dispatch (channel, provider, event ID) -> rules.
 * Source:  Sigma specification 2.1; where it is silent, the decisions of man/evscan-rules.5.
 * Owns:    the ruleset owns all it needs; sources and trees can be dropped after compiling.
 * Errors:  one bad rule never stops a run: it is refused with diagnostics, the others load.
 * Threads: a ruleset is const and shared; each thread has its own matcher (match/matcher.h).
 */
#ifndef EVSCAN_RULE_RULESET_H
#define EVSCAN_RULE_RULESET_H

#include "event/event.h"
#include "yaml/yaml_tree.h"

enum rule_level {
    RULE_LEVEL_NONE, /* not given */
    RULE_INFORMATIONAL,
    RULE_LOW,
    RULE_MEDIUM,
    RULE_HIGH,
    RULE_CRITICAL,
};

/* What reports show of a rule.  Texts are "" when the rule does not give them. */
struct rule_info {
    struct text id;     /* the rule's id as written; its name, else its title, when it has none: never empty */
    struct text name;   /* unique readable key; evidence of articles refers to it */
    struct text title;
    struct text author;
    struct text path;   /* of the file */
    uint32_t line;      /* of the document */
    enum rule_level level;
    bool own;     /* evscan's */
    bool context; /* a hit is evidence for articles and correlations, never a finding: evscan's own remark, or a
                     correlation of its path without `generate` refers to the rule */
    bool fact;    /* context, and no page of events shows it: it only tells something about its node */
};

struct ruleset;
struct ruleset_builder;

struct ruleset_builder *ruleset_builder_new(void);
void ruleset_builder_free(struct ruleset_builder *b);

/*
 * Adds the documents of a parsed file.  `own` rules are evscan's: an event ID without a provider is an error in
 * them, a warning in rules of others.  The file may be dropped afterwards.
 */
void ruleset_add_file(struct ruleset_builder *b, const struct yaml_file *file, bool own, struct diags *diags);

/* Files added from now on were named together: a correlation without `generate` silences rules of its own path only.  What
 * somebody writes besides the shipped rules must not switch these off. */
void ruleset_begin_path(struct ruleset_builder *b);

/* Files added from now on are also searched for what is only suspicious; that takes longer (`rules check`). */
void ruleset_be_thorough(struct ruleset_builder *b);

/* For that: fields of events besides those that are always known.  They must live until ruleset_compile. */
struct event_fields;
void ruleset_know_events(struct ruleset_builder *b, const struct event_fields *events, size_t count);

/* Values for the modifier `expand`; texts are copied. */
void ruleset_add_placeholder(struct ruleset_builder *b, struct text name, struct text value);

/* Never NULL.  Rules that were refused are not in it.  The builder is used up but still has to be freed. */
struct ruleset *ruleset_compile(struct ruleset_builder *b, struct diags *diags);
void ruleset_free(struct ruleset *rules);

size_t ruleset_count(const struct ruleset *rules);          /* loaded detection rules */
size_t ruleset_not_applicable(const struct ruleset *rules); /* of them: for other products */
size_t ruleset_count_all(const struct ruleset *rules);      /* rules, and behind them the correlations */
const struct rule_info *ruleset_info(const struct ruleset *rules, uint32_t rule); /* also of a correlation */

/* Whether it is for logs of Windows, and what it is for: "" or what its log source names. */
bool ruleset_applies(const struct ruleset *rules, uint32_t rule);
struct text ruleset_product(const struct ruleset *rules, uint32_t rule);
struct text ruleset_service(const struct ruleset *rules, uint32_t rule);
struct text ruleset_category(const struct ruleset *rules, uint32_t rule);

/* The name by which a rule is best called: its name, else its id. */
struct text ruleset_called(const struct ruleset *rules, uint32_t rule);

/* Index of the rule with this name or id; false when there is none or it is ambiguous. */
bool ruleset_find(const struct ruleset *rules, struct text name_or_id, uint32_t *ret) MUST_USE;

/* Same, for what hits can refer to: a rule, or behind the rules a correlation (rule/correlation.h). */
bool ruleset_find_any(const struct ruleset *rules, struct text name_or_id, uint32_t *ret) MUST_USE;

/* Whether that found none because several have the name or id. */
bool ruleset_is_ambiguous(const struct ruleset *rules, struct text name_or_id) MUST_USE;

/* The name under which rules mention a field. */
struct text ruleset_field(const struct ruleset *rules, uint32_t field);

const char *rule_level_name(enum rule_level level); /* "high"; "" for none */
bool rule_level_parse(struct text t, enum rule_level *ret) MUST_USE;

#endif
