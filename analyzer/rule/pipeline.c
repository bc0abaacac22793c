#include "rule/pipeline.h"

#include "base/limits.h"
#include "rule/builder.h"

bool pipeline_is_named(struct text path)
{
    return text_ends_with(path, TEXT(".pipeline.yaml")) || text_ends_with(path, TEXT(".pipeline.yml"));
}

static bool is_word(const struct yaml_node *node)
{
    return node && node->kind == YAML_SCALAR && yaml_scalar_type(node) != YAML_TYPE_NULL && node->text.n > 0;
}

/* A value or a list of values; other kinds of nodes are refused one by one. */
static void placeholder_read(struct ruleset_builder *b, const struct yaml_node *name, const struct yaml_node *values)
{
    bool list = values->kind == YAML_SEQUENCE;
    if (list && values->count == 0)
        REFUSE(&b->l, "pipeline", values, "write for example: Servers: [SRV1, SRV2]", "the placeholder has no value");
    for (size_t i = 0; i < (list ? values->count : 1); i++) {
        const struct yaml_node *value = list ? values->items[i] : values;
        if (is_word(value))
            ruleset_add_placeholder(b, name->text, value->text);
        else
            REFUSE(&b->l, "pipeline", value, "write for example: Servers: [SRV1, SRV2]", "a text belongs here");
    }
}

static void placeholders_read(struct ruleset_builder *b, const struct yaml_node *map)
{
    if (map->kind != YAML_MAP)
        REFUSE(&b->l, "pipeline", map, "write for example: placeholders: {Servers: [SRV1, SRV2]}",
               "placeholders are a map from names to values");
    for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++)
        placeholder_read(b, map->keys[i], map->items[i]);
}

/* Names separated by ';', as the tables have them; NULL after a mistake. */
static const char *channels_read(struct loading *l, const struct yaml_node *node)
{
    struct buf joined;
    bool list = node->kind == YAML_SEQUENCE, sound = !list || node->count > 0;
    buf_init(&joined);
    for (size_t i = 0; sound && i < (list ? node->count : 1); i++) {
        const struct yaml_node *channel = list ? node->items[i] : node;
        sound = is_word(channel) && text_find_char(channel->text, ';') == channel->text.n;
        buf_add_c(&joined, i ? ";" : "");
        buf_add(&joined, channel->text);
    }
    if (!sound)
        REFUSE(l, "pipeline", node, "write for example: channels: [Example-App/Operational]",
               "the name of a channel, or a list of such, belongs here");
    const char *kept = text_keep_format(l->arena, "%.*s", TEXT_ARG(buf_text(&joined))).p;
    buf_done(&joined);
    return sound ? kept : NULL;
}

static bool ids_read(struct loading *l, const struct yaml_node *node, uint32_t *ids)
{
    bool list = node->kind == YAML_SEQUENCE, sound = !list || (node->count > 0 && node->count <= SOURCE_IDS);
    for (size_t i = 0; sound && i < (list ? node->count : 1); i++) {
        const struct yaml_node *id = list ? node->items[i] : node;
        uint64_t n = 0;
        sound = is_word(id) && text_to_u64(id->text, &n) && n > 0 && n <= 65535;
        ids[i] = (uint32_t)n;
    }
    if (!sound)
        REFUSE(l, "pipeline", node, "write for example: ids: [100, 101]",
               "at most %d event IDs from 1 to 65535 belong here", SOURCE_IDS);
    return sound;
}

/* False when the name is evscan's own already, or was given before: a rule must mean the same everywhere. */
static bool name_is_free(struct ruleset_builder *b, const struct yaml_node *name, bool category)
{
    bool known = category ? source_category(&b->l, name->text) : source_service(&b->l, name->text);
    if (known)
        REFUSE(&b->l, "pipeline", name, "give it another name", "there is a log source of this name already");
    return !known;
}

static const char *word_keep(struct loading *l, const struct yaml_node *node)
{
    if (is_word(node))
        return text_keep_format(l->arena, "%.*s", TEXT_ARG(node->text)).p;
    REFUSE(l, "pipeline", node, NULL, "a text belongs here");
    return NULL;
}

static bool entry_read(struct loading *l, const struct yaml_node *map, struct source_entry *ret)
{
    const struct yaml_node *channels = yaml_get(map, "channels"), *provider = yaml_get(map, "provider");
    const struct yaml_node *ids = yaml_get(map, "ids");
    if (!channels == !provider) {
        REFUSE(l, "pipeline", map, "write for example: {service: example, channels: [Example-App/Operational]}",
               "a log source has either channels or a provider");
        return false;
    }
    if (channels)
        ret->channels = channels_read(l, channels);
    else
        ret->provider = word_keep(l, provider);
    bool sound = ret->channels || ret->provider;
    return (!ids || ids_read(l, ids, ret->ids)) && sound;
}

static void source_read(struct ruleset_builder *b, const struct yaml_node *map)
{
    struct loading *l = &b->l;
    const struct yaml_node *service = yaml_get(map, "service"), *category = yaml_get(map, "category");
    const struct yaml_node *name = service ? service : category;
    struct source_row row = { .view = VIEW_NONE };
    if (!service == !category || !is_word(name)) {
        REFUSE(l, "pipeline", map, "write for example: {service: example, channels: [Example-App/Operational]}",
               "a log source has either a service or a category as its name");
        return;
    }
    if (l->site_count == LIMIT_SITE_SOURCES) {
        REFUSE(l, "pipeline", map, NULL, "more than %u log sources", LIMIT_SITE_SOURCES);
        return;
    }
    if (!name_is_free(b, name, category != NULL) || !entry_read(l, map, &row.entries[0]))
        return;
    row.name = word_keep(l, name);
    struct source_row *kept = ARENA_NEW(l->arena, struct source_row);
    *kept = row;
    l->sites = arena_grow(&b->arena, l->sites, l->site_count, &l->site_capacity, sizeof *l->sites);
    l->sites[l->site_count++] = (struct site_source){ kept, category != NULL };
}

static void sources_read(struct ruleset_builder *b, const struct yaml_node *list)
{
    if (list->kind != YAML_SEQUENCE)
        REFUSE(&b->l, "pipeline", list,
               "write for example: logsources: [{service: example, channels: Example-App/Admin}]",
               "log sources are a list");
    for (size_t i = 0; list->kind == YAML_SEQUENCE && i < list->count; i++)
        source_read(b, list->items[i]);
}

static void document_read(struct ruleset_builder *b, const struct yaml_node *document)
{
    const struct yaml_node *placeholders = yaml_get(document, "placeholders");
    const struct yaml_node *sources = yaml_get(document, "logsources");
    if (!placeholders && !sources)
        REFUSE(&b->l, "pipeline", document, "write placeholders: or logsources:; rules stand in other files",
               "the document has neither placeholders nor logsources");
    if (placeholders)
        placeholders_read(b, placeholders);
    if (sources)
        sources_read(b, sources);
}

void pipeline_add_file(struct ruleset_builder *b, const struct yaml_file *file, struct diags *diags)
{
    b->l.file = file;
    b->l.diags = diags;
    for (size_t i = 0; i < file->count; i++)
        document_read(b, file->documents[i]);
}
