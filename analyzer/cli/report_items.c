#include "cli/report_items.h"

#include <stdlib.h>

#include "base/buf.h"
#include "cli/report_file.h"

const char *const item_kind_names[ITEM_KINDS] = { "diagnosis", "finding", "node", "input" };

/* "A, B": of texts, or of maps with a name. */
static struct text names_of(struct arena *arena, const struct json_t *list)
{
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < report_file_count(list); i++) {
        const struct json_t *item = report_file_item(list, i);
        buf_add_c(&all, i ? ", " : "");
        buf_add(&all, report_file_word(item));
        buf_add(&all, report_file_text(item, "name"));
    }
    struct text kept = text_keep(arena, buf_text(&all));
    buf_done(&all);
    return kept;
}

/* The parts one after the other; a text may hold anything. */
static struct text joined(struct arena *arena, const struct text *parts, size_t count)
{
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < count; i++)
        buf_add(&all, parts[i]);
    struct text kept = text_keep(arena, buf_text(&all));
    buf_done(&all);
    return kept;
}

#define JOINED(arena, ...)                                \
    joined((arena), (const struct text[]){ __VA_ARGS__ }, \
           sizeof((const struct text[]){ __VA_ARGS__ }) / sizeof(struct text))

static void item_add(struct report_items *r, struct arena *arena, struct report_item item)
{
    r->items = arena_grow(arena, r->items, r->count, &r->capacity, sizeof *r->items);
    r->items[r->count++] = item;
}

static void diagnoses_add(struct report_items *r, struct arena *arena, const struct json_t *list)
{
    for (size_t i = 0; i < report_file_count(list); i++) {
        const struct json_t *d = report_file_item(list, i);
        struct text nodes = names_of(arena, report_file_list(d, "affected"));
        item_add(r, arena, (struct report_item){
            .kind = ITEM_DIAGNOSIS,
            .key = JOINED(arena, report_file_text(d, "article"), nodes.n ? TEXT(" on ") : TEXT(""), nodes),
            .state = JOINED(arena, report_file_text(d, "confidence"), TEXT(", "), report_file_number(arena, d, "score"),
                            TEXT(" points, last "), report_file_text(d, "last")),
        });
    }
}

static void findings_add(struct report_items *r, struct arena *arena, const struct json_t *list)
{
    for (size_t i = 0; i < report_file_count(list); i++) {
        const struct json_t *f = report_file_item(list, i);
        struct text name = report_file_text(f, "name");
        item_add(r, arena, (struct report_item){
            .kind = ITEM_FINDING,
            .key = JOINED(arena, name.n ? name : report_file_text(f, "rule"), TEXT(" on "), report_file_text(f, "node")),
            .count = 1,
        });
    }
}

static void others_add(struct report_items *r, struct arena *arena, enum item_kind kind, const struct json_t *list)
{
    for (size_t i = 0; i < report_file_count(list); i++) {
        const struct json_t *n = report_file_item(list, i);
        struct text decoded = report_file_number(arena, report_file_map(n, "records"), "decoded");
        bool input = kind == ITEM_INPUT;
        item_add(r, arena, (struct report_item){
            .kind = kind,
            .key = report_file_text(n, input ? "path" : "name"),
            .state = JOINED(arena, input ? report_file_text(n, "status") : report_file_text(n, "os"), input ? TEXT(", ") : TEXT(""),
                            input ? decoded : TEXT(""), input ? TEXT(" records") : TEXT("")),
        });
    }
}

static int order(const void *left, const void *right)
{
    const struct report_item *a = left, *b = right;
    int by_kind = (a->kind > b->kind) - (a->kind < b->kind);
    int by_key = by_kind ? by_kind : text_compare(a->key, b->key);
    return by_key ? by_key : text_compare(a->state, b->state);
}

/* Findings of one rule and node become one; of diagnoses of one article and nodes each stays. */
static void items_finish(struct report_items *r, struct arena *arena)
{
    size_t kept = 0;
    if (r->count)
        qsort(r->items, r->count, sizeof *r->items, order);
    for (size_t i = 0; i < r->count; i++) {
        struct report_item *last = kept ? &r->items[kept - 1] : NULL;
        if (last && r->items[i].count && last->kind == r->items[i].kind && text_equal(last->key, r->items[i].key))
            last->count++;
        else
            r->items[kept++] = r->items[i];
    }
    r->count = kept;
    for (size_t i = 0; i < kept; i++)
        if (r->items[i].count)
            r->items[i].state = text_keep_format(arena, "%llu time%s", (unsigned long long)r->items[i].count,
                                                 r->items[i].count == 1 ? "" : "s");
}

void report_items_list(struct arena *arena, const struct report_file *report, struct report_items *ret)
{
    *ret = (struct report_items){ 0 };
    diagnoses_add(ret, arena, report_file_list(report->root, "diagnoses"));
    findings_add(ret, arena, report_file_list(report->root, "findings"));
    others_add(ret, arena, ITEM_NODE, report_file_list(report->root, "nodes"));
    others_add(ret, arena, ITEM_INPUT, report_file_list(report->root, "inputs"));
    items_finish(ret, arena);
}
