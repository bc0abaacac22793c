/*
 * search_screen.h - can anything in these bytes match?  Answered before any of them is decoded.
 *
 * Shape:   a match holds the pattern's needle.  Where the values of events stand in the bytes as they are shown, in
 *          UTF-16 or in one byte a character, the needle is looked for in the bytes.  Three kinds of text do not stand
 *          there: what is made of numbers, identifiers and times; values that are put together of several pieces, which
 *          the bytes betray (search_screen_joined); and the sentences and system texts of the catalog, which are held
 *          against the needle by themselves.
 * Source:  evtx-format: BinXML tokens.  Judged on the safe side: true when in doubt.
 * Threads: const once it is made.
 */
#ifndef EVSCAN_SEARCH_SEARCH_SCREEN_H
#define EVSCAN_SEARCH_SEARCH_SCREEN_H

#include "base/arena.h"

#define SCREEN_NEEDLE 64u /* characters of a needle that are looked for */

#define SCREEN_REFERENCES 65536u /* numbers that are told apart; higher ones, HRESULTs, always may match */

struct search_screen {
    bool blind; /* nothing is known: every event is looked at */
    char needle[SCREEN_NEEDLE]; /* ASCII, folded */
    size_t length, anchor;      /* anchor: the place of its rarest character */
    bool letters[128];          /* which of ASCII the whole needle has */
    bool references;            /* what some reference such as %%1753 stands for may match */
    uint64_t reference[SCREEN_REFERENCES / 64]; /* by number: which do */
    uint64_t reference_ends[SCREEN_REFERENCES / 64]; /* which do with the text behind them */
};

/* What a reference stands for, with any text around it where a reference can stand. */
enum screen_words {
    SCREEN_WORDS_NOT,
    SCREEN_WORDS_END,   /* may match together with text behind it */
    SCREEN_WORDS_MATCH, /* may match without */
};

void search_screen_init(struct search_screen *s, struct text needle);

/* False: no value of an event in these bytes matches, unless it is joined or comes from the catalog. */
bool search_screen_holds(const struct search_screen *s, struct bytes bytes);

/* How the needle may match words; both are folded. */
enum screen_words search_screen_words(struct text needle, struct text words);

/* What `number` stands for may match so. */
void search_screen_reference(struct search_screen *s, uint32_t number, enum screen_words words);

/* True when a reference that may match stands in these bytes. */
bool search_screen_refers(const struct search_screen *s, struct bytes bytes);

/* True when some value may be put together of pieces. */
bool search_screen_joined(struct bytes bytes);

/* True when a sentence with values in it may match although no value does: %1 stands for any text. */
bool search_screen_template(struct text needle, struct text folded_template);

#endif
