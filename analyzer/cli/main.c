/*
 * main.c - `evscan COMMAND ...`; without a command it is `scan`.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "cli/cmd.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "scan", cmd_scan },
    { "show", cmd_show },
    { "rules", cmd_rules },
    { "explain", cmd_explain },
    { "kb", cmd_kb },
    { "compare", cmd_compare },
    { "merge", cmd_merge },
};

/* The command that `word` was probably meant to be; NULL for what may be a path as well. */
static const char *misspelt(const char *word)
{
    const char *names[COUNT_OF(commands) + 1] = { NULL };
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        names[i] = commands[i].name;
    return word[0] == '-' || strpbrk(word, "/.") || access(word, F_OK) == 0 ? NULL : word_nearest(word, names);
}

static int say_misspelt(const char *word, const char *meant)
{
    struct arena arena;
    arena_init(&arena);
    int status = page_mistake(&scan_page, text_keep_format(&arena, "%s is neither a command nor a file; did you mean "
                                                           "evscan %s?", word, meant));
    arena_done(&arena);
    return status;
}

int main(int argc, char **argv)
{
    /* A closed pipe is an error that is reported with its exit status, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    const char *meant = argc > 1 ? misspelt(argv[1]) : NULL;
    return meant ? say_misspelt(argv[1], meant) : cmd_scan(argc, argv);
}
