/*
 * rules_check.c - `evscan rules check PATH...`: everything that is wrong or suspicious, all at once.
 */
#include "cli/rules.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/rule_tests.h"

static const char check_help[] =
    "Usage: evscan rules check [options] [PATH...]\n"
    "\n"
    "Says everything that is wrong in rule and article files, each mistake with its\n"
    "line and a caret; and what is allowed but suspicious: an event ID without its\n"
    "provider, a regular expression that can be made to give up, a condition that no\n"
    "event can fulfil, a test that cannot be read.  PATH is a file or a folder; without\n"
    "one the shipped rules are checked.\n"
    "\n"
    "  --own                 ask of them what is asked of the shipped ones: an event ID\n"
    "                        without its provider is a mistake\n"
    "  --help\n"
    "\n"
    "Exit status: 0 no mistakes (there may be warnings), 78 mistakes; 64 usage.\n";

/* Tests that stand in the rules are read for their form only; `rules test` runs them. */
static void tests_check(struct knowledge *k, const struct knowledge_files *files, struct arena *arena)
{
    struct rule_tests tests;
    rule_tests_read(arena, files, k->rules, &k->diags, &tests);
}

static int check(struct arena *arena, struct option_list *paths, bool own)
{
    struct knowledge k;
    struct knowledge_files files;
    struct knowledge_reading reading = { .own = own, .thorough = true };
    if (!rules_paths(arena, paths))
        return EXIT_RULES;
    knowledge_read(arena, paths, reading, &k, &files);
    tests_check(&k, &files, arena);
    knowledge_mistakes_print(&k);
    struct text summary = text_keep_format(arena, "%zu rules in %zu files: %zu mistakes, %zu warnings\n",
                                           ruleset_count_all(k.rules), files.count, k.diags.errors, k.diags.warnings);
    bool written = output_write(summary);
    int status = k.diags.errors ? EXIT_RULES : EXIT_NOTHING_FOUND;
    knowledge_done(&k);
    return written ? status : EXIT_NO_OUTPUT;
}

int rules_check(int argc, char **argv)
{
    struct arena arena;
    struct rules_command command;
    bool own = false;
    const struct option_spec spec = { "own", OPTION_FLAG, &own, NULL, 0, 0 };
    int status;
    arena_init(&arena);
    if (rules_begin(&arena, argc, argv, RULES_BY_PATH, &spec, 1, check_help, &command, &status))
        status = check(&arena, &command.rest, own);
    arena_done(&arena);
    return status;
}
