/*
 * evaluate.c - conditions, selections and items; what is cheap first, each selection at most once per event.
 */
#include "match/matching.h"

/* Without the event only three fields are known, and the event ID only as a number. */
static enum truth test_key(struct matcher *m, const struct test *t, enum field_kind kind,
                           const struct slot *slot)
{
    uint64_t id;
    if (t->kind == TEST_REGEX || t->kind == TEST_FIELD || t->kind == TEST_GROUP)
        return MAYBE;
    if (kind != FIELD_EVENT_ID || t->kind == TEST_NUMBER)
        return test_slot(m, t, slot);
    /* The record may spell the number in another way, but not another number. */
    bool decimal =
        t->kind == TEST_PATTERN && t->as.pattern.exact && text_to_u64(t->as.pattern.segments[0].bytes, &id);
    return decimal && id != m->key->id ? NO : MAYBE;
}

static bool key_has(const struct matcher *m, enum field_kind kind)
{
    return kind == FIELD_PROVIDER || kind == FIELD_CHANNEL || (kind == FIELD_EVENT_ID && m->key->id != EVENT_ID_NONE);
}

static enum truth item_test(struct matcher *m, const struct item *item, size_t index)
{
    const struct test *t = &item->tests[index];
    const struct slot *slot = field_values(m, item->field);
    return m->event ? test_slot(m, t, slot) : test_key(m, t, m->rules->fields[item->field].kind, slot);
}

static enum truth negated(enum truth t)
{
    return (enum truth)(YES - t);
}

static enum truth tests_evaluate(struct matcher *m, const struct item *item)
{
    enum truth decisive = item->all ? NO : YES, result = item->all ? YES : NO;
    if (item->sieve && (m->event || item->sieve->by_key))
        return sieve_slot(m, item, field_values(m, item->field));
    for (size_t i = 0; i < item->count && result != decisive; i++) {
        enum truth t = item_test(m, item, i);
        if (item->all ? t < result : t > result)
            result = t;
    }
    return result;
}

static enum truth item_evaluate(struct matcher *m, const struct item *item)
{
    if (!m->event && item->count && !key_has(m, m->rules->fields[item->field].kind))
        return MAYBE;
    enum truth result = tests_evaluate(m, item);
    return item->negate ? negated(result) : result;
}

static enum truth selection_evaluate(struct matcher *m, const struct expr *e)
{
    uint32_t *known = &m->selections[(size_t)e->selection * VIEW_COUNT + m->view];
    if (!m->event)
        return expr_evaluate(m, e->children[0]);
    if (*known >> 1 != m->stamp)
        *known = m->stamp << 1 | (expr_evaluate(m, e->children[0]) == YES);
    return *known & 1 ? YES : NO;
}

/* Depth: LIMIT_CONDITION_DEPTH and LIMIT_YAML_DEPTH bound the expression. */
enum truth expr_evaluate(struct matcher *m, const struct expr *e)
{
    enum truth result = e->kind == EXPR_AND ? YES : NO;
    switch (e->kind) {
    case EXPR_ITEM:
        return item_evaluate(m, e->item);
    case EXPR_SELECTION:
        return selection_evaluate(m, e);
    case EXPR_NOT:
        return negated(expr_evaluate(m, e->children[0]));
    case EXPR_AND:
        for (size_t i = 0; i < e->count && result != NO; i++) {
            enum truth t = expr_evaluate(m, e->children[i]);
            result = t < result ? t : result;
        }
        return result;
    case EXPR_OR:
        for (size_t i = 0; i < e->count && result != YES; i++) {
            enum truth t = expr_evaluate(m, e->children[i]);
            result = t > result ? t : result;
        }
        return result;
    }
    return NO;
}

/* One of the beginnings, separated by blanks. */
static bool starts_with_any(struct text value, const char *starts)
{
    struct text rest = text_from(starts);
    while (rest.n > 0) {
        size_t n = text_find_char(rest, ' ');
        if (value.n >= n && text_equal_nocase((struct text){ value.p, n }, (struct text){ rest.p, n }))
            return true;
        rest = text_from_index(rest, n + 1);
    }
    return false;
}

static bool entry_accepts(struct matcher *m, const struct source_entry *entry)
{
    struct text value;
    if (!source_accepts_key(entry, m->key))
        return false;
    if (!entry->test.field || !m->event)
        return true;
    return event_value(m, entry->test.field, &value) && starts_with_any(value, entry->test.starts);
}

static bool row_accepts(struct matcher *m, const struct source_row *row)
{
    for (size_t i = 0; row && i < SOURCE_ENTRIES; i++)
        if (entry_accepts(m, &row->entries[i]))
            return true;
    return row == NULL;
}

bool source_accepts(struct matcher *m, uint32_t index)
{
    const struct source *s = &m->rules->sources[index];
    uint32_t *known = &m->sources[index];
    if (*known >> 1 != m->stamp)
        *known = m->stamp << 1 | (row_accepts(m, s->category) && row_accepts(m, s->service));
    return *known & 1;
}

enum truth rule_evaluate(struct matcher *m, uint32_t rule)
{
    const struct rule *r = &m->rules->rules[rule];
    if (!source_accepts(m, r->source))
        return NO;
    m->rule = rule;
    m->view = view_effective(m->key, r->view);
    return expr_evaluate(m, r->condition);
}
