#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "form/escape.h"

static bool write_all(int fd, struct text t)
{
    while (t.n) {
        ssize_t done = write(fd, t.p, t.n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        t = text_from_index(t, (size_t)done);
    }
    return true;
}

bool output_write(struct text t)
{
    if (write_all(STDOUT_FILENO, t))
        return true;
    output_error("standard output: %s; the output is not complete", strerror(errno));
    return false;
}

void output_message(struct text t)
{
    /* Nothing is left to tell the user by when standard error fails. */
    if (!write_all(STDERR_FILENO, t))
        errno = 0;
}

void output_error(const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct buf out;
    buf_init(&out);
    buf_add_c(&out, "evscan: ");
    /* File names can hold anything. */
    if (n > 0)
        escape_terminal(&out, text_from(line));
    buf_add_char(&out, '\n');
    output_message(buf_text(&out));
    buf_done(&out);
}

unsigned output_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool output_is_log(const char *path)
{
    char head[8];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool whole = fd >= 0 && read(fd, head, sizeof head) == sizeof head;
    if (fd >= 0)
        close(fd);
    if (!whole || (memcmp(head, "ElfFile", 8) != 0 && memcmp(head + 4, "LfLe", 4) != 0))
        return false;
    output_error("%s: this is an event log, which is never replaced", path);
    return true;
}
