#define _DEFAULT_SOURCE /* tm_gmtoff */
#include "cli/log_place.h"

#include <time.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/output.h"

/* By their numbers (RFC 5424, 6.2.1). */
static const char *const facilities[] = {
    "kern", "user",   "mail",   "daemon", "auth",   "syslog", "lpr",    "news",   "uucp",   "cron", "authpriv", "ftp",
    "ntp",  "audit",  "alert",  "clock",  "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7", NULL
};

#define DAEMON 3

static bool facility_parse(struct arena *arena, struct text name, unsigned *ret, struct text *error)
{
    const char *nearest = word_nearest(text_keep(arena, name).p, facilities);
    for (unsigned i = 0; facilities[i]; i++)
        if (text_equal_nocase(name, text_from(facilities[i]))) {
            *ret = i;
            return true;
        }
    *error = text_keep_format(arena, "--output syslog:%.*s: there is no facility of that name; %s%s", TEXT_ARG(name),
                              nearest ? "did you mean " : "for example daemon or local0; a socket has a slash in it",
                              nearest ? nearest : "");
    return false;
}

static long offset_here(void)
{
    struct tm local;
    time_t now = time(NULL);
    return localtime_r(&now, &local) ? local.tm_gmtoff : 0;
}

bool log_place_parse(struct arena *arena, const struct report_form *form, const char *given, struct log_place *ret,
                     struct text *error)
{
    struct text all = text_from(given);
    size_t at = text_find_char(all, '@'), slash = text_find_char(all, '/');
    struct text facility = { given, at < slash ? at : slash < all.n ? 0 : all.n };
    const char *path = facility.n < all.n ? given + facility.n + (at < slash) : "";
    *ret = (struct log_place){ .path = *path ? path : form->socket, .facility = DAEMON, .offset = offset_here() };
    ret->plain = form != &report_syslog;
    ret->socket.fd = -1;
    if (ret->plain && facility.n) {
        *error = text_keep_format(arena, "--output %s:%s: %s takes no facility; what may stand there is a socket, with "
                                  "a slash in it", form->name, given, form->name);
        return false;
    }
    return !facility.n || facility_parse(arena, facility, &ret->facility, error);
}

static bool failed(const struct log_place *place, int error)
{
    if (error)
        output_error("%s: cannot write to the system's log: %s", place->path, strerror(error));
    return error != 0;
}

bool log_place_open(struct log_place *place)
{
    return !failed(place, log_socket_open(&place->socket, place->path));
}

/* "<27>Nov 21 18:45:27 evscan[4711]: .." as syslog(3) writes it, local time and all: daemons know local messages so. */
static void header_put(struct buf *out, const struct log_place *place, unsigned priority)
{
    char when[32];
    struct tm now;
    time_t t = time(NULL) + place->offset;
    bool known = gmtime_r(&t, &now) && strftime(when, sizeof when, "%b %e %T", &now);
    buf_add_format(out, "<%u>%s evscan[%d]: ", place->facility << 3 | priority, known ? when : "Jan  1 00:00:00",
                   (int)getpid());
}

/* The form's line is "<4>words" and a line end. */
static struct text as_syslog(struct buf *out, const struct log_place *place, struct text line)
{
    size_t words = text_find_char(line, '>') + 1;
    header_put(out, place, (unsigned)(line.p[1] - '0'));
    buf_add(out, text_trim(text_from_index(line, words)));
    return buf_text(out);
}

bool log_place_send(struct log_place *place, struct text message)
{
    struct buf line;
    buf_init(&line);
    struct text t = place->plain ? message : as_syslog(&line, place, message);
    int error = log_socket_send(&place->socket, t);
    buf_done(&line);
    return !failed(place, error);
}

void log_place_close(struct log_place *place)
{
    log_socket_close(&place->socket);
}
