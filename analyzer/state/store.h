/*
 * store.h - the memory between runs in a file: FOLDER/evscan.db, SQLite.
 *
 * Shape:   one run at a time holds FOLDER/evscan.lock.  A run loads all, works, and saves all in one transaction at its
 *          end: whatever ends it before, the memory is as it was.  The schema is in man/evscan-state.5 and in
 *          store_schema.c, with its version and the steps from each to the next.
 * Errors:  a store of a newer schema is refused.  A damaged one is set aside (evscan.db.damaged-TIME), and an empty one
 *          takes its place; that is said until a run has saved something.  What shows only when rows are read or
 *          written is damage as well (store_is_damaged).  One that cannot be written to is read; saving it then fails.
 * Trust:   what is read from the file keeps the limits of memory.h; evidence is untrusted (partial_pack.h).
 * Owns:    the file and the lock, until store_close.
 * Threads: one.
 */
#ifndef EVSCAN_STATE_STORE_H
#define EVSCAN_STATE_STORE_H

#include "state/memory.h"

struct store;

enum store_fault {
    STORE_GOOD,
    STORE_LOCKED,  /* another run holds it */
    STORE_NEWER,   /* of a newer evscan */
    STORE_DAMAGED, /* it was set aside; the store that was opened is empty */
    STORE_FAILED,  /* it cannot be opened at all */
};

/* `why` says it for people, also where it went.  A store comes with STORE_GOOD and STORE_DAMAGED only. */
enum store_fault store_open(const char *folder, bool create, uint64_t now, struct arena *arena, struct store **ret,
                            struct text *why) MUST_USE;
void store_close(struct store *s);

/*
 * What is remembered of a cluster, read beside a run that may hold the lock: nothing is made, locked, changed or set
 * aside.  False, with `why`: it is not there, is not sound, or is of another schema.
 */
bool store_look(const char *folder, struct text cluster, struct arena *arena, struct memory *ret, struct text *why)
    MUST_USE;

/* False, with `why`, when what is read makes no sense: store_set_aside it. */
bool store_load(struct store *s, struct text cluster, struct memory *ret, struct text *why) MUST_USE;

/* Renames the file and opens an empty one.  False, with `why`, when that is not possible. */
bool store_set_aside(struct store *s, uint64_t now, struct text *why) MUST_USE;

/* What failed last is damage, found while it was read or written: store_set_aside it. */
bool store_is_damaged(const struct store *s) MUST_USE;

/* What is remembered of the run itself. */
struct run_row {
    uint64_t began, ended;
    uint64_t rules;     /* fingerprint */
    const char *version;
    uint64_t read, unchanged, records; /* inputs, inputs, new records */
    bool incomplete;
};

/* All that changed, or nothing.  False, with `why`. */
bool store_save(struct store *s, struct text cluster, const struct memory *m, const struct run_row *run,
                struct text *why) MUST_USE;

/* For `evscan state`: schema and bytes are those of the file, all else is that of a cluster. */
struct store_summary {
    int schema;
    uint64_t bytes, runs, last_run, inputs, evidence, evidence_bytes, open, closed;
};

bool store_summary(struct store *s, struct text cluster, struct store_summary *ret, struct text *why) MUST_USE;
bool store_clusters(struct store *s, struct text **ret, size_t *count, struct text *why) MUST_USE;

/* What happened to the logs of a cluster: the last ones, `most` of them, the newest last. */
bool store_happened(struct store *s, struct text cluster, size_t most, struct happening **ret, size_t *count,
                    struct text *why) MUST_USE;

/* All of a cluster, or of a node in it (its logs and what was told of it); `node` "": the cluster. */
bool store_forget(struct store *s, struct text cluster, struct text node, uint64_t *rows, struct text *why) MUST_USE;

/* That all of it can be loaded, behind the check of store_open.  What cannot is set aside, but for evidence. */
bool store_check(struct store *s, uint64_t now, struct text *why) MUST_USE;

#endif
