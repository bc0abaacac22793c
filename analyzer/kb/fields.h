/*
 * fields.h - typed values out of a YAML map, with a diagnostic for each that is not what it should be.
 *
 * Shape:   a mistake is reported where it stands, sets `bad`, and reading goes on: all mistakes of a file at once.
 * Owns:    what is returned is copied to the arena.
 */
#ifndef EVSCAN_KB_FIELDS_H
#define EVSCAN_KB_FIELDS_H

#include "yaml/yaml_tree.h"

struct fields {
    struct arena *arena;
    const struct yaml_file *file;
    struct diags *diags;
    bool bad;
};

struct field_key {
    const char *name;
    bool needed;
};

/* Reports a mistake at `node`.  `hint` may be NULL. */
#define FIELD_WRONG(f, node, hint, ...)                                                                         \
    ((f)->bad = true, diag_add((f)->diags, DIAG_ERROR, "article", (f)->file, (node), (hint), __VA_ARGS__))

/*
 * Is `node` a map with the needed keys and no others?  `what` names it in diagnostics.  False when it is no map at
 * all: then there is nothing to read from it.
 */
bool fields_check(struct fields *f, const struct yaml_node *node, const char *what, const struct field_key *keys,
                  size_t count) MUST_USE;

/* A scalar as text, trimmed; "" when there is none.  Empty and null values are mistakes. */
struct text field_text(struct fields *f, const struct yaml_node *map, const char *key);

/* `otherwise` when there is none. */
int field_int(struct fields *f, const struct yaml_node *map, const char *key, int min, int max, int otherwise);
bool field_bool(struct fields *f, const struct yaml_node *map, const char *key);

/* Same for a value at hand. */
struct text value_text(struct fields *f, const struct yaml_node *value, const char *what);

/*
 * A list of maps or of texts: `*count` items, NULL and 0 when there is none.  `or_one`: a single scalar is a list of
 * one as well.
 */
struct yaml_node *const *field_list(struct fields *f, const struct yaml_node *map, const char *key, bool or_one,
                                    size_t *count);
const struct text *field_texts(struct fields *f, const struct yaml_node *map, const char *key, size_t *count);

#endif
