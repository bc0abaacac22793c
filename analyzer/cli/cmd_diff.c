/*
 * cmd_diff.c - `evscan diff A B`: what is new, gone or changed between two JSON reports.
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/report_file.h"
#include "cli/report_items.h"
#include "form/escape.h"
#include "form/json_writer.h"

static const char *const form_words[] = { "text", "json", NULL };
enum diff_form { FORM_TEXT, FORM_JSON };

#define REPORTS 2 /* before and after */

struct diff_command {
    struct option_list rest;
    int form;
};

static const struct option_spec diff_specs[] = {
    WORD_OPTION("format", 'o', struct diff_command, form, form_words, "FORM", "text or json (text)"),
};

const struct page diff_page = {
    .name = "diff",
    .usages = { "diff [options] REPORT_A REPORT_B" },
    .about = "Says what is new, gone or changed from one JSON report (evscan --format json) to\n"
             "another: diagnoses, findings by rule and node, nodes, and logs.\n",
    .groups = { OPTION_GROUP(diff_specs, 0) },
    .end = "Exit status: 0 the same, 1 not the same, 2 interrupted; 64 usage, 65 a file is\n"
           "no report, 66 a file cannot be opened, 73 no output.\n",
    .manual = "evscan-diff",
};

enum change { CHANGE_NEW, CHANGE_GONE, CHANGE_CHANGED, CHANGES };

static const struct {
    const char *word, *title, *sign;
} changes[CHANGES] = { { "new", "New", "+" }, { "gone", "Gone", "-" }, { "changed", "Changed", "~" } };

struct difference {
    enum change change;
    const struct report_item *before, *after; /* NULL: not there */
};

struct differences {
    struct difference *items;
    size_t count, capacity, of[CHANGES];
};

static void difference_add(struct differences *d, struct arena *arena, const struct report_item *before,
                           const struct report_item *after)
{
    enum change change = !before ? CHANGE_NEW : !after ? CHANGE_GONE : CHANGE_CHANGED;
    d->items = arena_grow(arena, d->items, d->count, &d->capacity, sizeof *d->items);
    d->items[d->count++] = (struct difference){ change, before, after };
    d->of[change]++;
}

static int compare(const struct report_item *a, const struct report_item *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return text_compare(a->key, b->key);
}

/* Both are in order. */
static void items_compare(struct arena *arena, const struct report_items *a, const struct report_items *b,
                          struct differences *ret)
{
    size_t i = 0, k = 0;
    while (i < a->count || k < b->count) {
        int order = i == a->count ? 1 : k == b->count ? -1 : compare(&a->items[i], &b->items[k]);
        if (order < 0)
            difference_add(ret, arena, &a->items[i++], NULL);
        else if (order > 0)
            difference_add(ret, arena, NULL, &b->items[k++]);
        else if (text_equal(a->items[i].state, b->items[k].state))
            i++, k++;
        else
            difference_add(ret, arena, &a->items[i++], &b->items[k++]);
    }
}

static void line_put(const struct difference *d, struct buf *out)
{
    const struct report_item *item = d->after ? d->after : d->before;
    buf_add_format(out, "  %s %s ", changes[d->change].sign, item_kind_names[item->kind]);
    escape_terminal(out, item->key);
    buf_add_c(out, item->state.n ? ": " : "");
    if (d->change == CHANGE_CHANGED) {
        escape_terminal(out, d->before->state);
        buf_add_c(out, " -> ");
    }
    escape_terminal(out, item->state);
    buf_add_char(out, '\n');
}

/* Which of the two is no whole one; what it does not say may stand in what it did not read. */
static void incomplete_find(const struct report_file *files, bool *ret)
{
    for (size_t i = 0; i < REPORTS; i++)
        ret[i] = report_file_false(files[i].root, "complete");
}

static void caution_put(const bool *incomplete, const struct option_list *names, struct buf *out)
{
    for (size_t i = 0; i < REPORTS; i++) {
        if (!incomplete[i])
            continue;
        buf_add_c(out, "Caution: ");
        escape_terminal(out, text_from(names->items[i]));
        buf_add_format(out, " is not complete: what is %s may stand in what it did not read.\n", i ? "gone" : "new");
    }
    buf_add_c(out, incomplete[0] || incomplete[1] ? "\n" : "");
}

static void text_put(const struct differences *d, struct buf *out)
{
    if (!d->count)
        buf_add_c(out, "The reports say the same.\n");
    else
        buf_add_format(out, "%zu new, %zu gone, %zu changed\n", d->of[CHANGE_NEW], d->of[CHANGE_GONE],
                       d->of[CHANGE_CHANGED]);
    for (size_t change = 0; change < CHANGES; change++) {
        if (d->of[change])
            buf_add_format(out, "\n%s\n", changes[change].title);
        for (size_t i = 0; i < d->count; i++)
            if (d->items[i].change == (enum change)change)
                line_put(&d->items[i], out);
    }
}

static void json_put(const struct differences *d, const bool *incomplete, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_bool(&j, "before_complete", !incomplete[0]);
    json_bool(&j, "after_complete", !incomplete[1]);
    for (size_t change = 0; change < CHANGES; change++) {
        json_array(&j, changes[change].word);
        for (size_t i = 0; i < d->count; i++) {
            const struct difference *one = &d->items[i];
            const struct report_item *item = one->after ? one->after : one->before;
            if (one->change != (enum change)change)
                continue;
            json_object(&j, NULL);
            json_text(&j, "kind", text_from(item_kind_names[item->kind]));
            json_text(&j, "key", item->key);
            json_text_or_null(&j, "before", one->before ? one->before->state : TEXT(""));
            json_text_or_null(&j, "after", one->after ? one->after->state : TEXT(""));
            json_object_end(&j);
        }
        json_array_end(&j);
    }
    json_object_end(&j);
}

/* 0, or the exit status when it is no report. */
static int items_read(struct arena *arena, const char *path, struct report_file *file, struct report_items *ret)
{
    int status = report_file_read(path, file);
    if (!status)
        report_items_list(arena, file, ret);
    return status;
}

static int diff_print(struct arena *arena, const struct diff_command *c, const struct report_file *files,
                      const struct report_items *items)
{
    struct differences d = { .count = 0 };
    bool incomplete[REPORTS];
    struct buf out;
    items_compare(arena, &items[0], &items[1], &d);
    incomplete_find(files, incomplete);
    buf_init(&out);
    if (c->form == FORM_JSON)
        json_put(&d, incomplete, &out);
    else {
        caution_put(incomplete, &c->rest, &out);
        text_put(&d, &out);
    }
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    return !written ? EXIT_NO_OUTPUT : d.count ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

static int diff(struct arena *arena, const struct diff_command *c)
{
    struct report_file files[REPORTS] = { { NULL }, { NULL } };
    struct report_items items[REPORTS];
    int status = 0;
    for (size_t i = 0; i < REPORTS && !status; i++)
        status = items_read(arena, c->rest.items[i], &files[i], &items[i]);
    if (!status)
        status = diff_print(arena, c, files, items);
    for (size_t i = 0; i < REPORTS; i++)
        report_file_done(&files[i]);
    return status;
}

int cmd_diff(int argc, char **argv)
{
    struct arena arena;
    struct diff_command c = { .form = FORM_TEXT };
    arena_init(&arena);
    int status = page_parse(&arena, &diff_page, &c, argc, argv, &c.rest);
    if (status == PAGE_GO_ON)
        status = c.rest.count == 2 ? diff(&arena, &c)
                                   : page_mistake(&diff_page, TEXT("name two reports, for example evscan diff "
                                                                   "monday.json tuesday.json"));
    arena_done(&arena);
    return status;
}
