#include "cli/inputs.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/codepage.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/path_hint.h"
#include "cli/shipped.h"
#include "form/zone_names.h"

unsigned threads_default(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > 8 ? 8 : (unsigned)processors;
}

bool codepage_parse(struct arena *arena, const char *given, struct text *error)
{
    if (!given || codepage_choose(given))
        return true;
    *error = text_keep_format(arena, "--codepage %s: no code page of one or two bytes a character is known by that "
                              "name here; for example windows-1251 or 932", given);
    return false;
}

/* "+02:00", also when it was given as +2. */
static const char *offset_name(struct arena *arena, const struct zone *z)
{
    char room[TIME_ISO_ROOM];
    return text_keep(arena, zone_label(z, 0, room)).p;
}

bool zone_choose(struct arena *arena, const char *given, struct zone *ret, struct text *error)
{
    *ret = (struct zone){ 0 };
    if (!given)
        return true;
    bool known = zone_parse(given, ret);
    if (known && !ret->system && ret->seconds)
        ret->name = offset_name(arena, ret);
    if (known)
        return true;
    struct text meant = zone_meant(arena, text_from(given));
    *error = text_keep_format(arena, "--tz %s: no time zone of that name here%s%.*s%s names are such as Europe/Berlin or "
                              "W. Europe Standard Time, and an offset such as +02:00 always works", given,
                              meant.n ? "; did you mean " : "", TEXT_ARG(meant), meant.n ? "?  Else" : ";");
    return false;
}

void inputs_collect(const struct option_list *arguments, struct arena *arena, struct path_list *ret)
{
    *ret = (struct path_list){ 0 };
    for (size_t i = 0; i < arguments->count; i++)
        paths_add(ret, arena, arguments->items[i], NULL);
    paths_finish(ret, arena);
}

/* What was looked for, so that the reader sees what he expected to be found. */
static void no_logs_explain(const struct option_list *arguments, size_t not_logs)
{
    const char *more = arguments->count > 1 ? " .." : "";
    if (!not_logs) {
        output_error("%s%s: no event logs there, nor any other file, in it or below", arguments->items[0], more);
        return;
    }
    output_error("%s%s: no event logs there; of %zu file%s none is an .evt or .evtx log by its content, and none is "
                 "named *.evt or *.evtx", arguments->items[0], more, not_logs, not_logs == 1 ? "" : "s");
    output_error("folders below were searched too; archives (.zip, .gz, .cab, .7z) are not opened: unpack them first");
}

/* The inputs that gave nothing for one reason, in their order. */
struct unread {
    struct text reason, *paths;
    size_t count, capacity;
};

struct unread_list {
    struct unread *items;
    size_t count, capacity;
};

/* There are as many reasons as notices and errors of the system: few. */
static void unread_add(struct unread_list *list, struct arena *arena, struct text reason, struct text path)
{
    size_t at = 0;
    while (at < list->count && !text_equal(list->items[at].reason, reason))
        at++;
    if (at == list->count) {
        list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
        list->items[list->count++] = (struct unread){ .reason = reason };
    }
    struct unread *u = &list->items[at];
    u->paths = arena_grow(arena, u->paths, u->count, &u->capacity, sizeof *u->paths);
    u->paths[u->count++] = path;
}

/* A folder may have thousands of them: from EACH_NAMED on one line is for all. */
#define EACH_NAMED 3

static void unread_explain(const struct unread *u)
{
    if (u->count >= EACH_NAMED)
        output_error("%.*s and %zu more: %.*s (the report of evscan scan lists them)", TEXT_ARG(u->paths[0]),
                     u->count - 1, TEXT_ARG(u->reason));
    for (size_t i = 0; i < u->count && u->count < EACH_NAMED; i++)
        output_error("%.*s: %.*s", TEXT_ARG(u->paths[i]), TEXT_ARG(u->reason));
}

/* Of a file that cannot be opened also the next step. */
static struct text reason_of(struct arena *arena, const struct input_result *input)
{
    const struct notice *last = &input->notices.items[input->notices.count - 1];
    struct text reason = notice_text(arena, last);
    if (last->code != NOTICE_INPUT_OPEN)
        return reason;
    struct text path = text_keep(arena, input->path);
    return text_keep_format(arena, "%.*s%.*s", TEXT_ARG(reason), TEXT_ARG(path_hint(arena, path.p, (int)last->value)));
}

/* Inputs that gave nothing are said here as well: the report may go to a file that nobody opens. */
void inputs_explain(const struct partial *partial, const struct option_list *arguments, size_t not_logs,
                    struct arena *arena)
{
    struct unread_list list = { 0 };
    for (size_t i = 0; i < partial->input_count; i++) {
        const struct input_result *input = partial->inputs[i];
        bool gave_nothing = input->status >= ST_LOST_INPUT || input->notices.seen[NOTICE_INPUT_EMPTY];
        /* Of an interrupted run the report says what is missing. */
        if (gave_nothing && input->notices.count && !input->notices.seen[NOTICE_INPUT_INTERRUPTED])
            unread_add(&list, arena, reason_of(arena, input), input->path);
    }
    for (size_t i = 0; i < list.count; i++)
        unread_explain(&list.items[i]);
    if (!partial->input_count)
        no_logs_explain(arguments, not_logs);
}

int inputs_nothing_read(const struct partial *partial, size_t not_logs)
{
    size_t opened = 0;
    for (size_t i = 0; i < partial->input_count; i++) {
        const struct input_result *input = partial->inputs[i];
        /* Of an interrupted run nobody knows what was there. */
        if (input->format.n || input->notices.seen[NOTICE_INPUT_INTERRUPTED])
            return 0;
        opened += input->notices.seen[NOTICE_INPUT_OPEN] == 0;
    }
    return opened || not_logs || !partial->input_count ? EXIT_NO_DATA : EXIT_NO_INPUT;
}

struct catalog *inputs_catalog(struct arena *arena)
{
    struct diags diags;
    struct buf out;
    diags_init(&diags, arena);
    struct catalog *catalog = shipped_catalog(arena, &diags);
    buf_init(&out);
    diags_print(&diags, &out);
    output_message(buf_text(&out));
    buf_done(&out);
    return catalog;
}

/* What the loss to name is, where, and how many more there are; "" when none is kept. */
static struct text losses_text(const struct notices *n, struct arena *arena)
{
    const struct notice *first = notices_loss(n);
    uint64_t all = 0;
    for (enum notice_code code = 0; code < NOTICE_CODES; code++)
        all += notice_severity(code) == NOTICE_LOSS_LEVEL ? n->seen[code] : 0;
    if (!first)
        return TEXT("");
    struct text place = first->offset == NOTICE_NO_OFFSET
                            ? TEXT("")
                            : text_keep_format(arena, "at byte %" PRIu64 ", ", first->offset);
    struct text more = all < 2 ? TEXT("")
                               : text_keep_format(arena, " (and %" PRIu64 " more: the report of evscan scan tells all)",
                                                  all - 1);
    return text_keep_format(arena, ": %.*s%.*s%.*s", TEXT_ARG(place), TEXT_ARG(notice_text(arena, first)),
                            TEXT_ARG(more));
}

void inputs_losses_explain(const struct partial *partial, struct arena *arena)
{
    for (size_t i = 0; i < partial->input_count; i++) {
        const struct input_result *input = partial->inputs[i];
        if (input->status > ST_OK && input->status < ST_LOST_INPUT)
            output_error("%.*s: not all of it could be read%.*s", TEXT_ARG(input->path),
                         TEXT_ARG(losses_text(&input->notices, arena)));
    }
}

void inputs_notice_explain(const struct partial *partial, enum notice_code code, struct arena *arena)
{
    for (size_t i = 0; i < partial->input_count; i++) {
        const struct input_result *input = partial->inputs[i];
        for (size_t k = 0; k < input->notices.count; k++)
            if (input->notices.items[k].code == code)
                output_error("%.*s: %.*s", TEXT_ARG(input->path),
                             TEXT_ARG(notice_text(arena, &input->notices.items[k])));
    }
}

size_t inputs_readers_explain(const struct partial *partial, struct arena *arena)
{
    static const enum notice_code codes[] = { NOTICE_LIBYAL_DIFFERS, NOTICE_LIBYAL_UNREAD };
    size_t differing = 0;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        inputs_notice_explain(partial, codes[i], arena);
    for (size_t i = 0; i < partial->input_count; i++)
        for (size_t k = 0; k < COUNT_OF(codes); k++)
            differing += partial->inputs[i]->notices.seen[codes[k]];
    inputs_notice_explain(partial, NOTICE_LIBYAL_LIMIT, arena);
    return differing;
}
