/*
 * kb_why_not.c - `evscan kb why-not ARTICLE PATH...`: how near the logs come to an article, and what is in its way.
 */
#include "cli/kb.h"

#include <inttypes.h>

#include "cli/analysis.h"
#include "cli/cmd.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "corr/node_zone.h"
#include "kb/applies.h"
#include "kb/why_not.h"
#include "report/report_facts.h"
#include "scan/scan.h"

static const char *const form_words[] = { "text", "json", NULL };
enum why_not_form { FORM_TEXT, FORM_JSON };

/* Events shown for one piece of evidence. */
#define EVENTS_SHOWN 4

struct why_not_run {
    struct arena arena;
    struct analysis analysis;
    struct option_list rest, logs;
    const struct article *article;
    struct why_not answer;
    struct layout l;

    /* as the command line says it */
    const char *zone_given, *codepage;
    struct zone zone;
    int form;
    unsigned threads; /* 0: not given */
};

static const struct option_spec why_not_specs[] = {
    WORD_OPTION("format", 'o', struct why_not_run, form, form_words, "FORM", "text or json (text)"),
    TEXT_OPTION("tz", 0, struct why_not_run, zone_given, "ZONE", "of times: UTC, +02:00, local, Europe/Berlin, or "
                "node: that of the node (UTC)"),
    TEXT_OPTION("codepage", 0, struct why_not_run, codepage, "NAME", "of ANSI texts in .evtx logs (windows-1252)"),
    NUMBER_OPTION("threads", 0, struct why_not_run, threads, 1, MAX_THREADS, "N", "workers (as many as processors)"),
    FLAG_OPTION("quiet", 'q', struct why_not_run, analysis.quiet, "no progress and no warnings on standard error"),
};

const struct page kb_why_not_page = {
    .name = "kb why-not",
    .usages = { "kb why-not ARTICLE PATH... [options]" },
    .about = "Says how near these logs come to an article: of all times that it could be about\n"
             "the one that comes nearest, and there each piece of its evidence, whether it is\n"
             "there, what was looked for, and when it is missing whether the logs could have\n"
             "shown it.  PATH is a log, a folder with logs in it, or - for standard input.\n",
    .groups = { OPTION_GROUP(why_not_specs, 0), OPTION_GROUP(analysis_specs, offsetof(struct why_not_run, analysis)) },
    .end = "Exit status: 0; 2 some input could not be read; 64 usage, or no such article; 65\n"
           "no logs, 66 no input, 73 no output, 78 a mistake in a rule file.\n",
    .manual = "evscan-kb",
};

static const struct zone *zone_here(const struct why_not_run *run)
{
    return node_zone(&run->zone, run->answer.node);
}

static struct text moment(struct why_not_run *run, uint64_t time)
{
    return words_of_time(&run->arena, zone_here(run), time);
}

/* "30 min", where a measured span would have its seconds as well. */
static struct text round_span(int64_t ticks, char *out)
{
    static const char *const nothing[] = { " 00 s", " 00 min", " 0 h" };
    struct text t = time_span((uint64_t)(ticks < 0 ? -ticks : ticks), out);
    for (size_t i = 0; i < COUNT_OF(nothing); i++)
        if (text_ends_with(t, text_from(nothing[i])))
            t.n -= strlen(nothing[i]);
    return t;
}

/* "within 30 min of it", "10 min before to 5 min after it": where the window lies, seen from the anchor. */
static struct text window_words(struct arena *arena, const struct evidence_item *item)
{
    char from[TIME_ISO_ROOM], to[TIME_ISO_ROOM];
    struct text ends[] = { round_span(item->from, from), round_span(item->to, to) };
    if (item->from == -item->to)
        return text_keep_format(arena, "within %.*s of it", TEXT_ARG(ends[1]));
    if (item->from == 0)
        return text_keep_format(arena, "up to %.*s after it", TEXT_ARG(ends[1]));
    if (item->to == 0)
        return text_keep_format(arena, "up to %.*s before it", TEXT_ARG(ends[0]));
    return text_keep_format(arena, "%.*s %s to %.*s %s it", TEXT_ARG(ends[0]), item->from < 0 ? "before" : "after",
                            TEXT_ARG(ends[1]), item->to < 0 ? "before" : "after");
}

static struct text rules_words(struct why_not_run *run, const struct evidence_item *item)
{
    struct buf words;
    buf_init(&words);
    for (size_t i = 0; i < item->rule_count; i++) {
        buf_add_c(&words, i ? ", " : "");
        buf_add(&words, ruleset_called(run->analysis.knowledge.rules, item->rules[i]));
    }
    struct text kept = text_keep(&run->arena, buf_text(&words));
    buf_done(&words);
    return kept;
}

/* "clussvc-1058, on the same node, 10 min before to 5 min after it". */
static struct text looked_for(struct why_not_run *run, const struct evidence_item *item, bool anchor)
{
    struct arena *arena = &run->arena;
    struct text what = item->rule_count ? rules_words(run, item) : TEXT("a clock that is off by more than it may be");
    if (anchor)
        return text_keep_format(arena, "%.*s, on any node, at any time: the rest is seen from there", TEXT_ARG(what));
    struct text where = item->node.text.n ? item->node.text : TEXT("same");
    struct text when = window_words(arena, item);
    struct text more = item->at_least > 1 ? text_keep_format(arena, "%" PRIu32 " of ", item->at_least) : TEXT("");
    return text_keep_format(arena, "%s%.*s%.*s, on node: %.*s, %.*s", item->absent ? "no " : "", TEXT_ARG(more),
                            TEXT_ARG(what), TEXT_ARG(where), TEXT_ARG(when));
}

/* For it, against it, or nobody knows. */
static const char *sign_of(const struct why_not_run *run, const struct why_not_item *one)
{
    bool against = one->found.item->kind == EVIDENCE_AGAINST, found = one->state == EVIDENCE_FOUND;
    if (!run->answer.node || one->state == EVIDENCE_UNKNOWN)
        return "? ";
    return against == found ? "- " : "+ ";
}

/* Without an anchor nothing else was asked. */
static const char *state_word(const struct why_not_run *run, enum evidence_state state)
{
    static const char *const words[] = { [EVIDENCE_FOUND] = "found", [EVIDENCE_NOT_FOUND] = "missing",
                                         [EVIDENCE_UNKNOWN] = "unknown", [EVIDENCE_CONTRADICTED] = "not so" };
    return words[run->answer.node ? state : EVIDENCE_UNKNOWN];
}

static void hits_put(struct why_not_run *run, const struct evidence_found *found)
{
    const struct timeline *t = &run->analysis.timeline;
    for (size_t i = 0; i < found->hit_count && i < EVENTS_SHOWN; i++) {
        const struct event *e = found->hits[i]->event;
        const struct node *node = t->node_of[found->hits[i] - t->hits];
        struct text time = words_of_time(&run->arena, node_zone(&run->zone, node), e->key.time);
        layout_item(&run->l, 6, "", STYLE_PLAIN,
                    text_keep_format(&run->arena, "%.*s  %.*s  record %" PRIu64 "  %.*s %.*s", TEXT_ARG(node->name),
                                     TEXT_ARG(time), e->key.record_id, TEXT_ARG(e->key.provider),
                                     TEXT_ARG(e->event_id)));
    }
    if (found->hits_seen > EVENTS_SHOWN)
        layout_item(&run->l, 6, "", STYLE_PLAIN,
                    text_keep_format(&run->arena, "and %zu more", found->hits_seen - EVENTS_SHOWN));
}

static void item_put(struct why_not_run *run, const struct why_not_item *one, bool anchor)
{
    const struct evidence_item *item = one->found.item;
    bool found = one->state == EVIDENCE_FOUND;
    struct text gap = words_of_gap(&run->arena, zone_here(run), &one->found);
    layout_item(&run->l, 2, sign_of(run, one), STYLE_PLAIN,
                text_keep_format(&run->arena, "%s (%d points): %.*s", state_word(run, one->state), item->weight,
                                 TEXT_ARG(item->text)));
    layout_item(&run->l, 4, "looked for: ", STYLE_PLAIN, looked_for(run, item, anchor));
    if (item->instead && !found)
        layout_item(&run->l, 4, "or instead: ", STYLE_PLAIN, looked_for(run, item->instead, anchor));
    if (!found && gap.n)
        layout_item(&run->l, 4, "the logs: ", STYLE_WARN, gap);
    else if (!found && run->answer.node && one->state == EVIDENCE_NOT_FOUND)
        layout_item(&run->l, 4, "the logs: ", STYLE_PLAIN, TEXT("they cover that time, and have no such event"));
    hits_put(run, &one->found);
}

static void items_put(struct why_not_run *run, enum evidence_kind kind, const char *heading)
{
    const struct why_not *w = &run->answer;
    bool any = false;
    for (size_t i = 0; i < w->item_count; i++) {
        if (w->items[i].found.item->kind != kind)
            continue;
        if (!any)
            layout_blank(&run->l), layout_item(&run->l, 0, "", STYLE_STRONG, text_from(heading));
        any = true;
        item_put(run, &w->items[i], w->items[i].found.item == &w->article->evidence[0]);
    }
}

static bool is_in(const struct diagnosis *items, size_t count, const struct article *article)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].article == article)
            return true;
    return false;
}

/* What the report makes of a diagnosis that is one by its points. */
static const char *place_in_report(const struct diagnoses *d, const struct article *a)
{
    if (is_in(d->items, d->count, a))
        return "so the report names it";
    if (is_in(d->consequences.items, d->consequences.count, a))
        return "and the report names it as a consequence of another one";
    if (is_in(d->beaten.items, d->beaten.count, a))
        return "but another article fits as well and says more: the report names that one first";
    if (is_in(d->closed.items, d->closed.count, a))
        return "but it was fixed since: the report names it among what is over";
    if (is_in(d->noise.items, d->noise.count, a))
        return "which is no trouble: the report names it as noise";
    return "but the limit of diagnoses was reached before it";
}

static struct text verdict(struct why_not_run *run)
{
    const struct why_not *w = &run->answer;
    struct arena *arena = &run->arena;
    if (!w->article->evidence_count)
        return TEXT("No event tells it: evscan cannot see it in a log, and offers the article for reading only.");
    if (!w->node)
        return TEXT("Nothing to start from: none of the events that it begins with is in the logs.");
    if (w->confidence != CONFIDENCE_NONE)
        return text_keep_format(arena, "It is there: %s, %d of 100 points, %s.", confidence_name(w->confidence), w->score,
                                place_in_report(&run->analysis.diagnoses, w->article));
    if (!w->met)
        return text_keep_format(arena, "Not all that it needs is there; the pieces that are come to %d of 100 points.",
                                w->score);
    if (w->other_system)
        return text_keep_format(arena, "All that it needs is there, but %.*s runs %.*s, and the article is about %.*s.",
                                TEXT_ARG(w->node->name), TEXT_ARG(w->system),
                                TEXT_ARG(applies_text(arena, w->article)));
    return text_keep_format(arena, "All that it needs is there, but %d points are too few: possible begins at 20, "
                            "likely at 50, confirmed at 80.", w->score);
}

/* What there was to look at. */
static void nodes_put(struct why_not_run *run)
{
    const struct timeline *t = &run->analysis.timeline;
    layout_blank(&run->l);
    layout_item(&run->l, 0, "", STYLE_STRONG, TEXT("What the logs cover"));
    for (size_t i = 0; i < t->node_count; i++) {
        const struct zone *zone = node_zone(&run->zone, t->nodes[i]);
        struct text first = words_of_time(&run->arena, zone, t->nodes[i]->first);
        struct text last = words_of_time(&run->arena, zone, t->nodes[i]->last);
        layout_item(&run->l, 2, "", STYLE_PLAIN,
                    text_keep_format(&run->arena, "%.*s: %.*s to %.*s", TEXT_ARG(t->nodes[i]->name), TEXT_ARG(first),
                                     TEXT_ARG(last)));
    }
}

static void answer_put(struct why_not_run *run)
{
    const struct why_not *w = &run->answer;
    struct layout *l = &run->l;
    layout_item(l, 0, "", STYLE_STRONG,
                text_keep_format(&run->arena, "%.*s  %.*s", TEXT_ARG(w->article->id), TEXT_ARG(w->article->title)));
    layout_item(l, 0, "", STYLE_PLAIN, verdict(run));
    if (w->node) {
        struct text first = moment(run, w->first), last = moment(run, w->last);
        layout_item(l, 0, "", STYLE_PLAIN,
                    text_keep_format(&run->arena, "Nearest of %zu time%s: on %.*s, %.*s to %.*s%s%.*s", w->episodes,
                                     w->episodes == 1 ? "" : "s", TEXT_ARG(w->node->name), TEXT_ARG(first),
                                     TEXT_ARG(last), w->system.n ? "; it runs " : "", TEXT_ARG(w->system)));
    }
    items_put(run, EVIDENCE_NEEDS, "It needs");
    items_put(run, EVIDENCE_SUPPORTS, "It is supported by");
    items_put(run, EVIDENCE_AGAINST, "Against it would be");
    nodes_put(run);
    if (w->article->evidence_count && !w->node) {
        layout_blank(l);
        layout_item(l, 0, "", STYLE_PLAIN,
                    text_keep_format(&run->arena, "The event that comes nearest to a rule: evscan rules why-not %.*s %s%s",
                                     TEXT_ARG(ruleset_called(run->analysis.knowledge.rules,
                                                             w->article->evidence[0].rules[0])),
                                     run->logs.items[0], run->logs.count > 1 ? " .." : ""));
    }
}

static void item_json(struct why_not_run *run, const struct why_not_item *one, struct json *j)
{
    static const char *const kinds[] = { [EVIDENCE_NEEDS] = "needs", [EVIDENCE_SUPPORTS] = "supports",
                                         [EVIDENCE_AGAINST] = "against" };
    const struct evidence_item *item = one->found.item;
    const struct zone utc = { .name = NULL };
    json_object(j, NULL);
    json_text(j, "kind", text_from(kinds[item->kind]));
    json_text(j, "state", text_from(state_word(run, one->state)));
    json_text(j, "text", item->text);
    json_signed(j, "points", item->weight);
    json_text(j, "looked_for", looked_for(run, item, item == &run->answer.article->evidence[0]));
    struct text gap = one->state == EVIDENCE_FOUND ? TEXT("") : words_of_gap(&run->arena, &utc, &one->found);
    json_text_or_null(j, "gap", gap);
    json_array(j, "events");
    for (size_t i = 0; i < one->found.hit_count; i++) {
        const struct hit *hit = one->found.hits[i];
        json_object(j, NULL);
        json_text(j, "node", run->analysis.timeline.node_of[hit - run->analysis.timeline.hits]->name);
        json_time(j, "time", hit->event->key.time);
        json_unsigned(j, "record", hit->event->key.record_id);
        json_text(j, "provider", hit->event->key.provider);
        json_text(j, "event_id", hit->event->event_id);
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}

static void answer_json(struct why_not_run *run, struct buf *out)
{
    const struct why_not *w = &run->answer;
    struct json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "article", w->article->id);
    json_text(&j, "title", w->article->title);
    json_text(&j, "verdict", verdict(run));
    json_text(&j, "confidence", text_from(confidence_name(w->confidence)));
    json_signed(&j, "score", w->score);
    json_unsigned(&j, "times", w->episodes);
    json_text_or_null(&j, "node", w->node ? w->node->name : TEXT(""));
    json_text_or_null(&j, "system", w->system);
    json_time(&j, "first", w->first);
    json_time(&j, "last", w->last);
    json_array(&j, "evidence");
    for (size_t i = 0; i < w->item_count; i++)
        item_json(run, &w->items[i], &j);
    json_array_end(&j);
    json_object_end(&j);
}

static bool answer_print(struct why_not_run *run)
{
    struct buf out;
    unsigned width = output_columns();
    buf_init(&out);
    layout_init(&run->l, &out, width && width < 200 ? width : 80, false);
    if (run->form == FORM_JSON)
        answer_json(run, &out);
    else
        answer_put(run);
    layout_done(&run->l);
    if (run->form == FORM_TEXT)
        buf_add(&out, interruption_line());
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    return written;
}

static void logs_scan(struct why_not_run *run)
{
    struct analysis *a = &run->analysis;
    struct path_list paths;
    const struct scan_options options = { .threads = run->threads ? run->threads : threads_default() };
    inputs_collect(&run->logs, &run->arena, &paths);
    progress_begin(&paths, PROGRESS_SILENT, a->quiet);
    a->status = scan_run(&options, a->knowledge.rules, &paths, &a->partial, &a->not_logs);
    progress_end();
    inputs_explain(&a->partial, &run->logs, a->not_logs, &run->arena);
    inputs_losses_explain(&a->partial, &run->arena);
    packed_explain(&run->arena, &paths, &a->partial);
}

static int answer(struct why_not_run *run)
{
    struct analysis *a = &run->analysis;
    run->article = kb_article_named(&run->arena, a->knowledge.kb, text_from(run->rest.items[0]));
    if (!run->article)
        return EXIT_USAGE_ERROR;
    logs_scan(run);
    int nothing = inputs_nothing_read(&a->partial, a->not_logs);
    if (nothing)
        return nothing;
    analysis_diagnose(a);
    why_not_make(&run->arena, &a->timeline, run->article, &run->answer);
    if (run->answer.exhausted)
        output_error("kb why-not: there was more to look at than the limit allows: some of it counts as missing");
    if (!answer_print(run))
        return EXIT_NO_OUTPUT;
    return a->knowledge.diags.errors ? EXIT_RULES : a->status > ST_OK ? EXIT_INCOMPLETE : EXIT_NOTHING_FOUND;
}

static int command_parse(struct why_not_run *run, int argc, char **argv)
{
    struct text error;
    int status = page_parse(&run->arena, &kb_why_not_page, run, argc, argv, &run->rest);
    if (status != PAGE_GO_ON)
        return status;
    if (run->rest.count < 2)
        return page_mistake(&kb_why_not_page, TEXT("name an article and logs, for example evscan kb why-not Q251284 "
                                                   "node1.evt node2.evt"));
    if (!codepage_parse(&run->arena, run->codepage, &error) ||
        !zone_choose(&run->arena, run->zone_given, &run->zone, &error))
        return page_mistake(&kb_why_not_page, error);
    run->logs = (struct option_list){ run->rest.items + 1, run->rest.count - 1 };
    return PAGE_GO_ON;
}

int kb_why_not(int argc, char **argv)
{
    struct why_not_run run = { .form = FORM_TEXT };
    arena_init(&run.arena);
    int status = command_parse(&run, argc, argv);
    if (status == PAGE_GO_ON) {
        status = analysis_begin(&run.analysis, &run.arena) ? answer(&run) : EXIT_RULES;
        analysis_end(&run.analysis);
    }
    arena_done(&run.arena);
    return status;
}
