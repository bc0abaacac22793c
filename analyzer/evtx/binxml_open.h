/*
 * binxml_open.h - the reader of one chunk: opens streams, which is to find their plan and their values.
 *
 * Shape:   a stream is nearly always one template instance: its plan is looked up, its values are listed, nothing is
 *          built.  Anything else (forwarded events, odd values) is compiled for this once.
 * Lost:    a template whose place holds something else is taken from another chunk of the file, if one with that id
 *          has room for these values and agrees with their types; else the stream has values only.
 * Owns:    its scratch memory, which lives until the next record.
 * Limits:  work and output of a record and of a chunk (limits.h); what goes beyond is marked EVENT_CUT.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_BINXML_OPEN_H
#define EVSCAN_EVTX_BINXML_OPEN_H

#include "evtx/binxml_flat.h"
#include "evtx/binxml_plan.h"
#include "evtx/binxml_value.h"

struct foreign;
struct templates;

struct binxml_reader {
    struct bytes chunk;
    struct templates *templates;
    struct foreign *foreign; /* NULL: no search in other chunks */
    struct arena scratch;    /* of one record */
    struct flattener flattener;
    const struct moved *moved; /* as of the flattener; &map or NULL */
    bool torn;                 /* the chunk, as the reader was told */
    struct moved map;
    size_t chunk_work; /* left for this chunk */
    size_t work;       /* left for this record */
    size_t output;     /* bytes left for this record */
    struct bytes head; /* of the record, number and time in it; no bytes: it is not known */
    /* What was met since the record was begun: */
    uint32_t marks;    /* enum event_mark */
    bool damaged;      /* a token or a size that cannot be */
    uint32_t template; /* the last one lost or found elsewhere */
};

struct binxml_stream {
    const struct plan *plan; /* NULL: its template is lost, there are only values; or it is not compiled yet */
    bool direct;             /* anything but a single template instance: its elements stand in the record */
    struct bytes flat;       /* direct: what they are; valid until the next stream is opened */
    bool shared;             /* its plan is that of all streams with these bytes, and stays */
    struct binxml_values values;
    size_t end; /* chunk offset behind its end token */
};

void binxml_reader_init(struct binxml_reader *r);
void binxml_reader_done(struct binxml_reader *r);

/* Another chunk, which stays until the next call. */
void binxml_reader_chunk(struct binxml_reader *r, struct bytes chunk, struct foreign *foreign);

/* Records of the chunk are damaged: what stands in it may have been moved.  Said before each record, it costs once. */
void binxml_reader_torn(struct binxml_reader *r);

/* Another record: all texts of the one before are gone. */
void binxml_reader_record(struct binxml_reader *r);

/* Opens the stream in chunk bytes [at, end): finds it and compiles it. */
void binxml_open(struct binxml_reader *r, size_t at, size_t end, struct binxml_stream *ret);

/* The two halves of it.  Between them a direct stream has no plan: nobody may want it. */
void binxml_find(struct binxml_reader *r, size_t at, size_t end, struct binxml_stream *ret);
void binxml_compile(struct binxml_reader *r, struct binxml_stream *stream);

/* The template instance whose token stands at `at`. */
void binxml_open_instance(struct binxml_reader *r, size_t at, struct binxml_stream *ret);

/* What a record has cost so far and what was met in it, for a reading of it that may be undone. */
struct binxml_attempt {
    size_t work;
    uint32_t marks, template;
    bool damaged;
};

/* Between the two no more than TEMPLATES_TRIED streams are opened (evtx_template.h). */
struct binxml_attempt binxml_try(struct binxml_reader *r);
void binxml_undo(struct binxml_reader *r, const struct binxml_attempt *before);

/* Enough of this record: what it may cost is spent, and it is marked EVENT_CUT. */
void binxml_stop(struct binxml_reader *r);

/* Takes steps off what the record may cost.  False when there are not enough. */
static inline bool binxml_spend(struct binxml_reader *r, size_t steps)
{
    if (steps > r->work) {
        binxml_stop(r);
        return false;
    }
    r->work -= steps;
    return true;
}

#endif
