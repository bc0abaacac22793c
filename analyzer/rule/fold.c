#include "rule/fold.h"

#include "base/utf.h"

size_t fold_into(struct text t, char *out)
{
    size_t n = 0;
    for (size_t at = 0; at < t.n;) {
        unsigned char c = (unsigned char)t.p[at];
        if (c < 0x80) {
            out[n++] = ascii_lower((char)c);
            at++;
        } else {
            n += utf8_put(utf_lower(utf8_next(t, &at)), out + n);
        }
    }
    return n;
}

static bool is_ascii(struct text t)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < t.n; i++)
        bits |= (unsigned char)t.p[i];
    return bits < 0x80;
}

struct text fold_keep(struct arena *arena, struct text t)
{
    char *out = arena_alloc(arena, is_ascii(t) ? t.n : fold_room(t.n));
    return (struct text){ out, fold_into(t, out) };
}
