/*
 * The form html: one page that a person can send, print and read without a network.
 */
#include <inttypes.h>

#include "io/checksum.h"
#include "report/cautions.h"
#include "report/html.h"

static const char style[] =
#include "report/report.css.inc"
    ;

static const char script[] =
#include "report/report.js.inc"
    ;

static void policy_source(struct html *h, const char *directive, const char *content)
{
    char room[SHA256_BASE64_ROOM];
    struct sha256 sum = sha256_of(text_from(content));
    html_format(h, "%s 'sha256-", directive);
    html_text(h, sha256_base64(&sum, room));
    html_raw(h, "'; ");
}

/* Nothing is loaded from anywhere, and only these two constants can style or run. */
static void policy(struct html *h)
{
    html_raw(h, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    policy_source(h, "style-src", style);
    policy_source(h, "script-src", script);
    html_raw(h, "base-uri 'none'; form-action 'none'\">\n");
}

static void title(struct html *h)
{
    html_raw(h, "<title>evscan: ");
    html_text(h, h->facts.headline);
    html_raw(h, "</title>\n");
}

static void head(struct html *h)
{
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    policy(h);
    html_raw(h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
                "content=\"no-referrer\">\n");
    title(h);
    html_raw(h, "<style>");
    html_raw(h, style);
    html_raw(h, "</style>\n</head>\n<body>\n");
}

static void contents(struct html *h)
{
    static const char *const parts[][2] = {
        { "timeline", "Timeline" }, { "diagnoses", "Diagnoses" }, { "todo", "What to do" },
        { "findings", "Findings" }, { "events", "Events" },       { "read", "What was read" },
        { "rules", "Rules" },       { "about", "About" },
    };
    html_raw(h, "<nav aria-label=\"Contents\">");
    html_raw(h, h->r->news ? "<a href=\"#news\">News</a> " : "");
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        html_format(h, "<a href=\"#%s\">%s</a> ", parts[i][0], parts[i][1]);
    html_raw(h, "</nav>\n");
}

static void cautions(struct html *h)
{
    struct cautions all;
    cautions_find(&h->arena, &h->facts, &all);
    for (size_t i = 0; i < all.count; i++) {
        html_raw(h, "<p class=\"caution\">");
        html_text(h, all.items[i]);
        html_raw(h, i == 0 && all.read_says_more ? "; see <a href=\"#read\">what was read</a>.</p>\n" : ".</p>\n");
    }
}

/* "2 nodes · 53 events in 2 logs · 1999-04-10 to 1999-04-12 · 13 findings, 11 of them explained" */
static void figures(struct html *h)
{
    const struct report_facts *f = &h->facts;
    html_raw(h, "<p class=\"figures\"><span>");
    html_text(h, words_of_count(&h->arena, h->r->timeline->node_count, "node", "nodes"));
    html_raw(h, "</span> <span>");
    html_text(h, words_of_count(&h->arena, f->total.decoded + f->total.partial, "event", "events"));
    html_raw(h, " in ");
    html_text(h, words_of_count(&h->arena, f->logs, "log", "logs"));
    html_raw(h, "</span> <span>");
    if (f->total.first)
        html_text(h, words_of_days(&h->arena, h->zone, f->total.first, f->total.last));
    html_raw(h, "</span> <span>");
    html_text(h, words_of_count(&h->arena, f->findings + f->explained, "finding", "findings"));
    if (f->explained) {
        html_raw(h, ", ");
        html_text(h, f->findings ? words_of_number(&h->arena, f->explained) : TEXT(""));
        html_raw(h, f->findings ? " of them explained" : "explained");
    }
    html_raw(h, "</span></p>\n");
}

/* Broken between words only: "CLUS-B" is one, a date is. */
static void whole_words(struct html *h, struct text words)
{
    for (words = text_trim(words); words.n > 0;) {
        size_t end = text_find_char(words, ' ');
        html_raw(h, "<span class=\"whole\">");
        html_text(h, (struct text){ words.p, end });
        html_raw(h, end < words.n ? "</span> " : "</span>");
        words = text_from_index(words, end < words.n ? end + 1 : end);
    }
}

/* What broke in large letters, then how sure, where and when; or that nothing did. */
static void answer(struct html *h)
{
    const struct report_facts *f = &h->facts;
    const struct diagnoses *d = h->r->diagnoses;
    bool trouble = f->mood == MOOD_TROUBLE;
    struct text brief = trouble && d->items[0].article->brief.n ? d->items[0].article->brief : f->sentence;
    html_raw(h, "<h1>");
    whole_words(h, trouble ? brief : f->headline);
    html_raw(h, "</h1>\n<p class=\"sentence\">");
    whole_words(h, trouble ? f->headline : f->sentence);
    html_raw(h, f->fitting.n ? " " : "");
    html_text(h, f->fitting);
    html_raw(h, "</p>\n");
}

static void verdict(struct html *h)
{
    static const char *const moods[] = { "trouble", "found", "calm", "blind" };
    html_format(h, "<header class=\"%s\" id=\"verdict\">\n<p class=\"brand\">evscan report</p>\n",
                moods[h->facts.mood]);
    answer(h);
    figures(h);
    cautions(h);
    html_raw(h, "</header>\n");
}

static void row(struct html *h, const char *name)
{
    html_format(h, "<tr><th>%s</th><td>", name);
}

static void command_line(struct html *h)
{
    if (h->r->argument_count == 0)
        return;
    row(h, "Command");
    html_raw(h, "<code>evscan");
    for (size_t i = 0; i < h->r->argument_count; i++) {
        html_raw(h, " ");
        html_name(h, h->r->arguments[i]);
    }
    html_raw(h, "</code></td></tr>\n");
}

static void about(struct html *h)
{
    char span[TIME_ISO_ROOM];
    html_raw(h, "<table class=\"about\"><tbody>");
    row(h, "Version");
    html_format(h, "evscan %s</td></tr>\n", h->r->version);
    command_line(h);
    row(h, "Times");
    html_text(h, text_from(zone_name(h->zone)));
    html_raw(h, ", each with its offset</td></tr>\n");
    if (h->r->began) {
        row(h, "Run");
        html_time(h, h->r->began);
        html_raw(h, ", ");
        if (h->r->took < TICKS_PER_SECOND)
            html_format(h, "%u ms", (unsigned)(h->r->took / (TICKS_PER_SECOND / 1000)));
        else
            html_text(h, time_span(h->r->took, span));
        html_raw(h, "</td></tr>\n");
    }
    row(h, "Complete");
    html_raw(h, h->facts.interrupted ? "no: the run was interrupted"
                : h->r->incomplete   ? "no: some input could not be read whole"
                : h->r->outside      ? "no: no event lies between --from and --to"
                : h->r->missing_count ? "no: the logs of some nodes are missing" : "yes");
    html_raw(h, "</td></tr>\n</tbody></table>\n");
}

static void parts(struct html *h)
{
    html_raw(h, "<section id=\"timeline\"><h2>Timeline</h2>\n");
    html_timeline(h);
    html_news(h);
    html_section(h, "diagnoses", "Diagnoses");
    html_diagnoses(h);
    html_section(h, "todo", "What to do");
    html_checklist(h);
    html_section(h, "findings", "Findings");
    html_heat(h);
    html_findings(h);
    html_section(h, "events", "Events");
    html_events(h);
    html_section(h, "read", "What was read");
    html_inputs(h);
    html_nodes(h);
    html_section(h, "rules", "Rules");
    html_rules(h);
    html_section(h, "about", "About this report");
    about(h);
    html_raw(h, "</section>\n");
}

static void html_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct html h = { .r = r, .options = options, .zone = &options->zone, .sink = out, .out = &out->text };
    arena_init(&h.arena);
    report_facts_find(&h.arena, r, options, &h.facts);
    html_events_find(&h);
    html_lanes_find(&h);
    head(&h);
    html_raw(&h, "<svg class=\"patterns\" aria-hidden=\"true\"><pattern id=\"hatch\" width=\"6\" height=\"6\" "
                 "patternUnits=\"userSpaceOnUse\"><path d=\"M-1 7 7-1M-1 1 1-1M5 7 7 5\"/></pattern></svg>\n<main>\n");
    verdict(&h);
    contents(&h);
    parts(&h);
    html_raw(&h, "</main>\n<script>");
    html_raw(&h, script);
    html_raw(&h, "</script>\n</body>\n</html>\n");
    arena_done(&h.arena);
}

const struct report_form report_html = {
    .name = "html",
    .checksums = true,
    .hours = true,
    .write = html_write,
};
