#include "kb/article_read.h"

#include "base/limits.h"

/* Ten years: further than any log reaches, and far from what 64 bits of ticks can hold. */
#define SPAN_DAYS_MAX 3660

#define DAY    ((int64_t)86400 * TICKS_PER_SECOND)
#define WINDOW ((int64_t)1800 * TICKS_PER_SECOND) /* when the article says nothing */

/* "30m", "-10m", "0s": ticks. */
static bool span_parse(struct text t, int64_t *ret)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    bool back = text_starts_with(t, TEXT("-"));
    t = text_from_index(t, back ? 1 : 0);
    uint64_t number;
    if (t.n < 2 || t.n > 10 || !text_to_u64((struct text){ t.p, t.n - 1 }, &number))
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (t.p[t.n - 1] == units[i].unit && number <= (uint64_t)(SPAN_DAYS_MAX * 86400 / units[i].seconds)) {
            *ret = (int64_t)number * units[i].seconds * TICKS_PER_SECOND * (back ? -1 : 1);
            return true;
        }
    return false;
}

static int64_t span_read(struct fields *f, const struct yaml_node *value, const char *what)
{
    int64_t span = 0;
    struct text text = value_text(f, value, what);
    if (text.n && !span_parse(text, &span))
        FIELD_WRONG(f, value, "30m, -90s, 2h, 5d; ten years at most", "`%.*s` is no span of time", TEXT_ARG(text));
    return span;
}

/* One span for both sides, or [from, to]. */
static void within_read(struct fields *f, const struct yaml_node *value, struct evidence_item *item)
{
    if (value->kind == YAML_SEQUENCE && value->count == 2) {
        item->from = span_read(f, value->items[0], "within");
        item->to = span_read(f, value->items[1], "within");
        if (item->from > item->to)
            FIELD_WRONG(f, value, "[-10m, 5m]", "the window ends before it begins");
    } else if (value->kind == YAML_SCALAR) {
        item->to = span_read(f, value, "within");
        item->from = -item->to;
        if (item->to < 0)
            FIELD_WRONG(f, value, "[-10m, 0s] for one side", "a span for both sides is not negative");
    } else {
        FIELD_WRONG(f, value, "30m or [-10m, 5m]", "`within` must be a span of time or two of them");
    }
}

static void node_read(struct fields *f, const struct yaml_node *map, struct evidence_item *item)
{
    static const char *const names[] = { "same", "other", "any", "each" };
    struct text text = field_text(f, map, "node");
    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (text_equal(text, text_from(names[i]))) {
            item->node = (enum evidence_node)i;
            return;
        }
    if (text.n)
        FIELD_WRONG(f, yaml_get(map, "node"), "same, other, any or each", "`%.*s` is no relation of nodes",
                    TEXT_ARG(text));
}

static void reference_add(struct article_source *s, const struct yaml_node *value, uint32_t *target)
{
    struct loaded_article *l = s->loaded;
    struct text name = value_text(&s->fields, value, "rule");
    l->rules = arena_grow(s->loading, l->rules, l->rule_count, &l->rule_capacity, sizeof *l->rules);
    l->rules[l->rule_count++] =
        (struct rule_reference){ name, diag_place_keep(s->loading, s->fields.file, value), target };
}

static void rules_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    const struct yaml_node *absent = yaml_get(map, "absent"), *rule = yaml_get(map, "rule");
    if (!absent == !rule) {
        FIELD_WRONG(&s->fields, absent ? absent : map, NULL, "evidence needs either `rule` or `absent`");
        return;
    }
    item->absent = absent != NULL;
    struct yaml_node *const *names = field_list(&s->fields, map, absent ? "absent" : "rule", true, &item->rule_count);
    uint32_t *rules = ARENA_NEW_N(s->fields.arena, uint32_t, item->rule_count);
    item->rules = rules;
    for (size_t i = 0; i < item->rule_count; i++)
        reference_add(s, names[i], &rules[i]);
}

static void basis_check(struct fields *f, const struct yaml_node *map, const struct evidence_item *item)
{
    const struct yaml_node *basis = yaml_get(map, "basis");
    if (item->inferred && !basis)
        FIELD_WRONG(f, yaml_get(map, "inferred"), "say in `basis` what the inference rests on",
                    "inferred evidence needs the key `basis`");
    if (!item->inferred && basis)
        FIELD_WRONG(f, basis, "add `inferred: true`, or leave it out", "`basis` belongs to inferred evidence");
}

/* It is what windows and nodes are seen from. */
static void anchor_check(struct fields *f, const struct yaml_node *map)
{
    static const char *const keys[] = { "absent", "within", "node", "log" };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (yaml_get(map, keys[i]))
            FIELD_WRONG(f, yaml_get(map, keys[i]), "put the event that everything else is seen from first",
                        "the first of `needs` is the anchor: it has no `%s`", keys[i]);
}

static void item_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = {
        { "rule", false },  { "absent", false }, { "node", false }, { "log", false },      { "within", false },
        { "at-least", false }, { "points", true }, { "text", true }, { "inferred", false }, { "basis", false },
    };
    struct fields *f = &s->fields;
    if (!fields_check(f, map, "an item of evidence", keys, COUNT_OF(keys)))
        return;
    rules_read(s, map, item);
    node_read(f, map, item);
    if (yaml_get(map, "within"))
        within_read(f, yaml_get(map, "within"), item);
    item->log = field_text(f, map, "log");
    item->at_least = (uint32_t)field_int(f, map, "at-least", 1, (int)LIMIT_HITS_PER_RULE, 1);
    item->weight = field_int(f, map, "points", 1, 100, 1);
    item->text = field_text(f, map, "text");
    item->inferred = field_bool(f, map, "inferred");
    item->basis = field_text(f, map, "basis");
    basis_check(f, map, item);
    if (item->absent && yaml_get(map, "at-least"))
        FIELD_WRONG(f, yaml_get(map, "at-least"), NULL, "what is absent has no `at-least`");
}

static void items_read(struct article_source *s, const struct yaml_node *evidence, struct evidence_item *items)
{
    static const char *const kinds[] = { "needs", "supports", "against" };
    struct article *a = s->loaded->article;
    for (unsigned kind = 0; kind < COUNT_OF(kinds); kind++) {
        size_t count;
        struct yaml_node *const *list = field_list(&s->fields, evidence, kinds[kind], false, &count);
        for (size_t i = 0; i < count; i++) {
            struct evidence_item *item = &items[a->evidence_count++];
            *item = (struct evidence_item){ .kind = (enum evidence_kind)kind, .from = -a->window, .to = a->window };
            item_read(s, list[i], item);
            if (kind == EVIDENCE_NEEDS && i == 0 && list[i]->kind == YAML_MAP)
                anchor_check(&s->fields, list[i]);
        }
    }
}

static void settles_read(struct fields *f, const struct yaml_node *evidence, struct article *a)
{
    static const struct field_key keys[] = { { "question", true }, { "command", true }, { "node", false } };
    struct yaml_node *const *items = field_list(f, evidence, "settles", false, &a->settle_count);
    struct settle *settles = ARENA_NEW_N(f->arena, struct settle, a->settle_count);
    a->settles = settles;
    for (size_t i = 0; i < a->settle_count; i++)
        if (fields_check(f, items[i], "an item of `settles`", keys, COUNT_OF(keys)))
            settles[i] = (struct settle){ field_text(f, items[i], "question"), field_text(f, items[i], "command"),
                                          field_text(f, items[i], "node") };
}

static size_t list_size(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *list = yaml_get(map, key);
    return list && list->kind == YAML_SEQUENCE ? list->count : 0;
}

void evidence_read(struct article_source *s, const struct yaml_node *evidence)
{
    static const struct field_key keys[] = {
        { "window", false },   { "system", false },  { "needs", true },
        { "supports", false }, { "against", false }, { "settles", false },
    };
    struct fields *f = &s->fields;
    struct article *a = s->loaded->article;
    if (!fields_check(f, evidence, "`evidence`", keys, COUNT_OF(keys)))
        return;
    const struct yaml_node *window = yaml_get(evidence, "window");
    a->window = window ? span_read(f, window, "window") : WINDOW;
    if (a->window < 0)
        FIELD_WRONG(f, window, NULL, "`window` is not negative");
    a->system_weight = field_int(f, evidence, "system", 1, 100, 0);
    if (a->system_weight && !a->applies_count)
        FIELD_WRONG(f, yaml_get(evidence, "system"), "name the systems in `applies`",
                    "an article about all systems has no points for `system`");
    size_t count = list_size(evidence, "needs") + list_size(evidence, "supports") + list_size(evidence, "against");
    struct evidence_item *items = ARENA_NEW_N(f->arena, struct evidence_item, count);
    a->evidence = items;
    items_read(s, evidence, items);
    settles_read(f, evidence, a);
}
