/*
 * rules_why_not.c - `evscan rules why-not RULE PATH...`: the event that comes nearest to a rule, and what is in its
 *                   way.
 */
#include "cli/rules.h"

#include "cli/correlation_search.h"
#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/packed.h"
#include "cli/progress.h"
#include "cli/rule_search.h"
#include "cli/rules_tree.h"
#include "form/escape.h"
#include "io/interrupt.h"
#include "report/credit.h"

struct question {
    struct arena *arena;
    const struct ruleset *rules;
    struct option_list logs;
    struct path_list paths;
    unsigned tolerance; /* seconds */
    struct buf out;
};

static void print_event(const struct rule_search *s, struct buf *out)
{
    const struct event_key *key = &s->nearest->key;
    char time[TIME_ISO_ROOM];
    buf_add_c(out, "  ");
    escape_terminal(out, text_from(s->nearest_path));
    buf_add_format(out, ", record %llu", (unsigned long long)key->record_id);
    if (key->time) {
        buf_add_c(out, ", ");
        buf_add(out, time_iso(key->time, 0, time));
    }
    buf_add_c(out, "\n  ");
    escape_terminal(out, key->computer);
    buf_add_c(out, " ");
    escape_terminal(out, key->channel.n ? key->channel : TEXT("(channel unknown)"));
    buf_add_c(out, ", ");
    escape_terminal(out, key->provider);
    buf_add_char(out, ' ');
    escape_terminal(out, s->nearest->event_id);
    buf_add_c(out, "\n\n");
}

/* What matched or did not, and who wrote it. */
static void print_rule(struct question *q, uint32_t rule)
{
    struct text below = words_of_rules_below(q->arena, q->rules, rule);
    buf_add_c(&q->out, "rule ");
    escape_terminal(&q->out, words_of_rule(q->arena, q->rules, rule));
    buf_add_c(&q->out, below.n ? "\nrests on " : "");
    escape_terminal(&q->out, below);
    buf_add_char(&q->out, '\n');
}

static void print(const struct rule_search *s, const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    struct matcher *matcher = matcher_new(rules);
    escape_terminal(out, ruleset_called(rules, rule));
    if (s->matches)
        buf_add_format(out, " matches %llu of %llu events; the first one:\n", (unsigned long long)s->matches,
                       (unsigned long long)s->events);
    else
        buf_add_format(out, " matches none of %llu events; the nearest one:\n", (unsigned long long)s->events);
    print_event(s, out);
    tree_print_traced(rules, matcher, rule, s->nearest, out);
    matcher_free(matcher);
}

/* Says what could not be read; the exit status. */
static int inputs_judge(struct question *q, const struct partial *partial, size_t not_logs)
{
    inputs_explain(partial, &q->logs, not_logs, q->arena);
    packed_explain(q->arena, &q->paths, partial);
    if (interrupt_asked())
        return EXIT_INCOMPLETE;
    int nothing = inputs_nothing_read(partial, not_logs);
    for (size_t i = 0; i < partial->input_count && !nothing; i++)
        if (partial->inputs[i]->notices.seen[NOTICE_INPUT_OPEN])
            nothing = EXIT_NO_INPUT;
    return nothing ? nothing : EXIT_NOTHING_FOUND;
}

static int why_not_rule(struct question *q, uint32_t rule)
{
    struct rule_search s;
    rule_search_run(q->rules, rule, &q->paths, threads_default(), &s);
    int status = inputs_judge(q, &s.partial, s.not_logs);
    if (s.nearest) {
        print(&s, q->rules, rule, &q->out);
    } else if (status == EXIT_NOTHING_FOUND) {
        output_error("%s: no events there", q->logs.items[0]);
        status = EXIT_NO_DATA;
    }
    rule_search_done(&s);
    return status;
}

static int why_not_correlation(struct question *q, uint32_t rule)
{
    struct correlation_search s;
    correlation_search_begin(&s, q->rules, rule, q->tolerance * (uint64_t)TICKS_PER_SECOND);
    correlation_search_logs(&s, &q->paths, threads_default());
    int status = inputs_judge(q, &s.partial, s.not_logs);
    if (s.partial.input_count > s.not_logs || status == EXIT_NOTHING_FOUND)
        correlation_search_print(&s, &q->out);
    correlation_search_done(&s);
    return status;
}

static int answer(struct question *q, const struct knowledge *k, const char *name)
{
    uint32_t rule;
    if (!rules_find(q->arena, k, name, &rule))
        return EXIT_USAGE_ERROR;
    inputs_collect(&q->logs, q->arena, &q->paths);
    buf_init(&q->out);
    print_rule(q, rule);
    progress_begin(&q->paths, PROGRESS_SILENT, false);
    int status = rule < ruleset_count(q->rules) ? why_not_rule(q, rule) : why_not_correlation(q, rule);
    progress_end();
    buf_add(&q->out, interruption_line());
    if (!output_write(buf_text(&q->out)))
        status = EXIT_NO_OUTPUT;
    buf_done(&q->out);
    return status;
}

static int run(struct arena *arena, const struct rules_command *c, unsigned tolerance)
{
    struct knowledge k;
    bool any = knowledge_load(arena, &c->rules, &c->add_rules, &k);
    struct question q = { .arena = arena, .rules = k.rules, .tolerance = tolerance };
    q.logs = (struct option_list){ c->rest.items + 1, c->rest.count - 1 };
    knowledge_mistakes_tell(&k, false);
    int status = any ? answer(&q, &k, c->rest.items[0]) : EXIT_RULES;
    knowledge_done(&k);
    return status;
}

struct why_not_command {
    struct rules_command shared;
    unsigned tolerance;
};

static const struct option_spec why_not_specs[] = {
    NUMBER_OPTION("clock-tolerance", 0, struct why_not_command, tolerance, 0, MAX_TOLERANCE, "N", "for correlations: "
                  "clocks of nodes may differ by N seconds"),
};

const struct page rules_why_not_page = {
    .name = "rules why-not",
    .usages = { "rules why-not RULE PATH... [options]" },
    .about = "Looks through the logs for the event that comes nearest to the rule (given by\n"
             "its name or id), and shows test by test what the event has and, with an arrow,\n"
             "what keeps the rule from matching.  Events of another provider or log count as\n"
             "far away, those with another event ID as less far.  Of a correlation: the group\n"
             "and the window that come nearest, and which of its rules are not there, too\n"
             "early or too late.\n",
    .groups = { OPTION_GROUP(rules_specs, offsetof(struct why_not_command, shared)), OPTION_GROUP(why_not_specs, 0) },
    .end = "Exit status: 0; 2 interrupted; 64 usage, or no such rule; 65 no events, 66 no\n"
           "input, 73 no output, 78 no rules.\n",
    .manual = "evscan-rules",
};

int rules_why_not(int argc, char **argv)
{
    struct arena arena;
    struct why_not_command c = { .tolerance = 0 };
    arena_init(&arena);
    int status = page_parse(&arena, &rules_why_not_page, &c, argc, argv, &c.shared.rest);
    if (status == PAGE_GO_ON)
        status = c.shared.rest.count < 2
                     ? page_mistake(&rules_why_not_page, TEXT("name a rule and logs, for example evscan rules why-not "
                                                              "clussvc-1069 node1.evt"))
                     : run(&arena, &c.shared, c.tolerance);
    arena_done(&arena);
    return status;
}
