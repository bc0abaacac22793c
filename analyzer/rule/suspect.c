/*
 * suspect.c - conditions that no event can fulfil.  What must hold is collected from the condition; two of these that
 * exclude each other are the mistake.
 */
#include "rule/suspect.h"

#include "rule/demand.h"

#define MUSTS 256 /* facts looked at; a condition demands a dozen at most */

/* What every event must fulfil, or must not. */
struct must {
    const struct expr *expr; /* EXPR_SELECTION or EXPR_ITEM */
    bool holds;
};

struct musts {
    struct must items[MUSTS];
    size_t count;
};

static void must_add(struct musts *m, const struct expr *e, bool holds)
{
    if (m->count < MUSTS)
        m->items[m->count++] = (struct must){ e, holds };
}

/* Depth: that of conditions and of YAML lists in selections, both limited. */
static void collect(struct musts *m, const struct expr *e, bool holds)
{
    bool all = e->kind == EXPR_OR ? !holds : holds;
    if (e->kind == EXPR_NOT) {
        collect(m, e->children[0], !holds);
        return;
    }
    if (e->kind == EXPR_SELECTION || e->kind == EXPR_ITEM)
        must_add(m, e, holds);
    if (e->kind == EXPR_SELECTION || (e->kind != EXPR_ITEM && (all || e->count == 1)))
        for (size_t i = 0; i < e->count; i++)
            collect(m, e->children[i], holds);
}

static bool has_one_value(const struct ruleset *rules, const struct item *item)
{
    enum field_kind kind = rules->fields[item->field].kind;
    return kind == FIELD_PROVIDER || kind == FIELD_CHANNEL || kind == FIELD_EVENT_ID;
}

static bool is_exact(const struct test *t)
{
    return (t->kind == TEST_PATTERN && t->as.pattern.exact) ||
           (t->kind == TEST_NUMBER && t->as.number.compare == COMPARE_EQUAL && t->as.number.value.exact);
}

static bool all_exact(const struct item *item)
{
    for (size_t i = 0; i < item->count; i++)
        if (!is_exact(&item->tests[i]))
            return false;
    return item->count > 0;
}

/* A number and a text that spells it are the same; when in doubt the two agree. */
static bool can_agree(const struct test *a, const struct test *b)
{
    if (a->kind == TEST_PATTERN && b->kind == TEST_PATTERN)
        return text_equal(a->as.pattern.segments[0].bytes, b->as.pattern.segments[0].bytes) ||
               a->as.pattern.cased != b->as.pattern.cased;
    if (a->kind == TEST_NUMBER && b->kind == TEST_NUMBER)
        return number_compare(&a->as.number.value, COMPARE_EQUAL, &b->as.number.value);
    struct number n;
    const struct test *text = a->kind == TEST_PATTERN ? a : b, *number = text == a ? b : a;
    return number_parse(text->as.pattern.segments[0].bytes, &n) &&
           number_compare(&n, COMPARE_EQUAL, &number->as.number.value);
}

/* No value is in both lists. */
static bool are_disjoint(const struct item *a, const struct item *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (can_agree(&a->tests[i], &b->tests[k]))
                return false;
    return true;
}

static bool demands_two_values(const struct ruleset *rules, const struct item *item)
{
    if (!item->all || item->negate || !has_one_value(rules, item) || !all_exact(item))
        return false;
    for (size_t i = 1; i < item->count; i++)
        if (!can_agree(&item->tests[0], &item->tests[i]))
            return true;
    return false;
}

static bool demands_absence(const struct item *item)
{
    return !item->negate && item->count == 1 && item->tests[0].kind == TEST_EXISTS && !item->tests[0].as.exists;
}

static bool demands_presence(const struct item *item)
{
    for (size_t i = 0; i < item->count; i++)
        if (item->tests[i].kind == TEST_NULL || (item->tests[i].kind == TEST_EXISTS && !item->tests[i].as.exists) ||
            item->tests[i].kind == TEST_GROUP)
            return false;
    return !item->negate && item->count > 0;
}

static bool items_exclude(const struct ruleset *rules, const struct item *a, const struct item *b)
{
    if (a->field != b->field)
        return false;
    if ((demands_absence(a) && demands_presence(b)) || (demands_absence(b) && demands_presence(a)))
        return true;
    bool values = has_one_value(rules, a) && !a->negate && !b->negate && !a->all && !b->all && all_exact(a) &&
                  all_exact(b);
    return values && are_disjoint(a, b);
}

static struct text field_of(const struct ruleset *rules, const struct expr *e)
{
    return rules->fields[e->item->field].name.text;
}

/* Why the two cannot be true together; "" when they can. */
static struct text quarrel(struct loading *l, const struct must *a, const struct must *b)
{
    const struct ruleset *r = l->rules;
    const struct expr *x = a->expr, *y = b->expr;
    if (x->kind != y->kind)
        return TEXT("");
    if (x->kind == EXPR_SELECTION)
        return x->selection == y->selection && a->holds != b->holds
                   ? text_keep_format(l->arena, "%.*s is demanded and excluded", TEXT_ARG(x->name))
                   : TEXT("");
    if (a->holds && b->holds && items_exclude(r, x->item, y->item))
        return text_keep_format(l->arena, "two demands on %.*s exclude each other", TEXT_ARG(field_of(r, x)));
    return TEXT("");
}

static struct text find_quarrel(struct loading *l, const struct musts *m)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct must *a = &m->items[i];
        if (a->holds && a->expr->kind == EXPR_ITEM && demands_two_values(l->rules, a->expr->item))
            return text_keep_format(l->arena, "%.*s has one value and is to have several",
                                    TEXT_ARG(field_of(l->rules, a->expr)));
        for (size_t k = 0; k < i; k++) {
            struct text why = quarrel(l, a, &m->items[k]);
            if (why.n)
                return why;
        }
    }
    return TEXT("");
}

/* The log source has none of the event IDs that the condition demands. */
static bool source_lacks_ids(struct arena *arena, const struct ruleset *rules, const struct rule *rule)
{
    uint32_t allowed[SOURCE_ENTRIES * SOURCE_IDS];
    size_t count;
    struct id_set demanded = demanded_ids(arena, rules, rule->condition);
    if (demanded.every || !source_ids(&rules->sources[rule->source], allowed, &count))
        return false;
    for (size_t i = 0; i < demanded.count; i++)
        for (size_t k = 0; k < count; k++)
            if (demanded.ids[i] == allowed[k])
                return false;
    return true;
}

void suspect_condition(struct loading *l, const struct yaml_node *document, const struct rule *rule)
{
    const struct yaml_node *condition = yaml_get(yaml_get(document, "detection"), "condition");
    struct musts musts = { .count = 0 };
    struct arena scratch;
    arena_init(&scratch);
    collect(&musts, rule->condition, true);
    struct text why = find_quarrel(l, &musts);
    if (!why.n && rule->applicable && source_lacks_ids(&scratch, l->rules, rule))
        why = TEXT("the log source has none of the event IDs that are demanded");
    if (why.n)
        WARN(l, "condition", condition, NULL, "no event can fulfil this: %.*s", TEXT_ARG(why));
    arena_done(&scratch);
}
