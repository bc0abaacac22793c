#include "rule/regex_ways.h"

#define DEPTH 32 /* groups inside of groups; deeper ones are not understood */

/* An open group: alternatives read so far, and the one that is being read. */
struct level {
    uint64_t before, here;
};

struct reading {
    struct text pattern;
    size_t at;
    uint32_t characters;
    struct level levels[DEPTH];
    unsigned depth;
    bool unknown;
};

static uint64_t times(uint64_t a, uint64_t b)
{
    return a && b > REGEX_WAYS_MANY / a ? REGEX_WAYS_MANY : a * b;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return b > REGEX_WAYS_MANY - a ? REGEX_WAYS_MANY : a + b;
}

static char next(const struct reading *r)
{
    return r->at < r->pattern.n ? r->pattern.p[r->at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* References and \Q are not understood; every other escape is one character, or none. */
static void skip_escape(struct reading *r)
{
    r->at++;
    char c = next(r);
    r->unknown = r->unknown || (c >= '1' && c <= '9') || c == 'k' || c == 'g' || c == 'Q' || c == 'E';
    r->at++;
    if ((c == 'p' || c == 'P' || c == 'x' || c == 'o' || c == 'N') && next(r) == '{')
        r->at += text_find_char(text_from_index(r->pattern, r->at), '}') + 1;
}

/* Behind its closing bracket; the first character of a class may be one. */
static void skip_class(struct reading *r)
{
    size_t first = ++r->at + (next(r) == '^');
    for (r->at = first; r->at < r->pattern.n && (next(r) != ']' || r->at == first);) {
        bool named = next(r) == '[' && r->at + 1 < r->pattern.n && r->pattern.p[r->at + 1] == ':';
        if (named) /* [:alpha:] */
            r->at += text_find_char(text_from_index(r->pattern, r->at), ']') + 1;
        else
            r->at += next(r) == '\\' ? 2 : 1;
    }
    r->at++;
}

static size_t number(struct reading *r)
{
    size_t n = 0;
    for (; is_digit(next(r)); r->at++)
        n = n < 65536 ? n * 10 + (size_t)(next(r) - '0') : n;
    return n;
}

/* {n}, {n,} or {n,m}: how many counts it allows; 0 when it is plain text. */
static uint64_t counted(struct reading *r, bool *repeats)
{
    size_t start = r->at++;
    bool digits = is_digit(next(r));
    size_t least = number(r), most = least;
    if (next(r) == ',') {
        r->at++;
        most = is_digit(next(r)) ? number(r) : r->characters + least;
        digits = true;
    }
    if (!digits || next(r) != '}' || most < least) {
        r->at = start;
        return 0;
    }
    r->at++;
    *repeats = most > 1;
    uint64_t counts = most - least + 1;
    return counts < r->characters ? counts : r->characters;
}

/* What follows an atom that fits in `ways`: how often it may stand. */
static uint64_t quantified(struct reading *r, uint64_t ways)
{
    char c = next(r);
    bool repeats = c == '*' || c == '+';
    uint64_t counts = 1;
    if (repeats || c == '?') {
        counts = repeats ? r->characters : 2;
        r->at++;
    } else if (c == '{') {
        counts = counted(r, &repeats);
        if (counts == 0)
            return ways;
    } else {
        return ways;
    }
    if (next(r) == '?' || next(r) == '+') /* lazy, possessive */
        r->at++;
    if (repeats && ways > 1)
        return REGEX_WAYS_MANY;
    return times(counts, ways);
}

static void atom_add(struct reading *r, uint64_t ways)
{
    struct level *level = &r->levels[r->depth];
    level->here = times(level->here, quantified(r, ways));
}

/* Flags and names of groups are passed over; recursion and conditions are not understood. */
static void group_open(struct reading *r)
{
    r->at++;
    r->unknown = r->unknown || r->depth + 1 == DEPTH || next(r) == '*';
    if (r->unknown)
        return;
    if (next(r) == '?') {
        r->at++;
        char c = next(r);
        r->unknown = is_digit(c) || c == 'R' || c == '&' || c == '(' || c == 'P' || c == 'C' || c == '+' || c == '#' ||
                     (c == '-' && r->at + 1 < r->pattern.n && is_digit(r->pattern.p[r->at + 1]));
        while (r->at < r->pattern.n && next(r) != ':' && next(r) != ')' && next(r) != '=' && next(r) != '!' &&
               next(r) != '>' && next(r) != '(')
            r->at++;
        if (next(r) != ')')
            r->at++;
    }
    r->levels[++r->depth] = (struct level){ 0, 1 };
}

static void group_close(struct reading *r)
{
    r->at++;
    r->unknown = r->unknown || r->depth == 0;
    if (r->unknown)
        return;
    struct level inner = r->levels[r->depth--];
    atom_add(r, plus(inner.before, inner.here));
}

static void step(struct reading *r)
{
    struct level *level = &r->levels[r->depth];
    switch (next(r)) {
    case '(':
        group_open(r);
        return;
    case ')':
        group_close(r);
        return;
    case '|':
        level->before = plus(level->before, level->here);
        level->here = 1;
        r->at++;
        return;
    case '[':
        skip_class(r);
        break;
    case '\\':
        skip_escape(r);
        break;
    default:
        r->at++;
    }
    atom_add(r, 1);
}

uint64_t regex_ways(struct text pattern, uint32_t characters)
{
    struct reading r = { .pattern = pattern, .characters = characters, .levels = { { 0, 1 } } };
    while (r.at < pattern.n && !r.unknown)
        step(&r);
    if (r.unknown || r.depth > 0)
        return REGEX_WAYS_MANY;
    return plus(r.levels[0].before, r.levels[0].here);
}
