#define _GNU_SOURCE /* memmem */
#include "rule/needle.h"

#include "base/buf.h"
#include "base/utf.h"
#include "rule/fold.h"

/* An expression as far as it was read; a run of literal characters outside of all groups is a needle. */
struct needle {
    struct arena *arena;
    struct text pattern;
    size_t at;
    bool ignore_case, one_line, exact;
    struct buf run;
    struct text runs[NEEDLES_MAX], longest;
    size_t count;
};

static void run_end(struct needle *n)
{
    if (n->run.n == 0)
        return;
    struct text run = fold_keep(n->arena, buf_text(&n->run));
    if (n->count < NEEDLES_MAX)
        n->runs[n->count++] = run;
    else
        n->exact = false;
    if (run.n > n->longest.n)
        n->longest = run;
    n->run.n = 0;
}

static char look(const struct needle *n, size_t ahead)
{
    return n->at + ahead < n->pattern.n ? n->pattern.p[n->at + ahead] : '\0';
}

/* `c` may repeat what stands in front of it no times at all; + repeats it at least once. */
static bool is_optional(char c)
{
    return c == '?' || c == '*' || c == '{';
}

/* Without case pcre2 also takes the long s and the Kelvin sign for these, which folding does not. */
static bool has_partner(const struct needle *n, char c)
{
    return n->ignore_case && ((unsigned char)c >= 0x80 || ascii_lower(c) == 's' || ascii_lower(c) == 'k');
}

static bool has_no_case(char c)
{
    return (unsigned char)c < 0x80 && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/* The character of `length` bytes at `at`. */
static void take_literal(struct needle *n, size_t length)
{
    struct text c = { n->pattern.p + n->at, length };
    n->one_line = n->one_line && c.p[0] != '\n';
    n->exact = n->exact && has_no_case(c.p[0]);
    n->at += length;
    if (is_optional(look(n, 0)) || has_partner(n, c.p[0])) {
        run_end(n);
        n->exact = false;
        return;
    }
    buf_add(&n->run, c);
    if (look(n, 0) == '+')
        run_end(n);
}

/* .* and .*? between two needles take what stands there; .*+ takes what stands behind it, too. */
static bool take_anything(struct needle *n)
{
    if (look(n, 0) != '.' || look(n, 1) != '*' || look(n, 2) == '+')
        return false;
    run_end(n);
    n->at += look(n, 2) == '?' ? 3 : 2;
    return true;
}

/* A backslash and a sign stand for the sign; letters and digits have other meanings. */
static bool take_escape(struct needle *n)
{
    char c = look(n, 1);
    bool plain = c > ' ' && c < 0x7F && !(c >= '0' && c <= '9') && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
    bool simple = c != '\0' && strchr("dDsSwWbBtrnfAzZG", c) != NULL;
    n->at += 1;
    if (plain) {
        take_literal(n, 1);
        return true;
    }
    run_end(n);
    n->one_line = n->exact = false; /* \s, for one, takes a line end */
    n->at += 1;
    return simple;
}

/* Behind the class that opens at `at`; false when it does not close. */
static bool skip_class(struct needle *n)
{
    n->at += look(n, 1) == '^' ? 2 : 1;
    n->at += look(n, 0) == ']';
    while (n->at < n->pattern.n && look(n, 0) != ']') {
        if (look(n, 0) == '[' && look(n, 1) != '\0' && strchr(":.=", look(n, 1)))
            return false; /* [[:alpha:]] */
        if (look(n, 0) == '\\' && (look(n, 1) == 'Q' || look(n, 1) == 'E'))
            return false;
        n->at += look(n, 0) == '\\' ? 2 : 1;
    }
    n->at += 1;
    return n->at <= n->pattern.n;
}

/* (?i) and what begins (?: (?= (?! (?< is understood. */
static bool group_is_known(struct needle *n)
{
    if (look(n, 1) == '*')
        return false;
    return look(n, 1) != '?' || (look(n, 2) != '\0' && strchr(":=!<", look(n, 2)) != NULL);
}

/* Behind the group that opens at `at`: nothing in it counts. */
static bool skip_group(struct needle *n)
{
    size_t depth = 0;
    do {
        char c = look(n, 0);
        if (c == '(' && !group_is_known(n))
            return false;
        if (c == '[') {
            if (!skip_class(n))
                return false;
            continue;
        }
        if (c == '\\' && (look(n, 1) == 'Q' || look(n, 1) == 'E'))
            return false;
        depth += c == '(';
        depth -= c == ')';
        n->at += c == '\\' ? 2 : 1;
    } while (depth > 0 && n->at < n->pattern.n);
    return depth == 0;
}

/* Behind {2} or {1,3}; false when the brace begins none: then it is a character like any other. */
static bool skip_repeat(struct needle *n)
{
    do
        n->at++;
    while ((look(n, 0) >= '0' && look(n, 0) <= '9') || look(n, 0) == ',');
    bool closed = look(n, 0) == '}';
    n->at++;
    return closed;
}

/* The next piece; false: not understood. */
static bool take(struct needle *n)
{
    char c = look(n, 0);
    if (c == '|')
        return false;
    if (take_anything(n))
        return true;
    if (c == '\\')
        return take_escape(n);
    if (c == '[' || c == '(') {
        run_end(n);
        n->one_line = n->exact = false;
        return c == '[' ? skip_class(n) : skip_group(n);
    }
    if (c == '{') {
        run_end(n);
        n->exact = false;
        return skip_repeat(n);
    }
    if (c == '\0' || strchr(".^$+*?)", c)) {
        run_end(n);
        n->exact = false;
        n->at++;
        return c != ')';
    }
    size_t end = n->at;
    utf8_next(n->pattern, &end);
    take_literal(n, end - n->at);
    return true;
}

struct needles regex_needles(struct arena *arena, struct text pattern, bool ignore_case, bool dot_all)
{
    struct needle n = { .arena = arena, .pattern = pattern, .ignore_case = ignore_case, .one_line = !dot_all,
                        .exact = true, .longest = TEXT("") };
    struct text inline_flag = TEXT("(?i)");
    bool known = utf8_valid(pattern);
    if (text_starts_with(pattern, inline_flag)) {
        n.at = inline_flag.n;
        n.ignore_case = true;
    }
    buf_init(&n.run);
    while (known && n.at < pattern.n)
        known = take(&n);
    run_end(&n);
    buf_done(&n.run);
    if (!known)
        return (struct needles){ .longest = TEXT("") };
    struct text *ordered = ARENA_NEW_N(arena, struct text, n.count);
    for (size_t i = 0; i < n.count; i++)
        ordered[i] = n.runs[i];
    return (struct needles){ n.longest, ordered, n.count, n.one_line, n.exact && n.count };
}

static bool stand_in_order(const struct needles *n, struct text folded)
{
    for (size_t i = 0; i < n->count; i++) {
        struct text needle = n->ordered[i];
        const char *found = folded.n < needle.n ? NULL : memmem(folded.p, folded.n, needle.p, needle.n);
        if (!found)
            return false;
        folded = text_from_index(folded, (size_t)(found - folded.p) + needle.n);
    }
    return true;
}

bool needles_stand_in(const struct needles *n, struct text folded)
{
    if (!n->one_line)
        return stand_in_order(n, folded);
    for (;;) {
        size_t end = text_find_char(folded, '\n');
        if (stand_in_order(n, (struct text){ folded.p, end }))
            return true;
        if (end == folded.n)
            return false;
        folded = text_from_index(folded, end + 1);
    }
}
