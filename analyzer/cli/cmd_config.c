/*
 * cmd_config.c - `evscan config check [FILE]`: what a configuration comes to, or all that is wrong with it.
 */
#include "cli/cmd.h"

#include "cli/config.h"
#include "cli/exit.h"
#include "cli/knowledge.h"
#include "cli/output.h"

static const char *const words[] = { "check", NULL };

const struct page config_page = {
    .name = "config",
    .usages = { "config check [FILE]" },
    .about = "Reads a configuration file (" CONFIG_FILE ") and prints the command\n"
             "line that it stands for, one for each cluster; or all that is wrong with it.\n",
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

int cmd_config(int argc, char **argv)
{
    struct arena arena;
    struct option_list rest;
    struct config config;
    struct knowledge mistakes = { 0 };
    arena_init(&arena);
    diags_init(&mistakes.diags, &arena);
    int status = page_parse(&arena, &config_page, NULL, argc, argv, &rest);
    if (status == PAGE_GO_ON && (!rest.count || strcmp(rest.items[0], words[0]) != 0))
        status = page_word_mistake(&config_page, rest.count ? rest.items[0] : NULL);
    if (status == PAGE_GO_ON && rest.count > 2)
        status = page_mistake(&config_page, TEXT("one file at a time; for example: evscan config check evscan.conf"));
    if (status == PAGE_GO_ON) {
        const char *path = rest.count > 1 ? rest.items[1] : CONFIG_FILE;
        status = config_read(&arena, path, &scan_page, &mistakes.diags, &config) ? config_print(&config) : EXIT_RULES;
        knowledge_mistakes_print(&mistakes);
    }
    arena_done(&arena);
    return status;
}
