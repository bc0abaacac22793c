/*
 * The form csv: one table for a spreadsheet, a row for each piece of news of a night, for each input that was not read
 * whole, for each diagnosis and for each finding.
 */
#include <inttypes.h>

#include "form/csv.h"
#include "report/credit.h"
#include "report/report_news.h"

static const char head[] = "kind,confidence,points,level,id,title,nodes,first,last,events,provider,event_id,record,input,"
                           "explained_by,rule_id,author,text";

struct table {
    const struct report *r;
    struct report_facts facts;
    const struct zone *zone;
    struct sink *sink;
    struct buf *out;
    struct buf scratch;
    struct arena arena;
};

static void cell(struct table *t, struct text words)
{
    csv_text(t->out, &t->scratch, words);
    buf_add_char(t->out, ',');
}

static void number(struct table *t, uint64_t n)
{
    buf_add_format(t->out, "%" PRIu64 ",", n);
}

static void moment(struct table *t, const struct zone *zone, uint64_t filetime)
{
    char room[TIME_ISO_ROOM];
    if (filetime)
        buf_add(t->out, zone_time(zone, filetime, room));
    buf_add_char(t->out, ',');
}

static void row_end(struct table *t, struct text words)
{
    csv_text(t->out, &t->scratch, text_trim(words));
    csv_end(t->out);
    sink_drain(t->sink);
}

/* All names: a spreadsheet has room. */
static struct text names_of(struct table *t, const struct text *names, size_t count)
{
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < count; i++) {
        buf_add_c(&all, i ? " " : "");
        buf_add(&all, names[i]);
    }
    struct text kept = text_keep(&t->arena, buf_text(&all));
    buf_done(&all);
    return kept;
}

static struct text nodes_of(struct table *t, const struct diagnosis *d)
{
    return names_of(t, d->troubled, d->troubled_count);
}

static void diagnosis(struct table *t, const char *kind, const struct diagnosis *d)
{
    cell(t, text_from(kind));
    cell(t, text_from(confidence_name(d->confidence)));
    buf_add_format(t->out, "%d,", d->score);
    cell(t, text_from(rule_level_name(d->article->level)));
    cell(t, d->article->id);
    cell(t, d->article->title);
    cell(t, nodes_of(t, d));
    moment(t, t->zone, d->first);
    moment(t, t->zone, d->last);
    number(t, d->anchors.count);
    buf_add_c(t->out, ",,,,,,,"); /* of one event, and of a rule */
    row_end(t, d->article->summary);
}

static void diagnoses(struct table *t, const char *kind, const struct diagnosis *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        diagnosis(t, kind, &items[i]);
}

static void finding(struct table *t, size_t at)
{
    const struct hit *hit = &t->r->timeline->hits[at];
    const struct rule_info *rule = hit_rule(t->r, hit);
    const struct event *e = hit->event;
    const struct zone *zone = hit->alert ? t->zone : zone_of_hit(t->r, t->zone, hit);
    cell(t, TEXT("finding"));
    buf_add_c(t->out, ",,"); /* confidence and points are those of diagnoses */
    cell(t, text_from(rule_level_name(rule->level)));
    cell(t, rule->name.n ? rule->name : rule->id);
    cell(t, rule->title);
    cell(t, hit_node(t->r, hit));
    moment(t, zone, hit->alert ? hit->alert->first : e->key.time);
    moment(t, zone, hit->alert ? hit->alert->last : e->key.time);
    number(t, hit->alert ? hit->alert->hit_count : 1);
    cell(t, e->key.provider);
    cell(t, e->event_id);
    number(t, e->key.record_id);
    cell(t, hit->input->path);
    cell(t, *hit_explained_by(&t->facts, at));
    cell(t, rule->id);
    cell(t, words_of_authors(&t->arena, t->r->rules, hit->rule));
    row_end(t, words_of_event_and_errors(&t->arena, t->r, e));
}

static void findings(struct table *t)
{
    struct arena_mark mark = arena_mark(&t->arena);
    for (size_t i = 0; i < t->r->timeline->hit_count; i++) {
        if (hit_is_finding(t->r, &t->r->timeline->hits[i]))
            finding(t, i);
        arena_rewind(&t->arena, mark);
    }
}

/* The row says in its last cell what is missing. */
static void incomplete(struct table *t, struct text node, struct text input, struct text words)
{
    cell(t, TEXT("incomplete"));
    buf_add_c(t->out, ",,,,,"); /* of diagnoses and rules */
    cell(t, node);
    buf_add_c(t->out, ",,,,,,"); /* of events */
    cell(t, input);
    buf_add_c(t->out, ",,,");
    row_end(t, words);
}

static void news_item(struct table *t, const char *kind, const struct report_news_item *item)
{
    uint32_t rule;
    bool of_rule = news_rule(t->r->rules, item, &rule);
    struct text why = news_reason(&t->arena, t->zone, item);
    cell(t, text_from(kind));
    cell(t, text_from(item->confidence ? item->confidence : ""));
    buf_add_char(t->out, ','); /* points are those of diagnoses */
    cell(t, text_from(rule_level_name(item->level)));
    cell(t, item->id);
    cell(t, item->title);
    cell(t, names_of(t, item->nodes, item->node_count));
    moment(t, t->zone, item->first_seen);
    moment(t, t->zone, item->last_seen);
    number(t, item->occurrences);
    buf_add_c(t->out, ",,,,,"); /* of one event */
    cell(t, of_rule ? ruleset_info(t->r->rules, rule)->id : TEXT(""));
    cell(t, of_rule ? words_of_authors(&t->arena, t->r->rules, rule) : TEXT(""));
    row_end(t, item->reason.n ? why : WORDS(&t->arena, text_from(item->kind), TEXT(": "),
                                            news_confidence(&t->arena, item), why.n ? TEXT("; ") : TEXT(""), why));
}

static void news(struct table *t)
{
    const struct report_news *all = t->r->news;
    struct arena_mark mark = arena_mark(&t->arena);
    for (size_t i = 0; i < all->count; i++) {
        news_item(t, i < all->told ? "news" : "suppressed", &all->items[i]);
        arena_rewind(&t->arena, mark);
    }
    for (size_t i = 0; i < all->remark_count; i++) {
        buf_add_c(t->out, "remark,,,,,,,,,,,,,,,,,"); /* it has words only */
        row_end(t, all->remarks[i]);
    }
}

/* The first loss that was noticed of it. */
static struct text loss_of(struct table *t, const struct input_result *in)
{
    for (size_t i = 0; i < in->notices.count; i++)
        if (notice_severity(in->notices.items[i].code) == NOTICE_LOSS_LEVEL)
            return notice_text(&t->arena, &in->notices.items[i]);
    return TEXT("some of its records could not be read");
}

static void losses(struct table *t)
{
    struct arena_mark mark = arena_mark(&t->arena);
    for (size_t i = 0; i < t->r->partial->input_count; i++) {
        const struct input_result *in = t->r->partial->inputs[i];
        if (input_is_damaged(in))
            incomplete(t, TEXT(""), in->path, loss_of(t, in));
        arena_rewind(&t->arena, mark);
    }
    for (size_t i = 0; i < t->r->missing_count; i++)
        incomplete(t, t->r->missing[i], TEXT(""), TEXT("no log of this node is there; it is expected"));
}

static void csv_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct table t = { .r = r, .zone = &options->zone, .sink = out, .out = &out->text };
    const struct diagnoses *d = r->diagnoses;
    buf_init(&t.scratch);
    arena_init(&t.arena);
    report_facts_find(&t.arena, r, options, &t.facts);
    buf_add_c(t.out, head);
    csv_end(t.out);
    if (r->news)
        news(&t);
    losses(&t);
    diagnoses(&t, "diagnosis", d->items, d->count);
    diagnoses(&t, "consequence", d->consequences.items, d->consequences.count);
    diagnoses(&t, "beaten", d->beaten.items, d->beaten.count);
    diagnoses(&t, "closed", d->closed.items, d->closed.count);
    diagnoses(&t, "noise", d->noise.items, d->noise.count);
    findings(&t);
    arena_done(&t.arena);
    buf_done(&t.scratch);
}

const struct report_form report_csv = { .name = "csv", .file_head = "\xEF\xBB\xBF", .write = csv_write };
