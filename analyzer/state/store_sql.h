/*
 * store_sql.h - statements, for the parts of the store.
 *
 * Errors:  the first one stays in `failed` until it is asked for; what follows it does nothing.
 */
#ifndef EVSCAN_STATE_STORE_SQL_H
#define EVSCAN_STATE_STORE_SQL_H

#include <sqlite3.h>

#include "base/buf.h"
#include "state/store.h"

/* In place of the nodes of an input that was read before version 3 of the schema; no list of nodes is this. */
#define NODES_UNKNOWN "?"

/* The same of a file that is no log. */
#define NODES_OF_NO_LOG "-"

struct store {
    struct arena *arena;
    const char *folder, *path;
    sqlite3 *db;
    int lock; /* descriptor; -1: the folder cannot be written to and there is no lock */
    bool first; /* no run has made the file yet: it is missing, or empty as one left it that was ended */
    bool failed;
    bool nonsense;  /* it holds what evscan does not write */
    uint64_t taken; /* bytes kept of it */
};

/* Statements with ? for values. */
struct statement {
    struct store *store;
    sqlite3_stmt *prepared; /* NULL after an error */
    int bound;
};

struct statement sql_begin(struct store *s, const char *sql);
void sql_bind(struct statement *st, uint64_t value);
void sql_bind_text(struct statement *st, struct text value);
void sql_bind_bytes(struct statement *st, struct bytes value);
bool sql_next(struct statement *st); /* a row is there; after the last one the statement is done with */

/* The same of rows of which `n` bytes are kept besides texts and bytes; none when there is no room for them. */
bool sql_next_kept(struct statement *st, size_t n);

/* Room for `n` bytes of what is read, of LIMIT_STORE_MEMORY; without it the store is nonsense.  False of 0 bytes, too. */
bool sql_room(struct store *s, size_t n);

void sql_run(struct statement *st);  /* for its effect; done with */

/*
 * Names of nodes and channels: a line end is \n, NUL \0, and a backslash \\.  SQLite compares without case only up to a
 * NUL, and two names would be one.
 */
void sql_bind_name(struct statement *st, struct text value);
struct text sql_name(struct statement *st, int column);
void name_write(struct buf *out, struct text name);
struct text name_read(struct arena *arena, struct text written);

/*
 * What is no UTF-8, or more than LIMIT_STORE_MEMORY of all together, is given as "" and makes the store nonsense.  Texts
 * and bytes are kept in the arena of the store.
 */
uint64_t sql_number(struct statement *st, int column);
uint64_t sql_number_to(struct statement *st, int column, uint64_t most); /* larger ones are nonsense, and 0 */
struct text sql_text(struct statement *st, int column);
struct bytes sql_bytes(struct statement *st, int column);
bool sql_is_same(struct statement *st, int column, struct text t);

void sql_do(struct store *s, const char *sql);
uint64_t sql_one(struct store *s, const char *sql); /* the first column of the first row; 0 */

/* What SQLite says, with the name of the file. */
struct text sql_why(const struct store *s);
bool sql_is_damage(const struct store *s);

/* No tables but those that this program makes, each as it makes them; also in an older version that it knows. */
bool schema_is_ours(struct store *s);

/* Brings the schema to that of this program.  False after an error. */
bool schema_update(struct store *s);
int schema_version(void);

#endif
