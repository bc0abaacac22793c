/*
 * cmd_config.c - `evscan config check [FILE]`: what a configuration comes to, or all that is wrong with it.
 */
#include "cli/cmd.h"

#include "cli/config.h"
#include "cli/exit.h"
#include "cli/knowledge.h"
#include "cli/output.h"
#include "cli/suppressing.h"
#include "state/clock.h"

static const char *const words[] = { "check", NULL };

const struct page config_page = {
    .name = "config",
    .usages = { "config check [FILE]" },
    .about = "Reads a configuration file (" CONFIG_FILE ") and prints the command\n"
             "line that it stands for, one for each cluster; or all that is wrong with it,\n"
             "with the rules that it names, and with the suppressions.\n",
    .end = "Exit status: 0 it is right, 78 it is not, or cannot be read.\n",
    .manual = "evscan-config",
    .words = words,
};

/* As a shell has to be told it. */
static void word_put(struct buf *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
    buf_add_char(out, ' ');
    if (*word && strspn(word, plain) == strlen(word)) {
        buf_add_c(out, word);
        return;
    }
    buf_add_char(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            buf_add_c(out, "'\\''");
        else
            buf_add_char(out, *word);
    buf_add_char(out, '\'');
}

static int config_print(const struct config *config)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < config->count; i++) {
        const struct config_run *run = &config->runs[i];
        buf_add_c(&out, "evscan");
        for (size_t k = 0; k < run->options.count; k++)
            word_put(&out, run->options.items[k]);
        for (size_t k = 0; k < run->folders.count; k++)
            word_put(&out, run->folders.items[k]);
        buf_add_char(&out, '\n');
    }
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    return written ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
}

/* A night is asked for on the command line, or in the file. */
static bool has_memory(const struct config_run *run)
{
    bool found = false;
    for (size_t i = 0; i < run->options.count; i++)
        found = found || strncmp(run->options.items[i], "--state=", strlen("--state=")) == 0;
    return found;
}

static bool lists_equal(const struct option_list *a, const struct option_list *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++)
        equal = strcmp(a->items[i], b->items[i]) == 0;
    return equal;
}

static bool words_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The run that was checked last: what is wrong with several is said once when they follow each other. */
struct checking {
    struct arena *arena;
    const char *path;
    struct scan_line line;
    struct knowledge rules; /* that it names */
    struct text said;
    bool any, good;
};

/* Rules that cannot be read, or have mistakes: the run would end with EXIT_RULES. */
static void rules_check(struct checking *c, const struct scan_line *line)
{
    if (c->any && lists_equal(&line->rules, &c->line.rules) && lists_equal(&line->add_rules, &c->line.add_rules))
        return;
    knowledge_done(&c->rules);
    c->rules = (struct knowledge){ 0 };
    c->good = knowledge_load(c->arena, &line->rules, &line->add_rules, &c->rules) && !c->rules.diags.errors && c->good;
    knowledge_mistakes_print(&c->rules);
}

/* A night with a mistake in a suppression ends with EXIT_RULES as well. */
static void suppressions_check(struct checking *c, const struct scan_line *line)
{
    bool same = c->any && words_equal(line->state, c->line.state) && words_equal(line->suppress, c->line.suppress);
    if (line->state && !same && suppressing_check(c->arena, line->state, line->suppress, &c->rules, clock_now()))
        c->good = false;
}

/* By the code of the run itself. */
static void run_check(struct checking *c, const struct config_run *run)
{
    static char program[] = "evscan", cron[] = "--cron";
    char *const given[] = { program, cron };
    struct option_list asked = config_line(c->arena, run, has_memory(run) ? 2 : 1, (char **)given, true);
    struct scan_line line;
    struct text error;
    c->good = scan_line_read(c->arena, (int)asked.count, (char **)asked.items, &line, &error) && c->good;
    if (error.n && !text_equal(error, c->said))
        output_error("%s%s%.*s: %.*s", c->path, run->cluster.n ? ": cluster " : "", TEXT_ARG(run->cluster),
                     TEXT_ARG(error));
    c->said = error;
    rules_check(c, &line);
    suppressions_check(c, &line);
    c->line = line;
    c->any = true;
}

static bool runs_check(struct arena *arena, const char *path, const struct config *config)
{
    struct checking c = { .arena = arena, .path = path, .good = true };
    for (size_t i = 0; i < config->count; i++)
        run_check(&c, &config->runs[i]);
    knowledge_done(&c.rules);
    return c.good;
}

static int config_check(struct arena *arena, const char *path, struct diags *mistakes)
{
    struct config config;
    if (!config_read(arena, path, &scan_page, mistakes, &config) || !runs_check(arena, path, &config))
        return EXIT_RULES;
    return config_print(&config);
}

int cmd_config(int argc, char **argv)
{
    struct arena arena;
    struct option_list rest;
    struct knowledge mistakes = { 0 };
    arena_init(&arena);
    diags_init(&mistakes.diags, &arena);
    int status = page_parse(&arena, &config_page, NULL, argc, argv, &rest);
    if (status == PAGE_GO_ON && (!rest.count || strcmp(rest.items[0], words[0]) != 0))
        status = page_word_mistake(&config_page, rest.count ? rest.items[0] : NULL);
    if (status == PAGE_GO_ON && rest.count > 2)
        status = page_mistake(&config_page, TEXT("one file at a time; for example: evscan config check evscan.conf"));
    if (status == PAGE_GO_ON)
        status = config_check(&arena, rest.count > 1 ? rest.items[1] : CONFIG_FILE, &mistakes.diags);
    knowledge_mistakes_print(&mistakes);
    arena_done(&arena);
    return status;
}
