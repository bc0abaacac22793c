/* The schema, as steps from one version to the next; man/evscan-state.5 tells what it is now. */
#include "state/store_sql.h"

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
};

#define APPLICATION "1702260596" /* "evst" */

int schema_version(void)
{
    return (int)COUNT_OF(steps);
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
