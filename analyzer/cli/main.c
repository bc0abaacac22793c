/*
 * main.c - `evscan COMMAND ...`; without a command it is `scan`.
 */
#include <signal.h>
#include <string.h>

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
};

int main(int argc, char **argv)
{
    /* A closed pipe is an error that is reported with its exit status, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return cmd_scan(argc, argv);
}
