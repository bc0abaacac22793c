/*
 * diag.h - what is wrong with a file that a person wrote: place, reason, what would be right.
 *
 * All mistakes of a file are collected and shown at once, each with its source line and a caret.
 * Owns:    everything lives in the arena given; nothing points into the file.  Only `cli` prints.
 * Limits:  of a file in a row LIMIT_DIAGS_PER_FILE mistakes and as many warnings are kept, of all files LIMIT_DIAGS;
 *          all are counted.  LIMIT_DIAG_LINE bytes of a source line are kept around the place.
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
    struct text source_line; /* without its line end, cut around the place; "" when there is none to show */
    size_t caret;            /* bytes of source_line in front of the place */
    struct text reason;      /* what is wrong */
    struct text hint;        /* what would be right; may be "" */
    size_t more;             /* of the same file, which were not kept */
};

#define DIAG_FILE "file" /* the class of what says that a file cannot be read */

struct diags {
    struct arena *arena;
    struct diag *items;
    size_t count, capacity;
    size_t errors, warnings; /* all of them, kept or not */
    struct text last_path;   /* of the file whose mistakes are counted in `in_row`, by their severity */
    size_t in_row[2];
};

/* Where something stood, for mistakes that are only seen when the file is gone. */
struct diag_place {
    struct text path;
    uint32_t line, column;
    struct text source_line;
    size_t caret;
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

/* Whether one more of that file will be kept: whoever has much to say may be short when it will only be counted. */
bool diags_keep(const struct diags *d, enum diag_severity severity, const struct yaml_file *file);

/* A copy of the place that lives as long as the arena. */
struct diag_place diag_place_keep(struct arena *arena, const struct yaml_file *file, const struct yaml_node *node);

void diag_add_place(struct diags *d, enum diag_severity severity, const char *class, const struct diag_place *place,
                    const char *hint, const char *format, ...) PRINTF_LIKE(6, 7);

/* At `at` bytes into the source, in the line given: what a parser says before there is a node. */
void diag_add_source(struct diags *d, enum diag_severity severity, const char *class, const struct yaml_file *file,
                     size_t at, uint32_t line, const char *hint, const char *format, ...) PRINTF_LIKE(8, 9);

/*
 * file:line:column: error[class]: reason / the source line / a caret / hint.  Text of the file passes the escape
 * of terminals.  80 columns: long source lines are cut around the caret.
 */
void diag_print(const struct diag *d, struct buf *out);
void diags_print(const struct diags *d, struct buf *out);

/* Mistakes, and so many warnings at most; what is not shown. */
struct diags_left {
    size_t errors, warnings;
};
void diags_print_some(const struct diags *d, size_t most_warnings, struct buf *out, struct diags_left *left);

#endif
