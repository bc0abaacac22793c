/*
 * The argument for a diagnosis: evidence for it, against it, missing, each linked to its events.
 */
#include "report/html.h"

/* Events of one piece of evidence that are seen at once. */
#define EVENTS_OPEN 6u

static void says(struct html *h, const struct event *e)
{
    struct text words = words_of_event(&h->arena, e), errors = words_of_errors(&h->arena, h->r, e);
    bool both = words.n && errors.n;
    if (words.n + errors.n == 0)
        return;
    html_raw(h, "<q><bdi>");
    html_text_cut(h, words, HTML_SAYS);
    html_raw(h, both ? "</bdi> (" : "</bdi>");
    html_text_cut(h, errors, HTML_SAYS);
    html_raw(h, both ? ")</q>" : "</q>");
}

static void event_item(struct html *h, const struct hit *hit)
{
    html_raw(h, "<li>");
    html_event_link(h, hit);
    says(h, hit->event);
    html_raw(h, "</li>\n");
}

static void events_of(struct html *h, const struct evidence_found *e)
{
    if (e->hit_count == 0)
        return;
    html_raw(h, "<ul class=\"events\">");
    for (size_t i = 0; i < e->hit_count; i++) {
        if (i == EVENTS_OPEN)
            html_format(h, "</ul><details><summary>%zu more</summary><ul class=\"events\">", e->hit_count - i);
        event_item(h, e->hits[i]);
    }
    html_raw(h, e->hit_count > EVENTS_OPEN ? "</ul></details>\n" : "</ul>\n");
    if (e->hits_seen > e->hit_count)
        html_format(h, "<p class=\"soft\">and %zu more that are not listed</p>\n", e->hits_seen - e->hit_count);
}

static void remark(struct html *h, const char *before, struct text words)
{
    if (words.n == 0)
        return;
    html_format(h, "<p class=\"soft\">%s", before);
    html_text(h, words);
    html_raw(h, "</p>\n");
}

static void item(struct html *h, const struct evidence_found *e)
{
    html_raw(h, "<li><p>");
    html_text(h, e->text);
    if (e->points)
        html_format(h, " <span class=\"points\">%+d</span>", e->points);
    else if (e->item && e->item->kind != EVIDENCE_AGAINST && e->item->weight > 0)
        html_format(h, " <span class=\"points\">would add %d</span>", e->item->weight);
    html_raw(h, "</p>\n");
    if (e->item && e->item->inferred)
        remark(h, "Inferred: ", e->item->basis.n ? e->item->basis : TEXT("the article does not say so itself"));
    if (e->item && e->item->absent && e->points)
        remark(h, "", TEXT("No such event is there, and the logs cover the time."));
    remark(h, "", words_of_gap(&h->arena, h->zone, e));
    events_of(h, e);
    html_raw(h, "</li>\n");
}

static void list(struct html *h, const struct evidence_list *l, const char *class, const char *title)
{
    if (l->count == 0)
        return;
    html_format(h, "<h4>%s</h4>\n<ul class=\"evidence %s\">\n", title, class);
    for (size_t i = 0; i < l->count; i++) {
        item(h, &l->items[i]);
        sink_drain(h->sink);
    }
    html_raw(h, "</ul>\n");
}

void html_evidence(struct html *h, const struct diagnosis *d)
{
    list(h, &d->for_it, "for", "Evidence for it");
    list(h, &d->against, "against", "Evidence against it");
    list(h, &d->missing, "missing", "Missing evidence");
    list(h, &d->fixed, "fixed", d->closed ? "Already fixed" : "Perhaps fixed already");
}
