#include "report/report_markdown.h"

static void head(struct markdown *m, const struct diagnosis *d, size_t rank)
{
    const struct article *a = d->article;
    md_format(m, "\n### %zu. ", rank + 1);
    md_text(m, WORDS(&m->arena, a->id, TEXT("  "), a->title));
    md_format(m, "\n\n**%s**, %d of 100 points", confidence_name(d->confidence), d->score);
    if (a->level != RULE_LEVEL_NONE)
        md_format(m, "; level %s", rule_level_name(a->level));
    for (size_t i = 0; i < d->troubled_count && i < MARKDOWN_ROWS; i++) {
        md_raw(m, i ? ", " : "; ");
        md_code(m, d->troubled[i]);
    }
    md_text(m, words_of_witnesses(&m->arena, d));
    md_raw(m, "; ");
    md_interval(m, d->first, d->last);
    if (d->occurrences > 1)
        md_format(m, "; %zu times, the strongest is shown", d->occurrences);
    md_raw(m, "\n");
    if (d->unseen) {
        md_raw(m, "\n");
        md_text(m, words_of_unseen(&m->arena, m->zone, d));
        md_raw(m, "\n");
    }
    if (d->inferred)
        md_raw(m, "\nInferred: the article names no event of its own that was found here; take it as a hint.\n");
}

static void story(struct markdown *m, const struct diagnosis *d)
{
    if (d->step_count == 0)
        return;
    md_raw(m, "\n**What happened**\n\n");
    for (size_t i = 0; i < d->step_count && i < MARKDOWN_ROWS; i++) {
        md_raw(m, "- ");
        md_text(m, words_of_time(&m->arena, node_zone(m->zone, d->story[i].node), d->story[i].time));
        md_raw(m, " ");
        md_code(m, d->story[i].node->name);
        md_raw(m, " ");
        md_text(m, d->story[i].text);
        md_raw(m, "\n");
    }
    if (d->step_count > MARKDOWN_ROWS)
        md_format(m, "- and %zu more steps\n", d->step_count - MARKDOWN_ROWS);
    struct text doubt = words_of_steps(&m->arena, d);
    if (doubt.n) {
        md_raw(m, "\n");
        md_text(m, doubt);
        md_raw(m, "\n");
    }
}

static void evidence(struct markdown *m, const char *title, const struct evidence_list *list)
{
    if (list->count == 0)
        return;
    md_format(m, "\n**%s**\n\n", title);
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence_found *e = &list->items[i];
        size_t shown = e->hit_count < MARKDOWN_HITS ? e->hit_count : MARKDOWN_HITS;
        md_raw(m, "- ");
        md_text(m, e->text);
        if (e->points)
            md_format(m, " (%+d)", e->points);
        struct text gap = words_of_gap(&m->arena, m->zone, e);
        if (gap.n) {
            md_raw(m, "; ");
            md_text(m, gap);
        }
        md_raw(m, "\n");
        for (size_t k = 0; k < shown; k++)
            md_event(m, e->hits[k]);
        if (e->hits_seen > shown)
            md_format(m, "  - and %zu more\n", e->hits_seen - shown);
    }
}

/* Diagnoses that stand below this one. */
static void folded(struct markdown *m, const char *title, const struct diagnosis_refs *refs)
{
    if (refs->count)
        md_format(m, "\n**%s**\n\n", title);
    for (size_t i = 0; i < refs->count && i < MARKDOWN_ROWS; i++) {
        const struct diagnosis *d = refs->items[i];
        md_raw(m, "- ");
        md_text(m, WORDS(&m->arena, d->article->id, TEXT("  "), d->article->title));
        md_format(m, " (%d points)\n", d->score);
    }
    if (refs->count > MARKDOWN_ROWS)
        md_format(m, "- and %zu more\n", refs->count - MARKDOWN_ROWS);
}

static void place(struct markdown *m, const struct diagnosis *d, struct text node)
{
    struct text words = words_of_place(&m->arena, d, node);
    if (words.n == 0)
        return;
    md_raw(m, "**");
    md_text(m, words);
    md_raw(m, ":** ");
}

static void advice(struct markdown *m, const struct diagnosis *d)
{
    const struct article *a = d->article;
    if (text_trim(a->cause).n) {
        md_raw(m, "\n**Cause:** ");
        md_text(m, text_trim(a->cause));
        md_raw(m, "\n");
    }
    if (a->remediation_count)
        md_raw(m, "\n**What to do**\n\n");
    for (size_t i = 0; i < a->remediation_count; i++) {
        md_raw(m, "- [ ] ");
        place(m, d, a->remediation[i].node);
        md_text(m, text_trim(a->remediation[i].text));
        md_raw(m, "\n");
    }
    for (size_t i = 0; i < a->warning_count; i++) {
        md_raw(m, "\n> **Warning:** ");
        md_text(m, text_trim(a->warnings[i]));
        md_raw(m, "\n");
    }
    if (a->verify_count)
        md_raw(m, "\n**How to see that it helped**\n\n");
    for (size_t i = 0; i < a->verify_count; i++) {
        md_raw(m, "- [ ] ");
        md_text(m, text_trim(a->verify[i]));
        md_raw(m, "\n");
    }
}

static void settles(struct markdown *m, const struct diagnosis *d)
{
    if (d->settle_count)
        md_raw(m, "\n**What would settle it**\n\n");
    for (size_t i = 0; i < d->settle_count; i++) {
        md_raw(m, "- ");
        place(m, d, d->settles[i].node);
        md_text(m, text_trim(d->settles[i].question));
        md_raw(m, text_trim(d->settles[i].command).n ? " " : "");
        md_code(m, d->settles[i].command);
        md_raw(m, "\n");
    }
}

static void related(struct markdown *m, const struct article *a)
{
    if (a->related_count + a->see_count)
        md_raw(m, "\n**Related articles**\n\n");
    for (size_t i = 0; i < a->related_count; i++) {
        const struct article *other = kb_find(m->r->kb, a->related[i].id);
        struct text title = other ? other->title : TEXT(""), why = text_trim(a->related[i].why);
        md_raw(m, "- ");
        md_text(m, WORDS(&m->arena, a->related[i].id, title.n ? TEXT("  ") : TEXT(""), title,
                         why.n ? TEXT(": ") : TEXT(""), why));
        md_raw(m, "\n");
    }
    for (size_t i = 0; i < a->see_count; i++) {
        md_raw(m, "- ");
        md_text(m, a->see[i]);
        md_raw(m, "\n");
    }
}

void md_diagnosis(struct markdown *m, const struct diagnosis *d, size_t rank)
{
    head(m, d, rank);
    story(m, d);
    evidence(m, "Evidence for it", &d->for_it);
    evidence(m, "Evidence against it", &d->against);
    evidence(m, "Missing evidence", &d->missing);
    evidence(m, d->closed ? "Already fixed" : "Perhaps fixed already", &d->fixed);
    folded(m, "What follows from it", &d->consequences);
    folded(m, "Fits as well, and says less", &d->beaten);
    advice(m, d);
    settles(m, d);
    related(m, d->article);
    sink_drain(m->sink);
}
