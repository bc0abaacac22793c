/*
 * evtx_key_flat.c - the key of an event that has no template: forwarded ones.  Their System is nearly always plain
 * text, so it is read from the tokens; whatever else stands there is left to the walk, whose answer is the same.
 */
#include "base/utf.h"
#include "evtx/binxml_flat.h"
#include "evtx/evtx_key.h"

/* Depths of the document, from 1. */
enum { DEPTH_EVENT = 1, DEPTH_PART, DEPTH_MEMBER };

/* Longer names are no member's. */
#define NAME_MOST 32u

struct name {
    char room[NAME_MOST * 3];
    size_t n;
};

struct flat_key {
    struct arena *arena;
    struct event_key *key;
    bool brief;
    size_t depth;
    bool in_event, in_system;
    struct name element, attribute; /* of the open member; no attribute: its content */
    bool has_text;                  /* of that attribute, or content */
    unsigned members;               /* seen, as bits */
};

enum answer { GO_ON, KEY_READ, KEY_ELSEWHERE };

static void name_set(struct name *name, struct bytes utf16)
{
    name->n = utf16.n <= 2 * NAME_MOST ? utf8_from_utf16le(utf16, name->room) : 0;
}

static struct text name_text(const struct name *name)
{
    return (struct text){ name->room, name->n };
}

static bool name_is(struct bytes utf16, struct text wanted)
{
    struct name name;
    name_set(&name, utf16);
    return text_equal(name_text(&name), wanted);
}

static enum answer take_element(struct flat_key *k, struct bytes utf16)
{
    k->depth++;
    if (k->depth == DEPTH_EVENT)
        k->in_event = name_is(utf16, TEXT("Event"));
    else if (k->depth == DEPTH_PART)
        k->in_system = k->in_event && name_is(utf16, TEXT("System"));
    else if (k->in_system && k->depth > DEPTH_MEMBER)
        return KEY_ELSEWHERE;
    name_set(&k->element, utf16);
    k->attribute.n = 0;
    k->has_text = false;
    return GO_ON;
}

/* The second text of one place would have to be joined: seldom, and the walk does it. */
static enum answer take_text(struct flat_key *k, struct bytes utf16)
{
    if (k->depth != DEPTH_MEMBER)
        return GO_ON;
    enum system_member member = system_member(name_text(&k->element), name_text(&k->attribute));
    if (k->has_text && member < SYSTEM_KEY_MEMBERS)
        return KEY_ELSEWHERE;
    k->has_text = true;
    if (member >= SYSTEM_KEY_MEMBERS || (k->members & 1u << member))
        return GO_ON;
    k->members |= 1u << member;
    if (k->brief && system_is_key_text(member))
        return GO_ON;
    char *out = arena_alloc(k->arena, utf8_room(utf16.n));
    (void)system_key_set(k->key, member, (struct text){ out, utf8_from_utf16le(utf16, out) });
    return GO_ON;
}

static enum answer take_end(struct flat_key *k)
{
    if (k->in_system && k->depth == DEPTH_PART)
        return KEY_READ;
    k->depth--;
    return GO_ON;
}

static enum answer take(struct flat_key *k, const struct flat_token *t)
{
    switch (t->token) {
    case BINXML_ELEMENT:
        return take_element(k, t->utf16);
    case BINXML_END:
    case BINXML_EMPTY:
        return take_end(k);
    case BINXML_ATTRIBUTE:
        name_set(&k->attribute, t->utf16);
        k->has_text = false;
        /* Without a name that is known here it would pass for the content. */
        return k->in_system && k->attribute.n == 0 ? KEY_ELSEWHERE : GO_ON;
    case BINXML_CONTENT:
        k->attribute.n = 0;
        k->has_text = false;
        return GO_ON;
    case BINXML_TEXT:
    case BINXML_CDATA:
        return k->in_system ? take_text(k, t->utf16) : GO_ON;
    default:
        return k->in_system ? KEY_ELSEWHERE : GO_ON;
    }
}

bool key_read_flat(struct bytes flat, struct arena *arena, bool brief, struct event_key *ret)
{
    struct flat_key k = { .arena = arena, .key = ret, .brief = brief };
    struct flat_token token;
    enum answer answer = GO_ON;
    *ret = key_unknown();
    for (struct cursor in = cursor_at(flat, 0); cursor_left(&in) && answer == GO_ON;) {
        flat_next(&in, &token);
        answer = take(&k, &token);
    }
    return answer == KEY_READ;
}
