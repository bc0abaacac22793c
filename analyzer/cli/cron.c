#include "cli/cron.h"

#include <stdlib.h>

#include "cli/exit.h"
#include "cli/night.h"
#include "cli/output.h"
#include "io/interrupt.h"
#include "state/clock.h"

const char *const cron_remind_words[] = { "once", "daily", "diminishing", NULL };

/* Nothing is known to be wrong with the memory itself: STORE_LOCKED and STORE_NEWER need somebody else. */
static int memory_open(struct night *n)
{
    struct text why = TEXT("");
    enum store_fault fault = store_open(n->options->folder, true, n->now, n->arena, &n->store, &why);
    if (why.n)
        output_error("%.*s", TEXT_ARG(why));
    if (fault == STORE_LOCKED)
        return EXIT_LOCKED;
    if (fault == STORE_NEWER || fault == STORE_FAILED)
        return EXIT_NO_OUTPUT;
    n->incomplete = fault == STORE_DAMAGED;
    return 0;
}

static bool memory_load(struct night *n)
{
    struct text why = TEXT("");
    if (n->options->look) {
        bool loaded = store_look(n->options->folder, n->cluster, n->arena, &n->memory, &why);
        if (!loaded)
            output_error("%.*s", TEXT_ARG(why));
        return loaded;
    }
    if (store_load(n->store, n->cluster, &n->memory, &why))
        return true;
    bool empty = store_set_aside(n->store, n->now, &why);
    output_error("%.*s", TEXT_ARG(why));
    n->incomplete = true;
    return empty && store_load(n->store, n->cluster, &n->memory, &why);
}

static bool night_is_whole(const struct night *n)
{
    return !n->incomplete && !night_mistakes(n);
}

/* It was sound when the run began.  What was told tonight is told, and the next run begins anew and says why. */
static bool damage_set_aside(struct night *n, struct text *why)
{
    if (!store_is_damaged(n->store) || !store_set_aside(n->store, n->now, why))
        return false;
    n->incomplete = true;
    n->analysis->report.incomplete = true; /* for what is written behind the memory */
    return true;
}

static bool memory_save(struct night *n)
{
    struct text why;
    const struct run_row run = {
        .began = n->now,
        .ended = clock_now(),
        .rules = n->analysis->knowledge.fingerprint,
        .version = EVSCAN_VERSION,
        .read = n->paths.count + n->paths.problem_count,
        .unchanged = n->unchanged,
        .records = n->records,
        .incomplete = !night_is_whole(n),
    };
    if (store_save(n->store, n->cluster, &n->memory, &run, &why))
        return true;
    bool aside = damage_set_aside(n, &why);
    output_error("%.*s; nothing was remembered: the next run will tell the same news again", TEXT_ARG(why));
    return aside;
}

/* News at or above --fail-level; that something is gone is none. */
static bool anything_found(const struct night *n)
{
    enum rule_level from = reporting_fail_level(&n->analysis->reporting);
    for (size_t i = 0; i < n->news.count; i++) {
        const struct news_item *item = &n->news.items[i];
        int level = item->trouble->level == RULE_LEVEL_NONE ? RULE_LOW : item->trouble->level;
        if (!item->by && item->kind != NEWS_GONE && level >= (int)from)
            return true;
    }
    return false;
}

static int exit_status(const struct night *n)
{
    bool found = anything_found(n);
    if (night_mistakes(n))
        return EXIT_RULES;
    if (n->incomplete)
        return found ? EXIT_FOUND_INCOMPLETE : EXIT_INCOMPLETE;
    return found ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

/* Without news nobody is told.  A signal ends what is told somebody; the next run tells it again. */
static bool news_send(const struct night *n)
{
    bool news = n->told.told || n->told.remark_count;
    return !news || notify_send(&n->options->notify, &n->analysis->reporting, exit_status(n));
}

/* Not a mistake in a rule, which stays until somebody mends it: a file that another night can read. */
static bool rules_unread(const struct night *n)
{
    const struct diags *diags = &n->analysis->knowledge.diags;
    for (size_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == DIAG_ERROR && strcmp(diags->items[i].class, DIAG_FILE) == 0)
            return true;
    return false;
}

/* Records that were judged without some rules would never be judged by them. */
static bool memory_keep(struct night *n)
{
    if (!rules_unread(n))
        return memory_save(n);
    output_error("a file of rules cannot be read: nothing was remembered, and the next run will judge the same records "
                 "again");
    return true;
}

/* False: somebody wants the run to end. */
static bool night_judge(struct night *n)
{
    night_inputs(n);
    night_read(n);
    if (interrupt_asked())
        return false;
    night_nodes(n);
    night_recall(n);
    analysis_diagnose(n->analysis);
    night_news(n);
    return !interrupt_asked();
}

/* First what people see, then the memory of it: what ends the run in between costs a repetition, never news. */
static bool night_tell(struct night *n)
{
    n->kept = night_report(n) && (n->options->look || (news_send(n) && memory_keep(n)));
    return night_standing(n) && n->kept;
}

static int night_run(struct night *n)
{
    if (!memory_load(n))
        return EXIT_NO_OUTPUT;
    if (!night_judge(n)) {
        output_error("interrupted: nothing was told and nothing remembered; the next run begins where this one did");
        return EXIT_INCOMPLETE;
    }
    return night_tell(n) ? exit_status(n) : EXIT_NO_OUTPUT;
}

int cron_run(const struct cron_options *options, const struct scan_options *scan, struct analysis *a,
             const struct option_list *arguments)
{
    struct night *n = ARENA_NEW(a->arena, struct night); /* the report refers to its news */
    *n = (struct night){ .expected = expected_names(a->arena, &a->nodes),
                         .options = options, .scan = scan, .analysis = a, .arena = a->arena, .arguments = arguments,
                         .now = clock_now(), .cluster = text_from(options->cluster ? options->cluster : "") };
    int status = options->look ? 0 : memory_open(n);
    if (status)
        return status;
    status = night_run(n);
    if (n->store)
        store_close(n->store);
    return status;
}
