/*
 * sim_logs.h - logs that are written to, cleared and set back, night after night; and what is taken of them.
 *
 * Shape:   log_new, log_append, log_clear; night_begin, night_read.., night_end, taken, said; or one_night.
 * Owns:    one arena for all; arena_setup and arena_teardown go with the group of tests.
 */
#ifndef EVSCAN_TESTS_SIM_LOGS_H
#define EVSCAN_TESTS_SIM_LOGS_H

#include "state/generation.h"

/* A log as it is tonight: numbers first .. first+count-1; what each says is told by its `content`. */
#define ROOM 131072
#define MOST 4096

static size_t most = MOST / 2;

struct sim_log {
    uint64_t first;
    size_t count;
    uint64_t time[ROOM], content[ROOM];
};

struct night {
    struct known_logs known;
    struct log_parts parts;
    struct part_verdict *verdicts;
};

static struct arena arena;

static inline int arena_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static inline int arena_teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static inline void night_begin(struct night *n)
{
    n->known.arena = &arena;
    for (size_t i = 0; i < n->known.count; i++) {
        n->known.items[i]->all = (struct marks){ 0 };
        n->known.items[i]->indexed = false;
    }
    memset(n->known.asked, 0, sizeof n->known.asked);
    known_logs_index(&n->known);
    n->parts = (struct log_parts){ .arena = &arena, .asked = known_logs_asked, .ctx = &n->known };
}

/* Records of .evt logs name no channel. */
static const char *channel = "System";
static uint32_t level;

static inline void night_read(struct night *n, const char *path, const char *node, const struct sim_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        struct event_key key = { .provider = TEXT("P"), .channel = text_from(channel), .computer = text_from(node),
                                 .id = (uint32_t)log->content[i], .time = log->time[i], .record_id = log->first + i,
                                 .level = level };
        log_parts_add(&n->parts, path, &key);
    }
}

static inline void night_end(struct night *n)
{
    n->verdicts = parts_judge(&n->known, &n->parts);
}

static inline void log_append(struct sim_log *log, size_t count, uint64_t *clock, uint64_t *content)
{
    for (size_t i = 0; i < count; i++) {
        if (log->count == most && log->count > 16) { /* it wraps */
            log->first += 16;
            log->count -= 16;
            memmove(log->time, log->time + 16, log->count * sizeof *log->time);
            memmove(log->content, log->content + 16, log->count * sizeof *log->content);
        }
        *clock += 7 * TICKS_PER_SECOND;
        log->time[log->count] = *clock;
        log->content[log->count++] = ++*content;
    }
}

static inline void log_clear(struct sim_log *log)
{
    log->first = 1;
    log->count = 0;
}

static inline uint64_t taken(const struct night *n, size_t part)
{
    return id_runs_count(&n->verdicts[part].take);
}

static inline bool said(const struct night *n, size_t part, enum notice_code code)
{
    const struct part_verdict *v = &n->verdicts[part];
    for (size_t i = 0; i < v->notice_count; i++)
        if (v->notices[i].code == code)
            return true;
    return false;
}

/* One export of one log a night. */
static inline uint64_t one_night(struct night *n, const struct sim_log *log)
{
    night_begin(n);
    night_read(n, "a.evtx", "NODE1", log);
    night_end(n);
    return n->parts.count ? taken(n, 0) : 0;
}

static struct sim_log log_a, log_b;
static uint64_t clock_now = UINT64_C(130000000000000000), content;

static inline void log_new(struct sim_log *log, size_t count)
{
    log_clear(log);
    log_append(log, count, &clock_now, &content);
}

static inline uint64_t night_of_file(struct night *n, const char *path, const struct sim_log *log)
{
    night_begin(n);
    night_read(n, path, "NODE1", log);
    night_end(n);
    return taken(n, 0);
}

static inline uint64_t night_of(struct night *n, const char *path, const char *names, const struct sim_log *log)
{
    channel = names;
    uint64_t took = night_of_file(n, path, log);
    channel = "System";
    return took;
}

#endif
