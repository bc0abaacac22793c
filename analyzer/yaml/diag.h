/*
 * diag.h - what is wrong with a file that a person wrote: place, reason, what would be right.
 *
 * All mistakes of a file are collected and shown at once, each with its source line and a caret.
 * Owns:    everything lives in the arena given.  Only `cli` prints.
 */
#ifndef EVSCAN_YAML_DIAG_H
#define EVSCAN_YAML_DIAG_H

#include "base/arena.h"
#include "base/buf.h"

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

struct diag {
    enum diag_severity severity;
    const char *class;       /* "yaml", "condition", "modifier" ..: stable, see the Sigma digest 13.3 */
    struct text path;
    uint32_t line, column;   /* from 1; 0 = the whole file */
    struct text source_line; /* without its line end; "" when there is none to show */
    struct text reason;      /* what is wrong */
    struct text hint;        /* what would be right; may be "" */
};

struct diags {
    struct arena *arena;
    struct diag *items;
    size_t count, capacity;
    size_t errors, warnings;
};

struct yaml_file;
struct yaml_node;

void diags_init(struct diags *d, struct arena *arena);

/* At a node of a file; `node` NULL means the whole file.  `hint` may be NULL. */
void diag_add(struct diags *d, enum diag_severity severity, const char *class, const struct yaml_file *file,
              const struct yaml_node *node, const char *hint, const char *format, ...) PRINTF_LIKE(7, 8);

/* At `offset` bytes into the scalar `node`: for conditions and values. */
void diag_add_inside(struct diags *d, enum diag_severity severity, const char *class, const struct yaml_file *file,
                     const struct yaml_node *node, size_t offset, const char *hint, const char *format, ...)
    PRINTF_LIKE(8, 9);

/*
 * file:line:column: error[class]: reason / the source line / a caret / hint.  Text of the file passes the escape
 * of terminals.  80 columns: long source lines are cut around the caret.
 */
void diag_print(const struct diag *d, struct buf *out);
void diags_print(const struct diags *d, struct buf *out);

#endif
