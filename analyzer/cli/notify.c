#include "cli/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text_join.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "form/escape.h"
#include "io/interrupt.h"
#include "report/messages.h"
#include "report/open_troubles.h"

#define NOTIFY_TEST_TEXT "This is a test of evscan --notify-exec. No log was read and nothing was found.\n"

bool notify_check(const struct notify_options *options, struct text *error)
{
    if (options->test && !options->command)
        *error = TEXT("--notify-test needs --notify-exec COMMAND");
    return !options->test || options->command;
}

/* One value: on one line, and nothing in it that moves a cursor or ends the header of a mail. */
static bool tell(const char *name, struct text value)
{
    struct buf clean;
    buf_init(&clean);
    if (value.n > NOTIFY_VALUE_MAX)
        for (value.n = NOTIFY_VALUE_MAX; value.n && ((unsigned char)value.p[value.n] & 0xC0) == 0x80;)
            value.n--;
    escape_terminal(&clean, value);
    buf_add_char(&clean, '\0');
    bool told = setenv(name, clean.p, 1) == 0;
    buf_done(&clean);
    return told;
}

static bool tell_number(const char *name, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    return tell(name, text_from(digits));
}

/* What the report tells first: its first diagnosis, else the gravest findings.  NULL: neither is there. */
static const struct open_trouble *first_of(const struct open_troubles *all, const struct report *r)
{
    for (size_t i = 0; r->diagnoses->count && i < all->count; i++)
        if (all->items[i].diagnosis && text_equal(all->items[i].what, r->diagnoses->items[0].article->id))
            return &all->items[i];
    return all->count ? &all->items[0] : NULL;
}

/* What a command is told of one thing. */
struct subject {
    struct text article, rule, title, nodes, spread;
    const char *confidence;
};

static struct text names_of(struct arena *arena, const struct text *nodes, size_t count)
{
    struct text names = TEXT("");
    size_t room = 0;
    for (size_t i = 0; i < count && names.n <= NOTIFY_VALUE_MAX; i++) {
        names = i ? text_join(arena, names, &room, TEXT(" ")) : names;
        names = i ? text_join(arena, names, &room, nodes[i]) : nodes[i];
    }
    return names;
}

static struct subject subject_of_trouble(struct arena *arena, const struct open_trouble *t)
{
    return (struct subject){ .article = t->diagnosis ? t->what : TEXT(""), .rule = t->diagnosis ? TEXT("") : t->what,
                             .title = t->title, .nodes = names_of(arena, t->nodes, t->node_count),
                             .confidence = t->diagnosis ? t->confidence : "" };
}

/* Where what the report tells first has spread to since the last run. */
static struct text spread_of(struct arena *arena, const struct report *r, const struct open_trouble *t)
{
    for (size_t i = 0; r->news && i < r->news->told; i++) {
        const struct report_news_item *item = &r->news->items[i];
        if (item->spread_count && text_equal(item->what, t->what) && item->node_count == t->node_count &&
            text_equal(item->nodes[0], t->nodes[0]))
            return names_of(arena, item->spread, item->spread_count);
    }
    return TEXT("");
}

/* News that no log of this run shows: what is gone, a node that is missing, a reminder. */
static struct subject subject_of_item(struct arena *arena, const struct report_news_item *item)
{
    struct text nodes = names_of(arena, item->nodes, item->node_count);
    struct text title = item->missing ? text_keep_format(arena, "no log of %.*s", TEXT_ARG(nodes)) : item->title;
    return (struct subject){ .article = item->confidence ? item->what : TEXT(""),
                             .rule = item->confidence ? TEXT("") : item->what,
                             .title = text_keep_format(arena, "%s%.*s", item->reason.n ? "gone: " : "", TEXT_ARG(title)),
                             .nodes = nodes,
                             .confidence = item->confidence ? item->confidence : "" };
}

/* Without a trouble: what happened to logs, or what kept the run from its work.  There is always something to read. */
static struct subject subject_of_rest(struct arena *arena, const struct report *r, const struct messages *all)
{
    struct subject s = { .confidence = "" };
    if (all->remark_count > 1)
        s.title = text_keep_format(arena, "%.*s (and %zu more)", TEXT_ARG(all->remarks[0]), all->remark_count - 1);
    else if (all->remark_count)
        s.title = all->remarks[0];
    else
        s.title = r->mistakes ? TEXT("not all rules could be used") : TEXT("nothing found, but not all could be done");
    if (r->missing_count)
        s.nodes = names_of(arena, r->missing, r->missing_count);
    return s;
}

static struct subject subject_of(struct arena *arena, const struct report *r, const struct open_trouble *first)
{
    if (first) {
        struct subject s = subject_of_trouble(arena, first);
        s.spread = spread_of(arena, r, first);
        return s;
    }
    struct messages all = messages_of(arena, r);
    return all.count ? subject_of_item(arena, &all.items[0]) : subject_of_rest(arena, r, &all);
}

static bool tell_subject(const struct subject *s)
{
    return tell("EVSCAN_ARTICLE", s->article) && tell("EVSCAN_RULE", s->rule) && tell("EVSCAN_TITLE", s->title) &&
           tell("EVSCAN_CONFIDENCE", text_from(s->confidence)) && tell("EVSCAN_NODES", s->nodes) &&
           tell("EVSCAN_SPREAD", s->spread);
}

/* What is told is what the report shows, also when more is open. */
static bool tell_report(struct arena *arena, const struct report *r, int status)
{
    struct report shown = *r;
    shown.news = NULL;
    struct open_troubles all = open_troubles_of(arena, &shown);
    struct subject subject = subject_of(arena, r, first_of(&all, r));
    return tell("EVSCAN_TEST", TEXT("0")) && tell_number("EVSCAN_STATUS", (uint64_t)status) &&
           tell("EVSCAN_CLUSTER", r->news ? r->news->cluster : TEXT("")) &&
           tell_number("EVSCAN_NEWS", r->news ? r->news->told : all.count) &&
           tell_number("EVSCAN_DIAGNOSES", r->diagnoses->count) &&
           tell_number("EVSCAN_FINDINGS", all.count - r->diagnoses->count) && tell_subject(&subject);
}

/* The same names, so that a command that works in a test works at night. */
static bool tell_test(void)
{
    const struct subject subject = { .title = TEXT("a test of evscan --notify-exec"), .confidence = "" };
    return tell("EVSCAN_TEST", TEXT("1")) && tell_number("EVSCAN_STATUS", 0) && tell("EVSCAN_CLUSTER", TEXT("")) &&
           tell_number("EVSCAN_NEWS", 0) && tell_number("EVSCAN_DIAGNOSES", 0) &&
           tell_number("EVSCAN_FINDINGS", 0) && tell_subject(&subject);
}

static bool write_file(void *ctx, struct text t)
{
    return fwrite(t.p, 1, t.n, ctx) == t.n;
}

/* In a group of its own, so that all of it can be ended; it gets no file of ours but its three, and no zone of ours. */
static int start(const char *command, struct arena *arena, int input, pid_t *pid)
{
    char *line[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "--" }, (char *)(uintptr_t)command, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t about;
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE); /* evscan itself ignores it, and that would be inherited */
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&about);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    if (input > STDERR_FILENO)
        posix_spawn_file_actions_addclose(&files, input);
    posix_spawnattr_setflags(&about, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&about, &usual);
    signal(SIGCHLD, SIG_DFL); /* who started evscan may have it ignored: then nobody learns how a child ended */
    int error = posix_spawn(pid, "/bin/sh", &files, &about, line, zone_environment(arena));
    posix_spawnattr_destroy(&about);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/* "": it ended by itself.  Else it was killed, and why. */
static struct text wait_for(pid_t pid, unsigned seconds, struct arena *arena, int *ended)
{
    bool before = interrupt_asked(); /* a scan that was interrupted tells what it read until then */
    const struct timespec step = { .tv_nsec = 10000000 };
    struct timespec began, now;
    clock_gettime(CLOCK_MONOTONIC, &began);
    while (waitpid(pid, ended, WNOHANG) == 0) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        bool late = now.tv_sec - began.tv_sec > (time_t)seconds;
        if (late || interrupt_asked() != before) {
            kill(-pid, SIGKILL);
            waitpid(pid, ended, 0);
            return late ? text_keep_format(arena, "not done after %u seconds", seconds) : TEXT("interrupted");
        }
        nanosleep(&step, NULL);
    }
    return TEXT("");
}

static bool run(const struct notify_options *options, struct arena *arena, int input)
{
    pid_t pid;
    int ended = 0, error = start(options->command, arena, input, &pid);
    struct text killed = error ? TEXT("") : wait_for(pid, options->seconds, arena, &ended);
    if (error)
        output_error("--notify-exec: /bin/sh: %s", strerror(error));
    else if (killed.n)
        output_error("--notify-exec: %.*s, and ended: %s", TEXT_ARG(killed), options->command);
    else if (WIFSIGNALED(ended))
        output_error("--notify-exec: ended by signal %d: %s", WTERMSIG(ended), options->command);
    else if (WEXITSTATUS(ended))
        output_error("--notify-exec: ended with status %d: %s", WEXITSTATUS(ended), options->command);
    else
        return true;
    return false;
}

/* `written`: all of the message is in the file. */
static bool send_file(const struct notify_options *options, struct arena *arena, FILE *file, bool written)
{
    if (written && fflush(file) == 0 && lseek(fileno(file), 0, SEEK_SET) == 0)
        return run(options, arena, fileno(file));
    output_error("--notify-exec: the report for it cannot be written: %s", strerror(errno));
    return false;
}

static FILE *file_new(void)
{
    FILE *file = tmpfile(); /* a pipe would fill up when nobody reads it */
    if (!file)
        output_error("--notify-exec: a temporary file: %s", strerror(errno));
    return file;
}

bool notify_send(const struct notify_options *options, const struct reporting *reporting, int status)
{
    FILE *file = options->command ? file_new() : NULL;
    struct report_options how = reporting_plain(reporting);
    struct arena arena;
    struct sink sink;
    if (!file)
        return !options->command;
    arena_init(&arena);
    sink_init(&sink, write_file, file);
    report_text.write(reporting->report, &how, &sink);
    bool sent = send_file(options, &arena, file, sink_flush(&sink) && tell_report(&arena, reporting->report, status));
    sink_done(&sink);
    arena_done(&arena);
    fclose(file);
    return sent;
}

bool notify_result(const struct notify_options *options, const struct reporting *reporting, int status)
{
    return status == EXIT_NOTHING_FOUND || notify_send(options, reporting, status);
}

bool notify_send_test(const struct notify_options *options)
{
    FILE *file = file_new();
    struct arena arena;
    if (!file)
        return false;
    arena_init(&arena);
    bool sent = send_file(options, &arena, file, write_file(file, TEXT(NOTIFY_TEST_TEXT)) && tell_test());
    arena_done(&arena);
    fclose(file);
    return sent;
}
