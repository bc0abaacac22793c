#include "report/report_text.h"

#include "report/cautions.h"
#include "report/report_news.h"
#include "report/report_verdict.h"

size_t text_most(const struct text_report *t, size_t usual)
{
    return t->options->detail == DETAIL_HIGH ? SIZE_MAX : usual;
}

void text_heading(struct text_report *t, const char *words)
{
    layout_blank(&t->l);
    layout_begin(&t->l, 0, 0);
    layout_words(&t->l, STYLE_STRONG, text_from(words));
    layout_end(&t->l);
}

void text_subheading(struct text_report *t, const char *words)
{
    layout_blank(&t->l);
    layout_begin(&t->l, INDENT, INDENT);
    layout_words(&t->l, STYLE_STRONG, text_from(words));
    layout_end(&t->l);
}

void text_remark(struct text_report *t, const char *before, struct text words)
{
    if (words.n == 0)
        return;
    layout_begin(&t->l, 3 * INDENT, 3 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, text_from(before));
    layout_words(&t->l, STYLE_PLAIN, words);
    layout_end(&t->l);
}

void text_interval(struct text_report *t, uint64_t first, uint64_t last)
{
    text_interval_in(t, &t->options->zone, first, last);
}

void text_interval_in(struct text_report *t, const struct zone *zone, uint64_t first, uint64_t last)
{
    struct text from, to;
    words_of_ends(&t->arena, zone, first, last, &from, &to);
    if (from.n > 0) {
        layout_whole(&t->l, STYLE_PLAIN, from);
        layout_words(&t->l, STYLE_PLAIN, TEXT(" "));
        to = text_keep_format(&t->arena, "to %.*s", TEXT_ARG(to));
    }
    layout_whole(&t->l, STYLE_PLAIN, to);
}

enum style style_of_level(enum rule_level level)
{
    if (level >= RULE_HIGH)
        return STYLE_BAD;
    return level == RULE_MEDIUM ? STYLE_WARN : STYLE_PLAIN;
}

static enum style style_of_mood(const struct report_facts *f)
{
    switch (f->mood) {
    case MOOD_CALM:
        return STYLE_GOOD;
    case MOOD_TROUBLE:
        return f->report->diagnoses->items[0].confidence >= CONFIDENCE_LIKELY ? STYLE_BAD : STYLE_WARN;
    default:
        return STYLE_WARN;
    }
}

static void say(struct text_report *t, enum style style, struct text words)
{
    if (words.n == 0)
        return;
    layout_begin(&t->l, 0, 0);
    layout_words(&t->l, style, words);
    layout_end(&t->l);
}

static struct text further_down(struct text_report *t)
{
    size_t others = t->r->diagnoses->count > 1 ? t->r->diagnoses->count - 1 : 0;
    struct text more = words_of_count(&t->arena, others, "other explanation.", "other explanations, by rank.");
    return others ? WORDS(&t->arena, TEXT("Further down: "), more) : TEXT("");
}

static void cautions(struct text_report *t, const struct cautions *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct text more = i == 0 && all->read_says_more ? TEXT("; see \"What was read\"") : TEXT("");
        say(t, STYLE_WARN, WORDS(&t->arena, TEXT("Caution: "), all->items[i], more, TEXT(".")));
    }
}

/* Two lines; then what the reader must know before anything else, apart from the verdict. */
static void verdict(struct text_report *t)
{
    struct cautions careful;
    struct text down = further_down(t);
    cautions_find(&t->arena, &t->facts, &careful);
    say(t, style_of_mood(&t->facts), t->facts.headline);
    say(t, STYLE_PLAIN, t->facts.sentence);
    if (t->facts.fitting.n + down.n + careful.count == 0)
        return;
    layout_blank(&t->l);
    say(t, STYLE_PLAIN, t->facts.fitting);
    say(t, STYLE_PLAIN, down);
    cautions(t, &careful);
}

static void diagnoses(struct text_report *t)
{
    const struct diagnoses *d = t->r->diagnoses;
    for (size_t i = 0; i < d->count; i++) {
        if (i == 1)
            text_heading(t, "Other explanations");
        layout_blank(&t->l);
        text_diagnosis(t, &d->items[i], i > 0 && t->options->detail < DETAIL_HIGH);
    }
    text_closed(t);
    if (t->options->detail > DETAIL_LOW)
        text_noise(t);
}

static void text_body(struct text_report *t)
{
    verdict(t);
    diagnoses(t);
    text_findings(t);
    if (t->options->detail > DETAIL_LOW)
        text_considered(t);
    if (t->options->detail == DETAIL_HIGH) {
        text_events(t);
        text_rules(t);
    }
    text_inputs(t);
}

static void text_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct text_report t = { .r = r, .options = options, .sink = out };
    arena_init(&t.arena);
    layout_init(&t.l, &out->text, options->width, options->colour);
    report_facts_find(&t.arena, r, options, &t.facts);
    verdict_find(&t.arena, &t.facts, options->fail_level, options->width);
    if (r->news)
        text_news(&t);
    if (!r->news || r->news->seen)
        text_body(&t);
    layout_done(&t.l);
    arena_done(&t.arena);
}

const struct report_form report_text = { .name = "text", .write = text_write };
