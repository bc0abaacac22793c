/*
 * What to do, as lists to tick: by diagnosis, and for each by node.
 */
#include "base/limits.h"
#include "report/html.h"

#define NODES 16u /* that "each node" is written out for; beyond, the words of the article stand */

enum who { WHO_OTHER, WHO_EACH, WHO_AFFECTED, WHO_NOT_AFFECTED };

/* Words of articles that mean certain nodes of this cluster. */
static enum who who_of(struct text place)
{
    static const struct {
        struct text words;
        enum who who;
    } known[] = {
        { { "each node", 9 }, WHO_EACH },           { { "all nodes", 9 }, WHO_EACH },
        { { "affected node", 13 }, WHO_AFFECTED },  { { "affected server", 15 }, WHO_AFFECTED },
        { { "other node", 10 }, WHO_NOT_AFFECTED }, { { "other nodes", 11 }, WHO_NOT_AFFECTED },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (text_equal_nocase(place, known[i].words))
            return known[i].who;
    return WHO_OTHER;
}

struct name_list {
    struct text *names;
    size_t count;
};

static void place_add(struct name_list *all, struct text name)
{
    for (size_t i = 0; i < all->count; i++)
        if (text_equal_nocase(all->names[i], name))
            return;
    all->names[all->count++] = name;
}

static bool is_affected(const struct diagnosis *d, struct text name)
{
    for (size_t i = 0; i < d->affected_count; i++)
        if (text_equal_nocase(d->affected[i]->name, name))
            return true;
    return false;
}

/* False when there are none. */
static bool nodes_add(const struct html *h, const struct diagnosis *d, bool affected_too,
                      struct name_list *all)
{
    const struct timeline *t = h->r->timeline;
    size_t added = 0;
    for (size_t i = 0; i < t->node_count; i++)
        if (affected_too || !is_affected(d, t->nodes[i]->name)) {
            place_add(all, t->nodes[i]->name);
            added++;
        }
    for (size_t i = 0; i < h->r->diagnoses->unseen_count; i++)
        if (affected_too || !is_affected(d, h->r->diagnoses->unseen[i].name)) {
            place_add(all, h->r->diagnoses->unseen[i].name);
            added++;
        }
    return added > 0;
}

static const struct played_role *role_of(const struct diagnosis *d, struct text place)
{
    for (size_t i = 0; i < d->role_count; i++)
        if (text_equal(place, d->roles[i].role) && d->roles[i].count)
            return &d->roles[i];
    return NULL;
}

/* False when it is not known which nodes are meant. */
static bool nodes_of(const struct html *h, const struct diagnosis *d, struct text place,
                     struct name_list *all)
{
    const struct played_role *role = role_of(d, place);
    bool few = h->r->timeline->node_count + h->r->diagnoses->unseen_count <= NODES;
    enum who who = who_of(place);
    if (role) {
        for (size_t i = 0; i < role->count; i++)
            place_add(all, role->names[i]);
        return true;
    }
    if (who == WHO_AFFECTED && d->affected_count <= NODES) {
        for (size_t i = 0; i < d->affected_count; i++)
            place_add(all, d->affected[i]->name);
        return d->affected_count > 0;
    }
    return few && (who == WHO_EACH || who == WHO_NOT_AFFECTED) && nodes_add(h, d, who == WHO_EACH, all);
}

/* The nodes that a step is for; the words of the article where they are not known. */
static void places_of(const struct html *h, const struct diagnosis *d, struct text place,
                      struct name_list *all)
{
    if (!nodes_of(h, d, place, all))
        place_add(all, place.n ? place : TEXT("anywhere"));
}

static bool is_for(const struct html *h, struct arena *a, const struct diagnosis *d, struct text place,
                   struct text name)
{
    struct name_list mine = { ARENA_NEW_N(a, struct text, 2 * NODES + LIMIT_CAST + 2), 0 };
    places_of(h, d, place, &mine);
    for (size_t i = 0; i < mine.count; i++)
        if (text_equal_nocase(mine.names[i], name))
            return true;
    return false;
}

static void steps_for(struct html *h, const struct diagnosis *d, size_t rank, size_t group, struct text name)
{
    const struct article *a = d->article;
    html_format(h, "<div class=\"steps\" id=\"c%zu-%zu\"><h4>", rank + 1, group + 1);
    html_name(h, name);
    html_raw(h, " <span class=\"js copy\"></span></h4>\n<ul>");
    for (size_t i = 0; i < a->remediation_count; i++) {
        if (!is_for(h, &h->arena, d, a->remediation[i].node, name))
            continue;
        html_format(h, "<li><label><input type=\"checkbox\"><span><b>%zu.</b> ", i + 1);
        html_lines(h, text_trim(a->remediation[i].text));
        html_raw(h, "</span></label></li>\n");
    }
    html_raw(h, "</ul></div>\n");
}

static void warnings(struct html *h, const struct article *a)
{
    for (size_t i = 0; i < a->warning_count; i++) {
        html_raw(h, "<p class=\"caution\"><b>Warning:</b> ");
        html_text(h, text_trim(a->warnings[i]));
        html_raw(h, "</p>\n");
    }
}

static void verify(struct html *h, const struct article *a)
{
    if (a->verify_count == 0)
        return;
    html_raw(h, "<div class=\"steps\"><h4>How to see that it helped</h4>\n<ul>");
    for (size_t i = 0; i < a->verify_count; i++) {
        html_raw(h, "<li><label><input type=\"checkbox\"><span>");
        html_lines(h, text_trim(a->verify[i]));
        html_raw(h, "</span></label></li>\n");
    }
    html_raw(h, "</ul></div>\n");
}

static void checklist(struct html *h, const struct diagnosis *d, size_t rank)
{
    const struct article *a = d->article;
    size_t most = a->remediation_count * (2 * NODES + LIMIT_CAST + 2);
    struct name_list all = { ARENA_NEW_N(&h->arena, struct text, most), 0 };
    html_format(h, "<div class=\"todo\" id=\"todo%zu\"><h3><span class=\"id\"><a href=\"#d%zu\">", rank + 1,
                rank + 1);
    html_text(h, a->id);
    html_raw(h, "</a></span> ");
    html_text(h, a->title);
    html_raw(h, "</h3>\n");
    for (size_t i = 0; i < a->remediation_count; i++)
        places_of(h, d, a->remediation[i].node, &all);
    warnings(h, a);
    html_raw(h, "<div class=\"grid\">");
    for (size_t i = 0; i < all.count; i++)
        steps_for(h, d, rank, i, all.names[i]);
    verify(h, a);
    html_raw(h, "</div></div>\n");
    sink_drain(h->sink);
}

void html_checklist(struct html *h)
{
    const struct diagnoses *d = h->r->diagnoses;
    size_t lists = 0;
    for (size_t i = 0; i < d->count && i < HTML_DIAGNOSES; i++)
        if (d->items[i].article->remediation_count) {
            checklist(h, &d->items[i], i);
            lists++;
        }
    if (!lists)
        html_raw(h, "<p>Nothing: no diagnosis has a remedy.</p>\n");
    if (d->count > 1)
        html_raw(h, "<p class=\"soft\">Steps are numbered as in the article; keep that order over the nodes. "
                    "The next diagnosis "
                    "is worth the effort only when the first one does not hold.</p>\n");
}
