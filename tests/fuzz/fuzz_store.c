/*
 * Property: whatever a store holds, a tree that it gives out is within the limits and stands inside of its source; and a
 * tree that was packed comes back as it was.
 *
 * Input: u32 length of a source, the source, packed bytes.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/utf.h"
#include "yaml/yaml_pack.h"
#include "yaml/yaml_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static void check(const struct yaml_file *file, const struct yaml_node *node, size_t depth)
{
    MUST(depth <= LIMIT_YAML_DEPTH);
    MUST(node->offset <= file->source.n && node->line >= 1 && node->column >= 1);
    MUST(utf8_valid(node->text));
    MUST(node->kind <= YAML_MAP && (node->kind != YAML_SCALAR || node->count == 0));
    for (size_t i = 0; node->kind == YAML_SCALAR && i <= node->text.n; i += 7)
        MUST(yaml_source_offset(file, node, i) <= file->source.n);
    for (size_t i = 0; i < node->count; i++) {
        MUST(node->kind != YAML_MAP || node->keys[i]->kind == YAML_SCALAR);
        check(file, node->items[i], depth + 1);
    }
}

static void check_same(const struct yaml_node *a, const struct yaml_node *b)
{
    MUST(a->kind == b->kind && a->plain == b->plain && a->block == b->block && a->count == b->count);
    MUST(a->line == b->line && a->column == b->column && a->offset == b->offset && text_equal(a->text, b->text));
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == YAML_MAP)
            check_same(a->keys[i], b->keys[i]);
        check_same(a->items[i], b->items[i]);
    }
}

static void check_made(struct arena *arena, const struct yaml_file *file)
{
    struct buf packed;
    struct yaml_file again = { .path = file->path, .source = file->source };
    buf_init(&packed);
    yaml_pack(file, &packed);
    MUST(yaml_unpack(arena, (struct bytes){ (const uint8_t *)packed.p, packed.n }, &again));
    MUST(again.count == file->count);
    for (size_t i = 0; i < file->count; i++)
        check_same(file->documents[i], again.documents[i]);
    buf_done(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    arena_init(&arena);
    diags_init(&diags, &arena);
    struct cursor in = cursor_at((struct bytes){ data, size }, 0);
    struct bytes bytes = cursor_take(&in, cursor_u32(&in));
    struct text source = { (const char *)bytes.p, bytes.n };
    file = (struct yaml_file){ .path = TEXT("f"), .source = source };
    if (yaml_unpack(&arena, cursor_take(&in, cursor_left(&in)), &file))
        for (size_t i = 0; i < file.count; i++)
            check(&file, file.documents[i], 0);
    struct yaml_store *store = yaml_store_new(&arena, (struct bytes){ data, size }, 0);
    if (yaml_store_parse(store, &arena, TEXT("f"), source, &diags, &file))
        check_made(&arena, &file);
    arena_done(&arena);
    return 0;
}
