/*
 * strict_json.h - JSON as RFC 8259 has it, without blanks, in the one spelling that printing what was parsed gives.
 *
 * Shape:   one pass.  No object has a name twice; strings have the short escapes where JSON has them, \u00xx for other
 *          control characters and no other escape.
 * Limits:  nests no deeper than STRICT_JSON_DEPTH; the first STRICT_JSON_NAMES names are compared.
 */
#ifndef EVSCAN_FUZZ_STRICT_JSON_H
#define EVSCAN_FUZZ_STRICT_JSON_H

#include <string.h>

#include "base/utf.h"

#define STRICT_JSON_DEPTH 512u
#define STRICT_JSON_NAMES 1024u

struct strict_json {
    struct text in;
    size_t at;
    unsigned depth;
    struct text names[STRICT_JSON_NAMES]; /* of the objects that are open */
    size_t name_count;
};

static inline bool json_value(struct strict_json *j);

static inline char json_peek(const struct strict_json *j)
{
    return j->at < j->in.n ? j->in.p[j->at] : '\0';
}

static inline bool json_take(struct strict_json *j, char c)
{
    if (json_peek(j) != c || j->at >= j->in.n)
        return false;
    j->at++;
    return true;
}

static inline bool json_hex(struct strict_json *j, unsigned *ret)
{
    *ret = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        char c = json_peek(j);
        const char *digits = "0123456789abcdef", *found = c ? strchr(digits, c) : NULL;
        if (!found)
            return false;
        *ret = *ret * 16 + (unsigned)(found - digits);
    }
    return true;
}

/* Only control characters may come as \u: everything else stands for itself. */
static inline bool json_escape(struct strict_json *j)
{
    char c = json_peek(j);
    unsigned code;
    j->at++;
    if (c != 'u')
        return c && strchr("\"\\bfnrt", c);
    return json_hex(j, &code) && code < 0x20 && (code == 0 || !strchr("\b\f\n\r\t", (int)code));
}

static inline bool json_string(struct strict_json *j)
{
    if (!json_take(j, '"'))
        return false;
    while (j->at < j->in.n && json_peek(j) != '"') {
        char c = json_peek(j);
        j->at++;
        if ((unsigned char)c < 0x20 || (c == '\\' && !json_escape(j)))
            return false;
    }
    return json_take(j, '"');
}

/* A name that the object, whose names begin with number `first`, does not have yet. */
static inline bool json_name(struct strict_json *j, size_t first)
{
    size_t from = j->at;
    if (!json_string(j))
        return false;
    struct text name = { j->in.p + from, j->at - from };
    for (size_t i = first; i < j->name_count; i++)
        if (text_equal(j->names[i], name))
            return false;
    if (j->name_count < STRICT_JSON_NAMES)
        j->names[j->name_count++] = name;
    return json_take(j, ':');
}

static inline bool json_digits(struct strict_json *j)
{
    size_t before = j->at;
    while (json_peek(j) >= '0' && json_peek(j) <= '9')
        (void)json_take(j, json_peek(j));
    return j->at > before;
}

static inline bool json_number(struct strict_json *j)
{
    (void)json_take(j, '-');
    if (!json_take(j, '0') && !json_digits(j))
        return false;
    if (json_take(j, '.') && !json_digits(j))
        return false;
    if (!json_take(j, 'e') && !json_take(j, 'E'))
        return true;
    if (!json_take(j, '+'))
        (void)json_take(j, '-');
    return json_digits(j);
}

static inline bool json_word(struct strict_json *j, const char *word)
{
    for (; *word; word++)
        if (!json_take(j, *word))
            return false;
    return true;
}

static inline bool json_members(struct strict_json *j, bool object)
{
    char last = object ? '}' : ']';
    size_t first = j->name_count;
    if (json_take(j, last))
        return true;
    do {
        if (object && !json_name(j, first))
            return false;
        if (!json_value(j))
            return false;
    } while (json_take(j, ','));
    j->name_count = first;
    return json_take(j, last);
}

static inline bool json_nested(struct strict_json *j, bool object)
{
    if (++j->depth > STRICT_JSON_DEPTH)
        return false;
    bool sound = json_members(j, object);
    j->depth--;
    return sound;
}

static inline bool json_value(struct strict_json *j)
{
    switch (json_peek(j)) {
    case '{': return json_take(j, '{') && json_nested(j, true);
    case '[': return json_take(j, '[') && json_nested(j, false);
    case '"': return json_string(j);
    case 't': return json_word(j, "true");
    case 'f': return json_word(j, "false");
    case 'n': return json_word(j, "null");
    default:  return json_number(j);
    }
}

/* False when the line is not JSON, or not all of it is. */
static inline bool strict_json(struct text line)
{
    struct strict_json j = { .in = line };
    return utf8_valid(line) && json_value(&j) && j.at == line.n;
}

#endif
