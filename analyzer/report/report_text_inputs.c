#include "report/report_text.h"

#include <inttypes.h>

#include "report/node_words.h"

/* Systems named for a node: one that was upgraded often within its log says the last ones. */
#define SYSTEMS_SHOWN 4

static void system_line(struct text_report *t, const struct zone *zone, const struct os_fact *os, bool with_time)
{
    layout_begin(&t->l, 4, 4);
    layout_words(&t->l, STYLE_PLAIN, os->text);
    if (with_time) {
        layout_words(&t->l, STYLE_PLAIN, TEXT(", seen from "));
        layout_whole(&t->l, STYLE_PLAIN, words_of_time(&t->arena, zone, os->time));
    }
    layout_end(&t->l);
}

static bool says_something_new(const struct os_fact *os)
{
    return os[-1].version != os->version || os[-1].service_pack != os->service_pack;
}

/* A node says the same at every start; told is when it first said what it says last, and what it said before.
 */
static void systems(struct text_report *t, const struct node *n)
{
    size_t shown = 0;
    for (size_t i = n->os_count; i-- > 0 && shown < text_most(t, SYSTEMS_SHOWN);)
        if (i == 0 || says_something_new(&n->os[i])) {
            system_line(t, node_zone(&t->options->zone, n), &n->os[i], i > 0 || shown > 0);
            shown++;
        }
    if (n->os_count == 0)
        layout_item(&t->l, 4, "", STYLE_PLAIN, TEXT("system and service pack unknown"));
}

/* What its logs lack, when it was down, and what was assumed about its clock. */
static void remarks(struct text_report *t, const struct node *n)
{
    bool corrected;
    struct node_words words = node_words_of_logs(&t->arena, node_zone(&t->options->zone, n), n);
    for (size_t i = 0; i < words.count; i++)
        layout_item(&t->l, 4, "", STYLE_PLAIN, words.items[i]);
    struct text clock = node_words_of_clock(&t->arena, node_zone(&t->options->zone, n), n, &corrected);
    if (clock.n)
        layout_item(&t->l, 4, "", corrected ? STYLE_WARN : STYLE_PLAIN, clock);
    struct text zone = node_words_of_zone(&t->arena, &t->options->zone, n);
    if (zone.n)
        layout_item(&t->l, 4, "", STYLE_PLAIN, zone);
}

static void node(struct text_report *t, const struct node *n)
{
    char span[TIME_ISO_ROOM];
    layout_begin(&t->l, 2, 4);
    layout_whole(&t->l, STYLE_STRONG, n->name.n > 0 ? n->name : TEXT("(unnamed)"));
    layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
    text_interval_in(t, node_zone(&t->options->zone, n), n->first, n->last);
    if (n->last > n->first) {
        layout_words(&t->l, STYLE_PLAIN, TEXT(" "));
        struct text words = time_span(n->last - n->first, span);
        layout_whole(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, "(%.*s)", TEXT_ARG(words)));
    }
    layout_end(&t->l);
    systems(t, n);
    remarks(t, n);
}

static void input_title(struct text_report *t, const struct input_result *in)
{
    struct text size = words_of_count(&t->arena, in->size, "byte", "bytes");
    layout_begin(&t->l, 2, 4);
    layout_whole(&t->l, STYLE_STRONG, text_equal(in->path, TEXT("-")) ? TEXT("standard input") : in->path);
    if (in->format.n > 0)
        layout_words(&t->l, STYLE_PLAIN,
                     WORDS(&t->arena, TEXT(" ("), in->format, TEXT(", "), size, TEXT(")")));
    else
        layout_words(&t->l, STYLE_WARN, TEXT(" was not read"));
    layout_end(&t->l);
}

static void part(struct text_report *t, uint64_t n, const char *what)
{
    struct text number = words_of_number(&t->arena, n);
    layout_words(&t->l, STYLE_PLAIN, TEXT(", "));
    layout_whole(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, "%.*s %s", TEXT_ARG(number), what));
}

static void part_if_any(struct text_report *t, uint64_t n, const char *what)
{
    if (n > 0)
        part(t, n, what);
}

static void records(struct text_report *t, const struct account *a)
{
    layout_begin(&t->l, 4, 6);
    struct text promised = words_of_count(&t->arena, a->promised, "record", "records");
    layout_whole(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, "%.*s promised", TEXT_ARG(promised)));
    part(t, a->decoded, "decoded");
    part_if_any(t, a->partial, "torn");
    part(t, a->lost, "lost");
    part(t, a->recovered, "recovered");
    part_if_any(t, a->by_source[EVENT_CARVED], "in chunks without a file header");
    part_if_any(t, a->by_source[EVENT_STALE], "of an older generation");
    part_if_any(t, a->by_source[EVENT_SLACK], "old ones in unused space");
    part_if_any(t, a->by_source[EVENT_HIDDEN], "hidden");
    part_if_any(t, a->by_source[EVENT_LIBYAL], "old ones that libyal recovered");
    part_if_any(t, a->duplicates, "with findings also in another log and counted there");
    part_if_any(t, a->skipped_bytes, "bytes skipped");
    layout_end(&t->l);
}

static void coverage(struct text_report *t, const struct coverage *c)
{
    layout_begin(&t->l, 4, 6);
    layout_whole(&t->l, STYLE_PLAIN, c->node.n > 0 ? c->node : TEXT("(unnamed)"));
    if (c->channel.n > 0) {
        layout_words(&t->l, STYLE_PLAIN, TEXT(" "));
        layout_whole(&t->l, STYLE_PLAIN, c->channel);
    }
    layout_words(&t->l, STYLE_PLAIN, TEXT(": "));
    text_interval_in(t, zone_of_name(t->r, &t->options->zone, c->node), c->first, c->last);
    struct text events = words_of_count(&t->arena, c->events, "event", "events");
    layout_words(&t->l, STYLE_PLAIN, TEXT(", "));
    layout_whole(&t->l, STYLE_PLAIN, events);
    layout_end(&t->l);
}

/* Channels and nodes named for an input: a collector's log may hold hundreds. */
#define COVERAGE_SHOWN 8

static void coverages(struct text_report *t, const struct coverage *c)
{
    size_t rest = 0;
    for (size_t i = 0; c; c = c->next, i++) {
        if (i < text_most(t, COVERAGE_SHOWN))
            coverage(t, c);
        else
            rest++;
    }
    if (rest > 0)
        layout_item(&t->l, 4, "", STYLE_PLAIN,
                    text_keep_format(&t->arena, "and %zu more nodes or channels", rest));
}

static void notice(struct text_report *t, const struct notices *all, const struct notice *n)
{
    enum notice_severity severity = notice_severity(n->code);
    layout_begin(&t->l, 4, 6);
    layout_words(&t->l, severity == NOTICE_INFO_LEVEL ? STYLE_PLAIN : STYLE_WARN,
                 text_keep_format(&t->arena, "notice %d (%s)", notice_number(n->code),
                                  notice_severity_name(severity)));
    if (n->offset != NOTICE_NO_OFFSET)
        layout_words(&t->l, STYLE_PLAIN, text_keep_format(&t->arena, " at byte %" PRIu64, n->offset));
    layout_words(&t->l, STYLE_PLAIN, TEXT(": "));
    layout_words(&t->l, STYLE_PLAIN, words_of_notice(&t->arena, t->r->rules, n));
    if (all->seen[n->code] > 1)
        layout_words(
            &t->l, STYLE_PLAIN,
            text_keep_format(&t->arena, " (%" PRIu32 " times, the first one shown)", all->seen[n->code]));
    layout_end(&t->l);
}

/* The first of each kind, in order of appearance. */
static void notices(struct text_report *t, const struct notices *all)
{
    bool said[NOTICE_CODES] = { false };
    for (size_t i = 0; i < all->count; i++) {
        const struct notice *n = &all->items[i];
        if (!said[n->code])
            notice(t, all, n);
        said[n->code] = true;
    }
}

static void input(struct text_report *t, const struct input_result *in)
{
    input_title(t, in);
    if (in->format.n > 0)
        records(t, &in->account);
    if (in->sha256.n > 0)
        layout_item(&t->l, 4, "sha256 ", STYLE_PLAIN, in->sha256);
    if (t->options->detail > DETAIL_LOW)
        coverages(t, in->coverage);
    if (in->status >= ST_LOST_INPUT && in->format.n > 0)
        layout_item(&t->l, 4, "", STYLE_BAD, TEXT("could not be read any further"));
    notices(t, &in->notices);
}

/* What evscan looked with. */
static void knowledge(struct text_report *t)
{
    const struct report *r = t->r;
    size_t all = ruleset_count(t->r->rules), apply = all - ruleset_not_applicable(t->r->rules);
    struct text dropped = words_of_count(&t->arena, t->r->partial->hits_dropped, "hit was", "hits were");
    layout_blank(&t->l);
    if (t->r->partial->hits_dropped > 0)
        layout_item(&t->l, 0, "", STYLE_WARN,
                    WORDS(&t->arena, dropped, TEXT(" counted but not kept, because a limit was reached.")));
    if (t->r->notices)
        notices(t, t->r->notices);
    if (r->mistakes > 0)
        layout_item(&t->l, 0, "", STYLE_WARN,
                    WORDS(&t->arena, words_of_count(&t->arena, r->mistakes, "mistake", "mistakes"),
                          TEXT(" in the rule files: what they are part of was not used.")));
    layout_item(&t->l, 0, "", STYLE_PLAIN,
                text_keep_format(&t->arena,
                                 "evscan %s with %zu of %zu rules and %zu articles.  All times are %s.",
                                 t->r->version, apply, all, kb_count(t->r->kb), zone_name(&t->options->zone)));
}

/* Nodes that the logs speak of without being there themselves. */
static void unseen(struct text_report *t)
{
    const struct diagnoses *d = t->r->diagnoses;
    for (size_t i = 0; i < d->unseen_count; i++) {
        const struct unseen_node *u = &d->unseen[i];
        layout_begin(&t->l, 2, 4);
        layout_whole(&t->l, STYLE_STRONG, u->name);
        layout_words(&t->l, STYLE_WARN, TEXT("  no log was given"));
        layout_words(&t->l, STYLE_PLAIN, TEXT("; named by "));
        layout_whole(&t->l, STYLE_PLAIN, hit_node(t->r, u->hit));
        layout_words(&t->l, STYLE_PLAIN,
                     text_keep_format(&t->arena, ", record %" PRIu64, u->hit->event->key.record_id));
        layout_end(&t->l);
    }
}

/* Nodes that the cluster is said to have. */
static void missing(struct text_report *t)
{
    for (size_t i = 0; i < t->r->missing_count; i++) {
        layout_begin(&t->l, 2, 4);
        layout_whole(&t->l, STYLE_STRONG, t->r->missing[i]);
        layout_words(&t->l, STYLE_WARN, TEXT("  expected, and no log is there"));
        layout_end(&t->l);
    }
}

static void nodes(struct text_report *t)
{
    if (t->r->timeline->node_count > 0)
        text_heading(t, "Nodes");
    for (size_t i = 0; i < t->r->timeline->node_count; i++)
        node(t, t->r->timeline->nodes[i]);
}

void text_inputs(struct text_report *t)
{
    text_heading(t, "What was read");
    for (size_t i = 0; i < t->r->partial->input_count; i++)
        input(t, t->r->partial->inputs[i]);
    if (t->r->partial->input_count + t->r->not_logs == 0)
        layout_item(&t->l, INDENT, "", STYLE_PLAIN, TEXT("Nothing: there was no file."));
    if (t->r->not_logs > 0)
        layout_item(&t->l, INDENT, "", STYLE_PLAIN,
                    WORDS(&t->arena, words_of_count(&t->arena, t->r->not_logs, "other file", "other files"),
                          TEXT(" in the folders: no event logs by their content.")));
    if (t->options->detail > DETAIL_LOW)
        nodes(t);
    unseen(t);
    missing(t);
    knowledge(t);
}
