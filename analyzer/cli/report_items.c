#include "cli/report_items.h"

#include <stdlib.h>
#include <string.h>

const char *const item_kind_names[ITEM_KINDS] = { "diagnosis", "finding", "node", "input" };

static struct text text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    return node && node->kind == YAML_SCALAR ? node->text : TEXT("");
}

static const struct yaml_node *list_of(const struct yaml_node *map, const char *key)
{
    static const struct yaml_node none = { .kind = YAML_SEQUENCE };
    const struct yaml_node *node = yaml_get(map, key);
    return node && node->kind == YAML_SEQUENCE ? node : &none;
}

/* "A, B": of texts, or of maps with a name. */
static struct text names_of(struct arena *arena, const struct yaml_node *list)
{
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *item = list->items[i];
        buf_add_c(&all, i ? ", " : "");
        buf_add(&all, item->kind == YAML_SCALAR ? item->text : text_of(item, "name"));
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

static void diagnoses_add(struct report_items *r, struct arena *arena, const struct yaml_node *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *d = list->items[i];
        struct text nodes = names_of(arena, list_of(d, "affected"));
        item_add(r, arena, (struct report_item){
            .kind = ITEM_DIAGNOSIS,
            .key = JOINED(arena, text_of(d, "article"), nodes.n ? TEXT(" on ") : TEXT(""), nodes),
            .state = JOINED(arena, text_of(d, "confidence"), TEXT(", "), text_of(d, "score"), TEXT(" points, last "),
                            text_of(d, "last")),
        });
    }
}

static void findings_add(struct report_items *r, struct arena *arena, const struct yaml_node *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *f = list->items[i];
        struct text name = text_of(f, "name");
        item_add(r, arena, (struct report_item){
            .kind = ITEM_FINDING,
            .key = JOINED(arena, name.n ? name : text_of(f, "rule"), TEXT(" on "), text_of(f, "node")),
            .count = 1,
        });
    }
}

static void others_add(struct report_items *r, struct arena *arena, enum item_kind kind, const struct yaml_node *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *n = list->items[i];
        struct text decoded = text_of(yaml_get(n, "records"), "decoded");
        bool input = kind == ITEM_INPUT;
        item_add(r, arena, (struct report_item){
            .kind = kind,
            .key = text_of(n, input ? "path" : "name"),
            .state = JOINED(arena, input ? text_of(n, "status") : text_of(n, "os"), input ? TEXT(", ") : TEXT(""),
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

/* `\uD83D`: half of a character beyond U+FFFF.  0: it is none. */
static uint32_t half_at(struct text t, size_t at)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    uint32_t code = 0;
    if (t.n < 6 || at > t.n - 6 || t.p[at] != '\\' || t.p[at + 1] != 'u')
        return 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        const char *digit = t.p[i] ? strchr(digits, t.p[i]) : NULL;
        if (!digit)
            return 0;
        code = code << 4 | ((uint32_t)(digit - digits) & 15);
    }
    return code >= 0xD800 && code <= 0xDFFF ? code : 0;
}

/* An escape of JSON at `at`, as YAML has it; returns its bytes there. */
static size_t escape_put(struct buf *out, struct text json, size_t at)
{
    uint32_t high = half_at(json, at), low = half_at(json, at + 6);
    if (high && high < 0xDC00 && low >= 0xDC00) {
        buf_add_format(out, "\\U%08x", (unsigned)(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
        return 12;
    }
    size_t n = json.n - at < 2 ? json.n - at : 2;
    buf_add(out, (struct text){ json.p + at, n });
    return n;
}

/* JSON is YAML but for two things that any log can bring: halves of characters, and U+FFFE and U+FFFF as they are. */
static struct text yaml_of_json(struct arena *arena, struct text json)
{
    struct buf yaml;
    buf_init(&yaml);
    for (size_t at = 0; at < json.n;) {
        struct text rest = text_from_index(json, at);
        bool is_none = text_starts_with(rest, TEXT("\xEF\xBF\xBE")) || text_starts_with(rest, TEXT("\xEF\xBF\xBF"));
        if (is_none)
            buf_add_c(&yaml, rest.p[2] == '\xBE' ? "\\uFFFE" : "\\uFFFF");
        else if (*rest.p != '\\')
            buf_add_char(&yaml, *rest.p);
        at += is_none ? 3 : *rest.p == '\\' ? escape_put(&yaml, json, at) : 1;
    }
    struct text kept = text_keep(arena, buf_text(&yaml));
    buf_done(&yaml);
    return kept;
}

bool report_items_read(struct arena *arena, const char *path, struct diags *diags, struct report_items *ret)
{
    struct yaml_file file;
    *ret = (struct report_items){ 0 };
    if (!yaml_source_read(arena, path, diags, &file) ||
        !yaml_parse(arena, file.path, yaml_of_json(arena, file.source), diags, &file))
        return false;
    const struct yaml_node *report = file.count == 1 ? file.documents[0] : NULL;
    if (!report || report->kind != YAML_MAP || !yaml_get(report, "evscan") || !yaml_get(report, "findings") ||
        !yaml_get(report, "diagnoses"))
        return false;
    diagnoses_add(ret, arena, list_of(report, "diagnoses"));
    findings_add(ret, arena, list_of(report, "findings"));
    others_add(ret, arena, ITEM_NODE, list_of(report, "nodes"));
    others_add(ret, arena, ITEM_INPUT, list_of(report, "inputs"));
    items_finish(ret, arena);
    return true;
}
