#include "kb/article_read.h"

#include "base/limits.h"
#include "kb/scope_read.h"

#define WINDOW ((int64_t)1800 * TICKS_PER_SECOND) /* when the article says nothing */

static void reference_add(struct article_source *s, const struct yaml_node *value, struct text name, uint32_t *target)
{
    struct loaded_article *l = s->loaded;
    l->rules = arena_grow(s->loading, l->rules, l->rule_count, &l->rule_capacity, sizeof *l->rules);
    l->rules[l->rule_count++] =
        (struct rule_reference){ name, diag_place_keep(s->loading, s->fields.file, value), target };
}

const uint32_t *references_read(struct article_source *s, const struct yaml_node *map, const char *key,
                                size_t *count)
{
    struct yaml_node *const *names = field_list(&s->fields, map, key, true, count);
    uint32_t *rules = ARENA_NEW_N(s->fields.arena, uint32_t, *count);
    for (size_t i = 0; i < *count; i++)
        reference_add(s, names[i], value_text(&s->fields, names[i], "rule"), &rules[i]);
    return rules;
}

const uint32_t *reference_read(struct article_source *s, const struct yaml_node *value, struct text name)
{
    uint32_t *rule = ARENA_NEW(s->fields.arena, uint32_t);
    reference_add(s, value, name, rule);
    return rule;
}

/* `clock: 5s`, `wrote: 2m`: no event, but what evscan found when it compared the clocks, or looked at the logs. */
static int64_t no_event_read(struct fields *f, const struct yaml_node *map, const char *key)
{
    static const char *const events[] = { "within", "until", "silent", "log", "same", "names", "at-least", "distinct",
                                          "every", "apart", "sides", "differ" };
    int64_t span = span_read(f, yaml_get(map, key), key);
    if (span <= 0)
        FIELD_WRONG(f, yaml_get(map, key), "5s", "`%s` is a span of time that is exceeded", key);
    for (size_t i = 0; i < COUNT_OF(events); i++)
        if (yaml_get(map, events[i]))
            FIELD_WRONG(f, yaml_get(map, events[i]), NULL, "`%s` is no event: it has no `%s`", key, events[i]);
    return span;
}

static void rules_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    const struct yaml_node *absent = yaml_get(map, "absent"), *rule = yaml_get(map, "rule");
    const struct yaml_node *clock = yaml_get(map, "clock"), *wrote = yaml_get(map, "wrote");
    if (!!absent + !!rule + !!clock + !!wrote != 1) {
        FIELD_WRONG(&s->fields, absent ? absent : clock ? clock : wrote ? wrote : map, NULL,
                    "evidence needs either `rule`, `absent`, `clock` or `wrote`");
        return;
    }
    item->absent = absent != NULL;
    if (clock)
        item->clock_over = no_event_read(&s->fields, map, "clock");
    else if (wrote)
        item->wrote = no_event_read(&s->fields, map, "wrote");
    else
        item->rules = references_read(s, map, absent ? "absent" : "rule", &item->rule_count);
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

/* It is what windows, nodes and values are seen from. */
static void anchor_check(struct fields *f, const struct yaml_node *map)
{
    static const char *const keys[] = { "absent", "clock", "wrote", "within", "until", "silent",
                                        "node",   "log",   "same",  "names",  "sides", "or" };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (yaml_get(map, keys[i]))
            FIELD_WRONG(f, yaml_get(map, keys[i]), "put the event that everything else is seen from first",
                        "the first of `needs` is the anchor: it has no `%s`", keys[i]);
}

static void names_read(struct article_source *s, const struct yaml_node *value, struct evidence_item *item)
{
    item->names = true;
    item->named = scope_read(s, value);
    if (item->named.each)
        FIELD_WRONG(&s->fields, value, NULL, "an event that `names` nodes names one of them, so there is no `each`");
}

/* `distinct: node`, or the field whose values differ. */
static void distinct_read(struct fields *f, const struct yaml_node *value, struct evidence_item *item)
{
    item->distinct = true;
    if (value->kind != YAML_SCALAR || !text_equal(text_trim(value->text), TEXT("node")))
        item->distinct_by = choice_read(f, value, "distinct");
    if (item->at_least < 2)
        FIELD_WRONG(f, value, "at-least: 2", "`distinct` needs `at-least`: how many different ones");
}

static void every_read(struct fields *f, const struct yaml_node *value, struct evidence_item *item)
{
    spans_read(f, value, "every", &item->every_from, &item->every_to);
    if (item->every_from <= 0 || value->kind != YAML_SEQUENCE)
        FIELD_WRONG(f, value, "[238m, 242m]: from one event to the next",
                    "`every` needs the shortest and longest span");
}

static void silent_read(struct fields *f, const struct yaml_node *value, struct evidence_item *item)
{
    item->silent = span_read(f, value, "silent");
    if (item->silent <= 0)
        FIELD_WRONG(f, value, "2m", "`silent` is how long the node may have gone on");
}

void conditions_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    struct fields *f = &s->fields;
    if (yaml_get(map, "node"))
        item->node = scope_read(s, yaml_get(map, "node"));
    if (yaml_get(map, "within"))
        spans_read(f, yaml_get(map, "within"), "within", &item->from, &item->to);
    item->until = references_read(s, map, "until", &item->until_count);
    if (yaml_get(map, "silent"))
        silent_read(f, yaml_get(map, "silent"), item);
    item->log = field_text(f, map, "log");
    item->same = same_read(f, map, &item->same_count);
    if (yaml_get(map, "names"))
        names_read(s, yaml_get(map, "names"), item);
    item->text = field_text(f, map, "text");
}

/* Events of one moment, logged by several nodes or several times, count once. */
static void apart_read(struct fields *f, const struct yaml_node *value, struct evidence_item *item)
{
    item->apart = span_read(f, value, "apart");
    if (item->apart <= 0)
        FIELD_WRONG(f, value, "2m", "`apart` is a span of time");
    if (item->at_least < 2)
        FIELD_WRONG(f, value, "at-least: 2", "`apart` needs `at-least`: how many times");
}

static void sides_read(struct fields *f, const struct yaml_node *map, struct evidence_item *item)
{
    const struct yaml_node *sides = yaml_get(map, "sides"), *sites = yaml_get(map, "sites");
    if (sides)
        item->sides_by = choice_read(f, sides, "sides");
    item->sites = field_bool(f, map, "sites");
    if (sites && !sides)
        FIELD_WRONG(f, sites, "sides: \"NodeName or Data[1]\"", "`sites` belongs to `sides`");
}

static void differ_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = { { "of", true }, { "from", true }, { "over", true }, { "rule", false } };
    struct fields *f = &s->fields;
    if (!fields_check(f, map, "`differ`", keys, COUNT_OF(keys)))
        return;
    struct time_difference *d = ARENA_NEW(f->arena, struct time_difference);
    if (yaml_get(map, "of") && yaml_get(map, "from") && yaml_get(map, "over")) {
        d->of = choice_read(f, yaml_get(map, "of"), "of");
        d->from = choice_read(f, yaml_get(map, "from"), "from");
        d->over = span_read(f, yaml_get(map, "over"), "over");
    }
    d->rules = references_read(s, map, "rule", &d->rule_count);
    item->differ = d;
}

/* How many of them, and what is asked of their values. */
static void counts_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const char *const counts[] = { "at-least", "distinct", "every", "apart", "sides", "differ", "silent" };
    struct fields *f = &s->fields;
    item->at_least = (uint32_t)field_int(f, map, "at-least", 1, (int)LIMIT_HITS_PER_RULE, 1);
    if (yaml_get(map, "distinct"))
        distinct_read(f, yaml_get(map, "distinct"), item);
    if (yaml_get(map, "every"))
        every_read(f, yaml_get(map, "every"), item);
    if (yaml_get(map, "apart"))
        apart_read(f, yaml_get(map, "apart"), item);
    sides_read(f, map, item);
    if (yaml_get(map, "differ"))
        differ_read(s, yaml_get(map, "differ"), item);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        if (item->absent && yaml_get(map, counts[i]))
            FIELD_WRONG(f, yaml_get(map, counts[i]), NULL, "what is absent has no `%s`", counts[i]);
}

/* The other way to see the same: it has the points of the item, and a text of its own. */
static void instead_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = {
        { "rule", false },     { "absent", false }, { "clock", false }, { "node", false },  { "log", false },
        { "within", false },   { "same", false },   { "names", false }, { "at-least", false }, { "distinct", false },
        { "every", false },    { "apart", false },  { "sides", false }, { "sites", false }, { "differ", false },
        { "until", false },    { "silent", false }, { "wrote", false }, { "text", true },
    };
    struct evidence_item *instead = ARENA_NEW(s->fields.arena, struct evidence_item);
    *instead = (struct evidence_item){ .kind = item->kind, .from = item->from, .to = item->to };
    item->instead = instead;
    if (!fields_check(&s->fields, map, "what stands under `or`", keys, COUNT_OF(keys)))
        return;
    rules_read(s, map, instead);
    conditions_read(s, map, instead);
    counts_read(s, map, instead);
    instead->weight = item->weight;
    instead->inferred = item->inferred;
    instead->basis = item->basis;
}

static void item_read(struct article_source *s, const struct yaml_node *map, struct evidence_item *item)
{
    static const struct field_key keys[] = {
        { "rule", false },     { "absent", false }, { "clock", false },  { "node", false },     { "log", false },
        { "within", false },   { "same", false },   { "names", false },  { "at-least", false }, { "distinct", false },
        { "every", false },    { "apart", false },  { "sides", false },  { "sites", false },    { "differ", false },
        { "or", false },       { "points", true },  { "text", true },    { "inferred", false }, { "basis", false },
        { "until", false },    { "silent", false }, { "wrote", false },
    };
    struct fields *f = &s->fields;
    if (!fields_check(f, map, "an item of evidence", keys, COUNT_OF(keys)))
        return;
    rules_read(s, map, item);
    conditions_read(s, map, item);
    counts_read(s, map, item);
    item->weight = field_int(f, map, "points", 1, 100, 1);
    item->inferred = field_bool(f, map, "inferred");
    item->basis = field_text(f, map, "basis");
    basis_check(f, map, item);
    if (yaml_get(map, "or"))
        instead_read(s, yaml_get(map, "or"), item);
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
            *item = (struct evidence_item){ .kind = (enum evidence_kind)kind, .from = -a->quiet, .to = a->quiet };
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

static void times_read(struct fields *f, const struct yaml_node *evidence, struct article *a)
{
    const struct yaml_node *window = yaml_get(evidence, "window"), *quiet = yaml_get(evidence, "quiet");
    a->window = window ? span_read(f, window, "window") : WINDOW;
    if (a->window < 0)
        FIELD_WRONG(f, window, NULL, "`window` is not negative");
    a->quiet = quiet ? span_read(f, quiet, "quiet") : a->window;
    if (quiet && (a->quiet <= 0 || a->quiet >= a->window))
        FIELD_WRONG(f, quiet, "after `window` a case is over in any way", "`quiet` is shorter than `window`");
}

void evidence_read(struct article_source *s, const struct yaml_node *evidence)
{
    static const struct field_key keys[] = {
        { "window", false },  { "system", false },   { "roles", false }, { "needs", true },    { "supports", false },
        { "against", false }, { "explains", false }, { "ends", false },  { "fixed-by", false }, { "beats", false },
        { "settles", false }, { "exercised-by", false }, { "trouble", false },
        { "quiet", false },   { "about", false },
    };
    struct fields *f = &s->fields;
    struct article *a = s->loaded->article;
    if (!fields_check(f, evidence, "`evidence`", keys, COUNT_OF(keys)))
        return;
    times_read(f, evidence, a);
    if (yaml_get(evidence, "about"))
        a->about = choice_read(f, yaml_get(evidence, "about"), "about");
    a->system_weight = field_int(f, evidence, "system", 1, 100, 0);
    if (a->system_weight && !a->applies_count)
        FIELD_WRONG(f, yaml_get(evidence, "system"), "name the systems in `applies`",
                    "an article about all systems has no points for `system`");
    if (yaml_get(evidence, "roles"))
        roles_read(s, yaml_get(evidence, "roles"));
    if (yaml_get(evidence, "trouble"))
        trouble_read(s, yaml_get(evidence, "trouble"));
    size_t count = list_size(evidence, "needs") + list_size(evidence, "supports") + list_size(evidence, "against");
    struct evidence_item *items = ARENA_NEW_N(f->arena, struct evidence_item, count);
    a->evidence = items;
    items_read(s, evidence, items);
    aftermath_read(s, evidence);
    settles_read(f, evidence, a);
}
