/*
 * Property: whatever bytes a log holds, the text made of them is valid UTF-8 and fits the room promised; walking
 * any bytes as UTF-8 goes forward, ends at the end, and meets U+FFFD wherever utf8_valid says no.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/utf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_converter(size_t (*convert)(struct bytes, char *), struct bytes in, size_t room)
{
    char *out = memory_new(room);
    size_t n = convert(in, out);
    require(n <= room);
    require(utf8_valid((struct text){ out, n }));
    free(out);
}

static void check_walk(struct text t)
{
    bool replaced = false;
    size_t at = 0;
    while (at < t.n) {
        size_t before = at;
        uint32_t c = utf8_next(t, &at);
        char again[4];
        size_t n = utf8_put(c, again);
        require(at > before && at <= t.n);
        bool same = n == at - before && memcmp(again, t.p + before, n) == 0;
        require(same || (c == UTF_REPLACEMENT && at == before + 1));
        replaced = replaced || !same;
        require(utf_width(c) >= 0 && utf_width(c) <= 2);
        require(utf_lower(c) <= 0x10FFFF);
    }
    require(utf8_valid(t) == !replaced);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = { data, size };
    check_converter(utf8_from_utf16le, in, utf8_room(size));
    check_converter(utf8_from_cp1252, in, 3 * size);
    check_walk((struct text){ (const char *)data, size });
    return 0;
}
