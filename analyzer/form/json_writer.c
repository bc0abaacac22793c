#include "form/json_writer.h"

#include <inttypes.h>

#include "base/times.h"
#include "form/escape.h"

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){ .out = out, .first = true };
}

void json_init_sink(struct json *j, struct sink *sink)
{
    json_init(j, &sink->text);
    j->sink = sink;
}

static void new_line(struct json *j)
{
    if (j->compact)
        return;
    buf_add_char(j->out, '\n');
    for (unsigned i = 0; i < j->depth; i++)
        buf_add_c(j->out, "  ");
}

/* What stands before a value: the comma, the place, the key. */
static void begin_value(struct json *j, const char *key)
{
    if (!j->first)
        buf_add_char(j->out, ',');
    if (j->depth > 0)
        new_line(j);
    j->first = false;
    if (key) {
        escape_json(j->out, text_from(key));
        buf_add_c(j->out, j->compact ? ":" : ": ");
    }
}

static void open_group(struct json *j, const char *key, char bracket)
{
    begin_value(j, key);
    buf_add_char(j->out, bracket);
    j->depth++;
    j->first = true;
}

static void close_group(struct json *j, char bracket)
{
    bool empty = j->first;
    j->depth--;
    j->first = false;
    if (!empty)
        new_line(j);
    buf_add_char(j->out, bracket);
    if (j->depth == 0)
        buf_add_char(j->out, '\n');
}

void json_object(struct json *j, const char *key)
{
    open_group(j, key, '{');
}

void json_object_end(struct json *j)
{
    close_group(j, '}');
    if (j->sink)
        sink_drain(j->sink);
}

void json_array(struct json *j, const char *key)
{
    open_group(j, key, '[');
}

void json_array_end(struct json *j)
{
    close_group(j, ']');
}

void json_text(struct json *j, const char *key, struct text value)
{
    begin_value(j, key);
    escape_json(j->out, value);
}

void json_text_or_null(struct json *j, const char *key, struct text value)
{
    if (value.n > 0)
        json_text(j, key, value);
    else
        json_null(j, key);
}

void json_texts(struct json *j, const char *key, const struct text *items, size_t count)
{
    json_array(j, key);
    for (size_t i = 0; i < count; i++)
        json_text(j, NULL, items[i]);
    json_array_end(j);
}

void json_unsigned(struct json *j, const char *key, uint64_t value)
{
    begin_value(j, key);
    buf_add_format(j->out, "%" PRIu64, value);
}

void json_signed(struct json *j, const char *key, int64_t value)
{
    begin_value(j, key);
    buf_add_format(j->out, "%" PRId64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
    begin_value(j, key);
    buf_add_c(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
    begin_value(j, key);
    buf_add_c(j->out, "null");
}

void json_time(struct json *j, const char *key, uint64_t filetime)
{
    char room[TIME_ISO_ROOM];
    if (filetime == 0 || filetime >= FILETIME_MAX)
        json_null(j, key);
    else
        json_text(j, key, time_iso(filetime, filetime % TICKS_PER_SECOND ? 7 : 0, room));
}
