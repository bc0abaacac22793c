/*
 * The form syslog: a message a line, with its priority in front as `logger --prio-prefix` and systemd read it.  Each is
 * flushed by itself, so that a sink that sends has one message at a time.
 */
#include "report/messages.h"

static void line_begin(struct sink *sink, int priority)
{
    buf_add_format(&sink->text, "<%d>", priority);
}

static void line_end(struct sink *sink)
{
    buf_add_char(&sink->text, '\n');
    sink_flush(sink); /* that it failed is remembered */
}

static void remark(const struct messages *all, struct text words, struct sink *sink)
{
    line_begin(sink, REMARK_PRIORITY);
    if (all->cluster.n) {
        message_value(&sink->text, all->cluster, MESSAGE_NAME, '\0');
        buf_add_c(&sink->text, ": ");
    }
    message_value(&sink->text, words, MESSAGE_WORDS, '\0');
    line_end(sink);
}

static void syslog_write(const struct report *r, const struct report_options *options, struct sink *sink)
{
    struct arena arena;
    UNUSED(options);
    arena_init(&arena);
    struct messages all = messages_of(&arena, r);
    for (size_t i = 0; i < all.count; i++) {
        line_begin(sink, message_priority(&all.items[i]));
        message_line(&sink->text, &all, &all.items[i]);
        line_end(sink);
    }
    for (size_t i = 0; i < all.remark_count; i++)
        remark(&all, all.remarks[i], sink);
    arena_done(&arena);
}

const struct report_form report_syslog = { .name = "syslog", .socket = "/dev/log", .write = syslog_write };
