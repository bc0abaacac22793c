/*
 * cmd_explain.c - `evscan explain ..`: what an event or an error code means.
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/explain.h"
#include "cli/output.h"
#include "base/nearest.h"

enum { FORMAT_TEXT, FORMAT_JSON };

struct explain_command {
    struct option_list rest;
    int format;
};

/* What was asked for, and what came of it. */
struct question {
    struct text provider; /* "" = any */
    uint32_t code;
    bool has_code, error_only;
    const struct guide_event **events;
    size_t count;
    struct error_code error;
    bool has_error;
};

/* "Service Control Manager" may come as three words. */
static struct text words_join(struct arena *arena, const struct option_list *rest, size_t from, size_t to)
{
    struct text all = TEXT("");
    for (size_t i = from; i < to; i++)
        all = text_keep_format(arena, "%.*s%s%s", TEXT_ARG(all), i > from ? " " : "", rest->items[i]);
    return all;
}

/* %%1753 is how a log refers to an error, and nothing else. */
static void question_read(struct arena *arena, const struct option_list *rest, struct question *q)
{
    size_t end = rest->count;
    struct text last = text_from(rest->items[end - 1]);
    bool parameter = text_starts_with(last, TEXT("%%"));
    q->has_code = error_code_parse(parameter ? text_from_index(last, 2) : last, &q->code);
    end -= q->has_code;
    bool said = end > 0 && rest->count > 1 && text_equal_nocase(text_from(rest->items[0]), TEXT("error"));
    q->error_only = said || (parameter && q->has_code && end == 0);
    q->provider = words_join(arena, rest, said, end);
}

static bool is_asked(const struct question *q, const struct guide_event *e)
{
    if (q->error_only || (q->has_code && q->code != e->id) || (!q->has_code && !q->provider.n))
        return false;
    return !q->provider.n || guide_event_is_of(e, q->provider);
}

static void answer(struct explain *x, struct question *q)
{
    q->events = ARENA_NEW_N(x->arena, const struct guide_event *, guide_count(x->guide) + 1);
    for (size_t i = 0; i < guide_count(x->guide); i++)
        if (is_asked(q, guide_event(x->guide, i)))
            q->events[q->count++] = guide_event(x->guide, i);
    if (!q->count && q->has_code && !q->error_only && q->provider.n)
        q->count = explain_by_rules(x, q->provider, q->code, q->events);
    if (q->has_code && (q->error_only || !q->provider.n))
        q->has_error = error_code_find(x->catalog, q->code, &q->error);
    else if (!q->has_code && q->count == 0)
        q->has_error = error_code_by_name(x->catalog, q->provider, &q->error);
}

/* One is told whole, several as a list, with the error of that number behind them. */
static void print_text(struct explain *x, const struct question *q, struct buf *out)
{
    struct layout l;
    unsigned width = output_columns();
    layout_init(&l, out, width && width < 200 ? width : 80, false);
    for (size_t i = 0; i < q->count; i++)
        if (q->count == 1)
            explain_event_text(x, q->events[i], &l);
        else
            explain_event_line(x, q->events[i], &l);
    if (q->has_error && q->count)
        layout_blank(&l);
    if (q->has_error)
        explain_error_text(&q->error, q->has_code ? q->code : q->error.code, &l);
    layout_done(&l);
}

static void print_json(struct explain *x, const struct question *q, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_array(&j, NULL);
    for (size_t i = 0; i < q->count; i++)
        explain_event_json(x, q->events[i], &j);
    if (q->has_error)
        explain_error_json(&q->error, &j);
    json_array_end(&j);
}

/* Nothing of that name or number: what was probably meant. */
static void not_found(const struct explain *x, const struct question *q)
{
    struct nearest nearest = nearest_begin(q->provider);
    bool known = false;
    for (size_t i = 0; i < guide_count(x->guide); i++) {
        nearest_try(&nearest, guide_event(x->guide, i)->provider);
        known |= guide_event_is_of(guide_event(x->guide, i), q->provider);
    }
    for (size_t i = 0; i < error_code_count(x->catalog) && !q->has_code; i++)
        nearest_try(&nearest, error_code_at(x->catalog, i).name);
    if (known)
        output_error("explain: nothing is known of event %lu of %.*s; evscan explain \"%.*s\" lists what is",
                     (unsigned long)q->code, TEXT_ARG(q->provider), TEXT_ARG(q->provider));
    else if (nearest.best.n)
        output_error("explain: there is no %.*s; did you mean %.*s?", TEXT_ARG(q->provider), TEXT_ARG(nearest.best));
    else if (q->has_code && q->provider.n)
        output_error("explain: no provider is called %.*s; evscan explain %lu looks through all of them",
                     TEXT_ARG(q->provider), (unsigned long)q->code);
    else if (q->has_code)
        output_error("explain: no event and no error of that number is known; evscan kb search finds words");
    else
        output_error("explain: no provider or error is called %.*s; evscan kb search finds words",
                     TEXT_ARG(q->provider));
}

static int run(struct arena *arena, const struct option_list *rest, int format)
{
    struct explain x;
    struct question q = { .count = 0 };
    struct buf out;
    const struct option_list none = { .count = 0 };
    explain_begin(&x, arena, &none, &none);
    question_read(arena, rest, &q);
    answer(&x, &q);
    int status = x.knowledge.diags.errors ? EXIT_RULES : EXIT_NOTHING_FOUND;
    buf_init(&out);
    if (!q.count && !q.has_error) {
        not_found(&x, &q);
        status = EXIT_USAGE_ERROR;
    } else if (format == FORMAT_JSON) {
        print_json(&x, &q, &out);
    } else {
        print_text(&x, &q, &out);
    }
    if (!output_write(buf_text(&out)))
        status = EXIT_NO_OUTPUT;
    buf_done(&out);
    explain_end(&x);
    return status;
}

/* -2147023143 is a number and no option. */
static bool is_negative(const char *word)
{
    return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

static const char *const format_words[] = { "text", "json", NULL };

static const struct option_spec explain_specs[] = {
    WORD_OPTION("format", 'o', struct explain_command, format, format_words, "FORM", "text or json (text)"),
};

const struct page explain_page = {
    .name = "explain",
    .usages = { "explain PROVIDER ID      an event of a cluster or its neighbours",
                "explain PROVIDER         all events of a provider",
                "explain ID               events of that ID, error of that number",
                "explain [error] CODE     an error: 1753, 0x800706D9, -2147023143",
                "explain NAME             an error: EPT_S_NOT_REGISTERED, STATUS_.." },
    .about = "Says what an event means, its usual causes, what to look at next, what stands\n"
             "beside it, what its values are, and which rules and articles look at it.\n",
    .groups = { OPTION_GROUP(explain_specs, 0) },
    .end = "Exit status: 0; 64 usage or nothing of that name, 73 no output, 78 a mistake in\n"
           "the shipped files.\n",
    .manual = "evscan-explain",
};

int cmd_explain(int argc, char **argv)
{
    struct arena arena;
    struct explain_command c = { .format = FORMAT_TEXT };
    const char *last = argc > 1 && is_negative(argv[argc - 1]) ? argv[--argc] : NULL;
    arena_init(&arena);
    int status = page_parse(&arena, &explain_page, &c, argc, argv, &c.rest);
    if (status == PAGE_GO_ON) {
        const char **all = ARENA_NEW_N(&arena, const char *, c.rest.count + 1);
        for (size_t i = 0; i < c.rest.count; i++)
            all[i] = c.rest.items[i];
        if (last)
            all[c.rest.count++] = last;
        c.rest.items = all;
        status = c.rest.count ? run(&arena, &c.rest, c.format)
                              : page_mistake(&explain_page, TEXT("name an event or an error, for example evscan "
                                                                 "explain ClusSvc 1009"));
    }
    arena_done(&arena);
    return status;
}
