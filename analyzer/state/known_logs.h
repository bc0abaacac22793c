/*
 * known_logs.h - the logs that are remembered, each with its generations (state/generation.h).
 *
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_LOG_NAMES of one node's logs of either kind are looked at for one that is not known by its name.
 */
#ifndef EVSCAN_STATE_KNOWN_LOGS_H
#define EVSCAN_STATE_KNOWN_LOGS_H

#include "state/log_parts.h"

struct generation {
    uint32_t number; /* of this log: 1, 2 .. */
    struct id_runs seen;
    struct marks marks;
    uint64_t first_time, last_time; /* of what was read */
    bool changed;                   /* in this run */
    bool doubted;                   /* in this run: not all of it could be read that should have been */
    bool told;                      /* in this run: that the log was cleared, replaced or rolled back */
    bool has_twin;                  /* in this run: records were not taken of another log because they are in this one */
    struct generation *older;
};

struct known_log {
    struct text node, channel;
    struct generation *generations; /* the newest first */
    struct marks all;               /* of all generations: numbers to look for */
    uint64_t file;                  /* that it was followed as last (log_file_key); 0: not known */
    bool file_changed;              /* in this run */
    bool indexed;                   /* its marks are there, and in `all` */
    struct known_log *same_hash;    /* the next one in its chain */
    struct known_log *same_node;    /* the same of its node and kind of name */
};

struct node_marks;

struct known_logs {
    struct arena *arena;
    struct known_log **items;
    size_t count, capacity;
    struct known_log *chains[LOG_CHAINS];
    struct known_log *of_channels[LOG_CHAINS], *of_files[LOG_CHAINS]; /* by node, and what they are called after */

    struct node_marks *asked[LOG_CHAINS]; /* by node: of all its logs, for the parts of a run */

    /* Gives the generations of a log their marks; NULL: they have them.  Most logs are not asked for. */
    void (*marks_load)(void *ctx, struct known_log *log);
    void *ctx;
};

struct known_log *known_log_get(struct known_logs *l, struct text node, struct text channel);  /* makes it */
struct known_log *known_log_find(const struct known_logs *l, struct text node, struct text channel);
struct generation *generation_add(struct known_logs *l, struct known_log *log); /* the newest one */

/* Loads the marks of all logs. */
void known_logs_index(struct known_logs *l);

void known_log_index(struct known_logs *l, struct known_log *log); /* of one */

/* Logs of a node that are called after a channel, or after a file: how many, LIMIT_LOG_NAMES at most. */
size_t known_logs_of(const struct known_logs *l, struct text node, bool channels, struct known_log **ret);

/*
 * The log that a part goes on with by its names; NULL: none is known.  What a log is that does not say it is guessed from
 * records that come and go: one that says nothing tonight is what its file was last followed as.
 */
struct known_log *known_log_followed(const struct known_logs *l, const struct log_part *part);

/* From now on its file is this log, and no other one of its node; `log` NULL: none is. */
void known_log_note_file(struct known_logs *l, const struct log_part *part, struct known_log *log);

/* Logs that may be the same as one that a part goes on with: how many, 2 * LIMIT_LOG_NAMES at most, with their marks. */
size_t known_logs_like(struct known_logs *l, const struct log_part *part, bool named, struct known_log **ret);

/* For log_parts.asked. */
void known_logs_asked(void *known_logs, struct log_part *part);

#endif
