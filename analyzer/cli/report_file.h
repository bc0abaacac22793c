/*
 * report_file.h - a JSON report of an earlier run (evscan --format json), as a tree.
 *
 * Source:  report/report.schema.json; read by Jansson, which takes JSON as RFC 8259 has it, 2,048 levels deep at most.
 * Owns:    the tree, from report_file_read until report_file_done; nodes and texts are borrowed from it.
 * Limits:  LIMIT_REPORT_FILE bytes, and ten times the bytes of the file for its tree.
 * Threads: one.
 * Trust:   any file will do: what is not there, or of another kind, is "", false, 0 or an empty list.
 */
#ifndef EVSCAN_CLI_REPORT_FILE_H
#define EVSCAN_CLI_REPORT_FILE_H

#include "base/arena.h"
#include "base/attr.h"

struct json_t; /* Jansson's */

/* All zero: none. */
struct report_file {
    struct json_t *root;
};

/* 0, or the exit status when it is no report, which is then said on standard error. */
int report_file_read(const char *path, struct report_file *ret) MUST_USE;
void report_file_done(struct report_file *f);

struct text report_file_text(const struct json_t *map, const char *key);
bool report_file_true(const struct json_t *map, const char *key);
bool report_file_false(const struct json_t *map, const char *key); /* it is there, and says no */

/* "94": a whole number, as it is written; "" when there is none. */
struct text report_file_number(struct arena *arena, const struct json_t *map, const char *key);

const struct json_t *report_file_map(const struct json_t *map, const char *key); /* may be NULL, which has nothing */
const struct json_t *report_file_list(const struct json_t *map, const char *key); /* same */
size_t report_file_count(const struct json_t *list);
const struct json_t *report_file_item(const struct json_t *list, size_t i);
struct text report_file_word(const struct json_t *item); /* when it is a text, else "" */

#endif
