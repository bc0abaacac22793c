/*
 * Events: which of them have an entry in the page, links to these, and the entries.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "report/html.h"

/* Bytes of the values of one event and of all entries: what is beyond is said, and stands in the JSON. */
#define EVENT_BYTES  (16u << 10)
#define EVENTS_BYTES (8u << 20)

enum rank { RANK_EVIDENCE, RANK_FINDING, RANK_EXPLAINED, RANK_CONTEXT, RANKS };

static int places_order(const void *a, const void *b)
{
    const struct html_event *x = *(const struct html_event *const *)a, *y = *(const struct html_event *const *)b;
    uintptr_t p = (uintptr_t)x->event, q = (uintptr_t)y->event;
    return (p > q) - (p < q);
}

static struct html_event *find(const struct html *h, const struct event *e)
{
    struct html_event key = { .event = e };
    const struct html_event *wanted = &key, *const *found;
    found = h->event_count ? bsearch(&wanted, h->by_event, h->event_count, sizeof *h->by_event, places_order) : NULL;
    return found ? &h->events[*found - h->events] : NULL;
}

static enum rank rank_of(const struct html *h, size_t at)
{
    if (!hit_is_finding(h->r, &h->r->timeline->hits[at]))
        return RANK_CONTEXT;
    return hit_is_no_trouble(h->r, at) ? RANK_EXPLAINED : RANK_FINDING;
}

/* The hits of one event stand side by side. */
static void entries_make(struct html *h)
{
    const struct timeline *t = h->r->timeline;
    h->events = ARENA_NEW_N(&h->arena, struct html_event, t->hit_count);
    for (size_t i = 0; i < t->hit_count; i++) {
        if (hit_rule(h->r, &t->hits[i])->fact)
            continue;
        struct html_event *last = h->event_count ? &h->events[h->event_count - 1] : NULL;
        unsigned rank = rank_of(h, i);
        if (last && last->event == t->hits[i].event)
            last->rank = rank < last->rank ? rank : last->rank;
        else
            h->events[h->event_count++] = (struct html_event){ t->hits[i].event, &t->hits[i], i, false, rank };
    }
    h->by_event = ARENA_NEW_N(&h->arena, const struct html_event *, h->event_count);
    for (size_t i = 0; i < h->event_count; i++)
        h->by_event[i] = &h->events[i];
    if (h->event_count)
        qsort(h->by_event, h->event_count, sizeof *h->by_event, places_order);
}

static void mark_list(struct html *h, const struct evidence_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].hit_count; k++) {
            struct html_event *e = find(h, list->items[i].hits[k]->event);
            if (e)
                e->rank = RANK_EVIDENCE;
        }
}

static void mark_evidence(struct html *h, const struct diagnosis *items, size_t count)
{
    for (size_t i = 0; i < count && i < HTML_DIAGNOSES; i++) {
        mark_list(h, &items[i].for_it);
        mark_list(h, &items[i].against);
        mark_list(h, &items[i].fixed);
    }
}

void html_events_find(struct html *h)
{
    const struct diagnoses *d = h->r->diagnoses;
    entries_make(h);
    mark_evidence(h, d->items, d->count);
    mark_evidence(h, d->closed.items, d->closed.count);
    for (unsigned rank = 0; rank < RANKS; rank++)
        for (size_t i = 0; i < h->event_count && h->event_shown < HTML_EVENTS; i++)
            if (h->events[i].rank == rank) {
                h->events[i].shown = true;
                h->event_shown++;
            }
}

const struct html_event *html_event_of(const struct html *h, const struct event *e)
{
    const struct html_event *found = find(h, e);
    return found && found->shown ? found : NULL;
}

/* "ClusSvc 1009" */
static void source_of(struct html *h, const struct event *e)
{
    html_name(h, e->key.provider);
    html_raw(h, " ");
    html_text(h, e->event_id);
}

void html_event_link(struct html *h, const struct hit *hit)
{
    const struct event *e = hit->event;
    const struct html_event *entry = html_event_of(h, e);
    if (entry)
        html_format(h, "<a class=\"event\" href=\"#e%zu\">", entry->at);
    else
        html_raw(h, "<span class=\"event\">");
    html_time_of(h, hit);
    html_raw(h, " <b>");
    html_name(h, hit_node(h->r, hit));
    html_format(h, "</b> <span>record %" PRIu64 "</span> <span>", e->key.record_id);
    source_of(h, e);
    html_raw(h, entry ? "</span></a>" : "</span></span>");
}

/* What the error code is called that the value is: "%%2" says it to nobody. */
static void meaning(struct html *h, const struct event_field *f, const struct error_value *errors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct error_code *error = &errors[i].error;
        if (errors[i].value.p < f->value.p || errors[i].value.p >= f->value.p + f->value.n)
            continue;
        html_raw(h, " <small>");
        html_text(h, error->name);
        html_raw(h, error->words.n ? ": " : "");
        html_text(h, error->words);
        html_raw(h, "</small>");
    }
}

static void field(struct html *h, const struct event_field *f, const struct error_value *errors, size_t count)
{
    static const char *const parts[] = { "system", "data", "user data", "rendering" };
    html_raw(h, "<tr><th>");
    html_name(h, f->name.n ? f->name : TEXT("value"));
    html_format(h, "<small>%s</small></th><td><bdi>", (size_t)f->part < COUNT_OF(parts) ? parts[f->part] : "");
    html_lines(h, f->value);
    html_raw(h, "</bdi>");
    meaning(h, f, errors, count);
    html_raw(h, "</td></tr>\n");
}

static void fields(struct html *h, const struct event *e)
{
    const struct report *r = h->r;
    struct error_value errors[ERROR_VALUES];
    size_t count = r->codes && r->guide ? error_values_find(r->codes, r->guide, e, errors) : 0;
    size_t before = h->out->n, i = 0;
    html_raw(h, "<table>");
    while (i < e->field_count && h->out->n - before < EVENT_BYTES)
        field(h, &e->fields[i++], errors, count);
    if (i < e->field_count)
        html_format(h, "<tr><td colspan=\"2\">and %zu more values, left out here; JSON has them</td></tr>",
                    e->field_count - i);
    html_raw(h, "</table>");
}

static void rules_of(struct html *h, const struct html_event *entry)
{
    const struct timeline *t = h->r->timeline;
    html_raw(h, "<p>");
    for (size_t i = entry->at; i < t->hit_count && t->hits[i].event == entry->event; i++) {
        const struct rule_info *rule = hit_rule(h->r, &t->hits[i]);
        html_raw(h, i > entry->at ? "; " : "Rule: ");
        html_text(h, rule->title);
        html_raw(h, rule->context ? " (context)" : "");
        if (hit_is_explained(&h->facts, i)) {
            html_raw(h, ", explained by ");
            html_text(h, *hit_explained_by(&h->facts, i));
        }
    }
    html_raw(h, "</p>");
}

/* What is wrong with the record. */
static void marks(struct html *h, uint32_t bits)
{
    static const struct {
        uint32_t bit;
        const char *words;
    } known[] = {
        { EVENT_PARTIAL, "its end is missing" },
        { EVENT_TEMPLATE_FOREIGN, "its template was found elsewhere" },
        { EVENT_TEMPLATE_LOST, "its template is lost, so values have no names" },
        { EVENT_CUT, "long values are cut here" },
        { EVENT_ODD_VALUE, "a value does not fit its type" },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (bits & known[i].bit)
            html_format(h, "; %s", known[i].words);
}

static void where(struct html *h, const struct html_event *entry)
{
    const struct event *e = entry->event;
    html_raw(h, "<p>In <code>");
    html_name(h, entry->hit->input->path);
    html_format(h, "</code> at byte %" PRIu64, e->offset);
    if (e->key.channel.n) {
        html_raw(h, ", log ");
        html_name(h, e->key.channel);
    }
    if (e->source != EVENT_LIVE)
        html_format(h, ", found as %s", event_source_name(e->source));
    marks(h, e->marks);
    html_raw(h, "</p>\n");
}

/* One line of a wide screen, which the style cuts; on paper it wraps. */
#define LINE_BYTES 200u

static void entry(struct html *h, const struct html_event *e, bool whole)
{
    html_format(h, "<details class=\"raw%s\" id=\"e%zu\"><summary>", e->rank == RANK_EVIDENCE ? " proof" : "", e->at);
    html_time_of(h, e->hit);
    html_raw(h, " <b>");
    html_name(h, hit_node(h->r, e->hit));
    html_format(h, "</b> <span>record %" PRIu64 "</span> <span class=\"source\">", e->event->key.record_id);
    source_of(h, e->event);
    html_format(h, "</span> <span>%s</span> <q><bdi>", event_level_name(e->event->key.level));
    html_text_cut(h, words_of_event_and_errors(&h->arena, h->r, e->event), LINE_BYTES);
    html_raw(h, "</bdi></q></summary>\n");
    rules_of(h, e);
    where(h, e);
    if (whole)
        fields(h, e->event);
    else
        html_raw(h, "<p>Its values are left out: the page would be too large. JSON has them.</p>");
    html_raw(h, "</details>\n");
}

void html_events(struct html *h)
{
    struct arena_mark mark = arena_mark(&h->arena);
    size_t bytes = 0;
    html_format(h, "<p class=\"soft\">Events that a rule or a diagnosis speaks of: %zu of %zu, evidence first.%s</p>\n",
                h->event_shown, h->event_count,
                h->event_shown < h->event_count ? " The others are in JSON, or in <code>evscan show</code>." : "");
    html_raw(h, "<p class=\"soft paper\">Printed with their values: those that are evidence, and those that were "
                "open.</p>\n");
    for (size_t i = 0; i < h->event_count; i++) {
        size_t before = h->out->n;
        if (!h->events[i].shown)
            continue;
        entry(h, &h->events[i], bytes < EVENTS_BYTES);
        bytes += h->out->n - before;
        sink_drain(h->sink);
        arena_rewind(&h->arena, mark);
    }
}
