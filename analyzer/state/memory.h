/*
 * memory.h - what is remembered between runs, as plain data: state/store.h loads and saves it, the others work on it.
 *
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_TROUBLES; evidence by age and LIMIT_EVIDENCE_BYTES (state/store_load.c).
 * Time:    FILETIME; of events as logs tell it, of runs by state/clock.h.
 */
#ifndef EVSCAN_STATE_MEMORY_H
#define EVSCAN_STATE_MEMORY_H

#include "state/generation.h"

/* A file as it was when it was read whole. */
struct known_input {
    struct text path;
    uint64_t size, inode, device;
    int64_t modified, touched; /* io/file_look.h; `touched` is 0 when an evscan read it that did not note it */
    uint64_t edges;   /* hash of its first and last bytes */
    bool lost;        /* it could not be read whole; of a folder: there was no log in it */
    bool no_log;      /* a file of a folder that is something else, or empty */
    const struct text *nodes; /* that it has records of */
    size_t node_count;
    bool nodes_known;         /* false: it was read by an evscan that did not note them */
    bool met, changed; /* in this run */
    bool was_lost;     /* it changed in this run, and could not be read whole before either */
    bool fresh;        /* never met before */
};

/* What one run found: a packed partial (finding/partial_pack.h). */
struct evidence_row {
    int64_t run;
    uint64_t began;
    struct bytes packed;
    bool drop; /* not to be kept any longer */
};

enum trouble_kind { TROUBLE_DIAGNOSIS, TROUBLE_FINDING, TROUBLE_NODE };

/*
 * Something that was told: a diagnosis; findings of a rule on a node that no diagnosis explains; a node that is expected
 * and whose logs are missing.
 */
struct trouble {
    struct text id;    /* stable: "Q218922-1f3a9c" */
    struct text what;  /* article or rule */
    struct text title;
    enum trouble_kind kind;
    const struct text *nodes;
    size_t node_count;
    int confidence, score, level;
    uint64_t first_seen, last_seen; /* of events */
    uint64_t occurrences;           /* in all runs */
    uint64_t counted;               /* of them in the evidence of the last run */
    uint64_t opened, closed, told;  /* runs; closed 0: it is open; told 0: suppressed so far */
    unsigned reminders;
    struct text reason;             /* why it is closed */
    bool changed;                   /* in this run */
};

/* What this run saw happen to a log, or to a file: `node` and `channel` are "" then. */
struct happening {
    uint64_t at; /* when the run began */
    struct text node, channel, path;
    int notice; /* its number */
    uint64_t value;
};

struct memory {
    struct arena *arena;
    int64_t run;        /* number of this one; the first is 1 */
    uint64_t last_run;  /* when the one before began; 0: there was none */
    uint64_t last_success; /* when the last one began that was complete; same */
    uint64_t unkept;    /* when the last one began whose evidence is not kept, or not any more; 0: all is */
    uint64_t last_rules; /* of the one before: the fingerprint of its rules, and */
    struct text last_version; /* that of evscan */
    struct known_logs logs;
    struct known_input **inputs; /* by path */
    size_t input_count, input_capacity;
    struct evidence_row *evidence; /* oldest first */
    size_t evidence_count, evidence_capacity;
    struct trouble **troubles; /* in order of their opening */
    size_t trouble_count, trouble_capacity;
    struct happening *happened; /* in this run */
    size_t happened_count, happened_capacity;
};

struct known_input *memory_input(const struct memory *m, struct text path); /* NULL: never read */
void memory_input_add(struct memory *m, struct known_input *input);
void memory_evidence_add(struct memory *m, struct evidence_row row);
void memory_trouble_add(struct memory *m, struct trouble *trouble);
void memory_happening_add(struct memory *m, struct happening happening); /* LIMIT_HAPPENED of a run */

#endif
