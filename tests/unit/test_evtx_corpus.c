/*
 * Every record that real files hold: the account of each .evtx file of the shared corpus is its line in MANIFEST.tsv,
 * and every event that decodes is delivered whole.  Skipped where the corpus is not there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "evtx/evtx.h"
#include "log_read.h"

enum { COLUMN_FILE = 1, COLUMN_VALID = 5, COLUMN_LIVE, COLUMN_RESYNC, COLUMN_ORPHAN, COLUMN_STALE, COLUMN_SLACK,
       COLUMN_HIDDEN, COLUMN_PARTIAL, COLUMN_DECODE_FULL, COLUMN_DECODE_RECOVER, COLUMNS };

static const char *const column_names[COLUMNS] = {
    [COLUMN_VALID] = "valid",     [COLUMN_LIVE] = "live",       [COLUMN_RESYNC] = "resync",
    [COLUMN_ORPHAN] = "orphan",   [COLUMN_STALE] = "stale",     [COLUMN_SLACK] = "slack",
    [COLUMN_HIDDEN] = "hidden",   [COLUMN_PARTIAL] = "partial", [COLUMN_DECODE_FULL] = "decoded",
};

struct tally {
    uint64_t whole;      /* delivered, part of the log, nothing missing */
    uint64_t key_differs; /* the key that was asked about is not the event's */
    struct event_key asked;
    char provider[512], channel[512], computer[512];
};

static void remember(struct text t, char *out, struct text *ret)
{
    size_t n = t.n < 512 ? t.n : 512;
    if (n)
        memcpy(out, t.p, n);
    *ret = (struct text){ out, n };
}

static bool want(void *ctx, const struct event_key *key)
{
    struct tally *t = ctx;
    t->asked = *key;
    remember(key->provider, t->provider, &t->asked.provider);
    remember(key->channel, t->channel, &t->asked.channel);
    remember(key->computer, t->computer, &t->asked.computer);
    return true;
}

static bool keys_equal(const struct event_key *a, const struct event_key *b)
{
    return text_equal(a->provider, b->provider) && text_equal(a->channel, b->channel) &&
           text_equal(a->computer, b->computer) && a->id == b->id && a->level == b->level && a->time == b->time &&
           a->record_id == b->record_id;
}

static void take(void *ctx, const struct event *e)
{
    struct tally *t = ctx;
    bool of_log = e->source == EVENT_LIVE || e->source == EVENT_RESYNC || e->source == EVENT_ORPHAN;
    if (!keys_equal(&t->asked, &e->key))
        t->key_differs++;
    if (of_log && !(e->marks & (EVENT_PARTIAL | EVENT_TEMPLATE_LOST | EVENT_CUT)))
        t->whole++;
}

static void read_log(const char *path, struct account *account, struct tally *tally)
{
    struct arena arena;
    struct notices notices;
    struct event_sink sink = { .ctx = tally, .want = want, .event = take };
    struct input *in = input_open(path);
    if (!in)
        return;
    arena_init(&arena);
    notices_init(&notices, &arena);
    log_read(&evtx_format, in, &sink, account, &notices);
    input_close(in);
    arena_done(&arena);
}

static int compare(const char *file, size_t column, uint64_t want_value, uint64_t got)
{
    if (want_value == got)
        return 0;
    printf("%-90s %-8s expected %8llu, got %8llu\n", file, column_names[column], (unsigned long long)want_value,
           (unsigned long long)got);
    return 1;
}

static int check_file(const char *folder, char *const *columns)
{
    char path[4096];
    struct account a = { 0 };
    struct tally tally = { 0 };
    uint64_t expected[COLUMNS] = { 0 }, got[COLUMNS] = { 0 };
    for (int i = COLUMN_VALID; i < COLUMNS; i++)
        expected[i] = strtoull(columns[i], NULL, 10);
    expected[COLUMN_DECODE_FULL] += expected[COLUMN_DECODE_RECOVER];
    snprintf(path, sizeof path, "%s/%s", folder, columns[COLUMN_FILE]);
    read_log(path, &a, &tally);
    for (int i = 0; i <= EVENT_HIDDEN; i++)
        got[COLUMN_LIVE + i] = a.by_source[i];
    got[COLUMN_VALID] = a.by_source[EVENT_LIVE] + a.by_source[EVENT_RESYNC] + a.by_source[EVENT_ORPHAN];
    got[COLUMN_PARTIAL] = a.partial;
    got[COLUMN_DECODE_FULL] = a.decoded;
    int differences = 0;
    for (size_t i = COLUMN_VALID; i <= COLUMN_DECODE_FULL; i++)
        differences += compare(columns[COLUMN_FILE], i, expected[i], got[i]);
    differences += compare(columns[COLUMN_FILE], COLUMN_DECODE_FULL, expected[COLUMN_DECODE_FULL], tally.whole);
    if (tally.key_differs)
        printf("%s: the key of %llu events is not the one that was asked about\n", columns[COLUMN_FILE],
               (unsigned long long)tally.key_differs);
    return differences + (tally.key_differs > 0);
}

static size_t split(char *line, char **columns, size_t max)
{
    size_t n = 0;
    for (char *at = line; at && n < max; n++) {
        columns[n] = at;
        at = strchr(at, '\t');
        if (at)
            *at++ = 0;
    }
    return n;
}

int main(void)
{
    const char *shared = getenv("EVSCAN_SHARED"), *source = getenv("EVSCAN_SOURCE");
    char folder[2048], name[2100], line[8192], *columns[COLUMNS];
    int files = 0, differences = 0;
    snprintf(folder, sizeof folder, "%s%s/corpus", shared ? shared : source ? source : ".", shared ? "" : "/../shared");
    snprintf(name, sizeof name, "%s/MANIFEST.tsv", folder);
    FILE *manifest = fopen(name, "r");
    if (!manifest) {
        puts("skipped: the shared corpus is not here");
        return 77;
    }
    while (fgets(line, sizeof line, manifest)) {
        if (split(line, columns, COLUMNS) < COLUMNS || strncmp(columns[COLUMN_FILE], "evtx/", 5) != 0)
            continue;
        files++;
        differences += check_file(folder, columns);
    }
    fclose(manifest);
    printf("%d files, %d differences\n", files, differences);
    return files == 0 || differences > 0;
}
