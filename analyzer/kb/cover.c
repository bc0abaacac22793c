#include "kb/cover.h"

#include "kb/sighting.h"
#include "kb/until.h"

struct text cover_channel(const struct episode *e, const struct evidence_item *item)
{
    return item->log.n ? item->log : e->log;
}

static struct log_cover cover_of(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                                 const struct node *node, struct window w)
{
    return node_log_covers(node, cover_channel(e, item), w.from, until_end(h, e, item, node, w.to));
}

const struct node *cover_lacking(struct hearing *h, const struct episode *e, const struct evidence_item *item,
                                 struct log_cover *ret)
{
    const struct timeline *t = h->index.timeline;
    for (size_t i = 0; i < t->node_count; i++) {
        if (!cast_has(e, &item->node, t->nodes[i]))
            continue;
        *ret = cover_of(h, e, item, t->nodes[i], window_declared(e, item));
        if (ret->gap != LOG_COVERS)
            return t->nodes[i];
    }
    return NULL;
}

/* Where the machine was down it cannot have happened. */
static bool excludes(const struct log_cover *cover, bool part)
{
    bool down = cover->gap == LOG_NODE_DOWN || cover->gap == LOG_NODE_SILENT;
    return down || (part ? cover->gap == LOG_COVERS : !cover->nothing);
}

static bool hides(struct hearing *h, const struct episode *e, const struct evidence_item *item, struct window w,
                  bool part)
{
    const struct timeline *t = h->index.timeline;
    for (size_t i = 0; i < t->node_count && !item_is_no_event(item); i++) {
        if (!cast_has(e, &item->node, t->nodes[i]))
            continue;
        struct log_cover cover = cover_of(h, e, item, t->nodes[i], w);
        if (excludes(&cover, part))
            return false;
    }
    return !item_is_no_event(item);
}

bool cover_hides(struct hearing *h, const struct episode *e, const struct evidence_item *item, bool part)
{
    return hides(h, e, item, window_declared(e, item), part);
}

bool cover_hides_near(struct hearing *h, const struct episode *e, const struct evidence_item *item)
{
    struct window w = window_declared(e, item);
    uint64_t reach = (uint64_t)e->article->window, first = e->first > reach ? e->first - reach : 0;
    bool farther = w.to > e->last && w.to - e->last > reach;
    struct window near = { w.from > first ? w.from : first, farther ? e->last + reach : w.to };
    return near.from > near.to ? hides(h, e, item, w, false) : hides(h, e, item, near, true);
}
