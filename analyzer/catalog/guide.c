#include "catalog/guide.h"

#include <stdlib.h>

struct guide {
    struct arena arena;
    struct guide_event *items;
    size_t count, capacity;
};

/* The map of the event that is being read, with the file for mistakes. */
struct entry {
    struct arena *arena;
    const struct yaml_file *file;
    struct diags *diags;
    const struct yaml_node *map;
};

struct guide *guide_new(void)
{
    struct guide *g = memory_new(sizeof *g);
    *g = (struct guide){ 0 };
    arena_init(&g->arena);
    return g;
}

void guide_free(struct guide *g)
{
    if (g)
        arena_done(&g->arena);
    free(g);
}

static void mistake(const struct entry *e, const struct yaml_node *node, const char *reason)
{
    diag_add(e->diags, DIAG_ERROR, "explain", e->file, node, NULL, "%s", reason);
}

static struct text text_read(struct entry *e, const char *key)
{
    const struct yaml_node *node = yaml_get(e->map, key);
    if (node && node->kind == YAML_SCALAR)
        return text_keep(e->arena, text_trim(node->text));
    if (node)
        mistake(e, node, "must be a text");
    return TEXT("");
}

static struct texts texts_read(struct entry *e, const char *key)
{
    const struct yaml_node *list = yaml_get(e->map, key);
    if (!list)
        return (struct texts){ NULL, 0 };
    if (list->kind != YAML_SEQUENCE) {
        mistake(e, list, "must be a list of texts");
        return (struct texts){ NULL, 0 };
    }
    struct text *items = ARENA_NEW_N(e->arena, struct text, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->kind != YAML_SCALAR)
            mistake(e, list->items[i], "must be a text; with \": \" in it, it needs quotes");
        items[i] = text_keep(e->arena, list->items[i]->text);
    }
    return (struct texts){ items, list->count };
}

static void keys_check(const struct entry *e)
{
    static const char *const known[] = { "symbol", "channel", "level",  "windows", "fields", "confirmed",
                                         "means",  "note",    "causes", "next",    "beside", "published",
                                         "sources" };
    for (size_t i = 0; i < e->map->count; i++) {
        bool good = false;
        for (size_t k = 0; k < COUNT_OF(known); k++)
            good |= text_equal(e->map->keys[i]->text, text_from(known[k]));
        if (!good)
            mistake(e, e->map->keys[i], "an event has no such key; evscan-catalog(5) lists them");
    }
}

static bool event_read(struct entry *e, struct guide_event *event)
{
    if (e->map->kind != YAML_MAP) {
        mistake(e, e->map, "an event must be a map");
        return false;
    }
    keys_check(e);
    event->symbol = text_read(e, "symbol");
    event->channel = text_read(e, "channel");
    event->level = text_read(e, "level");
    event->windows = text_read(e, "windows");
    event->means = text_read(e, "means");
    event->note = text_read(e, "note");
    event->confirmed = text_equal(text_read(e, "confirmed"), TEXT("true"));
    event->fields = texts_read(e, "fields");
    event->causes = texts_read(e, "causes");
    event->next = texts_read(e, "next");
    event->beside = texts_read(e, "beside");
    event->published = texts_read(e, "published");
    event->sources = texts_read(e, "sources");
    if (!event->means.n)
        mistake(e, e->map, "an event needs the key `means`");
    return event->means.n > 0;
}

static void document_add(struct guide *g, struct entry *e, const struct yaml_node *document)
{
    e->map = document;
    struct text provider = text_read(e, "provider"), guid = text_read(e, "guid");
    struct texts names = texts_read(e, "names");
    const struct yaml_node *events = yaml_get(document, "events");
    if (!provider.n || !events || events->kind != YAML_MAP) {
        mistake(e, document, "must be a map with provider and events");
        return;
    }
    for (size_t i = 0; i < events->count; i++) {
        uint64_t id;
        struct guide_event event = { .provider = provider, .guid = guid, .names = names };
        e->map = events->items[i];
        if (!text_to_u64(events->keys[i]->text, &id) || id > UINT16_MAX) {
            mistake(e, events->keys[i], "an event ID is a number up to 65535");
            continue;
        }
        event.id = (uint32_t)id;
        if (!event_read(e, &event))
            continue;
        g->items = arena_grow(&g->arena, g->items, g->count, &g->capacity, sizeof *g->items);
        g->items[g->count++] = event;
    }
}

void guide_add(struct guide *g, const struct yaml_file *file, struct diags *diags)
{
    struct entry e = { .arena = &g->arena, .file = file, .diags = diags };
    for (size_t i = 0; i < file->count; i++)
        document_add(g, &e, file->documents[i]);
}

static int event_compare(const void *left, const void *right)
{
    const struct guide_event *a = left, *b = right;
    int order = text_compare_nocase(a->provider, b->provider);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

void guide_finish(struct guide *g)
{
    if (g->count)
        qsort(g->items, g->count, sizeof *g->items, event_compare);
}

size_t guide_count(const struct guide *g)
{
    return g->count;
}

const struct guide_event *guide_event(const struct guide *g, size_t index)
{
    return &g->items[index];
}

static struct text without_maker(struct text provider)
{
    const struct text maker = TEXT("Microsoft-Windows-");
    struct text head = { provider.p, provider.n < maker.n ? provider.n : maker.n };
    return text_equal_nocase(head, maker) ? text_from_index(provider, maker.n) : provider;
}

static bool lists_name(const struct texts *list, struct text name)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal_nocase(without_maker(list->items[i]), name))
            return true;
    return false;
}

bool guide_event_is_of(const struct guide_event *e, struct text name)
{
    name = without_maker(name);
    return text_equal_nocase(without_maker(e->provider), name) || lists_name(&e->names, name) ||
           lists_name(&e->sources, name);
}

const struct guide_event *guide_find(const struct guide *g, struct text provider, uint32_t id)
{
    const struct guide_event wanted = { .provider = provider, .id = id };
    return g->count ? bsearch(&wanted, g->items, g->count, sizeof *g->items, event_compare) : NULL;
}
