/*
 * markup.h - text on its way into XML or JSON: UTF-16 or UTF-8 in, escaped UTF-8 out.
 *
 * Shape:   one pass, no end mark.  What is not valid text becomes U+FFFD, as utf.h does it.
 *          XML: & < > ' and tab, CR, LF are references, so that an event is one line and a parser gets them back;
 *          characters that XML 1.0 does not have at all are U+FFFD.  In element content ' stays as it is.
 *          JSON: the escapes of RFC 8259; everything else as it stands.
 * Speed:   16 UTF-16 units at a time where the machine has SSE2, which all x86-64 have; no allocation.
 * Owns:    nothing.
 */
#ifndef EVSCAN_BASE_MARKUP_H
#define EVSCAN_BASE_MARKUP_H

#include "base/bytes.h"

enum markup { MARKUP_XML_TEXT, MARKUP_XML_ATTRIBUTE, MARKUP_JSON, MARKUP_FORMS };

#define MARKUP_GROWTH 6u /* bytes that one byte of UTF-8, or one unit of UTF-16, may become */
#define MARKUP_SLACK 16u /* bytes behind the result that may be overwritten */

/* Room that `out` needs for n bytes of UTF-16, or of UTF-8. */
static inline size_t markup_room_utf16(size_t n)
{
    return n / 2 * MARKUP_GROWTH + MARKUP_SLACK;
}

static inline size_t markup_room(size_t n)
{
    return n * MARKUP_GROWTH + MARKUP_SLACK;
}

/*
 * Little-endian UTF-16; an odd last byte is dropped.  Returns the bytes written.  `behind` bytes behind it may be read as
 * well, which spares the last ones their detour; they do not change the result.
 */
size_t markup_utf16le(enum markup form, struct bytes in, size_t behind, char *out);

/* Room as for UTF-8.  0 when not all of it is ASCII. */
size_t markup_ascii(enum markup form, struct bytes in, char *out);

/* True when the text is ASCII that the form takes as it is. */
bool markup_is_plain(enum markup form, struct text t);

/* Valid UTF-8. */
size_t markup_utf8(enum markup form, struct text in, char *out);

#endif
