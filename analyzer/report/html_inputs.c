/*
 * What was read: files, checksums, nodes, logs, intervals, losses.
 */
#include <inttypes.h>

#include "report/html.h"
#include "report/node_words.h"

#define COVERAGE_ROWS 64u /* nodes and channels of one input */

static void count_cell(struct html *h, uint64_t n)
{
    html_raw(h, "<td class=\"n\">");
    html_number(h, n);
    html_raw(h, "</td>");
}

static void file_cell(struct html *h, const struct input_result *in)
{
    html_raw(h, "<td><code>");
    html_name(h, text_equal(in->path, TEXT("-")) ? TEXT("standard input") : in->path);
    html_raw(h, "</code><small>");
    if (in->format.n) {
        html_text(h, in->format);
        html_raw(h, ", ");
        html_text(h, words_of_count(&h->arena, in->size, "byte", "bytes"));
    } else {
        html_raw(h, "was not read");
    }
    html_raw(h, "</small>");
    if (in->sha256.n) {
        html_raw(h, "<small>SHA-256 <code>");
        html_text(h, in->sha256);
        html_raw(h, "</code></small>");
    }
    html_raw(h, "</td>");
}

/* What is wrong with it, in its own words. */
static void notices(struct html *h, const struct notices *all)
{
    for (size_t i = 0; i < all->count; i++) {
        html_format(h, "<li>%s %d: ", notice_severity_name(notice_severity(all->items[i].code)),
                    notice_number(all->items[i].code));
        html_text(h, words_of_notice(&h->arena, h->r->rules, &all->items[i]));
        html_raw(h, "</li>\n");
    }
}

static void coverage_rows(struct html *h, const struct input_result *in)
{
    size_t rows = 0, rest = 0;
    html_raw(h, "<td>");
    for (const struct coverage *c = in->coverage; c; c = c->next) {
        if (rows++ >= COVERAGE_ROWS) {
            rest++;
            continue;
        }
        html_raw(h, "<div><b>");
        html_name(h, c->node);
        html_raw(h, "</b> ");
        html_name(h, c->channel.n ? c->channel : TEXT("log"));
        html_raw(h, ": ");
        html_interval_in(h, zone_of_name(h->r, h->zone, c->node), c->first, c->last);
        html_raw(h, ", ");
        html_text(h, words_of_count(&h->arena, c->events, "event", "events"));
        html_raw(h, "</div>");
    }
    if (rest)
        html_format(h, "<div>and %zu more nodes or channels</div>", rest);
    if (in->notices.count) {
        html_raw(h, "<ul class=\"notices\">");
        notices(h, &in->notices);
        html_raw(h, "</ul>");
    }
    html_raw(h, "</td>");
}

static void input(struct html *h, const struct input_result *in)
{
    html_raw(h, "<tr>");
    file_cell(h, in);
    coverage_rows(h, in);
    count_cell(h, in->account.promised);
    count_cell(h, in->account.decoded);
    count_cell(h, in->account.lost);
    count_cell(h, in->account.recovered);
    html_raw(h, "</tr>\n");
    sink_drain(h->sink);
}

static void other_files(struct html *h)
{
    html_raw(h, "<p class=\"soft\">");
    html_text(h, words_of_count(&h->arena, h->r->not_logs, "other file", "other files"));
    html_raw(h, " in the folders: no event logs by their content.</p>\n");
}

void html_inputs(struct html *h)
{
    const struct partial *p = h->r->partial;
    html_raw(h, "<div class=\"wide\"><table><thead><tr><th>File</th><th>What it covers</th><th "
                "class=\"n\">Records<br>promised</th>"
                "<th class=\"n\">decoded</th><th class=\"n\">lost</th><th "
                "class=\"n\">recovered</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < p->input_count && i < HTML_ROWS; i++)
        input(h, p->inputs[i]);
    html_raw(h, "</tbody></table></div>\n");
    if (p->input_count > HTML_ROWS)
        html_format(h, "<p class=\"soft\">and %zu more files, left out here; JSON has them</p>\n",
                    p->input_count - HTML_ROWS);
    if (h->r->not_logs)
        other_files(h);
    if (h->r->notices && h->r->notices->count) {
        html_raw(h, "<ul class=\"notices\">");
        notices(h, h->r->notices);
        html_raw(h, "</ul>\n");
    }
}

/* When it was down, what its logs lack, steps of its clock. */
static void log_words(struct html *h, const struct node *n)
{
    struct node_words words = node_words_of_logs(&h->arena, node_zone(h->zone, n), n);
    if (words.count == 0)
        return;
    html_raw(h, "<ul class=\"notes\">");
    for (size_t i = 0; i < words.count && i < COVERAGE_ROWS; i++) {
        html_raw(h, "<li>");
        html_text(h, words.items[i]);
        html_raw(h, "</li>");
    }
    if (words.count > COVERAGE_ROWS)
        html_format(h, "<li>and %zu more</li>", words.count - COVERAGE_ROWS);
    html_raw(h, "</ul>");
}

static void clock_words(struct html *h, const struct node *n)
{
    bool corrected;
    struct text words = node_words_of_clock(&h->arena, node_zone(h->zone, n), n, &corrected);
    html_raw(h, corrected ? "<span class=\"warn\">" : "<span>");
    html_text(h, words);
    html_raw(h, "</span>");
    struct text zone = node_words_of_zone(&h->arena, h->zone, n);
    html_raw(h, zone.n ? "<div>" : "");
    html_text(h, zone);
    html_raw(h, zone.n ? "</div>" : "");
}

static void node(struct html *h, const struct node *n)
{
    html_raw(h, "<tr><td><b>");
    html_name(h, n->name);
    html_raw(h, "</b></td><td>");
    html_text(h, n->os_count ? n->os[n->os_count - 1].text : TEXT("unknown"));
    html_raw(h, "</td><td>");
    html_interval_in(h, node_zone(h->zone, n), n->first, n->last);
    log_words(h, n);
    html_raw(h, "</td><td>");
    clock_words(h, n);
    html_raw(h, "</td></tr>\n");
    sink_drain(h->sink);
}

static void unseen(struct html *h, const struct unseen_node *u)
{
    html_raw(h, "<tr><td><b>");
    html_name(h, u->name);
    html_raw(h, "</b></td><td colspan=\"3\"><span class=\"warn\">No log was given.</span> Named by ");
    html_event_link(h, u->hit);
    html_raw(h, "</td></tr>\n");
}

static void missing(struct html *h, struct text name)
{
    html_raw(h, "<tr><td><b>");
    html_name(h, name);
    html_raw(h, "</b></td><td colspan=\"3\"><span class=\"warn\">Expected, and no log is there.</span></td></tr>\n");
}

void html_nodes(struct html *h)
{
    const struct timeline *t = h->r->timeline;
    html_raw(h, "<h3 id=\"nodes\">Nodes</h3>\n<div "
                "class=\"wide\"><table><thead><tr><th>Node</th><th>System</th><th>Logs cover</th>"
                "<th>Clock</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < t->node_count && i < HTML_ROWS; i++)
        node(h, t->nodes[i]);
    for (size_t i = 0; i < h->r->diagnoses->unseen_count; i++)
        unseen(h, &h->r->diagnoses->unseen[i]);
    for (size_t i = 0; i < h->r->missing_count && i < HTML_ROWS; i++)
        missing(h, h->r->missing[i]);
    html_raw(h, "</tbody></table></div>\n");
}
