#include "finding/partial_unpacking.h"

#include "base/limits.h"
#include "base/utf.h"
#include "finding/partial_form.h"

void unpack_refuse(struct unpacking *u)
{
    u->sound = false;
    u->in.at = u->in.view.n; /* every count that follows is 0 */
}

uint64_t unpack_number(struct unpacking *u)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = cursor_u8(&u->in);
        n |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            if (u->in.overrun || (shift == 63 && byte > 1))
                break;
            return n;
        }
    }
    unpack_refuse(u);
    return 0;
}

uint64_t unpack_at_most(struct unpacking *u, uint64_t most)
{
    uint64_t n = unpack_number(u);
    if (n > most)
        unpack_refuse(u);
    return n > most ? 0 : n;
}

uint32_t unpack_u32(struct unpacking *u)
{
    return (uint32_t)unpack_at_most(u, UINT32_MAX);
}

size_t unpack_count(struct unpacking *u, size_t least)
{
    return (size_t)unpack_at_most(u, cursor_left(&u->in) / least);
}

static struct text text_new(struct unpacking *u)
{
    struct bytes b = cursor_take(&u->in, unpack_count(u, 1));
    struct text t = { (const char *)b.p, b.n };
    if (u->text_count < PARTIAL_TEXTS)
        u->texts[u->text_count++] = t;
    return t;
}

/*
 * All texts of a sound partial together were in the memory of who saved it; two bytes that
 * name a text of megabytes, millions of times, are looked at for hours.
 */
struct text unpack_bytes(struct unpacking *u)
{
    uint64_t number = unpack_at_most(u, u->text_count);
    if (!u->sound)
        return TEXT("");
    struct text t = number ? u->texts[number - 1] : text_new(u);
    u->text_bytes += t.n;
    if (u->text_bytes <= LIMIT_PARTIAL_MEMORY)
        return t;
    unpack_refuse(u);
    return TEXT("");
}

struct text unpack_text(struct unpacking *u)
{
    struct text t = unpack_bytes(u);
    if (!utf8_valid(t))
        unpack_refuse(u);
    return t;
}
