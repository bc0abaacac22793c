#include "evtx/evtx_field_map.h"

#include "base/limits.h"
#include "event/event_system.h"

#define SLOT_NONE SHAPE_SLOTS /* always the same */

/* Bytes of text that a byte of a value becomes at most, and those of a value that does not grow with its bytes. */
#define TEXT_GROWTH 3u
#define TEXT_FIXED  48u

struct map_member {
    enum system_member member;
    uint16_t slot;
};

struct field_map {
    struct event event; /* what is always the same; neither key nor fields */
    struct event_outline outline;
    const uint16_t *slots; /* by field */
    struct map_member members[SYSTEM_OTHER];
    size_t member_count;
    size_t uses;  /* values that share a slot, at most */
    size_t bytes; /* of the first event's texts, also those that are no field */
    size_t steps; /* what the walk spends besides texts and the opening of streams */
};

void field_draft_begin(struct field_draft *d, struct layouts *l, struct shape *shape,
                       const struct binxml_stream *stream)
{
    d->count = 0;
    draft_begin(&d->stream, l, shape, stream);
}

void field_draft_visit(struct field_draft *d, const struct binxml_value *v, struct text text)
{
    draft_visit(&d->stream, v);
    if (text.n == 0 || d->stream.refused)
        return;
    if (d->count == MAP_VALUES || binxml_is_array(v)) {
        draft_refuse(&d->stream);
        return;
    }
    d->visits[d->count++] = (struct field_visit){ text, (uint16_t)shape_find(d->stream.shape, v, d->stream.slot) };
}

static bool is_same(struct text a, struct text b)
{
    return a.p == b.p && a.n == b.n;
}

/* The slot of the value that this very text was made of.  A text of a value is in one place only: members_of has refused
 * the others. */
static uint16_t slot_of(const struct field_draft *d, struct text t, size_t *used)
{
    for (size_t i = 0; t.n && i < d->count; i++)
        if (is_same(d->visits[i].text, t)) {
            ++*used;
            return d->visits[i].slot;
        }
    return SLOT_NONE;
}

static struct text keep(struct arena *arena, struct text t)
{
    return t.n ? text_keep(arena, t) : t;
}

/* What the text forms of binxml_value_text.c write; the shape has seen to it that values fit their types. */
static enum value_kind kind_of(uint8_t type)
{
    switch (type) {
    case BINXML_INT8:
    case BINXML_UINT8:
    case BINXML_INT16:
    case BINXML_UINT16:
    case BINXML_INT32:
    case BINXML_UINT32:
    case BINXML_INT64:
    case BINXML_UINT64:
        return KIND_DECIMAL;
    case BINXML_HEX32:
    case BINXML_HEX64:
    case BINXML_SIZE:
        return KIND_HEX;
    case BINXML_GUID:
        return KIND_GUID;
    case BINXML_SID:
        return KIND_SID;
    case BINXML_BINARY:
    case BINXML_ARRAY | BINXML_BINARY:
        return KIND_BYTES;
    default:
        return binxml_is_text(type) ? KIND_UTF16 : KIND_OTHER;
    }
}

static void fields_of(struct field_draft *d, const struct event *e, struct field_map *map, size_t *used)
{
    struct arena *arena = &d->stream.layouts->arena;
    struct event_field *fields = ARENA_NEW_N(arena, struct event_field, e->field_count);
    uint16_t *slots = ARENA_NEW_N(arena, uint16_t, e->field_count);
    uint8_t *kinds = ARENA_NEW_N(arena, uint8_t, e->field_count);
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *f = &e->fields[i];
        bool fixed = (slots[i] = slot_of(d, f->value, used)) == SLOT_NONE;
        kinds[i] = fixed ? KIND_FIXED : (uint8_t)kind_of(d->stream.shape->slots[slots[i]].type);
        fields[i] = (struct event_field){ keep(arena, f->name), fixed ? keep(arena, f->value) : TEXT(""), f->part };
    }
    map->slots = slots;
    map->outline = (struct event_outline){ event_outline_number(), fields, kinds, e->field_count };
}

/* False: a text did not fit its member, and has become a field; another one may fit. */
static bool members_of(struct field_draft *d, const struct event_builder *b, struct field_map *map, size_t *used)
{
    for (unsigned m = 0; m < SYSTEM_OTHER; m++) {
        if (!(b->members_seen & 1u << m))
            continue;
        if (b->members_odd & 1u << m)
            return false;
        uint16_t slot = slot_of(d, b->members[m], used);
        if (slot != SLOT_NONE)
            map->members[map->member_count++] = (struct map_member){ (enum system_member)m, slot };
    }
    return true;
}

static size_t uses_of(const struct field_draft *d)
{
    uint16_t uses[SHAPE_SLOTS] = { 0 };
    size_t most = 0;
    for (size_t i = 0; i < d->count; i++)
        if (++uses[d->visits[i].slot] > most)
            most = uses[d->visits[i].slot];
    return most;
}

static struct event event_without_values(struct arena *arena, const struct event *e)
{
    struct event ret = { .key = key_unknown(), .qualifiers = e->qualifiers, .task = e->task, .keywords = e->keywords };
    ret.event_id = keep(arena, e->event_id);
    ret.user_sid = keep(arena, e->user_sid);
    return ret;
}

/* NULL: a text went elsewhere than into one member or one value. */
static const struct field_map *map_make(struct field_draft *d, const struct event_builder *b,
                                        const struct field_cost *cost)
{
    struct arena *arena = &d->stream.layouts->arena;
    const struct event *e = b->event;
    struct field_map *map = ARENA_NEW(arena, struct field_map);
    size_t used = 0;
    if (!members_of(d, b, map, &used))
        return NULL;
    fields_of(d, e, map, &used);
    if (used != d->count)
        return NULL;
    map->event = event_without_values(arena, e);
    map->uses = uses_of(d);
    map->bytes = cost->bytes;
    map->steps = cost->steps - d->stream.value_steps - d->stream.open_steps;
    return map;
}

void field_draft_end(struct field_draft *d, const struct event_builder *built, const struct field_cost *cost,
                     bool sound)
{
    struct layout_node *node = d->stream.node;
    if (!node)
        return;
    bool good = sound && !d->stream.refused && d->stream.visits == d->count && built->event->field_count <= MAP_FIELDS;
    node->fields = good ? map_make(d, built, cost) : NULL;
    node->next = node->fields ? LAYOUT_FOUND : LAYOUT_NONE;
}

/* A number that is written as one; anything else has to be read as a text. */
static bool number_of(const struct binxml_value *v, uint64_t *ret)
{
    return v->type != BINXML_FILETIME && binxml_value_u64(v, ret);
}

static bool set_u32(uint32_t *member, uint64_t number)
{
    *member = (uint32_t)number;
    return number < UINT32_MAX;
}

static bool set_text(struct binxml_reader *r, struct event *e, enum system_member member, const struct binxml_value *v,
                     bool *odd)
{
    return system_set(e, member, binxml_value_text(&r->scratch, v, odd));
}

/* What system_set says of the value's text, and does to members outside of the key.  False: it would be a field. */
static bool fill_member(struct binxml_reader *r, struct event *e, enum system_member member,
                        const struct binxml_value *v, bool *odd)
{
    uint64_t number;
    switch (member) {
    case SYSTEM_PROVIDER:
    case SYSTEM_CHANNEL:
    case SYSTEM_COMPUTER:
        return binxml_is_text(v->type) || set_text(r, e, member, v, odd);
    case SYSTEM_TIME:
        if (v->type == BINXML_FILETIME)
            return binxml_value_u64(v, &number) && number < FILETIME_MAX;
        return set_text(r, e, member, v, odd);
    case SYSTEM_LEVEL:
        return number_of(v, &number) ? set_u32(&e->key.level, number) : set_text(r, e, member, v, odd);
    case SYSTEM_QUALIFIERS:
        return number_of(v, &number) ? set_u32(&e->qualifiers, number) : set_text(r, e, member, v, odd);
    case SYSTEM_TASK:
        return number_of(v, &number) ? set_u32(&e->task, number) : set_text(r, e, member, v, odd);
    case SYSTEM_RECORD_ID:
        return number_of(v, &number) || set_text(r, e, member, v, odd);
    case SYSTEM_KEYWORDS:
        return number_of(v, &e->keywords) || set_text(r, e, member, v, odd);
    default:
        return set_text(r, e, member, v, odd);
    }
}

/* What the walk spends for the texts of the fields. */
static size_t steps_of(const struct field_map *map, const struct shape *shape)
{
    size_t steps = 0;
    for (size_t i = 0; i < map->outline.count; i++)
        if (map->slots[i] != SLOT_NONE)
            steps += shape->slots[map->slots[i]].raw.n / 16;
    return steps;
}

bool field_map_begin(const struct field_map *map, const struct shape *shape, const struct event_key *key,
                     struct binxml_reader *r, struct event *ret)
{
    size_t values = map->outline.count + map->member_count, steps = map->steps + steps_of(map, shape);
    bool odd = false;
    if (map->bytes + map->uses * shape->bytes * TEXT_GROWTH + values * TEXT_FIXED > LIMIT_EVENT_BYTES)
        return false;
    *ret = map->event;
    for (size_t i = 0; i < map->member_count; i++) {
        const struct binxml_value *v = &shape->slots[map->members[i].slot];
        if (!fill_member(r, ret, map->members[i].member, v, &odd))
            return false;
        steps += v->raw.n / 16;
    }
    ret->fields = map->outline.fields;
    ret->field_count = map->outline.count;
    ret->key = *key;
    r->marks |= odd ? EVENT_ODD_VALUE : 0u;
    return binxml_spend(r, steps);
}

bool field_map_fill(const struct field_map *map, const struct shape *shape, struct arena *arena, struct event *event)
{
    size_t count = map->outline.count;
    struct event_field *fields = arena_alloc_raw(arena, count * sizeof *fields);
    bool odd = false;
    for (size_t i = 0; i < count; i++) {
        fields[i] = map->outline.fields[i];
        if (map->slots[i] != SLOT_NONE)
            fields[i].value = binxml_value_text(arena, &shape->slots[map->slots[i]], &odd);
    }
    event->fields = fields;
    return odd;
}

const struct event_outline *field_map_outline(const struct field_map *map)
{
    return &map->outline;
}

const struct binxml_value *field_map_value(const struct field_map *map, const struct shape *shape, size_t field)
{
    return map->slots[field] == SLOT_NONE ? NULL : &shape->slots[map->slots[field]];
}
