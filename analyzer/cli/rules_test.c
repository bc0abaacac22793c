/*
 * rules_test.c - `evscan rules test PATH...`: do the rules match what their tests say, and nothing else?
 */
#include "cli/rules.h"

#include "cli/correlation_search.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/rule_search.h"
#include "cli/rule_tests.h"
#include "cli/rules_tree.h"
#include "form/escape.h"
#include "io/interrupt.h"
#include "report/report_facts.h"
#include "rule/example.h"

struct lack {
    bool match, no_match; /* there is one of them */
};

struct testing {
    struct arena arena; /* of one test */
    const struct ruleset *rules;
    const struct knowledge_files *files;
    struct matcher *matcher;
    struct notices notices;
    struct lack *lacks; /* by rule */
    size_t asked;       /* rules */
    size_t failed;
    bool interrupted;
    struct buf out;
};

static bool is_hit(struct testing *t, const struct event *event, uint32_t rule)
{
    size_t count;
    const uint32_t *hits = matcher_match(t->matcher, event, &count, &t->notices);
    for (size_t i = 0; i < count; i++)
        if (hits[i] == rule)
            return true;
    return false;
}

static void say_failure(struct testing *t, const struct rule_test *test, const char *reason)
{
    t->failed++;
    buf_add_c(&t->out, "FAILED ");
    escape_terminal(&t->out, ruleset_called(t->rules, test->rule));
    buf_add_format(&t->out, ": %s\n  ", reason);
    escape_terminal(&t->out, test->file->path);
    buf_add_format(&t->out, ":%u", test->node->line);
    for (size_t i = 0; i < test->log_count; i++) {
        buf_add_c(&t->out, i ? ", " : ": ");
        escape_terminal(&t->out, text_from(test->logs[i]));
    }
    buf_add_char(&t->out, '\n');
}

/* A test that gave up at its limit proves nothing, also where its "no match" is what was expected. */
static bool is_undecided(struct testing *t, const struct event *event, uint32_t rule)
{
    trace_begin(t->matcher, rule, event);
    return trace_rule(t->matcher) == TRACE_UNDECIDED;
}

static void run_event(struct testing *t, const struct rule_test *test)
{
    struct event event;
    example_event(&t->arena, NULL, test->node, 0, &event);
    bool hit = is_hit(t, &event, test->rule), undecided = is_undecided(t, &event, test->rule);
    if (hit == test->match && !undecided)
        return;
    say_failure(t, test, undecided   ? "could not be decided: a test of the rule gave up at its limit"
                         : test->match ? "must match, and does not"
                                       : "must not match, and does");
    tree_print_traced(t->rules, t->matcher, test->rule, &event, &t->out);
}

static struct path_list logs_of(struct testing *t, const struct rule_test *test)
{
    struct path_list paths = { 0 };
    for (size_t i = 0; i < test->log_count; i++)
        paths_add(&paths, &t->arena, test->logs[i], NULL);
    paths_finish(&paths, &t->arena);
    return paths;
}

/* Why one of the samples cannot be used; NULL when all can. */
static const char *sample_lost(struct testing *t, const struct partial *partial)
{
    for (size_t i = 0; i < partial->input_count; i++) {
        const struct input_result *input = partial->inputs[i];
        if (!input->format.n && input->notices.count)
            return text_keep_format(&t->arena, "its sample: %.*s",
                                    TEXT_ARG(notice_text(&t->arena, &input->notices.items[0]))).p;
    }
    return partial->input_count ? NULL : "there is no log in its sample";
}

/* What is wrong with so many matches; NULL when nothing is. */
static const char *count_wrong(struct testing *t, const struct rule_test *test, uint64_t matches, const char *things)
{
    if (test->match && test->counted && matches != test->hits)
        return text_keep_format(&t->arena, "must give so many %s: %llu, and gives %llu", things,
                                (unsigned long long)test->hits, (unsigned long long)matches).p;
    if (test->match != (matches > 0))
        return test->match ? "must match, and does not" : "must not match, and does";
    return NULL;
}

static void run_sample(struct testing *t, const struct rule_test *test)
{
    struct rule_search s;
    struct path_list paths = logs_of(t, test);
    rule_search_run(t->rules, test->rule, &paths, threads_default(), &s);
    const char *lost = sample_lost(t, &s.partial), *why = lost ? lost : count_wrong(t, test, s.matches, "hits");
    /* Of an interrupted search nobody knows what it would have found. */
    why = interrupt_asked() ? NULL : why;
    if (why)
        say_failure(t, test, why);
    if (why && !lost && s.nearest) {
        buf_add_format(&t->out, "  record %llu:\n", (unsigned long long)s.nearest->key.record_id);
        tree_print_traced(t->rules, t->matcher, test->rule, s.nearest, &t->out);
    }
    rule_search_done(&s);
}

static void search_events(struct testing *t, const struct rule_test *test, struct correlation_search *s)
{
    struct event *events = ARENA_NEW_N(&t->arena, struct event, test->events->count);
    example_story(&t->arena, test->events, events);
    correlation_search_events(s, events, test->events->count);
}

static void run_correlation(struct testing *t, const struct rule_test *test)
{
    struct correlation_search s;
    struct path_list paths = logs_of(t, test);
    correlation_search_begin(&s, t->rules, test->rule, test->tolerance * TICKS_PER_SECOND);
    if (test->log_count)
        correlation_search_logs(&s, &paths, threads_default());
    else
        search_events(t, test, &s);
    const char *lost = test->log_count ? sample_lost(t, &s.partial) : NULL;
    const char *why = lost ? lost : count_wrong(t, test, s.alert_count, "alerts");
    why = interrupt_asked() ? NULL : why;
    if (why)
        say_failure(t, test, why);
    if (why && !lost)
        correlation_search_print(&s, &t->out);
    correlation_search_done(&s);
}

static void run_test(struct testing *t, const struct rule_test *test)
{
    struct arena_mark mark = arena_mark(&t->arena);
    *(test->match ? &t->lacks[test->rule].match : &t->lacks[test->rule].no_match) = true;
    notices_init(&t->notices, &t->arena);
    if (test->rule >= ruleset_count(t->rules))
        run_correlation(t, test);
    else if (test->log_count)
        run_sample(t, test);
    else
        run_event(t, test);
    arena_rewind(&t->arena, mark);
}

static void say_lacks(struct testing *t, bool complete)
{
    size_t without = 0;
    for (uint32_t i = 0; i < ruleset_count_all(t->rules); i++) {
        struct lack has = t->lacks[i];
        if ((has.match && has.no_match) || !knowledge_is_asked(t->files, ruleset_info(t->rules, i)))
            continue;
        without++;
        if (!complete)
            continue;
        buf_add_c(&t->out, "LACKS  ");
        escape_terminal(&t->out, ruleset_called(t->rules, i));
        buf_add_format(&t->out, ": has no test %s\n",
                       has.match ? "that must not match" : has.no_match ? "that must match" : "at all");
    }
    if (complete)
        t->failed += without;
    else if (without)
        buf_add_format(&t->out, "%zu of %zu rules lack a test of either kind (--complete names them)\n", without,
                       t->asked);
}

static void run_tests(struct testing *t, const struct rule_tests *tests, bool complete)
{
    arena_init(&t->arena);
    buf_init(&t->out);
    t->lacks = ARENA_NEW_N(&t->arena, struct lack, ruleset_count_all(t->rules));
    t->asked = knowledge_rules_asked(t->files, t->rules);
    t->matcher = matcher_new(t->rules);
    size_t run = 0;
    for (; run < tests->count && !interrupt_asked(); run++)
        run_test(t, &tests->items[run]);
    matcher_free(t->matcher);
    t->interrupted = interrupt_asked();
    if (t->interrupted)
        buf_add_format(&t->out, "interrupted: %zu of %zu tests were begun, the last of them may not be whole\n", run,
                       tests->count);
    else
        say_lacks(t, complete);
    buf_add(&t->out, words_of_count(&t->arena, run, "test", "tests"));
    buf_add_c(&t->out, " of ");
    buf_add(&t->out, words_of_count(&t->arena, t->asked, "rule", "rules"));
    buf_add_format(&t->out, ", %zu failed\n", t->failed);
}

struct test_command {
    struct rules_asked asked;
    bool complete;
};

static int test(struct arena *arena, struct test_command *c)
{
    struct knowledge k;
    struct knowledge_files files;
    struct rule_tests tests;
    if (!rules_ask(arena, &c->asked))
        return EXIT_RULES;
    knowledge_read(arena, &c->asked.paths, (struct knowledge_reading){ .besides = c->asked.besides }, &k, &files);
    rule_tests_read(arena, &files, k.rules, &k.diags, &tests);
    knowledge_mistakes_print(&k);
    struct testing t = { .rules = k.rules, .files = &files };
    run_tests(&t, &tests, c->complete);
    bool written = output_write(buf_text(&t.out));
    int status = (t.failed ? EXIT_FOUND : EXIT_NOTHING_FOUND) | (t.interrupted ? EXIT_INCOMPLETE : 0);
    status = k.diags.errors ? EXIT_RULES : status;
    buf_done(&t.out);
    arena_done(&t.arena);
    knowledge_done(&k);
    return written ? status : EXIT_NO_OUTPUT;
}

static const struct option_spec test_specs[] = {
    FLAG_OPTION("complete", 0, struct test_command, complete, "a rule without a test that matches, or without a near "
                "miss, is a failure"),
    ADD_RULES_ASKED(struct test_command, asked, "test"),
};

const struct page rules_test_page = {
    .name = "rules test",
    .usages = { "rules test [options] [PATH...]" },
    .about = "Runs the tests of rules: events that must match and near misses that must not.\n"
             "They stand in the rule (attribute tests) or beside it (RULE.test.yaml beside\n"
             "RULE.yaml).  PATH is a file or a folder; without one the shipped rules are\n"
             "tested.  A failure shows the rule, test by test, with the values of the event;\n"
             "of a correlation, whose tests are events with times, the nearest group.\n",
    .groups = { OPTION_GROUP(test_specs, 0) },
    .end = "Exit status: 0 all as expected, 1 not so, 2 interrupted, 3 both; 64 usage, 73 no\n"
           "output, 78 a mistake in a rule or in a test.  man evscan-rules(5) says how to\n"
           "write them.\n",
    .manual = "evscan-rules",
};

int rules_test(int argc, char **argv)
{
    struct arena arena;
    struct test_command c = { .complete = false };
    arena_init(&arena);
    int status = page_parse(&arena, &rules_test_page, &c, argc, argv, &c.asked.paths);
    if (status == PAGE_GO_ON)
        status = test(&arena, &c);
    arena_done(&arena);
    return status;
}
