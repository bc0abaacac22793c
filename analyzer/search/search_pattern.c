#define _GNU_SOURCE /* memmem */
#include "search/search_pattern.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/utf.h"
#include "match/regex_trial.h"
#include "rule/fold.h"
#include "rule/needle.h"

struct search_pattern {
    struct text text;   /* folded, unless the case counts */
    struct text needle;
    bool case_sensitive;
    pcre2_code *code; /* NULL: a text */
};

struct search_matcher {
    const struct search_pattern *pattern;
    struct buf folded;
    bool gave_up;
    struct regex_trial regex;
};

static bool expression_compile(struct arena *arena, struct search_pattern *p, struct text pattern, struct text *error)
{
    int code;
    PCRE2_SIZE at;
    PCRE2_UCHAR message[128] = "";
    uint32_t options = PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | (p->case_sensitive ? 0 : PCRE2_CASELESS);
    if (pattern.n > LIMIT_REGEX_PATTERN) {
        *error = text_keep_format(arena, "the regular expression has more than %u characters", LIMIT_REGEX_PATTERN);
        return false;
    }
    p->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &code, &at, NULL);
    if (p->code) {
        /* Without JIT (no memory for code, hardened kernels) the interpreter does the same, slower. */
        pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
        p->needle = regex_needles(arena, pattern, !p->case_sensitive, false).longest;
        return true;
    }
    pcre2_get_error_message(code, message, sizeof message);
    *error = text_keep_format(arena, "the regular expression is not valid: %s (behind \"%.*s\")", (const char *)message,
                              TEXT_ARG(((struct text){ pattern.p, at })));
    return false;
}

struct search_pattern *search_pattern_new(struct arena *arena, struct text pattern, bool regex, bool case_sensitive,
                                          struct text *error)
{
    struct search_pattern *p = memory_new(sizeof *p);
    *p = (struct search_pattern){ .case_sensitive = case_sensitive };
    if (regex) {
        if (expression_compile(arena, p, pattern, error))
            return p;
        free(p);
        return NULL;
    }
    p->needle = fold_keep(arena, pattern);
    p->text = case_sensitive ? text_keep(arena, pattern) : p->needle;
    return p;
}

void search_pattern_free(struct search_pattern *p)
{
    if (p)
        pcre2_code_free(p->code);
    free(p);
}

struct text search_needle(const struct search_pattern *p)
{
    return p->needle;
}

struct search_matcher *search_matcher_new(const struct search_pattern *p)
{
    struct search_matcher *m = memory_new(sizeof *m);
    *m = (struct search_matcher){ .pattern = p };
    if (p->code)
        regex_trial_init(&m->regex);
    return m;
}

void search_matcher_free(struct search_matcher *m)
{
    regex_trial_done(&m->regex);
    buf_done(&m->folded);
    free(m);
}

static struct text fold(struct search_matcher *m, struct text t)
{
    m->folded.n = 0;
    size_t n = fold_into(t, buf_reserve(&m->folded, fold_room(t.n) + 1));
    return (struct text){ m->folded.p, n };
}

static bool holds(struct text t, struct text wanted)
{
    return wanted.n <= t.n && (wanted.n == 0 || memmem(t.p, t.n, wanted.p, wanted.n) != NULL);
}

static bool expression_find(struct search_matcher *m, struct text t, size_t from, size_t *start, size_t *end)
{
    bool gave_up;
    bool found = regex_trial_find(&m->regex, m->pattern->code, t, from, &gave_up);
    m->gave_up |= gave_up;
    if (!found)
        return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(m->regex.data);
    *start = ends[0];
    *end = ends[1];
    return *start <= *end;
}

bool search_matches(struct search_matcher *m, struct text value)
{
    size_t start, end;
    if (m->pattern->code)
        return expression_find(m, value, 0, &start, &end);
    return holds(m->pattern->case_sensitive ? value : fold(m, value), m->pattern->text);
}

/* Folding can change the length of a character: what stands at a place of the folded text is counted off. */
static size_t unfold(struct text value, size_t from, size_t folded)
{
    char room[4];
    size_t at = from;
    while (at < value.n && folded > 0) {
        size_t n = utf8_put(utf_lower(utf8_next(value, &at)), room);
        folded = folded > n ? folded - n : 0;
    }
    return at;
}

static bool text_find(struct search_matcher *m, struct text value, size_t from, size_t *start, size_t *end)
{
    struct text rest = text_from_index(value, from), wanted = m->pattern->text;
    struct text folded = m->pattern->case_sensitive ? rest : fold(m, rest);
    const char *found = wanted.n && wanted.n <= folded.n ? memmem(folded.p, folded.n, wanted.p, wanted.n) : NULL;
    if (!found)
        return false;
    size_t at = (size_t)(found - folded.p);
    *start = m->pattern->case_sensitive ? from + at : unfold(value, from, at);
    *end = m->pattern->case_sensitive ? *start + wanted.n : unfold(value, *start, wanted.n);
    return true;
}

bool search_find(struct search_matcher *m, struct text value, size_t from, size_t *start, size_t *end)
{
    if (m->pattern->code)
        return expression_find(m, value, from, start, end);
    return from <= value.n && text_find(m, value, from, start, end);
}

bool search_gave_up(struct search_matcher *m)
{
    bool ret = m->gave_up;
    m->gave_up = false;
    return ret;
}
