#include "kb/cast.h"

#include "base/limits.h"

static struct text field_value(const struct event *e, struct text name)
{
    struct text data = TEXT("Data[");
    uint64_t number;
    const struct event_field *field;
    if (text_starts_with(name, data) &&
        text_to_u64((struct text){ name.p + data.n, name.n - data.n - 1 }, &number))
        field = event_insert(e, (size_t)number);
    else
        field = event_field(e, name);
    return field ? text_trim(field->value) : TEXT("");
}

struct text choice_value(const struct event *e, const struct field_choice *choice)
{
    struct text value = TEXT("");
    for (size_t i = 0; i < choice->count && value.n == 0; i++)
        value = field_value(e, choice->names[i]);
    return value;
}

static struct text host_of(struct text name)
{
    return (struct text){ name.p, text_find_char(name, '.') };
}

bool is_name_of_node(struct text name, struct text node)
{
    struct text a = host_of(name), b = host_of(node);
    if (a.n == 0 || !text_equal_nocase(a, b))
        return false;
    return a.n == name.n || b.n == node.n || text_equal_nocase(name, node);
}

/* `node` is the one that the name means, NULL when there is no log of it: then names are compared. */
static bool cast_knows(const struct cast *c, struct text name, const struct node *node)
{
    for (size_t i = 0; i < c->name_count; i++)
        if (c->named[i] == node && (node || is_name_of_node(name, c->names[i])))
            return true;
    return false;
}

static void cast_add(struct cast *c, struct text name, const struct node *node)
{
    if (name.n == 0 || c->name_count >= LIMIT_CAST || cast_knows(c, name, node))
        return;
    c->named[c->name_count] = node;
    c->names[c->name_count++] = name;
    if (node)
        c->nodes[c->node_count++] = node;
}

static size_t anchors_seen(const struct episode *e)
{
    return e->anchor_count < LIMIT_CAST ? e->anchor_count : LIMIT_CAST;
}

/* The node that was the last to log one of the role's events before the episode; of several hits of a moment the first
 * in the timeline. */
static void latest_add(struct cast *c, const struct hit_index *index, const struct article_role *role,
                       const struct episode *e)
{
    const struct timeline *t = index->timeline;
    const struct node *node = NULL;
    uint64_t latest = 0;
    for (size_t i = 0; i < role->latest_count && e->first > 0; i++) {
        struct hit_span span = hit_index_find(index, role->latest[i], NULL, 1, e->first - 1);
        uint64_t time = span.count ? t->hits[span.hits[span.count - 1]].event->key.time : 0;
        if (time > latest) {
            latest = time;
            node = t->node_of[span.hits[span.count - 1]];
        }
    }
    if (node)
        cast_add(c, node->name, node);
}

static void role_cast(struct arena *arena, const struct hit_index *index, const struct article_role *role,
                      const struct episode *e, struct cast *c)
{
    const struct timeline *t = index->timeline;
    size_t most = role->latest_count ? 1 : anchors_seen(e);
    c->names = ARENA_NEW_N(arena, struct text, most);
    c->named = ARENA_NEW_N(arena, const struct node *, most);
    c->nodes = ARENA_NEW_N(arena, const struct node *, most);
    if (role->latest_count)
        latest_add(c, index, role, e);
    for (size_t i = 0; i < most && !role->latest_count; i++) {
        struct text name = choice_value(t->hits[e->anchors[i]].event, &role->named_by);
        cast_add(c, name, timeline_node_named(t, name, e->node));
    }
}

struct cast *cast_make(struct arena *arena, const struct hit_index *index, const struct episode *e)
{
    const struct article *a = e->article;
    struct cast *casts = ARENA_NEW_N(arena, struct cast, a->role_count);
    for (size_t r = 0; r < a->role_count; r++)
        role_cast(arena, index, &a->roles[r], e, &casts[r]);
    return casts;
}

bool cast_has(const struct episode *e, const struct node_scope *scope, const struct node *node)
{
    bool has = scope->of == SCOPE_ANY || (scope->of == SCOPE_SAME && node == e->node);
    const struct cast *c = scope->of == SCOPE_ROLE ? &e->cast[scope->role] : NULL;
    for (size_t i = 0; c && i < c->node_count && !has; i++)
        has = c->nodes[i] == node;
    return has != scope->negated;
}

/* Does this value, in a log of `by`, name one of the nodes? */
static bool value_names(const struct timeline *t, const struct episode *e, const struct node_scope *scope,
                        struct text value, const struct node *by)
{
    if (value.n == 0)
        return false;
    const struct node *node = timeline_node_named(t, value, by);
    if (scope->of == SCOPE_ROLE && !scope->negated)
        return cast_knows(&e->cast[scope->role], value, node);
    return node && cast_has(e, scope, node);
}

static bool event_names(const struct timeline *t, const struct episode *e, const struct node_scope *scope,
                        uint32_t place)
{
    const struct event *event = t->hits[place].event;
    for (size_t i = 0; i < event->field_count; i++) {
        const struct event_field *f = &event->fields[i];
        bool payload = f->part == EVENT_DATA || f->part == EVENT_USER_DATA;
        if (payload && value_names(t, e, scope, text_trim(f->value), t->node_of[place]))
            return true;
    }
    return false;
}

bool event_shares(const struct evidence_item *item, const struct event *event, const struct event *anchor)
{
    for (size_t i = 0; i < item->same_count; i++) {
        struct text own = choice_value(event, &item->same[i].own);
        if (own.n == 0 || !text_equal_nocase(own, choice_value(anchor, &item->same[i].anchors)))
            return false;
    }
    return true;
}

bool cast_fits(const struct timeline *t, const struct episode *e, const struct evidence_item *item, uint32_t place)
{
    if (item->names && !event_names(t, e, &item->named, place))
        return false;
    bool shared = item->same_count == 0;
    for (size_t i = 0; i < anchors_seen(e) && !shared; i++)
        shared = event_shares(item, t->hits[place].event, t->hits[e->anchors[i]].event);
    return shared;
}
