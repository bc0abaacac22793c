/*
 * csv.h - cells of a table for spreadsheets: RFC 4180, one line a row, and nothing that a spreadsheet would calculate.
 *
 * Shape:   the caller puts the commas between the cells; csv_end ends a row.
 * Safety:  a cell that begins like a formula gets an apostrophe in front; control characters, bidirectional controls
 *          and bad UTF-8 are visible escapes, tabs and line ends are blanks (escape_terminal).
 * Owns:    nothing; it appends to the caller's buffers.
 */
#ifndef EVSCAN_FORM_CSV_H
#define EVSCAN_FORM_CSV_H

#include "base/buf.h"

/* A text from a log or a file name; `scratch` is emptied and used. */
void csv_text(struct buf *out, struct buf *scratch, struct text t);

/* The same from text that passed escape_terminal already. */
void csv_escaped(struct buf *out, struct text cell);

/* CR LF, as the RFC has it. */
void csv_end(struct buf *out);

#endif
