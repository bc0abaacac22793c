/*
 * main.c - `evscan COMMAND ...`; without a command it is `scan`.
 */
#include <signal.h>
#include <string.h>

#include "cli/cmd.h"

int main(int argc, char **argv)
{
    /* A closed pipe is an error that is reported with its exit status, not a silent death. */
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && strcmp(argv[1], "scan") == 0) {
        argc--;
        argv++;
    }
    return cmd_scan(argc, argv);
}
