#include "evtx/binxml_direct.h"

#include "evtx/binxml_flat.h"

struct split {
    struct arena *arena;
    struct bytes flat;
    size_t copied; /* of `flat` */
    uint8_t *out;
    size_t n;
    struct binxml_values *values;
    size_t capacity;
    bool in_name; /* in an attribute of that name */
};

static void put(struct split *s, struct bytes b)
{
    memcpy(s->out + s->n, b.p, b.n);
    s->n += b.n;
}

static bool is_name(struct bytes utf16)
{
    static const uint8_t name[] = { 'N', 0, 'a', 0, 'm', 0, 'e', 0 };
    return utf16.n == sizeof name && memcmp(utf16.p, name, sizeof name) == 0;
}

static bool becomes_value(const struct split *s, const struct flat_token *token)
{
    struct bytes t = token->utf16;
    return token->token == BINXML_TEXT && !s->in_name && t.n >= 2 && (t.p[t.n - 1] || t.p[t.n - 2]) &&
           s->values->count <= UINT16_MAX;
}

/* The text in [from, behind) is one; what stands before it is copied. */
static void put_value(struct split *s, struct bytes utf16, size_t from, size_t behind)
{
    struct binxml_values *v = s->values;
    const uint8_t token[] = { BINXML_VALUE, (uint8_t)v->count, (uint8_t)(v->count >> 8), BINXML_STRING };
    put(s, bytes_part(s->flat, s->copied, from - s->copied));
    put(s, (struct bytes){ token, sizeof token }); /* a text has 5 bytes or more: there is room */
    s->copied = behind;
    v->items = arena_grow(s->arena, v->items, v->count, &s->capacity, sizeof *v->items);
    v->items[v->count++] = (struct binxml_value){ .raw = utf16, .type = BINXML_STRING };
}

static void note_place(struct split *s, const struct flat_token *token)
{
    switch (token->token) {
    case BINXML_ATTRIBUTE:
        s->in_name = is_name(token->utf16);
        break;
    case BINXML_ELEMENT:
    case BINXML_CONTENT:
    case BINXML_EMPTY:
        s->in_name = false;
        break;
    default:
        break;
    }
}

bool direct_split(struct arena *arena, struct bytes flat, struct bytes *rest, struct binxml_values *values)
{
    struct bytes kept = bytes_keep(arena, flat); /* the flattener's will be another stream's */
    struct split s = { .arena = arena, .flat = kept, .out = arena_alloc_raw(arena, flat.n), .values = values };
    struct flat_token token;
    *values = (struct binxml_values){ 0 };
    for (struct cursor in = cursor_at(kept, 0); cursor_left(&in);) {
        size_t from = in.at;
        flat_next(&in, &token);
        if (token.token == BINXML_VALUE || token.token == BINXML_OPTIONAL || token.token == BINXML_INSTANCE)
            return false;
        note_place(&s, &token);
        if (becomes_value(&s, &token))
            put_value(&s, token.utf16, from, in.at);
    }
    put(&s, bytes_part(kept, s.copied, kept.n));
    *rest = (struct bytes){ s.out, s.n };
    return true;
}
