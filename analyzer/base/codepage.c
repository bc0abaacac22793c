#include "base/codepage.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>

#include "base/utf.h"

#define GLYPH_ROOM 6 /* two bytes may be two characters: 3 bytes of UTF-8 for each byte, see utf8_from_ansi */

struct glyph {
    uint8_t n; /* 0: the page has no such character */
    char utf8[GLYPH_ROOM];
};

static struct {
    enum { BUILT_IN, TABLE, UTF8 } kind;
    int number;
    struct glyph single[256];
    bool lead[256];
    struct glyph pairs[65536];
} page = { .number = 1252 };

enum answer { GLYPH, NO_GLYPH, INCOMPLETE };

static enum answer look_up(iconv_t converter, const uint8_t *bytes, size_t n, struct glyph *ret)
{
    char in[2] = { (char)bytes[0], n > 1 ? (char)bytes[1] : 0 }, *from = in, *to = ret->utf8;
    size_t left = n, room = sizeof ret->utf8;
    iconv(converter, NULL, NULL, NULL, NULL);
    errno = 0;
    size_t done = iconv(converter, &from, &left, &to, &room);
    bool all = done != (size_t)-1 && iconv(converter, NULL, NULL, &to, &room) != (size_t)-1;
    ret->n = all ? (uint8_t)(to - ret->utf8) : 0;
    return all && ret->n ? GLYPH : errno == EINVAL || (all && !ret->n) ? INCOMPLETE : NO_GLYPH;
}

/* False when not even two bytes make a character: the page has longer ones, or states. */
static bool read_pairs(iconv_t converter, uint8_t lead)
{
    for (unsigned second = 0; second < 256; second++) {
        const uint8_t bytes[2] = { lead, (uint8_t)second };
        if (look_up(converter, bytes, 2, &page.pairs[(unsigned)lead << 8 | second]) == INCOMPLETE)
            return false;
    }
    return true;
}

/* Signs may differ: in some pages the place of the backslash is that of a currency. */
static bool is_ascii(unsigned byte, const struct glyph *g)
{
    bool letter = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    return !letter || (g->n == 1 && (unsigned char)g->utf8[0] == byte);
}

static bool read_page(iconv_t converter)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        const uint8_t bytes[1] = { (uint8_t)byte };
        page.lead[byte] = look_up(converter, bytes, 1, &page.single[byte]) == INCOMPLETE;
        if (!is_ascii(byte, &page.single[byte]) || (page.lead[byte] && !read_pairs(converter, (uint8_t)byte)))
            return false;
    }
    return true;
}

/* 1251 of "windows-1251", "cp1251" and "1251". */
static int number_of(struct text name)
{
    uint64_t number;
    static const char *const before[] = { "windows-", "cp", "" };
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        size_t n = strlen(before[i]);
        if (name.n > n && text_equal_nocase((struct text){ name.p, n }, text_from(before[i])) &&
            text_to_u64(text_from_index(name, n), &number) && number <= 65535)
            return (int)number;
    }
    return 0;
}

bool codepage_choose(const char *name)
{
    char known_as[16];
    int number = number_of(text_from(name));
    page.number = number;
    page.kind = number == 1252 ? BUILT_IN : TABLE;
    if (number == 65001 || text_equal_nocase(text_from(name), TEXT("utf-8")))
        page.kind = UTF8;
    if (page.kind != TABLE)
        return true;
    snprintf(known_as, sizeof known_as, "CP%d", number);
    /* An empty name is the page of the locale to iconv. */
    iconv_t converter = *name ? iconv_open("UTF-8", number ? known_as : name) : (iconv_t)-1;
    if (converter == (iconv_t)-1)
        return false;
    bool read = read_page(converter);
    iconv_close(converter);
    return read;
}

int codepage_number(void)
{
    return page.number;
}

static size_t put_glyph(const struct glyph *g, char *out)
{
    if (!g->n)
        return utf8_put(UTF_REPLACEMENT, out);
    memcpy(out, g->utf8, g->n);
    return g->n;
}

static size_t from_table(struct bytes in, char *out)
{
    size_t written = 0;
    for (size_t at = 0; at < in.n; at++) {
        const struct glyph *g = &page.single[in.p[at]];
        /* What follows a byte that begins no pair is not lost with it. */
        if (page.lead[in.p[at]] && at + 1 < in.n && page.pairs[in.p[at] << 8 | in.p[at + 1]].n) {
            g = &page.pairs[in.p[at] << 8 | in.p[at + 1]];
            at++;
        }
        written += put_glyph(g, out + written);
    }
    return written;
}

static size_t from_utf8(struct bytes in, char *out)
{
    struct text t = { (const char *)in.p, in.n };
    size_t written = 0;
    for (size_t at = 0; at < t.n;)
        written += utf8_put(utf8_next(t, &at), out + written);
    return written;
}

size_t utf8_from_ansi(struct bytes in, char *out)
{
    switch (page.kind) {
    case TABLE:
        return from_table(in, out);
    case UTF8:
        return from_utf8(in, out);
    default:
        return utf8_from_cp1252(in, out);
    }
}
