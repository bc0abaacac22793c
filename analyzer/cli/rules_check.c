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

/* "9 rules and 1 article in 2 files: 1 mistake, 0 warnings" */
static struct text summary(struct arena *a, size_t rules, const struct knowledge_files *files, const struct diags *diags)
{
    struct text articles = files->articles ? words_of_count(a, files->articles, "article", "articles") : TEXT("");
    struct text parts[] = { words_of_count(a, rules, "rule", "rules"), words_of_count(a, files->read, "file", "files"),
                            words_of_count(a, diags->errors, "mistake", "mistakes"),
                            words_of_count(a, diags->warnings, "warning", "warnings") };
    return text_keep_format(a, "%.*s%s%.*s in %.*s: %.*s, %.*s\n", TEXT_ARG(parts[0]), files->articles ? " and " : "",
                            TEXT_ARG(articles), TEXT_ARG(parts[1]), TEXT_ARG(parts[2]), TEXT_ARG(parts[3]));
}

struct check_command {
    struct rules_asked asked;
    bool own;
};

static int check(struct arena *arena, struct check_command *c)
{
    struct knowledge k;
    struct knowledge_files files;
    if (!rules_ask(arena, &c->asked))
        return EXIT_RULES;
    struct knowledge_reading reading = { .own = c->own, .thorough = true, .besides = c->asked.besides };
    knowledge_read(arena, &c->asked.paths, reading, &k, &files);
    tests_check(&k, &files, arena);
    knowledge_mistakes_print(&k);
    bool written = output_write(summary(arena, knowledge_rules_asked(&files, k.rules), &files, &k.diags));
    int status = k.diags.errors ? EXIT_RULES : EXIT_NOTHING_FOUND;
    knowledge_done(&k);
    return written ? status : EXIT_NO_OUTPUT;
}

static const struct option_spec check_specs[] = {
    FLAG_OPTION("own", 0, struct check_command, own, "ask of them what is asked of the shipped ones: an event ID "
                "without its provider is a mistake, and so is a named article that is not there"),
    ADD_RULES_ASKED(struct check_command, asked, "check"),
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
    int status = page_parse(&arena, &rules_check_page, &c, argc, argv, &c.asked.paths);
    if (status == PAGE_GO_ON)
        status = check(&arena, &c);
    arena_done(&arena);
    return status;
}
