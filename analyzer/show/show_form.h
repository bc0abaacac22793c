/*
 * show_form.h - one event in a form made from its fields; for the files of this room.
 */
#ifndef EVSCAN_SHOW_SHOW_FORM_H
#define EVSCAN_SHOW_SHOW_FORM_H

#include "show/show.h"

#define SHOW_REMARKS 8 /* a source, all marks and the options' own */

/* Words for what an event's document does not say, such as "slack"; returns how many. */
size_t show_remarks(const struct show_options *options, enum event_source source, uint32_t marks,
                    const char *ret[SHOW_REMARKS]);

/* What surrounds the events.  `between` stands in front of each; the first of all leaves out `skip` bytes of it. */
struct show_frame {
    const char *before, *between, *after;
    size_t skip;
};

extern const struct show_frame show_frames[]; /* by enum show_form */

/* What a sink is to be given for a form. */
enum event_form show_needs(enum show_form form);

/*
 * An event in the form of the options, without what stands between events: from its fields, or completed from what a
 * sink's `lines` ends with.
 */
void show_fields(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out);
void show_rendered(const struct show_options *options, const struct event_about *about, struct text rendered,
                   struct buf *out);

/* `scratch` is a worker's own. */
void show_text(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out);
void show_csv(const struct show_options *options, const struct event *e, struct buf *scratch, struct buf *out);

extern const char show_csv_head[];

#endif
