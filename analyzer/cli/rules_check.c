/*
 * rules_check.c - `evscan rules check PATH...`: everything that is wrong or suspicious, all at once.
 */
#include "cli/rules.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/rule_tests.h"
#include "report/report_facts.h"

/* Tests that stand in the rules are read for their form only; `rules test` runs them. */
static void tests_check(struct knowledge *k, const struct knowledge_files *files, struct arena *arena)
{
    struct rule_tests tests;
    rule_tests_read(arena, files, k->rules, &k->diags, &tests);
}

/* "9 rules in 1 file: 1 mistake, 0 warnings" */
static struct text summary(struct arena *a, size_t rules, size_t files, const struct diags *diags)
{
    struct text parts[] = { words_of_count(a, rules, "rule", "rules"), words_of_count(a, files, "file", "files"),
                            words_of_count(a, diags->errors, "mistake", "mistakes"),
                            words_of_count(a, diags->warnings, "warning", "warnings") };
    return text_keep_format(a, "%.*s in %.*s: %.*s, %.*s\n", TEXT_ARG(parts[0]), TEXT_ARG(parts[1]),
                            TEXT_ARG(parts[2]), TEXT_ARG(parts[3]));
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
    bool written = output_write(summary(arena, ruleset_count_all(k.rules), files.read, &k.diags));
    int status = k.diags.errors ? EXIT_RULES : EXIT_NOTHING_FOUND;
    knowledge_done(&k);
    return written ? status : EXIT_NO_OUTPUT;
}

struct check_command {
    struct option_list paths;
    bool own;
};

static const struct option_spec check_specs[] = {
    FLAG_OPTION("own", 0, struct check_command, own, "ask of them what is asked of the shipped ones: an event ID "
                "without its provider is a mistake, and so is a named article that is not there"),
};

const struct page rules_check_page = {
    .name = "rules check",
    .usages = { "rules check [options] [PATH...]" },
    .about = "Says everything that is wrong in rule and article files, each mistake with its\n"
             "line and a caret; and what is allowed but suspicious: an event ID without its\n"
             "provider, a field that its event does not have, a regular expression that\n"
             "can be made to give up, a condition that no event can fulfil, a test that\n"
             "cannot be read, a named article that is not there.  PATH is a file or a folder;\n"
             "without one the shipped rules are checked.\n",
    .groups = { OPTION_GROUP(check_specs, 0) },
    .end = "Exit status: 0 no mistakes (there may be warnings), 78 mistakes; 64 usage.\n",
    .manual = "evscan-rules",
};

int rules_check(int argc, char **argv)
{
    struct arena arena;
    struct check_command c = { .own = false };
    arena_init(&arena);
    int status = page_parse(&arena, &rules_check_page, &c, argc, argv, &c.paths);
    if (status == PAGE_GO_ON)
        status = check(&arena, &c.paths, c.own);
    arena_done(&arena);
    return status;
}
