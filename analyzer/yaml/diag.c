#include "yaml/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "yaml/yaml_tree.h"

void diags_init(struct diags *d, struct arena *arena)
{
    *d = (struct diags){ .arena = arena };
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Only the part of the line around `at` is looked at: a file can be one line of 16 MiB.  A view into the source. */
static struct diag_place place_in(const struct yaml_file *file, size_t at, uint32_t line, uint32_t column)
{
    struct text source = file->source;
    size_t least = at > LIMIT_DIAG_LINE / 2 ? at - LIMIT_DIAG_LINE / 2 : 0, begin = at, end = at;
    while (begin > least && !is_line_end(source.p[begin - 1]))
        begin--;
    while (end < source.n && end - begin < LIMIT_DIAG_LINE && !is_line_end(source.p[end]))
        end++;
    return (struct diag_place){ .path = file->path,
                                .line = line,
                                .column = column,
                                .source_line = { source.p + begin, end - begin },
                                .caret = at - begin };
}

/* From 1, of `at`, when a character of `column` stands at `from` in front of it. */
static uint32_t column_at(struct text source, size_t from, uint32_t column, size_t at)
{
    for (; from < at; from++)
        if (is_line_end(source.p[from]))
            column = 1;
        else
            column += ((unsigned char)source.p[from] & 0xC0) != 0x80;
    return column;
}

/* The place is `offset` bytes into the value of a scalar. */
static struct diag_place place_inside(const struct yaml_file *file, const struct yaml_node *node, size_t offset)
{
    struct text source = file->source;
    if (!node)
        return (struct diag_place){ .path = file->path };
    size_t from = node->offset < source.n ? node->offset : source.n;
    size_t at = offset ? yaml_source_offset(file, node, offset) : from;
    uint32_t line = node->line;
    if (at < from || at > source.n)
        at = from;
    for (size_t i = from; i < at; i++)
        line += source.p[i] == '\n';
    return place_in(file, at, line, column_at(source, from, node->column, at));
}

struct diag_place diag_place_keep(struct arena *arena, const struct yaml_file *file,
                                  const struct yaml_node *node)
{
    struct diag_place place = place_inside(file, node, 0);
    place.path = text_keep(arena, place.path);
    place.source_line = text_keep(arena, place.source_line);
    return place;
}

bool diags_keep(const struct diags *d, enum diag_severity severity, const struct yaml_file *file)
{
    bool same_file = text_equal(file->path, d->last_path);
    return d->count < LIMIT_DIAGS && (!same_file || d->in_row[severity] < LIMIT_DIAGS_PER_FILE);
}

/* The mistake is counted; false when it is not kept as well.  Mistakes and warnings do not take each other's room. */
static bool room_for_one(struct diags *d, enum diag_severity severity, struct text path)
{
    struct diag *last = d->count ? &d->items[d->count - 1] : NULL;
    *(severity == DIAG_ERROR ? &d->errors : &d->warnings) += 1;
    if (!text_equal(path, d->last_path)) {
        d->last_path = text_keep(d->arena, path);
        memset(d->in_row, 0, sizeof d->in_row);
    }
    if (d->in_row[severity] < LIMIT_DIAGS_PER_FILE && d->count < LIMIT_DIAGS) {
        d->in_row[severity]++;
        return true;
    }
    if (last && text_equal(last->path, path))
        last->more++;
    return false;
}

/* Names in it may be as long as the file: both ends tell more than one.  What is cut of a character shows as U+FFFD. */
static struct text middle_cut(struct arena *arena, struct text t)
{
    size_t half = LIMIT_DIAG_TEXT / 2;
    if (t.n <= LIMIT_DIAG_TEXT)
        return text_keep(arena, t);
    return text_keep_format(arena, "%.*s..%.*s", (int)half, t.p, (int)half, t.p + t.n - half);
}

static struct text format_keep(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    size_t length = n > 0 ? (size_t)n : 0;
    char *p = memory_new(length + 1);
    vsnprintf(p, length + 1, format, again);
    va_end(again);
    struct text kept = middle_cut(arena, (struct text){ p, length });
    free(p);
    return kept;
}

/* There is room. */
static void add(struct diags *d, enum diag_severity severity, const char *class, struct diag_place place,
                const char *hint, const char *format, va_list args)
{
    size_t more = 0;
    d->items = arena_grow(d->arena, d->items, d->count, &d->capacity, sizeof *d->items);
    if (d->count && text_equal(d->items[d->count - 1].path, d->last_path)) {
        more = d->items[d->count - 1].more; /* is told behind the last one of the file */
        d->items[d->count - 1].more = 0;
    }
    d->items[d->count++] = (struct diag){
        .severity = severity,
        .class = class,
        .path = d->last_path,
        .line = place.line,
        .column = place.column,
        .source_line = text_keep(d->arena, place.source_line),
        .caret = place.caret,
        .reason = format_keep(d->arena, format, args),
        .hint = middle_cut(d->arena, text_from(hint)),
        .more = more,
    };
}

/* Places are found only for what is kept: that may take a walk through the line. */
#define ADD(place)                                                                                           \
    do {                                                                                                     \
        va_list args;                                                                                        \
        va_start(args, format);                                                                              \
        add(d, severity, class, (place), hint, format, args);                                                \
        va_end(args);                                                                                        \
    } while (0)

void diag_add(struct diags *d, enum diag_severity severity, const char *class, const struct yaml_file *file,
              const struct yaml_node *node, const char *hint, const char *format, ...)
{
    if (room_for_one(d, severity, file->path))
        ADD(place_inside(file, node, 0));
}

void diag_add_inside(struct diags *d, enum diag_severity severity, const char *class,
                     const struct yaml_file *file, const struct yaml_node *node, size_t offset,
                     const char *hint, const char *format, ...)
{
    if (room_for_one(d, severity, file->path))
        ADD(place_inside(file, node, offset));
}

void diag_add_place(struct diags *d, enum diag_severity severity, const char *class,
                    const struct diag_place *place, const char *hint, const char *format, ...)
{
    if (room_for_one(d, severity, place->path))
        ADD(*place);
}

void diag_add_source(struct diags *d, enum diag_severity severity, const char *class,
                     const struct yaml_file *file, size_t at, uint32_t line, const char *hint,
                     const char *format, ...)
{
    size_t end = at < file->source.n ? at : file->source.n;
    if (room_for_one(d, severity, file->path))
        ADD(place_in(file, end, line, column_at(file->source, 0, 1, end)));
}

/* Controls of terminals and of writing direction: what a hostile rule file must not send to a screen. */
static bool is_harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* The character at `*at` as it is shown, into `out` (12 bytes); tabs become blanks.  Returns its columns. */
static int visible(struct text t, size_t *at, char *out)
{
    uint32_t c = utf8_next(t, at);
    if (c == '\t')
        c = ' ';
    if (is_harmful(c))
        return snprintf(out, 12, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
    out[utf8_put(c, out)] = '\0';
    return utf_width(c);
}

static void put_visible(struct buf *out, struct text t)
{
    char shown[12];
    for (size_t at = 0; at < t.n;) {
        visible(t, &at, shown);
        buf_add_c(out, shown);
    }
}

#define SOURCE_COLUMNS 72 /* with the margin of 4 and the dots a line of 80 */

static int columns_between(struct text t, size_t from, size_t to)
{
    char shown[12];
    int columns = 0;
    while (from < to)
        columns += visible(t, &from, shown);
    return columns;
}

/* The line, cut around the caret, and the caret below it. */
static void put_source(struct buf *out, struct text line, size_t caret)
{
    char shown[12];
    size_t at = 0;
    int before = columns_between(line, 0, caret);
    bool cut = before > SOURCE_COLUMNS - 12;
    while (cut && at < caret && before > SOURCE_COLUMNS / 2)
        before -= visible(line, &at, shown);
    buf_add_c(out, cut ? "    .." : "    ");
    for (int columns = 0; at < line.n;) {
        columns += visible(line, &at, shown);
        buf_add_c(out, columns > SOURCE_COLUMNS ? ".." : shown);
        if (columns > SOURCE_COLUMNS)
            break;
    }
    buf_add_format(out, "\n%*s^\n", 4 + (cut ? 2 : 0) + before, "");
}

void diag_print(const struct diag *d, struct buf *out)
{
    put_visible(out, d->path);
    if (d->line)
        buf_add_format(out, ":%u:%u", d->line, d->column);
    buf_add_format(out, ": %s[%s]: ", d->severity == DIAG_ERROR ? "error" : "warning", d->class);
    put_visible(out, d->reason);
    buf_add_char(out, '\n');
    if (d->source_line.n)
        put_source(out, d->source_line, d->caret);
    if (d->hint.n) {
        buf_add_c(out, "    hint: ");
        put_visible(out, d->hint);
        buf_add_char(out, '\n');
    }
    if (d->more) {
        put_visible(out, d->path);
        buf_add_format(out, ": %zu more of this file are not shown\n", d->more);
    }
}

void diags_print_some(const struct diags *d, size_t most_warnings, struct buf *out, struct diags_left *left)
{
    *left = (struct diags_left){ d->errors, d->warnings };
    for (size_t i = 0; i < d->count; i++) {
        struct diag one = d->items[i];
        bool error = one.severity == DIAG_ERROR;
        if (!error && d->warnings - left->warnings == most_warnings)
            continue;
        one.more = 0; /* is told of all files at once */
        diag_print(&one, out);
        *(error ? &left->errors : &left->warnings) -= 1;
    }
}

void diags_print(const struct diags *d, struct buf *out)
{
    size_t rest = d->errors + d->warnings - d->count;
    for (size_t i = 0; i < d->count; i++) {
        diag_print(&d->items[i], out);
        rest -= d->items[i].more;
    }
    if (rest)
        buf_add_format(out, "%zu more of other files are not shown\n", rest);
}
