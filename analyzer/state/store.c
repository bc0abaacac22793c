#define _DEFAULT_SOURCE /* flock, gethostname */
#include "state/store_sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/times.h"

#define FILE_NAME "evscan.db"
#define LOCK_NAME "evscan.lock"
#define ASIDE     ".damaged-"

/* Behind the line of a run that has not made the file yet. */
#define FIRST_MARK ", the first"

/* "" when nothing could be written, as on a full disk. */
static struct text holder_read(struct arena *arena, int fd)
{
    char line[200];
    ssize_t n = pread(fd, line, sizeof line, 0);
    return n > 0 ? text_keep(arena, text_trim((struct text){ line, (size_t)n })) : TEXT("");
}

/* For whoever finds the lock taken.  The lock itself goes with the process, whatever ends it. */
static void holder_write(int fd, uint64_t now, bool first)
{
    char host[100] = "", line[200], time[TIME_ISO_ROOM];
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    struct text t = time_iso(now, 0, time);
    int n = snprintf(line, sizeof line, "process %jd on %s, since %.*s%s\n", (intmax_t)getpid(), host, TEXT_ARG(t),
                     first ? FIRST_MARK : "");
    if (ftruncate(fd, 0) != 0 || pwrite(fd, line, (size_t)n, 0) != n)
        errno = 0; /* nobody will know who holds it, but it is held */
}

static bool is_empty(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size == 0;
}

/*
 * SQLite makes a file without a byte, and writes to it a moment later.  One that is empty at any other time has lost what
 * it held: the lock, which is older than the file, tells which run was the last.
 */
static bool is_first(const struct store *s, bool locked_before)
{
    struct text holder = s->lock >= 0 ? holder_read(s->arena, s->lock) : TEXT("");
    if (access(s->path, F_OK) != 0)
        return true;
    return is_empty(s->path) && locked_before && (!holder.n || text_ends_with(holder, TEXT(FIRST_MARK)));
}

/* False when somebody else holds it; -1 as descriptor where there can be none. */
static bool lock_take(struct store *s, uint64_t now, struct text *why)
{
    const char *path = text_keep_format(s->arena, "%s/" LOCK_NAME, s->folder).p;
    bool before = access(path, F_OK) == 0;
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    bool writable = s->lock >= 0;
    if (!writable)
        s->lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (s->lock < 0)
        return true;
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        struct text holder = holder_read(s->arena, s->lock);
        holder = holder.n ? holder : TEXT("a run that has just begun");
        *why = text_keep_format(s->arena, "%s: in use by another run: %.*s", path, TEXT_ARG(holder));
        return false;
    }
    s->first = is_first(s, before);
    if (writable)
        holder_write(s->lock, now, s->first);
    return true;
}

static bool folder_make(const char *folder, bool create)
{
    struct stat about;
    if (stat(folder, &about) == 0) {
        errno = ENOTDIR;
        return S_ISDIR(about.st_mode);
    }
    return create && mkdir(folder, 0750) == 0;
}

/* The file as it is on the disk, whatever else stands beside it; a character that means something in a URI is a number. */
static const char *immutable_uri(const struct store *s)
{
    struct buf uri;
    buf_init(&uri);
    buf_add_c(&uri, "file:");
    for (const char *c = s->path; *c; c++)
        if (strchr("%?#", *c))
            buf_add_format(&uri, "%%%02X", (unsigned)(unsigned char)*c);
        else
            buf_add_char(&uri, *c);
    buf_add_c(&uri, "?immutable=1");
    const char *kept = text_keep(s->arena, buf_text(&uri)).p;
    buf_done(&uri);
    return kept;
}

/* For writing; else, where nothing can be written, for reading. */
static bool database_open(struct store *s, bool create)
{
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
        return false;
    if (!sqlite3_db_readonly(s->db, "main"))
        return true;
    sqlite3_close(s->db);
    return sqlite3_open_v2(immutable_uri(s), &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK;
}

static bool database_prepare(struct store *s)
{
    static const int off[] = { SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER,
                               SQLITE_DBCONFIG_ENABLE_VIEW };
    for (size_t i = 0; i < COUNT_OF(off); i++)
        sqlite3_db_config(s->db, off[i], 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, LIMIT_STORE_VALUE);
    sqlite3_busy_timeout(s->db, 5000);
    sqlite3_extended_result_codes(s->db, 0);
    if (sqlite3_db_readonly(s->db, "main"))
        return true;
    sql_do(s, "PRAGMA journal_mode = WAL");
    sql_do(s, "PRAGMA synchronous = FULL"); /* on the disk when the run says so, also after a power cut */
    return !s->failed && !sqlite3_db_readonly(s->db, "main"); /* its first page has a version that is only to be read */
}

/* Not quick_check: it does not look at the order of keys, and a row out of order lets every later night fail when it
 * saves.  Seen with one bit of a mark; it costs a third more (0.04 s of 42 MiB). */
static bool is_sound(struct store *s)
{
    struct statement st = sql_begin(s, "PRAGMA integrity_check(1)");
    bool sound = false;
    while (sql_next(&st))
        sound = text_equal(sql_text(&st, 0), TEXT("ok"));
    return sound && !s->failed;
}

/* `what` is wrong, unless it is SQLite that cannot go on. */
static enum store_fault damage(struct store *s, const char *what, struct text *why)
{
    bool damaged = sql_is_damage(s) || !s->failed;
    *why = damaged ? text_keep_format(s->arena, "%s is damaged%s", s->path, s->failed ? "" : what) : sql_why(s);
    return damaged ? STORE_DAMAGED : STORE_FAILED;
}

static enum store_fault database_check(struct store *s, struct text *why)
{
    int version = s->failed ? 0 : (int)(int32_t)sql_one(s, "PRAGMA user_version");
    if (version > schema_version()) {
        *why = text_keep_format(s->arena, "%s: written by a newer evscan (schema %d; this one knows %d)", s->path,
                                version, schema_version());
        return STORE_NEWER;
    }
    if (s->failed || version < 0 || !schema_is_ours(s))
        return damage(s, ": its tables are not those that evscan makes", why);
    if (!is_sound(s))
        return damage(s, "", why);
    return schema_update(s) ? STORE_GOOD : damage(s, "", why);
}

static enum store_fault database_begin(struct store *s, bool create, struct text *why)
{
    s->failed = false;
    if (!s->first && is_empty(s->path))
        return damage(s, ": it is empty", why);
    if (!database_open(s, create)) {
        *why = sql_why(s);
        return STORE_FAILED;
    }
    return database_prepare(s) ? database_check(s, why) : damage(s, "", why);
}

static void database_end(struct store *s)
{
    sqlite3_close(s->db);
    s->db = NULL;
}

/*
 * What SQLite keeps beside the file goes with it: it may be part of what is wrong.  The file itself goes last: whatever
 * ends the run before, the next one finds it as damaged as it was, and never a -wal that belongs to another file.
 */
static bool file_set_aside(struct store *s, uint64_t now, struct text *why)
{
    static const char *const parts[] = { "-shm", "-wal", "" };
    char time[TIME_ISO_ROOM];
    struct text t = time_iso(now, 0, time);
    const char *aside = text_keep_format(s->arena, "%s" ASIDE "%.*s", s->path, TEXT_ARG(t)).p;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const char *from = text_keep_format(s->arena, "%s%s", s->path, parts[i]).p;
        const char *to = text_keep_format(s->arena, "%s%s", aside, parts[i]).p;
        if (rename(from, to) != 0 && errno != ENOENT) {
            *why = text_keep_format(s->arena, "%.*s, and cannot be set aside: %s", TEXT_ARG(*why), strerror(errno));
            return false;
        }
    }
    *why = text_keep_format(s->arena, "%.*s; it was set aside as %s, and all counts as new", TEXT_ARG(*why), aside);
    return true;
}

bool store_is_damaged(const struct store *s)
{
    return s->nonsense || (s->failed && sql_is_damage(s));
}

bool store_set_aside(struct store *s, uint64_t now, struct text *why)
{
    struct text again;
    database_end(s);
    if (!file_set_aside(s, now, why))
        return false;
    if (database_begin(s, true, &again) == STORE_GOOD)
        return true;
    *why = again;
    return false;
}

/* The name of a file that was set aside, the last of them; "": there is none. */
static struct text aside_find(const struct store *s)
{
    struct text found = TEXT("");
    DIR *folder = opendir(s->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        struct text name = text_from(entry->d_name);
        bool other = !text_starts_with(name, TEXT(FILE_NAME ASIDE)) || text_ends_with(name, TEXT("-wal")) ||
                     text_ends_with(name, TEXT("-shm"));
        if (!other && text_compare(found, name) < 0)
            found = text_keep(s->arena, name);
    }
    if (folder)
        closedir(folder);
    return found;
}

/* A run that set the old one aside, and was ended before it could say so or remember anything. */
static enum store_fault aside_recall(struct store *s, struct text *why)
{
    struct text aside = sql_one(s, "SELECT count(*) FROM run") ? TEXT("") : aside_find(s);
    if (s->failed)
        *why = sql_why(s);
    if (s->failed || !aside.n)
        return s->failed ? STORE_FAILED : STORE_GOOD;
    *why = text_keep_format(s->arena, "%s is new: the one before it was damaged, and set aside as %.*s; all counts as new",
                            s->path, TEXT_ARG(aside));
    return STORE_DAMAGED;
}

/* What a first run left is no damage, but somebody may wonder why it remembers nothing. */
static enum store_fault database_first(struct store *s, bool create, uint64_t now, struct text *why)
{
    bool left = s->first && is_empty(s->path);
    enum store_fault fault = database_begin(s, create, why);
    if (fault == STORE_GOOD && s->first)
        holder_write(s->lock, now, false);
    if (fault == STORE_GOOD && left)
        *why = text_keep_format(s->arena, "%s was empty: the first run was ended before it remembered anything", s->path);
    return fault;
}

enum store_fault store_open(const char *folder, bool create, uint64_t now, struct arena *arena, struct store **ret,
                            struct text *why)
{
    struct store *s = ARENA_NEW(arena, struct store);
    *s = (struct store){ .arena = arena, .folder = folder, .lock = -1 };
    s->path = text_keep_format(arena, "%s/" FILE_NAME, folder).p;
    if (!folder_make(folder, create)) {
        *why = text_keep_format(arena, "%s: %s", folder, strerror(errno));
        return STORE_FAILED;
    }
    if (!create && access(s->path, F_OK) != 0) { /* any folder can be named: no lock is left in it */
        *why = text_keep_format(arena, "%s: %s; runs with --cron make it", s->path, strerror(errno));
        return STORE_FAILED;
    }
    enum store_fault fault = lock_take(s, now, why) ? database_first(s, create, now, why) : STORE_LOCKED;
    if (fault == STORE_DAMAGED && !store_set_aside(s, now, why))
        fault = STORE_FAILED;
    else if (fault == STORE_GOOD && create)
        fault = aside_recall(s, why);
    if (fault == STORE_GOOD || fault == STORE_DAMAGED)
        *ret = s;
    else
        store_close(s);
    return fault;
}

static bool is_beside(const struct store *s, const char *end)
{
    return access(text_keep_format(s->arena, "%s%s", s->path, end).p, F_OK) == 0;
}

/*
 * Nothing may be made beside it, as SQLite does for a reader: whoever looks may be somebody else, and the next run could not
 * write to that.  Where a run is at work, or was ended in the middle, a part of what is remembered stands in -wal: who
 * cannot read that with its -shm does not know it.
 */
static bool look_open(struct store *s, struct text *why)
{
    if (!is_beside(s, "-wal"))
        return sqlite3_open_v2(immutable_uri(s), &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK;
    if (is_beside(s, "-shm") && sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_exec(s->db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    *why = text_keep_format(s->arena, "%s: a run is at work, or was ended in the middle; another user cannot read all of it "
                                      "before the next run with --cron is done", s->path);
    return false;
}

static bool look_check(struct store *s, struct text *why)
{
    if (is_empty(s->path)) { /* SQLite takes it for one of version 0 */
        *why = text_keep_format(s->arena, "%s is empty; the next run with --cron says why, and begins anew", s->path);
        return false;
    }
    if (!look_open(s, why) || !database_prepare(s)) {
        if (!why->n)
            *why = sql_why(s);
        return false;
    }
    uint64_t version = sql_one(s, "PRAGMA user_version");
    if (!s->failed && version < (uint64_t)schema_version()) {
        *why = text_keep_format(s->arena, "%s: written by an earlier evscan; the next run with --cron brings it up to date",
                                s->path);
        return false;
    }
    return database_check(s, why) == STORE_GOOD;
}

bool store_look(const char *folder, struct text cluster, struct arena *arena, struct memory *ret, struct text *why)
{
    struct store *s = ARENA_NEW(arena, struct store);
    *s = (struct store){ .arena = arena, .folder = folder, .lock = -1 };
    s->path = text_keep_format(arena, "%s/" FILE_NAME, folder).p;
    if (access(s->path, R_OK) != 0) {
        *why = text_keep_format(arena, "%s: %s%s", s->path, strerror(errno),
                                errno == ENOENT ? "; runs with --cron make it" : "");
        return false;
    }
    bool loaded = look_check(s, why) && store_load(s, cluster, ret, why);
    if (loaded)
        known_logs_index(&ret->logs);
    loaded = loaded && !s->failed;
    ret->logs.marks_load = NULL;
    store_close(s);
    return loaded;
}

void store_close(struct store *s)
{
    database_end(s);
    if (s->lock >= 0)
        close(s->lock);
}
