/* Metrics for the textfile collector of Prometheus: exposition format 0.0.4. */
#include "report/report.h"

#include <inttypes.h>

#include "base/utf.h"
#include "report/credit.h"
#include "report/open_troubles.h"
#include "report/report_news.h"

struct metrics {
    const struct report *r;
    struct buf *out;
    struct text cluster;
};

static void head(struct metrics *m, const char *name, const char *help)
{
    buf_add_format(m->out, "# HELP evscan_%s %s\n# TYPE evscan_%s gauge\n", name, help, name);
}

/*
 * Control characters are \x01 here, and so is a backslash (\x5c): names that differ stay different.  Two samples with
 * the same labels cost the collector the whole file, or all its metrics.
 */
static void value_put(struct buf *out, struct text value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c < ' ' || c == 0x7F || c == '\\')
            buf_add_format(out, "\\\\x%02x", c);
        else
            buf_add_c(out, c == '"' ? "\\\"" : (char[]){ (char)c, '\0' });
    }
}

static void label(struct metrics *m, const char *name, struct text value)
{
    buf_add_format(m->out, "%s%s=\"", m->out->p[m->out->n - 1] == '{' ? "" : ",", name);
    value_put(m->out, utf8_valid(value) ? value : TEXT("(no text)"));
    buf_add_char(m->out, '"');
}

static void sample_begin(struct metrics *m, const char *name)
{
    buf_add_format(m->out, "evscan_%s{", name);
    label(m, "cluster", m->cluster);
}

static void sample_end(struct metrics *m, uint64_t value)
{
    buf_add_format(m->out, "} %" PRIu64 "\n", value);
}

static void sample(struct metrics *m, const char *name, const char *help, uint64_t value)
{
    head(m, name, help);
    sample_begin(m, name);
    sample_end(m, value);
}

static void troubles(struct metrics *m, const struct open_troubles *all, bool diagnoses)
{
    const char *name = diagnoses ? "diagnosis" : "findings";
    head(m, name, diagnoses ? "Open diagnoses: how often each happened." : "Events that no diagnosis explains.");
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->items[i].node_count && all->items[i].diagnosis == diagnoses; k++) {
            const struct open_trouble *t = &all->items[i];
            sample_begin(m, name);
            label(m, "node", t->nodes[k]);
            label(m, diagnoses ? "article" : "rule", t->what);
            label(m, "level", text_from(rule_level_name(t->level)));
            if (diagnoses)
                label(m, "confidence", text_from(t->confidence));
            sample_end(m, t->occurrences);
        }
}

/* Who wrote the rules, once each: as labels of evscan_findings they would make new series whenever a rule is edited. */
static void rules_info(struct metrics *m, struct arena *a, const struct open_troubles *all)
{
    bool *told = ARENA_NEW_N(a, bool, ruleset_count_all(m->r->rules));
    uint32_t rule;
    head(m, "rule_info", "The rules of evscan_findings: always 1.");
    for (size_t i = 0; i < all->count; i++) {
        const struct open_trouble *t = &all->items[i];
        if (t->diagnosis || !ruleset_find_any(m->r->rules, t->what, &rule) || told[rule])
            continue;
        told[rule] = true;
        sample_begin(m, "rule_info");
        label(m, "rule", t->what);
        label(m, "rule_id", ruleset_info(m->r->rules, rule)->id);
        label(m, "author", words_of_authors(a, m->r->rules, rule));
        label(m, "title", ruleset_info(m->r->rules, rule)->title);
        sample_end(m, 1);
    }
}

static void records(struct metrics *m)
{
    struct account all = { 0 };
    size_t unread = 0;
    for (size_t i = 0; i < m->r->partial->input_count; i++) {
        account_add(&all, &m->r->partial->inputs[i]->account);
        unread += m->r->partial->inputs[i]->status >= ST_LOST_INPUT;
    }
    sample(m, "records_read", "Records read in this run.", all.decoded + all.partial);
    sample(m, "records_unreadable", "Records met in this run that could not be used.", all.lost);
    sample(m, "inputs_read", "Files read in this run.", m->r->partial->input_count);
    sample(m, "inputs_unreadable", "Of them those that could not be read.", unread);
    sample(m, "inputs_unchanged", "Files that were as they had been.", m->r->news ? m->r->news->unchanged : 0);
}

static void gaps(struct metrics *m)
{
    head(m, "gap_seconds", "Time that logs of a node do not cover, between their first and their last record.");
    for (size_t i = 0; i < m->r->timeline->node_count; i++)
        for (size_t k = 0; k < m->r->timeline->nodes[i]->log_count; k++) {
            const struct node_log *log = &m->r->timeline->nodes[i]->logs[k];
            uint64_t gap = 0;
            for (size_t h = 0; h < log->hole_count; h++)
                gap += log->holes[h].to > log->holes[h].from ? log->holes[h].to - log->holes[h].from : 0;
            sample_begin(m, "gap_seconds");
            label(m, "node", m->r->timeline->nodes[i]->name);
            label(m, "channel", log->channel);
            sample_end(m, gap / TICKS_PER_SECOND);
        }
}

static uint64_t unix_seconds(uint64_t filetime)
{
    return filetime > TICKS_1970 ? (filetime - TICKS_1970) / TICKS_PER_SECOND : 0;
}

static bool is_success(const struct report *r)
{
    return report_is_whole(r) && !r->mistakes && !r->failed;
}

/* Of runs that remember nothing, this one or none. */
static uint64_t success_of(const struct report *r)
{
    return r->news ? r->news->success : is_success(r) ? r->began : 0;
}

static void prometheus_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct metrics m = { r, &out->text, r->news ? r->news->cluster : TEXT("") };
    struct arena arena;
    arena_init(&arena);
    struct open_troubles all = open_troubles_of(&arena, r);
    uint64_t now = r->news ? r->news->now : r->began;
    troubles(&m, &all, true);
    troubles(&m, &all, false);
    rules_info(&m, &arena, &all);
    records(&m);
    gaps(&m);
    sample(&m, "last_run_timestamp_seconds", "When this run began.", unix_seconds(now));
    sample(&m, "last_run_complete", "1 when all was there and could be read.", is_success(r));
    if (success_of(r))
        sample(&m, "last_success_timestamp_seconds", "When the last run began that was complete and is remembered.",
               unix_seconds(success_of(r)));
    sample(&m, "nodes_missing", "Nodes that are expected and that no log is of.", r->missing_count);
    arena_done(&arena);
    UNUSED(options);
}

const struct report_form report_prometheus = { .name = "prometheus", .always = true, .write = prometheus_write };
