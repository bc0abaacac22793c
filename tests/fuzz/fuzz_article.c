/*
 * Property: whatever a file says, what is loaded of it can be found by its id, and a diagnosis of a fixed story keeps to
 * the arithmetic: scores within 0..100, every point listed, confidence as declared, best first.
 */
#include <stdlib.h>

#include "kb/diagnose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static const char rule_source[] =
    "title: a\nname: a\nlevel: low\nlogsource: {product: windows}\n"
    "detection: {s: {Provider_Name: P, EventID: 1}, condition: s}\n---\n"
    "title: b\nname: b\nlevel: low\nlogsource: {product: windows}\n"
    "detection: {s: {Provider_Name: P, EventID: 2}, condition: s}\n";

/* Rules a and b in turns on two nodes, a minute apart; each names the other node, and two times. */
static void story_make(struct partial *p)
{
    static const char *const nodes[] = { "N1", "N2" };
    partial_init(p);
    for (size_t n = 0; n < COUNT_OF(nodes); n++) {
        struct input_result *input = partial_add_input(p, text_from(nodes[n]));
        for (uint64_t i = 0; i < 20; i++) {
            struct event e = { .key = { .provider = TEXT("P"), .channel = TEXT("System") } };
            struct event_field fields[] = { { TEXT("NodeName"), text_from(nodes[1 - n]), EVENT_DATA },
                                            { TEXT("NewTime"), TEXT("2021-05-04T11:01:01Z"), EVENT_DATA },
                                            { TEXT("OldTime"), TEXT("2021-05-04T11:00:00Z"), EVENT_DATA } };
            uint32_t rule = i % 2;
            e.fields = fields;
            e.field_count = COUNT_OF(fields);
            e.key.computer = text_from(nodes[n]);
            e.key.time = TICKS_1970 + i * 60 * TICKS_PER_SECOND;
            e.key.record_id = i + 1;
            coverage_add(input, &p->arena, &e.key);
            partial_add_match(p, &rule, 1, &e, input);
        }
    }
    partial_sort(p);
}

static int points(const struct evidence_list *list, int sign)
{
    int sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        MUST(list->items[i].points * sign >= 0 && list->items[i].hit_count <= list->items[i].hits_seen);
        sum += list->items[i].points;
    }
    return sum;
}

static void diagnosis_check(const struct diagnosis *d, bool chosen)
{
    int score = points(&d->for_it, 1) + points(&d->against, -1);
    MUST(d->score == (score < 0 ? 0 : score > 100 ? 100 : score));
    MUST(points(&d->missing, 0) == 0);
    MUST(chosen == (d->confidence != CONFIDENCE_NONE));
    /* What could not be seen keeps the word lower than the points. */
    MUST(d->confidence <= confidence_of(d->score) || !chosen);
    MUST(d->first <= d->last && d->occurrences > 0 && d->node_count > 0);
}

static void diagnose_check(const struct kb *kb, const struct ruleset *rules)
{
    struct arena arena;
    struct partial partial;
    struct timeline timeline;
    struct diagnoses d;
    arena_init(&arena);
    story_make(&partial);
    timeline_build(&arena, rules, &partial, &timeline);
    diagnose(&arena, kb, &timeline, &d);
    for (size_t i = 0; i < d.count; i++) {
        diagnosis_check(&d.items[i], true);
        MUST(i == 0 || d.items[i - 1].confidence >= d.items[i].confidence);
    }
    for (size_t i = 0; i < d.considered_count; i++)
        diagnosis_check(&d.considered[i], false);
    partial_done(&partial);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file rule_file, file;
    arena_init(&arena);
    diags_init(&diags, &arena);
    struct ruleset_builder *builder = ruleset_builder_new();
    MUST(yaml_parse(&arena, TEXT("rules.yaml"), text_from(rule_source), &diags, &rule_file));
    ruleset_add_file(builder, &rule_file, false, &diags);
    struct ruleset *rules = ruleset_compile(builder, &diags);
    MUST(ruleset_count(rules) == 2);
    struct kb *kb = kb_new();
    if (yaml_parse(&arena, TEXT("fuzz.yaml"), (struct text){ (const char *)data, size }, &diags, &file))
        kb_add_file(kb, &file, true, &diags);
    kb_link(kb, rules, &diags);
    for (size_t i = 0; i < kb_count(kb); i++)
        MUST(kb_find(kb, kb_article(kb, i)->id) == kb_article(kb, i));
    diagnose_check(kb, rules);
    kb_free(kb);
    ruleset_free(rules);
    ruleset_builder_free(builder);
    arena_done(&arena);
    return 0;
}
