/* Articles from YAML: what is read, and that every mistake is shown where it stands, all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/nearest.h"
#include "story.h"

static const char *const rules[] = { "clussvc-1009", "clussvc-1058", "eventlog-6009", "update-installed", NULL };

#define HEAD                                                                                                    \
    "article: Q1\ntitle: A title\nsummary: A summary\nproducts: [Windows NT 4.0]\ncause: The cause\n"          \
    "remediation:\n    - {node: each node, step: Restart it}\n"

#define EVIDENCE HEAD "evidence: {needs: [{rule: clussvc-1009, points: 5, text: x}], "

/* "line:column reason (hint)" for each mistake. */
static const char *brief(struct story *s)
{
    s->told.n = 0;
    for (size_t i = 0; i < s->diags.count; i++) {
        const struct diag *d = &s->diags.items[i];
        assert_string_equal(d->class, "article");
        buf_add_format(&s->told, "%u:%u %.*s", d->line, d->column, TEXT_ARG(d->reason));
        if (d->hint.n)
            buf_add_format(&s->told, " (%.*s)", TEXT_ARG(d->hint));
        buf_add_char(&s->told, '\n');
    }
    buf_add_char(&s->told, '\0');
    return s->told.p;
}

static void a_whole_article_is_read(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q1.yaml",
                  HEAD "level: critical\n"
                       "applies: {os: [nt4, 2000], service-pack: 4-6}\n"
                       "evidence:\n"
                       "    window: 2h\n"
                       "    system: 7\n"
                       "    needs:\n"
                       "        - {rule: clussvc-1009, points: 40, text: It gave up}\n"
                       "    supports:\n"
                       "        - {rule: [clussvc-1058, clussvc-1009], node: other, within: [-10m, 90s], at-least: 3,\n"
                       "           points: 15, text: Same there, inferred: true, basis: Q2, log: Application}\n"
                       "        - {absent: clussvc-1058, points: 1, text: None of these, within: 1d}\n"
                       "    against:\n"
                       "        - {rule: clussvc-1058, points: 100, text: Something else}\n"
                       "    settles:\n"
                       "        - {question: Is it?, command: dir, node: affected node}\n"
                       "warnings: [Take care, 'and: more']\n"
                       "verify: [It starts]\n"
                       "see: [A guide to it]\n"
                       "related:\n"
                       "    - {article: Q171451, why: The same event}\n");
    kb_link(s.kb, s.rules, &s.diags);
    assert_string_equal(story_mistakes(&s), "");
    assert_int_equal(kb_count(s.kb), 1);
    const struct article *a = kb_find(s.kb, TEXT("Q1"));
    assert_ptr_equal(a, kb_article(s.kb, 0));
    assert_int_equal(a->level, RULE_CRITICAL);
    assert_int_equal(a->applies_count, 1);
    assert_int_equal(a->applies[0].os_versions, 1u << OS_NT4 | 1u << OS_2000);
    assert_int_equal(a->applies[0].service_pack_min, 4);
    assert_int_equal(a->applies[0].service_pack_max, 6);
    assert_int_equal(a->window, 2 * HOUR * (int64_t)TICKS_PER_SECOND);
    assert_int_equal(a->system_weight, 7);
    assert_int_equal(a->evidence_count, 4);
    const struct evidence_item *anchor = &a->evidence[0], *other = &a->evidence[1], *none = &a->evidence[2];
    assert_int_equal(anchor->weight, 40);
    assert_int_equal(anchor->at_least, 1);
    assert_int_equal(other->kind, EVIDENCE_SUPPORTS);
    assert_int_equal(other->rule_count, 2);
    assert_int_equal(other->rules[1], story_rule_index(&s, "clussvc-1009"));
    assert_true(other->node.of == SCOPE_SAME && other->node.negated && !other->node.each);
    assert_int_equal(other->from, -600 * (int64_t)TICKS_PER_SECOND);
    assert_int_equal(other->to, 90 * (int64_t)TICKS_PER_SECOND);
    assert_int_equal(other->at_least, 3);
    assert_true(other->inferred && text_equal(other->basis, TEXT("Q2")));
    assert_true(text_equal(other->log, TEXT("Application")));
    assert_true(none->absent);
    assert_int_equal(none->to, 24 * HOUR * (int64_t)TICKS_PER_SECOND);
    assert_int_equal(a->evidence[3].kind, EVIDENCE_AGAINST);
    assert_int_equal(a->evidence[3].from, -a->window);
    assert_int_equal(a->settle_count, 1);
    assert_int_equal(a->warning_count, 2);
    assert_true(text_equal(a->warnings[1], TEXT("and: more")));
    assert_int_equal(a->related_count, 1);
    assert_int_equal(a->see_count, 1);
    assert_true(text_equal(a->see[0], TEXT("A guide to it")));
    story_end(&s);
}

static void an_incident_is_read(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "crash.yaml",
                  HEAD "kind: incident\n"
                       "evidence:\n"
                       "    roles:\n"
                       "        crashed node: NodeName or Data[1]\n"
                       "    trouble: crashed node\n"
                       "    needs:\n"
                       "        - {rule: clussvc-1009, points: 40, text: x, at-least: 2, distinct: node}\n"
                       "    supports:\n"
                       "        - {rule: clussvc-1058, node: each not crashed node, points: 1, text: x, names: same}\n"
                       "        - {rule: clussvc-1058, node: each other, points: 1, text: x, every: [10s, 20s]}\n"
                       "    explains:\n"
                       "        - {rule: clussvc-1058, node: crashed node, within: [0s, 2m], same: \"A or Data[2] = B\"}\n"
                       "    ends:\n"
                       "        - {rule: clussvc-1058, text: over, began: [clussvc-1058, clussvc-1009], of: \"Data[1]\"}\n"
                       "    fixed-by:\n"
                       "        - {hotfix: KB892422, text: fixed}\n"
                       "        - {rule: clussvc-1058, points: 30, text: it runs}\n"
                       "    exercised-by:\n"
                       "        - {rule: clussvc-1009, node: any, shows: 2m, text: it starts, how: start it}\n"
                       "        - {how: wait}\n"
                       "    beats: noise-x\n");
    story_article(&s, "noise.yaml", "article: noise-x\nkind: noise\ntitle: x\nsummary: x\nproducts: [x]\ncause: x\n");
    kb_link(s.kb, s.rules, &s.diags);
    assert_string_equal(story_mistakes(&s), "");
    const struct article *a = kb_find(s.kb, TEXT("Q1")), *noise = kb_find(s.kb, TEXT("noise-x"));
    assert_int_equal(a->kind, KIND_INCIDENT);
    assert_int_equal(noise->kind, KIND_NOISE);
    assert_int_equal(noise->level, RULE_INFORMATIONAL);
    assert_ptr_equal(a->beats[0], noise);
    assert_int_equal(a->exercised_by.count, 2);
    assert_int_equal(a->exercised_by.items[0].rule_count, 1);
    assert_int_equal(a->exercised_by.items[0].to, (int64_t)120 * TICKS_PER_SECOND);
    assert_true(text_equal(a->exercised_by.items[0].how, TEXT("start it")));
    assert_int_equal(a->exercised_by.items[1].rule_count, 0);
    assert_int_equal(a->exercised_by.items[1].to, (int64_t)300 * TICKS_PER_SECOND);
    assert_int_equal(a->role_count, 1);
    assert_ptr_equal(a->trouble, &a->roles[0]);
    assert_true(text_equal(a->roles[0].name, TEXT("crashed node")));
    assert_int_equal(a->roles[0].named_by.count, 2);
    assert_true(text_equal(a->roles[0].named_by.names[1], TEXT("Data[1]")));
    assert_true(a->evidence[0].distinct && !a->evidence[0].distinct_by.count);
    const struct node_scope *rest = &a->evidence[1].node, *others = &a->evidence[2].node;
    assert_true(rest->each && rest->negated && rest->of == SCOPE_ROLE && rest->role == 0);
    assert_true(a->evidence[1].names && a->evidence[1].named.of == SCOPE_SAME && !a->evidence[1].named.negated);
    assert_true(others->each && others->negated && others->of == SCOPE_SAME);
    assert_int_equal(a->evidence[2].every_to, 20 * (int64_t)TICKS_PER_SECOND);
    const struct evidence_item *effect = &a->explains.items[0], *end = &a->ends.items[0];
    assert_int_equal(effect->from, 0);
    assert_int_equal(effect->same[0].own.count, 2);
    assert_true(text_equal(effect->same[0].anchors.names[0], TEXT("B")));
    assert_int_equal(end->began_count, 2);
    assert_int_equal(end->began[1], story_rule_index(&s, "clussvc-1009"));
    assert_int_equal(end->from, 0);
    assert_int_equal(end->of.count, 1);
    const struct evidence_item *hotfix = &a->fixed_by.items[0], *runs = &a->fixed_by.items[1];
    assert_true(text_equal(hotfix->hotfix, TEXT("892422")));
    assert_int_equal(hotfix->rules[0], story_rule_index(&s, "update-installed"));
    assert_int_equal(hotfix->weight, 0);
    assert_int_equal(runs->weight, 30);
    story_end(&s);
}

static void an_article_without_evidence_is_there_to_be_shown(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q1.yaml", HEAD);
    story_log(&s, "NODE1", 0, HOUR);
    story_event(&s, "NODE1", 60, "clussvc-1009");
    story_diagnose(&s);
    assert_string_equal(story_mistakes(&s), "");
    assert_int_equal(kb_find(s.kb, TEXT("Q1"))->level, RULE_HIGH);
    assert_int_equal(s.diagnoses.count, 0);
    story_end(&s);
}

static void service_packs_can_differ_by_system(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        int min, max;
    } cases[] = { { "4", 4, 4 }, { "4-6", 4, 6 }, { "\">=4\"", 4, -1 }, { "\"<=3\"", -1, 3 }, { "\">= 1\"", 1, -1 } };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char yaml[512];
        struct story s;
        story_begin(&s, rules);
        snprintf(yaml, sizeof yaml, HEAD "applies:\n    - {os: nt4, service-pack: %s}\n    - {os: [2016+]}\n",
                 cases[i].written);
        story_article(&s, "q1.yaml", yaml);
        kb_link(s.kb, s.rules, &s.diags);
        assert_string_equal(story_mistakes(&s), "");
        const struct article *a = kb_find(s.kb, TEXT("Q1"));
        assert_int_equal(a->applies_count, 2);
        assert_int_equal(a->applies[0].service_pack_min, cases[i].min);
        assert_int_equal(a->applies[0].service_pack_max, cases[i].max);
        assert_int_equal(a->applies[1].os_versions, 1u << OS_2016_LATER);
        story_end(&s);
    }
}

static void all_mistakes_of_a_file_are_shown_at_once(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "bad.yaml",
                  "article: Q 1\n"
                  "titel: A title\n"
                  "summary: ''\n"
                  "products: Windows\n"
                  "level: bad\n"
                  "applies: {os: [nt5]}\n"
                  "evidence:\n"
                  "    window: 30\n"
                  "    needs:\n"
                  "        - {rule: clussvc-1009, points: 0, text: It gave up, within: 5m}\n"
                  "    supports:\n"
                  "        - {points: 5, text: Nothing}\n"
                  "        - {rule: a, inferred: yes, points: 5, text: x}\n"
                  "        - {rule: a, inferred: true, points: 5, text: x, within: [5m, -5m], node: both}\n"
                  "remediation:\n"
                  "    - Restart it\n");
    assert_int_equal(s.diags.errors, 17);
    assert_string_equal(brief(&s), "2:1 an article has no key `titel` (did you mean `title`?)\n"
                                   "1:1 an article needs the key `title`\n"
                                   "1:1 an article needs the key `cause`\n"
                                   "1:10 an article is named with letters, digits and hyphens, 64 at most (Q218922, node-crash)\n"
                                   "3:10 `summary` is empty\n"
                                   "5:8 there is no level `bad` (low, medium, high or critical)\n"
                                   "4:11 `products` must be a list\n"
                                   "16:7 a step of `remediation` must be a map\n"
                                   "6:16 there is no system `nt5` (nt3, nt4, 2000, xp, 2003, 2008, 2008r2, 2012, 2012r2 or "
                                   "2016+)\n"
                                   "8:13 `30` is no span of time (30m, -90s, 2h, 5d; ten years at most)\n"
                                   "10:40 `points` must be a number from 1 to 100\n"
                                   "10:69 the first of `needs` is the anchor: it has no `within` (put the event that "
                                   "everything else is seen from first)\n"
                                   "12:11 evidence needs either `rule`, `absent`, `clock` or `wrote`\n"
                                   "13:31 `inferred` must be true or false\n"
                                   "14:82 `both` is no relation of nodes and no role (same, other, any, each, or a role that "
                                   "`evidence` declares under `roles`)\n"
                                   "14:65 the window ends before it begins ([-10m, 5m])\n"
                                   "14:31 inferred evidence needs the key `basis` (say in `basis` what the inference rests "
                                   "on)\n");
    kb_link(s.kb, s.rules, &s.diags);
    assert_int_equal(kb_count(s.kb), 0);
    story_end(&s);
}

static void one_mistake_is_one_diagnostic(void **state)
{
    (void)state;
    static const char *const cases[] = {
        HEAD "evidence: {needs: []}\n",
        HEAD "evidence: {}\n",
        HEAD "evidence: [1]\n",
        HEAD "evidence: {needs: [{absent: clussvc-1009, points: 5, text: x}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, points: 5, text: x}], supports: [{rule: clussvc-1009, absent: "
             "clussvc-1058, points: 5, text: x}]}\n",
        HEAD "evidence: {needs: [{rule: [], points: 5, text: x}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, points: '5', text: x}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, points: 101, text: x}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, points: 5, text: x, basis: y}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, points: 5, text: x, at-least: 0}]}\n",
        HEAD "evidence: {window: 4000d, needs: [{rule: clussvc-1009, points: 5, text: x}]}\n",
        HEAD "evidence: {window: -1m, needs: [{rule: clussvc-1009, points: 5, text: x}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, points: 5, text: [x]}]}\n",
        HEAD "evidence: {system: 5, needs: [{rule: clussvc-1009, points: 5, text: x}]}\n",
        HEAD "applies: {os: nt4}\nevidence: {system: 0, needs: [{rule: clussvc-1009, points: 5, text: x}]}\n",
        HEAD "applies: {service-pack: 6-4}\n",
        HEAD "applies: {service-pack: SP4}\n",
        HEAD "related: [{article: Q171451}]\n",
        HEAD "related: [{article: not-here, why: x}]\n",
        HEAD "warnings: []\n",
        HEAD "verify: [~]\n",
        HEAD "applies: nt4\n",
        HEAD "kind: disaster\n",
        HEAD "kind: noise\nlevel: low\n",
        EVIDENCE "roles: {}}\n",
        EVIDENCE "roles: {same: NodeName}}\n",
        EVIDENCE "roles: {victim: Node Name}}\n",
        EVIDENCE "roles: {victim: \"Data[0]\"}}\n",
        EVIDENCE "roles: {victim: NodeName}, against: [{rule: clussvc-1058, node: not any, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, node: victim, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, names: each, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, same: \"a or\", points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, distinct: node, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, every: 4h, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, apart: 2m, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, at-least: 2, apart: 0s, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, sites: true, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, sides: a b, points: 5, text: x}]}\n",
        EVIDENCE "against: [{absent: clussvc-1058, sides: a, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, differ: {of: a, from: b}, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, differ: {of: a, from: b, over: 1m, rule: no-such}, points: 5, text: x}]}\n",
        EVIDENCE "against: [{clock: 0s, points: 5, text: x}]}\n",
        EVIDENCE "against: [{clock: 5s, within: 5m, points: 5, text: x}]}\n",
        EVIDENCE "against: [{clock: 5s, rule: clussvc-1058, points: 5, text: x}]}\n",
        EVIDENCE "against: [{wrote: 0s, points: 5, text: x}]}\n",
        EVIDENCE "against: [{wrote: 2m, silent: 2m, points: 5, text: x}]}\n",
        EVIDENCE "against: [{wrote: 2m, clock: 5s, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, silent: 0s, points: 5, text: x}]}\n",
        EVIDENCE "against: [{absent: clussvc-1058, silent: 2m, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, or: {rule: clussvc-1009}, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, or: {rule: clussvc-1009, points: 5, text: x}, points: 5, text: x}]}\n",
        EVIDENCE "against: [{rule: clussvc-1058, or: {text: x}, points: 5, text: x}]}\n",
        HEAD "evidence: {needs: [{rule: clussvc-1009, or: {rule: clussvc-1058, text: y}, points: 5, text: x}]}\n",
        EVIDENCE "roles: {victim: {}}}\n",
        EVIDENCE "roles: {victim: NodeName}, trouble: loser}\n",
        EVIDENCE "trouble: [victim]}\n",
        EVIDENCE "window: 1h, quiet: 0s}\n",
        EVIDENCE "window: 1h, quiet: 1h}\n",
        EVIDENCE "about: a b}\n",
        EVIDENCE "explains: [{rule: clussvc-1058, points: 5}]}\n",
        EVIDENCE "ends: [{rule: clussvc-1058}]}\n",
        EVIDENCE "ends: [{rule: clussvc-1058, named-by: clussvc-1058, text: x}]}\n",
        EVIDENCE "ends: [{rule: clussvc-1058, named-by: clussvc-1058, began: clussvc-1058, of: a, text: x}]}\n",
        EVIDENCE "fixed-by: [{text: x}]}\n",
        EVIDENCE "fixed-by: [{rule: clussvc-1058, hotfix: Q257577, text: x}]}\n",
        EVIDENCE "fixed-by: [{hotfix: 257577, text: x}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, how: x}]}\n",
        EVIDENCE "exercised-by: [{rule: no-such, text: x, how: x}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, node: other}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, node: each}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, shows: -2m}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, within: 2m}]}\n",
        EVIDENCE "exercised-by: [{how: x, same: 'Data[1]'}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, same: ['Data[1]', 'Data[2]']}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, through: {rule: clussvc-1058, same: 'Data[1]'}}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, same: a, through: {rule: clussvc-1058}}]}\n",
        EVIDENCE "exercised-by: [{rule: clussvc-1058, text: x, how: x, same: a}, {rule: clussvc-1009, text: x, how: x, same: a}]}\n",
        EVIDENCE "beats: Q171451}\n",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_article(&s, "q1.yaml", cases[i]);
        kb_link(s.kb, s.rules, &s.diags);
        if (s.diags.errors != 1)
            print_error("case %zu:\n%s", i, story_mistakes(&s));
        assert_int_equal(s.diags.errors, 1);
        story_end(&s);
    }
}

static void unknown_names_get_a_suggestion(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q1.yaml",
                  HEAD "evidence:\n    needs: [{rule: [clusvc-1009, nothing-like-it], points: 5, text: x}]\n"
                       "related: [{article: node-crahs, why: x}, {article: Q999999, why: not carried here}]\n");
    story_article(&s, "crash.yaml",
                  "article: node-crash\ntitle: x\nsummary: x\nproducts: [x]\ncause: x\n"
                  "remediation: [{node: x, step: x}]\n");
    kb_link(s.kb, s.rules, &s.diags);
    assert_string_equal(brief(&s),
                        "9:21 there is no rule of the name `clusvc-1009`, or more than one (did you mean `clussvc-1009`?)\n"
                        "9:34 there is no rule of the name `nothing-like-it`, or more than one\n"
                        "10:21 there is no article `node-crahs` (did you mean `node-crash`?)\n");
    assert_int_equal(kb_count(s.kb), 1);
    assert_null(kb_find(s.kb, TEXT("Q1")));
    story_end(&s);
}

/* An article of one's own may be loaded without those that it names. */
static void articles_of_others_may_name_what_is_not_loaded(void **state)
{
    (void)state;
    static const char one[] = EVIDENCE "beats: [node-crahs]}\nrelated: [{article: gone-away, why: x}]\n";
    struct story s;
    struct yaml_file file;
    story_begin(&s, rules);
    story_article(&s, "crash.yaml",
                  "article: node-crash\ntitle: x\nsummary: x\nproducts: [x]\ncause: x\n"
                  "remediation: [{node: x, step: x}]\n");
    assert_true(yaml_parse(&s.arena, TEXT("q1.yaml"), text_from(one), &s.diags, &file));
    kb_add_file(s.kb, &file, false, &s.diags);
    kb_link(s.kb, s.rules, &s.diags);
    assert_int_equal(s.diags.errors, 0);
    assert_int_equal(s.diags.warnings, 2);
    const char *said = brief(&s);
    assert_non_null(strstr(said, "there is no article `node-crahs` (did you mean `node-crash`?)\n"));
    assert_non_null(strstr(said, "there is no article `gone-away`\n"));
    assert_int_equal(kb_find(s.kb, TEXT("Q1"))->beat_count, 1);
    assert_null(kb_find(s.kb, TEXT("Q1"))->beats[0]);
    story_end(&s);
}

static void a_comma_that_ends_a_text_is_explained(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "q1.yaml", HEAD "related: [{article: Q171451, why: the same, but later}]\n");
    assert_string_equal(brief(&s), "8:45 an item of `related` has no key `but later` (between { and } a text with a comma "
                                   "stands in quotes)\n");
    story_end(&s);
}

static void an_id_names_one_article(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_article(&s, "b.yaml", HEAD);
    story_article(&s, "a.yaml", HEAD);
    kb_link(s.kb, s.rules, &s.diags);
    assert_string_equal(story_mistakes(&s), "b.yaml:1:10: error[article]: `Q1` is already in a.yaml, line 1\n"
                                            "    article: Q1\n"
                                            "             ^\n"
                                            "    hint: an id names one article; this one is left out\n");
    assert_int_equal(kb_count(s.kb), 1);
    story_end(&s);
}

static void the_nearest_name_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *best;
    } cases[] = { { "tilte", "title" }, { "summery", "summary" }, { "TITLE", "title" }, { "xyzzy", "" },
                  { "", "" },           { "windw", "window" },    { "titleandsummaryandmore", "" },
                  { "wni", "win" },   { "wxy", "" } };
    static const char *const names[] = { "title", "summary", "window", "win" };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct nearest n = nearest_begin(text_from(cases[i].wanted));
        for (size_t k = 0; k < COUNT_OF(names); k++)
            nearest_try(&n, text_from(names[k]));
        assert_true(text_equal(n.best, text_from(cases[i].best)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_article_is_read),
        cmocka_unit_test(an_incident_is_read),
        cmocka_unit_test(an_article_without_evidence_is_there_to_be_shown),
        cmocka_unit_test(service_packs_can_differ_by_system),
        cmocka_unit_test(all_mistakes_of_a_file_are_shown_at_once),
        cmocka_unit_test(one_mistake_is_one_diagnostic),
        cmocka_unit_test(unknown_names_get_a_suggestion),
        cmocka_unit_test(articles_of_others_may_name_what_is_not_loaded),
        cmocka_unit_test(a_comma_that_ends_a_text_is_explained),
        cmocka_unit_test(an_id_names_one_article),
        cmocka_unit_test(the_nearest_name_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
