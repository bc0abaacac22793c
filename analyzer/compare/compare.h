/*
 * compare.h - evscan's reader and libyal on the same log, record by record.
 *
 * Shape:   every record that evscan's reader delivers is looked up in libyal by the number and the time of writing in
 *          its header (libevtx does not tell places), equal ones in their order; members of System and fields are held
 *          side by side.  Texts that differ in a way that compare/known.h lists count as
 *          known; all others are differences, and so is a record that only libyal has.
 * Old:     what libyal recovers must be among the old or torn records of evscan's reader; their contents are
 *          not compared (templates are mostly overwritten), and what only evscan recovers is not told.
 * Not compared: a record that libyal gives up or does not have, and one that evscan's reader could read in part only
 *          (what the library makes of such a record is not evidence); they are told as unread or damaged.
 *          Nobody has confirmed what evscan read there: for those who ask whether the readers agree, they do not.
 * Owns:    nothing; what the sink is told is valid during the call.
 * Limits:  LIMIT_COMPARED records a file, beyond that noticed.  Work: two decodings a record.
 * Threads: one.
 */
#ifndef EVSCAN_COMPARE_COMPARE_H
#define EVSCAN_COMPARE_COMPARE_H

#include "compare/known.h"
#include "event/event_source.h"
#include "libyal/libyal.h"

struct compare_difference {
    struct text field; /* "EventID", "LogonType", "Data" .. */
    bool in_native, in_libyal; /* the field is there */
    struct text native, libyal;
    enum known_difference known; /* KNOWN_NONE: nothing explains it */
};

enum compare_verdict {
    COMPARE_SAME,
    COMPARE_KNOWN,       /* all its differences are known ones */
    COMPARE_DIFFERS,
    COMPARE_MALFORMED,   /* libyal's XML of it is not well-formed */
    COMPARE_GIVEN_UP,    /* libyal fails on it */
    COMPARE_NATIVE_ONLY, /* libyal does not have it */
    COMPARE_DAMAGED,     /* evscan's reader has a part of it only */
    COMPARE_OLD,         /* evscan's reader has it as an old record, libyal as one of the log */
    COMPARE_LIBYAL_ONLY,
    COMPARE_VERDICTS
};

const char *compare_verdict_name(enum compare_verdict verdict); /* "differs" .. */

struct compare_record {
    uint64_t offset; /* 0 when only libyal has it */
    uint64_t record_id;
    enum event_source source; /* of evscan's reader */
    enum compare_verdict verdict;
    const struct compare_difference *differences; /* KNOWN and DIFFERS */
    size_t count;
    /* OLD, LIBYAL_ONLY: where the library has it, for whoever wants the event; NULL otherwise.  Open during the
     * call. */
    struct log *libyal;
    enum libyal_part part;
    size_t index;
};

struct compare_sink {
    void *ctx;
    void (*record)(void *ctx, const struct compare_record *record); /* each but COMPARE_SAME */
    void (*read)(void *ctx, uint64_t bytes); /* of the input, so far; NULL: nobody asks */
};

struct compare_summary {
    uint64_t records[COMPARE_VERDICTS];
    uint64_t known[KNOWN_DIFFERENCES]; /* fields */
};

/* Records that speak against one of the readers. */
uint64_t compare_differing(const struct compare_summary *s);

/* Records that one of the readers does not have whole, so that they could not be compared. */
uint64_t compare_unread(const struct compare_summary *s);

/*
 * Compares all of the log.  The summary is added to.
 *
 * ST_OK          done, also when libyal does not open the file (noticed): then no record is compared
 * ST_LOST_INPUT  no log, or it could not be read (noticed)
 */
enum status compare_input(struct input *in, const struct compare_sink *sink, struct compare_summary *summary,
                          struct notices *notices) MUST_USE;

#endif
