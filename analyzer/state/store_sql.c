#include "state/store_sql.h"

struct statement sql_begin(struct store *s, const char *sql)
{
    struct statement st = { .store = s };
    if (!s->failed && sqlite3_prepare_v2(s->db, sql, -1, &st.prepared, NULL) != SQLITE_OK)
        s->failed = true;
    return st;
}

static void checked(struct statement *st, int code)
{
    if (code != SQLITE_OK)
        st->store->failed = true;
}

void sql_bind(struct statement *st, uint64_t value)
{
    if (st->prepared)
        checked(st, sqlite3_bind_int64(st->prepared, ++st->bound, (sqlite3_int64)value));
}

void sql_bind_text(struct statement *st, struct text value)
{
    if (st->prepared)
        checked(st, sqlite3_bind_text64(st->prepared, ++st->bound, value.n ? value.p : "", value.n, SQLITE_TRANSIENT,
                                        SQLITE_UTF8));
}

void sql_bind_bytes(struct statement *st, struct bytes value)
{
    if (st->prepared)
        checked(st, sqlite3_bind_blob64(st->prepared, ++st->bound, value.n ? (const void *)value.p : "", value.n,
                                        SQLITE_TRANSIENT));
}

bool sql_next(struct statement *st)
{
    if (!st->prepared)
        return false;
    int code = st->store->failed ? SQLITE_DONE : sqlite3_step(st->prepared);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        st->store->failed = true;
    sqlite3_finalize(st->prepared);
    st->prepared = NULL;
    return false;
}

void sql_run(struct statement *st)
{
    while (sql_next(st))
        continue;
}

uint64_t sql_number(struct statement *st, int column)
{
    return (uint64_t)sqlite3_column_int64(st->prepared, column);
}

/* The length only behind the value: asking for the value may change its form. */
struct bytes sql_bytes(struct statement *st, int column)
{
    const void *p = sqlite3_column_blob(st->prepared, column);
    struct bytes b = { p, (size_t)sqlite3_column_bytes(st->prepared, column) };
    return b.n ? bytes_keep(st->store->arena, b) : (struct bytes){ (const uint8_t *)"", 0 };
}

struct text sql_text(struct statement *st, int column)
{
    const void *p = sqlite3_column_text(st->prepared, column);
    struct text t = { p, (size_t)sqlite3_column_bytes(st->prepared, column) };
    return t.n ? text_keep(st->store->arena, t) : TEXT("");
}

void sql_do(struct store *s, const char *sql)
{
    if (!s->failed && sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        s->failed = true;
}

uint64_t sql_one(struct store *s, const char *sql)
{
    struct statement st = sql_begin(s, sql);
    uint64_t value = 0;
    bool first = true;
    while (sql_next(&st)) {
        value = first ? sql_number(&st, 0) : value;
        first = false;
    }
    return value;
}

struct text sql_why(const struct store *s)
{
    return text_keep_format(s->arena, "%s: %s", s->path, s->db ? sqlite3_errmsg(s->db) : "no memory");
}

bool sql_is_damage(const struct store *s)
{
    int code = s->db ? sqlite3_errcode(s->db) & 0xFF : SQLITE_OK;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}
