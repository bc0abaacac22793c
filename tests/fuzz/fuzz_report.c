/*
 * Property: whatever names, values and paths a log brings, every form of the report stays what it is: text has line ends as
 * its only control characters and begins with two lines that fit; a line of JSON Lines is JSON; all rows of CSV have the same
 * cells, none of which begins like a formula; HTML has only elements and attributes of its own, and one script; Nagios
 * gets one line.
 *
 * Input: a byte of choices (1 nothing was found, 2 wide, 4 every detail), then the text.
 */
#include <ctype.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/utf.h"
#include "form/text_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* What the fixture asks of cmocka. */
#define assert_true         require
#define assert_int_equal(a, b) require((a) == (b))

#include "../unit/report_fixture.h"

static struct text make(const struct fixture *f, const struct report_form *form, struct buf *out)
{
    fixture_write(f, form, out);
    require(utf8_valid(buf_text(out)));
    return buf_text(out);
}

static void check_plain(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        require(((unsigned char)t.p[i] >= ' ' && t.p[i] != 0x7F) || t.p[i] == '\n');
}

static void check_text(const struct fixture *f, struct text t)
{
    check_plain(t);
    for (size_t i = 0; i < 2; i++) {
        struct text line = fixture_line(&t);
        require(line.n && text_columns(line) <= f->options.width);
    }
    require(fixture_line(&t).n == 0);
}

static void check_lines(struct text t)
{
    while (t.n) {
        struct text line = fixture_line(&t);
        json_t *value = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
        require(json_object_size(value) == 1);
        json_decref(value);
    }
}

/* A cell from `*at` on, which is then behind it. */
static void check_cell(struct text t, size_t *at)
{
    bool quoted = t.p[*at] == '"';
    *at += quoted;
    require(*at < t.n && !strchr("=+-@", t.p[*at]));
    for (; *at < t.n; ++*at) {
        if (quoted && t.p[*at] == '"' && *at + 1 < t.n && t.p[*at + 1] == '"')
            ++*at;
        else if (quoted ? t.p[*at] == '"' : t.p[*at] == ',' || t.p[*at] == '\r')
            break;
        else
            require((unsigned char)t.p[*at] >= ' ' && (quoted || t.p[*at] != '"'));
    }
    *at += quoted;
}

static void check_table(struct text t)
{
    size_t cells = 1, first = 0;
    for (size_t at = 0; at < t.n;) {
        check_cell(t, &at);
        require(at + 1 < t.n && (t.p[at] == ',' || (t.p[at] == '\r' && t.p[at + 1] == '\n')));
        if (t.p[at] == ',') {
            cells++;
            at++;
            continue;
        }
        require(!first || cells == first);
        first = cells;
        cells = 1;
        at += 2;
    }
}

static bool is_one_of(struct text word, const char *words)
{
    struct text all = text_from(words);
    while (all.n) {
        size_t end = text_find_char(all, ' ');
        if (text_equal(word, (struct text){ all.p, end }))
            return true;
        all = text_from_index(all, end < all.n ? end + 1 : end);
    }
    return false;
}

static struct text word_at(struct text t, size_t at)
{
    size_t n = 0;
    while (at + n < t.n && (isalnum((unsigned char)t.p[at + n]) || t.p[at + n] == '-' || t.p[at + n] == '!'))
        n++;
    return (struct text){ t.p + at, n };
}

/* name="value" .. up to the bracket. */
static size_t check_attributes(struct text t, size_t at)
{
    while (at < t.n && t.p[at] != '>') {
        at += t.p[at] == ' ' || t.p[at] == '/';
        struct text name = word_at(t, at);
        if (!name.n)
            continue;
        require(is_one_of(name, "lang charset http-equiv content name class id href type viewBox role aria-label aria-hidden "
                                "width height d x y transform colspan patternUnits html data-t data-y data-a data-b data-from "
                                "data-to data-left data-span data-zone"));
        at += name.n;
        if (at < t.n && t.p[at] == '=') {
            require(at + 1 < t.n && t.p[at + 1] == '"');
            for (at += 2; at < t.n && t.p[at] != '"'; at++)
                require(t.p[at] != '<');
            at++;
        }
    }
    return at;
}

/* What stands between <style> or <script> and its end is ours. */
static size_t skip_constant(struct text t, size_t at, const char *end)
{
    const char *found = strstr(t.p + at, end);
    require(found != NULL);
    return (size_t)(found - t.p);
}

static void check_page(struct text t)
{
    size_t scripts = 0, styles = 0;
    for (size_t at = 0; at < t.n; at++) {
        require(t.p[at] == '\n' || (unsigned char)t.p[at] >= ' ');
        if (t.p[at] != '<')
            continue;
        at += t.p[at + 1] == '/' ? 2 : 1;
        struct text tag = word_at(t, at);
        require(is_one_of(tag, "!DOCTYPE html head meta title style body main header section nav article figure figcaption div p h1 "
                               "h2 h3 h4 ul ol li span b i a q bdi time small code pre table thead tbody tr th td details "
                               "summary label input svg g path rect text br script pattern"));
        bool opens = t.p[at - 1] == '<';
        at = check_attributes(t, at + tag.n);
        if (opens && text_equal(tag, TEXT("script")) && ++scripts)
            at = skip_constant(t, at, "</script>") - 1;
        else if (opens && text_equal(tag, TEXT("style")) && ++styles)
            at = skip_constant(t, at, "</style>") - 1;
    }
    require(scripts == 1 && styles == 1);
}

static void check_all(const struct fixture *f)
{
    struct buf out;
    buf_init(&out);
    check_text(f, make(f, &report_text, &out));
    check_lines(make(f, &report_lines, &out));
    check_table(make(f, &report_csv, &out));
    make(f, &report_html, &out);
    buf_add_char(&out, '\0'); /* for strstr */
    check_page((struct text){ out.p, out.n - 1 });
    check_plain(make(f, &report_markdown, &out));
    check_plain(make(f, &report_syslog, &out));
    struct text line = make(f, &report_nagios, &out);
    require(text_find_char(line, '\n') == line.n - 1);
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fixture f;
    uint8_t choices = size ? data[0] : 0;
    fixture_bad = size > 1 ? (struct text){ (const char *)data + 1, size - 1 } : TEXT("");
    fixture_init(&f, true);
    f.options.width = choices & 2 ? 132 : 80;
    f.options.detail = choices & 4 ? DETAIL_HIGH : DETAIL_MEDIUM;
    if (choices & 1)
        fixture_make_healthy(&f);
    check_all(&f);
    fixture_done(&f);
    return 0;
}
