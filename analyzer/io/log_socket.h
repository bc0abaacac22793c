/*
 * log_socket.h - the socket of a log daemon on this machine: messages go there, each whole or not at all.
 *
 * Why not syslog(3) and sd_journal_send(3): neither says that nobody listens (the first has no result, the second
 * succeeds when there is no journal), and news that nobody got must not be remembered as told; neither takes
 * another socket, so a container or a test could not have one.  What they would save is one sendto.
 *
 * Source:  syslog(3) and systemd's "Native Journal Protocol": one datagram a message.  Some syslog daemons listen on a
 *          stream; a message then ends with a NUL, as that of syslog(3) does.
 * Owns:    the descriptor, from log_socket_open until log_socket_close.
 * Limits:  a daemon that takes nothing for LOG_SOCKET_SECONDS has failed.
 * Errors:  errno values, 0 when all is well.
 * Threads: one.
 */
#ifndef EVSCAN_IO_LOG_SOCKET_H
#define EVSCAN_IO_LOG_SOCKET_H

#include "base/attr.h"
#include "base/bytes.h"

#define LOG_SOCKET_SECONDS 10

struct log_socket {
    const char *path; /* borrowed */
    int fd;
    bool stream;
};

/* ENAMETOOLONG: no socket can be called that.  With an error nothing has to be closed. */
int log_socket_open(struct log_socket *s, const char *path) MUST_USE;

/* A daemon that was restarted meanwhile is found again. */
int log_socket_send(struct log_socket *s, struct text message) MUST_USE;

void log_socket_close(struct log_socket *s);

#endif
