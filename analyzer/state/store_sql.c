#include "state/store_sql.h"

#include "base/limits.h"
#include "base/utf.h"

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

bool sql_room(struct store *s, size_t n)
{
    bool room = n <= LIMIT_STORE_MEMORY - s->taken;
    s->nonsense = s->nonsense || !room;
    s->taken += room ? n : 0;
    return room && n;
}

bool sql_next_kept(struct statement *st, size_t n)
{
    if (!sql_next(st))
        return false;
    if (sql_room(st->store, n))
        return true;
    sqlite3_finalize(st->prepared);
    st->prepared = NULL;
    return false;
}

void sql_run(struct statement *st)
{
    while (sql_next(st))
        continue;
}

void name_write(struct buf *out, struct text name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '\\' || c == '\n' || c == '\0')
            buf_add_char(out, '\\');
        buf_add_char(out, c == '\n' ? 'n' : c == '\0' ? '0' : c);
    }
}

struct text name_read(struct arena *arena, struct text written)
{
    if (text_find_char(written, '\\') == written.n)
        return written;
    char *plain = arena_alloc(arena, written.n);
    size_t n = 0;
    for (size_t i = 0; i < written.n; i++) {
        bool escaped = written.p[i] == '\\' && i + 1 < written.n;
        i += escaped;
        char c = written.p[i];
        plain[n++] = escaped && c == 'n' ? '\n' : escaped && c == '0' ? '\0' : c;
    }
    return (struct text){ plain, n };
}

void sql_bind_name(struct statement *st, struct text value)
{
    struct buf written;
    buf_init(&written);
    name_write(&written, value);
    sql_bind_text(st, buf_text(&written));
    buf_done(&written);
}

struct text sql_name(struct statement *st, int column)
{
    return name_read(st->store->arena, sql_text(st, column));
}

uint64_t sql_number(struct statement *st, int column)
{
    return (uint64_t)sqlite3_column_int64(st->prepared, column);
}

uint64_t sql_number_to(struct statement *st, int column, uint64_t most)
{
    uint64_t n = sql_number(st, column);
    st->store->nonsense = st->store->nonsense || n > most;
    return n > most ? 0 : n;
}

/* The length only behind the value: asking for the value may change its form. */
struct bytes sql_bytes(struct statement *st, int column)
{
    const void *p = sqlite3_column_blob(st->prepared, column);
    struct bytes b = { p, (size_t)sqlite3_column_bytes(st->prepared, column) };
    return sql_room(st->store, b.n) ? bytes_keep(st->store->arena, b) : (struct bytes){ (const uint8_t *)"", 0 };
}

struct text sql_text(struct statement *st, int column)
{
    const void *p = sqlite3_column_text(st->prepared, column);
    struct text t = { p, (size_t)sqlite3_column_bytes(st->prepared, column) };
    bool sound = utf8_valid(t);
    st->store->nonsense = st->store->nonsense || !sound;
    return sound && sql_room(st->store, t.n) ? text_keep(st->store->arena, t) : TEXT("");
}

bool sql_is_same(struct statement *st, int column, struct text t)
{
    const void *p = sqlite3_column_text(st->prepared, column);
    return text_equal((struct text){ p, (size_t)sqlite3_column_bytes(st->prepared, column) }, t);
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
    const char *why = s->db ? sqlite3_errmsg(s->db) : "no memory";
    int error = s->db && (sqlite3_errcode(s->db) & 0xFF) == SQLITE_IOERR ? sqlite3_system_errno(s->db) : 0;
    /* "disk I/O error" is also said of a disk that is full. */
    return error ? text_keep_format(s->arena, "%s: %s: %s", s->path, why, strerror(error))
                 : text_keep_format(s->arena, "%s: %s", s->path, why);
}

/* Of statements that are sound themselves: SQLITE_ERROR is a file format that SQLite does not know, and a constraint
 * fails on rows that contradict each other. */
bool sql_is_damage(const struct store *s)
{
    static const int codes[] = { SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_ERROR };
    int code = s->db ? sqlite3_errcode(s->db) & 0xFF : SQLITE_OK;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (code == codes[i])
            return true;
    return false;
}
