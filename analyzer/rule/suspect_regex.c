/*
 * suspect_regex.c - expressions that can be made to backtrack without end: found by making them.
 *
 * A text of 256 characters, one or two of the expression's own again and again, then something that does not fit.  An
 * expression whose steps grow with the square of the text needs some ten thousand for it; one that needs more than
 * LIMIT_REGEX_MATCH grows with the cube at least, or doubles with each character.
 */
#include "base/limits.h"
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

static bool gives_up(const pcre2_code *code, struct text subject, pcre2_match_data *data, pcre2_match_context *limits)
{
    int result = pcre2_match(code, (PCRE2_SPTR)subject.p, subject.n, 0, PCRE2_NO_JIT, data, limits);
    return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT;
}

static bool can_be_strained(const pcre2_code *code, struct text pattern, pcre2_match_data *data,
                            pcre2_match_context *limits)
{
    struct letters l = letters_of(pattern);
    struct buf subject;
    bool strained = false;
    buf_init(&subject);
    for (size_t i = 0; i < l.count && !strained; i++)
        for (size_t k = 0; k < l.count && !strained; k++) {
            subject_make(&subject, pattern, &l, l.items[i], l.items[k]);
            strained = gives_up(code, buf_text(&subject), data, limits);
        }
    buf_done(&subject);
    return strained;
}

void suspect_regex(struct loading *l, const struct yaml_node *value, const pcre2_code *code)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    if (data && limits) {
        pcre2_set_match_limit(limits, LIMIT_REGEX_MATCH);
        pcre2_set_depth_limit(limits, LIMIT_REGEX_DEPTH);
        if (can_be_strained(code, value->text, data, limits))
            WARN(l, "regex", value,
                 "one repetition inside of another, or several side by side, try every way to share a text",
                 "the expression gives up on a value of %d characters: it would count as no match", PUMPED);
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(limits);
}
