#include "form/text_layout.h"

#include "base/utf.h"
#include "form/escape.h"

/*
 * Marks within a paragraph.  They cannot come from a log: the escape function leaves no control character.  A
 * style is the terminal's own sequence, which takes no room.
 */
#define GLUE        '\1' /* a blank at which no line may be broken */
#define STYLE_START '\x1b'
#define STYLE_END   'm'

/* Room kept free behind a phrase for the comma or bracket that the next piece may attach to it. */
#define PHRASE_SLACK 2u

void layout_init(struct layout *l, struct buf *out, unsigned width, bool colour)
{
    *l = (struct layout){ .out = out, .width = width < 40 ? 40 : width, .colour = colour };
    buf_init(&l->line);
}

void layout_done(struct layout *l)
{
    buf_done(&l->line);
}

static unsigned columns_of(struct text escaped)
{
    unsigned columns = 0;
    bool in_style = false;
    for (size_t at = 0; at < escaped.n;) {
        uint32_t c = utf8_next(escaped, &at);
        if (c == STYLE_START)
            in_style = true;
        else if (in_style)
            in_style = c != STYLE_END;
        else
            columns += c == GLUE ? 1 : (unsigned)utf_width(c);
    }
    return columns;
}

unsigned text_columns(struct text t)
{
    struct buf escaped;
    buf_init(&escaped);
    escape_terminal(&escaped, t);
    unsigned columns = columns_of(buf_text(&escaped));
    buf_done(&escaped);
    return columns;
}

void text_cut(struct buf *out, struct text t, unsigned columns)
{
    struct buf escaped;
    buf_init(&escaped);
    escape_terminal(&escaped, t);
    struct text whole = buf_text(&escaped);
    size_t fits = 0; /* bytes that leave room for the dots */
    unsigned used = 0;
    for (size_t at = 0; at < whole.n && used <= columns;) {
        used += (unsigned)utf_width(utf8_next(whole, &at));
        if (used + 3 <= columns)
            fits = at;
    }
    if (used <= columns)
        fits = whole.n;
    buf_add(out, (struct text){ whole.p, fits });
    if (fits < whole.n)
        buf_add_c(out, "...");
    buf_done(&escaped);
}

/* The bytes of the beginning that fits into `columns`. */
static size_t head_size(struct text t, unsigned columns)
{
    size_t fits = 0;
    for (size_t at = 0; at < t.n;) {
        unsigned width = (unsigned)utf_width(utf8_next(t, &at));
        if (width > columns)
            break;
        columns -= width;
        fits = at;
    }
    return fits;
}

/* Where the end begins that fits into `columns`; a mark that combines stays with its letter. */
static size_t tail_start(struct text t, unsigned columns)
{
    unsigned left = columns_of(t);
    size_t at = 0;
    while (at < t.n) {
        size_t next = at;
        unsigned width = (unsigned)utf_width(utf8_next(t, &next));
        if (left <= columns && width)
            break;
        left -= width;
        at = next;
    }
    return at;
}

void text_cut_middle(struct buf *out, struct text t, unsigned columns)
{
    struct buf escaped;
    buf_init(&escaped);
    escape_terminal(&escaped, t);
    struct text whole = buf_text(&escaped);
    if (columns_of(whole) <= columns) {
        buf_add(out, whole);
    } else if (columns < 5) {
        text_cut(out, t, columns);
    } else {
        unsigned front = (columns - 3) / 2;
        buf_add(out, (struct text){ whole.p, head_size(whole, front) });
        buf_add_c(out, "...");
        buf_add(out, text_from_index(whole, tail_start(whole, columns - 3 - front)));
    }
    buf_done(&escaped);
}

void layout_begin(struct layout *l, unsigned first, unsigned hang)
{
    l->first = first;
    l->hang = hang;
    l->column = 0;
    l->line.n = 0;
}

static const char *style_code(enum style style)
{
    static const char *const codes[] = { "", "\x1b[1m", "\x1b[1;31m", "\x1b[33m", "\x1b[32m", "\x1b[36m" };
    return codes[style];
}

static void style_on(struct layout *l, enum style style)
{
    if (l->colour && style != STYLE_PLAIN)
        buf_add_c(&l->line, style_code(style));
}

static void style_off(struct layout *l, enum style style)
{
    if (l->colour && style != STYLE_PLAIN)
        buf_add_c(&l->line, "\x1b[0m");
}

static void glue_blanks(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == ' ')
            p[i] = GLUE;
}

static size_t word_end(const char *p, size_t n, size_t at)
{
    while (at < n && p[at] != ' ')
        at++;
    return at;
}

static bool has_backslash(const char *p, size_t n)
{
    return memchr(p, '\\', n) != NULL;
}

/* A word that starts a path or a key of its own: C:\, \\server, HKEY.., %windir%\. */
static bool starts_path(const char *p, size_t n)
{
    struct text t = { p, n };
    return (n > 2 && p[1] == ':') || (n > 0 && strchr("\\%\"`'(", p[0])) || text_starts_with(t, TEXT("HK"));
}

static bool ends_sentence(char c)
{
    return strchr(".,;:)!?\"`'", c) != NULL;
}

/* "..\Windows NT\CurrentVersion": a word with a backslash goes on behind the blank. */
static size_t path_end(const char *p, size_t n, size_t at)
{
    size_t end = word_end(p, n, at);
    while (end > at && end + 1 < n && p[end + 1] != ' ' && has_backslash(p + at, end - at)) {
        size_t next = word_end(p, n, end + 1);
        if (ends_sentence(p[end - 1]) || !has_backslash(p + end + 1, next - end - 1) ||
            starts_path(p + end + 1, next - end - 1))
            break;
        end = next;
    }
    return end;
}

/* `"..."` or `...` that begins at `at`: the end of the word that its closing mark stands in; `at` when there
 * is none. */
static size_t phrase_end(const char *p, size_t n, size_t at)
{
    if ((p[at] != '"' && p[at] != '`') || at + 1 >= n)
        return at;
    const char *close = memchr(p + at + 1, p[at], n - at - 1);
    return close ? word_end(p, n, (size_t)(close - p)) : at;
}

/* Glues what must stay whole, as long as it fits into `room` columns. */
static void glue_phrases(char *p, size_t n, unsigned room)
{
    for (size_t at = 0; at < n;) {
        size_t inner = at + (p[at] == '(');
        size_t end = inner < n ? phrase_end(p, n, inner) : at;
        if (end <= inner)
            end = path_end(p, n, at);
        if (columns_of((struct text){ p + at, end - at }) + PHRASE_SLACK <= room)
            glue_blanks(p + at, end - at);
        at = end + 1;
    }
}

static unsigned room_of_line(const struct layout *l)
{
    unsigned indent = l->first > l->hang ? l->first : l->hang;
    return l->width > indent ? l->width - indent : 0;
}

/* Appends the piece, escaped, and returns where it begins. */
static size_t add_escaped(struct layout *l, struct text t)
{
    size_t start = l->line.n;
    escape_terminal(&l->line, t);
    l->column += columns_of(text_from_index(buf_text(&l->line), start));
    return start;
}

void layout_words(struct layout *l, enum style style, struct text t)
{
    if (t.n == 0)
        return;
    style_on(l, style);
    size_t start = add_escaped(l, t);
    glue_phrases(l->line.p + start, l->line.n - start, room_of_line(l));
    style_off(l, style);
}

/* Without a place to break it. */
static void words_glued(struct layout *l, enum style style, struct text t)
{
    if (t.n == 0)
        return;
    style_on(l, style);
    size_t start = add_escaped(l, t);
    glue_blanks(l->line.p + start, l->line.n - start);
    style_off(l, style);
}

void layout_whole(struct layout *l, enum style style, struct text t)
{
    if (text_columns(t) + PHRASE_SLACK <= room_of_line(l))
        words_glued(l, style, t);
    else
        layout_words(l, style, t);
}

void layout_pad(struct layout *l, unsigned column)
{
    do {
        buf_add_char(&l->line, ' ');
        l->column++;
    } while (l->column < column);
}

static void add_blanks(struct buf *out, unsigned n)
{
    while (n-- > 0)
        buf_add_char(out, ' ');
}

/*
 * The end of the piece that starts at `at` and may not be broken; `*columns` is its width.  Wide characters
 * are words by themselves, but a mark that combines with them stays at their side.
 */
static size_t unit_end(struct text line, size_t at, unsigned *columns)
{
    bool in_style = false, wide = false;
    *columns = 0;
    while (at < line.n && line.p[at] != ' ') {
        size_t next = at;
        uint32_t c = utf8_next(line, &next);
        if (c == STYLE_START)
            in_style = true;
        if (!in_style) {
            int width = c == GLUE ? 1 : utf_width(c);
            if (*columns > 0 && (width == 2 || (wide && width > 0)))
                break;
            wide = width == 2;
            *columns += (unsigned)width;
        } else if (c == STYLE_END) {
            in_style = false;
        }
        at = next;
    }
    return at;
}

static void emit(struct buf *out, struct text unit)
{
    size_t start = out->n;
    buf_add(out, unit);
    for (size_t i = start; i < out->n; i++)
        if (out->p[i] == GLUE)
            out->p[i] = ' ';
}

void layout_end(struct layout *l)
{
    struct text line = buf_text(&l->line);
    unsigned column = 0;
    bool begun = false; /* something stands on this line */
    unsigned indent = l->first;
    for (size_t at = 0; at < line.n;) {
        unsigned blanks = 0, columns;
        for (; at < line.n && line.p[at] == ' '; at++)
            blanks++;
        size_t end = unit_end(line, at, &columns);
        if (end == at)
            break; /* only blanks were left */
        if (begun && column + blanks + columns > l->width) {
            buf_add_char(l->out, '\n');
            begun = false;
            indent = l->hang;
        }
        if (!begun)
            blanks = indent;
        add_blanks(l->out, blanks);
        column = begun ? column + blanks + columns : blanks + columns;
        begun = true;
        emit(l->out, (struct text){ line.p + at, end - at });
        at = end;
    }
    if (begun)
        buf_add_char(l->out, '\n');
    layout_begin(l, 0, 0);
}

void layout_blank(struct layout *l)
{
    size_t n = l->out->n;
    if (n > 1 && !(l->out->p[n - 1] == '\n' && l->out->p[n - 2] == '\n'))
        buf_add_char(l->out, '\n');
}

void layout_item(struct layout *l, unsigned indent, const char *marker, enum style style, struct text t)
{
    unsigned hang = indent + (unsigned)strlen(marker);
    t = text_trim(t);
    while (t.n > 0) {
        size_t end = text_find_char(t, '\n');
        layout_begin(l, *marker ? indent : hang, hang);
        if (*marker)
            layout_whole(l, STYLE_PLAIN, text_from(marker));
        layout_words(l, style, text_trim((struct text){ t.p, end }));
        layout_end(l);
        marker = "";
        t = text_trim(text_from_index(t, end + 1));
    }
}
