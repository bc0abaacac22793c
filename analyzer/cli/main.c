/*
 * main.c - `evscan COMMAND ...`; without a command it is `scan`.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/cmd.h"
#include "cli/exit.h"
#include "cli/signals.h"

static bool is_command(const char *word)
{
    for (const struct command *c = commands; c->name; c++)
        if (strcmp(word, c->name) == 0)
            return true;
    return false;
}

/* `evscan help show`, as other programs have it: what asks for that help here. */
static const char *help_meant(const char *about)
{
    if (!about || !is_command(about))
        return "--help";
    static char words[32];
    snprintf(words, sizeof words, "%s --help", about);
    return words;
}

/* What `word` was probably meant to be; `next` is the word behind it or NULL.  NULL for what may be a path as well. */
static const char *misspelt(const char *word, const char *next)
{
    struct nearest nearest = nearest_begin(text_from(word));
    if (word[0] == '-' || strpbrk(word, "/.") || access(word, F_OK) == 0)
        return NULL;
    if (strcmp(word, "help") == 0)
        return help_meant(next);
    if (strcmp(word, "version") == 0)
        return "--version";
    for (const struct command *c = commands; c->name; c++)
        nearest_try(&nearest, text_from(c->name));
    return nearest.best.n ? nearest.best.p : NULL;
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

/*
 * What is opened gets the lowest free number: a report must not go into a file because standard output was closed.  In
 * the place of a closed stream comes one that refuses to be used.
 */
static bool closed_streams_refuse(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    if (!closed_streams_refuse())
        return EXIT_NO_OUTPUT;
    /* A closed pipe and a limit of file size are errors that are reported, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signals_catch();
    for (const struct command *c = commands; argc > 1 && c->name; c++)
        if (strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
    const char *meant = argc > 1 ? misspelt(argv[1], argv[2]) : NULL;
    return meant ? say_misspelt(argv[1], meant) : cmd_scan(argc, argv);
}
