#include "cli/analysis.h"

#include "cli/exit.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/plug_in.h"
#include "cli/shipped.h"
#include "corr/clock.h"
#include "corr/node_zone.h"
#include "kb/cast.h"

const struct option_spec analysis_specs[3] = {
    LIST_OPTION("rules", 0, struct analysis, rules, "PATH", "use these rules and articles instead of the shipped "
                "ones (file or folder, repeatable)"),
    LIST_OPTION("add-rules", 0, struct analysis, add_rules, "PATH", "use these besides them (repeatable)"),
    NUMBER_OPTION("clock-tolerance", 0, struct analysis, clock_tolerance, 0, MAX_TOLERANCE, "N", "seconds that "
                  "the clocks of nodes may differ by (0)"),
};

/* Nothing could be found then, which is no news from a cluster.  A mistake that left none has been told. */
static bool any_rule(const struct analysis *a)
{
    if (ruleset_count(a->knowledge.rules) || a->knowledge.diags.errors)
        return true;
    output_error("%s: no rule there, so nothing could be found; --add-rules uses the shipped rules as well",
                 a->rules.count ? a->rules.items[0] : "rules");
    return false;
}

bool analysis_begin(struct analysis *a, struct arena *arena)
{
    a->arena = arena;
    partial_init(&a->partial);
    if (!knowledge_load(arena, &a->rules, &a->add_rules, &a->knowledge))
        return false;
    knowledge_mistakes_tell(&a->knowledge, a->quiet);
    if (!any_rule(a))
        return false;
    a->thinner = thinner_new(a->knowledge.rules);
    a->partial.plan = thinner_plan(a->thinner);
    return true;
}

/* What is known before anything is read. */
bool analysis_open(struct analysis *a)
{
    a->report = (struct report){
        .version = EVSCAN_VERSION,
        .rules = a->knowledge.rules,
        .kb = a->knowledge.kb,
        .mistakes = a->knowledge.diags.errors,
        .arguments = a->reporting.arguments,
        .argument_count = a->reporting.argument_count,
        .began = a->reporting.began,
    };
    return reporting_open(&a->reporting, &a->report);
}

void analysis_diagnose(struct analysis *a)
{
    struct correlate_options options = { .clock_tolerance = (uint64_t)a->clock_tolerance * TICKS_PER_SECOND,
                                         .costs = a->costs };
    partial_sort(&a->partial);
    timeline_build(a->arena, a->knowledge.rules, &a->partial, &a->timeline);
    clock_correct(a->arena, &a->partial, &a->timeline);
    correlate(a->arena, &options, &a->timeline, &a->alerts);
    diagnose_since(a->arena, a->knowledge.kb, &a->timeline, a->since, &a->diagnoses);
    if (a->diagnoses.left_out)
        notice_add(&a->alerts.notices, NOTICE_DIAGNOSES_LIMIT, NOTICE_NO_OFFSET, a->diagnoses.left_out);
    if (a->diagnoses.exhausted)
        notice_add(&a->alerts.notices, NOTICE_EVIDENCE_LIMIT, NOTICE_NO_OFFSET, 0);
}

static bool any_is_called(const struct timeline *t, struct text name)
{
    for (size_t i = 0; i < t->node_count; i++)
        if (is_name_of_node(name, t->nodes[i]->name))
            return true;
    return false;
}

void analysis_missing(struct analysis *a)
{
    struct names expected = expected_names(a->arena, &a->nodes);
    a->missing.items = ARENA_NEW_N(a->arena, struct text, expected.count);
    for (size_t i = 0; i < expected.count; i++)
        if (!any_is_called(&a->timeline, expected.items[i]))
            a->missing.items[a->missing.count++] = expected.items[i];
}

/* What error codes are called; a mistake in those files costs names only, and evscan kb says it. */
static void names_load(struct analysis *a)
{
    struct diags diags;
    diags_init(&diags, a->arena);
    if (!a->timeline.hit_count)
        return;
    a->catalog = shipped_catalog(a->arena, &diags);
    a->guide = shipped_guide(a->arena, &diags);
}

/* Partials have checksums and hours; a report that did not ask for them says what a scan that did not make them says. */
static void only_asked_for(struct analysis *a)
{
    hours_init(&a->hours, a->arena);
    if (reporting_wants_hours(&a->reporting) && partial_hours(&a->partial, &a->hours))
        a->report.hours = &a->hours;
    for (size_t i = 0; i < a->partial.input_count && !reporting_wants_checksums(&a->reporting); i++)
        a->partial.inputs[i]->sha256 = TEXT("");
}

/* Every event was left out for its time: a span with a misspelt year would pass for a cluster in health. */
static bool all_outside(const struct partial *p)
{
    uint64_t seen = 0, outside = 0;
    for (size_t i = 0; i < p->input_count; i++) {
        const struct input_result *input = p->inputs[i];
        outside += input->notices.seen[NOTICE_INPUT_BETWEEN];
        seen += input->uncovered;
        for (const struct coverage *c = input->coverage; c; c = c->next)
            seen += c->events;
    }
    return outside && !seen;
}

bool analysis_report(struct analysis *a)
{
    struct report *r = &a->report;
    names_load(a);
    only_asked_for(a);
    r->codes = a->catalog;
    r->guide = a->guide;
    r->partial = &a->partial;
    r->timeline = &a->timeline;
    r->notices = &a->alerts.notices;
    r->diagnoses = &a->diagnoses;
    r->reach = reach_judge(a->arena, &a->partial, a->knowledge.rules, &a->reach) ? &a->reach : NULL;
    r->incomplete = a->status > ST_OK;
    r->outside = all_outside(&a->partial);
    r->missing = a->missing.items;
    r->missing_count = a->missing.count;
    r->not_logs = a->not_logs;
    r->packed = a->packed.items;
    r->packed_count = a->packed.count;
    r->took = reporting_took(&a->reporting);
    struct zone common = node_zones_common(&a->timeline);
    bool written = reporting_write(&a->reporting, &common, false);
    return r->news ? written : analysis_report_standing(a) && written;
}

bool analysis_report_standing(struct analysis *a)
{
    struct zone common = node_zones_common(&a->timeline);
    bool written = reporting_write(&a->reporting, &common, true);
    reporting_done(&a->reporting);
    return written;
}

/* A rule without a level counts as low: its author did not say that it is only for information. */
static bool anything_found(const struct analysis *a)
{
    enum rule_level from = reporting_fail_level(&a->reporting);
    for (size_t i = 0; i < a->diagnoses.count; i++)
        if (a->diagnoses.items[i].article->level >= from)
            return true;
    for (size_t i = 0; i < a->timeline.hit_count; i++) {
        const struct rule_info *info = ruleset_info(a->knowledge.rules, a->timeline.hits[i].rule);
        enum rule_level level = info->level == RULE_LEVEL_NONE ? RULE_LOW : info->level;
        if (!info->context && level >= from && !a->diagnoses.explained[i])
            return true;
    }
    return false;
}

int analysis_exit_status(const struct analysis *a)
{
    if (a->knowledge.diags.errors)
        return EXIT_RULES;
    int nothing = inputs_nothing_read(&a->partial, a->not_logs);
    if (nothing)
        return nothing;
    bool found = anything_found(a);
    if (a->status > ST_OK || a->missing.count || a->report.outside)
        return found ? EXIT_FOUND_INCOMPLETE : EXIT_INCOMPLETE;
    return found ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

int analysis_answer(struct analysis *a, int status)
{
    struct report *r = &a->report;
    if (!reporting_is_plug_in(&a->reporting))
        return status;
    if (!r->partial)
        return plug_in_no_answer();
    /* A mistake in a rule is said in words of its own. */
    r->failed = status > EXIT_FOUND_INCOMPLETE && !(status == EXIT_RULES && r->mistakes);
    enum nagios_state state = nagios_state_of(r, reporting_fail_level(&a->reporting));
    return reporting_plug_in(&a->reporting) ? (int)state : (int)NAGIOS_UNKNOWN;
}

struct rule_names analysis_rule_names(const struct analysis *a)
{
    const struct ruleset *rules = a->knowledge.rules;
    size_t count = ruleset_count(rules);
    struct text *names = ARENA_NEW_N(a->arena, struct text, count);
    for (size_t i = 0; i < count; i++)
        names[i] = ruleset_called(rules, (uint32_t)i);
    return (struct rule_names){ a->knowledge.fingerprint, names, count };
}

void analysis_end(struct analysis *a)
{
    partial_done(&a->partial);
    thinner_free(a->thinner);
    catalog_free(a->catalog);
    guide_free(a->guide);
    knowledge_done(&a->knowledge);
}
