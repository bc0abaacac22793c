#include "kb/sides.h"

#include "base/limits.h"

struct names {
    struct text items[LIMIT_CAST];
    size_t count;
};

/* A node, and whom it names. */
struct speaker {
    const struct node *node;
    struct names names;
};

struct speakers {
    struct hearing *h;
    struct speaker *items;
    size_t count;
    bool too_many;
};

static bool has(struct hearing *h, const struct names *n, struct text name)
{
    for (size_t i = 0; i < n->count && hearing_step(h); i++)
        if (is_name_of_node(name, n->items[i]))
            return true;
    return false;
}

static struct speaker *speaker_get(struct speakers *s, const struct node *node)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].node == node)
            return &s->items[i];
    if (s->count == LIMIT_CAST)
        return NULL;
    s->items[s->count] = (struct speaker){ .node = node };
    return &s->items[s->count++];
}

/* Whether a name is there is asked once: an answer can be different when the hearing ends in between. */
static void speaker_add(struct speakers *s, const struct node *node, struct text name)
{
    struct speaker *one = speaker_get(s, node);
    bool is_new = one && name.n && !has(s->h, &one->names, name);
    if (!one || (is_new && one->names.count == LIMIT_CAST))
        s->too_many = true;
    else if (is_new)
        one->names.items[one->names.count++] = name;
}

static bool are_equal(struct hearing *h, const struct names *a, const struct names *b)
{
    for (size_t i = 0; i < a->count && a->count == b->count; i++)
        if (!has(h, b, a->items[i]))
            return false;
    return a->count == b->count;
}

/* Nobody stands on both. */
static bool are_apart(struct hearing *h, const struct names *a, const struct names *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (has(h, b, a->items[i]))
            return false;
    return true;
}

static const struct names *said_by(const struct speakers *s, const struct node *node)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].node == node)
            return &s->items[i].names;
    return NULL;
}

/* What the first of them says that stands among `far`. */
static const struct names *said_by_one_of(const struct speakers *s, const struct names *far)
{
    for (size_t i = 0; i < s->count; i++)
        if (has(s->h, far, s->items[i].node->name))
            return &s->items[i].names;
    return NULL;
}

/* Each speaker stands on one side and names the other one, all of it. */
static bool all_agree(const struct speakers *s, const struct names *near, const struct names *far)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct speaker *one = &s->items[i];
        bool is_far = has(s->h, far, one->node->name);
        if (has(s->h, near, one->node->name) == is_far || !are_equal(s->h, &one->names, is_far ? near : far))
            return false;
    }
    return are_apart(s->h, near, far);
}

static struct text host_of(struct text name)
{
    return (struct text){ name.p, text_find_char(name, '.') };
}

static char at(struct text t, size_t i, bool from_end)
{
    return ascii_lower(t.p[from_end ? t.n - 1 - i : i]);
}

static size_t in_common(struct text a, struct text b, bool from_end)
{
    size_t i = 0;
    while (i < a.n && i < b.n && at(a, i, from_end) == at(b, i, from_end))
        i++;
    return i;
}

/* Of each name with each of the others: the least (`most` false) or the most; 0 when there was no time to look. */
static size_t shared_by(struct hearing *h, const struct names *a, const struct names *b, bool from_end, bool most)
{
    size_t found = most ? 0 : SIZE_MAX;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count && hearing_step(h); k++) {
            size_t n = in_common(host_of(a->items[i]), host_of(b->items[k]), from_end);
            found = (most ? n > found : n < found) ? n : found;
        }
    return h->exhausted ? 0 : found;
}

static bool any_letter(struct text name, size_t from, size_t to, bool from_end)
{
    for (size_t i = from; i < to; i++)
        if (at(name, i, from_end) >= 'a' && at(name, i, from_end) <= 'z')
            return true;
    return false;
}

/* PARIS1 and PARIS2 against ROME1 and ROME2; not NODE11 and NODE12 against NODE21 and NODE22, which only count. */
static bool is_site(struct hearing *h, const struct names *side, const struct names *other, bool from_end)
{
    size_t own = shared_by(h, side, side, from_end, false), both = shared_by(h, side, other, from_end, true);
    return own > both && any_letter(host_of(side->items[0]), both, own, from_end);
}

static bool are_sites(struct hearing *h, const struct names *a, const struct names *b)
{
    if (a->count < 2 || b->count < 2)
        return false;
    return (is_site(h, a, b, false) && is_site(h, b, a, false)) || (is_site(h, a, b, true) && is_site(h, b, a, true));
}

/* With its domain when there is a log of it. */
static struct text name_said(const struct timeline *t, uint32_t place, const struct field_choice *by)
{
    struct text name = choice_value(t->hits[place].event, by);
    const struct node *node = timeline_node_named(t, name, t->node_of[place]);
    return node ? node->name : name;
}

bool sides_are_two(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                   const struct sightings *s)
{
    const struct timeline *t = h->index.timeline;
    struct arena_mark mark = arena_mark(&h->scratch);
    size_t most = s->count < LIMIT_CAST ? s->count : LIMIT_CAST;
    struct speakers all = { .h = h, .items = ARENA_NEW_N(&h->scratch, struct speaker, most) };
    for (size_t i = 0; i < s->count && !all.too_many && hearing_step(h); i++)
        speaker_add(&all, t->node_of[s->places[i]], name_said(t, s->places[i], &item->sides_by));
    const struct names *far = said_by(&all, e->node), *near = far ? said_by_one_of(&all, far) : NULL;
    bool two = near && near->count && !all.too_many && all_agree(&all, near, far);
    if (two && item->sites)
        two = are_sites(h, near, far);
    two = two && !h->exhausted;
    arena_rewind(&h->scratch, mark);
    return two;
}

bool sides_leave_out(struct hearing *h, const struct episode *e, const struct evidence_item *item, uint32_t place)
{
    const struct timeline *t = h->index.timeline;
    const struct departures *d = e->departures;
    if (!item->sides_by.count || d->count == 0)
        return false;
    const struct event *event = t->hits[place].event;
    const struct node *by = t->node_of[place];
    const struct node *of = timeline_node_named(t, choice_value(event, &item->sides_by), by);
    uint64_t time = event->key.time, reach = (uint64_t)e->article->window;
    for (size_t i = 0; i < d->count && hearing_step(h); i++)
        if ((d->items[i].node == by || d->items[i].node == of) && time + reach >= d->items[i].first &&
            time <= d->items[i].last + reach)
            return true;
    return false;
}
