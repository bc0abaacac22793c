/*
 * cmd_rules.c - `evscan rules WORD ...`: what helps to write rules.
 */
#include "cli/cmd.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/rules.h"

static const char rules_help[] =
    "Usage: evscan rules WORD ...\n"
    "\n"
    "  check PATH...         say everything that is wrong or suspicious in rule files\n"
    "  test PATH...          run the tests that stand in the rules or beside them\n"
    "  list                  the rules that are loaded\n"
    "  explain RULE          what became of a rule: when it is looked at, what it tests\n"
    "  why-not RULE PATH...  the event of these logs that comes nearest to a rule\n"
    "\n"
    "evscan rules WORD --help says more; so does man evscan-rules(1).\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} words[] = {
    { "check", rules_check }, { "explain", rules_explain }, { "list", rules_list },
    { "test", rules_test },   { "why-not", rules_why_not },
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

bool rules_begin(struct arena *arena, int argc, char **argv, enum rules_from from, const struct option_spec *own,
                 size_t own_count, const char *help_text, struct rules_command *ret, int *status)
{
    struct option_spec specs[RULES_OPTIONS + 3] = {
        { "help", OPTION_FLAG, &ret->help, NULL, 0, 0 },
        { "rules", OPTION_LIST, &ret->rules, NULL, 0, 0 },
        { "add-rules", OPTION_LIST, &ret->add_rules, NULL, 0, 0 },
    };
    size_t shared = from == RULES_BY_OPTION ? 3 : 1;
    struct text error;
    *ret = (struct rules_command){ .help = false };
    for (size_t i = 0; i < own_count && i < RULES_OPTIONS; i++)
        specs[shared + i] = own[i];
    if (!options_parse(arena, specs, shared + own_count, argc, argv, &ret->rest, &error)) {
        output_error("rules %s: %.*s", argv[0], TEXT_ARG(error));
        *status = EXIT_USAGE_ERROR;
        return false;
    }
    if (ret->help)
        *status = output_write(text_from(help_text)) ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
    return !ret->help;
}

bool rules_paths(struct arena *arena, struct option_list *paths)
{
    if (paths->count)
        return true;
    const char **shipped = ARENA_NEW(arena, const char *);
    *shipped = knowledge_folder(arena);
    if (*shipped)
        *paths = (struct option_list){ shipped, 1 };
    else
        output_error("the shipped rules are not where they were installed; name a file or folder");
    return *shipped != NULL;
}

bool rules_find(struct arena *arena, const struct ruleset *rules, const char *name, uint32_t *ret)
{
    size_t count = ruleset_count_all(rules);
    const char **names = ARENA_NEW_N(arena, const char *, count + 1);
    if (ruleset_find_any(rules, text_from(name), ret))
        return true;
    for (uint32_t i = 0; i < count; i++)
        names[i] = text_keep_format(arena, "%.*s", TEXT_ARG(ruleset_called(rules, i))).p;
    const char *nearest = word_nearest(name, names);
    if (nearest)
        output_error("no rule has the name or id %s; did you mean %s?", name, nearest);
    else
        output_error("no rule, or more than one, has the name or id %s; evscan rules list lists them", name);
    return false;
}
