/*
 * cmd_rules.c - `evscan rules WORD ...`: what helps to write rules.
 */
#include "cli/cmd.h"

#include <string.h>

#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/rules.h"

static const char rules_help[] =
    "Usage: evscan rules WORD ...\n"
    "\n"
    "  list                  the rules that are loaded\n"
    "\n"
    "evscan rules WORD --help says more; so does man evscan-rules(1).\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} words[] = {
    { "list", rules_list },
};

static int unknown(const char *given)
{
    const char *names[COUNT_OF(words) + 1] = { NULL };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        names[i] = words[i].name;
    const char *nearest = word_nearest(given, names);
    if (nearest)
        output_error("rules has no %s; did you mean evscan rules %s?", given, nearest);
    else
        output_error("rules has no %s; evscan rules --help lists what there is", given);
    return EXIT_USAGE_ERROR;
}

int cmd_rules(int argc, char **argv)
{
    if (argc < 2) {
        output_error("rules: say what to do with them; evscan rules --help lists what there is");
        return EXIT_USAGE_ERROR;
    }
    if (strcmp(argv[1], "--help") == 0)
        return output_write(text_from(rules_help)) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(argv[1], words[i].name) == 0)
            return words[i].run(argc - 1, argv + 1);
    return unknown(argv[1]);
}
