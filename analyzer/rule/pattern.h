/*
 * pattern.h - Sigma strings: escapes and wildcards read once, then bytes with marks, then segments to search.
 *
 * Shape:   in a marked string the bytes 0xFD..0xFF, which no UTF-8 text contains, stand for wildcards; adding
 * one never touches an escape.  A pattern is the marked string cut at its stars. Source:  man/evscan-rules.5,
 * VALUES. Case:    a pattern that is not cased is folded with fold.h and is to be given folded text.
 */
#ifndef EVSCAN_RULE_PATTERN_H
#define EVSCAN_RULE_PATTERN_H

#include "base/arena.h"
#include "base/buf.h"

#define MARK_ANY  '\xFF' /* any number of characters */
#define MARK_ONE  '\xFE' /* exactly one character */
#define MARK_DASH '\xFD' /* one of - / U+2013 U+2014 U+2015 */

/* A run of characters without a star; each of them, marks too, stands for exactly one character of the text.
 */
struct segment {
    struct text bytes;
    uint32_t characters;
    bool marked; /* holds MARK_ONE or MARK_DASH */
};

struct pattern {
    const struct segment *segments;
    uint32_t count;
    bool open_start, open_end; /* a star there */
    bool cased;
    bool exact; /* one segment, no marks, closed at both ends */
};

/* Resolves escapes and wildcards of a Sigma string and appends it as a marked string. */
void sigma_string_parse(struct text t, struct buf *out);

bool marked_has_wildcards(struct text marked); /* MARK_ANY or MARK_ONE */

/* With a star at an end, unless it has one. */
struct text marked_open(struct arena *arena, struct text marked, bool start, bool end);

/* Every dash or slash that starts a flag becomes a MARK_DASH. */
struct text marked_windash(struct arena *arena, struct text marked);

/* The five spellings that MARK_DASH stands for. */
#define DASH_COUNT 5
extern const struct text dash_spellings[DASH_COUNT];

/* Cuts the marked string into segments, folded unless `cased`. */
void pattern_compile(struct arena *arena, struct text marked, bool cased, struct pattern *ret);

/* Longest segment with marks: it is searched place by place. */
size_t pattern_longest_marked(const struct pattern *p);

bool pattern_matches(const struct pattern *p, struct text t);

#endif
