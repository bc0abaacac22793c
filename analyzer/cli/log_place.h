/*
 * log_place.h - a report that goes to the system's log: `--output syslog:local0`, `--output journald:`.
 *
 * Shape:   behind the colon stands a facility (syslog only), or a socket with a slash in it, or FACILITY@SOCKET, or
 *          nothing: the socket of this machine and the facility daemon.  The socket is connected before anything is
 *          read.
 * Errors:  said on standard error.
 */
#ifndef EVSCAN_CLI_LOG_PLACE_H
#define EVSCAN_CLI_LOG_PLACE_H

#include "io/log_socket.h"
#include "report/report.h"

struct log_place {
    const char *path;
    unsigned facility;
    bool plain; /* messages go as they are: they are no lines of syslog */
    long offset; /* seconds east of UTC, where this machine is */
    struct log_socket socket;
};

/*
 * What stands behind the colon.  False with what is wrong in `error`.  Ask before zone_parse, which may change what is
 * local time in this process.
 */
bool log_place_parse(struct arena *arena, const struct report_form *form, const char *given, struct log_place *ret,
                     struct text *error) MUST_USE;

bool log_place_open(struct log_place *place) MUST_USE;

/* One message of the form.  False, said, when it did not get there. */
bool log_place_send(struct log_place *place, struct text message) MUST_USE;

void log_place_close(struct log_place *place);

#endif
