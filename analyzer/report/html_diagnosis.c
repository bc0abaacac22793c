/*
 * Diagnoses by rank, and what was considered, fixed or is no trouble.
 */
#include "report/consequences.h"
#include "report/html.h"

#define STEPS_OPEN 12u /* of a story, seen at once */

/* A bar of 100 points with the bounds of the three words. */
static void score_bar(struct html *h, const struct diagnosis *d)
{
    html_format(
        h,
        "<svg class=\"score\" viewBox=\"0 0 100 8\" role=\"img\" aria-label=\"%d of 100 points\">"
        "<rect class=\"lane\" width=\"100\" height=\"8\"/><rect class=\"fill\" width=\"%d\" height=\"8\"/>"
        "<path d=\"M20 0V8M50 0V8M80 0V8\"/></svg>",
        d->score,
        d->score < 0     ? 0
        : d->score > 100 ? 100
                         : d->score);
}

static void facts(struct html *h, const struct diagnosis *d)
{
    html_raw(h, "<p class=\"facts\">");
    html_format(h, "<span class=\"sure s%d\">%s</span> ", (int)d->confidence, confidence_name(d->confidence));
    score_bar(h, d);
    html_format(h, " <span>%d of 100 points</span> ", d->score);
    html_level(h, d->article->level);
    html_raw(h, " <span>");
    for (size_t i = 0; i < d->troubled_count; i++) {
        html_raw(h, i ? ", <b>" : "<b>");
        html_name(h, d->troubled[i]);
        html_raw(h, "</b>");
    }
    html_text(h, words_of_witnesses(&h->arena, d));
    html_raw(h, "</span> ");
    html_interval(h, d->first, d->last);
    if (d->occurrences > 1) {
        html_format(h, " <span>%zu times, ", d->occurrences);
        html_interval(h, d->first_seen, d->last_seen);
        html_raw(h, "; the strongest is shown</span>");
    }
    html_raw(h, "</p>\n");
    if (d->unseen) {
        html_raw(h, "<p>");
        html_text(h, words_of_unseen(&h->arena, h->zone, d));
        html_raw(h, "</p>\n");
    }
}

static void steps(struct html *h, const struct diagnosis *d)
{
    if (d->step_count == 0)
        return;
    html_raw(h, "<ol class=\"story\">");
    for (size_t i = 0; i < d->step_count; i++) {
        const struct story_step *s = &d->story[i];
        if (i == STEPS_OPEN)
            html_format(h, "</ol><details><summary>%zu more steps</summary><ol class=\"story\">",
                        d->step_count - i);
        html_raw(h, "<li>");
        html_time_in(h, node_zone(h->zone, s->node), s->time);
        html_raw(h, " <b>");
        html_name(h, s->node->name);
        html_raw(h, "</b> <span>");
        html_text(h, s->text);
        if (s->times > 1)
            html_format(h, " (%zu times)", s->times);
        html_raw(h, "</span></li>\n");
    }
    html_raw(h, d->step_count > STEPS_OPEN ? "</ol></details>\n" : "</ol>\n");
}

static void outages(struct html *h, const struct diagnosis *d)
{
    char span[TIME_ISO_ROOM];
    for (size_t i = 0; i < d->outage_count; i++) {
        const struct outage *o = &d->outages[i];
        html_raw(h, "<p>Out of service: <b>");
        html_name(h, o->what);
        html_raw(h, "</b> ");
        if (o->to) {
            html_raw(h, "for ");
            html_text(h, time_span(o->to - o->from, span));
            html_raw(h, ", ");
            html_interval(h, o->from, o->to);
        } else {
            html_raw(h, "from ");
            html_time(h, o->from);
            html_raw(h, " on; the logs show no end of it");
        }
        html_raw(h, "</p>\n");
    }
}

static void clock_steps(struct html *h, const struct diagnosis *d)
{
    struct text words = words_of_steps(&h->arena, d);
    if (words.n == 0 || d->step_count + d->outage_count == 0)
        return;
    html_raw(h, "<p>");
    html_text(h, words);
    html_raw(h, "</p>\n");
}

/* No heading above nothing. */
static void happened(struct html *h, const struct diagnosis *d, size_t rank)
{
    size_t before = h->out->n;
    html_raw(h, "<h4>What happened</h4>\n");
    size_t heading = h->out->n;
    html_closeup(h, d, rank);
    steps(h, d);
    outages(h, d);
    clock_steps(h, d);
    if (h->out->n == heading)
        h->out->n = before;
}

static void paragraph(struct html *h, const char *title, struct text words)
{
    if (text_trim(words).n == 0)
        return;
    html_format(h, "<h4>%s</h4>\n<p class=\"lines\">", title);
    html_lines(h, text_trim(words));
    html_raw(h, "</p>\n");
}

static void folded(struct html *h, const struct diagnosis_refs *refs)
{
    for (size_t i = 0; i < refs->count && i < HTML_DIAGNOSES; i++) {
        html_raw(h, "<li><b>");
        html_text(h, refs->items[i]->article->id);
        html_raw(h, "</b> ");
        html_text(h, refs->items[i]->article->title);
        html_format(h, " (%d points)</li>\n", refs->items[i]->score);
    }
    if (refs->count > HTML_DIAGNOSES)
        html_format(h, "<li>and %zu more</li>\n", refs->count - HTML_DIAGNOSES);
}

static void beaten(struct html *h, const struct diagnosis *d)
{
    if (d->beaten.count == 0)
        return;
    html_raw(h, "<h4>Fits as well, and says less</h4>\n<ul>");
    folded(h, &d->beaten);
    html_raw(h, "</ul>\n");
}

static void follows(struct html *h, const struct diagnosis *d)
{
    size_t count;
    struct consequence *effects = consequences_of(&h->arena, h->r, d, &count);
    if (d->consequences.count + count == 0)
        return;
    html_raw(h, "<h4>What follows from it</h4>\n<ul>");
    folded(h, &d->consequences);
    for (size_t i = 0; i < count && i < HTML_ROWS; i++) {
        html_raw(h, "<li>");
        html_text(h, effects[i].rule->title);
        html_raw(h, " (");
        html_text(h, words_of_names(&h->arena, effects[i].nodes, effects[i].node_count));
        html_raw(h, ", ");
        html_text(h, words_of_count(&h->arena, effects[i].events, "event", "events"));
        html_raw(h, ", ");
        html_interval(h, effects[i].first, effects[i].last);
        html_raw(h, ")</li>\n");
    }
    html_raw(h, "</ul>\n");
}

static void settles(struct html *h, const struct diagnosis *d)
{
    if (d->settle_count == 0)
        return;
    html_raw(h, "<h4>What would settle it</h4>\n<ul>");
    for (size_t i = 0; i < d->settle_count; i++) {
        struct text place = words_of_place(&h->arena, d, d->settles[i].node);
        html_raw(h, "<li>");
        html_raw(h, place.n ? "<b class=\"place\">" : "");
        html_text(h, place);
        html_raw(h, place.n ? "</b> " : "");
        html_text(h, text_trim(d->settles[i].question));
        if (text_trim(d->settles[i].command).n) {
            html_raw(h, "<pre><code>");
            html_lines(h, text_trim(d->settles[i].command));
            html_raw(h, "</code></pre>");
        }
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

static void related(struct html *h, const struct article *a)
{
    if (a->related_count + a->see_count == 0)
        return;
    html_raw(h, "<h4>Related articles</h4>\n<ul>");
    for (size_t i = 0; i < a->related_count; i++) {
        const struct article *other = kb_find(h->r->kb, a->related[i].id);
        html_raw(h, "<li><b>");
        html_text(h, a->related[i].id);
        html_raw(h, "</b> ");
        html_text(h, other ? other->title : TEXT(""));
        html_raw(h, " <span class=\"soft\">");
        html_text(h, text_trim(a->related[i].why));
        html_raw(h, "</span></li>\n");
    }
    for (size_t i = 0; i < a->see_count; i++) {
        html_raw(h, "<li>");
        html_text(h, a->see[i]);
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

static void diagnosis(struct html *h, const struct diagnosis *d, size_t rank)
{
    const struct article *a = d->article;
    html_format(h, "<article class=\"dx s%d\" id=\"d%zu\"><h3>", (int)d->confidence, rank + 1);
    html_format(h, "<span class=\"rank\">%zu</span> <span class=\"id\">", rank + 1);
    html_text(h, a->id);
    html_raw(h, "</span> ");
    html_text(h, a->title);
    html_raw(h, "</h3>\n");
    facts(h, d);
    html_raw(h, "<p>");
    html_text(h, text_trim(a->summary));
    html_raw(h, "</p>\n");
    if (d->inferred)
        html_raw(h, "<p class=\"caution\">Inferred: the article names no event of its own that was found "
                    "here; what speaks "
                    "for it is drawn from other sources, so take it as a hint.</p>\n");
    happened(h, d, rank);
    html_evidence(h, d);
    paragraph(h, "Cause", a->cause);
    follows(h, d);
    beaten(h, d);
    settles(h, d);
    related(h, a);
    if (a->remediation_count)
        html_format(h, "<p class=\"goto\"><a href=\"#todo%zu\">What to do about it</a></p>\n", rank + 1);
    html_raw(h, "</article>\n");
    sink_drain(h->sink);
}

static void brief(struct html *h, const struct diagnosis *d)
{
    html_raw(h, "<li><b>");
    html_text(h, d->article->id);
    html_raw(h, "</b> ");
    html_text(h, d->article->title);
    html_raw(h, " <span class=\"soft\">");
    html_text(h, words_of_nodes(&h->arena, d));
    html_format(h, ", %d points, ", d->score);
    html_interval(h, d->first_seen, d->last_seen);
    html_raw(h, "</span>");
}

static void list(struct html *h, const char *title, const struct diagnosis *items, size_t count)
{
    if (count == 0)
        return;
    html_format(h, "<h3>%s</h3>\n<ul>", title);
    for (size_t i = 0; i < count && i < HTML_ROWS; i++) {
        brief(h, &items[i]);
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

/* What ruled it out: what speaks against it, and what it needs and is not there. */
static void reasons(struct html *h, const struct diagnosis *d)
{
    html_raw(h, "<ul class=\"soft\">");
    size_t begin = h->out->n;
    for (size_t i = 0; i < d->against.count; i++) {
        html_raw(h, "<li>against: ");
        html_text(h, d->against.items[i].text);
        html_raw(h, "</li>");
    }
    for (size_t i = 0; i < d->missing.count; i++)
        if (!d->missing.items[i].item || d->missing.items[i].item->kind == EVIDENCE_NEEDS) {
            html_raw(h, "<li>missing: ");
            html_text(h, d->missing.items[i].text);
            struct text gap = words_of_gap(&h->arena, h->zone, &d->missing.items[i]);
            html_raw(h, gap.n ? " " : "");
            html_text(h, gap);
            html_raw(h, "</li>");
        }
    if (h->out->n == begin)
        html_raw(h, "<li>its evidence does not reach \"possible\"</li>");
    html_raw(h, "</ul>");
}

static void considered(struct html *h)
{
    const struct diagnoses *d = h->r->diagnoses;
    if (d->considered_count == 0)
        return;
    html_raw(h, "<h3>Considered as well</h3>\n<ul>");
    for (size_t i = 0; i < d->considered_count && i < HTML_ROWS; i++) {
        brief(h, &d->considered[i]);
        reasons(h, &d->considered[i]);
        html_raw(h, "</li>\n");
        sink_drain(h->sink);
    }
    html_raw(h, "</ul>\n");
}

void html_diagnoses(struct html *h)
{
    const struct diagnoses *d = h->r->diagnoses;
    size_t shown = d->count < HTML_DIAGNOSES ? d->count : HTML_DIAGNOSES;
    if (d->count == 0)
        html_raw(h, h->facts.findings ? "<p>No article explains what was found.</p>\n" : "<p>None.</p>\n");
    for (size_t i = 0; i < shown; i++)
        diagnosis(h, &d->items[i], i);
    if (d->count > shown)
        list(h, "Further explanations, by rank", d->items + shown, d->count - shown);
    list(h, "Already fixed", d->closed.items, d->closed.count);
    list(h, "Explained, and no trouble", d->noise.items, d->noise.count);
    considered(h);
}
