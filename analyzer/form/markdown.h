/*
 * markdown.h - text as it stands inside of Markdown, whatever dialect a ticket system speaks.
 *
 * Safety:  nothing of it becomes markup, HTML, a link or a mention of a person; what a terminal must not get is escaped
 *          (escape_terminal), so it is always one line.
 * Owns:    nothing; it appends to the caller's buffer.
 */
#ifndef EVSCAN_FORM_MARKDOWN_H
#define EVSCAN_FORM_MARKDOWN_H

#include "base/buf.h"

/* Prose, behind something else on its line: at the begin of a line "- " or "1." would still be a list. */
void markdown_text(struct buf *out, struct text t);

/* A code span: for names and values from logs.  Not for cells of tables, which a bar would end. */
void markdown_code(struct buf *out, struct text t);

#endif
