#include "base/limits.h"
#include "state/store_sql.h"

#define MOST_RUNS (INT64_MAX / 2) /* nobody runs that often */
#define MOST_CONFIDENCE 3         /* enum confidence */
#define MOST_LEVEL 5              /* enum rule_level */
#define SEEN_RUN 42u /* bytes of two numbers of 64 bits, a dash and a comma */

/* The list of numbers that was read, as long as evscan writes it. */
static void seen_load(struct statement *st, int column, struct id_runs *ret)
{
    struct text t = sql_text(st, column);
    bool sound = t.n <= LIMIT_ID_RUNS * SEEN_RUN && id_runs_parse(t, ret) && ret->count;
    st->store->nonsense = st->store->nonsense || !sound;
}

static void generations_load(struct store *s, struct text cluster, struct memory *m)
{
    /* A log's newest generation comes last, as generation_add wants it. */
    struct statement st = sql_begin(s, "SELECT node, channel, number, seen, first_time, last_time, file FROM generation "
                                       "WHERE cluster = ? ORDER BY node, channel, number");
    sql_bind_text(&st, cluster);
    while (sql_next_kept(&st, sizeof(struct generation))) {
        struct known_log *log = known_log_get(&m->logs, sql_name(&st, 0), sql_name(&st, 1));
        struct generation *g = generation_add(&m->logs, log);
        g->number = (uint32_t)sql_number_to(&st, 2, UINT32_MAX - 1);
        seen_load(&st, 3, &g->seen);
        g->first_time = sql_number(&st, 4);
        g->last_time = sql_number(&st, 5);
        log->file = sql_number(&st, 6);
    }
}

/* Whose marks are loaded when they are asked for. */
struct marks_source {
    struct store *store;
    struct text cluster;
};

static struct generation *generation_find(const struct known_log *log, uint64_t number)
{
    struct generation *g = log->generations;
    while (g && g->number != number)
        g = g->older;
    return g;
}

static void marks_load(void *ctx, struct known_log *log)
{
    const struct marks_source *source = ctx;
    struct store *s = source->store;
    struct statement st = sql_begin(s, "SELECT number, record, time, checksum FROM mark WHERE cluster = ? AND node = ? "
                                       "AND channel = ?");
    sql_bind_text(&st, source->cluster);
    sql_bind_name(&st, log->node);
    sql_bind_name(&st, log->channel);
    while (sql_next(&st)) {
        struct generation *g = generation_find(log, sql_number(&st, 0));
        if (g && g->marks.count < LIMIT_MARKS)
            marks_add(s->arena, &g->marks,
                      (struct mark){ .id = sql_number(&st, 1), .time = sql_number(&st, 2),
                                     .checksum = sql_number(&st, 3) });
    }
}

/* Of thousands of logs that lie there as they did, none is asked for. */
static void marks_prepare(struct store *s, struct text cluster, struct known_logs *logs)
{
    struct marks_source *source = ARENA_NEW(s->arena, struct marks_source);
    *source = (struct marks_source){ s, cluster };
    logs->marks_load = marks_load;
    logs->ctx = source;
}

static struct bytes evidence_read(struct store *s, int64_t run)
{
    struct statement st = sql_begin(s, "SELECT partial FROM evidence WHERE run = ?");
    struct bytes packed = { (const uint8_t *)"", 0 };
    sql_bind(&st, (uint64_t)run);
    while (sql_next(&st))
        packed = sql_bytes(&st, 0);
    return packed;
}

/* What is there of evidence behind the limit, the newest first, is not read: it is to be dropped. */
static void evidence_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st = sql_begin(s, "SELECT run, began, length(partial) FROM evidence WHERE cluster = ? ORDER BY run");
    uint64_t bytes = 0;
    sql_bind_text(&st, cluster);
    while (sql_next_kept(&st, sizeof(struct evidence_row)))
        memory_evidence_add(m, (struct evidence_row){ .run = (int64_t)sql_number_to(&st, 0, MOST_RUNS),
                                                      .began = sql_number(&st, 1), .packed.n = sql_number(&st, 2) });
    for (size_t i = m->evidence_count; i-- > 0;) {
        struct evidence_row *row = &m->evidence[i];
        bytes = row->packed.n > LIMIT_EVIDENCE_BYTES - bytes ? LIMIT_EVIDENCE_BYTES : bytes + row->packed.n;
        row->drop = bytes == LIMIT_EVIDENCE_BYTES;
        row->packed = row->drop ? (struct bytes){ (const uint8_t *)"", 0 } : evidence_read(s, row->run);
    }
}

/* "NODE1\nNODE2" */
static const struct text *nodes_split(struct store *s, struct text all, size_t *count)
{
    size_t most = all.n && all.p[all.n - 1] != '\n';
    for (size_t i = 0; i < all.n; i++)
        most += all.p[i] == '\n';
    *count = 0;
    if (!sql_room(s, most * sizeof(struct text)))
        return NULL;
    struct text *nodes = ARENA_NEW_N(s->arena, struct text, most);
    while (all.n) {
        size_t end = text_find_char(all, '\n');
        nodes[(*count)++] = name_read(s->arena, (struct text){ all.p, end });
        all = text_from_index(all, end + 1);
    }
    return nodes;
}

static void inputs_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st = sql_begin(s, "SELECT path, size, modified, device, inode, edges, lost, nodes, touched FROM input "
                                       "WHERE cluster = ? ORDER BY path");
    sql_bind_text(&st, cluster);
    while (sql_next_kept(&st, sizeof(struct known_input))) {
        struct known_input *in = ARENA_NEW(m->arena, struct known_input);
        struct bytes path = sql_bytes(&st, 0);
        in->path = (struct text){ (const char *)path.p, path.n };
        in->size = sql_number(&st, 1);
        in->modified = (int64_t)sql_number(&st, 2);
        in->device = sql_number(&st, 3);
        in->inode = sql_number(&st, 4);
        in->edges = sql_number(&st, 5);
        in->lost = sql_number(&st, 6);
        struct text nodes = sql_text(&st, 7);
        in->touched = (int64_t)sql_number(&st, 8);
        in->nodes_known = !text_equal(nodes, TEXT(NODES_UNKNOWN));
        in->no_log = text_equal(nodes, TEXT(NODES_OF_NO_LOG));
        if (in->nodes_known && !in->no_log)
            in->nodes = nodes_split(s, nodes, &in->node_count);
        memory_input_add(m, in);
    }
}

static void troubles_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st =
        sql_begin(s, "SELECT id, kind, what, title, nodes, confidence, score, level, first_seen, last_seen, "
                     "occurrences, counted, opened, closed, told, reminders, reason FROM trouble WHERE cluster = ? "
                     "ORDER BY opened, id");
    sql_bind_text(&st, cluster);
    while (sql_next_kept(&st, sizeof(struct trouble))) {
        struct trouble *t = ARENA_NEW(m->arena, struct trouble);
        t->id = sql_text(&st, 0);
        uint64_t kind = sql_number(&st, 1);
        t->kind = kind <= TROUBLE_NODE ? (enum trouble_kind)kind : TROUBLE_FINDING;
        t->what = sql_text(&st, 2);
        t->title = sql_text(&st, 3);
        t->nodes = nodes_split(s, sql_text(&st, 4), &t->node_count);
        t->confidence = (int)sql_number_to(&st, 5, MOST_CONFIDENCE);
        t->score = (int)sql_number_to(&st, 6, 100);
        t->level = (int)sql_number_to(&st, 7, MOST_LEVEL);
        uint64_t *const numbers[] = { &t->first_seen, &t->last_seen, &t->occurrences, &t->counted,
                                      &t->opened, &t->closed, &t->told };
        for (size_t i = 0; i < COUNT_OF(numbers); i++)
            *numbers[i] = sql_number(&st, 8 + (int)i);
        t->reminders = (unsigned)(sql_number(&st, 15) & 0xFFFF);
        t->reason = sql_text(&st, 16);
        memory_trouble_add(m, t);
    }
}

/* When the last of a cluster's runs began of which `condition` is true; 0: of none. */
static uint64_t runs_latest(struct store *s, struct text cluster, const char *condition)
{
    struct statement st =
        sql_begin(s, text_keep_format(s->arena, "SELECT max(began) FROM run WHERE cluster = ?%s", condition).p);
    uint64_t latest = 0;
    sql_bind_text(&st, cluster);
    while (sql_next(&st))
        latest = sql_number(&st, 0);
    return latest;
}

static void last_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st =
        sql_begin(s, "SELECT rules, version FROM run WHERE cluster = ? ORDER BY number DESC LIMIT 1");
    sql_bind_text(&st, cluster);
    m->last_version = TEXT("");
    while (sql_next(&st)) {
        m->last_rules = sql_number(&st, 0);
        m->last_version = sql_text(&st, 1);
    }
}

static void runs_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement all = sql_begin(s, "SELECT max((SELECT ifnull(max(number), 0) FROM run), "
                                        "(SELECT ifnull(max(run), 0) FROM evidence))");
    while (sql_next(&all))
        m->run = (int64_t)sql_number_to(&all, 0, MOST_RUNS) + 1;
    m->last_run = runs_latest(s, cluster, "");
    last_load(s, cluster, m);
    m->last_success = runs_latest(s, cluster, " AND NOT incomplete");
    m->unkept = runs_latest(s, cluster, " AND records > 0 AND number NOT IN (SELECT run FROM evidence)");
}

bool store_load(struct store *s, struct text cluster, struct memory *ret, struct text *why)
{
    *ret = (struct memory){ .arena = s->arena, .logs.arena = s->arena };
    s->nonsense = false;
    s->taken = 0;
    runs_load(s, cluster, ret);
    generations_load(s, cluster, ret);
    marks_prepare(s, cluster, &ret->logs);
    inputs_load(s, cluster, ret);
    evidence_load(s, cluster, ret);
    troubles_load(s, cluster, ret);
    if (s->failed)
        *why = sql_why(s);
    else if (s->nonsense)
        *why = text_keep_format(s->arena, "%s is damaged: it holds what evscan does not write", s->path);
    return !s->failed && !s->nonsense;
}
