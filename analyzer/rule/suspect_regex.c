/*
 * suspect_regex.c - expressions that can be made to backtrack without end: found by making them.
 *
 * Most cannot, which is seen by counting the ways in which they can take a text apart (rule/regex_ways.h).  The others
 * are tried:
 *
 * A text of 256 characters, one or two of the expression's own again and again, then something that does not fit.  An
 * expression whose steps grow with the square of the text needs some ten thousand for it; one that needs more than
 * LIMIT_REGEX_MATCH grows with the cube at least, or doubles with each character.
 */
#include "base/limits.h"
#include "rule/regex_ways.h"
#include "rule/suspect.h"

#define PUMPED  256
#define LETTERS 8
#define PREFIX  32
#define MISFIT  '\x01'

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == ' ' || c == '_';
}

static bool is_quantifier(char c)
{
    return c == '*' || c == '+' || c == '?' || c == '{';
}

struct letters {
    char items[LETTERS];
    size_t count;
};

static void letter_add(struct letters *l, char c)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i] == c)
            return;
    if (l->count < LETTERS)
        l->items[l->count++] = c;
}

/* One of each class of characters first, then those that the expression spells. */
static struct letters letters_of(struct text pattern)
{
    struct letters l = { .count = 0 };
    letter_add(&l, 'a');
    letter_add(&l, '0');
    letter_add(&l, ' ');
    for (size_t i = 0; i < pattern.n; i++) {
        bool escaped = i > 0 && pattern.p[i - 1] == '\\';
        bool spelt = escaped ? !is_plain(pattern.p[i]) : is_plain(pattern.p[i]);
        if (spelt && (unsigned char)pattern.p[i] < 0x80)
            letter_add(&l, pattern.p[i]);
    }
    return l;
}

/* What a text must begin with to come as far as the first group or repetition. */
static struct buf *prefix_add(struct buf *out, struct text pattern)
{
    size_t at = pattern.n && pattern.p[0] == '^';
    for (; at < pattern.n && out->n < PREFIX && is_plain(pattern.p[at]); at++) {
        if (at + 1 < pattern.n && is_quantifier(pattern.p[at + 1]))
            break;
        buf_add_char(out, pattern.p[at]);
    }
    return out;
}

/* Every letter stands behind the misfit once more: pcre2 gives up early on texts without one that it needs. */
static void subject_make(struct buf *out, struct text pattern, const struct letters *l, char first, char second)
{
    out->n = 0;
    prefix_add(out, pattern);
    for (size_t i = 0; i < PUMPED / 2; i++) {
        buf_add_char(out, first);
        buf_add_char(out, second);
    }
    for (size_t i = 0; i < l->count; i++) {
        buf_add_char(out, MISFIT);
        buf_add_char(out, l->items[i]);
    }
    buf_add_char(out, MISFIT);
}

struct trial {
    struct loading *l;
    const pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

static bool exceeds(struct trial *t, struct text subject, uint32_t steps)
{
    t->l->trial_work += steps;
    pcre2_set_match_limit(t->limits, steps);
    int result = pcre2_match(t->code, (PCRE2_SPTR)subject.p, subject.n, 0, PCRE2_NO_JIT, t->data, t->limits);
    return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT;
}

/* With few steps first: pcre2 does not say how many it took, and what is allowed is what counts. */
static bool gives_up(struct trial *t, struct text subject)
{
    return exceeds(t, subject, LIMIT_REGEX_MATCH / 500) && exceeds(t, subject, LIMIT_REGEX_MATCH / 20) &&
           exceeds(t, subject, LIMIT_REGEX_MATCH);
}

static enum regex_verdict subjects_try(struct trial *t, struct text pattern)
{
    struct letters l = letters_of(pattern);
    struct buf subject;
    enum regex_verdict verdict = REGEX_FINE;
    buf_init(&subject);
    for (size_t i = 0; i < l.count * l.count && verdict == REGEX_FINE; i++) {
        subject_make(&subject, pattern, &l, l.items[i / l.count], l.items[i % l.count]);
        if (t->l->trial_work > LIMIT_REGEX_TRIALS)
            verdict = REGEX_NOT_TRIED;
        else if (gives_up(t, buf_text(&subject)))
            verdict = REGEX_STRAINED;
    }
    buf_done(&subject);
    return verdict;
}

static enum regex_verdict expression_try(struct loading *l, struct text pattern, const pcre2_code *code)
{
    struct trial t = { l, code, memory_made(pcre2_match_data_create(1, NULL)),
                       memory_made(pcre2_match_context_create(NULL)) };
    pcre2_set_depth_limit(t.limits, LIMIT_REGEX_DEPTH);
    enum regex_verdict verdict = subjects_try(&t, pattern);
    pcre2_match_data_free(t.data);
    pcre2_match_context_free(t.limits);
    return verdict;
}

/* Starts of a search times the ways to go on from there; what is near the limit is tried. */
static bool can_strain(struct text pattern)
{
    return regex_ways(pattern, PUMPED) > LIMIT_REGEX_MATCH / PUMPED / 4;
}

void suspect_regex(struct loading *l, const struct yaml_node *value, const pcre2_code *code,
                   enum regex_verdict *verdict)
{
    bool work_left = l->trial_work <= LIMIT_REGEX_TRIALS;
    if (*verdict == REGEX_NOT_TRIED && !can_strain(value->text))
        *verdict = REGEX_FINE;
    if (*verdict == REGEX_NOT_TRIED && work_left)
        *verdict = expression_try(l, value->text, code);
    if (*verdict == REGEX_STRAINED)
        WARN(l, "regex", value,
             "one repetition inside of another, or several side by side, try every way to share a text",
             "the expression gives up on a value of %d characters: it would count as no match", PUMPED);
    if (*verdict == REGEX_NOT_TRIED && work_left) /* once */
        WARN(l, "regex", value, "check fewer files at once",
             "there are too many expressions: whether this one and those behind it give up is not known");
}
