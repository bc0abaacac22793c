/*
 * event_source.h - the interface between a log format and everything above it.
 *
 * Shape:   a log hands out batches (an EVTX chunk; a run of whole EVT records) one after the other; a decoder
 *          turns one batch into events.  One thread calls next(); any number of threads decode, each with a
 *          decoder of its own, in any order.  Whoever needs an order uses batch.seq.
 * Owns:    the caller owns the batch and its buffer; the log owns itself until close().
 * Errors:  damage is a notice in the list given; the status says how much was lost.
 * Threads: `struct log` may be read by several decoders at a time (it locks what it shares, e.g. the templates
 *          found in other chunks); next() by one.
 */
#ifndef EVSCAN_EVENT_EVENT_SOURCE_H
#define EVSCAN_EVENT_EVENT_SOURCE_H

#include "base/buf.h"
#include "base/notice.h"
#include "event/event.h"

struct input;
struct log;
struct decoder;

#define BATCH_SIZE 65536u /* an EVTX chunk; EVT batches are cut at record borders to fit */

struct batch {
    uint64_t seq;    /* 0, 1, 2 .. within the log */
    uint64_t offset; /* of bytes[0] in the input */
    size_t size;     /* bytes used */
    uint8_t *bytes;  /* `capacity` bytes, the caller's; next() may enlarge it with memory_resize */
    size_t capacity;
    uint32_t kind;   /* the format's own remark on how to read it */
};

/*
 * What became of the records of an input.  Sums over batches.
 *
 * An event that nobody wants is judged by what its key took to read, not by its payload: damage that only decoding it
 * would meet is neither counted nor noticed.  So `decoded`, `partial` and `recovered` of one damaged log depend on
 * which events are wanted; `decoded + partial` does not.
 */
struct account {
    uint64_t promised;  /* by the headers of the log or of its chunks */
    uint64_t decoded;   /* records of the log (event_source_of_log) that were read whole (wanted or dismissed) */
    uint64_t partial;   /* records of the log delivered with their tail missing, or with values that could not be read */
    uint64_t lost;      /* record headers met whose record could not be used, and gaps that chunk headers promise */
    uint64_t recovered; /* of decoded: behind damage, in chunks without header or file header, or with a foreign template */
    uint64_t duplicates; /* records with hits that another input has as well: known once inputs are sorted */
    uint64_t by_source[EVENT_SOURCES]; /* decoded, by where they were met; slack and stale are counted as seen */
    uint64_t skipped_bytes;               /* bytes passed over in search of the next sound record */
    uint64_t first, last;                 /* FILETIME of the earliest and the latest event; 0 = none */
};

void account_add(struct account *sum, const struct account *part);
void account_time(struct account *a, uint64_t filetime);

/* What a sink is given for each event that it wants. */
enum event_form {
    EVENT_AS_FIELDS, /* struct event */
    EVENT_AS_XML,    /* one line in the schema's form */
    EVENT_AS_JSON,   /* one line in the layout of evtx_dump */
};

/* What an event's document does not say: where the record was met, and in which state. */
struct event_about {
    uint64_t offset;    /* of the record in the input */
    uint64_t header_id; /* number in the record header */
    uint64_t written;   /* FILETIME, by the service; 0 when unknown */
    enum event_source source;
    uint32_t marks; /* enum event_mark */
};

struct event_sink {
    void *ctx;
    /* Cheap; called for every record with only the key decoded.  False: counted, then dismissed. */
    bool (*want)(void *ctx, const struct event_key *key);
    /* Nobody looks at the key's texts (provider, channel, computer): a decoder may leave them empty. */
    bool brief_key;
    /* EVENT_AS_FIELDS: a decoded event, valid during the call. */
    void (*event)(void *ctx, const struct event *event);
    bool lazy;    /* of EVENT_AS_FIELDS: it takes events whose values are not made yet (event_values.h) */
    bool recover; /* also deliver slack, stale and deleted records, marked by their source */
    /* With `recover`: deliver these alone.  Nothing is counted, and nothing noticed but what is wrong with one of them: for
     * whoever reads a log a second time, to have its old records behind all others. */
    bool only_old;
    enum event_form form;
    /* The other forms: UTF-8 without a line end, appended to `lines`.  `rendered` is called with what came to it, which
     * it keeps, changes or takes off again. */
    struct buf *lines;
    void (*rendered)(void *ctx, const struct event_key *key, const struct event_about *about, struct text text);
};

struct log_format {
    const char *name; /* "evt", "evtx" */

    /* True when the file begins with the header of this format. */
    bool (*begins)(struct input *in);

    /* True when it does, or when the first chunk or record of it stands in the first LIMIT_PROBE bytes. */
    bool (*probe)(struct input *in);

    /* Never NULL: a log with a torn header is still walked. */
    struct log *(*open)(struct input *in, struct account *account, struct notices *notices);

    /* ST_OK: `batch` holds the next one.  ST_END: no more.  ST_LOST_INPUT: reading failed, noticed. */
    enum status (*next)(struct log *log, struct batch *batch, struct account *account, struct notices *notices);
    void (*close)(struct log *log);

    struct decoder *(*decoder_new)(void);
    enum status (*decode)(struct decoder *decoder, struct log *log, const struct batch *batch,
                          const struct event_sink *sink, struct account *account, struct notices *notices);
    void (*decoder_free)(struct decoder *decoder);
};

#endif
