#include "evtx/binxml_flat.h"

#include "base/limits.h"
#include "evtx/binxml_value.h"

enum place { AT_ROOT, IN_TAG, IN_ATTRIBUTE, IN_CONTENT };

/* The most that one token makes: token, dependency, length and the text itself. */
#define TOKEN_MOST (5u + 2u * UINT16_MAX)

/* Room for everything there can be, so that writing asks for none: a token is only begun below LIMIT_FLAT_BYTES, and
 * what is open in the end is closed by a byte each. */
#define FLAT_ROOM (LIMIT_FLAT_BYTES + TOKEN_MOST + LIMIT_ELEMENT_DEPTH)

void flattener_init(struct flattener *f)
{
    *f = (struct flattener){ .place = AT_ROOT };
    buf_init(&f->out);
}

void flattener_done(struct flattener *f)
{
    buf_done(&f->out);
}

struct bytes flattened(const struct flattener *f)
{
    return (struct bytes){ (const uint8_t *)f->out.p, f->out.n };
}

static void put(struct flattener *f, struct bytes b)
{
    memcpy(f->out.p + f->out.n, b.p, b.n);
    f->out.n += b.n;
}

static void put_u8(struct flattener *f, unsigned value)
{
    f->out.p[f->out.n++] = (char)value;
}

static void put_u16(struct flattener *f, unsigned value)
{
    put_u8(f, value & 0xFF);
    put_u8(f, value >> 8 & 0xFF);
}

static void put_text(struct flattener *f, struct bytes utf16)
{
    put_u16(f, (unsigned)(utf16.n / 2));
    put(f, utf16);
}

static inline uint32_t unit_at(const uint8_t *p, size_t i)
{
    return (uint32_t)p[2 * i] | (uint32_t)p[2 * i + 1] << 8;
}

/* h * 65599 + unit for each unit; four at a time, so that one need not wait for the other. */
static uint16_t name_hash(struct bytes utf16)
{
    const uint32_t k = 65599;
    const uint8_t *p = utf16.p;
    uint32_t h = 0;
    size_t units = utf16.n / 2;
    for (; units >= 4; units -= 4, p += 8)
        h = h * (k * k * k * k) + (unit_at(p, 0) * (k * k * k) + unit_at(p, 1) * (k * k)) + unit_at(p, 2) * k + unit_at(p, 3);
    for (; units; units--, p += 2)
        h = h * k + unit_at(p, 0);
    return (uint16_t)h;
}

/*
 * next u32 (the writer's, not followed), hash u16, length u16, text, 0000.  A name has letters: where a sector was
 * zeroed stands the hash of nothing, 0, in front of nothing.
 */
bool flat_name(struct cursor *in, struct bytes *ret)
{
    cursor_u32(in);
    uint16_t hash = cursor_u16(in);
    *ret = cursor_take(in, (size_t)cursor_u16(in) * 2);
    uint16_t zero = cursor_u16(in);
    return !in->overrun && ret->n != 0 && zero == 0 && hash == name_hash(*ret);
}

/* A name of the chunk. */
static bool name_at(const struct flattener *f, size_t at, struct bytes *ret)
{
    struct cursor elsewhere = cursor_at(f->chunk, at);
    return flat_name(&elsewhere, ret) && !f->in.overrun;
}

static bool take_moved_name(struct flattener *f, size_t offset, struct bytes *ret)
{
    size_t places[MOVED_PLACES];
    if (moved_inline(f->moved, f->in.at))
        return flat_name(&f->in, ret);
    moved_places(f->moved, offset, f->in.at, places);
    return name_at(f, places[0], ret) || name_at(f, places[1], ret);
}

/* The hash tells a name from what a page of another generation has put in its place. */
static bool take_name(struct flattener *f, struct bytes *ret)
{
    uint32_t offset = cursor_u32(&f->in);
    if (offset == f->in.at)
        return flat_name(&f->in, ret);
    return f->moved ? take_moved_name(f, offset, ret) : name_at(f, offset, ret);
}

static bool take_element(struct flattener *f, bool has_list)
{
    struct bytes name;
    unsigned dependency = f->kind == FLAT_DEFINITION ? cursor_u16(&f->in) : BINXML_NO_DEPENDENCY;
    cursor_u32(&f->in); /* size: for skipping only */
    if (!take_name(f, &name))
        return false;
    if (has_list)
        cursor_u32(&f->in);
    if (f->in.overrun || f->depth == LIMIT_ELEMENT_DEPTH)
        return false;
    put_u8(f, BINXML_ELEMENT);
    put_u16(f, dependency);
    put_text(f, name);
    f->depth++;
    f->place = IN_TAG;
    return true;
}

static bool take_close(struct flattener *f, unsigned token)
{
    put_u8(f, token);
    if (token == BINXML_CONTENT) {
        f->place = IN_CONTENT;
        return true;
    }
    f->depth--;
    f->place = f->depth ? IN_CONTENT : AT_ROOT;
    return true;
}

static bool take_named(struct flattener *f, unsigned token)
{
    struct bytes name;
    if (!take_name(f, &name))
        return false;
    put_u8(f, token);
    put_text(f, name);
    if (token == BINXML_ATTRIBUTE)
        f->place = IN_ATTRIBUTE;
    return true;
}

static bool take_text(struct flattener *f, unsigned token)
{
    if (token == BINXML_TEXT && cursor_u8(&f->in) != BINXML_STRING)
        return false;
    struct bytes text = cursor_take(&f->in, (size_t)cursor_u16(&f->in) * 2);
    if (f->in.overrun)
        return false;
    put_u8(f, token);
    put_text(f, text);
    return true;
}

static bool take_fixed(struct flattener *f, unsigned token, size_t n)
{
    struct bytes rest = cursor_take(&f->in, n);
    if (f->in.overrun)
        return false;
    put_u8(f, token);
    put(f, rest);
    return true;
}

static bool take_instance(struct flattener *f)
{
    struct binxml_instance instance;
    size_t at = f->in.at - 1, end;
    if (f->kind == FLAT_DEFINITION || !binxml_instance_read(f->in.view, f->moved, at, &instance) ||
        !binxml_values_skip(f->in.view, instance.values, &end))
        return false;
    put_u8(f, BINXML_INSTANCE);
    put_u16(f, (unsigned)at & 0xFFFF);
    put_u16(f, (unsigned)(at >> 16));
    f->in = cursor_at(f->in.view, end);
    return true;
}

/* Where each token may stand; bits of 1 << place. */
static unsigned allowed_places(unsigned token)
{
    const unsigned root = 1u << AT_ROOT, tag = 1u << IN_TAG, attribute = 1u << IN_ATTRIBUTE, content = 1u << IN_CONTENT;
    switch (token) {
    case BINXML_ELEMENT:
    case BINXML_INSTANCE:
    case BINXML_PI_TARGET:
    case BINXML_PI_DATA:
        return root | content;
    case BINXML_CONTENT:
    case BINXML_EMPTY:
    case BINXML_ATTRIBUTE:
        return tag | attribute;
    case BINXML_END:
    case BINXML_CDATA:
        return content;
    case BINXML_TEXT:
    case BINXML_CHARACTER:
    case BINXML_ENTITY:
    case BINXML_VALUE:
    case BINXML_OPTIONAL:
        return attribute | content;
    case BINXML_FRAGMENT:
        return root;
    default:
        return 0;
    }
}

static bool take_token(struct flattener *f, unsigned byte)
{
    unsigned token = byte & ~BINXML_MORE;
    if (token > BINXML_FRAGMENT || !(allowed_places(token) & 1u << f->place))
        return false;
    switch (token) {
    case BINXML_ELEMENT:
        return take_element(f, byte & BINXML_MORE);
    case BINXML_CONTENT:
    case BINXML_EMPTY:
    case BINXML_END:
        return take_close(f, token);
    case BINXML_ATTRIBUTE:
    case BINXML_ENTITY:
    case BINXML_PI_TARGET:
        return take_named(f, token);
    case BINXML_TEXT:
    case BINXML_CDATA:
    case BINXML_PI_DATA:
        return take_text(f, token);
    case BINXML_CHARACTER:
        return take_fixed(f, token, 2);
    case BINXML_VALUE:
    case BINXML_OPTIONAL:
        return take_fixed(f, token, 3);
    case BINXML_INSTANCE:
        return take_instance(f);
    default: /* fragment header: version and flags */
        cursor_take(&f->in, 3);
        return !f->in.overrun;
    }
}

static void close_all(struct flattener *f)
{
    for (; f->depth; f->depth--) {
        put_u8(f, f->place == IN_CONTENT ? BINXML_END : BINXML_EMPTY);
        f->place = IN_CONTENT;
    }
}

bool flatten(struct flattener *f, struct bytes chunk, size_t at, size_t end, enum flat_kind kind, size_t *behind)
{
    f->out.n = 0;
    (void)buf_reserve(&f->out, FLAT_ROOM);
    f->chunk = chunk;
    f->in = cursor_at(bytes_part(chunk, 0, end), at);
    f->kind = kind;
    f->depth = 0;
    f->place = AT_ROOT;
    bool sound = !f->in.overrun;
    while (sound && cursor_left(&f->in)) {
        unsigned byte = cursor_u8(&f->in);
        if ((byte & ~BINXML_MORE) == BINXML_EOF)
            break;
        sound = take_token(f, byte) && f->out.n <= LIMIT_FLAT_BYTES;
    }
    *behind = f->in.at;
    sound = sound && f->depth == 0;
    close_all(f);
    return sound;
}
