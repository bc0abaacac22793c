/* One line for Nagios and its kin, with performance data; the exit status that goes with it is made in cli/analysis.c. */
#include "report/report.h"

#include <inttypes.h>

#include "form/escape.h"
#include "report/credit.h"
#include "report/open_troubles.h"
#include "report/report_facts.h"
#include "report/report_news.h"

static const char *nagios_word(enum nagios_state state)
{
    static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
    return words[state];
}

/* Rules whose providers left no record may be all that somebody asks for: their silence is then said, and is no alarm. */
static bool has_rules(const struct report *r)
{
    return ruleset_count(r->rules) > ruleset_not_applicable(r->rules);
}

static enum nagios_state state_of(const struct open_troubles *all, const struct report *r, enum rule_level from)
{
    enum rule_level worst = RULE_LEVEL_NONE;
    for (size_t i = 0; i < all->count; i++)
        worst = all->items[i].level > worst ? all->items[i].level : worst;
    if (worst >= RULE_HIGH && worst >= from)
        return NAGIOS_CRITICAL;
    if (worst >= from && all->count)
        return NAGIOS_WARNING;
    return !report_is_whole(r) || r->mistakes || r->failed || !has_rules(r) ? NAGIOS_UNKNOWN : NAGIOS_OK;
}

enum nagios_state nagios_state_of(const struct report *r, enum rule_level from)
{
    struct arena arena;
    arena_init(&arena);
    struct open_troubles all = open_troubles_of(&arena, r);
    enum nagios_state state = state_of(&all, r, from);
    arena_done(&arena);
    return state;
}

/* A bar begins the performance data, and a line end the rest of a plug-in's answer. */
static void say(struct buf *out, struct text t)
{
    size_t at = out->n;
    escape_terminal(out, t);
    for (; at < out->n; at++)
        if (out->p[at] == '|' || out->p[at] == '\n')
            out->p[at] = ' ';
}

/* " (rule 9c5a.. by Jane Doe)", as the licence of published rules asks; "" of a diagnosis and a rule that is gone. */
static struct text words_of_origin(struct arena *a, const struct report *r, const struct open_trouble *t)
{
    uint32_t rule;
    if (t->diagnosis || !ruleset_find_any(r->rules, t->what, &rule))
        return TEXT("");
    const struct rule_info *info = ruleset_info(r->rules, rule);
    struct text authors = words_of_authors(a, r->rules, rule);
    return WORDS(a, TEXT(" (rule "), info->id, info->author.n ? TEXT(" by ") : authors.n ? TEXT(", ") : TEXT(""),
                 authors, TEXT(")"));
}

static void gravest(struct arena *a, const struct report *r, const struct open_troubles *all, struct buf *out)
{
    const struct open_trouble *t = &all->items[0];
    say(out, WORDS(a, t->what, TEXT(" on "), words_of_names(a, t->nodes, t->node_count), TEXT(": "), t->title,
                   words_of_origin(a, r, t)));
    if (all->count > 1)
        buf_add_format(out, ", and %zu more", all->count - 1);
}

/* A night that found the logs as they were reads nothing of them, and knows nothing of what the rules are good for. */
static void blindness(const struct report *r, struct buf *out)
{
    if (!has_rules(r))
        buf_add_c(out, "; no rule is about logs of Windows");
    else if (report_is_blind(r) && (!r->news || r->partial->input_count))
        buf_add_c(out, "; no rule applies to what was read");
}

static void nagios_write(const struct report *r, const struct report_options *options, struct sink *sink)
{
    struct buf *out = &sink->text;
    struct account read = { 0 };
    struct arena arena;
    arena_init(&arena);
    struct open_troubles all = open_troubles_of(&arena, r);
    buf_add_format(out, "EVSCAN %s - ", nagios_word(state_of(&all, r, options->fail_level)));
    if (all.count)
        gravest(&arena, r, &all, out);
    else
        buf_add_c(out, "nothing found");
    buf_add_c(out, r->outside ? "; no event lies between --from and --to" : "");
    blindness(r, out);
    buf_add_c(out, r->incomplete ? "; not all could be read" : "");
    buf_add_c(out, r->mistakes ? "; not all rules could be used" : "");
    buf_add_c(out, r->failed ? "; not all could be done: standard error says what" : "");
    if (r->missing_count) {
        buf_add_c(out, "; no log of ");
        say(out, words_of_names(&arena, r->missing, r->missing_count));
    }
    if (r->news && r->news->bare_count) {
        buf_add_c(out, "; no log in ");
        say(out, words_of_names(&arena, r->news->bare, r->news->bare_count));
    }
    for (size_t i = 0; i < r->partial->input_count; i++)
        account_add(&read, &r->partial->inputs[i]->account);
    buf_add_format(out, " | open=%zu news=%zu records=%" PRIu64 " unreadable=%" PRIu64 " inputs=%zu\n", all.count,
                   r->news ? r->news->told : all.count, read.decoded + read.partial, read.lost,
                   r->partial->input_count);
    arena_done(&arena);
}

const struct report_form report_nagios = { .name = "nagios", .always = true, .write = nagios_write };
