/*
 * main.c - `evscan COMMAND ...`; without a command it is `scan`.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/cmd.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/signals.h"

/* Looks like the name of a command, and no path of that name is there. */
static bool is_name(const char *word)
{
    return word[0] != '-' && !strpbrk(word, "/.") && access(word, F_OK) != 0;
}

/* `evscan help show`, as other programs have it, is `evscan show --help`. */
static void help_turn(int argc, char **argv)
{
    static char help[] = "--help";
    if (argc < 2 || strcmp(argv[1], "help") != 0 || !is_name(argv[1]))
        return;
    memmove(argv + 1, argv + 2, (size_t)(argc - 2) * sizeof *argv);
    argv[argc - 1] = help;
}

/* What `word` was probably meant to be.  NULL for what may be a path as well. */
static const char *misspelt(const char *word)
{
    struct nearest nearest = nearest_begin(text_from(word));
    if (!is_name(word))
        return NULL;
    if (strcmp(word, "version") == 0)
        return "--version";
    for (const struct command *c = commands; c->name; c++)
        nearest_try(&nearest, text_from(c->name));
    nearest_try(&nearest, TEXT("help"));
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
    help_turn(argc, argv);
    for (const struct command *c = commands; argc > 1 && c->name; c++)
        if (strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
    const char *meant = argc > 1 ? misspelt(argv[1]) : NULL;
    if (!meant && argc == 2 && is_name(argv[1]))
        output_error("%s is no command; evscan --help names the commands", argv[1]);
    return meant ? say_misspelt(argv[1], meant) : cmd_scan(argc, argv);
}
