#include "report/report_text.h"

static enum style style_of_confidence(enum confidence c)
{
    return c >= CONFIDENCE_LIKELY ? STYLE_BAD : c == CONFIDENCE_POSSIBLE ? STYLE_WARN : STYLE_PLAIN;
}

static void how_sure(struct text_report *t, const struct diagnosis *d)
{
    layout_begin(&t->l, INDENT, INDENT);
    layout_words(&t->l, style_of_confidence(d->confidence), text_from(confidence_name(d->confidence)));
    struct text points = text_keep_format(&t->arena, ", %d of 100 points", d->score);
    layout_words(&t->l, STYLE_PLAIN, points);
    if (d->article->level != RULE_LEVEL_NONE)
        layout_words(&t->l, STYLE_PLAIN,
                     text_keep_format(&t->arena, "; level %s", rule_level_name(d->article->level)));
    layout_end(&t->l);
}

static void repeated(struct text_report *t, const struct diagnosis *d)
{
    layout_begin(&t->l, INDENT, INDENT);
    layout_words(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, "%zu times, ", d->occurrences));
    text_interval(t, d->first_seen, d->last_seen);
    layout_words(&t->l, STYLE_PLAIN, TEXT("; the strongest is shown"));
    layout_end(&t->l);
}

static void where_and_when(struct text_report *t, const struct diagnosis *d)
{
    struct text nodes = words_of_nodes(&t->arena, d);
    layout_begin(&t->l, INDENT, INDENT);
    layout_words(&t->l, STYLE_STRONG, nodes);
    layout_words(&t->l, STYLE_PLAIN, words_of_witnesses(&t->arena, d));
    layout_words(&t->l, STYLE_PLAIN, nodes.n > 0 ? TEXT(", ") : TEXT(""));
    text_interval(t, d->first, d->last);
    layout_end(&t->l);
    if (d->occurrences > 1)
        repeated(t, d);
    layout_item(&t->l, INDENT, "", STYLE_WARN, words_of_unseen(&t->arena, &t->options->zone, d));
}

/* Unless it is the second line of the report. */
static void summary(struct text_report *t, const struct diagnosis *d)
{
    struct text words = text_trim(d->article->summary);
    if (d == t->r->diagnoses->items && text_equal(words, t->facts.sentence))
        return;
    layout_item(&t->l, INDENT, "", STYLE_PLAIN, words);
}

static void head(struct text_report *t, const struct diagnosis *d)
{
    layout_begin(&t->l, 0, INDENT);
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_STRONG, d->article->title);
    layout_end(&t->l);
    how_sure(t, d);
    where_and_when(t, d);
    summary(t, d);
    if (d->inferred)
        layout_item(
            &t->l, INDENT, "", STYLE_WARN,
            TEXT("Inferred: the article names no event of its own that was found here; what speaks for it is "
                 "drawn from other sources, so take it as a hint."));
}

void text_diagnosis(struct text_report *t, const struct diagnosis *d, bool brief)
{
    head(t, d);
    if (t->options->detail == DETAIL_LOW) {
        text_steps(t, d);
        if (t->options->explain)
            text_score(t, d);
        return;
    }
    text_story(t, d);
    text_evidence(t, d, brief);
    text_consequences(t, d);
    text_beaten(t, d);
    if (t->options->explain || t->options->detail == DETAIL_HIGH)
        text_score(t, d);
    text_advice(t, d);
}

/* What ruled it out: what speaks against it, and what it needs and is not there. */
static size_t reasons(struct text_report *t, const struct diagnosis *d)
{
    size_t said = d->against.count;
    for (size_t i = 0; i < d->against.count; i++)
        layout_item(&t->l, 2 * INDENT, "- ", STYLE_PLAIN, d->against.items[i].text);
    for (size_t i = 0; i < d->missing.count; i++) {
        const struct evidence_found *e = &d->missing.items[i];
        if (e->item && e->item->kind != EVIDENCE_NEEDS)
            continue;
        said++;
        layout_item(&t->l, 2 * INDENT, "? ", STYLE_PLAIN, WORDS(&t->arena, TEXT("missing: "), e->text));
        text_remark(t, "", words_of_gap(&t->arena, &t->options->zone, e));
    }
    return said;
}

static void considered(struct text_report *t, const struct diagnosis *d)
{
    struct text nodes = words_of_nodes(&t->arena, d);
    struct text points = text_keep_format(&t->arena, "%d points)", d->score);
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_PLAIN, d->article->title);
    layout_words(&t->l, STYLE_PLAIN,
                 WORDS(&t->arena, TEXT(" ("), nodes, nodes.n > 0 ? TEXT(", ") : TEXT(""), points));
    layout_end(&t->l);
    if (reasons(t, d) == 0)
        layout_item(&t->l, 2 * INDENT, "- ", STYLE_PLAIN, TEXT("its evidence does not reach \"possible\""));
    if (!t->options->explain)
        return;
    text_score(t, d);
    layout_blank(&t->l);
}

void text_considered(struct text_report *t)
{
    const struct diagnoses *d = t->r->diagnoses;
    if (d->considered_count > 0)
        text_heading(t, "Considered as well");
    for (size_t i = 0; i < d->considered_count; i++)
        considered(t, &d->considered[i]);
}
