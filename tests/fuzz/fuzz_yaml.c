/*
 * Property: whatever the bytes are, the tree stays within its limits, every node stands inside of the source,
 * and a file with an error has no documents; printing the mistakes gives printable text.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "yaml/yaml_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static void check(const struct yaml_file *file, const struct yaml_node *node, size_t depth)
{
    MUST(depth <= LIMIT_YAML_DEPTH);
    MUST(node->offset <= file->source.n && node->line >= 1 && node->column >= 1);
    if (node->kind == YAML_SCALAR) {
        MUST(utf8_valid(node->text));
        for (size_t i = 0; i <= node->text.n; i += 7)
            MUST(yaml_source_offset(file, node, i) <= file->source.n);
        yaml_scalar_type(node);
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP)
            MUST(yaml_get(node, "x") == NULL || node->keys[i]->kind == YAML_SCALAR);
        check(file, node->items[i], depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf printed;
    arena_init(&arena);
    diags_init(&diags, &arena);
    buf_init(&printed);
    bool ok = yaml_parse(&arena, TEXT("fuzz.yaml"), (struct text){ (const char *)data, size }, &diags, &file);
    MUST(ok == (diags.errors == 0) && (ok || file.count == 0));
    for (size_t i = 0; i < file.count; i++)
        check(&file, file.documents[i], 0);
    diags_print(&diags, &printed);
    MUST(utf8_valid(buf_text(&printed)));
    for (size_t i = 0; i < printed.n; i++)
        MUST((unsigned char)printed.p[i] >= 0x20 || printed.p[i] == '\n');
    buf_done(&printed);
    arena_done(&arena);
    return 0;
}
