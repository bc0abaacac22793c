/*
 * yaml_scalar.c - what a scalar is, and where its characters stood.
 */
#include "yaml/yaml_tree.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

static size_t digits(struct text t, size_t at)
{
    size_t n = 0;
    while (at + n < t.n && is_digit(t.p[at + n]))
        n++;
    return n;
}

static bool is_one_of(struct text t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(t, text_from(words[i])))
            return true;
    return false;
}

static bool is_hex_number(struct text t)
{
    if (t.n < 3 || t.p[0] != '0' || t.p[1] != 'x')
        return false;
    for (size_t i = 2; i < t.n; i++)
        if (!is_hex(t.p[i]))
            return false;
    return true;
}

static bool is_not_finite(struct text t)
{
    struct text rest = text_from_index(t, t.n && (t.p[0] == '-' || t.p[0] == '+'));
    return text_equal_nocase(rest, TEXT(".inf")) || text_equal_nocase(rest, TEXT(".nan"));
}

/* The end of an exponent that begins at `at`; `at` itself when there is none. */
static size_t exponent(struct text t, size_t at)
{
    if (at >= t.n || ascii_lower(t.p[at]) != 'e')
        return at;
    size_t sign = at + 1 < t.n && (t.p[at + 1] == '-' || t.p[at + 1] == '+');
    size_t n = digits(t, at + 1 + sign);
    return n ? at + 1 + sign + n : at;
}

/* Decimal without a leading zero before another digit; a point or an exponent makes it a float. */
static enum yaml_type decimal(struct text t)
{
    size_t at = t.n && (t.p[0] == '-' || t.p[0] == '+');
    size_t whole = digits(t, at);
    if (whole > 1 && t.p[at] == '0')
        return YAML_TYPE_STRING;
    at += whole;
    if (at == t.n)
        return whole ? YAML_TYPE_INT : YAML_TYPE_STRING;
    size_t part = 0;
    if (t.p[at] == '.')
        part = digits(t, at + 1), at += 1 + part;
    if (whole + part == 0)
        return YAML_TYPE_STRING;
    return exponent(t, at) == t.n ? YAML_TYPE_FLOAT : YAML_TYPE_STRING;
}

enum yaml_type yaml_scalar_type(const struct yaml_node *scalar)
{
    static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
    static const char *const bools[] = { "true", "True", "TRUE", "false", "False", "FALSE" };
    struct text t = scalar->text;
    if (!scalar->plain)
        return YAML_TYPE_STRING;
    if (is_one_of(t, nulls, COUNT_OF(nulls)))
        return YAML_TYPE_NULL;
    if (is_one_of(t, bools, COUNT_OF(bools)))
        return YAML_TYPE_BOOL;
    if (is_not_finite(t))
        return YAML_TYPE_NOT_FINITE;
    return is_hex_number(t) ? YAML_TYPE_INT : decimal(t);
}

/* Behind `offset` value bytes of a plain or single-quoted scalar, where '' stands for one quote. */
static size_t offset_in_single(struct text source, size_t at, size_t offset, bool quoted)
{
    for (at += quoted; offset > 0 && at < source.n && source.p[at] != '\n'; offset--)
        at += quoted && source.p[at] == '\'' ? 2u : 1u;
    return at;
}

/* Value bytes that an escape like \x41 or \n in double quotes stands for are taken as one. */
static size_t offset_in_double(struct text source, size_t at, size_t offset)
{
    for (at += 1; offset > 0 && at < source.n && source.p[at] != '\n'; offset--) {
        if (source.p[at] != '\\' || at + 1 >= source.n) {
            at += 1;
            continue;
        }
        char c = source.p[at + 1];
        at += c == 'x' ? 4u : c == 'u' ? 6u : c == 'U' ? 10u : 2u;
    }
    return at;
}

static size_t next_line(struct text source, size_t at)
{
    struct text rest = text_from_index(source, at);
    size_t n = text_find_char(rest, '\n');
    return at + (n < rest.n ? n + 1 : n);
}

static size_t indentation(struct text source, size_t at)
{
    size_t n = 0;
    while (at + n < source.n && source.p[at + n] == ' ')
        n++;
    return n;
}

/* Literal block: line by line; the first line with text gives the indentation. */
static size_t offset_in_literal(struct text source, const struct yaml_node *scalar, size_t offset)
{
    size_t at = next_line(source, scalar->offset), indent = 0;
    struct text value = scalar->text;
    for (size_t line = at; line < source.n && indent == 0; line = next_line(source, line))
        indent = source.p[line] == ' ' ? indentation(source, line) : indent;
    size_t line_start = 0;
    for (size_t i = 0; i < offset && i < value.n; i++)
        if (value.p[i] == '\n')
            at = next_line(source, at), line_start = i + 1;
    size_t end = next_line(source, at);
    size_t place = at + indent + (offset - line_start);
    return place < end ? place : at;
}

size_t yaml_source_offset(const struct yaml_file *file, const struct yaml_node *scalar, size_t offset)
{
    struct text source = file->source;
    size_t at = scalar->offset;
    if (scalar->kind != YAML_SCALAR || at >= source.n || offset > scalar->text.n)
        return at;
    if (scalar->block)
        return source.p[at] == '|' ? offset_in_literal(source, scalar, offset) : at;
    size_t place;
    if (scalar->plain)
        place = offset_in_single(source, at, offset, false);
    else
        place = source.p[at] == '"' ? offset_in_double(source, at, offset)
                                    : offset_in_single(source, at, offset, true);
    bool folded = place < source.n && source.p[place] == '\n' && offset < scalar->text.n;
    return folded || place > source.n ? at : place;
}
