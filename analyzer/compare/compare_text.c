#include "compare/compare_text.h"

#include <inttypes.h>

#include "form/escape.h"

/* Bytes of a value that are shown: what differs is mostly short. */
#define VALUE_SHOWN 200u

static void value_text(struct buf *out, const char *who, bool there, struct text value)
{
    buf_add_format(out, "      %s: ", who);
    if (!there)
        buf_add_c(out, "(no such field)");
    else
        escape_terminal(out, (struct text){ value.p, value.n < VALUE_SHOWN ? value.n : VALUE_SHOWN });
    if (value.n > VALUE_SHOWN)
        buf_add_format(out, " .. (%zu bytes)", value.n);
    buf_add_char(out, '\n');
}

static void difference_text(struct buf *out, const struct compare_difference *d)
{
    buf_add_c(out, "    ");
    escape_terminal(out, d->field);
    if (d->known != KNOWN_NONE)
        buf_add_format(out, " (known: %s)", known_name(d->known));
    buf_add_char(out, '\n');
    value_text(out, "evscan", d->in_native, d->native);
    value_text(out, "libyal", d->in_libyal, d->libyal);
}

void compare_record_text(struct buf *out, const struct compare_record *r, bool known)
{
    buf_add_format(out, "record %" PRIu64 " at byte %" PRIu64 ": %s", r->record_id, r->offset,
                   compare_verdict_name(r->verdict));
    if (r->source != EVENT_LIVE && r->source != EVENT_LIBYAL)
        buf_add_format(out, " (%s)", event_source_name(r->source));
    buf_add_char(out, '\n');
    for (size_t i = 0; i < r->count; i++)
        if (r->differences[i].known == KNOWN_NONE || known)
            difference_text(out, &r->differences[i]);
}
