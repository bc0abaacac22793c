/*
 * Property: when a condition C loads, then of `C` and `not (C)` exactly one matches any event.
 */
#include <stdlib.h>

#include "match/matcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

/* A literal block takes the condition as it is, line by line. */
static void add_rule(struct buf *b, const char *title, const char *head, struct text condition,
                     const char *tail)
{
    buf_add_format(b, "---\ntitle: %s\nlogsource: {product: windows}\ndetection:\n", title);
    buf_add_c(b, "    a: {A: 1}\n    b: {B: 1}\n    sel_1: {C: 1}\n    sel_2: [x, y]\n    _h: {D|re: z}\n"
                 "    condition: |\n        ");
    buf_add_c(b, head);
    for (size_t i = 0; i < condition.n; i++) {
        buf_add_char(b, condition.p[i]);
        if (condition.p[i] == '\n')
            buf_add_c(b, "        ");
    }
    buf_add_format(b, "%s\n", tail);
}

static void match_all(struct ruleset *rules)
{
    static const char *const names[] = { "A", "B", "C", "E", "D" };
    static const char *const values[] = { "1", "1", "1", "xylo", "z" };
    struct matcher *m = matcher_new(rules);
    for (unsigned bits = 0; bits < 32; bits++) {
        struct event_field fields[5];
        struct event e = { .key = { .id = 1 }, .fields = fields };
        for (size_t i = 0; i < 5; i++)
            if (bits >> i & 1)
                fields[e.field_count++] =
                    (struct event_field){ text_from(names[i]), text_from(values[i]), EVENT_DATA };
        size_t count;
        matcher_match(m, &e, &count, NULL);
        MUST(count == 1);
    }
    matcher_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf b;
    struct text condition = { (const char *)data, size };
    arena_init(&arena);
    diags_init(&diags, &arena);
    buf_init(&b);
    add_rule(&b, "C", "", condition, "");
    add_rule(&b, "not C", "not (", condition, ")");
    struct ruleset_builder *builder = ruleset_builder_new();
    if (size < 4096 && yaml_parse(&arena, TEXT("fuzz"), buf_text(&b), &diags, &file))
        ruleset_add_file(builder, &file, false, &diags);
    struct ruleset *rules = ruleset_compile(builder, &diags);
    if (ruleset_count(rules) == 2)
        match_all(rules);
    ruleset_free(rules);
    ruleset_builder_free(builder);
    buf_done(&b);
    arena_done(&arena);
    return 0;
}
