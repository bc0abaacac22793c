/* The schema, as steps from one version to the next; man/evscan-state.5 tells what it is now. */
#include "state/store_sql.h"

#define WRITTEN(column) "replace(replace(" column ", '\\', '\\\\'), char(10), '\\n')"

static const char *const steps[] = {
    /* 1 */
    "CREATE TABLE run (number INTEGER PRIMARY KEY, cluster TEXT NOT NULL, began INTEGER NOT NULL,"
    "  ended INTEGER NOT NULL, version TEXT NOT NULL, rules INTEGER NOT NULL, inputs_read INTEGER NOT NULL,"
    "  inputs_unchanged INTEGER NOT NULL, records INTEGER NOT NULL, incomplete INTEGER NOT NULL);"
    "CREATE TABLE generation (cluster TEXT NOT NULL, node TEXT NOT NULL COLLATE NOCASE,"
    "  channel TEXT NOT NULL COLLATE NOCASE, number INTEGER NOT NULL, seen TEXT NOT NULL,"
    "  first_time INTEGER NOT NULL, last_time INTEGER NOT NULL, run INTEGER NOT NULL,"
    "  PRIMARY KEY (cluster, node, channel, number)) WITHOUT ROWID;"
    "CREATE TABLE mark (cluster TEXT NOT NULL, node TEXT NOT NULL COLLATE NOCASE,"
    "  channel TEXT NOT NULL COLLATE NOCASE, number INTEGER NOT NULL, record INTEGER NOT NULL, time INTEGER NOT NULL,"
    "  checksum INTEGER NOT NULL, PRIMARY KEY (cluster, node, channel, number, record)) WITHOUT ROWID;"
    "CREATE TABLE input (cluster TEXT NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,"
    "  device INTEGER NOT NULL, inode INTEGER NOT NULL, edges INTEGER NOT NULL, lost INTEGER NOT NULL,"
    "  run INTEGER NOT NULL, PRIMARY KEY (cluster, path)) WITHOUT ROWID;"
    "CREATE TABLE evidence (run INTEGER PRIMARY KEY, cluster TEXT NOT NULL, began INTEGER NOT NULL,"
    "  partial BLOB NOT NULL);"
    "CREATE TABLE trouble (cluster TEXT NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, what TEXT NOT NULL,"
    "  title TEXT NOT NULL, nodes TEXT NOT NULL, confidence INTEGER NOT NULL, score INTEGER NOT NULL,"
    "  level INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
    "  occurrences INTEGER NOT NULL, counted INTEGER NOT NULL, opened INTEGER NOT NULL, closed INTEGER NOT NULL,"
    "  told INTEGER NOT NULL, reminders INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (cluster, id));",
    /* 2: which runs belong to a cluster is asked for in every run */
    "CREATE INDEX run_of_cluster ON run (cluster, number);"
    "CREATE INDEX evidence_of_cluster ON evidence (cluster, run);",
    /* 3: what is missing tonight is known by what files hold; of those that were read before nothing is known */
    "ALTER TABLE input ADD COLUMN nodes TEXT NOT NULL DEFAULT '" NODES_UNKNOWN "';",
    /* 4: a backslash in front of backslashes, line ends (n) and NUL (0) in names.  Of names with a NUL two can have been
     * one: they begin anew. */
    "DELETE FROM generation WHERE instr(node || channel, char(0));"
    "DELETE FROM mark WHERE instr(node || channel, char(0));"
    "UPDATE generation SET node = " WRITTEN("node") ", channel = " WRITTEN("channel") ";"
    "UPDATE mark SET node = " WRITTEN("node") ", channel = " WRITTEN("channel") ";",
    /* 5: what happened to logs is no news as long as nothing is lost, and somebody may ask for it */
    "CREATE TABLE happened (number INTEGER PRIMARY KEY, cluster TEXT NOT NULL, at INTEGER NOT NULL, node TEXT NOT NULL,"
    "  channel TEXT NOT NULL, path BLOB NOT NULL, notice INTEGER NOT NULL, value INTEGER NOT NULL);"
    "CREATE INDEX happened_of_cluster ON happened (cluster, number);",
    /* 6: what a file was last followed as */
    "ALTER TABLE generation ADD COLUMN file INTEGER NOT NULL DEFAULT 0;",
    /* 7: a file may be written over and keep its size, its time, its header and its end */
    "ALTER TABLE input ADD COLUMN touched INTEGER NOT NULL DEFAULT 0;",
};

#define APPLICATION "1702260596" /* "evst" */

int schema_version(void)
{
    return (int)COUNT_OF(steps);
}

/* One row each; NULL, the SQL of what SQLite itself makes, is "". */
static bool is_row_same(struct statement *a, struct statement *b)
{
    for (int i = 0; i < 4; i++) {
        const void *p = sqlite3_column_text(b->prepared, i);
        if (!sql_is_same(a, i, (struct text){ p, (size_t)sqlite3_column_bytes(b->prepared, i) }))
            return false;
    }
    return true;
}

static bool are_schemas_same(struct store *a, struct store *b)
{
    static const char sql[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    struct statement x = sql_begin(a, sql), y = sql_begin(b, sql);
    bool same = true, more = true;
    while (more) {
        bool left = sql_next(&x), right = sql_next(&y);
        same = same && left == right && (!left || is_row_same(&x, &y));
        more = left || right;
    }
    return same && !a->failed && !b->failed;
}

/* A view in the place of a table, a trigger, a column that is computed: whoever can write the file could have it tell
 * what he likes, or have it never end. */
bool schema_is_ours(struct store *s)
{
    struct store model = { .arena = s->arena, .path = "" };
    uint64_t version = sql_one(s, "PRAGMA user_version");
    bool same = false;
    if (s->failed || version > COUNT_OF(steps))
        return false;
    if (sqlite3_open(":memory:", &model.db) == SQLITE_OK) {
        for (size_t i = 0; i < version; i++)
            sql_do(&model, steps[i]);
        same = are_schemas_same(s, &model);
    }
    sqlite3_close(model.db);
    return same;
}

bool schema_update(struct store *s)
{
    int version = (int)sql_one(s, "PRAGMA user_version");
    if (s->failed || version == schema_version())
        return !s->failed;
    sql_do(s, "BEGIN IMMEDIATE");
    for (int i = version; i < schema_version(); i++)
        sql_do(s, steps[i]);
    sql_do(s, "PRAGMA application_id = " APPLICATION);
    sql_do(s, text_keep_format(s->arena, "PRAGMA user_version = %d", schema_version()).p);
    sql_do(s, "COMMIT");
    return !s->failed;
}
