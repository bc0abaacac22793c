/*
 * Property: whatever a file of suppressions says, each that counts has what, until and reason, as UTF-8; a mistake is
 * said; and what is suppressed is what a look at one after the other finds: that holds at the time, is of the article,
 * rule or id, and means all nodes.
 *
 * Input: the file.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "state/suppression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW UINT64_C(126230400000000000) /* 2001-01-01 */

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool means_all(const struct suppression *s, const struct text *nodes, size_t count)
{
    size_t meant = 0;
    for (size_t i = 0; i < count; i++)
        meant += !s->node.n || text_equal_nocase(s->node, nodes[i]);
    return meant == count;
}

/* Each of the nodes has one of its own. */
static bool add_up(const struct suppressions *all, struct text what, const struct text *nodes, size_t count)
{
    size_t met = 0;
    for (size_t n = 0; n < count; n++) {
        bool found = false;
        for (size_t i = 0; i < all->count; i++)
            found = found || (all->items[i].until > NOW && text_equal_nocase(all->items[i].what, what) &&
                              means_all(&all->items[i], &nodes[n], 1));
        met += found;
    }
    return met == count;
}

static void check_find(const struct suppressions *all, struct text what, const struct text *nodes, size_t count)
{
    const struct suppression *expected = NULL;
    for (size_t i = all->count; i-- > 0;)
        if (all->items[i].until > NOW && text_equal_nocase(all->items[i].what, what) &&
            means_all(&all->items[i], nodes, count))
            expected = &all->items[i];
    const struct suppression *by_what = suppression_find(all, TEXT("no-id"), what, nodes, count, NOW);
    require(by_what == suppression_find(all, what, TEXT("no-what"), nodes, count, NOW));
    require(expected ? by_what == expected : (by_what != NULL) == add_up(all, what, nodes, count));
}

static void check(const struct suppressions *all)
{
    require(all->count <= LIMIT_SUPPRESSIONS);
    for (size_t i = 0; i < all->count && i < 50; i++) {
        const struct suppression *s = &all->items[i];
        require(s->what.n && s->reason.n && s->what_at.line >= 1 && s->until_at.line >= 1);
        require(utf8_valid(s->what) && utf8_valid(s->reason) && utf8_valid(s->node));
        const struct text nodes[] = { s->node, TEXT("NODE1") };
        if (text_equal_nocase(s->what, TEXT("no-id")) || text_equal_nocase(s->what, TEXT("no-what")))
            continue;
        check_find(all, s->what, nodes, 1);
        check_find(all, s->what, nodes, 2);
        check_find(all, s->what, nodes + 1, 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct suppressions all = { 0 };
    arena_init(&arena);
    diags_init(&diags, &arena);
    if (yaml_parse(&arena, TEXT("f"), (struct text){ (const char *)data, size }, &diags, &file)) {
        suppressions_add_file(&arena, &file, &diags, &all);
        check(&all);
    }
    arena_done(&arena);
    return 0;
}
