/* The layouts that are known, and how they are found. */
#include "evtx/evtx_layout.h"

#include "base/limits.h"
#include "event/event.h"
#include "evtx/evtx_template.h"

/* Nodes of one bucket: shapes made to share one must not make each record a search. */
#define CHAIN_MAX 16u

void layouts_init(struct layouts *l)
{
    *l = (struct layouts){ .buckets = { NULL } };
    arena_init(&l->arena);
}

void layouts_done(struct layouts *l)
{
    arena_done(&l->arena);
}

static void layouts_forget(struct layouts *l)
{
    arena_reset(&l->arena);
    memset(l->buckets, 0, sizeof l->buckets);
}

/* Whether a stream can be part of a layout: its plan is shared, and nothing is wrong with it. */
static bool layout_takes(const struct binxml_reader *r, const struct binxml_stream *stream)
{
    const uint32_t unsound = EVENT_TEMPLATE_FOREIGN | EVENT_TEMPLATE_LOST | EVENT_CUT;
    return stream->plan && stream->shared && !stream->values.cut && !r->damaged && !(r->marks & unsound);
}

static uint64_t hash_of(const struct layout_node *parent, const struct plan *plan, const struct shape *shape, size_t from)
{
    uint64_t h = ((uint64_t)(uintptr_t)plan ^ (parent ? parent->hash : 0)) * 0x9E3779B97F4A7C15u;
    return (h ^ h >> 29) + shape_hash(shape, from);
}

/* The node below `parent` (NULL: of a record's own stream) for the words from `from` on.  NULL: never met. */
static struct layout_node *layouts_find(const struct layouts *l, const struct layout_node *parent,
                                        const struct plan *plan, const struct shape *shape, size_t from)
{
    uint64_t hash = hash_of(parent, plan, shape, from);
    size_t count = shape->count - from;
    struct layout_node *node = l->buckets[hash % LAYOUT_BUCKETS];
    while (node && !(node->hash == hash && node->parent == parent && node->plan == plan && node->count == count &&
                     memcmp(node->words, shape->words + from, count * sizeof *node->words) == 0))
        node = node->older;
    return node;
}

static void forget_old(struct layouts *l, const struct binxml_reader *r)
{
    uint32_t generation = templates_generation(r->templates);
    if (generation != l->generation)
        layouts_forget(l);
    l->generation = generation;
}

enum layout_next layouts_follow(struct layouts *l, struct binxml_reader *r, struct shape *shape,
                                const struct binxml_stream *stream, const struct layout_node **ret)
{
    const struct layout_node *node = NULL;
    struct binxml_stream opened = *stream;
    forget_old(l, r);
    shape_begin(shape);
    do {
        size_t from = shape->count;
        if (!layout_takes(r, &opened) || !shape_add(shape, &opened.values))
            return LAYOUT_NONE;
        node = layouts_find(l, node, opened.plan, shape, from);
        if (node && node->next == LAYOUT_OPEN) {
            struct bytes raw = shape->slots[node->slot].raw;
            size_t at = (size_t)(raw.p - r->chunk.p);
            binxml_open(r, at, at + raw.n, &opened);
        }
    } while (node && node->next == LAYOUT_OPEN);
    *ret = node;
    return node ? node->next : LAYOUT_UNKNOWN;
}

/* NULL when its bucket is full. */
static struct layout_node *node_add(struct layouts *l, const struct layout_node *parent, const struct plan *plan,
                                    const struct shape *shape, size_t from)
{
    uint64_t hash = hash_of(parent, plan, shape, from);
    struct layout_node **bucket = &l->buckets[hash % LAYOUT_BUCKETS];
    size_t chain = 0, count = shape->count - from;
    for (const struct layout_node *n = *bucket; n; n = n->older)
        chain++;
    if (chain >= CHAIN_MAX)
        return NULL;
    struct layout_node *node = ARENA_NEW(&l->arena, struct layout_node);
    uint16_t *words = ARENA_NEW_N(&l->arena, uint16_t, count);
    memcpy(words, shape->words + from, count * sizeof *words);
    *node = (struct layout_node){ .older = *bucket, .parent = parent, .plan = plan, .words = words, .count = count,
                                  .hash = hash, .next = LAYOUT_UNKNOWN };
    return *bucket = node;
}

/* Values mostly come in order. */
static size_t find_slot(struct draft *d, const struct binxml_value *v)
{
    size_t slot = shape_find(d->shape, v, d->slot);
    if (slot < SHAPE_SLOTS)
        d->slot = slot;
    return slot;
}

/* The draft goes on with this stream. */
static void enter(struct draft *d, const struct layout_node *parent, const struct binxml_stream *stream)
{
    size_t from = d->shape->count;
    if (d->streams++ == LAYOUT_STREAMS || !shape_add(d->shape, &stream->values)) {
        draft_refuse(d);
        return;
    }
    struct layout_node *node = layouts_find(d->layouts, parent, stream->plan, d->shape, from);
    if (!node)
        node = node_add(d->layouts, parent, stream->plan, d->shape, from);
    if (node)
        d->node = node;
    else
        draft_refuse(d);
}

void draft_begin(struct draft *d, struct layouts *l, struct shape *shape, const struct binxml_stream *stream)
{
    if (l->arena.total > LIMIT_LAYOUT_BYTES)
        layouts_forget(l);
    d->layouts = l;
    d->shape = shape;
    d->node = NULL;
    d->refused = false;
    d->hole_count = d->move_count = d->visits = d->streams = 0;
    d->value_steps = d->move_steps = d->open_steps = 0;
    d->slot = 0;
    d->marks = 0;
    shape_begin(shape);
    enter(d, NULL, stream);
}

void draft_stream(struct draft *d, const struct binxml_value *v, const struct binxml_reader *r,
                  const struct binxml_stream *stream, size_t steps)
{
    d->open_steps += steps;
    if (d->refused)
        return;
    size_t slot = find_slot(d, v);
    if (slot == SHAPE_SLOTS || !layout_takes(r, stream)) {
        draft_refuse(d);
        return;
    }
    d->node->next = LAYOUT_OPEN;
    d->node->slot = slot;
    enter(d, d->node, stream);
}

void draft_visit(struct draft *d, const struct binxml_value *v)
{
    if (d->refused || v->raw.n == 0)
        return;
    size_t slot = find_slot(d, v);
    if (slot == SHAPE_SLOTS)
        draft_refuse(d);
    else if (shape_has_text(d->shape, slot)) {
        d->visits++;
        d->value_steps += v->raw.n / 16;
    }
}

void draft_value(struct draft *d, const struct binxml_value *v, enum markup form, size_t at, size_t n)
{
    size_t slot = d->refused ? SHAPE_SLOTS : find_slot(d, v);
    if (slot == SHAPE_SLOTS || binxml_is_array(v) || d->hole_count == LAYOUT_HOLES) {
        draft_refuse(d);
        return;
    }
    d->holes[d->hole_count++] = (struct draft_hole){ at, n, (uint16_t)slot, form };
}

void draft_insert(struct draft *d, size_t at, size_t length, size_t n, size_t steps)
{
    size_t first = d->hole_count, fixed = length - at;
    d->move_steps += steps;
    while (first && d->holes[first - 1].at >= at) {
        first--;
        d->holes[first].at += n;
        fixed -= d->holes[first].n;
    }
    if (d->move_count == LAYOUT_MOVES || fixed > LAYOUT_TEXT) {
        draft_refuse(d);
        return;
    }
    d->moves[d->move_count++] = (struct layout_move){ (uint16_t)first, (uint16_t)d->hole_count, (uint32_t)fixed };
}

void draft_cut(struct draft *d, size_t n)
{
    while (d->hole_count && d->holes[d->hole_count - 1].at >= n)
        d->hole_count--;
}

static size_t uses_of(const struct draft *d)
{
    uint16_t uses[SHAPE_SLOTS] = { 0 };
    size_t most = 0;
    for (size_t i = 0; i < d->hole_count; i++)
        if (++uses[d->holes[i].slot] > most)
            most = uses[d->holes[i].slot];
    return most;
}

/* The text between the holes; returns what is left behind the last one. */
static size_t keep_pieces(struct draft *d, struct text line, char *text, struct layout_hole *holes)
{
    size_t at = 0;
    for (size_t i = 0; i < d->hole_count; i++) {
        const struct draft_hole *h = &d->holes[i];
        holes[i] = (struct layout_hole){ (uint32_t)(h->at - at), h->slot, (uint8_t)h->form };
        memcpy(text, line.p + at, h->at - at);
        text += h->at - at;
        at = h->at + h->n;
    }
    memcpy(text, line.p + at, line.n - at);
    return line.n - at;
}

static struct layout *layout_make(struct draft *d, struct text line, size_t steps)
{
    struct arena *arena = &d->layouts->arena;
    struct layout *l = ARENA_NEW(arena, struct layout);
    struct layout_hole *holes = ARENA_NEW_N(arena, struct layout_hole, d->hole_count);
    struct layout_move *moves = ARENA_NEW_N(arena, struct layout_move, d->move_count);
    size_t filled = 0;
    for (size_t i = 0; i < d->hole_count; i++)
        filled += d->holes[i].n;
    char *text = arena_alloc(arena, line.n - filled + LAYOUT_STEP);
    memcpy(moves, d->moves, d->move_count * sizeof *moves);
    *l = (struct layout){ .text = { text, line.n - filled }, .holes = holes, .moves = moves };
    l->hole_count = d->hole_count;
    l->move_count = d->move_count;
    l->tail = keep_pieces(d, line, text, holes);
    l->uses = uses_of(d);
    l->steps = steps - d->value_steps - d->move_steps - d->open_steps;
    l->marks = d->marks;
    return l;
}

void draft_end(struct draft *d, struct text line, size_t steps, bool sound)
{
    if (!d->node)
        return;
    /* A value that was dropped has cost steps that no hole would tell of. */
    bool all_shown = d->visits == d->hole_count;
    bool good = sound && all_shown && !d->refused && line.n <= LAYOUT_TEXT;
    d->node->next = good ? LAYOUT_FOUND : LAYOUT_NONE;
    if (good)
        d->node->layout = layout_make(d, line, steps);
}
