/*
 * log_walk.h - every event of one log, one after the other, in the calling thread.
 *
 * For tools that look at a few logs and ask something of each event.  Whoever reads many logs fast: scan/scan.h.
 */
#ifndef EVSCAN_CLI_LOG_WALK_H
#define EVSCAN_CLI_LOG_WALK_H

#include "event/event_source.h"

enum log_walked {
    LOG_WALKED,     /* damage or not: every event that could be read was given to the sink */
    LOG_NOT_A_LOG,  /* nothing in the file looks like an event record */
    LOG_UNREADABLE, /* errno says why */
};

enum log_walked log_walk(const char *path, const struct event_sink *sink) MUST_USE;

#endif
