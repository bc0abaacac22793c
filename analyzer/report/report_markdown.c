/*
 * The form markdown: what is pasted into a ticket.
 */
#include "report/report_markdown.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "form/markdown.h"
#include "form/text_layout.h"
#include "report/cautions.h"
#include "report/credit.h"
#include "report/explained.h"
#include "report/finding_groups.h"
#include "report/report_news.h"

void md_raw(struct markdown *m, const char *markup)
{
    buf_add_c(m->out, markup);
}

void md_format(struct markdown *m, const char *format, ...)
{
    char line[256]; /* numbers between literals */
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buf_add_c(m->out, line);
}

void md_text(struct markdown *m, struct text t)
{
    struct buf cut;
    buf_init(&cut);
    text_cut(&cut, t, MARKDOWN_PROSE);
    markdown_text(m->out, buf_text(&cut));
    buf_done(&cut);
}

/* Cut: a ticket is no place for a long value. */
void md_code(struct markdown *m, struct text t)
{
    struct buf cut;
    buf_init(&cut);
    text_cut(&cut, t, MARKDOWN_COLUMNS);
    markdown_code(m->out, buf_text(&cut));
    buf_done(&cut);
}

void md_interval(struct markdown *m, uint64_t first, uint64_t last)
{
    md_interval_in(m, m->zone, first, last);
}

void md_interval_in(struct markdown *m, const struct zone *zone, uint64_t first, uint64_t last)
{
    struct text from, to;
    words_of_ends(&m->arena, zone, first, last, &from, &to);
    md_text(m, from.n ? WORDS(&m->arena, from, TEXT(" to "), to) : to);
}

void md_event(struct markdown *m, const struct hit *hit)
{
    const struct event *e = hit->event;
    struct text says = words_of_event_and_errors(&m->arena, m->r, e);
    md_raw(m, "  - ");
    md_text(m, words_of_time(&m->arena, zone_of_hit(m->r, m->zone, hit), e->key.time));
    md_raw(m, " ");
    md_code(m, hit_node(m->r, hit));
    md_format(m, " record %" PRIu64 " ", e->key.record_id);
    md_code(m, WORDS(&m->arena, e->key.provider, TEXT(" "), e->event_id));
    md_raw(m, says.n ? ": " : "");
    md_code(m, says);
    md_raw(m, "\n");
}

static void cautions(struct markdown *m)
{
    struct cautions all;
    cautions_find(&m->arena, &m->facts, &all);
    for (size_t i = 0; i < all.count; i++) {
        md_raw(m, "\n> **Caution:** ");
        md_text(m, all.items[i]);
        md_raw(m, ".\n");
    }
}

static void verdict(struct markdown *m)
{
    md_raw(m, "## ");
    md_text(m, m->facts.headline);
    md_raw(m, "\n\n");
    md_text(m, m->facts.sentence);
    md_raw(m, m->facts.fitting.n ? "\n" : "");
    md_text(m, m->facts.fitting);
    md_raw(m, "\n");
    cautions(m);
}

static void brief(struct markdown *m, const char *title, const struct diagnosis *items, size_t count)
{
    if (count == 0)
        return;
    md_format(m, "\n### %s\n\n", title);
    for (size_t i = 0; i < count && i < MARKDOWN_ROWS; i++) {
        md_raw(m, "- ");
        md_text(m, WORDS(&m->arena, items[i].article->id, TEXT("  "), items[i].article->title, TEXT(" ("),
                         words_of_nodes(&m->arena, &items[i])));
        md_format(m, ", %d points)\n", items[i].score);
    }
    if (count > MARKDOWN_ROWS)
        md_format(m, "- and %zu more\n", count - MARKDOWN_ROWS);
}

static void diagnoses(struct markdown *m)
{
    const struct diagnoses *d = m->r->diagnoses;
    size_t shown = d->count < MARKDOWN_DIAGNOSES ? d->count : MARKDOWN_DIAGNOSES;
    for (size_t i = 0; i < shown; i++)
        md_diagnosis(m, &d->items[i], i);
    if (d->count > shown)
        brief(m, "Further explanations, by rank", d->items + shown, d->count - shown);
    brief(m, "Already fixed", d->closed.items, d->closed.count);
    brief(m, "Explained, and no trouble", d->noise.items, d->noise.count);
}

void md_rule(struct markdown *m, uint32_t rule)
{
    const struct rule_info *info = ruleset_info(m->r->rules, rule);
    struct text authors = words_of_authors(&m->arena, m->r->rules, rule);
    md_raw(m, " (rule ");
    md_text(m, info->id);
    md_raw(m, authors.n ? info->author.n ? " by " : ", " : "");
    md_text(m, authors);
    md_raw(m, ")");
}

static void explained(struct markdown *m)
{
    struct text words = words_of_explained(&m->arena, &m->facts, "JSON and HTML list them");
    md_raw(m, words.n ? "\n" : "");
    md_text(m, words);
    md_raw(m, words.n ? "\n" : "");
}

static void findings(struct markdown *m)
{
    struct finding_groups all = finding_groups_of(&m->arena, m->r, m->facts.shown);
    if (all.count == 0)
        return;
    md_format(m, "\n### %s\n\n| Level | Finding | Node | Events | When |\n|---|---|---|---:|---|\n",
              m->r->diagnoses->count ? "Findings beside the diagnosis" : "Findings");
    for (size_t i = 0; i < all.count && i < MARKDOWN_ROWS; i++) {
        const struct finding_group *g = &all.items[i];
        md_format(m, "| %s | ", rule_level_name(g->rule->level));
        md_text(m, g->rule->title);
        md_rule(m, g->rule_index);
        md_raw(m, " | ");
        md_text(m, g->node);
        md_format(m, " | %zu | ", g->count);
        md_interval_in(m, zone_of_hit(m->r, m->zone, g->hits[0]), g->hits[0]->event->key.time,
                       g->hits[g->count - 1]->event->key.time);
        md_raw(m, " |\n");
    }
    if (all.count > MARKDOWN_ROWS)
        md_format(m, "\nand %zu more kinds.\n", all.count - MARKDOWN_ROWS);
}

static void inputs(struct markdown *m)
{
    const struct partial *p = m->r->partial;
    md_raw(m, "\n### What was read\n\n");
    for (size_t i = 0; i < p->input_count && i < MARKDOWN_ROWS; i++) {
        const struct input_result *in = p->inputs[i];
        md_raw(m, "- ");
        md_code(m, in->path);
        md_format(m, ": %" PRIu64 " records decoded, %" PRIu64 " lost", in->account.decoded, in->account.lost);
        if (in->account.first) {
            md_raw(m, ", ");
            md_interval(m, in->account.first, in->account.last);
        }
        if (in->sha256.n) {
            md_raw(m, "; SHA-256 ");
            md_code(m, in->sha256);
        }
        md_raw(m, "\n");
    }
    if (p->input_count > MARKDOWN_ROWS)
        md_format(m, "- and %zu more files\n", p->input_count - MARKDOWN_ROWS);
    for (size_t i = 0; i < m->r->diagnoses->unseen_count; i++) {
        md_raw(m, "- no log was given of ");
        md_code(m, m->r->diagnoses->unseen[i].name);
        md_raw(m, "\n");
    }
    for (size_t i = 0; i < m->r->missing_count && i < MARKDOWN_ROWS; i++) {
        md_raw(m, "- expected, and no log is there: ");
        md_code(m, m->r->missing[i]);
        md_raw(m, "\n");
    }
    md_format(m, "\nevscan %s; times are ", m->r->version);
    md_text(m, text_from(zone_name(m->zone)));
    md_raw(m, ".\n");
}

static void whole(struct markdown *m)
{
    verdict(m);
    diagnoses(m);
    findings(m);
    explained(m);
    brief(m, "Considered as well", m->r->diagnoses->considered, m->r->diagnoses->considered_count);
}

static void markdown_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct markdown m = { .r = r, .zone = &options->zone, .sink = out, .out = &out->text };
    arena_init(&m.arena);
    report_facts_find(&m.arena, r, options, &m.facts);
    if (r->news)
        md_news(&m);
    if (!r->news || r->news->seen)
        whole(&m);
    inputs(&m);
    arena_done(&m.arena);
}

const struct report_form report_markdown = {
    .name = "markdown",
    .write = markdown_write,
};
