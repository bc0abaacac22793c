/*
 * json_writer.h - JSON in the order it is written: one member a line, or all on one line.
 *
 * Shape:   a value has a key inside of an object and NULL as key inside of an array.
 * Owns:    nothing; it appends to the caller's buffer.
 * Limits:  the depth is that of the caller's calls; no data deepens it.
 * Safety:  every text passes escape_json.  Numbers are written in full: readers that keep numbers as doubles
 * lose digits above 2^53, JSON itself does not.
 */
#ifndef EVSCAN_FORM_JSON_WRITER_H
#define EVSCAN_FORM_JSON_WRITER_H

#include "form/sink.h"

struct json {
    struct buf *out;
    unsigned depth;
    bool first; /* nothing written yet at this depth */
    bool compact;      /* no line ends but the last */
    struct sink *sink; /* `out` is its buffer, which is drained behind objects; may be NULL */
};

void json_init(struct json *j, struct buf *out);
void json_init_sink(struct json *j, struct sink *sink);

void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

void json_text(struct json *j, const char *key, struct text value);
void json_text_or_null(struct json *j, const char *key, struct text value); /* null when it is empty */
void json_texts(struct json *j, const char *key, const struct text *items, size_t count); /* an array */
void json_unsigned(struct json *j, const char *key, uint64_t value);
void json_signed(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/*
 * ISO 8601 in UTC, with a fraction of seven digits when there is one.  null for 0 and for what has no
 * four-digit year.
 */
void json_time(struct json *j, const char *key, uint64_t filetime);

#endif
