/*
 * event.h - what an event is, whichever format it came from.
 *
 * Shape:   `event_key` is what the screen needs: it is read first, and an event that nobody wants is dismissed
 *          before any text is decoded.  `event` is the whole: header values, then the payload in document order.
 * Owns:    nothing.  Every text points into the arena or the bytes of the batch it was decoded from and dies
 *          with it; what stays longer is copied by a function with `keep` in its name.
 * Text:    UTF-8.  Values read as Windows renders them (evtx-format: decimal, 0x hex, {guid}, S-1-.., ISO time).
 * Source:  the mapping of .evt records to the same names is in evt/evt_record.h.
 */
#ifndef EVSCAN_EVENT_EVENT_H
#define EVSCAN_EVENT_EVENT_H

#include "base/arena.h"
#include "base/times.h"

/* Where a record was met.  Only LIVE, RESYNC, ORPHAN and CARVED are part of the log: event_source_of_log. */
enum event_source {
    EVENT_LIVE,   /* by the regular walk */
    EVENT_RESYNC, /* behind a damaged place, in sequence */
    EVENT_ORPHAN, /* in a chunk whose header is gone */
    EVENT_STALE,  /* behind a damaged place, of another generation (EVT: outside of start..end) */
    EVENT_SLACK,  /* behind the free-space offset: old data */
    EVENT_HIDDEN, /* unlinked by enlarging the record before it */
    EVENT_LIBYAL, /* old data that only libyal found; it does not say how */
    EVENT_CARVED, /* in a whole chunk that stands where no file header accounts for it */
    EVENT_SOURCES
};

/* What is wrong with it; bits. */
enum event_mark {
    EVENT_PARTIAL = 1,           /* tail missing: what could be read is there */
    EVENT_TEMPLATE_FOREIGN = 2,  /* decoded with the template of the same GUID from another chunk */
    EVENT_TEMPLATE_LOST = 4,     /* no template: bare values in order, unnamed */
    EVENT_CUT = 8,               /* a limit was reached: the rest of the event is missing */
    EVENT_ODD_VALUE = 16,        /* a value did not fit its type and was rendered as it stands */
};

struct event_key {
    struct text provider; /* as written; compare without ASCII case */
    struct text channel;  /* as written; an .evt record has none: EVT takes it from the name of the log */
    struct text computer; /* as written; may be empty */
    uint32_t id;          /* EventID: EVT low 16 bits.  EVENT_ID_NONE when it is not a number (seen: NetApp) */
    uint32_t level;       /* 0 always, 1 critical, 2 error, 3 warning, 4 information, 5 verbose */
    uint64_t time;        /* FILETIME, TimeCreated (EVT: time generated); 0 when it has none */
    uint64_t record_id;   /* EventRecordID as Windows shows it */
};

#define EVENT_ID_NONE UINT32_MAX

struct event_values;

enum event_part {
    EVENT_SYSTEM,    /* below System, e.g. "Execution_ProcessID" */
    EVENT_DATA,      /* EventData: Data (name "" when unnamed), Binary, ComplexData .. */
    EVENT_USER_DATA, /* a leaf below UserData, by its local name */
    EVENT_RENDERING, /* RenderingInfo of forwarded events: "Message", "Level" .. */
    EVENT_OTHER,     /* any other child of Event */
};

/*
 * One named value.  Element content has `element` as its name; an attribute of a System or payload element is a
 * field of its own, named Element_Attribute.  `<Data Name="X">` is the field X.
 */
struct event_field {
    struct text name;
    struct text value;
    enum event_part part;
};

struct event {
    struct event_key key;
    struct text user_sid;    /* "" when absent */
    struct text event_id;    /* as written: "1009", or what an odd producer wrote */
    uint32_t qualifiers;     /* high 16 bits of a classic identifier; 0 when absent */
    uint32_t task;           /* EVT: category */
    uint64_t keywords;
    uint64_t written;        /* FILETIME, by the service; 0 when unknown */
    uint64_t header_id;      /* number in the record header; differs from record_id in exported logs */
    uint64_t offset;         /* of the record in the input */
    enum event_source source;
    uint32_t marks;          /* enum event_mark */
    /* All of System beyond the members above, then the payload, in document order. */
    const struct event_field *fields;
    size_t field_count;
    const struct event_values *values; /* NULL: they stand in `fields`; else event_values.h, for sinks that take that */
};

/*
 * The n-th unnamed Data value or EVT insertion string, from 1 as in messages (%1).  NULL when there are fewer.
 * Named Data values count as well: %1 is the first value of EventData whatever its name.
 */
const struct event_field *event_insert(const struct event *e, size_t n);

/* First payload field of that name, without ASCII case; NULL when there is none. */
const struct event_field *event_field(const struct event *e, struct text name);

const char *event_source_name(enum event_source source); /* "live", "resync" .. */

static inline bool event_source_of_log(enum event_source source)
{
    return source == EVENT_LIVE || source == EVENT_RESYNC || source == EVENT_ORPHAN || source == EVENT_CARVED;
}

const char *event_level_name(uint32_t level);            /* "Error" .. */

/* A copy of the event and all its texts, each cut at `text_limit` bytes (at a character border). */
struct event *event_keep(struct arena *a, const struct event *e, size_t text_limit);

/*
 * Bytes that event_keep has taken for this copy, for limits: they follow from the event alone, not from what the arena
 * held before, so that a limit cuts at the same place in every run.
 */
size_t event_size(const struct event *e);

#endif
