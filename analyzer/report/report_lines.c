/*
 * The form jsonl: one object a line, whose only member says what it is about.
 *
 * Findings come while the logs are being read; they are not known yet to be explained, and times are those of the log.
 * What needs all of them follows: correlations, corrected clocks, diagnoses.  The last line is the verdict, so a reader knows
 * that nothing is missing.
 */
#include "report/report_json.h"
#include "report/report_news.h"

static void line_init(struct json *j, struct sink *out)
{
    json_init_sink(j, out);
    j->compact = true;
    json_object(j, NULL);
}

static void lines_begin(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct json j;
    UNUSED(options);
    line_init(&j, out);
    json_object(&j, "run");
    json_text(&j, "evscan", text_from(r->version));
    json_knowledge(&j, r);
    json_object_end(&j);
    json_object_end(&j);
}

static void lines_found(const struct report *r, const struct report_options *options, const struct hit *hit,
                        struct sink *out)
{
    struct json j;
    UNUSED(options);
    if (!hit_is_finding(r, hit))
        return;
    line_init(&j, out);
    json_finding(&j, "finding", r, hit, NULL);
    json_object_end(&j);
}

static void inputs(const struct report *r, struct sink *out)
{
    struct json j;
    for (size_t i = 0; i < r->partial->input_count; i++) {
        line_init(&j, out);
        json_input(&j, "input", r, r->partial->inputs[i]);
        json_object_end(&j);
    }
}

static void nodes(const struct report *r, struct sink *out)
{
    struct json j;
    for (size_t i = 0; i < r->timeline->node_count; i++) {
        line_init(&j, out);
        json_node(&j, "node", r->timeline->nodes[i]);
        json_object_end(&j);
    }
    for (size_t i = 0; i < r->diagnoses->unseen_count; i++) {
        line_init(&j, out);
        json_unseen(&j, "unseen", r, &r->diagnoses->unseen[i]);
        json_object_end(&j);
    }
}

static void missing(const struct report *r, struct sink *out)
{
    struct json j;
    for (size_t i = 0; i < r->missing_count; i++) {
        line_init(&j, out);
        json_text(&j, "missing", r->missing[i]);
        json_object_end(&j);
    }
}

/* Which of the findings above are explained: the same words that they were told in. */
static void explained(const struct report_facts *f, size_t at, struct sink *out)
{
    const struct report *r = f->report;
    struct json j;
    const struct hit *hit = &r->timeline->hits[at];
    line_init(&j, out);
    json_object(&j, "explained");
    json_text(&j, "rule", hit_rule(r, hit)->id);
    json_text(&j, "input", hit->input->path);
    json_unsigned(&j, "record", hit->event->key.record_id);
    json_unsigned(&j, "offset", hit->event->offset);
    json_text(&j, "explained_by", *hit_explained_by(f, at));
    json_object_end(&j);
    json_object_end(&j);
}

/* Of a correlation; or of a run that could not tell it before: a night, which first judges what is news. */
static void late_finding(const struct report_facts *f, size_t at, struct sink *out)
{
    const struct report *r = f->report;
    struct json j;
    line_init(&j, out);
    json_finding(&j, "finding", r, &r->timeline->hits[at], hit_explained_by(f, at));
    json_object_end(&j);
}

static void findings(const struct report_facts *f, struct sink *out)
{
    const struct report *r = f->report;
    const struct timeline *t = r->timeline;
    for (size_t i = 0; i < t->hit_count; i++) {
        if (!hit_is_finding(r, &t->hits[i]))
            continue;
        if (t->hits[i].alert || !r->told)
            late_finding(f, i, out);
        else if (hit_is_explained(f, i))
            explained(f, i, out);
    }
}

static void diagnoses(const struct report *r, struct sink *out, const char *key, const struct diagnosis *items,
                      size_t count,
                      void (*put)(struct json *, const char *, const struct report *, const struct diagnosis *))
{
    struct json j;
    for (size_t i = 0; i < count; i++) {
        line_init(&j, out);
        put(&j, key, r, &items[i]);
        json_object_end(&j);
    }
}

static void notices(const struct report *r, struct sink *out)
{
    struct json j;
    for (size_t i = 0; r->notices && i < r->notices->count; i++) {
        line_init(&j, out);
        json_notice(&j, "notice", r, r->notices, i);
        json_object_end(&j);
    }
}

/* Of a nightly run: what is told, what is suppressed, what happened to logs. */
static void news(const struct report *r, struct sink *out)
{
    struct json j;
    for (size_t i = 0; r->news && i < r->news->count; i++) {
        line_init(&j, out);
        json_news_item(&j, "news", &r->news->items[i]);
        json_object_end(&j);
    }
    for (size_t i = 0; r->news && i < r->news->remark_count; i++) {
        line_init(&j, out);
        json_text(&j, "remark", r->news->remarks[i]);
        json_object_end(&j);
    }
}

static void verdict(const struct report *r, const struct report_facts *f, struct sink *out)
{
    struct json j;
    line_init(&j, out);
    json_object(&j, "verdict");
    json_verdict(&j, "text", f);
    json_cautions(&j, f);
    json_bool(&j, "complete", report_is_whole(r));
    json_unsigned(&j, "findings", f->findings);
    json_unsigned(&j, "explained", f->explained);
    json_unsigned(&j, "diagnoses", r->diagnoses->count);
    json_unsigned(&j, "not_logs", r->not_logs);
    json_unsigned(&j, "hits_dropped", r->partial->hits_dropped);
    json_object_end(&j);
    json_object_end(&j);
}

static void lines_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    const struct diagnoses *d = r->diagnoses;
    struct report_options utc = *options;
    struct report_facts facts;
    struct arena arena;
    arena_init(&arena);
    utc.zone = (struct zone){ 0 };
    report_facts_find(&arena, r, &utc, &facts);
    inputs(r, out);
    nodes(r, out);
    missing(r, out);
    news(r, out);
    findings(&facts, out);
    notices(r, out);
    diagnoses(r, out, "diagnosis", d->items, d->count, json_diagnosis);
    diagnoses(r, out, "closed", d->closed.items, d->closed.count, json_diagnosis);
    diagnoses(r, out, "noise", d->noise.items, d->noise.count, json_diagnosis);
    diagnoses(r, out, "considered", d->considered, d->considered_count, json_considered);
    verdict(r, &facts, out);
    arena_done(&arena);
}

const struct report_form report_lines = {
    .name = "jsonl",
    .begin = lines_begin,
    .found = lines_found,
    .write = lines_write,
};
