#include "catalog/catalog.h"

#include <stdlib.h>

#include "catalog/catalog_table.h"

static const char *const parameter_names[PARAMETER_TABLES] = { "", "system", "audit" };

struct catalog *catalog_new(void)
{
    struct catalog *c = memory_new(sizeof *c);
    *c = (struct catalog){ 0 };
    arena_init(&c->arena);
    return c;
}

void catalog_free(struct catalog *c)
{
    if (c)
        arena_done(&c->arena);
    free(c);
}

static void mistake(struct diags *diags, const struct yaml_file *file, const struct yaml_node *node, const char *reason)
{
    diag_add(diags, DIAG_ERROR, "catalog", file, node, NULL, "%s", reason);
}

/* False after a mistake. */
static bool parameters_read(const struct yaml_node *node, const struct yaml_file *file, struct diags *diags,
                            enum parameter_table *ret)
{
    *ret = PARAMETERS_NONE;
    if (!node)
        return true;
    for (enum parameter_table i = PARAMETERS_SYSTEM; i < PARAMETER_TABLES; i++)
        if (text_equal(node->text, text_from(parameter_names[i]))) {
            *ret = i;
            return true;
        }
    mistake(diags, file, node, "parameters must be system or audit");
    return false;
}

/* A scalar is one text; a sequence several.  False after a mistake. */
static bool texts_read(struct catalog *c, const struct yaml_node *node, struct catalog_entry *ret)
{
    size_t count = node->kind == YAML_SEQUENCE ? node->count : 1;
    struct text *texts = ARENA_NEW_N(&c->arena, struct text, count);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->items[i] : node;
        if (item->kind != YAML_SCALAR)
            return false;
        texts[i] = text_keep(&c->arena, item->text);
    }
    ret->texts = texts;
    ret->count = count;
    return count > 0;
}

const struct catalog_provider *catalog_provider_find(const struct catalog *c, struct text name)
{
    for (size_t i = 0; i < c->provider_count; i++)
        if (text_equal_nocase(c->providers[i].name, name))
            return &c->providers[i];
    return NULL;
}

static void entries_read(struct catalog *c, struct catalog_table *t, uint64_t above, const struct yaml_node *map,
                         const struct yaml_file *file, struct diags *diags)
{
    for (size_t i = 0; i < map->count; i++) {
        struct catalog_entry entry;
        if (!text_to_u64(map->keys[i]->text, &entry.key) || entry.key > UINT32_MAX) {
            mistake(diags, file, map->keys[i], "must be a number of at most 32 bits");
            continue;
        }
        if (!texts_read(c, map->items[i], &entry)) {
            mistake(diags, file, map->items[i], "must be a text or a list of texts");
            continue;
        }
        entry.key |= above;
        t->items = arena_grow(&c->arena, t->items, t->count, &t->capacity, sizeof *t->items);
        t->items[t->count++] = entry;
    }
}

static void provider_read(struct catalog *c, const struct yaml_node *name, enum parameter_table parameters,
                          const struct yaml_node *messages, const struct yaml_file *file, struct diags *diags)
{
    uint64_t above = (uint64_t)c->provider_count << 32;
    if (catalog_provider_find(c, name->text)) {
        mistake(diags, file, name, "the provider stands in the catalog already");
        return;
    }
    c->providers = arena_grow(&c->arena, c->providers, c->provider_count, &c->provider_capacity, sizeof *c->providers);
    c->providers[c->provider_count++] = (struct catalog_provider){ text_keep(&c->arena, name->text), parameters };
    if (messages)
        entries_read(c, &c->messages, above, messages, file, diags);
}

static void document_add(struct catalog *c, const struct yaml_node *document, const struct yaml_file *file,
                         struct diags *diags)
{
    const struct yaml_node *provider = yaml_get(document, "provider"), *messages = yaml_get(document, "messages");
    const struct yaml_node *texts = yaml_get(document, "texts");
    enum parameter_table parameters;
    bool messages_fit = !messages || messages->kind == YAML_MAP;
    if (!parameters_read(yaml_get(document, "parameters"), file, diags, &parameters))
        return;
    if (provider && provider->kind == YAML_SCALAR && messages_fit && !texts)
        provider_read(c, provider, parameters, messages, file, diags);
    else if (!provider && parameters && texts && texts->kind == YAML_MAP)
        entries_read(c, &c->parameters[parameters], 0, texts, file, diags);
    else
        mistake(diags, file, document, "must be a map with provider and messages, or with parameters and texts");
}

void catalog_add(struct catalog *c, const struct yaml_file *file, struct diags *diags)
{
    for (size_t i = 0; i < file->count; i++)
        document_add(c, file->documents[i], file, diags);
}

static int entry_compare(const void *left, const void *right)
{
    const struct catalog_entry *a = left, *b = right;
    return (a->key > b->key) - (a->key < b->key);
}

static void table_finish(struct catalog_table *t)
{
    if (t->count)
        qsort(t->items, t->count, sizeof *t->items, entry_compare);
}

void catalog_finish(struct catalog *c)
{
    table_finish(&c->messages);
    for (size_t i = 0; i < PARAMETER_TABLES; i++)
        table_finish(&c->parameters[i]);
}

const struct catalog_entry *catalog_find(const struct catalog_table *t, uint64_t key)
{
    const struct catalog_entry wanted = { .key = key };
    return t->count ? bsearch(&wanted, t->items, t->count, sizeof *t->items, entry_compare) : NULL;
}

void catalog_each_template(const struct catalog *c, void (*visit)(void *ctx, struct text t), void *ctx)
{
    for (size_t i = 0; i < c->messages.count; i++)
        for (size_t k = 0; k < c->messages.items[i].count; k++)
            visit(ctx, c->messages.items[i].texts[k]);
}

void catalog_each_reference(const struct catalog *c, void (*visit)(void *ctx, uint32_t number, struct text t),
                            void *ctx)
{
    for (size_t table = 0; table < PARAMETER_TABLES; table++)
        for (size_t i = 0; i < c->parameters[table].count; i++) {
            const struct catalog_entry *entry = &c->parameters[table].items[i];
            for (size_t k = 0; k < entry->count; k++)
                visit(ctx, (uint32_t)entry->key, entry->texts[k]);
        }
}
