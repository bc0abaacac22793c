#include "search/search.h"

#include <stdlib.h>

#include "base/limits.h"
#include "catalog/catalog.h"
#include "rule/fold.h"
#include "search/search_keys.h"
#include "search/search_print.h"
#include "search/search_screen.h"
#include "show/show_form.h"

struct search {
    const struct search_options *options;
    struct search_screen screen;
    bool sentences; /* some template of the catalog may make a text that matches */
    struct printer printer;
    uint64_t fields_met; /* search.h */
};

enum pass {
    PASS_KEYS,     /* no event matches: they are counted */
    PASS_SCREENED, /* by their bytes, names and sentences */
    PASS_WHOLE,
    PASS_PRINT,
    PASS_DONE
};

struct search_worker {
    const struct search *search;
    struct show_options neighbour; /* how events beside a match are shown */
    struct search_matcher *matcher;
    struct search_keys *keys;
    struct batch_result *result; /* being made */
    struct buf scratch, text;
    enum pass pass;
    bool all;         /* of PASS_SCREENED: the bytes may hold it */
    uint32_t ordinal; /* of the next event that the filter wants */
    size_t next;      /* PASS_PRINT: match that is not behind the event */
};

static struct found *found_of(struct search_worker *w)
{
    return w->result->own;
}

static bool names_match(struct search_worker *w, const struct event_key *key)
{
    return !w->search->options->field_count &&
           (search_matches(w->matcher, key->provider) || search_matches(w->matcher, key->channel) ||
            search_matches(w->matcher, key->computer));
}

/* PASS_PRINT: matches, their neighbours, and what neighbours of the batches beside this one may be. */
static bool is_printed(struct search_worker *w, uint32_t ordinal)
{
    const struct search_options *o = w->search->options;
    const struct found *f = found_of(w);
    while (w->next < f->match_count && (uint64_t)f->matches[w->next] + o->after < ordinal)
        w->next++;
    if (w->next < f->match_count && (uint64_t)ordinal + o->before >= f->matches[w->next])
        return true;
    return ordinal < o->after || (uint64_t)ordinal + o->before >= f->events;
}

static bool wants(void *ctx, const struct event_key *key)
{
    struct search_worker *w = ctx;
    if (!filter_wants(&w->search->options->show.filter, key, &w->scratch))
        return false;
    uint32_t ordinal = w->ordinal++;
    if (w->pass == PASS_PRINT)
        return is_printed(w, ordinal);
    found_of(w)->events = w->ordinal;
    return w->all || (w->pass == PASS_SCREENED && search_keys_may_match(w->keys, key));
}

static bool is_searched_field(struct search_worker *w, const struct event_field *f)
{
    const struct search_options *o = w->search->options;
    if (f->part == EVENT_SYSTEM || f->part == EVENT_RENDERING)
        return false;
    for (size_t i = 0; i < o->field_count; i++)
        if (text_equal_nocase(o->fields[i], f->name)) {
            found_of(w)->fields_met |= i < SEARCH_FIELDS_MET ? (uint64_t)1 << i : 0;
            return true;
        }
    return o->field_count == 0;
}

static bool value_matches(struct search_worker *w, const struct event *e, const struct event_field *f)
{
    const struct search_options *o = w->search->options;
    if (search_matches(w->matcher, f->value))
        return true;
    w->text.n = 0;
    return o->show.catalog && catalog_value(o->show.catalog, e, text_trim(f->value), &w->text) &&
           search_matches(w->matcher, buf_text(&w->text));
}

static bool event_matches(struct search_worker *w, const struct event *e)
{
    const struct search_options *o = w->search->options;
    if (names_match(w, &e->key))
        return true;
    if (!o->field_count && (search_matches(w->matcher, e->event_id) || search_matches(w->matcher, e->user_sid)))
        return true;
    for (size_t i = 0; i < e->field_count; i++)
        if (is_searched_field(w, &e->fields[i]) && value_matches(w, e, &e->fields[i]))
            return true;
    w->text.n = 0;
    return !o->field_count && o->show.catalog && catalog_message(o->show.catalog, e, &w->text) &&
           search_matches(w->matcher, buf_text(&w->text));
}

static void match_add(struct search_worker *w)
{
    struct found *f = found_of(w);
    f->matches = arena_grow(&w->result->arena, f->matches, f->match_count, &f->match_capacity, sizeof *f->matches);
    f->matches[f->match_count++] = w->ordinal - 1;
}

/* False when there is no room for one more. */
static bool piece_fits(struct search_worker *w, uint64_t record, uint64_t offset)
{
    const struct found *f = found_of(w);
    if (!f->piece_count || f->pieces[f->piece_count - 1].end <= LIMIT_BATCH_TEXT)
        return true;
    (void)!notice_add(&w->result->notices, NOTICE_SHOW_LEFT_OUT, offset, record);
    return false;
}

/* Of the event that the filter wanted last. */
static bool is_match(struct search_worker *w)
{
    const struct found *f = found_of(w);
    uint32_t ordinal = w->ordinal - 1;
    return f->match_count && bsearch(&ordinal, f->matches, f->match_count, sizeof ordinal, ordinal_order);
}

static const struct show_options *show_of(struct search_worker *w)
{
    return is_match(w) ? &w->search->options->show : &w->neighbour;
}

static void piece_end(struct search_worker *w)
{
    struct found *f = found_of(w);
    f->pieces = arena_grow(&w->result->arena, f->pieces, f->piece_count, &f->piece_capacity, sizeof *f->pieces);
    f->pieces[f->piece_count++] = (struct piece){ f->text.n, w->ordinal - 1, is_match(w) };
}

static void take_fields(void *ctx, const struct event *e)
{
    struct search_worker *w = ctx;
    if (w->pass != PASS_PRINT) {
        if (event_matches(w, e))
            match_add(w);
        if (search_gave_up(w->matcher))
            (void)!notice_add(&w->result->notices, NOTICE_SEARCH_GAVE_UP, e->offset, e->key.record_id);
        return;
    }
    if (!piece_fits(w, e->key.record_id, e->offset))
        return;
    struct buf *out = &found_of(w)->text;
    size_t from = out->n;
    show_fields(show_of(w), e, &w->scratch, out);
    if (w->search->options->colour)
        search_mark(w->matcher, out, from, &w->text);
    piece_end(w);
}

static void take_rendered(void *ctx, const struct event_key *key, const struct event_about *about, struct text text)
{
    struct search_worker *w = ctx;
    struct buf *out = &found_of(w)->text;
    if (!piece_fits(w, key->record_id, about->offset)) {
        out->n -= text.n;
        return;
    }
    show_rendered(show_of(w), about, text, out);
    piece_end(w);
}

static void *worker_new(void *ctx)
{
    const struct search *search = ctx;
    struct search_worker *w = memory_new(sizeof *w);
    *w = (struct search_worker){ .search = search, .neighbour = search->options->show,
                                 .matcher = search_matcher_new(search->options->pattern) };
    w->keys = search_keys_new(search->options, w->matcher);
    w->neighbour.remark = "context";
    return w;
}

static void worker_free(void *worker)
{
    struct search_worker *w = worker;
    search_keys_free(w->keys);
    search_matcher_free(w->matcher);
    buf_done(&w->scratch);
    buf_done(&w->text);
    free(w);
}

static void *found_new(void *ctx)
{
    UNUSED(ctx);
    return memset(memory_new(sizeof(struct found)), 0, sizeof(struct found));
}

static void found_free(void *own)
{
    struct found *f = own;
    buf_done(&f->text);
    free(f);
}

static enum event_form form_of(const struct search_worker *w, enum pass pass)
{
    if (pass == PASS_KEYS)
        return EVENT_AS_JSON; /* of none of them: only this allows keys to be brief */
    return pass == PASS_PRINT ? show_needs(w->search->options->show.form) : EVENT_AS_FIELDS;
}

static void pass_begin(struct search_worker *w, enum pass pass, struct event_sink *sink)
{
    struct found *f = found_of(w);
    w->pass = pass;
    w->ordinal = 0;
    w->next = 0;
    if (pass != PASS_PRINT)
        f->match_count = 0;
    *sink = (struct event_sink){
        .ctx = w,
        .want = wants,
        .event = take_fields,
        .recover = w->search->options->show.recover,
        .brief_key = pass == PASS_KEYS,
        .form = form_of(w, pass),
        .lines = &f->text,
        .rendered = take_rendered,
    };
}

static bool asks_names(const struct show_filter *f)
{
    return f->providers.count || f->channels.count || f->nodes.count;
}

/*
 * What the bytes say is all there is: the names of an .evtx event stand in its chunk (an .evt event has its channel
 * from elsewhere), and the catalog has nothing to add.
 */
static bool is_settled(const struct search *s, const struct batch_result *r)
{
    return r->format == READER_EVTX && !s->sentences && !asks_names(&s->options->show.filter);
}

static void begin(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct search_worker *w = worker;
    const struct search *s = w->search;
    struct found *f = r->own;
    *f = (struct found){ .text = { f->text.p, 0, f->text.capacity } };
    w->result = r;
    w->all = s->screen.blind || s->options->unscreened || !r->bytes.n || search_screen_holds(&s->screen, r->bytes) ||
             search_screen_refers(&s->screen, r->bytes) ||
             (r->format == READER_EVTX && search_screen_joined(r->bytes));
    pass_begin(w, !w->all && is_settled(s, r) ? PASS_KEYS : PASS_SCREENED, sink);
}

/* Behind damage a record may take its names and literals from elsewhere: such a batch is looked at whole. */
static bool is_damaged(const struct batch_result *r)
{
    return r->status > ST_END || r->notices.count || r->account.recovered || r->account.lost || r->account.partial;
}

static bool once_more(void *worker, struct batch_result *r, struct event_sink *sink)
{
    struct search_worker *w = worker;
    const struct search_options *o = w->search->options;
    const struct found *f = r->own;
    if (w->pass <= PASS_SCREENED && !w->all && is_damaged(r)) {
        w->all = true;
        pass_begin(w, PASS_WHOLE, sink);
        return true;
    }
    if (w->pass >= PASS_PRINT || !(f->match_count || o->before || o->after)) {
        w->pass = PASS_DONE;
        return false;
    }
    pass_begin(w, PASS_PRINT, sink);
    return true;
}

static bool take_up(void *ctx, struct input_result *input, const struct batch_result *r)
{
    struct search *search = ctx;
    const struct found *f = r->own;
    search->fields_met |= f->fields_met;
    return printer_batch(&search->printer, input, r->own);
}

static void template_try(void *ctx, struct text t)
{
    struct search *search = ctx;
    struct buf folded;
    buf_init(&folded);
    search->sentences |= search_template_may_match(search_needle(search->options->pattern), t, &folded);
    buf_done(&folded);
}

/* A reference is shown as "words (1753 NAME)", or as words alone. */
static enum screen_words shown_words(struct text needle, struct buf *folded)
{
    enum screen_words alone = search_screen_words(needle, buf_text(folded));
    buf_add_c(folded, " (");
    enum screen_words named = search_screen_words(needle, buf_text(folded));
    return alone > named ? alone : named;
}

static void reference_try(void *ctx, uint32_t number, struct text t)
{
    struct search *search = ctx;
    const struct text needle = search_needle(search->options->pattern);
    struct buf folded;
    bool brackets = false;
    for (size_t i = 0; i < needle.n; i++)
        brackets |= strchr("()0123456789", needle.p[i]) != NULL;
    buf_init(&folded);
    folded.n = fold_into(t, buf_reserve(&folded, fold_room(t.n) + 1));
    search_screen_reference(&search->screen, number, brackets ? SCREEN_WORDS_MATCH : shown_words(needle, &folded));
    buf_done(&folded);
}

enum status search_run(const struct search_options *options, const struct path_list *paths, struct partial *ret,
                       size_t *not_logs, struct search_outcome *outcome)
{
    struct search search = { .options = options };
    const struct pipeline_use use = {
        .reader = options->show.reader,
        .old_behind = options->show.recover,
        .ctx = &search,
        .worker_new = worker_new,
        .worker_free = worker_free,
        .result_new = found_new,
        .result_free = found_free,
        .begin = begin,
        .once_more = once_more,
        .take_up = take_up,
    };
    search_screen_init(&search.screen, search_needle(options->pattern));
    if (options->show.catalog)
        catalog_each_reference(options->show.catalog, reference_try, &search);
    if (options->show.catalog && !options->field_count)
        catalog_each_template(options->show.catalog, template_try, &search);
    enum status status = ST_LOST_RUN;
    if (printer_begin(&search.printer, options))
        status = pipeline_run(options->show.threads, &use, paths, ret, not_logs);
    printer_end(&search.printer);
    *outcome = (struct search_outcome){ search.printer.matches, search.fields_met, search.printer.written };
    return status;
}
