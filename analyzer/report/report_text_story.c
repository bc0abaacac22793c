#include "report/consequences.h"
#include "report/report_text.h"

/* Steps, outages and consequences named; the JSON has all of them. */
#define STEPS_SHOWN   12
#define OUTAGES_SHOWN 8
#define EFFECTS_SHOWN 6

/* Columns kept for the names of nodes above each other. */
#define NODE_COLUMNS 20u

/* With times of nodes the reader cannot know which offset is meant. */
static struct text when_words(struct text_report *t, const struct story_step *s)
{
    const struct zone *zone = node_zone(&t->options->zone, s->node);
    return zone->of_nodes ? words_of_time(&t->arena, zone, s->time) : words_of_clock(&t->arena, zone, s->time);
}

/* Columns of the times and of the names, which stand above each other: offsets of nodes may be of any length. */
struct story_columns {
    unsigned when, node;
};

static void step(struct text_report *t, const struct story_step *s, const struct story_columns *columns)
{
    layout_begin(&t->l, INDENT, 2 * INDENT);
    struct text when = when_words(t, s);
    layout_whole(&t->l, STYLE_PLAIN, when);
    layout_pad(&t->l, columns->when + 2);
    layout_whole(&t->l, STYLE_STRONG, s->node->name);
    layout_pad(&t->l, columns->when + 2 + columns->node + 2);
    layout_words(&t->l, STYLE_PLAIN, s->text);
    if (s->times > 1)
        layout_words(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, " (%zu times)", s->times));
    layout_end(&t->l);
}

static struct story_columns columns_of(struct text_report *t, const struct diagnosis *d)
{
    struct story_columns most = { 0 };
    for (size_t i = 0; i < d->step_count; i++) {
        unsigned when = text_columns(when_words(t, &d->story[i])), node = text_columns(d->story[i].node->name);
        most.when = when > most.when ? when : most.when;
        most.node = node > most.node ? node : most.node;
    }
    most.node = most.node < NODE_COLUMNS ? most.node : NODE_COLUMNS;
    return most;
}

static void more(struct text_report *t, size_t count, const char *one, const char *many)
{
    if (count > 0)
        layout_item(&t->l, 2 * INDENT, "", STYLE_PLAIN,
                    WORDS(&t->arena, TEXT("and "), words_of_count(&t->arena, count, one, many)));
}

/* The beginning and the end of a long story: what lies between is in the evidence. */
static void steps(struct text_report *t, const struct diagnosis *d)
{
    size_t cut = d->step_count > text_most(t, STEPS_SHOWN) ? d->step_count - STEPS_SHOWN : 0;
    const struct story_columns columns = columns_of(t, d);
    for (size_t i = 0; i < d->step_count; i++) {
        if (cut && i == STEPS_SHOWN / 2) {
            more(t, cut, "more step", "more steps");
            i += cut;
        }
        step(t, &d->story[i], &columns);
    }
}

static void outage(struct text_report *t, const struct outage *o)
{
    char span[TIME_ISO_ROOM];
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, TEXT("out of service: "));
    layout_words(&t->l, STYLE_STRONG, o->what);
    if (o->to) {
        struct text words = time_span(o->to - o->from, span);
        layout_words(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, " for %.*s, ", TEXT_ARG(words)));
        text_interval(t, o->from, o->to);
    } else {
        layout_words(&t->l, STYLE_WARN, TEXT(" from "));
        layout_whole(&t->l, STYLE_WARN, words_of_time(&t->arena, &t->options->zone, o->from));
        layout_words(&t->l, STYLE_WARN, TEXT(" on; the logs show no end of it"));
    }
    layout_end(&t->l);
}

void text_story(struct text_report *t, const struct diagnosis *d)
{
    if (d->step_count + d->outage_count > 0)
        text_subheading(t, "What happened");
    steps(t, d);
    for (size_t i = 0; i < d->outage_count && i < text_most(t, OUTAGES_SHOWN); i++)
        outage(t, &d->outages[i]);
    more(t, d->outage_count > text_most(t, OUTAGES_SHOWN) ? d->outage_count - OUTAGES_SHOWN : 0, "more", "more");
    if (d->step_count + d->outage_count > 0)
        layout_item(&t->l, INDENT, "", STYLE_WARN, words_of_steps(&t->arena, d));
}

static void folded(struct text_report *t, const struct diagnosis *d)
{
    struct text nodes = words_of_nodes(&t->arena, d);
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, TEXT("> "));
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_PLAIN, d->article->title);
    layout_words(&t->l, STYLE_PLAIN,
                 WORDS(&t->arena, TEXT(" ("), nodes, nodes.n > 0 ? TEXT(", ") : TEXT(""),
                       text_keep_format(&t->arena, "%d points)", d->score)));
    layout_end(&t->l);
}

static void effect(struct text_report *t, const struct consequence *c)
{
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, TEXT("> "));
    layout_words(&t->l, STYLE_PLAIN, c->rule->title);
    layout_words(&t->l, STYLE_PLAIN, WORDS(&t->arena, TEXT(" ("), words_of_names(&t->arena, c->nodes, c->node_count),
                                           TEXT(", "), words_of_count(&t->arena, c->events, "event", "events"),
                                           TEXT("), ")));
    text_interval(t, c->first, c->last);
    layout_end(&t->l);
}

static void all_folded(struct text_report *t, const struct diagnosis_refs *refs)
{
    size_t most = text_most(t, EFFECTS_SHOWN);
    for (size_t i = 0; i < refs->count && i < most; i++)
        folded(t, refs->items[i]);
    more(t, refs->count > most ? refs->count - most : 0, "more diagnosis", "more diagnoses");
}

void text_beaten(struct text_report *t, const struct diagnosis *d)
{
    if (d->beaten.count > 0)
        text_subheading(t, "Fits as well, and says less");
    all_folded(t, &d->beaten);
}

void text_consequences(struct text_report *t, const struct diagnosis *d)
{
    size_t count;
    struct consequence *effects = consequences_of(&t->arena, t->r, d, &count);
    if (d->consequences.count + count > 0)
        text_subheading(t, "What follows from it");
    all_folded(t, &d->consequences);
    for (size_t i = 0; i < count && i < text_most(t, EFFECTS_SHOWN); i++)
        effect(t, &effects[i]);
    more(t, count > text_most(t, EFFECTS_SHOWN) ? count - EFFECTS_SHOWN : 0, "more kind of event", "more kinds of events");
}

static void settled_head(struct text_report *t, const struct diagnosis *d)
{
    struct text nodes = words_of_nodes(&t->arena, d);
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_PLAIN, d->article->title);
    layout_words(&t->l, STYLE_PLAIN, WORDS(&t->arena, TEXT(" ("), nodes, nodes.n ? TEXT(", ") : TEXT("")));
    if (d->occurrences > 1)
        layout_words(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, "%zu times, ", d->occurrences));
    text_interval(t, d->first_seen, d->last_seen);
    layout_words(&t->l, STYLE_PLAIN, TEXT(")"));
    layout_end(&t->l);
}

static void closed(struct text_report *t, const struct diagnosis *d)
{
    settled_head(t, d);
    for (size_t i = 0; i < d->fixed.count; i++) {
        const struct evidence_found *e = &d->fixed.items[i];
        struct text where = hit_node(t->r, e->hits[0]);
        struct text when = words_of_time(&t->arena, &t->options->zone, e->hits[0]->event->key.time);
        layout_item(&t->l, 2 * INDENT, "= ", STYLE_GOOD,
                    WORDS(&t->arena, e->text, TEXT(" ("), where, TEXT(", "), when, TEXT(")")));
    }
}

/* Which article, and why it is no trouble any more. */
static void closed_briefly(struct text_report *t, const struct diagnosis *d)
{
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_PLAIN, d->fixed.items[0].text);
    layout_end(&t->l);
}

static void noise(struct text_report *t, const struct diagnosis *d)
{
    size_t events = d->anchors.count + d->explains.count;
    settled_head(t, d);
    layout_item(&t->l, 2 * INDENT, "", STYLE_PLAIN,
                WORDS(&t->arena, text_trim(d->article->summary), TEXT(" "),
                      words_of_count(&t->arena, events, "event", "events"), TEXT(".")));
}

void text_closed(struct text_report *t)
{
    const struct diagnoses *d = t->r->diagnoses;
    bool brief = t->options->detail == DETAIL_LOW;
    if (d->closed.count > 0)
        text_heading(t, "Already fixed");
    for (size_t i = 0; i < d->closed.count; i++)
        (brief ? closed_briefly : closed)(t, &d->closed.items[i]);
}

void text_noise(struct text_report *t)
{
    const struct diagnoses *d = t->r->diagnoses;
    if (d->noise.count > 0)
        text_heading(t, "Explained, and no trouble");
    for (size_t i = 0; i < d->noise.count; i++)
        noise(t, &d->noise.items[i]);
}
