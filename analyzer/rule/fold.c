#include "rule/fold.h"

#include "base/utf.h"

#define BLOCK 16u

/* A block that is all ASCII, in lower case; false, and nothing of it is of use, when it is not.  Compilers make a few
 * vector instructions of it. */
static bool fold_block(const char *in, char *out)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char c = (unsigned char)in[i], letter = (unsigned char)(c - 'A');
        bits |= c;
        out[i] = (char)(c + (letter < 26 ? 32 : 0));
    }
    return bits < 0x80;
}

static size_t fold_slowly(struct text t, size_t at, char *out)
{
    size_t n = 0;
    while (at < t.n) {
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

size_t fold_into(struct text t, char *out)
{
    size_t at = 0;
    while (t.n - at >= BLOCK && fold_block(t.p + at, out + at))
        at += BLOCK;
    return at + fold_slowly(t, at, out + at);
}

/* Nothing but ASCII without capitals: folding leaves it as it is.  What has capitals mostly begins with one. */
static bool is_folded(struct text t)
{
    size_t at = 0;
    while (at < t.n && (unsigned char)t.p[at] < 0x80 && ascii_lower(t.p[at]) == t.p[at])
        at++;
    return at == t.n;
}

struct text fold_keep(struct arena *arena, struct text t)
{
    char *out = arena_open(arena, fold_room(t.n));
    size_t n = fold_into(t, out);
    arena_close(arena, n);
    return (struct text){ out, n };
}

struct text fold_view(struct arena *arena, struct text t)
{
    return is_folded(t) ? t : fold_keep(arena, t);
}
