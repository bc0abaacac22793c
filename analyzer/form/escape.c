#include "form/escape.h"

#include "base/utf.h"

struct range {
    uint32_t first, last;
};

/*
 * Code points that move the cursor, turn the direction of the text or cannot be seen: a log must not be able
 * to rewrite the report around its values.  The joiners U+200C and U+200D stay: Arabic, Indic scripts and
 * emoji need them.
 */
static const struct range hidden[] = {
    { 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x00AD, 0x00AD }, { 0x061C, 0x061C },
    { 0x180E, 0x180E }, { 0x200B, 0x200B }, { 0x200E, 0x200F }, { 0x2028, 0x202E },
    { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
};

static bool is_hidden(uint32_t c)
{
    for (size_t i = 0; i < COUNT_OF(hidden) && c >= hidden[i].first; i++)
        if (c <= hidden[i].last)
            return true;
    return false;
}

/* utf8_next gives U+FFFD for a bad byte as well, but moves by one byte only. */
static bool is_bad_byte(uint32_t c, size_t length)
{
    return c == UTF_REPLACEMENT && length == 1;
}

static bool is_break(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r';
}

static void show_code(struct buf *out, uint32_t c)
{
    if (c < 0x80)
        buf_add_format(out, "\\x%02x", (unsigned)c);
    else if (c < 0x10000)
        buf_add_format(out, "\\u%04x", (unsigned)c);
    else
        buf_add_format(out, "\\U%08x", (unsigned)c);
}

/* A byte of eight that is not ' ' to '~' has its high bit set in the result; which one, only the lowest tells. */
static uint64_t not_plain(uint64_t eight)
{
    const uint64_t each = 0x0101010101010101u;
    return (eight | ((eight - each * ' ') & ~eight) | (eight + each)) & (each * 0x80);
}

/* Bytes from `at` on that stand for themselves everywhere: nearly all that logs hold. */
static size_t plain_length(struct text t, size_t at)
{
    size_t from = at;
    uint64_t eight;
    for (; t.n - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, t.p + at, sizeof eight);
        if (not_plain(eight))
            break;
    }
    while (at < t.n && t.p[at] >= ' ' && t.p[at] < 0x7F)
        at++;
    return at - from;
}

void escape_terminal(struct buf *out, struct text t)
{
    bool after_break = false;
    for (size_t at = 0, start = 0; at < t.n; start = at) {
        size_t plain = plain_length(t, at);
        if (plain) {
            buf_add(out, (struct text){ t.p + at, plain });
            at += plain;
            after_break = false;
            continue;
        }
        uint32_t c = utf8_next(t, &at);
        if (is_break(c)) {
            if (!after_break)
                buf_add_char(out, ' ');
        } else if (is_bad_byte(c, at - start)) {
            buf_add_format(out, "\\x%02x", (unsigned char)t.p[start]);
        } else if (is_hidden(c)) {
            show_code(out, c);
        } else {
            buf_add(out, (struct text){ t.p + start, at - start });
        }
        after_break = is_break(c);
    }
}

static const char *entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_html(struct buf *out, struct text t)
{
    struct buf plain;
    buf_init(&plain);
    escape_terminal(&plain, t);
    for (size_t i = 0; i < plain.n; i++) {
        const char *named = entity(plain.p[i]);
        if (named)
            buf_add_c(out, named);
        else
            buf_add_char(out, plain.p[i]);
    }
    buf_done(&plain);
}

/* Everything that a terminal could obey is escaped here too, though JSON asks it for C0 only: people look at
 * it. */
static void json_code(struct buf *out, uint32_t c)
{
    if (c < 0x10000) {
        buf_add_format(out, "\\u%04x", (unsigned)c);
        return;
    }
    c -= 0x10000;
    buf_add_format(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (c >> 10)), (unsigned)(0xDC00 + (c & 0x3FF)));
}

void escape_json(struct buf *out, struct text t)
{
    buf_add_char(out, '"');
    for (size_t at = 0, start = 0; at < t.n; start = at) {
        uint32_t c = utf8_next(t, &at);
        if (c == '"' || c == '\\') {
            buf_add_char(out, '\\');
            buf_add_char(out, (char)c);
        } else if (is_bad_byte(c, at - start)) {
            buf_add(out, TEXT("\xEF\xBF\xBD"));
        } else if (is_hidden(c)) {
            json_code(out, c);
        } else {
            buf_add(out, (struct text){ t.p + start, at - start });
        }
    }
    buf_add_char(out, '"');
}
