/*
 * cmd_rules.c - `evscan rules WORD ...`: what helps to write rules.
 */
#include "cli/cmd.h"

#include <unistd.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/rules.h"
#include "cli/shipped.h"

static const char *const rules_words[] = { "check", "test", "list", "explain", "why-not", "pack", NULL };

const struct page rules_page = {
    .name = "rules",
    .usages = { "rules WORD ..." },
    .about = "  check PATH...         say everything that is wrong or suspicious in rule files\n"
             "  test PATH...          run the tests that stand in the rules or beside them\n"
             "  list                  the rules that are loaded\n"
             "  explain RULE          what became of a rule: when it is looked at, its tests\n"
             "  why-not RULE PATH...  the event of these logs that comes nearest to a rule\n"
             "  pack FOLDER           make loading the shipped rules quick; the build does it\n",
    .end = "evscan rules WORD --help says more.\n",
    .manual = "evscan-rules",
    .words = rules_words,
};

const struct option_spec rules_specs[2] = {
    LIST_OPTION("rules", 0, struct rules_command, rules, "PATH", "these rules instead of the shipped ones (file or "
                "folder, repeatable)"),
    LIST_OPTION("add-rules", 0, struct rules_command, add_rules, "PATH", "these besides them (repeatable)"),
};

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} words[] = {
    { "check", rules_check }, { "explain", rules_explain }, { "list", rules_list },
    { "pack", rules_pack },   { "test", rules_test },       { "why-not", rules_why_not },
};

int cmd_rules(int argc, char **argv)
{
    struct arena arena;
    struct option_list rest;
    if (argc < 2)
        return page_word_mistake(&rules_page, NULL);
    if (argv[1][0] == '-') {
        arena_init(&arena);
        int status = page_parse(&arena, &rules_page, NULL, 2, argv, &rest);
        arena_done(&arena);
        return status == PAGE_GO_ON ? page_word_mistake(&rules_page, argv[1]) : status;
    }
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(argv[1], words[i].name) == 0)
            return words[i].run(argc - 1, argv + 1);
    return page_word_mistake(&rules_page, argv[1]);
}

bool rules_ask(struct arena *arena, struct rules_asked *asked)
{
    const char **shipped = ARENA_NEW(arena, const char *);
    *shipped = shipped_folder(arena);
    if (asked->add_rules.count)
        asked->besides = *shipped;
    asked->paths = option_lists_join(arena, &asked->paths, &asked->add_rules);
    if (asked->paths.count && (asked->besides || !asked->add_rules.count))
        return true;
    if (!*shipped)
        output_error("the shipped rules are not where they were installed; name files or folders without --add-rules");
    else
        asked->paths = (struct option_list){ shipped, 1 };
    return *shipped != NULL;
}

/* The first rule of this title; NULL when none has it. */
static const struct rule_info *titled(const struct ruleset *rules, const char *title)
{
    for (uint32_t i = 0; i < ruleset_count_all(rules); i++)
        if (text_equal_nocase(ruleset_info(rules, i)->title, text_from(title)))
            return ruleset_info(rules, i);
    return NULL;
}

static void not_found_say(const struct ruleset *rules, const char *name, const char *nearest)
{
    const struct rule_info *info = titled(rules, name);
    struct text called = info && info->name.n ? info->name : info ? info->id : TEXT("");
    if (ruleset_is_ambiguous(rules, text_from(name)))
        output_error("more than one rule has the name or id %s; evscan rules list lists them", name);
    else if (info)
        output_error("%s is the title of a rule; its name or id is %.*s", name, TEXT_ARG(called));
    else if (access(name, F_OK) == 0)
        output_error("%s is a file or a folder; name a rule, and load its file with --add-rules %s", name, name);
    else if (nearest)
        output_error("no rule has the name or id %s; did you mean %s?", name, nearest);
    else
        output_error("no rule has the name or id %s; evscan rules list lists them, --add-rules PATH loads your own",
                     name);
}

bool rules_find(struct arena *arena, const struct knowledge *k, const char *name, uint32_t *ret)
{
    const struct ruleset *rules = k->rules;
    size_t count = ruleset_count_all(rules);
    const char **names = ARENA_NEW_N(arena, const char *, count + 1);
    if (ruleset_find_any(rules, text_from(name), ret))
        return true;
    for (uint32_t i = 0; i < count; i++)
        names[i] = text_keep_format(arena, "%.*s", TEXT_ARG(ruleset_called(rules, i))).p;
    const char *nearest = word_nearest(name, names);
    if (kb_find(k->kb, text_from(name)))
        output_error("%s is an article and no rule; evscan kb why-not %s LOG.. shows how near logs come to it", name,
                     name);
    else
        not_found_say(rules, name, nearest);
    return false;
}
