#include "cli/verification.h"

#include <inttypes.h>

#include "form/text_layout.h"
#include "report/report_facts.h"

#define EVENTS_SHOWN 5

struct page_of {
    const struct verification *v;
    struct arena *arena;
    const struct zone *zone;
    struct layout l;
};

static void line(struct page_of *p, unsigned indent, enum style style, struct text words)
{
    layout_begin(&p->l, indent, indent + 2);
    layout_words(&p->l, style, words);
    layout_end(&p->l);
}

static struct text span_words(struct page_of *p, uint64_t first, uint64_t last)
{
    if (first == last)
        return words_of_time(p->arena, p->zone, first);
    return WORDS(p->arena, words_of_time(p->arena, p->zone, first), TEXT(" to "),
                 words_of_time(p->arena, p->zone, last));
}

static struct text hit_words(struct page_of *p, const struct hit *hit, struct text node)
{
    const struct event_key *key = &hit->event->key;
    struct text record = text_keep_format(p->arena, "%" PRIu64, key->record_id);
    return WORDS(p->arena, node, TEXT("  "), words_of_time(p->arena, p->zone, key->time), TEXT("  record "), record,
                 TEXT("  "), key->provider, TEXT(" "), hit->event->event_id);
}

/* What it starts from each time. */
static void events(struct page_of *p, const struct diagnosis *d)
{
    const struct timeline *t = &p->v->analysis->timeline;
    for (size_t i = 0; i < d->anchors.count && i < EVENTS_SHOWN; i++) {
        uint32_t at = d->anchors.items[i];
        line(p, 4, STYLE_PLAIN, hit_words(p, &t->hits[at], t->node_of[at]->name));
    }
    if (d->anchors.count > EVENTS_SHOWN)
        line(p, 4, STYLE_PLAIN, text_keep_format(p->arena, "and %zu more", d->anchors.count - EVENTS_SHOWN));
}

static void recurred(struct page_of *p, const struct verified_diagnosis *v)
{
    const struct diagnosis *d = v->again;
    line(p, 2, STYLE_BAD, WORDS(p->arena, TEXT("recurred: "), text_from(confidence_name(d->confidence)), TEXT(" on "),
                                words_of_nodes(p->arena, d), TEXT(", "),
                                words_of_count(p->arena, d->occurrences, "time", "times"), TEXT(", "),
                                span_words(p, d->first_seen, d->last_seen)));
    events(p, d);
    if (v->settled)
        line(p, 4, STYLE_GOOD, TEXT("and it was fixed since"));
}

static void node_line(struct page_of *p, const struct exercise *e)
{
    layout_begin(&p->l, 4, 6);
    layout_words(&p->l, STYLE_PLAIN, e->name);
    layout_words(&p->l, STYLE_PLAIN, TEXT(": "));
    layout_words(&p->l, e->state == EXERCISE_SEEN ? STYLE_GOOD : STYLE_WARN, exercise_words(p->arena, p->zone, e));
    layout_end(&p->l);
    if (e->hit)
        line(p, 6, STYLE_PLAIN, hit_words(p, e->hit, e->where->name));
}

static void advice(struct page_of *p, const struct article *a)
{
    if (a && a->exercised_by.count)
        line(p, 4, STYLE_STRONG, TEXT("To try it:"));
    for (size_t i = 0; a && i < a->exercised_by.count; i++)
        layout_item(&p->l, 4, "* ", STYLE_PLAIN, text_trim(a->exercised_by.items[i].how));
    if (!a || a->exercised_by.count || !a->verify_count)
        return;
    line(p, 4, STYLE_STRONG, TEXT("To see whether it held:"));
    for (size_t i = 0; i < a->verify_count; i++)
        layout_item(&p->l, 4, "* ", STYLE_PLAIN, text_trim(a->verify[i]));
}

static void not_recurred(struct page_of *p, const struct verified_diagnosis *v)
{
    bool held = v->state == VERIFIED_HELD;
    line(p, 2, held ? STYLE_GOOD : STYLE_WARN,
         held ? TEXT("held: it did not recur, and what shows it has happened")
              : TEXT("not yet tried: it did not recur, but that says nothing yet"));
    if (!v->article)
        line(p, 4, STYLE_WARN, TEXT("evscan does not have this article any more, and cannot tell"));
    for (size_t i = 0; i < v->node_count && v->article; i++)
        node_line(p, &v->exercises[i]);
    if (!held)
        advice(p, v->article);
}

static void item(struct page_of *p, const struct verified_diagnosis *v)
{
    layout_blank(&p->l);
    layout_begin(&p->l, 0, 2);
    layout_words(&p->l, STYLE_STRONG, v->id);
    layout_words(&p->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&p->l, STYLE_STRONG, v->title);
    layout_end(&p->l);
    line(p, 2, STYLE_PLAIN, WORDS(p->arena, TEXT("was: "), v->confidence, TEXT(" on "),
                                  words_of_names(p->arena, v->nodes, v->node_count), TEXT(", last seen "),
                                  words_of_time(p->arena, p->zone, v->last_seen)));
    if (v->last_seen >= p->v->since)
        line(p, 2, STYLE_WARN, TEXT("the baseline itself has it after that time: these events count as well"));
    if (v->state == VERIFIED_RECURRED)
        recurred(p, v);
    else
        not_recurred(p, v);
}

static void others(struct page_of *p)
{
    if (!p->v->other_count)
        return;
    layout_blank(&p->l);
    line(p, 0, STYLE_STRONG, TEXT("Other diagnoses since then"));
    for (size_t i = 0; i < p->v->other_count; i++) {
        const struct diagnosis *d = p->v->others[i];
        line(p, 2, STYLE_PLAIN, WORDS(p->arena, d->article->id, TEXT("  "), text_from(confidence_name(d->confidence)),
                                      TEXT(" on "), words_of_nodes(p->arena, d), TEXT(", "),
                                      span_words(p, d->first_seen, d->last_seen), TEXT(": "), d->article->title));
    }
}

static void remarks(struct page_of *p)
{
    const struct verification *v = p->v;
    if (v->baseline_whole && v->analysis->status <= ST_OK)
        return;
    layout_blank(&p->l);
    if (!v->baseline_whole)
        line(p, 0, STYLE_WARN, TEXT("The baseline could not read all that it was given: it may lack a diagnosis."));
    if (v->analysis->status > ST_OK)
        line(p, 0, STYLE_WARN,
             TEXT("Some input could not be read: what it holds is not known (evscan scan says what)."));
}

void verify_text(const struct verification *v, struct arena *arena, const struct zone *zone, unsigned width,
                 struct buf *out)
{
    struct page_of p = { .v = v, .arena = arena, .zone = zone };
    layout_init(&p.l, out, width, false);
    line(&p, 0, STYLE_STRONG,
         text_keep_format(arena, "Since %.*s: of %zu diagnos%s %zu recurred, %zu held, %zu not yet tried.",
                          TEXT_ARG(words_of_time(arena, zone, v->since)), v->count, v->count == 1 ? "is" : "es",
                          v->of[VERIFIED_RECURRED], v->of[VERIFIED_HELD], v->of[VERIFIED_UNTRIED]));
    for (size_t i = 0; i < v->count; i++)
        item(&p, &v->items[i]);
    others(&p);
    remarks(&p);
    layout_done(&p.l);
}
