/*
 * loading.h - what the parts of the rule room share while rule files are read.
 */
#ifndef EVSCAN_RULE_LOADING_H
#define EVSCAN_RULE_LOADING_H

#include "rule/compiled.h"

/* Values of one %name% for the modifier `expand`. */
struct placeholder {
    struct text name;
    struct text *values;
    size_t count, capacity;
};

/* A log source that a pipeline adds. */
struct site_source {
    const struct source_row *row;
    bool category; /* else a service */
};

/* A table from names to numbers; grows, keeps its keys. */
struct name_table {
    struct text *names;
    uint32_t *slots; /* index + 1, 0 = free */
    size_t count, capacity, slot_count;
};

/* What the selections of a template have become, for all rules that it makes. */
struct shared_selections {
    struct arena arena;
    struct name_table nodes;     /* the bytes of the address of a selection's value .. */
    const struct expr **compiled; /* .. and what became of it; NULL: a mistake */
    size_t capacity;
};

/* Whether an expression can be made to backtrack without end. */
enum regex_verdict { REGEX_NOT_TRIED, REGEX_STRAINED, REGEX_FINE };

struct loading {
    struct ruleset *rules; /* what is being made */
    struct arena *arena;   /* of the rule set */
    struct name_table fields;
    struct name_table regexes; /* by their flags and texts: equal ones are compiled once */
    enum regex_verdict *regex_verdicts;
    size_t regex_bytes; /* of the code of all */
    size_t field_capacity, regex_capacity, regex_verdict_capacity, source_capacity;
    const struct placeholder *placeholders;
    size_t placeholder_count;
    struct site_source *sites;
    size_t site_count, site_capacity;

    /* While a file is read: */
    const struct yaml_file *file;
    struct diags *diags;
    bool own;
    uint32_t path; /* ruleset_begin_path: files of one path came together */
    bool thorough; /* also say what is only suspicious, and costs time to find (rule/suspect.h) */
    const struct event_fields *events; /* whose fields are known besides (rule/event_fields.h) */
    size_t event_count;
    struct shared_selections *shared; /* of a file with templates; else NULL */
    uint32_t document;         /* counts rules and filters .. */
    uint32_t *field_documents; /* .. and says in which of them a field was read last */
    size_t field_document_capacity;
    size_t fields_used; /* different ones in this document */

    /* Of all files, for limits: */
    size_t work;          /* values of the rules that templates made */
    size_t pattern_work;  /* names of selections that patterns in conditions were held against */
    size_t expansion_bytes; /* of the texts that values with placeholders and dashes stand for */
    bool full;            /* LIMIT_RULES_BYTES was reached, and told */
    size_t suspect_work;  /* tests compared in search of what is suspicious */
    size_t trial_work;    /* of trying regular expressions (suspect_regex.c) */
};

/* A mistake that refuses the document, one that only warns: class, node, hint (or NULL), format .. */
#define REFUSE(l, class, node, hint, ...)                                                                    \
    diag_add((l)->diags, DIAG_ERROR, (class), (l)->file, (node), (hint), __VA_ARGS__)
#define WARN(l, class, node, hint, ...)                                                                      \
    diag_add((l)->diags, DIAG_WARNING, (class), (l)->file, (node), (hint), __VA_ARGS__)

/* Index of the name, added when it is new. */
uint32_t name_table_add(struct name_table *t, struct arena *arena, struct text name, bool *is_new);

/* False when the name is not there. */
bool name_table_find(const struct name_table *t, struct text name, uint32_t *ret) MUST_USE;

/* A log source of Windows or of the site; NULL when there is none of this name. */
const struct source_row *source_category(const struct loading *l, struct text name);
const struct source_row *source_service(const struct loading *l, struct text name);

/* Index of the field in the rule set; interned. */
uint32_t field_intern(struct loading *l, struct text name);

/* The same for a field that the rule at hand reads; false when these are too many (LIMIT_RULE_FIELDS), which is told of
 * the first one.  Every rule and filter begins anew. */
void fields_begin(struct loading *l);
bool field_use(struct loading *l, const struct yaml_node *place, struct text name, uint32_t *ret) MUST_USE;

/* True for what is meant as Data[n] and is none: positions are numbers from 1 on. */
bool field_position_wrong(struct text name);

#endif
