/*
 * cmd_state.c - `evscan state show|forget|check`: what `evscan --cron` remembers.
 */
#include "cli/cmd.h"

#include <inttypes.h>

#include "base/limits.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/suppressing.h"
#include "form/escape.h"
#include "kb/diagnose.h"
#include "state/clock.h"
#include "state/store.h"

#define LAST_HAPPENED 20 /* --all shows all */
#define CLUSTERS_MOST 50 /* in one sentence */

static const char *const words[] = { "show", "forget", "check", NULL };

struct state_run {
    struct arena arena;
    const char *folder, *cluster, *node, *suppress;
    bool all;
    struct option_list rest;
    struct store *store;
};

static const struct option_spec state_specs[] = {
    TEXT_OPTION("state", 0, struct state_run, folder, "FOLDER", "the memory (as given to evscan --cron)"),
    TEXT_OPTION("cluster", 0, struct state_run, cluster, "NAME", "show, forget: this cluster only; without it the one "
                "without a name"),
    TEXT_OPTION("node", 0, struct state_run, node, "NAME", "forget: this node only"),
    TEXT_OPTION("suppress", 0, struct state_run, suppress, "FOLDER", "show: what is not told (suppress.d in the memory)"),
    FLAG_OPTION("all", 0, struct state_run, all, "forget: all of the cluster; show: also what is closed, and all that happened to logs"),
};

const struct page state_page = {
    .name = "state",
    .usages = { "state show --state FOLDER [--cluster NAME] [options]",
                "state forget --state FOLDER [--cluster NAME] (--node NAME | --all)", "state check --state FOLDER" },
    .about = "Shows what evscan --cron remembers between runs, forgets a node or a cluster,\n"
             "or checks that all of it is sound.  What is forgotten is new in the next run.\n",
    .groups = { OPTION_GROUP(state_specs, 0) },
    .end = "Exit status: 0 done; 2 check: it is damaged; 64 usage, 73 it cannot be opened or\n"
           "written to, 75 a run holds it.\n",
    .manual = "evscan-state",
    .words = words,
};

static void line(struct buf *out, const char *label, struct text value)
{
    buf_add_format(out, "%-18s", label);
    escape_terminal(out, value);
    buf_add_char(out, '\n');
}

static struct text moment(struct arena *a, uint64_t filetime)
{
    char room[TIME_ISO_ROOM];
    return filetime ? text_keep(a, time_iso(filetime, 0, room)) : TEXT("never");
}

/* Why it is not told; nothing when it is, or is closed. */
static void suppression_show(struct arena *a, const struct suppressions *all, const struct trouble *t, struct buf *out)
{
    const struct suppression *by = t->closed ? NULL : suppression_find(all, t->id, t->what, t->nodes, t->node_count,
                                                                       clock_now());
    if (by)
        line(out, "  suppressed", text_keep_format(a, "until %.*s: %.*s (%.*s:%u)", TEXT_ARG(moment(a, by->until)),
                                                   TEXT_ARG(by->reason), TEXT_ARG(by->what_at.path), by->what_at.line));
}

static void trouble_show(struct arena *a, const struct trouble *t, const struct suppressions *hushed, struct buf *out)
{
    struct text nodes = TEXT("");
    for (size_t i = 0; i < t->node_count; i++)
        nodes = text_keep_format(a, "%.*s%s%.*s", TEXT_ARG(nodes), i ? ", " : "", TEXT_ARG(t->nodes[i]));
    struct text first = moment(a, t->first_seen), last = moment(a, t->last_seen), closed = moment(a, t->closed);
    buf_add_char(out, '\n');
    line(out, t->closed ? "closed" : "open", t->id);
    line(out, "  title", t->title);
    line(out, "  nodes", nodes);
    if (t->kind == TROUBLE_DIAGNOSIS)
        line(out, "  confidence", text_from(confidence_name((enum confidence)t->confidence)));
    line(out, "  seen", text_keep_format(a, "%.*s to %.*s, %" PRIu64 " time%s", TEXT_ARG(first), TEXT_ARG(last),
                                         t->occurrences, t->occurrences == 1 ? "" : "s"));
    line(out, "  told", text_keep_format(a, "%.*s, reminded %u time%s", TEXT_ARG(moment(a, t->told)), t->reminders,
                                         t->reminders == 1 ? "" : "s"));
    suppression_show(a, hushed, t, out);
    if (t->closed)
        line(out, "  gone", text_keep_format(a, "%.*s: %.*s", TEXT_ARG(closed), TEXT_ARG(t->reason)));
}

static void log_show(struct arena *a, const struct known_log *log, struct buf *out)
{
    const struct generation *g = log->generations;
    struct text last = moment(a, g->last_time);
    line(out, "log", text_keep_format(a, "%.*s, %.*s: read up to record %" PRIu64 " of %.*s (generation %u)",
                                      TEXT_ARG(log->node), TEXT_ARG(log->channel), id_runs_last(&g->seen),
                                      TEXT_ARG(last), g->number));
}

/* 0: a number that this evscan does not know. */
static bool notice_of(const struct happening *h, struct notice *ret)
{
    for (int code = 0; code < NOTICE_CODES; code++)
        if (notice_number((enum notice_code)code) == h->notice) {
            *ret = (struct notice){ (enum notice_code)code, NOTICE_NO_OFFSET, h->value };
            return true;
        }
    return false;
}

static void happening_show(struct arena *a, const struct happening *h, struct buf *out)
{
    struct notice notice;
    struct text at = moment(a, h->at), what = TEXT("");
    if (notice_of(h, &notice))
        what = notice_text(a, &notice);
    line(out, "happened", text_keep_format(a, "%.*s: %.*s%s%.*s%s%.*s: %.*s", TEXT_ARG(at), TEXT_ARG(h->node),
                                           h->node.n ? ", " : "", TEXT_ARG(h->channel), h->channel.n ? ", " : "",
                                           TEXT_ARG(h->path), TEXT_ARG(what)));
}

/* "; --cluster NAME shows what is: sql, files" */
static struct text clusters_known(struct state_run *run)
{
    struct arena *a = &run->arena;
    struct text *clusters, why, names = TEXT("");
    size_t count, shown = 0;
    if (!store_clusters(run->store, &clusters, &count, &why) || !count)
        return TEXT("");
    for (; shown < count && shown < CLUSTERS_MOST; shown++)
        names = text_keep_format(a, "%.*s%s%.*s", TEXT_ARG(names), shown ? ", " : "",
                                 TEXT_ARG(clusters[shown].n ? clusters[shown] : TEXT("(without a name)")));
    struct text more = count > shown ? text_keep_format(a, " and %zu more", count - shown) : TEXT("");
    return text_keep_format(a, "; --cluster NAME shows what is: %.*s%.*s", TEXT_ARG(names), TEXT_ARG(more));
}

/* A cluster of which nothing is known may be a name misspelt, or left out. */
static void stranger_say(struct state_run *run)
{
    struct text known = clusters_known(run);
    if (run->cluster)
        output_error("nothing is remembered of a cluster named %s%.*s", run->cluster, TEXT_ARG(known));
    else
        output_error("nothing is remembered of a cluster without a name%.*s", TEXT_ARG(known));
}

static bool knows_nothing(const struct memory *m)
{
    return !m->logs.count && !m->trouble_count && !m->input_count;
}

static bool state_show(struct state_run *run, struct text *why)
{
    struct arena *a = &run->arena;
    struct store_summary s;
    struct memory m;
    struct buf out;
    struct text cluster = text_from(run->cluster ? run->cluster : "");
    struct happening *happened;
    size_t happened_count;
    struct suppressions hushed = { 0 };
    if (!store_summary(run->store, cluster, &s, why) || !store_load(run->store, cluster, &m, why) ||
        !store_happened(run->store, cluster, run->all ? LIMIT_HAPPENED : LAST_HAPPENED, &happened, &happened_count, why))
        return false;
    suppressing_load(a, run->folder, run->suppress, &hushed);
    buf_init(&out);
    line(&out, "schema", text_keep_format(a, "%d, %" PRIu64 " bytes", s.schema, s.bytes));
    line(&out, "runs", text_keep_format(a, "%" PRIu64 ", the last %.*s", s.runs, TEXT_ARG(moment(a, s.last_run))));
    line(&out, "evidence", text_keep_format(a, "of %" PRIu64 " runs, %" PRIu64 " bytes", s.evidence,
                                            s.evidence_bytes));
    line(&out, "files", text_keep_format(a, "%" PRIu64, s.inputs));
    line(&out, "troubles", text_keep_format(a, "%" PRIu64 " open, %" PRIu64 " closed", s.open, s.closed));
    for (size_t i = 0; i < m.logs.count; i++)
        log_show(a, m.logs.items[i], &out);
    for (size_t i = 0; i < happened_count; i++)
        happening_show(a, &happened[i], &out);
    for (size_t i = 0; i < m.trouble_count; i++)
        if (run->all || !m.troubles[i]->closed)
            trouble_show(a, m.troubles[i], &hushed, &out);
    bool written = output_write(buf_text(&out));
    buf_done(&out);
    if (knows_nothing(&m))
        stranger_say(run);
    *why = TEXT("");
    return written;
}

static bool state_forget(struct state_run *run, struct text *why)
{
    uint64_t rows;
    const char *node = run->node ? run->node : "";
    if (!store_forget(run->store, text_from(run->cluster ? run->cluster : ""), text_from(node), &rows, why))
        return false;
    if (!rows && *node)
        output_error("nothing is remembered of the node %s", node);
    else if (!rows)
        stranger_say(run);
    return true;
}

static int command_run(struct state_run *run, const char *word)
{
    struct text why = TEXT("");
    enum store_fault fault = store_open(run->folder, false, clock_now(), &run->arena, &run->store, &why);
    if (why.n)
        output_error("%.*s", TEXT_ARG(why));
    why = TEXT("");
    if (fault != STORE_GOOD) {
        if (fault == STORE_DAMAGED)
            store_close(run->store);
        return fault == STORE_LOCKED ? EXIT_LOCKED : fault == STORE_DAMAGED ? EXIT_INCOMPLETE : EXIT_NO_OUTPUT;
    }
    bool check = strcmp(word, "check") == 0, good;
    if (check)
        good = store_check(run->store, clock_now(), &why);
    else
        good = strcmp(word, "show") == 0 ? state_show(run, &why) : state_forget(run, &why);
    store_close(run->store);
    if (!good && why.n)
        output_error("%.*s", TEXT_ARG(why));
    bool said = !good || !check || output_write(text_keep_format(&run->arena, "%s: sound\n", run->folder));
    if (!said)
        return EXIT_NO_OUTPUT;
    return good ? EXIT_NOTHING_FOUND : check ? EXIT_INCOMPLETE : EXIT_NO_OUTPUT;
}

static int command_parse(struct state_run *run, int argc, char **argv)
{
    int status = page_parse(&run->arena, &state_page, run, argc, argv, &run->rest);
    if (status != PAGE_GO_ON)
        return status;
    const char *word = run->rest.count ? run->rest.items[0] : "";
    bool known = false;
    for (size_t i = 0; words[i]; i++)
        known = known || strcmp(words[i], word) == 0;
    if (!known)
        return page_word_mistake(&state_page, run->rest.count ? word : NULL);
    if (run->rest.count > 1)
        return page_mistake(&state_page, text_keep_format(&run->arena, "%s: one word is enough: %s; for example: "
                                                          "evscan state show --state /var/lib/evscan",
                                                          run->rest.items[1], word));
    if (!run->folder)
        return page_mistake(&state_page, TEXT("which memory? for example: evscan state show --state /var/lib/evscan"));
    if (strcmp(word, "forget") == 0 && !run->node == !run->all)
        return page_mistake(&state_page, TEXT("forget what? --node NAME or --all, one of them"));
    return PAGE_GO_ON;
}

int cmd_state(int argc, char **argv)
{
    struct state_run run = { 0 };
    arena_init(&run.arena);
    int status = command_parse(&run, argc, argv);
    if (status == PAGE_GO_ON)
        status = command_run(&run, run.rest.items[0]);
    arena_done(&run.arena);
    return status;
}
