#include "event/sid.h"

#include "base/cursor.h"

#define SID_HEAD 8u

size_t sid_size(struct bytes in)
{
    if (in.n < SID_HEAD || in.n - SID_HEAD < 4u * in.p[1])
        return 0;
    return SID_HEAD + 4u * in.p[1];
}

static size_t put_decimal(uint32_t value, char *out)
{
    char digits[10];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

/* Windows writes an authority that needs more than 32 bits in hex, always with 12 digits. */
static size_t put_authority(const uint8_t *p, char *out)
{
    if (p[0] == 0 && p[1] == 0)
        return put_decimal((uint32_t)p[2] << 24 | (uint32_t)p[3] << 16 | (uint32_t)p[4] << 8 | p[5], out);
    memcpy(out, "0x", 2);
    for (size_t i = 0; i < 12; i++)
        out[2 + i] = "0123456789ABCDEF"[i % 2 ? p[i / 2] & 15 : p[i / 2] >> 4];
    return 14;
}

struct text sid_text(struct bytes in, char *out)
{
    if (sid_size(in) == 0)
        return (struct text){ out, 0 };
    size_t n = 2;
    memcpy(out, "S-", 2);
    n += put_decimal(in.p[0], out + n);
    out[n++] = '-';
    n += put_authority(in.p + 2, out + n);
    for (size_t i = 0; i < in.p[1]; i++) {
        out[n++] = '-';
        n += put_decimal(bytes_u32(in, SID_HEAD + 4 * i), out + n);
    }
    return (struct text){ out, n };
}
