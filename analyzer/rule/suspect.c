/*
 * suspect.c - conditions that no event can fulfil, and those that every event fulfils.
 *
 * Idea:    what must hold is collected from the condition; a test that the others refute cannot hold.  Where one of
 *          several things must hold, each is tried in turn beside what must hold anyway.  A condition is always true
 *          when its opposite cannot be.
 */
#include "rule/suspect.h"

#include "base/limits.h"
#include "rule/demand.h"
#include "rule/describe.h"
#include "rule/relation.h"

#define MUSTS         512 /* facts looked at; a condition demands a dozen at most */
#define CHOICES       64
#define CHOICES_DEPTH 3
#define WORDS_MOST    3 /* of the values of a list, in a hint */

/* What every event must fulfil, or must not. */
struct must {
    const struct expr *expr; /* EXPR_SELECTION or EXPR_ITEM */
    bool holds;
};

/* One of the children must be so. */
struct choice {
    const struct expr *expr;
    bool holds;
};

/* Two demands that exclude each other. */
struct clash {
    struct must one, other; /* expr NULL: none is known */
    bool once;              /* only in an event that has the field once */
};

struct search {
    struct loading *l;
    struct arena scratch;
    struct must musts[MUSTS];
    struct choice choices[CHOICES];
    size_t must_count, choice_count, work;
    struct clash clash;
};

static bool asks_nothing_more(const struct expr *e)
{
    return e->kind == EXPR_SELECTION || e->kind == EXPR_ITEM;
}

/* Depth: that of conditions and of YAML lists in selections, both limited. */
static void collect(struct search *s, const struct expr *e, bool holds)
{
    if (e->kind == EXPR_NOT) {
        collect(s, e->children[0], !holds);
        return;
    }
    if (asks_nothing_more(e) && s->must_count < MUSTS)
        s->musts[s->must_count++] = (struct must){ e, holds };
    bool every = (e->kind == EXPR_OR) != holds || e->count == 1;
    for (size_t i = 0; i < e->count && every; i++)
        collect(s, e->children[i], holds);
    if (!every && e->count && s->choice_count < CHOICES)
        s->choices[s->choice_count++] = (struct choice){ e, holds };
}

static const struct ruleset *rules_of(const struct search *s)
{
    return s->l->rules;
}

/* How many values of the field an event can have. */
enum values { VALUES_ONE, VALUES_ONE_AS_A_RULE, VALUES_MANY };

static enum values values_of(const struct search *s, uint32_t field)
{
    switch (rules_of(s)->fields[field].kind) {
    case FIELD_PROVIDER:
    case FIELD_CHANNEL:
    case FIELD_EVENT_ID:
    case FIELD_HEADER_FIRST:
    case FIELD_HEADER_ONLY:
    case FIELD_POSITION:
        return VALUES_ONE;
    case FIELD_PLAIN:
    case FIELD_PAYLOAD_ONLY:
        return VALUES_ONE_AS_A_RULE;
    case FIELD_HAYSTACK:
    case FIELD_UNNAMED:
        return VALUES_MANY;
    }
    return VALUES_MANY;
}

/* Files that nobody means well with could ask for billions of comparisons.  Once it is spent nothing is known. */
static bool is_spent(const struct search *s)
{
    return s->work >= LIMIT_SUSPECT_WORK || s->l->suspect_work >= LIMIT_SUSPECT_WORK_ALL;
}

static void work_count(struct search *s, unsigned cost)
{
    s->work += cost;
    s->l->suspect_work += cost;
}

/* Counted; an expression may be tried. */
static bool may_go_on(struct search *s, const struct test *a, const struct test *b)
{
    if (is_spent(s))
        return false;
    work_count(s, a->kind == TEST_REGEX || b->kind == TEST_REGEX ? 64 : 1);
    return true;
}

static bool excludes(struct search *s, uint32_t field, const struct test *a, const struct test *b)
{
    enum values values = values_of(s, field);
    if (!may_go_on(s, a, b))
        return false;
    if (values == VALUES_MANY || test_excludes_presence(a, b))
        return test_excludes_presence(a, b);
    bool exclude = test_excludes(&s->scratch, a, b);
    s->clash.once |= exclude && values == VALUES_ONE_AS_A_RULE;
    return exclude;
}

static bool is_positive(const struct must *m)
{
    return m->holds != m->expr->item->negate;
}

/* Another demand on the field: one of its tests must hold, all of them must, or none of them may. */
static bool refutes(struct search *s, const struct must *m, const struct test *t)
{
    const struct item *item = m->expr->item;
    bool positive = is_positive(m), each = positive && !item->all;
    if (!positive && item->all && item->count > 1)
        return false;
    for (size_t i = 0; i < item->count && !is_spent(s); i++) {
        bool against = positive ? excludes(s, item->field, t, &item->tests[i])
                                : may_go_on(s, t, &item->tests[i]) && test_implies(&s->scratch, t, &item->tests[i]);
        if (against != each)
            return against;
    }
    return each && item->count > 0 && !is_spent(s);
}

/* What refutes the test, in order of the demands; NULL when nothing does. */
static const struct must *refuter_of(struct search *s, const struct must *of, const struct test *t)
{
    work_count(s, 1);
    for (size_t i = 0; i < s->must_count && !is_spent(s); i++) {
        const struct must *m = &s->musts[i];
        bool itself = m == of && !of->expr->item->all;
        if (m->expr->kind == EXPR_ITEM && m->expr->item->field == of->expr->item->field && !itself && refutes(s, m, t))
            return m;
    }
    return NULL;
}

static void clash_keep(struct search *s, const struct must *one, const struct must *other)
{
    if (s->clash.one.expr)
        return;
    s->clash.one = *one;
    s->clash.other = *other;
}

/* True when none of the alternatives is left, or, where all are demanded, one is refuted. */
static bool cannot_hold(struct search *s, const struct must *m)
{
    const struct item *item = m->expr->item;
    const struct must *by = NULL;
    for (size_t i = 0; i < item->count && !is_spent(s); i++) {
        by = refuter_of(s, m, &item->tests[i]);
        if ((by != NULL) == item->all)
            break;
    }
    if (by && is_spent(s))
        by = NULL; /* of one before, perhaps: the others were not looked at */
    if (by)
        clash_keep(s, m, by);
    return by != NULL;
}

static bool is_demanded_and_excluded(struct search *s, const struct must *m)
{
    for (const struct must *other = s->musts; other < m; other++)
        if (other->expr->kind == EXPR_SELECTION && other->expr->selection == m->expr->selection &&
            other->holds != m->holds) {
            clash_keep(s, m, other);
            return true;
        }
    return false;
}

static bool musts_clash(struct search *s)
{
    for (size_t i = 0; i < s->must_count; i++) {
        const struct must *m = &s->musts[i];
        struct clash before = s->clash;
        bool clash = false;
        if (m->expr->kind == EXPR_SELECTION)
            clash = is_demanded_and_excluded(s, m);
        else if (is_positive(m))
            clash = cannot_hold(s, m);
        if (clash)
            return true;
        s->clash = before;
    }
    return false;
}

static bool is_impossible(struct search *s, const struct expr *e, bool holds, unsigned depth);

static bool leaves_nothing(struct search *s, const struct choice *c, unsigned depth)
{
    struct clash before = s->clash;
    for (size_t i = 0; i < c->expr->count; i++)
        if (!is_impossible(s, c->expr->children[i], c->holds, depth)) {
            s->clash = before;
            return false;
        }
    return true;
}

/* Beside what is known to hold, which stays as it was. */
static bool is_impossible(struct search *s, const struct expr *e, bool holds, unsigned depth)
{
    size_t musts = s->must_count, choices = s->choice_count;
    collect(s, e, holds);
    bool impossible = musts_clash(s);
    for (size_t i = choices; i < s->choice_count && !impossible && depth < CHOICES_DEPTH; i++)
        impossible = leaves_nothing(s, &s->choices[i], depth + 1);
    s->must_count = musts;
    s->choice_count = choices;
    return impossible;
}

/* "Image is "a"", "not: Image contains "b"" */
static struct text words_of_must(struct search *s, const struct must *m)
{
    struct buf out;
    buf_init(&out);
    buf_add_c(&out, m->holds ? "" : "not: ");
    if (m->expr->kind == EXPR_ITEM)
        describe_item(rules_of(s), m->expr->item, WORDS_MOST, &out);
    else
        buf_add(&out, m->expr->name);
    struct text words = text_keep(s->l->arena, buf_text(&out));
    buf_done(&out);
    return words;
}

/* The two of one field, for a hint; NULL for a selection, whose name says it. */
static const char *words_of_clash(struct search *s)
{
    const struct clash *c = &s->clash;
    if (c->one.expr->kind == EXPR_SELECTION)
        return NULL;
    struct text one = words_of_must(s, &c->one), other = words_of_must(s, &c->other);
    return text_equal(one, other)
               ? one.p
               : text_keep_format(s->l->arena, "%.*s; %.*s", TEXT_ARG(one), TEXT_ARG(other)).p;
}

static void search_init(struct search *s, struct loading *l)
{
    *s = (struct search){ .l = l };
    arena_init(&s->scratch);
}

static void warn_impossible(struct search *s, const struct yaml_node *node)
{
    const struct expr *e = s->clash.one.expr;
    struct text name = e->kind == EXPR_SELECTION ? e->name : rules_of(s)->fields[e->item->field].name.text;
    if (e->kind == EXPR_SELECTION)
        WARN(s->l, "condition", node, NULL, "no event can fulfil this: %.*s is demanded and excluded", TEXT_ARG(name));
    else if (s->clash.once)
        WARN(s->l, "condition", node, words_of_clash(s),
             "no event that has %.*s once can fulfil this: two demands on it exclude each other", TEXT_ARG(name));
    else
        WARN(s->l, "condition", node, words_of_clash(s),
             "no event can fulfil this: two demands on %.*s exclude each other", TEXT_ARG(name));
}

static bool condition_is_impossible(struct search *s, const struct yaml_node *node, const struct expr *condition)
{
    bool impossible = is_impossible(s, condition, true, 0);
    if (impossible)
        warn_impossible(s, node);
    return impossible;
}

/* Its opposite cannot be. */
static void condition_is_empty(struct search *s, const struct yaml_node *node, const struct expr *condition)
{
    if (is_impossible(s, condition, false, 0) && !s->clash.once)
        WARN(s->l, "condition", node, words_of_clash(s), "every event of the log source fulfils this");
}

/* `node`: what to point at; true when it was told. */
static bool part_check(struct loading *l, const struct yaml_node *node, const struct rule *rule, const struct expr *part)
{
    struct search s;
    search_init(&s, l);
    bool impossible = condition_is_impossible(&s, node, part);
    arena_done(&s.scratch);
    if (!impossible && source_lacks(l, rule, part)) {
        WARN(l, "condition", node, "the log source decides which channels and event IDs the rule sees",
             "no event can fulfil this: the log source has none with the channel and the event ID that are demanded");
        impossible = true;
    }
    return impossible;
}

/* A filter that excludes nothing, or an alternative that never comes, says nothing of itself. */
static bool any_selection_is_impossible(struct loading *l, const struct yaml_node *detection, const struct rule *rule)
{
    bool any = false;
    for (size_t i = 0; i < detection->count; i++) {
        const struct expr *selection = selection_find(rule->condition, detection->keys[i]->text);
        any = (selection && part_check(l, detection->keys[i], rule, selection)) || any;
    }
    return any;
}

void suspect_condition(struct loading *l, const struct yaml_node *document, const struct rule *rule)
{
    const struct yaml_node *detection = yaml_get(document, "detection"), *node = yaml_get(detection, "condition");
    struct search s;
    if (any_selection_is_impossible(l, detection, rule) || part_check(l, node, rule, rule->condition))
        return;
    search_init(&s, l);
    condition_is_empty(&s, node, rule->condition);
    arena_done(&s.scratch);
}

/* A window of a correlation begins at an event of one of its rules: there is always one. */
static bool demands_no_rule(const struct search *s, size_t rules)
{
    for (uint32_t rule = 0; rule < rules; rule++) {
        bool excluded = false;
        for (size_t i = 0; i < s->must_count && !excluded; i++)
            excluded = !s->musts[i].holds && s->musts[i].expr->selection == rule;
        if (!excluded)
            return false;
    }
    return true;
}

bool suspect_expression(struct loading *l, const struct expr *condition, size_t rules)
{
    struct search s;
    search_init(&s, l);
    bool impossible = is_impossible(&s, condition, true, 0);
    collect(&s, condition, true);
    impossible = impossible || demands_no_rule(&s, rules);
    arena_done(&s.scratch);
    return impossible;
}
