/*
 * detection.h - search identifiers: maps, lists and keywords become expressions.
 */
#ifndef EVSCAN_RULE_DETECTION_H
#define EVSCAN_RULE_DETECTION_H

#include "rule/loading.h"

struct selection {
    struct text name;
    const struct yaml_node *key;
    const struct expr *expr; /* EXPR_SELECTION; without children when it was refused: nothing is known of it */
    bool used;               /* by a condition */
};

struct selections {
    struct selection *items;
    size_t count;
};

/*
 * The entries of `map` but those whose keys `is_reserved` knows.  What is wrong is reported; the names are
 * there all the same, so that conditions are checked against all of them.
 */
void selections_compile(struct loading *l, const struct yaml_node *map, bool (*is_reserved)(struct text key),
                        struct selections *ret);

#endif
