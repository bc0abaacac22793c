/*
 * rules_why_not.c - `evscan rules why-not RULE PATH...`: the event that comes nearest to a rule, and what is in its way.
 */
#include "cli/rules.h"

#include <errno.h>

#include "base/limits.h"
#include "cli/exit.h"
#include "cli/log_walk.h"
#include "cli/output.h"
#include "cli/rules_tree.h"
#include "io/paths.h"
#include "report/escape.h"

static const char why_not_help[] =
    "Usage: evscan rules why-not RULE PATH... [options]\n"
    "\n"
    "Looks through the logs for the event that comes nearest to the rule (given by\n"
    "its name or id), and shows test by test what the event has and, with an arrow,\n"
    "what keeps the rule from matching.  Events of another provider or log count as\n"
    "far away, those with another event ID as less far.\n"
    "\n"
    "  --rules PATH          look for the rule in these files instead of the shipped\n"
    "                        ones (repeatable)\n"
    "  --add-rules PATH      look in these, too (repeatable)\n"
    "  --help\n"
    "\n"
    "Exit status: 0; 64 usage, or no such rule; 65 no events, 66 no input,\n"
    "73 no output, 78 no rules.\n";

struct search {
    struct matcher *matcher;
    uint32_t rule;
    const char *path;     /* of the log that is read */
    uint64_t events, matches;
    struct arena arena;   /* of the nearest event; reset when a nearer one comes */
    const struct event *nearest;
    const char *nearest_path;
    uint32_t distance;
};

static bool want_all(void *ctx, const struct event_key *key)
{
    UNUSED(ctx);
    UNUSED(key);
    return true;
}

/* Of several equally near the first one. */
static void look(void *ctx, const struct event *event)
{
    struct search *s = ctx;
    trace_begin(s->matcher, s->rule, event);
    uint32_t distance = trace_distance(s->matcher);
    s->events++;
    s->matches += distance == 0;
    if (s->nearest && distance >= s->distance)
        return;
    arena_reset(&s->arena);
    s->nearest = event_keep(&s->arena, event, LIMIT_EVENT_BYTES);
    s->nearest_path = s->path;
    s->distance = distance;
}

static int walk_paths(struct arena *arena, const struct option_list *names, struct search *s)
{
    struct event_sink sink = { .ctx = s, .want = want_all, .event = look };
    struct path_list paths = { 0 };
    int status = EXIT_NOTHING_FOUND;
    for (size_t i = 1; i < names->count; i++)
        paths_add(&paths, arena, names->items[i], NULL);
    paths_finish(&paths, arena);
    for (size_t i = 0; i < paths.problem_count; i++) {
        output_error("%s: cannot be opened: %s", paths.problems[i].path, strerror(paths.problems[i].error));
        status = EXIT_NO_INPUT;
    }
    for (size_t i = 0; i < paths.count; i++) {
        s->path = paths.items[i].path;
        enum log_walked walked = log_walk(s->path, &sink);
        if (walked == LOG_UNREADABLE) {
            output_error("%s: cannot be opened: %s", s->path, strerror(errno));
            status = EXIT_NO_INPUT;
        } else if (walked == LOG_NOT_A_LOG && !paths.items[i].from_folder) {
            output_error("%s: neither an .evt nor an .evtx log", s->path);
        }
    }
    return status;
}

static void print_event(const struct search *s, struct buf *out)
{
    const struct event_key *key = &s->nearest->key;
    char time[TIME_ISO_ROOM];
    buf_add_c(out, "  ");
    escape_terminal(out, text_from(s->nearest_path));
    buf_add_format(out, ", record %llu", (unsigned long long)key->record_id);
    if (key->time) {
        buf_add_c(out, ", ");
        buf_add(out, time_iso(key->time, 0, time));
    }
    buf_add_c(out, "\n  ");
    escape_terminal(out, key->computer);
    buf_add_c(out, " ");
    escape_terminal(out, key->channel.n ? key->channel : TEXT("(channel unknown)"));
    buf_add_c(out, ", ");
    escape_terminal(out, key->provider);
    buf_add_char(out, ' ');
    escape_terminal(out, s->nearest->event_id);
    buf_add_c(out, "\n\n");
}

static void print(const struct search *s, const struct ruleset *rules, struct buf *out)
{
    escape_terminal(out, rules_name(ruleset_info(rules, s->rule)));
    if (s->matches)
        buf_add_format(out, " matches %llu of %llu events; the first one:\n", (unsigned long long)s->matches,
                       (unsigned long long)s->events);
    else
        buf_add_format(out, " matches none of %llu events; the nearest one:\n", (unsigned long long)s->events);
    print_event(s, out);
    tree_print_traced(rules, s->matcher, s->rule, s->nearest, out);
}

static int search(struct arena *arena, const struct rules_command *c, const struct ruleset *rules)
{
    struct search s = { .distance = UINT32_MAX };
    struct buf out;
    if (!rules_find(arena, rules, c->rest.items[0], &s.rule))
        return EXIT_USAGE_ERROR;
    buf_init(&out);
    arena_init(&s.arena);
    s.matcher = matcher_new(rules);
    int status = walk_paths(arena, &c->rest, &s);
    if (s.nearest) {
        print(&s, rules, &out);
    } else if (status == EXIT_NOTHING_FOUND) {
        output_error("%s: no events there", c->rest.items[1]);
        status = EXIT_NO_DATA;
    }
    if (!output_write(buf_text(&out)))
        status = EXIT_NO_OUTPUT;
    matcher_free(s.matcher);
    arena_done(&s.arena);
    buf_done(&out);
    return status;
}

static int run(struct arena *arena, const struct rules_command *c)
{
    struct knowledge k;
    bool any = knowledge_load(arena, &c->rules, &c->add_rules, &k);
    knowledge_mistakes_print(&k);
    int status = any ? search(arena, c, k.rules) : EXIT_RULES;
    knowledge_done(&k);
    return status;
}

int rules_why_not(int argc, char **argv)
{
    struct arena arena;
    struct rules_command command;
    int status;
    arena_init(&arena);
    if (rules_begin(&arena, argc, argv, RULES_BY_OPTION, NULL, 0, why_not_help, &command, &status)) {
        if (command.rest.count < 2)
            output_error("rules why-not: name a rule and logs, for example evscan rules why-not clussvc-1069 node1.evt");
        status = command.rest.count < 2 ? EXIT_USAGE_ERROR : run(&arena, &command);
    }
    arena_done(&arena);
    return status;
}
