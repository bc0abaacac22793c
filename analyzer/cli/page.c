#include "cli/page.h"

#include "cli/cmd.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "form/text_layout.h"

#define WIDTH  80u
#define COMMANDS_MOST 32u
#define COLUMN 24u /* where what an option does begins */

static void usages_put(const struct page *page, struct buf *out)
{
    for (size_t i = 0; i < PAGE_USAGES && page->usages[i]; i++)
        buf_add_format(out, "%s evscan %s\n", i ? "      " : "Usage:", page->usages[i]);
}

static void option_put(struct layout *l, const struct option_spec *spec)
{
    struct buf left;
    buf_init(&left);
    if (spec->letter)
        buf_add_format(&left, "-%c, ", spec->letter);
    buf_add_format(&left, "--%s%s%s", spec->name, spec->value ? " " : "", spec->value ? spec->value : "");
    layout_begin(l, 2, COLUMN);
    layout_whole(l, STYLE_PLAIN, buf_text(&left));
    layout_pad(l, COLUMN - 2);
    layout_words(l, STYLE_PLAIN, text_from(spec->help));
    layout_end(l);
    buf_done(&left);
}

/* "Also: --codepage NAME, --recover; man evscan-show tells of them." */
static void rare_put(struct layout *l, const struct page *page)
{
    if (!page->rare.count)
        return;
    layout_begin(l, 2, 8);
    layout_words(l, STYLE_PLAIN, TEXT("Also: "));
    for (size_t i = 0; i < page->rare.count; i++) {
        const struct option_spec *spec = &page->rare.specs[i];
        struct buf word;
        buf_init(&word);
        buf_add_format(&word, "--%s%s%s,", spec->name, spec->value ? " " : "", spec->value ? spec->value : "");
        layout_whole(l, STYLE_PLAIN, buf_text(&word));
        layout_words(l, STYLE_PLAIN, TEXT(" "));
        buf_done(&word);
    }
    layout_words(l, STYLE_PLAIN, TEXT("--help"));
    layout_end(l);
}

/* "Other commands: show, stats .." */
static void commands_put(struct layout *l, const struct page *page)
{
    if (!page->commands)
        return;
    layout_blank(l);
    layout_begin(l, 0, 2);
    layout_words(l, STYLE_PLAIN, TEXT("Other commands: "));
    for (const struct command *c = page->commands; c->name; c++) {
        if (c->page == page)
            continue;
        layout_words(l, STYLE_PLAIN, text_from(c->name));
        layout_words(l, STYLE_PLAIN, c[1].name ? TEXT(", ") : TEXT(""));
    }
    layout_end(l);
}

static void page_help(const struct page *page, struct buf *out)
{
    struct layout l;
    usages_put(page, out);
    buf_add_format(out, "\n%s", page->about);
    layout_init(&l, out, WIDTH, false);
    commands_put(&l, page);
    layout_blank(&l);
    for (size_t g = 0; g < OPTION_GROUPS && page->groups[g].count; g++)
        for (size_t i = 0; i < page->groups[g].count; i++)
            option_put(&l, &page->groups[g].specs[i]);
    rare_put(&l, page);
    layout_done(&l);
    if (!page->rare.count)
        buf_add_c(out, "  -h, --help\n");
    buf_add_format(out, "\n%s", page->end);
    if (page->manual)
        buf_add_format(out, "More: man %s\n", page->manual);
}

static bool group_has(const struct option_group *group, const char *name)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->specs[i].name, name) == 0)
            return true;
    return false;
}

static bool page_has(const struct page *page, const char *name)
{
    for (size_t g = 0; g < OPTION_GROUPS && page->groups[g].count; g++)
        if (group_has(&page->groups[g], name))
            return true;
    return group_has(&page->rare, name);
}

struct text pages_with_option(struct arena *arena, const char *name)
{
    const char *names[COMMANDS_MOST + 1];
    size_t count = 0;
    for (const struct command *c = commands; c->name && count < COMMANDS_MOST; c++)
        if (page_has(c->page, name))
            names[count++] = c->name;
    names[count] = NULL;
    return count ? words_expected(arena, names) : TEXT("");
}

static int help_print(const struct page *page)
{
    struct buf out;
    buf_init(&out);
    page_help(page, &out);
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    return written ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
}

int page_mistake(const struct page *page, struct text error)
{
    output_error("%s%s%.*s", page->name, *page->name ? ": " : "", TEXT_ARG(error));
    return EXIT_USAGE_ERROR;
}

int page_word_mistake(const struct page *page, const char *given)
{
    struct arena arena;
    arena_init(&arena);
    struct text expected = words_expected(&arena, page->words);
    const char *nearest = given ? word_meant(given, page->words) : NULL;
    if (!given)
        output_error("%s: %.*s? evscan %s --help says more", page->name, TEXT_ARG(expected), page->name);
    else if (nearest)
        output_error("%s has no %s; did you mean evscan %s %s?", page->name, given, page->name, nearest);
    else
        output_error("%s has no %s; there is %.*s: evscan %s --help says more", page->name, given, TEXT_ARG(expected),
                     page->name);
    arena_done(&arena);
    return EXIT_USAGE_ERROR;
}

enum options_result page_options(struct arena *arena, const struct page *page, void *target, int argc, char **argv,
                                 struct option_list *rest, struct text *error)
{
    struct option_group groups[OPTION_GROUPS] = { { NULL, 0, 0 } };
    size_t count = 0;
    for (; count + 1 < OPTION_GROUPS && page->groups[count].count; count++)
        groups[count] = page->groups[count];
    groups[count] = page->rare;
    return options_parse(arena, groups, target, argc, argv, rest, error);
}

int page_parse(struct arena *arena, const struct page *page, void *target, int argc, char **argv,
               struct option_list *rest)
{
    struct text error;
    switch (page_options(arena, page, target, argc, argv, rest, &error)) {
    case OPTIONS_READ:
        return PAGE_GO_ON;
    case OPTIONS_HELP:
        return help_print(page);
    case OPTIONS_MISTAKE:
        break;
    }
    return page_mistake(page, error);
}
