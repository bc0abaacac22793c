#include "cli/profile.h"

#include <stdlib.h>

#include "cli/output.h"
#include "cli/rules.h"
#include "form/escape.h"
#include "rule/correlation.h"

struct line {
    const struct rule_cost *cost;
    uint32_t rule;
};

/* By time, then in the order of the rules. */
static int compare(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->cost->nanoseconds != y->cost->nanoseconds)
        return x->cost->nanoseconds < y->cost->nanoseconds ? 1 : -1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

/* An id alone tells nobody which rule it is. */
static void rule_put(struct buf *out, const struct ruleset *rules, uint32_t rule)
{
    escape_terminal(out, ruleset_called(rules, rule));
    buf_add_c(out, ": ");
    escape_terminal(out, ruleset_info(rules, rule)->title);
    buf_add_char(out, '\n');
}

void profile_print(struct arena *arena, const struct ruleset *rules, const struct rule_cost *costs)
{
    size_t all = ruleset_count_all(rules), count = 0;
    struct line *lines = ARENA_NEW_N(arena, struct line, all);
    struct buf out;
    for (uint32_t i = 0; i < all; i++)
        if (costs[i].evaluated)
            lines[count++] = (struct line){ &costs[i], i };
    if (count)
        qsort(lines, count, sizeof *lines, compare);
    buf_init(&out);
    buf_add_format(&out, "%zu of %zu rules were evaluated; provider, channel and event ID rule out the others\n",
                   count, all);
    if (ruleset_correlation_count(rules))
        buf_add_c(&out, "of a correlation: matches of its rules for events, alerts for hits\n");
    buf_add_c(&out, count ? "    time/ms     events       hits  rule\n" : "");
    for (size_t i = 0; i < count; i++) {
        const struct rule_cost *c = lines[i].cost;
        buf_add_format(&out, "%11.3f %10llu %10llu  ", (double)c->nanoseconds / 1e6, (unsigned long long)c->evaluated,
                       (unsigned long long)c->hits);
        rule_put(&out, rules, lines[i].rule);
    }
    output_message(buf_text(&out));
    buf_done(&out);
}
