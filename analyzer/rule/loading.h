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

struct loading {
    struct ruleset *rules; /* what is being made */
    struct arena *arena;   /* of the rule set */
    struct name_table fields;
    size_t field_capacity, regex_capacity, regex_text_capacity, source_capacity;
    const struct placeholder *placeholders;
    size_t placeholder_count;
    struct site_source *sites;
    size_t site_count, site_capacity;

    /* While a file is read: */
    const struct yaml_file *file;
    struct diags *diags;
    bool own;
    bool thorough; /* also say what is only suspicious, and costs time to find (rule/suspect.h) */
    size_t suspect_work; /* tests compared for that, of all files */
    size_t work; /* values compiled of this file; `action: repeat` could make them without end */
};

/* A mistake that refuses the document, one that only warns: class, node, hint (or NULL), format .. */
#define REFUSE(l, class, node, hint, ...)                                                                    \
    diag_add((l)->diags, DIAG_ERROR, (class), (l)->file, (node), (hint), __VA_ARGS__)
#define WARN(l, class, node, hint, ...)                                                                      \
    diag_add((l)->diags, DIAG_WARNING, (class), (l)->file, (node), (hint), __VA_ARGS__)

/* Index of the name, added when it is new. */
uint32_t name_table_add(struct name_table *t, struct arena *arena, struct text name, bool *is_new);

/* A log source of Windows or of the site; NULL when there is none of this name. */
const struct source_row *source_category(const struct loading *l, struct text name);
const struct source_row *source_service(const struct loading *l, struct text name);

/* Index of the field in the rule set; interned. */
uint32_t field_intern(struct loading *l, struct text name);

/* True for what is meant as Data[n] and is none: positions are numbers from 1 on. */
bool field_position_wrong(struct text name);

#endif
