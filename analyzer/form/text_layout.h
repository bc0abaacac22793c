/*
 * text_layout.h - paragraphs for a terminal: wrapped by display width, with hanging indents.
 *
 * Shape:   a paragraph is begun, gets pieces, and is ended; then it is wrapped into the output.  Pieces
 * follow each other without a gap. Breaks:  at blanks and beside East Asian wide characters.  A quoted or
 * backquoted phrase and a path or registry key with blanks in it stay whole when they fit on a line.  What
 * has no blank may stand over the edge: a key or a command that is torn cannot be copied. Safety:  every
 * piece passes escape_terminal; the only control characters in the output are line ends and the colour
 * sequences made here. Owns:    the paragraph in the making (layout_done frees it); the output belongs to the
 * caller.
 */
#ifndef EVSCAN_FORM_TEXT_LAYOUT_H
#define EVSCAN_FORM_TEXT_LAYOUT_H

#include "base/buf.h"

enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_BAD, STYLE_WARN, STYLE_GOOD, STYLE_COMMAND };

struct layout {
    struct buf *out;
    unsigned width; /* columns */
    bool colour;
    unsigned first, hang; /* indent of the first and of the further lines of the paragraph */
    unsigned column;      /* columns of the paragraph so far, as if it were one line, without indent */
    struct buf line;      /* the paragraph, escaped */
};

void layout_init(struct layout *l, struct buf *out, unsigned width, bool colour);
void layout_done(struct layout *l);

void layout_begin(struct layout *l, unsigned first, unsigned hang);
void layout_words(struct layout *l, enum style style, struct text t);
void layout_whole(struct layout *l, enum style style, struct text t);   /* one word, if it fits on a line */
void layout_pad(struct layout *l,
                unsigned column); /* blanks up to this column of the first line, at least one */
void layout_end(struct layout *l);

/* An empty line, unless the output is empty or already ends in one. */
void layout_blank(struct layout *l);

/*
 * `marker` ("1. ", "* ") at `indent` and the text hung behind it.  Line ends within `t` are kept: each line
 * is a paragraph of its own under the first.  Nothing at all when `t` is empty.
 */
void layout_item(struct layout *l, unsigned indent, const char *marker, enum style style, struct text t);

/* Display width of a text once it is escaped. */
unsigned text_columns(struct text t);

/* The text cut to `columns` of display width, with "..." where something is missing; appended escaped. */
void text_cut(struct buf *out, struct text t, unsigned columns);

/* The same with the beginning and the end kept: names of nodes begin alike and differ in their last letters. */
void text_cut_middle(struct buf *out, struct text t, unsigned columns);

#endif
