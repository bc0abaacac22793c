/*
 * collection.c - the documents of a file in order, with the templates of `action`.
 *
 * A template stands in every rule behind it.  Merging shares its values, and what is compiled of a selection is shared
 * with them (struct shared_selections); what is left to do for each rule is counted (LIMIT_RULE_WORK).
 */
#include "base/limits.h"
#include "rule/builder.h"

struct collection {
    struct ruleset_builder *b;
    struct arena arena; /* merged maps; the values in them belong to the file */
    const struct yaml_node *template, *previous;
    size_t template_size, previous_size; /* as values_count counts */
    struct shared_selections shared;
};

size_t values_count(const struct yaml_node *node)
{
    size_t n = 1;
    for (size_t i = 0; i < node->count; i++)
        n += values_count(node->items[i]);
    return n;
}

static struct yaml_node *map_copy(struct arena *arena, const struct yaml_node *map, size_t room)
{
    struct yaml_node *copy = ARENA_NEW(arena, struct yaml_node);
    *copy = *map;
    copy->items = ARENA_NEW_N(arena, struct yaml_node *, map->count + room);
    copy->keys = ARENA_NEW_N(arena, struct yaml_node *, map->count + room);
    if (map->count) {
        memcpy(copy->items, map->items, map->count * sizeof *copy->items);
        memcpy(copy->keys, map->keys, map->count * sizeof *copy->keys);
    }
    return copy;
}

/* Maps are merged deeply; for every other value `over` wins.  The depth is that of the YAML tree. */
static struct yaml_node *map_merge(struct arena *arena, const struct yaml_node *base,
                                   const struct yaml_node *over)
{
    struct yaml_node *merged = map_copy(arena, base, over->count);
    struct name_table keys = { 0 };
    struct arena scratch;
    bool is_new;
    arena_init(&scratch);
    for (size_t i = 0; i < base->count; i++)
        name_table_add(&keys, &scratch, base->keys[i]->text, &is_new);
    for (size_t i = 0; i < over->count; i++) {
        size_t at = name_table_add(&keys, &scratch, over->keys[i]->text, &is_new);
        struct yaml_node *value = over->items[i];
        if (!is_new && value->kind == YAML_MAP && merged->items[at]->kind == YAML_MAP)
            value = map_merge(arena, merged->items[at], value);
        merged->keys[at] = over->keys[i];
        merged->items[at] = value;
        merged->count += is_new;
    }
    arena_done(&scratch);
    return merged;
}

static struct yaml_node *without_action(struct arena *arena, const struct yaml_node *document)
{
    struct yaml_node *copy = map_copy(arena, document, 0);
    copy->count = 0;
    for (size_t i = 0; i < document->count; i++)
        if (!text_equal(document->keys[i]->text, TEXT("action"))) {
            copy->keys[copy->count] = document->keys[i];
            copy->items[copy->count++] = document->items[i];
        }
    return copy;
}

/* Room for a rule that is made of a template and has so many values; said once when there is none any more. */
static bool has_room(struct collection *c, const struct yaml_node *document, size_t values)
{
    struct loading *l = &c->b->l;
    bool had_room = l->work <= LIMIT_RULE_WORK;
    if (had_room)
        l->work += values;
    if (had_room && l->work > LIMIT_RULE_WORK)
        REFUSE(l, "action", document, "write fewer rules behind a template, or a smaller template",
               "the templates make too many rules: this one and those behind it are left out, for with it the rules "
               "that templates make have more than %u values", LIMIT_RULE_WORK);
    return l->work <= LIMIT_RULE_WORK;
}

static void take_rule(struct collection *c, const struct yaml_node *document)
{
    c->previous = document;
    c->previous_size = values_count(document);
    if (c->template) {
        c->previous_size += c->template_size;
        if (!has_room(c, document, c->previous_size))
            return;
        c->previous = map_merge(&c->arena, document, c->template);
    }
    rule_add(c->b, c->previous);
}

static void repeat_rule(struct collection *c, const struct yaml_node *document)
{
    struct yaml_node *own = without_action(&c->arena, document);
    c->previous_size += values_count(own);
    if (!has_room(c, document, c->previous_size))
        return;
    if (c->previous) {
        own = map_merge(&c->arena, c->previous, own);
        own->line = document->line;
        own->offset = document->offset;
    }
    c->previous = own;
    rule_add(c->b, own);
}

static void take_action(struct collection *c, const struct yaml_node *document,
                        const struct yaml_node *action)
{
    struct text word = action->kind == YAML_SCALAR ? action->text : TEXT("");
    c->b->l.shared = &c->shared;
    if (text_equal(word, TEXT("global"))) {
        c->previous = c->template = without_action(&c->arena, document);
        c->previous_size = c->template_size = values_count(document);
    } else if (text_equal(word, TEXT("reset"))) {
        c->template = NULL;
    } else if (text_equal(word, TEXT("repeat"))) {
        repeat_rule(c, document);
    } else {
        REFUSE(&c->b->l, "action", action, "known are global, reset and repeat",
               "there is no action \"%.*s\"", TEXT_ARG(word));
    }
}

/* The memory of all rules has an end, too; told once. */
static bool is_full(struct collection *c, const struct yaml_node *document)
{
    struct loading *l = &c->b->l;
    if (!l->full && l->arena->total + c->b->arena.total > LIMIT_RULES_BYTES) {
        l->full = true;
        REFUSE(l, "document", document, "load fewer rules at once",
               "the rules take more than %u MiB of memory: this one and those behind it are left out",
               LIMIT_RULES_BYTES >> 20);
    }
    return l->full;
}

static void take_document(struct collection *c, const struct yaml_node *document)
{
    const struct yaml_node *action = yaml_get(document, "action");
    if (is_full(c, document))
        return;
    if (document->kind != YAML_MAP)
        REFUSE(&c->b->l, "document", document, "a rule is a map of title, logsource and detection",
               "the document is not a map");
    else if (yaml_get(document, "correlation"))
        correlation_add(c->b, document);
    else if (yaml_get(document, "filter"))
        filter_add(c->b, document);
    else if (action)
        take_action(c, document, action);
    else
        take_rule(c, document);
}

void ruleset_add_file(struct ruleset_builder *b, const struct yaml_file *file, bool own, struct diags *diags)
{
    struct collection c = { .b = b };
    arena_init(&c.arena);
    arena_init(&c.shared.arena);
    b->l.file = file;
    b->l.diags = diags;
    b->l.own = own;
    b->l.shared = NULL;
    b->l.placeholders = b->placeholders;
    b->l.placeholder_count = b->placeholder_count;
    for (size_t i = 0; i < file->count; i++)
        take_document(&c, file->documents[i]);
    arena_done(&c.arena);
    arena_done(&c.shared.arena);
    b->l.shared = NULL;
}
