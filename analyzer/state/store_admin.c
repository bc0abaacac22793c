#include "state/store_sql.h"

#include <inttypes.h>

#include "finding/partial_pack.h"

/* Of a SELECT that asks for rows of one cluster. */
static uint64_t one_of(struct store *s, struct text cluster, const char *sql)
{
    struct statement st = sql_begin(s, sql);
    uint64_t value = 0;
    sql_bind_text(&st, cluster);
    while (sql_next(&st))
        value = sql_number(&st, 0);
    return value;
}

bool store_summary(struct store *s, struct text cluster, struct store_summary *ret, struct text *why)
{
    *ret = (struct store_summary){
        .schema = (int)sql_one(s, "PRAGMA user_version"),
        .bytes = sql_one(s, "PRAGMA page_count") * sql_one(s, "PRAGMA page_size"),
        .runs = one_of(s, cluster, "SELECT count(*) FROM run WHERE cluster = ?"),
        .last_run = one_of(s, cluster, "SELECT max(began) FROM run WHERE cluster = ?"),
        .inputs = one_of(s, cluster, "SELECT count(*) FROM input WHERE cluster = ?"),
        .evidence = one_of(s, cluster, "SELECT count(*) FROM evidence WHERE cluster = ?"),
        .evidence_bytes = one_of(s, cluster, "SELECT total(length(partial)) FROM evidence WHERE cluster = ?"),
        .open = one_of(s, cluster, "SELECT count(*) FROM trouble WHERE cluster = ? AND closed = 0"),
        .closed = one_of(s, cluster, "SELECT count(*) FROM trouble WHERE cluster = ? AND closed > 0"),
    };
    *why = s->failed ? sql_why(s) : TEXT("");
    return !s->failed;
}

bool store_clusters(struct store *s, struct text **ret, size_t *count, struct text *why)
{
    struct statement st = sql_begin(s, "SELECT DISTINCT cluster FROM run UNION SELECT DISTINCT cluster FROM trouble "
                                       "ORDER BY 1");
    size_t capacity = 0;
    *ret = NULL;
    *count = 0;
    while (sql_next(&st)) {
        *ret = arena_grow(s->arena, *ret, *count, &capacity, sizeof **ret);
        (*ret)[(*count)++] = sql_text(&st, 0);
    }
    *why = s->failed ? sql_why(s) : TEXT("");
    return !s->failed;
}

bool store_happened(struct store *s, struct text cluster, size_t most, struct happening **ret, size_t *count,
                    struct text *why)
{
    struct statement st = sql_begin(s, "SELECT at, node, channel, path, notice, value FROM (SELECT * FROM happened WHERE "
                                       "cluster = ? ORDER BY number DESC LIMIT ?) ORDER BY number");
    size_t capacity = 0;
    *ret = NULL;
    *count = 0;
    sql_bind_text(&st, cluster);
    sql_bind(&st, most);
    while (sql_next_kept(&st, sizeof **ret)) {
        struct bytes path = sql_bytes(&st, 3);
        *ret = arena_grow(s->arena, *ret, *count, &capacity, sizeof **ret);
        (*ret)[(*count)++] = (struct happening){
            .at = sql_number(&st, 0),
            .node = sql_name(&st, 1),
            .channel = sql_name(&st, 2),
            .path = { (const char *)path.p, path.n },
            .notice = (int)sql_number_to(&st, 4, INT32_MAX),
            .value = sql_number(&st, 5),
        };
    }
    *why = s->failed ? sql_why(s) : TEXT("");
    return !s->failed;
}

static void cluster_forget(struct store *s, struct text cluster, uint64_t *rows)
{
    static const char *const tables[] = { "run",   "generation", "mark",    "input",
                                          "evidence", "trouble",    "happened" };
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct statement st =
            sql_begin(s, text_keep_format(s->arena, "DELETE FROM %s WHERE cluster = ?", tables[i]).p);
        sql_bind_text(&st, cluster);
        sql_run(&st);
        *rows += (uint64_t)sqlite3_changes64(s->db);
    }
}

/* A name a line, without regard to case. */
#define TROUBLES_OF_NODE                                                                                    \
    "DELETE FROM trouble WHERE cluster = ?1 AND instr(char(10) || lower(nodes), char(10) || lower(?2) || char(10))"

/* Its records count as new again, so what files held of it has to be read again. */
static void node_forget(struct store *s, struct text cluster, struct text node, uint64_t *rows)
{
    static const char *const sql[] = {
        "DELETE FROM generation WHERE cluster = ?1 AND node = ?2",
        "DELETE FROM mark WHERE cluster = ?1 AND node = ?2",
        TROUBLES_OF_NODE,
        "DELETE FROM input WHERE cluster = ?1 AND ?2 <> ''",
    };
    for (size_t i = 0; i < COUNT_OF(sql); i++) {
        struct statement st = sql_begin(s, sql[i]);
        sql_bind_text(&st, cluster);
        sql_bind_name(&st, node);
        sql_run(&st);
        /* Files are only read again: nothing of them is lost. */
        *rows += i + 1 < COUNT_OF(sql) ? (uint64_t)sqlite3_changes64(s->db) : 0;
    }
}

bool store_forget(struct store *s, struct text cluster, struct text node, uint64_t *rows, struct text *why)
{
    *rows = 0;
    sql_do(s, "BEGIN IMMEDIATE");
    if (node.n)
        node_forget(s, cluster, node, rows);
    else
        cluster_forget(s, cluster, rows);
    sql_do(s, "COMMIT");
    *why = s->failed ? sql_why(s) : TEXT("");
    return !s->failed;
}

/* What a run will forget, with a word.  That of another version is sound for all that is known. */
static bool evidence_check(struct store *s, const struct memory *m, struct text *why)
{
    const struct rule_names none = { 0 };
    for (size_t i = 0; i < m->evidence_count; i++) {
        struct partial p;
        struct partial_about about;
        partial_init(&p);
        bool drop = m->evidence[i].drop;
        enum partial_fault fault = drop ? PARTIAL_SOUND : partial_unpack(m->evidence[i].packed, &none, &p, &about);
        partial_done(&p);
        if (fault == PARTIAL_SOUND || fault == PARTIAL_VERSION)
            continue;
        *why = text_keep_format(s->arena, "%s: the evidence of run %" PRId64 " is damaged: the next run forgets it, "
                                "and goes on", s->path, m->evidence[i].run);
        return false;
    }
    return true;
}

/* What a run would set aside is set aside. */
static bool cluster_check(struct store *s, struct text cluster, uint64_t now, struct text *why)
{
    struct memory m;
    if (store_load(s, cluster, &m, why)) {
        known_logs_index(&m.logs);
        if (!s->failed)
            return evidence_check(s, &m, why);
        *why = sql_why(s);
    }
    bool aside = store_is_damaged(s) && store_set_aside(s, now, why);
    UNUSED(aside); /* `why` tells */
    return false;
}

bool store_check(struct store *s, uint64_t now, struct text *why)
{
    struct text *clusters;
    size_t count;
    bool sound = store_clusters(s, &clusters, &count, why);
    for (size_t i = 0; i < count && sound; i++)
        sound = cluster_check(s, clusters[i], now, why);
    return sound;
}
