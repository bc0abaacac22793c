#include "cli/correlation_search.h"

#include "match/matcher.h"
#include "form/escape.h"
#include "rule/describe_correlation.h"
#include "scan/scan.h"

#define EVENTS_SHOWN 8 /* of an alert */

static const struct correlation *correlation_of(const struct correlation_search *s)
{
    return ruleset_correlation(s->rules, s->rule - ruleset_count(s->rules));
}

void correlation_search_begin(struct correlation_search *s, const struct ruleset *rules, uint32_t rule,
                              uint64_t tolerance)
{
    *s = (struct correlation_search){ .rules = rules, .rule = rule, .tolerance = tolerance };
    arena_init(&s->arena);
    partial_init(&s->partial);
    s->thinner = thinner_new(rules);
    s->partial.plan = thinner_plan(s->thinner);
}

void correlation_search_done(struct correlation_search *s)
{
    partial_done(&s->partial);
    thinner_free(s->thinner);
    arena_done(&s->arena);
}

static void correlate_hits(struct correlation_search *s)
{
    struct correlate_options options = { .clock_tolerance = s->tolerance, .near = &s->near, .near_rule = s->rule };
    struct alerts alerts;
    partial_sort(&s->partial);
    timeline_build(&s->arena, s->rules, &s->partial, &s->timeline);
    correlate(&s->arena, &options, &s->timeline, &alerts);
    for (size_t i = 0; i < alerts.count; i++)
        if (alerts.items[i]->rule == s->rule && s->alert_count++ == 0)
            s->first = alerts.items[i];
}

void correlation_search_logs(struct correlation_search *s, const struct path_list *paths, unsigned threads)
{
    struct scan_options options = { .threads = threads, .reader = READ_NATIVE };
    /* Damage or not: the accounts in the partial say what was lost. */
    if (scan_run(&options, s->rules, paths, &s->partial, &s->not_logs) <= ST_LOST_RUN)
        correlate_hits(s);
}

void correlation_search_events(struct correlation_search *s, const struct event *events, size_t count)
{
    struct input_result *input = partial_add_input(&s->partial, TEXT("events"));
    struct matcher *m = matcher_new(s->rules);
    for (size_t i = 0; i < count; i++) {
        size_t hits;
        const uint32_t *rules = matcher_match(m, &events[i], &hits, NULL);
        partial_add_match(&s->partial, rules, hits, &events[i], input);
    }
    matcher_free(m);
    correlate_hits(s);
}

static void line_end(struct buf *line, struct buf *out)
{
    escape_terminal(out, buf_text(line));
    buf_add_char(out, '\n');
    line->n = 0;
}

static const char *mark(bool to_blame)
{
    return to_blame ? "--> " : "    ";
}

static void add_time(uint64_t time, struct buf *line)
{
    char room[TIME_ISO_ROOM];
    buf_add(line, time_iso(time, 0, room));
}

static void add_group(const struct correlation *c, const struct text *group, struct buf *line)
{
    for (size_t i = 0; i < c->group_count; i++)
        buf_add_format(line, "%s%.*s \"%.*s\"", i ? ", " : "", TEXT_ARG(c->group_by[i]), TEXT_ARG(group[i]));
}

static void add_outside(const struct correlation *c, const struct near_rule *r, struct buf *line)
{
    char room[TIME_ISO_ROOM];
    bool ordered = c->type == CORRELATION_TEMPORAL_ORDERED;
    if (r->away == 0 && !r->earlier)
        buf_add_c(line, ", but not as an event of its own");
    else
        buf_add_format(line, ", the nearest %.*s %s", TEXT_ARG(time_span(r->away, room)),
                       r->earlier ? (ordered ? "before the step in front of it, " : "before the window, ")
                                  : (ordered ? "later than the timespan allows, " : "behind the window, "));
    if (r->away || r->earlier)
        add_time(r->outside->key.time, line);
}

/* Every rule has to be there, unless an expression says otherwise; of a sequence the first that is not. */
static bool is_to_blame(const struct correlation_search *s, size_t i)
{
    const struct correlation *c = correlation_of(s);
    const struct near_rule *r = s->near.rules;
    bool ordered = c->type == CORRELATION_TEMPORAL_ORDERED, together = ordered || c->type == CORRELATION_TEMPORAL;
    bool reached = i == 0 || !ordered || r[i - 1].in_window > 0;
    return !c->condition && (r[i].matches == 0 || (together && reached && s->near.first && !r[i].in_window));
}

static void print_rule(const struct correlation_search *s, size_t i, struct buf *line, struct buf *out)
{
    const struct correlation *c = correlation_of(s);
    const struct near_rule *r = &s->near.rules[i];
    bool shown = s->near.first && r->matches;
    buf_add_format(line, "%s%.*s: ", mark(is_to_blame(s, i)), TEXT_ARG(ruleset_called(s->rules, c->rules[i])));
    buf_add_format(line, r->matches ? "%zu match%s" : "no match", r->matches, r->matches == 1 ? "" : "es");
    if (shown && c->group_count)
        buf_add_format(line, ", %zu in the nearest group", r->in_group);
    if (shown && c->type != CORRELATION_TEMPORAL_ORDERED)
        buf_add_format(line, ", %zu in the nearest window", r->in_window);
    if (r->outside)
        add_outside(c, r, line);
    line_end(line, out);
}

/* No alert: how far the nearest window came. */
static void print_window(const struct correlation_search *s, struct buf *line, struct buf *out)
{
    const struct correlation *c = correlation_of(s);
    const struct near_miss *near = &s->near;
    if (c->group_count) {
        buf_add_format(line, "    the nearest group, of %zu: ", near->groups);
        add_group(c, near->group, line);
        line_end(line, out);
    }
    buf_add_c(line, c->type == CORRELATION_TEMPORAL_ORDERED ? "    the nearest sequence: " : "    the nearest window: ");
    add_time(near->first->key.time, line);
    buf_add_c(line, " to ");
    add_time(near->last->key.time, line);
    buf_add_c(line, ", timespan ");
    describe_span(c->timespan, line);
    line_end(line, out);
    if (c->type == CORRELATION_TEMPORAL_ORDERED)
        return;
    buf_add_format(line, "%s", mark(true));
    describe_bounds(s->rules, c, line);
    if (near->measured) {
        buf_add_c(line, "   [");
        describe_number(&near->measure, line);
        buf_add_char(line, ']');
    } else {
        buf_add_c(line, c->condition ? "" : "   [no value is a number]");
    }
    line_end(line, out);
}

static void print_near(const struct correlation_search *s, struct buf *line, struct buf *out)
{
    const struct correlation *c = correlation_of(s);
    buf_add_format(line, "%.*s raises no alert; what comes nearest:", TEXT_ARG(ruleset_called(s->rules, s->rule)));
    line_end(line, out);
    for (size_t i = 0; i < c->rule_count; i++)
        print_rule(s, i, line, out);
    if (s->near.ungrouped) {
        buf_add_format(line, "--> %zu match%s without a value to group by: ", s->near.ungrouped,
                       s->near.ungrouped == 1 ? "" : "es");
        describe_groups(c, line);
        line_end(line, out);
    }
    if (s->near.first)
        print_window(s, line, out);
}

static void print_alert(const struct correlation_search *s, struct buf *line, struct buf *out)
{
    const struct alert *a = s->first;
    buf_add_format(line, "%.*s raises %zu alert%s; the first one:", TEXT_ARG(ruleset_called(s->rules, s->rule)),
                   s->alert_count, s->alert_count == 1 ? "" : "s");
    line_end(line, out);
    if (correlation_of(s)->group_count) {
        buf_add_c(line, "    ");
        add_group(correlation_of(s), a->group, line);
        line_end(line, out);
    }
    for (size_t i = 0; i < a->hit_count && i < EVENTS_SHOWN; i++) {
        const struct event_key *key = &a->hits[i]->event->key;
        buf_add_c(line, "    ");
        add_time(key->time, line);
        buf_add_format(line, " %.*s record %llu, %.*s", TEXT_ARG(key->computer), (unsigned long long)key->record_id,
                       TEXT_ARG(ruleset_called(s->rules, a->hits[i]->rule)));
        line_end(line, out);
    }
    if (a->hit_count > EVENTS_SHOWN)
        buf_add_format(out, "    and %zu more\n", a->hit_count - EVENTS_SHOWN);
}

void correlation_search_print(const struct correlation_search *s, struct buf *out)
{
    struct buf line;
    buf_init(&line);
    if (s->first)
        print_alert(s, &line, out);
    else
        print_near(s, &line, out);
    buf_done(&line);
}
