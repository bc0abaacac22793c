#include "report/html.h"

#include <stdarg.h>
#include <stdio.h>

#include "form/escape.h"
#include "form/text_layout.h"

void html_raw(struct html *h, const char *markup)
{
    buf_add_c(h->out, markup);
}

void html_format(struct html *h, const char *format, ...)
{
    char line[512]; /* numbers between literals */
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buf_add_c(h->out, line);
}

/* Its beginning; no character is cut through. */
static struct text beginning(struct text t, size_t n)
{
    while (n > 0 && ((unsigned char)t.p[n] & 0xC0) == 0x80)
        n--;
    return (struct text){ t.p, n };
}

static size_t characters_of(struct text t)
{
    size_t count = 0;
    for (size_t i = 0; i < t.n; i++)
        count += ((unsigned char)t.p[i] & 0xC0) != 0x80;
    return count;
}

void html_text_cut(struct html *h, struct text t, size_t most)
{
    if (t.n <= most) {
        escape_html(h->out, t);
        return;
    }
    struct text seen = beginning(t, most);
    escape_html(h->out, seen);
    html_raw(h, "<i class=\"more\">\xE2\x80\xA6 ");
    escape_html(h->out, words_of_count(&h->arena, characters_of(text_from_index(t, seen.n)), "more character",
                                       "more characters"));
    html_raw(h, "</i>");
}

void html_text(struct html *h, struct text t)
{
    html_text_cut(h, t, HTML_TEXT);
}

void html_lines(struct html *h, struct text t)
{
    for (bool first = true; t.n > 0; first = false) {
        size_t end = text_find_char(t, '\n');
        if (!first)
            buf_add_char(h->out, '\n');
        html_text(h, (struct text){ t.p, end });
        t = text_from_index(t, end < t.n ? end + 1 : t.n);
    }
}

void html_name(struct html *h, struct text t)
{
    html_raw(h, text_columns(t) <= HTML_WHOLE ? "<bdi class=\"whole\">" : "<bdi class=\"whole long\">");
    html_text_cut(h, t.n > 0 ? t : TEXT("(unnamed)"), HTML_NAME);
    html_raw(h, "</bdi>");
}

void html_time_in(struct html *h, const struct zone *zone, uint64_t filetime)
{
    html_raw(h, "<time>");
    html_text(h, words_of_time(&h->arena, zone, filetime));
    html_raw(h, "</time>");
}

void html_time(struct html *h, uint64_t filetime)
{
    html_time_in(h, h->zone, filetime);
}

void html_time_of(struct html *h, const struct hit *hit)
{
    html_time_in(h, zone_of_hit(h->r, h->zone, hit), hit->event->key.time);
}

void html_interval(struct html *h, uint64_t first, uint64_t last)
{
    html_interval_in(h, h->zone, first, last);
}

void html_interval_in(struct html *h, const struct zone *zone, uint64_t first, uint64_t last)
{
    struct text from, to;
    words_of_ends(&h->arena, zone, first, last, &from, &to);
    html_raw(h, "<time>");
    html_text(h, from);
    html_raw(h, from.n > 0 ? " to " : "");
    html_text(h, to);
    html_raw(h, "</time>");
}

void html_number(struct html *h, uint64_t n)
{
    html_text(h, words_of_number(&h->arena, n));
}

void html_level(struct html *h, enum rule_level level)
{
    static const char *const signs[] = { "", "·", "○", "●", "▲", "◆" };
    const char *name = level == RULE_LEVEL_NONE ? "no level" : rule_level_name(level);
    html_format(h, "<span class=\"level l%d\"><b aria-hidden=\"true\">%s</b> %s</span>", (int)level,
                signs[level], name);
}

void html_section(struct html *h, const char *id, const char *title)
{
    html_format(h, "</section>\n<section id=\"%s\"><h2>%s</h2>\n", id, title);
    sink_drain(h->sink);
}
