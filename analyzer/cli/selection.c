#include "cli/selection.h"

#include "cli/inputs.h"
#include "state/clock.h"

#define ID_MAX    65535u
#define LEVEL_MAX 255u /* a byte; programs may have levels of their own above 5 */

/* In the order of enum reader_use. */
const char *const selection_readers[] = { "native", "libyal", "both", NULL };

static const char *const level_words[] = { "critical", "error", "warning", "information", "verbose", NULL };

const struct option_spec selection_specs[9] = {
    LIST_OPTION("id", 0, struct selection, ids, "LIST", "event IDs: 1069, 1000-1200, 1069,1177"),
    LIST_OPTION_OF("level", 0, struct selection, levels, level_words, "LIST",
                   "critical, error, warning, information, verbose; 1-3"),
    LIST_OPTION("provider", 0, struct selection, providers, "NAME", "a name; * and ? stand for characters; again for one more"),
    LIST_OPTION("channel", 0, struct selection, channels, "NAME", "the log: System, *Failover*"),
    LIST_OPTION("node", 0, struct selection, nodes, "NAME", "computer, with or without its domain"),
    TEXT_OPTION("from", 0, struct selection, from, "TIME", "2016-07-08, 2016-07-08T18:12, or -24h: that long before "
                "now (s, m, h, d, w)"),
    TEXT_OPTION("to", 0, struct selection, to, "TIME", "where it ends; that moment is not part of it"),
    LIST_OPTION("record", 0, struct selection, records, "LIST", "record numbers: 4711, 100-200"),
    TEXT_OPTION("tz", 0, struct selection, zone, "ZONE", "of times, also of those of --from and --to: UTC, +02:00, local, "
                "Europe/Berlin, W. Europe Standard Time, or node: each node's own (UTC)"),
};

const struct option_spec selection_rare[5] = {
    FLAG_OPTION("quiet", 'q', struct selection, quiet, "no progress on standard error"),
    TEXT_OPTION("codepage", 0, struct selection, codepage, "NAME", "of ANSI texts in .evtx logs (windows-1252)"),
    FLAG_OPTION("recover", 0, struct selection, recover, "also old records that are no longer part of the log"),
    WORD_OPTION("reader", 0, struct selection, reader, selection_readers, "WHO", "native, libyal (the libraries libevtx, "
                "libevt), or both: compared; with --recover also what only libyal finds"),
    NUMBER_OPTION("threads", 0, struct selection, threads, 1, MAX_THREADS, "N", "workers (as many as processors)"),
};


/* The item of a list with commas that is no level; NULL when each is one. */
static const char *level_misspelt(struct arena *arena, const char *given)
{
    for (struct text t = text_from(given);;) {
        struct ranges scratch = { 0 };
        size_t comma = text_find_char(t, ',');
        struct text item = text_trim((struct text){ t.p, comma });
        if (!levels_add(&scratch, arena, item))
            return text_keep(arena, item).p;
        if (comma == t.n)
            return NULL;
        t = text_from_index(t, comma + 1);
    }
}

static bool levels_parse(struct arena *arena, const struct option_list *given, struct ranges *ret, struct text *error)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *wrong = level_misspelt(arena, given->items[i]);
        const char *meant = wrong ? word_meant(wrong, level_words) : NULL;
        struct text expected = words_expected(arena, level_words);
        if (!wrong && levels_add(ret, arena, text_from(given->items[i])))
            continue;
        *error = text_keep_format(arena, "--level %s: %s%s%sit must be %.*s; or a list such as critical,error or 1-3",
                                  wrong ? wrong : given->items[i], meant ? "did you mean " : "", meant ? meant : "",
                                  meant ? "?  " : "", TEXT_ARG(expected));
        return false;
    }
    return true;
}

static bool lists_parse(struct arena *arena, const struct selection *s, struct show_filter *f, struct text *error)
{
    const struct {
        const char *name, *example;
        const struct option_list *given;
        struct ranges *target;
    } lists[] = {
        { "id", "1069 or 1000-1200,1230", &s->ids, &f->ids },
        { "record", "4711 or 100-200", &s->records, &f->records },
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i].given->count; k++)
            if (!ranges_add(lists[i].target, arena, text_from(lists[i].given->items[k]))) {
                *error = text_keep_format(arena, "--%s %s: must be a list such as %s", lists[i].name,
                                          lists[i].given->items[k], lists[i].example);
                return false;
            }
    return levels_parse(arena, &s->levels, &f->levels, error);
}

/*
 * What no event can have is a slip, not a question.  An identifier of 32 bits is what other tools call an instance ID: its
 * lower half is the event ID.
 */
static bool ids_possible(struct arena *arena, const struct ranges *ids, struct text *error)
{
    for (size_t i = 0; i < ids->count; i++) {
        unsigned long long first = ids->items[i].first;
        if (first <= ID_MAX)
            continue;
        *error = first > UINT32_MAX
                     ? text_keep_format(arena, "--id %llu: event IDs go up to %u", first, ID_MAX)
                     : text_keep_format(arena, "--id %llu: event IDs go up to %u; that of the identifier 0x%08llX is %llu",
                                        first, ID_MAX, first, first & ID_MAX);
        return false;
    }
    return true;
}

static bool levels_possible(struct arena *arena, const struct ranges *levels, struct text *error)
{
    for (size_t i = 0; i < levels->count; i++)
        if (levels->items[i].first > LEVEL_MAX) {
            *error = text_keep_format(arena, "--level %llu: levels go up to %u, and those of Windows are critical (1), "
                                      "error, warning, information and verbose (5)",
                                      (unsigned long long)levels->items[i].first, LEVEL_MAX);
            return false;
        }
    return true;
}

static bool names_given(struct arena *arena, const struct selection *s, struct text *error)
{
    const struct {
        const char *name;
        const struct option_list *given;
    } lists[] = { { "provider", &s->providers }, { "channel", &s->channels }, { "node", &s->nodes } };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i].given->count; k++)
            if (!*lists[i].given->items[k]) {
                *error = text_keep_format(arena, "--%s: the name is empty; leave the option out for all of them",
                                          lists[i].name);
                return false;
            }
    return true;
}

static void names_parse(struct arena *arena, const struct option_list *given, struct patterns *ret)
{
    for (size_t i = 0; i < given->count; i++)
        patterns_add(ret, arena, text_from(given->items[i]));
}

/* Windows shows Microsoft-Windows-FailoverClustering as FailoverClustering, and that is what is asked for. */
static void providers_parse(struct arena *arena, const struct option_list *given, struct patterns *ret)
{
    names_parse(arena, given, ret);
    for (size_t i = 0; i < given->count; i++)
        patterns_add(ret, arena, text_keep_format(arena, "Microsoft-Windows-%s", given->items[i]));
}

static bool moment_parse(struct arena *arena, const struct zone *zone, enum zone_side side, const char *given,
                         uint64_t *ret, struct text *error)
{
    if (!given || zone_moment(zone, text_from(given), clock_now(), side, ret))
        return true;
    *error = text_keep_format(arena, "--%s %s: must be a time such as 2016-07-08T18:12 or -24h",
                              side == ZONE_FROM ? "from" : "to", given);
    return false;
}

bool between_parse(struct arena *arena, const char *from, const char *to, const struct zone *zone, uint64_t *ret,
                   uint64_t *before, struct text *error)
{
    *ret = 0;
    *before = UINT64_MAX;
    if (!moment_parse(arena, zone, ZONE_FROM, from, ret, error) ||
        !moment_parse(arena, zone, ZONE_TO, to, before, error))
        return false;
    if (!from || !to || *ret < *before)
        return true;
    *error = text_keep_format(arena, "--from %s is not before --to %s: no event lies there", from, to);
    return false;
}

static bool times_parse(struct arena *arena, const struct selection *s, struct show_filter *f, struct zone *zone,
                        struct text *error)
{
    if (!zone_choose(arena, s->zone, zone, error))
        return false;
    f->timed = s->from || s->to;
    return between_parse(arena, s->from, s->to, zone, &f->from, &f->before, error);
}

bool selection_read(struct arena *arena, const struct selection *s, struct show_filter *filter, struct zone *zone,
                    struct text *error)
{
    *filter = (struct show_filter){ 0 };
    providers_parse(arena, &s->providers, &filter->providers);
    names_parse(arena, &s->channels, &filter->channels);
    names_parse(arena, &s->nodes, &filter->nodes);
    return codepage_parse(arena, s->codepage, error) && names_given(arena, s, error) &&
           lists_parse(arena, s, filter, error) && ids_possible(arena, &filter->ids, error) &&
           levels_possible(arena, &filter->levels, error) && times_parse(arena, s, filter, zone, error);
}

unsigned selection_threads(const struct selection *s)
{
    return s->threads ? s->threads : threads_default();
}
