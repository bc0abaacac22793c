/*
 * evt_channel.h - which log is it?  The file does not say.
 *
 * Shape:   1. the name of the file, as event/event_classic.h reads it.
 *          2. the first record whose source writes to one log only, as far as one look reaches.  Such sources are those
 *             that Windows itself registers below EventLog\System, \Application or \Security; the list is short on
 *             purpose: names that other makers use as well are not in it.
 *          3. otherwise "".  Rules that name a channel then do not fit; rules that name a provider do.
 */
#ifndef EVSCAN_EVT_EVT_CHANNEL_H
#define EVSCAN_EVT_EVT_CHANNEL_H

#include "evt/evt_ring.h"

/* "Application", "Security", "System" or "". */
struct text evt_channel_of_records(struct evt_ring *ring, uint64_t place);

#endif
