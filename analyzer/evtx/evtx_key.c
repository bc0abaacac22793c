#include "evtx/evtx_key.h"

#include "evtx/binxml_open.h"

/* Pieces that are put together here; a text of more is left to the walk, which does not copy it once per piece. */
#define PIECES_MAX 8u

enum source_kind { SOURCE_ABSENT, SOURCE_LITERAL, SOURCE_VALUE };

struct key_source {
    enum source_kind kind;
    uint16_t index;
    uint16_t dependency;
    struct text literal;
};

struct key_map {
    struct key_source of[SYSTEM_KEY_MEMBERS];
    uint16_t event, system; /* values that Event and System depend on; seen: Event on its payload */
    uint16_t payload;       /* value in Event itself: it may take Event along */
};

/* Pieces [at, end) as one source; false when they are neither literal nor a single value. */
static bool source_of(struct arena *arena, const struct plan *plan, uint32_t at, uint32_t end, struct key_source *ret)
{
    *ret = (struct key_source){ .kind = SOURCE_ABSENT };
    if (at < end && plan->ops[at].kind == PLAN_VALUE) {
        ret->kind = SOURCE_VALUE;
        ret->index = plan->ops[at].index;
        return at + 1 == end;
    }
    if (end - at > PIECES_MAX)
        return false;
    for (; at < end; at++) {
        enum plan_kind kind = plan->ops[at].kind;
        if (kind != PLAN_TEXT && kind != PLAN_CDATA && kind != PLAN_CHARACTER && kind != PLAN_ENTITY)
            return false;
        struct text piece = plan->ops[at].text;
        ret->literal = ret->kind == SOURCE_ABSENT
                           ? piece
                           : text_keep_format(arena, "%.*s%.*s", TEXT_ARG(ret->literal), TEXT_ARG(piece));
        ret->kind = SOURCE_LITERAL;
    }
    return true;
}

static bool map_add(struct arena *arena, const struct plan *plan, struct key_map *map, const struct plan_op *element,
                    struct text attribute, uint32_t at, uint32_t end)
{
    enum system_member member = system_member(element->text, attribute);
    struct key_source source;
    if (member >= SYSTEM_KEY_MEMBERS || map->of[member].kind != SOURCE_ABSENT)
        return true;
    if (!source_of(arena, plan, at, end, &source))
        return false;
    source.dependency = element->index;
    map->of[member] = source;
    return true;
}

static bool map_element(struct arena *arena, const struct plan *plan, struct key_map *map, uint32_t at)
{
    const struct plan_op *element = &plan->ops[at];
    uint32_t inside = at + 1;
    bool attributes = inside < element->end && plan->ops[inside].kind == PLAN_ATTRIBUTE;
    for (; inside < element->end && plan->ops[inside].kind == PLAN_ATTRIBUTE; inside = plan->ops[inside].end)
        /* Without a name it would pass for the content. */
        if (plan->ops[inside].text.n == 0 ||
            !map_add(arena, plan, map, element, plan->ops[inside].text, inside + 1,
                     plan->ops[inside].end))
            return false;
    /* A value in the content may take the whole element, and with it the attributes, along. */
    if (attributes && inside < element->end && system_member(element->text, TEXT("")) == SYSTEM_OTHER)
        return false;
    return inside == element->end || map_add(arena, plan, map, element, TEXT(""), inside, element->end);
}

/* Index of the first element of that name from `at` on among its siblings, or `end`. */
static uint32_t find_child(const struct plan *plan, uint32_t at, uint32_t end, struct text name)
{
    while (at < end) {
        const struct plan_op *op = &plan->ops[at];
        if (op->kind == PLAN_ELEMENT && text_equal(op->text, name))
            return at;
        at = op->kind == PLAN_ELEMENT ? op->end + 1 : op->kind == PLAN_ATTRIBUTE ? op->end : at + 1;
    }
    return end;
}

static bool map_system(struct arena *arena, const struct plan *plan, struct key_map *map, uint32_t system)
{
    for (uint32_t at = system + 1; at < plan->ops[system].end;) {
        const struct plan_op *op = &plan->ops[at];
        if (op->kind == PLAN_VALUE || op->kind == PLAN_INSTANCE)
            return false;
        if (op->kind == PLAN_ELEMENT && !map_element(arena, plan, map, at))
            return false;
        at = op->kind == PLAN_ELEMENT ? op->end + 1 : op->kind == PLAN_ATTRIBUTE ? op->end : at + 1;
    }
    return true;
}

/* The one value in an element's content; BINXML_NO_DEPENDENCY when there is none.  False when there are more. */
static bool content_value(const struct plan *plan, const struct plan_op *element, uint16_t *ret)
{
    *ret = BINXML_NO_DEPENDENCY;
    for (uint32_t at = element->values; at; at = plan->ops[at].values) {
        if (plan->ops[at].in_attribute)
            continue;
        if (*ret != BINXML_NO_DEPENDENCY || plan->ops[at].index == BINXML_NO_DEPENDENCY)
            return false;
        *ret = plan->ops[at].index;
    }
    return true;
}

const struct key_map *key_map_make(struct arena *arena, const struct plan *plan)
{
    uint32_t root = find_child(plan, 0, plan->count, TEXT("Event"));
    if (root == plan->count)
        return NULL;
    uint32_t system = find_child(plan, root + 1, plan->ops[root].end, TEXT("System"));
    if (system == plan->ops[root].end)
        return NULL;
    struct key_map *map = ARENA_NEW(arena, struct key_map);
    map->event = plan->ops[root].index;
    map->system = plan->ops[system].index;
    bool simple = content_value(plan, &plan->ops[root], &map->payload) && map_system(arena, plan, map, system);
    return simple ? map : NULL;
}

static bool is_absent(const struct binxml_values *values, uint16_t index)
{
    struct binxml_value v = binxml_values_get(values, index);
    return v.type == BINXML_NULL || v.missing;
}

/* An element that is left out, and the key with it: the walk will say what remains. */
static bool is_left_out(const struct binxml_values *values, uint16_t dependency)
{
    return dependency != BINXML_NO_DEPENDENCY && is_absent(values, dependency);
}

static bool set_from_value(struct event_key *key, enum system_member member, const struct binxml_value *v,
                           struct arena *arena, bool brief)
{
    uint64_t number;
    bool odd = false;
    if (binxml_is_array(v) || v->type == BINXML_STREAM)
        return false;
    if (brief && system_is_key_text(member))
        return true;
    bool is_number = member == SYSTEM_EVENT_ID || member == SYSTEM_LEVEL || member == SYSTEM_RECORD_ID;
    if (is_number && v->type != BINXML_FILETIME && binxml_value_u64(v, &number)) {
        if (member == SYSTEM_RECORD_ID)
            key->record_id = number;
        else if (number < UINT32_MAX)
            *(member == SYSTEM_LEVEL ? &key->level : &key->id) = (uint32_t)number;
        return true;
    }
    if (member == SYSTEM_TIME && v->type == BINXML_FILETIME && binxml_value_u64(v, &number)) {
        key->time = number < FILETIME_MAX ? number : 0;
        return true;
    }
    (void)system_key_set(key, member, binxml_value_text(arena, v, &odd));
    return true;
}

bool key_read(const struct key_map *map, const struct binxml_values *values, struct arena *arena, bool brief,
              struct event_key *ret)
{
    *ret = key_unknown();
    if (is_left_out(values, map->event) || is_left_out(values, map->system) || is_left_out(values, map->payload))
        return false;
    for (int i = 0; i < SYSTEM_KEY_MEMBERS; i++) {
        const struct key_source *source = &map->of[i];
        enum system_member member = (enum system_member)i;
        if (source->kind == SOURCE_ABSENT)
            continue;
        if (is_left_out(values, source->dependency))
            continue;
        if (source->kind == SOURCE_LITERAL) {
            if (!brief || !system_is_key_text(member))
                (void)system_key_set(ret, member, source->literal);
            continue;
        }
        struct binxml_value v = binxml_values_get(values, source->index);
        if (v.type != BINXML_NULL && !v.missing && !set_from_value(ret, member, &v, arena, brief))
            return false;
    }
    return true;
}

/* Room for the value of an index in a list that was cut before it. */
static bool values_reach(struct binxml_reader *r, struct binxml_values *values, uint16_t index)
{
    size_t count = (size_t)index + 1;
    if (count <= values->count)
        return true;
    if (!binxml_spend(r, count))
        return false;
    struct binxml_value *items = arena_alloc_raw(&r->scratch, count * sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = binxml_values_get(values, i);
    values->items = items;
    values->count = count;
    return true;
}

static void value_from_head(struct binxml_reader *r, const struct key_source *source, struct binxml_values *values,
                            struct binxml_value v)
{
    if (source->kind == SOURCE_VALUE && binxml_values_get(values, source->index).missing &&
        values_reach(r, values, source->index))
        values->items[source->index] = v;
}

void key_values_complete(struct binxml_reader *r, const struct key_map *map, struct bytes head,
                         struct binxml_values *values)
{
    struct binxml_value id = { .raw = bytes_part(head, 8, 8), .type = BINXML_UINT64 };
    struct binxml_value written = { .raw = bytes_part(head, 16, 8), .type = BINXML_FILETIME };
    value_from_head(r, &map->of[SYSTEM_RECORD_ID], values, id);
    value_from_head(r, &map->of[SYSTEM_TIME], values, written);
}
