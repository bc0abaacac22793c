#include "base/limits.h"
#include "state/store_sql.h"

static void log_key(struct statement *st, struct text cluster, const struct known_log *log)
{
    sql_bind_text(st, cluster);
    sql_bind_name(st, log->node);
    sql_bind_name(st, log->channel);
}

static void marks_save(struct store *s, struct text cluster, const struct known_log *log, const struct generation *g)
{
    for (size_t i = 0; i < g->marks.count; i++) {
        struct statement st = sql_begin(s, "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?)");
        log_key(&st, cluster, log);
        sql_bind(&st, g->number);
        sql_bind(&st, g->marks.items[i].id);
        sql_bind(&st, g->marks.items[i].time);
        sql_bind(&st, g->marks.items[i].checksum);
        sql_run(&st);
    }
}

static void generation_forget(struct store *s, struct text cluster, const struct known_log *log, uint32_t number)
{
    static const char *const sql[] = {
        "DELETE FROM generation WHERE cluster = ? AND node = ? AND channel = ? AND number = ?",
        "DELETE FROM mark WHERE cluster = ? AND node = ? AND channel = ? AND number = ?",
    };
    for (size_t i = 0; i < COUNT_OF(sql); i++) {
        struct statement st = sql_begin(s, sql[i]);
        log_key(&st, cluster, log);
        sql_bind(&st, number);
        sql_run(&st);
    }
}

static void generation_save(struct store *s, struct text cluster, const struct known_log *log,
                            const struct generation *g, int64_t run)
{
    struct buf seen;
    buf_init(&seen);
    id_runs_print(&g->seen, &seen);
    generation_forget(s, cluster, log, g->number);
    struct statement st = sql_begin(s, "INSERT INTO generation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    log_key(&st, cluster, log);
    sql_bind(&st, g->number);
    sql_bind_text(&st, buf_text(&seen));
    sql_bind(&st, g->first_time);
    sql_bind(&st, g->last_time);
    sql_bind(&st, (uint64_t)run);
    sql_bind(&st, log->file);
    sql_run(&st);
    buf_done(&seen);
    marks_save(s, cluster, log, g);
}

/* The same of all its generations. */
static void file_save(struct store *s, struct text cluster, const struct known_log *log)
{
    struct statement st = sql_begin(s, "UPDATE generation SET file = ? WHERE cluster = ? AND node = ? AND channel = ?");
    sql_bind(&st, log->file);
    log_key(&st, cluster, log);
    sql_run(&st);
}

/* The newest generations; older ones are forgotten, and those of which nothing was read in the end. */
static void logs_save(struct store *s, struct text cluster, const struct memory *m)
{
    for (size_t i = 0; i < m->logs.count; i++) {
        size_t n = 0;
        for (const struct generation *g = m->logs.items[i]->generations; g; g = g->older, n++)
            if (n >= LIMIT_GENERATIONS || !g->seen.count)
                generation_forget(s, cluster, m->logs.items[i], g->number);
            else if (g->changed)
                generation_save(s, cluster, m->logs.items[i], g, m->run);
        if (m->logs.items[i]->file_changed)
            file_save(s, cluster, m->logs.items[i]);
    }
}

/* Each with a line end. */
static void nodes_join(const struct text *nodes, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        name_write(out, nodes[i]);
        buf_add_char(out, '\n');
    }
}

static void input_nodes_bind(struct statement *st, const struct known_input *in)
{
    struct buf nodes;
    buf_init(&nodes);
    nodes_join(in->nodes, in->node_count, &nodes);
    sql_bind_text(st, in->no_log ? TEXT(NODES_OF_NO_LOG) : in->nodes_known ? buf_text(&nodes) : TEXT(NODES_UNKNOWN));
    buf_done(&nodes);
}

static void inputs_save(struct store *s, struct text cluster, const struct memory *m)
{
    for (size_t i = 0; i < m->input_count; i++) {
        const struct known_input *in = m->inputs[i];
        if (!in->changed && in->met)
            continue;
        /* A file that is gone is forgotten: what it held is known by its logs. */
        struct statement st = sql_begin(s, in->changed ? "INSERT OR REPLACE INTO input VALUES "
                                                         "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                                       : "DELETE FROM input WHERE cluster = ? AND path = ?");
        sql_bind_text(&st, cluster);
        sql_bind_bytes(&st, (struct bytes){ (const uint8_t *)in->path.p, in->path.n });
        if (in->changed) {
            const uint64_t numbers[] = { in->size, (uint64_t)in->modified, in->device, in->inode, in->edges, in->lost,
                                         (uint64_t)m->run };
            for (size_t k = 0; k < COUNT_OF(numbers); k++)
                sql_bind(&st, numbers[k]);
            input_nodes_bind(&st, in);
            sql_bind(&st, (uint64_t)in->touched);
        }
        sql_run(&st);
    }
}

static void evidence_save(struct store *s, struct text cluster, const struct memory *m)
{
    for (size_t i = 0; i < m->evidence_count; i++) {
        const struct evidence_row *row = &m->evidence[i];
        if (row->run != m->run && !row->drop)
            continue;
        struct statement st = sql_begin(s, row->drop ? "DELETE FROM evidence WHERE run = ?"
                                                     : "INSERT INTO evidence (run, cluster, began, partial) "
                                                       "VALUES (?, ?, ?, ?)");
        sql_bind(&st, (uint64_t)row->run);
        if (!row->drop) {
            sql_bind_text(&st, cluster);
            sql_bind(&st, row->began);
            sql_bind_bytes(&st, row->packed);
        }
        sql_run(&st);
    }
}

static void trouble_save(struct store *s, struct text cluster, const struct trouble *t)
{
    struct buf nodes;
    buf_init(&nodes);
    nodes_join(t->nodes, t->node_count, &nodes);
    struct statement st = sql_begin(s, "INSERT OR REPLACE INTO trouble VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                       "?, ?, ?, ?, ?)");
    sql_bind_text(&st, cluster);
    sql_bind_text(&st, t->id);
    sql_bind(&st, t->kind);
    sql_bind_text(&st, t->what);
    sql_bind_text(&st, t->title);
    sql_bind_text(&st, buf_text(&nodes));
    const uint64_t numbers[] = { (uint64_t)t->confidence, (uint64_t)t->score, (uint64_t)t->level, t->first_seen,
                                 t->last_seen, t->occurrences, t->counted, t->opened, t->closed, t->told,
                                 t->reminders };
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        sql_bind(&st, numbers[i]);
    sql_bind_text(&st, t->reason);
    sql_run(&st);
    buf_done(&nodes);
}

static void happened_save(struct store *s, struct text cluster, const struct memory *m)
{
    for (size_t i = 0; i < m->happened_count; i++) {
        const struct happening *h = &m->happened[i];
        struct statement st = sql_begin(s, "INSERT INTO happened (cluster, at, node, channel, path, notice, value) "
                                           "VALUES (?, ?, ?, ?, ?, ?, ?)");
        sql_bind_text(&st, cluster);
        sql_bind(&st, h->at);
        sql_bind_name(&st, h->node);
        sql_bind_name(&st, h->channel);
        sql_bind_bytes(&st, (struct bytes){ (const uint8_t *)h->path.p, h->path.n });
        sql_bind(&st, (uint64_t)h->notice);
        sql_bind(&st, h->value);
        sql_run(&st);
    }
}

static void run_save(struct store *s, struct text cluster, const struct memory *m, const struct run_row *run)
{
    struct statement st = sql_begin(s, "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    sql_bind(&st, (uint64_t)m->run);
    sql_bind_text(&st, cluster);
    sql_bind(&st, run->began);
    sql_bind(&st, run->ended);
    sql_bind_text(&st, text_from(run->version));
    const uint64_t numbers[] = { run->rules, run->read, run->unchanged, run->records, run->incomplete };
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        sql_bind(&st, numbers[i]);
    sql_run(&st);
}

static void marks_forget(struct store *s, struct text cluster)
{
    struct statement marks =
        sql_begin(s, "DELETE FROM mark WHERE cluster = ?1 AND NOT EXISTS (SELECT 1 FROM generation AS g WHERE g.cluster "
                     "= ?1 AND g.node = mark.node AND g.channel = mark.channel AND g.number = mark.number)");
    sql_bind_text(&marks, cluster);
    sql_run(&marks);
}

/* Of which nothing new came for so long; runs that are forgotten themselves (LIMIT_RUNS) tell nothing. */
static void old_logs_forget(struct store *s, struct text cluster, uint64_t now)
{
    const uint64_t age = (uint64_t)LIMIT_LOG_DAYS * 24 * 3600 * TICKS_PER_SECOND;
    struct statement st =
        sql_begin(s, "DELETE FROM generation WHERE cluster = ?1 AND run <= (SELECT max(number) FROM run WHERE cluster = "
                     "?1 AND began < ?2)");
    sql_bind_text(&st, cluster);
    sql_bind(&st, now > age ? now - age : 0);
    sql_run(&st);
    if (sqlite3_changes64(s->db))
        marks_forget(s, cluster);
}

/* Names of nodes can be made up, new ones every night. */
static void many_logs_forget(struct store *s, struct text cluster)
{
    struct statement logs =
        sql_begin(s, "DELETE FROM generation WHERE cluster = ?1 AND (node, channel) NOT IN (SELECT node, channel FROM "
                     "generation WHERE cluster = ?1 GROUP BY node, channel ORDER BY max(run) DESC, node, channel LIMIT ?2)");
    sql_bind_text(&logs, cluster);
    sql_bind(&logs, LIMIT_KNOWN_LOGS);
    sql_run(&logs);
    marks_forget(s, cluster);
}

/* What is long closed, and runs long past, say nothing more. */
static void old_forget(struct store *s, struct text cluster, const struct memory *m, uint64_t now)
{
    struct statement st = sql_begin(s, "DELETE FROM run WHERE cluster = ? AND number <= ?");
    sql_bind_text(&st, cluster);
    sql_bind(&st, m->run > (int64_t)LIMIT_RUNS ? (uint64_t)m->run - LIMIT_RUNS : 0);
    sql_run(&st);
    struct statement closed = sql_begin(s, "DELETE FROM trouble WHERE cluster = ?1 AND closed > 0 AND id NOT IN "
                                           "(SELECT id FROM trouble WHERE cluster = ?1 ORDER BY closed = 0 DESC, closed DESC "
                                           "LIMIT ?2)");
    sql_bind_text(&closed, cluster);
    sql_bind(&closed, LIMIT_TROUBLES);
    sql_run(&closed);
    struct statement happened =
        sql_begin(s, "DELETE FROM happened WHERE cluster = ?1 AND number NOT IN (SELECT number FROM happened WHERE "
                     "cluster = ?1 ORDER BY number DESC LIMIT ?2)");
    sql_bind_text(&happened, cluster);
    sql_bind(&happened, LIMIT_HAPPENED);
    sql_run(&happened);
    old_logs_forget(s, cluster, now);
    if (m->logs.count > LIMIT_KNOWN_LOGS)
        many_logs_forget(s, cluster);
}

bool store_save(struct store *s, struct text cluster, const struct memory *m, const struct run_row *run,
                struct text *why)
{
    sql_do(s, "BEGIN IMMEDIATE");
    run_save(s, cluster, m, run);
    logs_save(s, cluster, m);
    inputs_save(s, cluster, m);
    evidence_save(s, cluster, m);
    for (size_t i = 0; i < m->trouble_count; i++)
        if (m->troubles[i]->changed)
            trouble_save(s, cluster, m->troubles[i]);
    happened_save(s, cluster, m);
    old_forget(s, cluster, m, run->began);
    sql_do(s, "COMMIT");
    if (s->failed)
        *why = sql_why(s);
    return !s->failed;
}
