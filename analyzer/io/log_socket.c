#include "io/log_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* 0 or errno. */
static int connect_as(struct log_socket *s, int type)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    const struct timeval patience = { .tv_sec = LOG_SOCKET_SECONDS };
    size_t n = strlen(s->path);
    if (n >= sizeof to.sun_path)
        return ENAMETOOLONG;
    memcpy(to.sun_path, s->path, n);
    s->fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return errno;
    s->stream = type == SOCK_STREAM;
    if (setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
        connect(s->fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return 0;
    int error = errno;
    log_socket_close(s);
    return error;
}

int log_socket_open(struct log_socket *s, const char *path)
{
    *s = (struct log_socket){ .path = path, .fd = -1 };
    int error = connect_as(s, SOCK_DGRAM);
    return error == EPROTOTYPE ? connect_as(s, SOCK_STREAM) : error;
}

static int send_all(const struct log_socket *s, struct text t)
{
    while (t.n) {
        ssize_t sent = send(s->fd, t.p, t.n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN ? ETIMEDOUT : errno;
        t = text_from_index(t, (size_t)sent);
    }
    return 0;
}

static int message_send(const struct log_socket *s, struct text message)
{
    int error = send_all(s, message);
    return error || !s->stream ? error : send_all(s, (struct text){ "", 1 });
}

/* Whoever listened is gone; perhaps somebody does again. */
static bool is_hung_up(int error)
{
    return error == ECONNREFUSED || error == ECONNRESET || error == ENOTCONN || error == EPIPE;
}

int log_socket_send(struct log_socket *s, struct text message)
{
    int error = message_send(s, message);
    if (!is_hung_up(error))
        return error;
    log_socket_close(s);
    error = log_socket_open(s, s->path);
    return error ? error : message_send(s, message);
}

void log_socket_close(struct log_socket *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}
