#include "kb/scope_read.h"

#include "base/limits.h"

/* Looked for to the end of the logs. */
#define EVER ((int64_t)3660 * 86400 * TICKS_PER_SECOND)

static void list_begin(struct article_source *s, const struct yaml_node *evidence, const char *key,
                       struct evidence_items *list, struct evidence_item **items, struct yaml_node *const **nodes)
{
    *nodes = field_list(&s->fields, evidence, key, false, &list->count);
    *items = ARENA_NEW_N(s->fields.arena, struct evidence_item, list->count);
    list->items = *items;
}

static void explains_read(struct article_source *s, const struct yaml_node *evidence)
{
    static const struct field_key keys[] = {
        { "rule", true },  { "node", false },  { "within", false }, { "log", false },
        { "same", false }, { "names", false }, { "until", false },  { "silent", false },
        { "text", false },
    };
    struct article *a = s->loaded->article;
    struct evidence_item *items;
    struct yaml_node *const *nodes;
    list_begin(s, evidence, "explains", &a->explains, &items, &nodes);
    for (size_t i = 0; i < a->explains.count; i++) {
        items[i] = (struct evidence_item){
            .kind = EVIDENCE_EXPLAINS, .from = -a->window, .to = a->window, .at_least = 1
        };
        if (!fields_check(&s->fields, nodes[i], "an item of `explains`", keys, COUNT_OF(keys)))
            continue;
        items[i].rules = references_read(s, nodes[i], "rule", &items[i].rule_count);
        conditions_read(s, nodes[i], &items[i]);
    }
}

static void ends_read(struct article_source *s, const struct yaml_node *evidence)
{
    static const struct field_key keys[] = {
        { "rule", true },  { "node", false },  { "within", false }, { "log", false }, { "same", false },
        { "names", false }, { "began", false }, { "of", false }, { "named-by", false }, { "text", true },
    };
    struct article *a = s->loaded->article;
    struct evidence_item *items;
    struct yaml_node *const *nodes;
    list_begin(s, evidence, "ends", &a->ends, &items, &nodes);
    for (size_t i = 0; i < a->ends.count; i++) {
        struct evidence_item *item = &items[i];
        *item = (struct evidence_item){ .kind = EVIDENCE_ENDS, .to = a->window, .at_least = 1 };
        if (!fields_check(&s->fields, nodes[i], "an item of `ends`", keys, COUNT_OF(keys)))
            continue;
        item->rules = references_read(s, nodes[i], "rule", &item->rule_count);
        conditions_read(s, nodes[i], item);
        item->began = references_read(s, nodes[i], "began", &item->began_count);
        if (yaml_get(nodes[i], "of"))
            item->of = choice_read(&s->fields, yaml_get(nodes[i], "of"), "of");
        item->named_by = references_read(s, nodes[i], "named-by", &item->named_by_count);
        if (item->named_by_count && (item->began_count || !item->of.count))
            FIELD_WRONG(&s->fields, yaml_get(nodes[i], "named-by"), "of: ResourceGroup",
                        "`named-by` needs `of`, and takes the place of `began`");
    }
}

/* "Q257577", "KB892422": the digits. */
static void hotfix_read(struct article_source *s, const struct yaml_node *value, struct evidence_item *item)
{
    struct text name = value_text(&s->fields, value, "hotfix");
    size_t letters = text_starts_with(name, TEXT("KB")) ? 2 : text_starts_with(name, TEXT("Q")) ? 1 : 0;
    uint64_t number;
    item->hotfix = text_from_index(name, letters);
    if (name.n && (!letters || item->hotfix.n < 5 || item->hotfix.n > 9 || !text_to_u64(item->hotfix, &number)))
        FIELD_WRONG(&s->fields, value, "Q257577, KB892422", "`%.*s` is no number of a hotfix", TEXT_ARG(name));
    item->rules = reference_read(s, value, TEXT("update-installed"));
    item->rule_count = 1;
}

struct evidence_item *own_update_make(struct arena *arena, struct text id, uint32_t rule)
{
    struct evidence_item *item = ARENA_NEW(arena, struct evidence_item);
    uint32_t *rules = ARENA_NEW(arena, uint32_t);
    *rules = rule;
    *item = (struct evidence_item){ .kind = EVIDENCE_FIXED_BY, .rules = rules, .rule_count = 1, .to = EVER, .at_least = 1 };
    item->hotfix = text_from_index(id, 1);
    item->text = text_keep_format(arena, "The update that this article is about, %.*s, was installed", TEXT_ARG(id));
    return item;
}

static void fix_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = {
        { "rule", false }, { "hotfix", false }, { "node", false }, { "log", false },
        { "same", false }, { "names", false },  { "points", false }, { "text", true },
    };
    struct fields *f = &s->fields;
    if (!fields_check(f, map, "an item of `fixed-by`", keys, COUNT_OF(keys)))
        return;
    const struct yaml_node *rule = yaml_get(map, "rule"), *hotfix = yaml_get(map, "hotfix");
    if (!rule == !hotfix)
        FIELD_WRONG(f, rule ? rule : map, NULL, "an item of `fixed-by` needs either `rule` or `hotfix`");
    else if (hotfix)
        hotfix_read(s, hotfix, item);
    else
        item->rules = references_read(s, map, "rule", &item->rule_count);
    conditions_read(s, map, item);
    item->weight = field_int(f, map, "points", 1, 100, 0);
}

static void fixed_by_read(struct article_source *s, const struct yaml_node *evidence)
{
    struct evidence_item *items;
    struct yaml_node *const *nodes;
    struct evidence_items *list = &s->loaded->article->fixed_by;
    list_begin(s, evidence, "fixed-by", list, &items, &nodes);
    for (size_t i = 0; i < list->count; i++) {
        items[i] = (struct evidence_item){ .kind = EVIDENCE_FIXED_BY, .to = EVER, .at_least = 1 };
        fix_read(s, nodes[i], &items[i]);
    }
}

/* How long it would take to show again, when the article does not say: services give up within a minute or two. */
#define SHOWS ((int64_t)300 * TICKS_PER_SECOND)

/* `through`: the event that has the value in common with what would show it, and another one with the anchor. */
static void through_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = { { "rule", true }, { "same", true } };
    struct fields *f = &s->fields;
    size_t count;
    if (!fields_check(f, map, "`through`", keys, COUNT_OF(keys)))
        return;
    item->through = references_read(s, map, "rule", &item->through_count);
    const struct shared_value *same = same_read(f, map, &count);
    if (count == 1)
        item->through_same = same[0];
    if (count > 1 || !item->same_count)
        FIELD_WRONG(f, map, "same: ResourceGroup or Data[1]",
                    "`through` has one `same` and belongs to an item with `same`");
}

static void about_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    struct fields *f = &s->fields;
    if (item->same_count > 1 || (item->same_count && !item->rule_count))
        FIELD_WRONG(f, yaml_get(map, "same"), NULL, "`same` of `exercised-by` is one value of the events of its `rule`");
    if (yaml_get(map, "through"))
        through_read(s, yaml_get(map, "through"), item);
}

static void exercise_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = {
        { "rule", false },  { "node", false }, { "shows", false }, { "same", false },
        { "through", false }, { "text", false }, { "how", true },
    };
    struct fields *f = &s->fields;
    if (!fields_check(f, map, "an item of `exercised-by`", keys, COUNT_OF(keys)))
        return;
    item->rules = references_read(s, map, "rule", &item->rule_count);
    conditions_read(s, map, item);
    about_read(s, map, item);
    item->how = field_text(f, map, "how");
    if (item->node.of == SCOPE_ROLE || item->node.negated || item->node.each)
        FIELD_WRONG(f, yaml_get(map, "node"), "same, or any",
                    "`exercised-by` is looked for on nodes that had the trouble, or on any");
    if (yaml_get(map, "shows"))
        item->to = span_read(f, yaml_get(map, "shows"), "shows");
    if (item->to < 0)
        FIELD_WRONG(f, yaml_get(map, "shows"), NULL, "`shows` is not negative");
    if (item->rule_count && !item->text.n)
        FIELD_WRONG(f, map, "text: what such an event means", "a rule needs its `text`");
}

static void exercised_by_read(struct article_source *s, const struct yaml_node *evidence)
{
    struct evidence_item *items;
    struct yaml_node *const *nodes;
    struct evidence_items *list = &s->loaded->article->exercised_by;
    size_t asking = 0;
    list_begin(s, evidence, "exercised-by", list, &items, &nodes);
    for (size_t i = 0; i < list->count; i++) {
        items[i] = (struct evidence_item){ .kind = EVIDENCE_EXERCISED_BY, .to = SHOWS, .at_least = 1 };
        exercise_read(s, nodes[i], &items[i]);
        asking += items[i].same_count > 0;
    }
    if (asking > 1)
        FIELD_WRONG(&s->fields, yaml_get(evidence, "exercised-by"), NULL,
                    "only one item of `exercised-by` may have `same`");
}

static void beats_read(struct article_source *s, const struct yaml_node *evidence)
{
    struct article *a = s->loaded->article;
    struct fields *f = &s->fields;
    struct yaml_node *const *items = field_list(f, evidence, "beats", true, &a->beat_count);
    a->beats = ARENA_NEW_N(f->arena, const struct article *, a->beat_count);
    for (size_t i = 0; i < a->beat_count; i++)
        article_reference_add(s, items[i],
                              (struct article_reference){ value_text(f, items[i], "beats"),
                                                          .carried = true,
                                                          .target = &a->beats[i] });
}

void aftermath_read(struct article_source *s, const struct yaml_node *evidence)
{
    explains_read(s, evidence);
    ends_read(s, evidence);
    fixed_by_read(s, evidence);
    exercised_by_read(s, evidence);
    beats_read(s, evidence);
}
