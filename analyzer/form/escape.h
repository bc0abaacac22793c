/*
 * escape.h - text from logs on its way out: one function per sink.
 */
#ifndef EVSCAN_FORM_ESCAPE_H
#define EVSCAN_FORM_ESCAPE_H

#include "base/buf.h"

/*
 * For terminals: control characters (C0, DEL, C1), bidirectional controls and invalid UTF-8 become visible escapes
 * (\x1b, \u202e, \xff); tabs and line ends become one blank.
 */
void escape_terminal(struct buf *out, struct text t);

/* For HTML text and quoted attributes: what a terminal must not get, and < > & " '. */
void escape_html(struct buf *out, struct text t);

/* A JSON string with its quotes.  Invalid UTF-8 becomes U+FFFD; control characters become \u00XX. */
void escape_json(struct buf *out, struct text t);

#endif
