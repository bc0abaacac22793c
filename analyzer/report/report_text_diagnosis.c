#include "report/report_text.h"

#include <inttypes.h>
#include <stdio.h>

#define INDENT 2u

/* Events shown for one piece of evidence; the JSON has all of them. */
#define HITS_SHOWN       6
#define HITS_SHOWN_BRIEF 1

/* Columns of what an event says: two lines of a narrow terminal. */
#define EVENT_COLUMNS 130u

static void subheading(struct text_report *t, const char *words)
{
    layout_blank(&t->l);
    layout_begin(&t->l, INDENT, INDENT);
    layout_words(&t->l, STYLE_STRONG, text_from(words));
    layout_end(&t->l);
}

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

static void where_and_when(struct text_report *t, const struct diagnosis *d)
{
    struct text nodes = words_of_nodes(&t->arena, d);
    layout_begin(&t->l, INDENT, INDENT);
    layout_words(&t->l, STYLE_STRONG, nodes);
    layout_words(&t->l, STYLE_PLAIN, nodes.n > 0 ? TEXT(", ") : TEXT(""));
    text_interval(t, d->first, d->last);
    if (d->occurrences > 1)
        layout_words(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, ", %zu times", d->occurrences));
    layout_end(&t->l);
}

static void head(struct text_report *t, const struct diagnosis *d, bool brief)
{
    layout_begin(&t->l, 0, INDENT);
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_STRONG, d->article->title);
    layout_end(&t->l);
    how_sure(t, d);
    where_and_when(t, d);
    if (brief)
        layout_item(&t->l, INDENT, "", STYLE_PLAIN, d->article->summary);
    if (d->inferred)
        layout_item(
            &t->l, INDENT, "", STYLE_WARN,
            TEXT("Inferred: the article names no event of its own that was found here; what speaks for it is "
                 "drawn from other sources, so take it as a hint."));
}

static void event_says(struct text_report *t, const struct event *e)
{
    struct text words = words_of_event(&t->arena, e);
    if (words.n == 0)
        return;
    struct buf cut;
    buf_init(&cut);
    text_cut(&cut, words, EVENT_COLUMNS);
    layout_item(&t->l, 3 * INDENT + 2, "says: ", STYLE_PLAIN, buf_text(&cut));
    buf_done(&cut);
}

static void event_line(struct text_report *t, const struct hit *h, unsigned node_columns)
{
    const struct event *e = h->event;
    struct text record = text_keep_format(&t->arena, "record %" PRIu64, e->key.record_id);
    struct text id =
        e->key.id == EVENT_ID_NONE ? e->event_id : text_keep_format(&t->arena, "%" PRIu32, e->key.id);
    layout_begin(&t->l, 3 * INDENT, 3 * INDENT + 2);
    layout_whole(&t->l, STYLE_STRONG, hit_node(t->r, h));
    layout_pad(&t->l, node_columns + 2);
    layout_whole(&t->l, STYLE_PLAIN, words_of_time(&t->arena, e->key.time));
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_whole(&t->l, STYLE_PLAIN, record);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_whole(&t->l, STYLE_PLAIN, e->key.provider);
    layout_words(&t->l, STYLE_PLAIN, TEXT(" "));
    layout_whole(&t->l, STYLE_PLAIN, id);
    layout_end(&t->l);
}

static unsigned widest_node(const struct text_report *t, const struct evidence_found *e, size_t shown)
{
    unsigned widest = 0;
    for (size_t i = 0; i < shown; i++) {
        unsigned columns = text_columns(hit_node(t->r, e->hits[i]));
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

static void events(struct text_report *t, const struct evidence_found *e, bool brief)
{
    size_t most = brief ? HITS_SHOWN_BRIEF : HITS_SHOWN;
    size_t shown = e->hit_count > most ? most : e->hit_count;
    unsigned columns = widest_node(t, e, shown);
    for (size_t i = 0; i < shown; i++) {
        event_line(t, e->hits[i], columns);
        if (!brief)
            event_says(t, e->hits[i]->event);
    }
    if (shown == e->hit_count)
        return;
    struct text more = words_of_count(&t->arena, e->hit_count - shown, "more event", "more events");
    struct text last = words_of_time(&t->arena, e->hits[e->hit_count - 1]->event->key.time);
    layout_item(&t->l, 3 * INDENT, "", STYLE_PLAIN,
                text_keep_format(&t->arena, "and %.*s, the last at %.*s", TEXT_ARG(more), TEXT_ARG(last)));
}

static void remark(struct text_report *t, const char *before, struct text words)
{
    if (words.n == 0)
        return;
    layout_begin(&t->l, 3 * INDENT, 3 * INDENT);
    layout_words(&t->l, STYLE_PLAIN, text_from(before));
    layout_words(&t->l, STYLE_PLAIN, words);
    layout_end(&t->l);
}

static void evidence(struct text_report *t, const struct evidence_found *e, const char *marker, bool brief)
{
    layout_item(&t->l, INDENT, marker, STYLE_PLAIN, e->text);
    events(t, e, brief);
    if (e->item && e->item->absent && e->points != 0)
        remark(t, "", TEXT("no such event is there, and the logs cover the time"));
    remark(t, "", e->gap);
    if (e->item && e->item->inferred)
        remark(t, "inferred: ",
               e->item->basis.n > 0 ? e->item->basis : TEXT("the article does not say so itself"));
}

static void evidence_list(struct text_report *t, const struct evidence_list *list, const char *title,
                          const char *marker, bool brief)
{
    if (list->count == 0)
        return;
    subheading(t, title);
    for (size_t i = 0; i < list->count; i++)
        evidence(t, &list->items[i], marker, brief);
}

static int sum_line(struct text_report *t, const struct evidence_found *e)
{
    char marker[32];
    snprintf(marker, sizeof marker, "%+5d  ", e->points);
    layout_item(&t->l, INDENT, marker, STYLE_PLAIN, e->text);
    return e->points;
}

static int sum_list(struct text_report *t, const struct evidence_list *list)
{
    int sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += sum_line(t, &list->items[i]);
    return sum;
}

/* Why the score or the word is not what the sum would give. */
static const char *cap_reason(const struct diagnosis *d, int sum)
{
    if (d->inferred && d->confidence < confidence_of(sum))
        return "; evidence that is only inferred never makes more than possible";
    if (d->score == sum)
        return "";
    return sum > 100 ? "; 100 is the most" : sum < 0 ? "; 0 is the least" : "; limited";
}

static void explain_score(struct text_report *t, const struct diagnosis *d)
{
    subheading(t, "How the points add up");
    int sum = sum_list(t, &d->for_it) + sum_list(t, &d->against);
    for (size_t i = 0; i < d->missing.count; i++)
        layout_item(&t->l, INDENT, "   --  ", STYLE_PLAIN,
                    text_keep_format(&t->arena, "missing: %.*s", TEXT_ARG(d->missing.items[i].text)));
    char marker[32];
    snprintf(marker, sizeof marker, "%5d  ", sum);
    layout_item(&t->l, INDENT, "-----", STYLE_PLAIN, TEXT(" "));
    layout_item(&t->l, INDENT, marker, STYLE_PLAIN,
                text_keep_format(&t->arena,
                                 "sum: %s, %d of 100 points%s (confirmed from 80, likely from 50, possible "
                                 "from 20)",
                                 confidence_name(d->confidence), d->score, cap_reason(d, sum)));
}

/* Which node a step belongs to; the affected ones have names. */
static struct text step_node(struct text_report *t, const struct diagnosis *d, struct text node)
{
    bool affected =
        text_equal_nocase(node, TEXT("affected node")) || text_equal_nocase(node, TEXT("affected nodes"));
    if (!affected || d->node_count == 0)
        return node;
    struct text names = words_of_nodes(&t->arena, d);
    return text_keep_format(&t->arena, "%.*s: %.*s", TEXT_ARG(node), TEXT_ARG(names));
}

static void steps(struct text_report *t, const struct diagnosis *d)
{
    const struct article *a = d->article;
    for (size_t i = 0; i < a->remediation_count; i++) {
        char number[32];
        struct text node = step_node(t, d, a->remediation[i].node), words = a->remediation[i].text;
        snprintf(number, sizeof number, "%zu. ", i + 1);
        if (node.n > 0)
            words = text_keep_format(&t->arena, "[%.*s] %.*s", TEXT_ARG(node), TEXT_ARG(words));
        layout_item(&t->l, INDENT, number, STYLE_PLAIN, words);
    }
}

static void texts(struct text_report *t, const struct text *items, size_t count, const char *marker,
                  enum style style)
{
    for (size_t i = 0; i < count; i++)
        layout_item(&t->l, INDENT, marker, style, items[i]);
}

/* Every line of it as it has to be typed. */
static void command(struct text_report *t, struct text command)
{
    for (command = text_trim(command); command.n > 0;) {
        size_t end = text_find_char(command, '\n');
        layout_begin(&t->l, 3 * INDENT, 3 * INDENT);
        layout_whole(&t->l, STYLE_COMMAND, (struct text){ command.p, end });
        layout_end(&t->l);
        command = text_from_index(command, end + 1);
    }
}

static void what_to_do(struct text_report *t, const struct diagnosis *d)
{
    const struct article *a = d->article;
    if (a->cause.n > 0) {
        subheading(t, "Cause");
        layout_item(&t->l, INDENT, "", STYLE_PLAIN, a->cause);
    }
    if (a->remediation_count + a->warning_count > 0) {
        subheading(t, "What to do");
        steps(t, d);
        texts(t, a->warnings, a->warning_count, "! Warning: ", STYLE_WARN);
    }
    if (a->verify_count > 0) {
        subheading(t, "How to see that it helped");
        texts(t, a->verify, a->verify_count, "* ", STYLE_PLAIN);
    }
}

static void what_would_settle_it(struct text_report *t, const struct article *a)
{
    if (a->settle_count > 0)
        subheading(t, "What would settle it");
    for (size_t i = 0; i < a->settle_count; i++) {
        layout_item(&t->l, INDENT, "* ", STYLE_PLAIN, a->settles[i].question);
        command(t, a->settles[i].command);
    }
}

static void related(struct text_report *t, const struct article *a)
{
    if (a->related_count > 0)
        subheading(t, "Related articles");
    for (size_t i = 0; i < a->related_count; i++) {
        const struct article *other = kb_find(t->r->kb, a->related[i].id);
        layout_begin(&t->l, INDENT, 2 * INDENT);
        layout_whole(&t->l, STYLE_STRONG, a->related[i].id);
        if (other) {
            layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
            layout_words(&t->l, STYLE_PLAIN, other->title);
        }
        layout_end(&t->l);
        layout_item(&t->l, 2 * INDENT, "", STYLE_PLAIN, a->related[i].why);
    }
}

void text_diagnosis(struct text_report *t, const struct diagnosis *d, bool brief)
{
    head(t, d, brief);
    evidence_list(t, &d->for_it, "Evidence for it", "+ ", brief);
    evidence_list(t, &d->against, "Evidence against it", "- ", brief);
    evidence_list(t, &d->missing, "Missing evidence", "? ", brief);
    if (t->options->explain)
        explain_score(t, d);
    what_to_do(t, d);
    what_would_settle_it(t, d->article);
    related(t, d->article);
}

static void considered(struct text_report *t, const struct diagnosis *d)
{
    struct text nodes = words_of_nodes(&t->arena, d);
    layout_begin(&t->l, INDENT, 2 * INDENT);
    layout_whole(&t->l, STYLE_STRONG, d->article->id);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_words(&t->l, STYLE_PLAIN, d->article->title);
    layout_words(&t->l, STYLE_PLAIN,
                 text_keep_format(&t->arena, " (%.*s%s%d points)", TEXT_ARG(nodes), nodes.n > 0 ? ", " : "",
                                  d->score));
    layout_end(&t->l);
    for (size_t i = 0; i < d->against.count; i++)
        layout_item(&t->l, 2 * INDENT, "- ", STYLE_PLAIN, d->against.items[i].text);
    for (size_t i = 0; i < d->missing.count; i++) {
        layout_item(&t->l, 2 * INDENT, "? missing: ", STYLE_PLAIN, d->missing.items[i].text);
        remark(t, "", d->missing.items[i].gap);
    }
    if (t->options->explain)
        explain_score(t, d);
}

void text_considered(struct text_report *t)
{
    const struct diagnoses *d = t->r->diagnoses;
    if (d->considered_count > 0)
        text_heading(t, "Considered and ruled out");
    for (size_t i = 0; i < d->considered_count; i++)
        considered(t, &d->considered[i]);
}
