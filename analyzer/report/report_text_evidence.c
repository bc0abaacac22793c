#include "report/report_text.h"

#include <inttypes.h>
#include <stdio.h>

/* Events shown for one piece of evidence; the JSON has all of them. */
#define HITS_SHOWN       6
#define HITS_SHOWN_BRIEF 1

/* Columns of what an event says: three lines of a narrow terminal. */
#define EVENT_COLUMNS 200u

/* Columns kept for the names of nodes above each other: NetBIOS names have 15 at most. */
#define NODE_COLUMNS 20u

/* Several items of evidence may rest on one event; once is enough to read what it says. */
static bool has_spoken(struct text_report *t, const struct event *e)
{
    for (size_t i = 0; i < t->spoken_count; i++)
        if (t->spoken[i] == e)
            return true;
    t->spoken = arena_grow(&t->arena, t->spoken, t->spoken_count, &t->spoken_capacity, sizeof *t->spoken);
    t->spoken[t->spoken_count++] = e;
    return false;
}

/* A path or a command is shorter and stays whole, to be copied. */
#define WORD_MOST  400u /* bytes */
#define WORD_BEGIN 60u  /* columns of what is longer */

/* What has no blank for longer than that would stand over the edge; of it the beginning and how much more. */
static void words_shorten(struct text_report *t, struct buf *out, struct text words)
{
    while (words.n) {
        size_t n = 0;
        while (n < words.n && words.p[n] != ' ' && words.p[n] != '\n')
            n++;
        struct text word = { words.p, n };
        if (n > WORD_MOST) {
            text_cut(out, word, WORD_BEGIN);
            unsigned left = text_columns(word) - (WORD_BEGIN - 3);
            struct text more = words_of_count(&t->arena, left, "more column", "more columns");
            buf_add_format(out, " (%.*s)", TEXT_ARG(more));
        } else {
            buf_add(out, word);
        }
        if (n < words.n)
            buf_add_char(out, words.p[n]);
        words = text_from_index(words, n + 1);
    }
}

void text_event_values(struct text_report *t, const struct event *e, unsigned indent)
{
    struct text words = words_of_event(&t->arena, e), errors = words_of_errors(&t->arena, t->r, e);
    struct buf cut;
    buf_init(&cut);
    if (t->options->detail == DETAIL_HIGH)
        words_shorten(t, &cut, words);
    else
        text_cut(&cut, words, EVENT_COLUMNS);
    if (words.n)
        layout_item(&t->l, indent, "says: ", STYLE_PLAIN, buf_text(&cut));
    layout_item(&t->l, indent, words.n ? "" : "says: ", STYLE_PLAIN, errors);
    buf_done(&cut);
}

static void event_says(struct text_report *t, const struct event *e)
{
    if (words_of_event_and_errors(&t->arena, t->r, e).n > 0 && !has_spoken(t, e))
        text_event_values(t, e, 3 * INDENT + 2);
}

void text_event_line(struct text_report *t, const struct hit *h, unsigned indent, unsigned node_columns)
{
    const struct event *e = h->event;
    struct text record = text_keep_format(&t->arena, "record %" PRIu64, e->key.record_id);
    struct text id =
        e->key.id == EVENT_ID_NONE ? e->event_id : text_keep_format(&t->arena, "%" PRIu32, e->key.id);
    layout_begin(&t->l, indent, indent + 2);
    layout_whole(&t->l, STYLE_STRONG, hit_node(t->r, h));
    layout_pad(&t->l, node_columns + 2);
    layout_whole(&t->l, STYLE_PLAIN, words_of_time(&t->arena, zone_of_hit(t->r, &t->options->zone, h), e->key.time));
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_whole(&t->l, STYLE_PLAIN, record);
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    layout_whole(&t->l, STYLE_PLAIN, e->key.provider);
    layout_words(&t->l, STYLE_PLAIN, TEXT(" "));
    layout_whole(&t->l, STYLE_PLAIN, id);
    if (e->source != EVENT_LIVE)
        layout_words(&t->l, STYLE_WARN,
                     WORDS(&t->arena, TEXT("  ("), text_from(event_source_name(e->source)), TEXT(")")));
    layout_end(&t->l);
    if (t->options->detail == DETAIL_HIGH)
        layout_item(&t->l, indent + 2, "in ", STYLE_PLAIN,
                    WORDS(&t->arena, h->input->path, text_keep_format(&t->arena, " at byte %" PRIu64, e->offset)));
}

static unsigned widest_node(const struct text_report *t, const struct evidence_found *e, size_t shown)
{
    unsigned widest = 0;
    for (size_t i = 0; i < shown; i++) {
        unsigned columns = text_columns(hit_node(t->r, e->hits[i]));
        widest = columns > widest ? columns : widest;
    }
    return widest < NODE_COLUMNS ? widest : NODE_COLUMNS;
}

static void further_events(struct text_report *t, const struct evidence_found *e, size_t shown)
{
    struct text more = words_of_count(&t->arena, e->hits_seen - shown, "more event", "more events");
    layout_item(&t->l, 3 * INDENT, "", STYLE_PLAIN, text_keep_format(&t->arena, "and %.*s", TEXT_ARG(more)));
}

/* Two diagnoses of one article may differ in nothing but the disk, or the node, that their anchors name. */
static bool names_trouble(const struct evidence_found *e, const struct article *article)
{
    return (article->about.count || article->trouble) && e->item == article->evidence;
}

static void events(struct text_report *t, const struct evidence_found *e, bool brief, bool speak)
{
    size_t most = text_most(t, brief ? HITS_SHOWN_BRIEF : HITS_SHOWN);
    size_t shown = e->hit_count > most ? most : e->hit_count;
    unsigned columns = widest_node(t, e, shown);
    for (size_t i = 0; i < shown; i++) {
        text_event_line(t, e->hits[i], 3 * INDENT, columns);
        if (speak)
            event_says(t, e->hits[i]->event);
    }
    if (shown < e->hits_seen)
        further_events(t, e, shown);
}

static void evidence(struct text_report *t, const struct evidence_found *e, const struct article *article,
                     const char *marker, bool brief)
{
    layout_item(&t->l, INDENT, marker, STYLE_PLAIN, e->text);
    if (e->item && e->item->inferred)
        text_remark(t, "inferred: ",
                    e->item->basis.n > 0 ? e->item->basis : TEXT("the article does not say so itself"));
    if (e->item && e->item->absent && e->points != 0)
        text_remark(t, "", TEXT("no such event is there, and the logs cover the time"));
    text_remark(t, "", words_of_gap(&t->arena, &t->options->zone, e));
    events(t, e, brief, !brief || names_trouble(e, article));
}

static void evidence_list(struct text_report *t, const struct evidence_list *list, const struct article *article,
                          const char *title, const char *marker, bool brief)
{
    if (list->count == 0)
        return;
    text_subheading(t, title);
    for (size_t i = 0; i < list->count; i++)
        evidence(t, &list->items[i], article, marker, brief);
}

void text_evidence(struct text_report *t, const struct diagnosis *d, bool brief)
{
    t->spoken_count = 0;
    evidence_list(t, &d->for_it, d->article, "Evidence for it", "+ ", brief);
    evidence_list(t, &d->against, d->article, "Evidence against it", "- ", brief);
    evidence_list(t, &d->missing, d->article, "Missing evidence", "? ", brief);
    evidence_list(t, &d->fixed, d->article, d->closed ? "Already fixed" : "Perhaps fixed already", "= ", brief);
}

static int sum_line(struct text_report *t, const struct evidence_found *e)
{
    char marker[32];
    snprintf(marker, sizeof marker, "%+5d  ", e->points);
    if (e->points != 0)
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
    if (d->confidence == CONFIDENCE_NONE && confidence_of(sum) > CONFIDENCE_NONE)
        return "; something that it needs is not there";
    if (d->unseen && d->confidence < confidence_of(sum))
        return "; what it needs of a log that was not given never makes more than possible";
    if (!d->closed && d->confidence < confidence_of(sum) && d->confidence == CONFIDENCE_LIKELY)
        return "; what speaks against it could not be looked for everywhere, so it is no more than likely";
    if (d->score == sum)
        return "";
    return sum > 100 ? "; 100 is the most" : sum < 0 ? "; 0 is the least" : "; limited";
}

static void missing_line(struct text_report *t, const struct evidence_found *e)
{
    bool could_add = e->item && e->item->kind != EVIDENCE_AGAINST && e->item->weight > 0;
    struct text would =
        could_add ? text_keep_format(&t->arena, " (would add %d)", e->item->weight) : TEXT("");
    layout_item(&t->l, INDENT, "   --  ", STYLE_PLAIN, WORDS(&t->arena, TEXT("missing: "), e->text, would));
}

void text_score(struct text_report *t, const struct diagnosis *d)
{
    char marker[32];
    text_subheading(t, "How the points add up");
    int sum = sum_list(t, &d->for_it) + sum_list(t, &d->against) + sum_list(t, &d->fixed);
    for (size_t i = 0; i < d->missing.count; i++)
        missing_line(t, &d->missing.items[i]);
    layout_item(&t->l, INDENT, "", STYLE_PLAIN, TEXT("-----"));
    snprintf(marker, sizeof marker, "%5d  ", sum);
    layout_item(&t->l, INDENT, marker, STYLE_PLAIN,
                text_keep_format(&t->arena, "%s%s%d of 100 points%s",
                                 d->confidence == CONFIDENCE_NONE ? "" : confidence_name(d->confidence),
                                 d->confidence == CONFIDENCE_NONE ? "" : ": ", d->score, cap_reason(d, sum)));
    layout_item(&t->l, INDENT, "", STYLE_PLAIN,
                TEXT("(confirmed from 80, likely from 50, possible from 20 points)"));
}
