#include "evt/evt_names.h"

#include "base/utf.h"

_Static_assert(EVT_NAME_SLOTS == 1u << 6, "slot_of gives 6 bits");

/* From the length and some units: a few dozen names need no better one, and it is done for every record. */
static size_t slot_of(struct bytes in)
{
    uint32_t hash = (uint32_t)in.n * 31 + in.p[0];
    hash = hash * 31 + in.p[in.n / 4 * 2];
    hash = hash * 31 + in.p[in.n - 2];
    return (hash * 0x9E3779B1u) >> 26;
}

struct text evt_names_get(struct evt_names *names, struct bytes in, struct arena *arena)
{
    if (in.n == 0)
        return TEXT("");
    if (in.n > EVT_NAME_MAX) {
        char *out = arena_alloc(arena, utf8_room(in.n));
        return (struct text){ out, utf8_from_utf16le(in, out) };
    }
    struct evt_name *name = &names->slots[slot_of(in)];
    if (!bytes_equal((struct bytes){ name->utf16, name->utf16_n }, in)) {
        memcpy(name->utf16, in.p, in.n);
        name->utf16_n = (uint16_t)in.n;
        name->utf8_n = (uint16_t)utf8_from_utf16le(in, name->utf8);
    }
    return (struct text){ name->utf8, name->utf8_n };
}
