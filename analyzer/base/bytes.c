#include "base/bytes.h"

bool text_equal_nocase(struct text a, struct text b)
{
    return a.n == b.n && text_compare_nocase(a, b) == 0;
}

int text_compare(struct text a, struct text b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

int text_compare_nocase(struct text a, struct text b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++) {
        unsigned char x = (unsigned char)ascii_lower(a.p[i]);
        unsigned char y = (unsigned char)ascii_lower(b.p[i]);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

bool text_starts_with(struct text t, struct text prefix)
{
    return t.n >= prefix.n && text_equal((struct text){ t.p, prefix.n }, prefix);
}

bool text_ends_with(struct text t, struct text suffix)
{
    return t.n >= suffix.n && text_equal(text_from_index(t, t.n - suffix.n), suffix);
}

size_t text_find_char(struct text t, char c)
{
    const char *at = t.n ? memchr(t.p, c, t.n) : NULL;
    return at ? (size_t)(at - t.p) : t.n;
}

struct text text_from_index(struct text t, size_t from)
{
    if (from >= t.n)
        return (struct text){ t.p ? t.p + t.n : NULL, 0 };
    return (struct text){ t.p + from, t.n - from };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text t)
{
    while (t.n && is_blank(t.p[0])) {
        t.p++;
        t.n--;
    }
    while (t.n && is_blank(t.p[t.n - 1]))
        t.n--;
    return t;
}

#define FNV_START 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

uint64_t text_hash(struct text t)
{
    uint64_t h = FNV_START;
    for (size_t i = 0; i < t.n; i++)
        h = (h ^ (unsigned char)t.p[i]) * FNV_PRIME;
    return h;
}

uint64_t text_hash_nocase(struct text t)
{
    uint64_t h = FNV_START;
    for (size_t i = 0; i < t.n; i++)
        h = (h ^ (unsigned char)ascii_lower(t.p[i])) * FNV_PRIME;
    return h;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

uint64_t bytes_hash(struct bytes b)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t h = b.n, eight;
    size_t at = 0;
    for (; b.n - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, b.p + at, sizeof eight);
        h = (h ^ eight) * factor;
        h ^= h >> 32;
    }
    for (; at < b.n; at++)
        h = (h ^ b.p[at]) * factor;
    return h ^ h >> 32;
}

bool text_to_u64(struct text t, uint64_t *ret)
{
    uint64_t base = 10, value = 0;
    if (t.n > 2 && t.p[0] == '0' && ascii_lower(t.p[1]) == 'x') {
        base = 16;
        t = text_from_index(t, 2);
    }
    if (t.n == 0)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        uint64_t digit = (uint64_t)digit_value(t.p[i]);
        if (digit >= base || value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    *ret = value;
    return true;
}
