#include "rule/encode.h"

#include "base/utf.h"

struct text encode_base64(struct arena *arena, struct text bytes)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = arena_alloc(arena, bytes.n / 3 * 4 + 4);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        unsigned group = (unsigned)(unsigned char)bytes.p[i] << 16;
        group |= left > 1 ? (unsigned)(unsigned char)bytes.p[i + 1] << 8 : 0;
        group |= left > 2 ? (unsigned)(unsigned char)bytes.p[i + 2] : 0;
        out[n++] = alphabet[group >> 18];
        out[n++] = alphabet[group >> 12 & 63];
        out[n++] = left > 1 ? alphabet[group >> 6 & 63] : '=';
        out[n++] = left > 2 ? alphabet[group & 63] : '=';
    }
    return (struct text){ out, n };
}

/*
 * `offset` blanks in front give the alignment.  The first characters depend on them, the last ones on what
 * follows and on the padding: both are cut.
 */
struct text encode_base64_offset(struct arena *arena, struct text bytes, size_t offset)
{
    static const size_t cut_front[] = { 0, 2, 3 }, cut_back[] = { 0, 3, 2 };
    char *padded = arena_alloc(arena, bytes.n + offset);
    memset(padded, ' ', offset);
    if (bytes.n)
        memcpy(padded + offset, bytes.p, bytes.n);
    struct text all = encode_base64(arena, (struct text){ padded, bytes.n + offset });
    size_t front = cut_front[offset], back = cut_back[(offset + bytes.n) % 3];
    if (front + back >= all.n)
        return TEXT("");
    return (struct text){ all.p + front, all.n - front - back };
}

static size_t put_unit(char *out, uint32_t unit, bool big_endian)
{
    out[big_endian ? 1 : 0] = (char)(unit & 0xFF);
    out[big_endian ? 0 : 1] = (char)(unit >> 8);
    return 2;
}

struct text encode_utf16(struct arena *arena, struct text utf8, bool big_endian, bool byte_order_mark)
{
    char *out = arena_alloc(arena, utf8.n * 2 + 2);
    size_t n = 0;
    if (byte_order_mark)
        n += put_unit(out, 0xFEFF, big_endian);
    for (size_t at = 0; at < utf8.n;) {
        uint32_t c = utf8_next(utf8, &at);
        if (c >= 0x10000) {
            n += put_unit(out + n, 0xD800 + ((c - 0x10000) >> 10), big_endian);
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        n += put_unit(out + n, c, big_endian);
    }
    return (struct text){ out, n };
}
