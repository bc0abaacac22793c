#define _GNU_SOURCE /* memmem */
#include "rule/needle.h"

#include "base/buf.h"
#include "base/utf.h"
#include "rule/choice.h"
#include "rule/fold.h"

#define DEPTH     16u /* groups inside of groups; of deeper ones nothing is known */
#define CLASS_MAX 4u  /* letters of a class that are told apart: [eE] */
#define WORK      2000u /* texts made where one of several may stand: less than a millisecond; then nothing is known */

/* What is known of a part of the expression. */
struct part {
    bool is_whole;
    struct choice whole; /* all texts that it can match, when it is so; else with what a match ends at least */
    struct choice some;  /* of these, one stands in every match */
};

/* How often something stands there. */
struct repeat {
    bool given, greedy; /* greedy: takes all and gives nothing back */
    size_t least, most;
};

enum piece {
    PIECE_LITERAL,
    PIECE_ANYTHING, /* . */
    PIECE_PLACE,    /* ^ $ */
    PIECE_FLAGS,    /* (?i) */
    PIECE_OTHER,
};

enum group { GROUP_PLAIN, GROUP_ASSERTION, GROUP_FLAGS };

/* An expression as far as it was read; a run of literal characters outside of all groups is a needle. */
struct reading {
    struct arena *arena;
    struct text pattern;
    size_t at;
    unsigned depth, work;
    bool ignore_case, unknown, has_branches, one_line, exact;
    struct text literal; /* the last one */
    struct buf run;
    struct text runs[NEEDLES_MAX], longest;
    size_t count;
};

static char look(const struct reading *r, size_t ahead)
{
    return r->at + ahead < r->pattern.n ? r->pattern.p[r->at + ahead] : '\0';
}

/* False at the end of the pattern too: a zero in it is a character. */
static bool next_is(const struct reading *r, char c)
{
    return r->at < r->pattern.n && r->pattern.p[r->at] == c;
}

/* Without case pcre2 also takes the long s and the Kelvin sign for these, which folding does not. */
static bool has_partner(const struct reading *r, char c)
{
    return r->ignore_case && ((unsigned char)c >= 0x80 || ascii_lower(c) == 's' || ascii_lower(c) == 'k');
}

static bool has_no_case(char c)
{
    return (unsigned char)c < 0x80 && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

static void know_nothing(struct part *p)
{
    p->is_whole = false;
    p->some.count = 0;
    choice_set(&p->whole, TEXT(""));
}

static void know_text(struct part *p, struct text t)
{
    p->is_whole = true;
    p->some.count = 0;
    choice_set(&p->whole, t);
}

/* The character of `length` bytes at `at`. */
static enum piece literal_read(struct reading *r, size_t length, struct part *ret)
{
    char folded[16];
    struct text c = { r->pattern.p + r->at, length };
    r->literal = c;
    r->at += length;
    if (has_partner(r, c.p[0]))
        know_nothing(ret);
    else
        know_text(ret, (struct text){ folded, fold_into(c, folded) });
    return PIECE_LITERAL;
}

/* A backslash and a sign stand for the sign; letters and digits have other meanings. */
static bool is_sign(char c)
{
    return c > ' ' && c < 0x7F && !(c >= '0' && c <= '9') && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

static enum piece escape_read(struct reading *r, struct part *ret)
{
    char c = look(r, 1);
    bool place = c != '\0' && strchr("bBAzZG", c), one = c != '\0' && strchr("dDsSwWtrnf", c);
    r->at++;
    if (is_sign(c))
        return literal_read(r, 1, ret);
    r->at++;
    r->unknown = r->unknown || !(place || one);
    if (place)
        know_text(ret, TEXT(""));
    else
        know_nothing(ret);
    return PIECE_OTHER;
}

/* One of the characters of a class: a letter more to tell apart, unless there are too many. */
static void class_add(const struct reading *r, char c, struct part *ret)
{
    char lower = ascii_lower(c);
    struct choice letter;
    choice_set(&letter, (struct text){ &lower, 1 });
    if ((unsigned char)c >= 0x80 || has_partner(r, c) || !choice_unite(&ret->whole, &letter) ||
        ret->whole.count > CLASS_MAX)
        ret->is_whole = false;
}

/* A character of a class, or a range, or what stands for several. */
static void class_step(struct reading *r, struct part *ret)
{
    char c = look(r, 0), second = look(r, 1);
    if ((c == '[' && second != '\0' && strchr(":.=", second)) ||
        (c == '\\' && second != '\0' && strchr("QEc", second))) {
        r->unknown = true; /* [[:alpha:]], and \c takes what follows, also a bracket */
        return;
    }
    bool escaped = c == '\\', range = c == '-' || look(r, escaped ? 2 : 1) == '-';
    if (range || (escaped && !is_sign(second)))
        ret->is_whole = false;
    if (ret->is_whole)
        class_add(r, escaped ? second : c, ret);
    r->at += escaped ? 2 : 1;
}

static enum piece class_read(struct reading *r, struct part *ret)
{
    know_text(ret, TEXT(""));
    ret->whole.count = 0;
    ret->is_whole = look(r, 1) != '^';
    r->at += ret->is_whole ? 1 : 2;
    for (bool first = true; r->at < r->pattern.n && !r->unknown && (first || !next_is(r, ']')); first = false)
        class_step(r, ret);
    r->unknown = r->unknown || !next_is(r, ']');
    r->at++;
    if (!ret->is_whole)
        know_nothing(ret);
    return PIECE_OTHER;
}

static void branches_read(struct reading *r, struct part *ret);

/* (?i) and (?i: - from there on nothing is said to have a case.  Of (?x) nothing is known. */
static bool flags_read(struct reading *r)
{
    while (r->at < r->pattern.n && strchr("imsU-", look(r, 0)) && look(r, 0) != '\0') {
        r->ignore_case = r->ignore_case || look(r, 0) == 'i';
        r->one_line = r->one_line && look(r, 0) == 'i';
        r->exact = r->exact && look(r, 0) == 'i';
        r->at++;
    }
    return next_is(r, ':') || next_is(r, ')');
}

/* Behind the name of (?<name>.. */
static void name_skip(struct reading *r)
{
    r->at += text_find_char(text_from_index(r->pattern, r->at), '>') + 1;
    r->unknown = r->unknown || r->at > r->pattern.n;
}

static enum group flags_group(struct reading *r)
{
    bool known = flags_read(r), alone = next_is(r, ')');
    r->unknown = r->unknown || !known;
    r->at += alone ? 0 : 1;
    return alone ? GROUP_FLAGS : GROUP_PLAIN;
}

/* Behind what a group begins with. */
static enum group opening_read(struct reading *r)
{
    r->at++;
    r->unknown = r->unknown || next_is(r, '*');
    if (!next_is(r, '?'))
        return GROUP_PLAIN;
    r->at++;
    char c = look(r, 0);
    bool behind = c == '<' && (look(r, 1) == '=' || look(r, 1) == '!');
    if (c == '=' || c == '!' || behind) {
        r->at += behind ? 2 : 1;
        return GROUP_ASSERTION;
    }
    if (c != '<' && c != '>')
        return flags_group(r);
    if (c == '<')
        name_skip(r);
    else
        r->at++;
    return GROUP_PLAIN;
}

static enum piece group_read(struct reading *r, struct part *ret)
{
    enum group group = opening_read(r);
    know_text(ret, TEXT(""));
    r->unknown = r->unknown || r->depth == DEPTH;
    if (group != GROUP_FLAGS && !r->unknown) {
        r->depth++;
        branches_read(r, ret);
        r->depth--;
    }
    r->unknown = r->unknown || !next_is(r, ')');
    r->at++;
    if (group == GROUP_ASSERTION)
        know_text(ret, TEXT(""));
    return group == GROUP_FLAGS ? PIECE_FLAGS : PIECE_OTHER;
}

static enum piece atom_read(struct reading *r, struct part *ret)
{
    char c = look(r, 0);
    size_t end = r->at;
    if (c == '\\')
        return escape_read(r, ret);
    if (c == '[')
        return class_read(r, ret);
    if (c == '(')
        return group_read(r, ret);
    if (c == '.' || c == '\0' || c == '^' || c == '$') {
        know_text(ret, TEXT(""));
        if (c == '.' || c == '\0')
            know_nothing(ret);
        r->at++;
        return c == '.' ? PIECE_ANYTHING : PIECE_PLACE;
    }
    r->unknown = r->unknown || strchr("*+?{", c);
    utf8_next(r->pattern, &end);
    return literal_read(r, end - r->at, ret);
}

static size_t number_read(struct reading *r)
{
    size_t n = 0;
    for (; look(r, 0) >= '0' && look(r, 0) <= '9'; r->at++)
        n = n < 65536 ? n * 10 + (size_t)(look(r, 0) - '0') : n;
    return n;
}

/* {2} {1,} {1,3}; a brace that begins none of these is a character like any other, and not understood. */
static struct repeat braces_read(struct reading *r)
{
    r->at++;
    r->unknown = r->unknown || look(r, 0) < '0' || look(r, 0) > '9';
    struct repeat n = { .given = true, .least = number_read(r) };
    n.most = n.least;
    if (next_is(r, ',')) {
        r->at++;
        n.most = look(r, 0) == '}' ? SIZE_MAX : number_read(r);
    }
    r->unknown = r->unknown || !next_is(r, '}');
    r->at++;
    return n;
}

/* What follows an atom. */
static struct repeat repeat_read(struct reading *r)
{
    char c = look(r, 0);
    struct repeat n = { .given = c == '*' || c == '+' || c == '?', .least = c == '+', .most = c == '?' ? 1 : SIZE_MAX };
    if (c == '{')
        n = braces_read(r);
    else if (n.given)
        r->at++;
    else
        return (struct repeat){ .least = 1, .most = 1 };
    n.greedy = look(r, 0) == '+';
    r->at += n.greedy || look(r, 0) == '?';
    return n;
}

static void run_end(struct reading *r)
{
    if (r->run.n == 0)
        return;
    struct text run = fold_keep(r->arena, buf_text(&r->run));
    if (r->count < NEEDLES_MAX)
        r->runs[r->count++] = run;
    else
        r->exact = false;
    if (run.n > r->longest.n)
        r->longest = run;
    r->run.n = 0;
}

static void literal_order(struct reading *r, const struct repeat *n)
{
    char c = r->literal.p[0];
    bool is_there = n->least > 0 && !has_partner(r, c);
    r->one_line = r->one_line && c != '\n';
    r->exact = r->exact && has_no_case(c) && c != '\n' && !n->given;
    if (is_there)
        buf_add(&r->run, r->literal);
    if (!is_there || n->given)
        run_end(r);
}

/* A piece outside of all groups.  .* and .*? between two needles take what stands there; .*+ takes what stands behind
 * it, too. */
static void piece_order(struct reading *r, enum piece piece, const struct repeat *n)
{
    bool between = piece == PIECE_ANYTHING && n->least == 0 && n->most == SIZE_MAX && !n->greedy;
    if (piece == PIECE_FLAGS)
        return;
    if (piece == PIECE_LITERAL) {
        literal_order(r, n);
        return;
    }
    run_end(r);
    r->exact = r->exact && between;
    r->one_line = r->one_line && piece != PIECE_OTHER; /* \s, for one, takes a line end */
}

/* Something that may be missing says nothing, unless it is short enough to say both. */
static void make_optional(struct part *p, size_t most)
{
    struct choice none;
    choice_set(&none, TEXT(""));
    if (most != 1 || !p->is_whole || !choice_unite(&p->whole, &none))
        know_nothing(p);
    p->some.count = 0;
}

/* False when it was too much. */
static bool work_add(struct reading *r, size_t texts)
{
    r->work += r->work <= WORK && texts > 1 ? (unsigned)texts : 0;
    return r->work <= WORK;
}

/* Behind what is known of a sequence so far. */
static void sequence_add(struct reading *r, struct part *p, struct part *next, const struct repeat *n)
{
    if (!work_add(r, p->whole.count * next->whole.count))
        know_nothing(next);
    bool goes_on = next->is_whole && choice_append(&p->whole, &next->whole), again = n->most > 1;
    if (goes_on && !again)
        return;
    choice_improve(&p->some, &p->whole);
    choice_improve(&p->some, &next->some);
    choice_copy(&p->whole, &next->whole); /* of several the last one */
    p->is_whole = false;
}

static void sequence_read(struct reading *r, struct part *ret)
{
    struct part next;
    know_text(ret, TEXT(""));
    while (r->at < r->pattern.n && !r->unknown && !next_is(r, '|') && !next_is(r, ')')) {
        enum piece piece = atom_read(r, &next);
        struct repeat n = repeat_read(r);
        r->unknown = r->unknown || (piece == PIECE_FLAGS && n.given);
        if (r->unknown)
            return;
        if (n.least == 0)
            make_optional(&next, n.most);
        if (r->depth == 0)
            piece_order(r, piece, &n);
        sequence_add(r, ret, &next, &n);
    }
    choice_improve(&ret->some, &ret->whole);
}

static void branch_add(struct reading *r, struct part *p, struct part *branch)
{
    if (!work_add(r, p->whole.count + p->some.count))
        know_nothing(branch);
    p->is_whole = p->is_whole && branch->is_whole && choice_unite(&p->whole, &branch->whole);
    if (!p->is_whole)
        choice_set(&p->whole, TEXT(""));
    if (branch->some.count == 0 || p->some.count == 0 || !choice_join(&p->some, &branch->some))
        p->some.count = 0;
}

/* Up to the end, or to the parenthesis that closes the group.  Depth: DEPTH. */
static void branches_read(struct reading *r, struct part *ret)
{
    struct part branch;
    sequence_read(r, ret);
    while (next_is(r, '|') && !r->unknown) {
        r->has_branches = r->has_branches || r->depth == 0;
        r->at++;
        sequence_read(r, &branch);
        branch_add(r, ret, &branch);
    }
}

static const struct text *choice_keep(struct arena *arena, const struct choice *c)
{
    struct text *kept = ARENA_NEW_N(arena, struct text, c->count);
    for (size_t i = 0; i < c->count; i++)
        kept[i] = text_keep(arena, choice_text(c, i));
    return kept;
}

static struct needles needles_keep(struct reading *r, const struct choice *some)
{
    struct text *ordered = ARENA_NEW_N(r->arena, struct text, r->count);
    struct needles n = { .longest = TEXT(""), .some = choice_keep(r->arena, some), .some_count = some->count };
    if (r->has_branches)
        return n;
    for (size_t i = 0; i < r->count; i++)
        ordered[i] = r->runs[i];
    n.longest = r->longest;
    n.ordered = ordered;
    n.count = r->count;
    n.one_line = r->one_line;
    n.exact = r->exact && r->count;
    return n;
}

struct needles regex_needles(struct arena *arena, struct text pattern, bool ignore_case, bool dot_all)
{
    struct reading r = { .arena = arena, .pattern = pattern, .ignore_case = ignore_case, .one_line = !dot_all,
                         .exact = true, .longest = TEXT(""), .unknown = !utf8_valid(pattern) };
    struct part all;
    buf_init(&r.run);
    branches_read(&r, &all);
    run_end(&r);
    buf_done(&r.run);
    if (r.unknown || r.at < pattern.n)
        return (struct needles){ .longest = TEXT("") };
    return needles_keep(&r, &all.some);
}

static bool stands_in(struct text needle, struct text t, size_t *end)
{
    const char *found = t.n < needle.n ? NULL : memmem(t.p, t.n, needle.p, needle.n);
    if (found)
        *end = (size_t)(found - t.p) + needle.n;
    return found != NULL;
}

static bool stand_in_order(const struct needles *n, struct text folded)
{
    size_t end;
    for (size_t i = 0; i < n->count; i++) {
        if (!stands_in(n->ordered[i], folded, &end))
            return false;
        folded = text_from_index(folded, end);
    }
    return true;
}

static bool some_stands_in(const struct needles *n, struct text folded)
{
    size_t end;
    for (size_t i = 0; i < n->some_count; i++)
        if (stands_in(n->some[i], folded, &end))
            return true;
    return n->some_count == 0;
}

bool needles_stand_in(const struct needles *n, struct text folded)
{
    if (n->count == 0)
        return some_stands_in(n, folded);
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
