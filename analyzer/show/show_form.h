/*
 * show_form.h - one event in a form made from its fields; for the files of this room.
 */
#ifndef EVSCAN_SHOW_SHOW_FORM_H
#define EVSCAN_SHOW_SHOW_FORM_H

#include "show/show.h"

#define SHOW_REMARKS 8 /* a source and all marks */

/* Words for what an event's document does not say, such as "slack"; returns how many. */
size_t show_remarks(enum event_source source, uint32_t marks, const char *ret[SHOW_REMARKS]);

/* `scratch` is a worker's own. */
void show_text(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out);
void show_csv(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out);

extern const char show_csv_head[];

#endif
