/*
 * scan.h - run the rules over all inputs: bytes in, hits and accounts out.
 *
 * Shape:   scan/pipeline.h with a matcher for each worker; the result is the same for any number of threads.
 * Limits:  LIMIT_BATCH_HITS bytes of events kept of a batch; what does not fit is counted.
 * Owns:    the result belongs to the partial.
 */
#ifndef EVSCAN_SCAN_SCAN_H
#define EVSCAN_SCAN_SCAN_H

#include "finding/partial.h"
#include "io/paths.h"
#include "match/matcher.h"
#include "rule/ruleset.h"
#include "scan/pipeline.h"

/* Who wants to know at once.  Called in the caller's thread, in the order of the inputs. */
struct scan_watch {
    void *ctx;
    void (*found)(void *ctx, const struct hit *hit); /* a hit, valid during the call; may be NULL */
    void (*pass_on)(void *ctx);                      /* behind the hits of a batch that has any */
};

/* Whose records are left out, as read in an earlier run: they are counted and covered, but no rule sees them. */
struct scan_filter {
    void *ctx;
    const void *(*input)(void *ctx, const char *path); /* what `wants` is given for all records of that input */
    bool (*wants)(const void *input, const char *path, const struct event_key *key); /* in any thread; NULL: all */
};

/*
 * What is looked at: other events are counted in NOTICE_INPUT_BETWEEN, and are as if the log did not have them; but for
 * an EventLog 6009 or a Kernel-General 12 from before, which is a hit of the rule `eventlog-6009` or `kernel-general-12`
 * alone and tells which Windows the node runs.
 */
struct scan_between {
    bool given;
    uint64_t from, before; /* FILETIME: from <= time < before */
};

struct scan_options {
    unsigned threads; /* at least 1; 1 = everything in the calling thread */
    enum reader_use reader;
    bool checksums;   /* of whole inputs, in input_result.sha256 */
    bool recover;     /* also match records that are no longer part of a log */
    struct scan_watch watch;
    struct scan_filter filter;
    struct scan_between between;
    bool hours;       /* count events by node and hour, in input_result.hours */
    struct rule_cost *costs; /* what each rule takes is added here; NULL: it is not measured */
};

/*
 * Adds an input_result for every path that is a log, and for every named path that is none.  Files of a folder that
 * are no logs are counted in `*not_logs` only.  The partial is not sorted yet.
 *
 * The worst status of all inputs: ST_OK, ST_LOST_RECORD .. ST_LOST_INPUT.
 */
enum status scan_run(const struct scan_options *options, const struct ruleset *rules, const struct path_list *paths,
                     struct partial *ret, size_t *not_logs) MUST_USE;

#endif
