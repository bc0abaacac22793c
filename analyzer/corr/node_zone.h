/*
 * node_zone.h - what the clock of a node on the wall showed: its offset from UTC, as far as its log tells it.
 *
 * Source:  EventLog 6013 ("The system uptime is .."), from Windows 2000 on: %5 the seconds since the start, %7 the minutes
 *          that standard time is behind UTC, and the name of the zone.  Seen in logs: these minutes are those of standard time
 *          in summer as well ("300 Eastern Standard Time" in April), so alone they tell the offset of no moment.  But
 *          beside the one after a start, the service writes the event at noon of the local time (16:00 UTC in that April):
 *          that tells whether it was summer time.
 *          Microsoft-Windows-Kernel-General 24, from Windows 10 on: CurrentBias, the minutes behind UTC at that moment.
 * Shape:   steps of node.zone: each holds until the next one.  At a change of the clock between two of them the earlier
 *          one is taken, with its label: the moment is right, the clock on the wall may have been put forward already.
 */
#ifndef EVSCAN_CORR_NODE_ZONE_H
#define EVSCAN_CORR_NODE_ZONE_H

#include "corr/timeline.h"

/* Fills the zones of all nodes; the nodes of the hits must be known. */
void node_zones_find(struct arena *arena, struct timeline *t);

/*
 * What is said of several nodes at once: the offsets that all of them had, when the logs of all tell them and they agree
 * (within a day, because logs tell it once a day); else UTC.
 */
struct zone node_zones_common(const struct timeline *t);

/* The zone asked for, or, when that is "node", the node's own. */
const struct zone *node_zone(const struct zone *asked, const struct node *node);
const struct zone *node_zone_named(const struct zone *asked, const struct timeline *t, struct text computer);

#endif
