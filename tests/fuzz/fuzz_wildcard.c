/*
 * Property: a pattern cut into segments matches exactly what its marks say when they are tried one by one.
 *
 * Input: a flag byte (1 cased, 2 contains, 4 windash), the Sigma string up to the first NUL, then the text.
 */
#include <stdlib.h>

#include "base/utf.h"
#include "rule/fold.h"
#include "rule/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())
#define LONGEST         200 /* the plain way takes the product of both lengths */

/* The plain way: can[i] tells whether the marks so far can end at byte i. */
static bool plain_matches(struct text marked, struct text t)
{
    bool can[LONGEST * 3 + 2] = { [0] = true };
    for (size_t m = 0; m < marked.n; m++) {
        char mark = marked.p[m];
        bool next[LONGEST * 3 + 2] = { 0 };
        for (size_t i = 0; i <= t.n; i++) {
            size_t end = i;
            if (!can[i])
                continue;
            if (mark == MARK_ANY)
                for (size_t k = i; k <= t.n; k++)
                    next[k] = k == t.n || ((unsigned char)t.p[k] & 0xC0) != 0x80 || next[k];
            else if (i < t.n && mark == MARK_ONE)
                utf8_next(t, &end), next[end] = true;
            else if (i < t.n && mark == MARK_DASH) {
                for (size_t d = 0; d < DASH_COUNT; d++)
                    if (text_starts_with(text_from_index(t, i), dash_spellings[d]))
                        next[i + dash_spellings[d].n] = true;
            } else if (i < t.n && t.p[i] == mark)
                next[i + 1] = true;
        }
        memcpy(can, next, sizeof can);
    }
    return can[t.n];
}

/* The marks as the pattern compares them: folded between the marks. */
static struct text marks_folded(struct arena *arena, struct text marked)
{
    char *p = arena_alloc(arena, fold_room(marked.n));
    size_t n = 0;
    for (size_t i = 0; i < marked.n;) {
        size_t end = i;
        while (end < marked.n && (unsigned char)marked.p[end] < 0xFD)
            end++;
        n += fold_into((struct text){ marked.p + i, end - i }, p + n);
        if (end < marked.n)
            p[n++] = marked.p[end++];
        i = end;
    }
    return (struct text){ p, n };
}

static void compare(struct arena *arena, uint8_t flags, struct text rule, struct text t)
{
    struct buf b;
    struct pattern pattern;
    bool cased = flags & 1;
    buf_init(&b);
    sigma_string_parse(rule, &b);
    struct text marked = text_keep(arena, buf_text(&b));
    if (flags & 2)
        marked = marked_open(arena, marked, true, true);
    if (flags & 4)
        marked = marked_windash(arena, marked);
    pattern_compile(arena, marked, cased, &pattern);
    t = cased ? t : fold_keep(arena, t);
    marked = cased ? marked : marks_folded(arena, marked);
    MUST(pattern_matches(&pattern, t) == plain_matches(marked, t));
    buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    if (size < 2)
        return 0;
    struct text all = { (const char *)data + 1, size - 1 };
    size_t cut = text_find_char(all, '\0');
    struct text rule = { all.p, cut }, t = text_from_index(all, cut + 1);
    if (rule.n > LONGEST || t.n > LONGEST || !utf8_valid(rule) || !utf8_valid(t))
        return 0; /* rules are UTF-8, and so is decoded text */
    arena_init(&arena);
    compare(&arena, data[0], rule, t);
    arena_done(&arena);
    return 0;
}
