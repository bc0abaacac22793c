/*
 * Property: whatever a file of explanations holds, events come out in order, each with a meaning, all in valid UTF-8, and each is
 * found again; what is left out was told.
 *
 * Input: the YAML text.
 */
#include <stdlib.h>

#include "base/utf.h"
#include "catalog/guide.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static void check_texts(struct texts list)
{
    for (size_t i = 0; i < list.count; i++)
        MUST(utf8_valid(list.items[i]));
}

static void check_event(const struct guide *g, const struct guide_event *e)
{
    MUST(e->id <= UINT16_MAX && e->means.n && e->provider.n);
    MUST(utf8_valid(e->provider) && utf8_valid(e->guid) && utf8_valid(e->means) && utf8_valid(e->note));
    check_texts(e->fields);
    check_texts(e->causes);
    check_texts(e->next);
    check_texts(e->beside);
    check_texts(e->published);
    const struct guide_event *found = guide_find(g, e->provider, e->id);
    MUST(found && found->id == e->id && text_equal_nocase(found->provider, e->provider));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    arena_init(&arena);
    diags_init(&diags, &arena);
    struct guide *g = guide_new();
    if (yaml_parse(&arena, TEXT("f.yaml"), (struct text){ (const char *)data, size }, &diags, &file)) {
        guide_add(g, &file, &diags);
        MUST(guide_count(g) || diags.errors || file.count == 0 || !yaml_get(file.documents[0], "events") ||
             yaml_get(file.documents[0], "events")->count == 0);
    }
    guide_finish(g);
    for (size_t i = 0; i < guide_count(g); i++) {
        const struct guide_event *e = guide_event(g, i), *before = i ? guide_event(g, i - 1) : NULL;
        check_event(g, e);
        MUST(!before || text_compare_nocase(before->provider, e->provider) < 0 ||
             (text_equal_nocase(before->provider, e->provider) && before->id <= e->id));
    }
    guide_free(g);
    arena_done(&arena);
    return 0;
}
