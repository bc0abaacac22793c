#include "show/show.h"

#include <stdlib.h>

#include "base/limits.h"
#include "compare/compare_text.h"
#include "finding/duplicates.h"
#include "show/show_form.h"
#include "show/show_unique.h"

const struct show_frame show_frames[] = {
    [SHOW_TEXT] = { "", "\n", "", 1 },
    [SHOW_JSON] = { "[", ",\n", "\n]\n", 1 },
    [SHOW_JSONL] = { "", "", "", 0 },
    [SHOW_CSV] = { show_csv_head, "", "", 0 },
    [SHOW_XML] = { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n", "", "</Events>\n", 0 },
};

struct show {
    const struct show_options *options;
    struct show_unique *unique; /* NULL: there is one log, which has no duplicates */
    uint64_t count; /* events written */
    bool written;   /* all of them could be */
};

/* What a batch comes to.  `between` is put before it is known whether an event follows. */
struct shown {
    struct buf text;
    size_t *ends; /* of each event in `text`; in the arena of the batch's result */
    size_t count, capacity;
    struct unique_mark *marks; /* of each event, when they are asked for */
    size_t marks_capacity;
};

struct show_worker {
    const struct show_options *options;
    bool marks; /* of each event */
    struct batch_result *result; /* being made */
    struct buf scratch;
};

size_t show_remarks(const struct show_options *options, enum event_source source, uint32_t marks,
                    const char *ret[SHOW_REMARKS])
{
    static const struct {
        uint32_t mark;
        const char *word;
    } words[] = {
        { EVENT_PARTIAL, "partial" }, { EVENT_TEMPLATE_FOREIGN, "template-foreign" },
        { EVENT_TEMPLATE_LOST, "template-lost" }, { EVENT_CUT, "cut" }, { EVENT_ODD_VALUE, "odd-value" },
    };
    size_t count = 0;
    if (source != EVENT_LIVE)
        ret[count++] = event_source_name(source);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (marks & words[i].mark)
            ret[count++] = words[i].word;
    if (options->remark)
        ret[count++] = options->remark;
    return count;
}

static bool wants(void *ctx, const struct event_key *key)
{
    struct show_worker *w = ctx;
    const struct shown *shown = w->result->own;
    /* How many of them are duplicates is not known yet. */
    bool enough = !w->options->unique && shown->count >= w->options->limit;
    return !enough && filter_wants(&w->options->filter, key, &w->scratch);
}

/* False when there is no room for one more. */
static bool event_fits(struct show_worker *w, uint64_t record, uint64_t offset)
{
    const struct shown *s = w->result->own;
    if (s->count == 0 || s->ends[s->count - 1] <= LIMIT_BATCH_TEXT)
        return true;
    /* The status is that of the list of notices, at the end of the input. */
    (void)!notice_add(&w->result->notices, NOTICE_SHOW_LEFT_OUT, offset, record);
    return false;
}

static void event_end(struct show_worker *w, const struct event_key *key, uint64_t checksum)
{
    struct shown *s = w->result->own;
    if (w->marks) {
        s->marks = arena_grow(&w->result->arena, s->marks, s->count, &s->marks_capacity, sizeof *s->marks);
        s->marks[s->count] = (struct unique_mark){ checksum, key->record_id, key->time };
    }
    s->ends = arena_grow(&w->result->arena, s->ends, s->count, &s->capacity, sizeof *s->ends);
    s->ends[s->count++] = s->text.n;
    buf_add_c(&s->text, show_frames[w->options->form].between);
}

/* Into the object that ends at the end. */
static void json_remark(struct buf *out, const char *const *remarks, size_t count)
{
    out->n--;
    buf_add_c(out, ",\"Remarks\":[");
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "%s\"%s\"", i ? "," : "", remarks[i]);
    buf_add_c(out, "]}");
}

/* In front of the element that begins at `at`. */
static void xml_remark(struct buf *out, size_t at, const char *const *remarks, size_t count)
{
    struct buf remark;
    buf_init(&remark);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&remark, "%s%s%s", i ? " " : "<!-- ", remarks[i], i + 1 == count ? " -->" : "");
    buf_insert(out, at, buf_text(&remark));
    buf_done(&remark);
}

enum event_form show_needs(enum show_form form)
{
    if (form == SHOW_JSON || form == SHOW_JSONL)
        return EVENT_AS_JSON;
    return form == SHOW_XML ? EVENT_AS_XML : EVENT_AS_FIELDS;
}

void show_fields(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out)
{
    if (options->form == SHOW_CSV)
        show_csv(options, e, scratch, out);
    else
        show_text(options, e, scratch, out);
}

void show_rendered(const struct show_options *options, const struct event_about *about, struct text rendered,
                   struct buf *out)
{
    const char *remarks[SHOW_REMARKS];
    size_t count = show_remarks(options, about->source, about->marks, remarks);
    if (count && options->form == SHOW_XML)
        xml_remark(out, out->n - rendered.n, remarks, count);
    else if (count && text_ends_with(rendered, TEXT("}")))
        json_remark(out, remarks, count);
    if (options->form != SHOW_JSON)
        buf_add_char(out, '\n');
}

static void take_fields(void *ctx, const struct event *e)
{
    struct show_worker *w = ctx;
    struct buf *out = &((struct shown *)w->result->own)->text;
    if (!event_fits(w, e->key.record_id, e->offset))
        return;
    show_fields(w->options, e, &w->scratch, out);
    event_end(w, &e->key, w->marks ? event_checksum(e) : 0);
}

static void take_rendered(void *ctx, const struct event_key *key, const struct event_about *about, struct text text)
{
    struct show_worker *w = ctx;
    struct buf *out = &((struct shown *)w->result->own)->text;
    if (!event_fits(w, key->record_id, about->offset)) {
        out->n -= text.n;
        return;
    }
    uint64_t checksum = w->marks ? show_unique_checksum(text) : 0;
    show_rendered(w->options, about, text, out);
    event_end(w, key, checksum);
}

static void *worker_new(void *ctx)
{
    const struct show *show = ctx;
    struct show_worker *w = memory_new(sizeof *w);
    *w = (struct show_worker){ .options = show->options, .marks = show->unique != NULL };
    return w;
}

static void worker_free(void *worker)
{
    struct show_worker *w = worker;
    buf_done(&w->scratch);
    free(w);
}

static void *shown_new(void *ctx)
{
    struct shown *shown = memory_new(sizeof *shown);
    UNUSED(ctx);
    *shown = (struct shown){ 0 };
    return shown;
}

static void shown_free(void *own)
{
    struct shown *shown = own;
    buf_done(&shown->text);
    free(shown);
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct show_worker *w = worker;
    struct shown *shown = r->own;
    enum show_form form = w->options->form;
    const struct show_filter *filter = &w->options->filter;
    *shown = (struct shown){ .text = { shown->text.p, 0, shown->text.capacity } };
    buf_add_c(&shown->text, show_frames[form].between);
    w->result = r;
    *sink = (struct event_sink){
        .ctx = w,
        .want = wants,
        .brief_key = !filter->providers.count && !filter->channels.count && !filter->nodes.count,
        .event = take_fields,
        .recover = w->options->recover,
        .form = show_needs(form),
        .lines = &shown->text,
        .rendered = take_rendered,
    };
}

/* Events [first, end) of a batch, each with what stands in front of it. */
static void write_events(struct show *show, const struct shown *shown, size_t first, size_t end)
{
    if (first == end || !show->written)
        return;
    size_t from = first ? shown->ends[first - 1] : 0;
    from += show->count ? 0 : show_frames[show->options->form].skip;
    show->written = show->options->write((struct text){ shown->text.p + from, shown->ends[end - 1] - from });
    show->count += end - first;
}

static void write_unique(struct show *show, struct input_result *input, const struct shown *shown)
{
    size_t first = 0, i;
    for (i = 0; i < shown->count && show->count + (i - first) < show->options->limit; i++) {
        if (!show_unique_seen(show->unique, &shown->marks[i], input))
            continue;
        input->account.duplicates++;
        write_events(show, shown, first, i);
        first = i + 1;
    }
    write_events(show, shown, first, i);
}

static void write_all(struct show *show, struct input_result *input, const struct shown *shown)
{
    uint64_t left = show->options->limit - show->count;
    size_t end = shown->count < left ? shown->count : (size_t)left;
    for (size_t i = 0; i < end && show->unique; i++)
        input->account.duplicates += show_unique_seen(show->unique, &shown->marks[i], input);
    write_events(show, shown, 0, end);
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    struct show *show = ctx;
    const struct shown *shown = r->own;
    if (show->options->unique)
        write_unique(show, input, shown);
    else
        write_all(show, input, shown);
    return show->written && show->count < show->options->limit;
}

static void differs(void *ctx, const char *path, const struct compare_record *record)
{
    const struct show *show = ctx;
    struct buf said;
    buf_init(&said);
    compare_record_text(&said, record, false);
    show->options->differs(path, buf_text(&said));
    buf_done(&said);
}

enum status show_run(const struct show_options *options, const struct path_list *paths, struct partial *ret,
                     size_t *not_logs, struct show_outcome *outcome)
{
    struct show show = { .options = options };
    const struct show_frame *frame = &show_frames[options->form];
    const struct pipeline_use use = {
        .reader = options->reader,
        .old_behind = options->recover,
        .ctx = &show,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = shown_new,
        .result_free = shown_free,
        .begin = begin,
        .take_up = take_up,
        .differs = options->differs ? differs : NULL,
    };
    show.written = options->write(text_from(frame->before));
    if (!show.written) {
        *outcome = (struct show_outcome){ .written = false };
        return ST_LOST_RUN;
    }
    if (options->unique || paths->count > 1)
        show.unique = show_unique_new(options->unique ? LIMIT_SHOW_UNIQUE : LIMIT_SHOW_COUNTED);
    enum status status = pipeline_run(options->threads, &use, paths, ret, not_logs);
    show_unique_free(show.unique);
    *outcome = (struct show_outcome){ show.count, show.written && options->write(text_from(frame->after)) };
    return status;
}
