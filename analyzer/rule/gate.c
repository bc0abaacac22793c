#include "rule/gate.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "rule/choice.h"
#include "rule/fold.h"

/* How often an event is likely to pass, in no unit: the sum over the texts of a gate. */
#define NO_GATE UINT64_MAX

struct gates {
    struct ruleset *rules;
    size_t work;
    size_t short_texts; /* so far */
    uint32_t rule; /* being looked at */
    struct literal_use *uses;
    size_t count, capacity;
};

static bool is_mark(char c)
{
    return (unsigned char)c >= 0xFD;
}

static void take_longer(struct literal_use *best, struct text run, bool at_start, bool at_end)
{
    if (run.n > best->bytes.n || !best->bytes.p)
        *best = (struct literal_use){ .bytes = run, .at_start = at_start, .at_end = at_end };
}

/* The longest run without marks of one segment. */
static void longest_run(const struct segment *s, bool first, bool last, struct literal_use *best)
{
    size_t begin = 0;
    for (size_t at = 0; at <= s->bytes.n; at++) {
        if (at < s->bytes.n && !is_mark(s->bytes.p[at]))
            continue;
        take_longer(best, (struct text){ s->bytes.p + begin, at - begin }, first && begin == 0,
                    last && at == s->bytes.n);
        begin = at + 1;
    }
}

/* Whether a text may be filed: of those that are looked for one by one there are but few. */
static bool is_taken(const struct gates *g, const struct literal_use *u)
{
    if (u->at_start && u->at_end)
        return u->bytes.n > 0;
    return u->bytes.n >= LITERAL_MIN && (!literal_is_short(u) || g->short_texts < LIMIT_SHORT_TEXTS);
}

/* Short texts are found in many values.  What must be the whole value is often one of few words, like `true`. */
static uint64_t weigh_literal(const struct literal_use *u)
{
    static const uint16_t by_length[] = { 128, 64, 32, 24, 16, 12, 10, 8, 6, 5, 4, 3, 2, 2 };
    if (literal_is_short(u))
        return 4 * by_length[0];
    size_t n = u->bytes.n < LITERAL_GRAM ? 0 : u->bytes.n - LITERAL_GRAM;
    return n < COUNT_OF(by_length) ? by_length[n] : 1;
}

/* Folding makes bytes that are no UTF-8 into others. */
static size_t literal_of_pattern(const struct gates *g, const struct pattern *p, struct literal_use *ret)
{
    *ret = (struct literal_use){ 0 };
    for (uint32_t i = 0; i < p->count; i++)
        longest_run(&p->segments[i], i == 0 && !p->open_start, i + 1 == p->count && !p->open_end, ret);
    return is_taken(g, ret) && (!p->cased || utf8_valid(ret->bytes));
}

/* One of several is as good as one that is certain when together they stand in fewer values. */
static size_t literals_of_regex(const struct gates *g, const struct needles *n, struct literal_use *ret)
{
    struct literal_use certain = { .bytes = n->longest };
    uint64_t weight = 0;
    size_t count = 0;
    for (; count < n->some_count; count++) {
        ret[count] = (struct literal_use){ .bytes = n->some[count] };
        if (!is_taken(g, &ret[count]))
            break;
        weight += weigh_literal(&ret[count]);
    }
    bool some = count && count == n->some_count;
    if (!is_taken(g, &certain) || (some && weight < weigh_literal(&certain)))
        return some ? count : 0;
    ret[0] = certain;
    return 1;
}

/* At most CHOICE_MAX; none when the test can hold without any certain text. */
static size_t literals_of_test(const struct gates *g, const struct test *t, struct literal_use *ret)
{
    if (t->kind == TEST_REGEX)
        return literals_of_regex(g, &t->as.needles, ret);
    return t->kind == TEST_PATTERN ? literal_of_pattern(g, &t->as.pattern, ret) : 0;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a == NO_GATE || b == NO_GATE ? NO_GATE : a + b;
}

static uint64_t weigh_test(struct gates *g, const struct test *t)
{
    struct literal_use uses[CHOICE_MAX];
    uint64_t weight = 0;
    size_t count = t->kind == TEST_GROUP ? 0 : literals_of_test(g, t, uses);
    g->work += 1 + count;
    if (g->work > LIMIT_GATE_WORK)
        return NO_GATE;
    for (size_t i = 0; i < count; i++)
        weight += weigh_literal(&uses[i]);
    if (t->kind != TEST_GROUP)
        return count ? weight : NO_GATE;
    for (size_t i = 0; i < t->as.group.count && weight != NO_GATE; i++)
        weight = sum(weight, weigh_test(g, &t->as.group.tests[i]));
    return weight ? weight : NO_GATE;
}

/* The test with the least weight: below `all` each of them must hold. */
static uint64_t lightest_test(struct gates *g, const struct item *item, size_t *index)
{
    uint64_t best = NO_GATE;
    for (size_t i = 0; i < item->count; i++) {
        uint64_t weight = weigh_test(g, &item->tests[i]);
        if (weight < best) {
            best = weight;
            *index = i;
        }
    }
    return best;
}

/* What the screen has tested says nothing new: all events that come to the gate have that provider. */
static bool is_screened(const struct gates *g, const struct item *item)
{
    enum field_kind kind = g->rules->fields[item->field].kind;
    return kind == FIELD_PROVIDER || kind == FIELD_CHANNEL || kind == FIELD_EVENT_ID;
}

static uint64_t weigh_item(struct gates *g, const struct item *item)
{
    uint64_t weight = 0;
    size_t index;
    if (item->negate || item->count == 0 || is_screened(g, item))
        return NO_GATE;
    if (item->all)
        return lightest_test(g, item, &index);
    for (size_t i = 0; i < item->count && weight != NO_GATE; i++)
        weight = sum(weight, weigh_test(g, &item->tests[i]));
    return weight;
}

static uint64_t weigh(struct gates *g, const struct expr *e);

static uint64_t lightest_child(struct gates *g, const struct expr *e, size_t *index)
{
    uint64_t best = NO_GATE;
    for (size_t i = 0; i < e->count; i++) {
        uint64_t weight = weigh(g, e->children[i]);
        if (weight < best) {
            best = weight;
            *index = i;
        }
    }
    return best;
}

/* Depth: that of conditions and of YAML lists in selections, both limited. */
static uint64_t weigh(struct gates *g, const struct expr *e)
{
    uint64_t weight = 0;
    size_t index;
    if (g->work++ > LIMIT_GATE_WORK)
        return NO_GATE;
    switch (e->kind) {
    case EXPR_ITEM:
        return weigh_item(g, e->item);
    case EXPR_SELECTION:
        return weigh(g, e->children[0]);
    case EXPR_AND:
        return lightest_child(g, e, &index);
    case EXPR_OR:
        for (size_t i = 0; i < e->count && weight != NO_GATE; i++)
            weight = sum(weight, weigh(g, e->children[i]));
        return weight ? weight : NO_GATE;
    case EXPR_NOT:
        return NO_GATE;
    }
    return NO_GATE;
}

static void collect_use(struct gates *g, uint32_t field, struct literal_use u)
{
    if (g->count == g->capacity) {
        g->capacity = g->capacity ? g->capacity * 2 : 4096;
        g->uses = memory_resize(g->uses, g->capacity * sizeof *g->uses);
    }
    g->short_texts += literal_is_short(&u);
    u.field = field;
    u.rule = g->rule;
    g->uses[g->count++] = u;
}

static void collect_test(struct gates *g, uint32_t field, const struct test *t)
{
    struct literal_use uses[CHOICE_MAX];
    size_t count = t->kind == TEST_GROUP ? 0 : literals_of_test(g, t, uses);
    for (size_t i = 0; t->kind == TEST_GROUP && i < t->as.group.count; i++)
        collect_test(g, field, &t->as.group.tests[i]);
    if (count && t->kind == TEST_PATTERN && t->as.pattern.cased)
        uses[0].bytes = fold_keep(&g->rules->arena, uses[0].bytes);
    for (size_t i = 0; i < count; i++)
        collect_use(g, field, uses[i]);
}

static void collect_item(struct gates *g, const struct item *item)
{
    size_t index = 0;
    if (item->all && lightest_test(g, item, &index) != NO_GATE)
        collect_test(g, item->field, &item->tests[index]);
    for (size_t i = 0; !item->all && i < item->count; i++)
        collect_test(g, item->field, &item->tests[i]);
}

/* What `weigh` has weighed. */
static void collect(struct gates *g, const struct expr *e)
{
    size_t index = 0;
    if (e->kind == EXPR_ITEM)
        collect_item(g, e->item);
    else if (e->kind == EXPR_SELECTION)
        collect(g, e->children[0]);
    else if (e->kind == EXPR_AND && lightest_child(g, e, &index) != NO_GATE)
        collect(g, e->children[index]);
    for (size_t i = 0; e->kind == EXPR_OR && i < e->count; i++)
        collect(g, e->children[i]);
}

static int compare_fields(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The fields of the texts from `first` on, each once. */
static void fields_keep(struct gates *g, struct rule *rule, size_t first)
{
    size_t count = g->count - first, n = 0;
    uint32_t *fields = memory_new((count ? count : 1) * sizeof *fields);
    for (size_t i = 0; i < count; i++)
        fields[i] = g->uses[first + i].field;
    qsort(fields, count, sizeof *fields, compare_fields);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || fields[n - 1] != fields[i])
            fields[n++] = fields[i];
    uint32_t *kept = ARENA_NEW_N(&g->rules->arena, uint32_t, n);
    if (n)
        memcpy(kept, fields, n * sizeof *kept);
    rule->gate_fields = kept;
    rule->gate_field_count = n;
    rule->gate_texts = count;
    free(fields);
}

static void gate_build(struct gates *g, struct rule *rule)
{
    size_t first = g->count, short_texts = g->short_texts;
    if (weigh(g, rule->condition) == NO_GATE)
        return;
    collect(g, rule->condition);
    /* The work, or what may be short, may have run out on the way: half a gate would lose matches. */
    if (g->work > LIMIT_GATE_WORK || g->short_texts >= LIMIT_SHORT_TEXTS) {
        g->count = first;
        g->short_texts = short_texts;
    }
    fields_keep(g, rule, first);
}

void gates_build(struct ruleset *rules)
{
    struct gates g = { .rules = rules };
    for (size_t i = 0; i < rules->rule_count; i++) {
        g.rule = (uint32_t)i;
        if (rules->rules[i].applicable)
            gate_build(&g, &rules->rules[i]);
    }
    literals_build(&rules->arena, g.uses, g.count, rules->field_count, &rules->literals);
    free(g.uses);
}
