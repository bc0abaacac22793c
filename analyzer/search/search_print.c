#include "search/search_print.h"

#include <stdlib.h>

#include "base/limits.h"
#include "show/show_form.h"

#define MARK     "\x1b[1;31m"
#define UNMARK   "\x1b[0m"
#define MOST_MARKS 100u /* of one line */

int ordinal_order(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void write_out(struct printer *p, struct text t)
{
    p->written = p->written && p->options->show.write(t);
}

static const struct show_frame *frame_of(const struct printer *p)
{
    return &show_frames[p->options->show.form];
}

bool printer_begin(struct printer *p, const struct search_options *options)
{
    *p = (struct printer){ .options = options, .written = true };
    if (options->before)
        p->waiting = memset(memory_new(options->before * sizeof *p->waiting), 0, options->before * sizeof *p->waiting);
    write_out(p, text_from(frame_of(p)->before));
    return p->written;
}

/*
 * In text a line of its own says that events were left out in between, and a match among its neighbours has a mark that
 * needs no colour.
 */
static void event_write(struct printer *p, uint64_t ordinal, bool match, struct text t)
{
    const struct show_frame *frame = frame_of(p);
    bool marks = p->options->show.form == SHOW_TEXT && (p->options->before || p->options->after);
    write_out(p, text_from_index(text_from(frame->between), p->any ? 0 : frame->skip));
    if (p->any && marks && ordinal != p->printed)
        write_out(p, TEXT("--\n\n"));
    if (match && marks)
        write_out(p, TEXT("> "));
    write_out(p, t);
    p->any = true;
    p->printed = ordinal + 1;
}

static struct waiting *waiting_at(struct printer *p, size_t i)
{
    return &p->waiting[(p->waiting_from + i) % p->options->before];
}

static void waiting_drop(struct printer *p)
{
    p->waiting_bytes -= waiting_at(p, 0)->text.n;
    p->waiting_from = (p->waiting_from + 1) % p->options->before;
    p->waiting_count--;
}

static void waiting_add(struct printer *p, uint64_t ordinal, struct text t)
{
    if (!p->options->before)
        return;
    while (p->waiting_count &&
           (p->waiting_count == p->options->before || p->waiting_bytes + t.n > LIMIT_CONTEXT_BYTES))
        waiting_drop(p);
    struct waiting *w = waiting_at(p, p->waiting_count++);
    w->ordinal = ordinal;
    w->text.n = 0;
    buf_add(&w->text, t);
    p->waiting_bytes += t.n;
}

static void waiting_write(struct printer *p, uint64_t match)
{
    for (; p->waiting_count; waiting_drop(p)) {
        const struct waiting *w = waiting_at(p, 0);
        if (w->ordinal + p->options->before >= match)
            event_write(p, w->ordinal, false, buf_text(&w->text));
    }
}

static void piece_take(struct printer *p, uint64_t ordinal, bool match, struct text t)
{
    if (match) {
        waiting_write(p, ordinal);
        p->matches++;
        p->follow = ordinal + p->options->after + 1;
    }
    if (match || ordinal < p->follow)
        event_write(p, ordinal, match, t);
    else
        waiting_add(p, ordinal, t);
}

static void input_begin(struct printer *p, const struct input_result *input)
{
    p->input = input;
    p->base = p->follow = p->printed = 0;
    while (p->waiting_count)
        waiting_drop(p);
}

bool printer_batch(struct printer *p, const struct input_result *input, const struct found *f)
{
    const struct search_options *o = p->options;
    if (p->input != input)
        input_begin(p, input);
    for (size_t i = 0, start = 0; i < f->piece_count && p->written; start = f->pieces[i++].end) {
        const struct piece *piece = &f->pieces[i];
        uint64_t ordinal = p->base + piece->ordinal;
        bool over = p->matches >= o->show.limit;
        if (over && (piece->match || ordinal >= p->follow))
            return false;
        piece_take(p, ordinal, piece->match, (struct text){ f->text.p + start, piece->end - start });
    }
    p->base += f->events;
    return p->written && (p->matches < o->show.limit || p->base < p->follow);
}

void printer_end(struct printer *p)
{
    write_out(p, text_from(frame_of(p)->after));
    for (size_t i = 0; i < p->options->before; i++)
        buf_done(&p->waiting[i].text);
    free(p->waiting);
}

/* The part of a line that is a value of its own: what stands behind "name: ". */
static size_t value_start(struct text line)
{
    for (size_t i = 0; line.n > 4 && memcmp(line.p, "    ", 4) == 0 && i + 1 < line.n; i++)
        if (line.p[i] == ':' && line.p[i + 1] == ' ')
            return i + 2;
    return 0;
}

static void line_mark(struct search_matcher *m, struct text line, struct buf *out)
{
    size_t from = value_start(line), at = 0, start, end;
    struct text value = text_from_index(line, from);
    buf_add(out, (struct text){ line.p, from });
    for (unsigned i = 0; i < MOST_MARKS && search_find(m, value, at, &start, &end) && end > start; i++) {
        buf_add(out, (struct text){ value.p + at, start - at });
        buf_add_c(out, MARK);
        buf_add(out, (struct text){ value.p + start, end - start });
        buf_add_c(out, UNMARK);
        at = end;
    }
    buf_add(out, text_from_index(value, at));
}

void search_mark(struct search_matcher *m, struct buf *out, size_t from, struct buf *scratch)
{
    scratch->n = 0;
    for (struct text rest = { out->p + from, out->n - from }; rest.n;) {
        size_t end = text_find_char(rest, '\n');
        line_mark(m, (struct text){ rest.p, end }, scratch);
        buf_add_char(scratch, '\n');
        rest = text_from_index(rest, end + 1);
    }
    (void)search_gave_up(m);
    out->n = from;
    buf_add(out, buf_text(scratch));
}
