/*
 * duplicates.h - the same record in two logs of one run: a log given under two names, exported twice, or exported
 *                beside the log it came from.
 *
 * Same:    node, channel, record id, time, and a checksum over all else that the event says in either format, .evt and
 *          .evtx.  Where a record stands and the number in its header do not count: an export writes them anew.  Nor does
 *          what an .evt record has no place for, such as its process.
 * Within:  one input nothing is a duplicate: logs that were joined hold a record twice, and both stay.
 * Limits:  as many events as fit into LIMIT_HIT_BYTES and LIMIT_THIN_BYTES.
 */
#ifndef EVSCAN_FINDING_DUPLICATES_H
#define EVSCAN_FINDING_DUPLICATES_H

#include "finding/partial.h"

struct duplicates;

/* Over all that counts, node and channel without case. */
uint64_t event_checksum(const struct event *e);

/* Room for `most` events. */
struct duplicates *duplicates_new(size_t most);
void duplicates_free(struct duplicates *d);

/*
 * True when an earlier call gave the same event of another input; else it is remembered.  The event must stay; of one that
 * was kept thin the checksum is that of the whole.
 */
bool duplicates_seen(struct duplicates *d, const struct event *event, uint64_t checksum,
                     const struct input_result *input);

#endif
