#include "base/limits.h"
#include "state/store_sql.h"

static bool generations_load(struct store *s, struct text cluster, struct memory *m)
{
    /* A log's newest generation comes last, as generation_add wants it. */
    struct statement st = sql_begin(s, "SELECT node, channel, number, seen, first_time, last_time FROM generation "
                                       "WHERE cluster = ? ORDER BY node, channel, number");
    bool sound = true;
    sql_bind_text(&st, cluster);
    while (sql_next(&st)) {
        struct generation *g = generation_add(&m->logs, known_log_get(&m->logs, sql_text(&st, 0), sql_text(&st, 1)));
        g->number = (uint32_t)sql_number(&st, 2);
        sound = id_runs_parse(sql_text(&st, 3), &g->seen) && g->seen.count && sound;
        g->first_time = sql_number(&st, 4);
        g->last_time = sql_number(&st, 5);
    }
    return sound;
}

static struct generation *generation_find(const struct memory *m, struct text node, struct text channel,
                                          uint64_t number)
{
    const struct known_log *log = known_log_find(&m->logs, node, channel);
    struct generation *g = log ? log->generations : NULL;
    while (g && g->number != number)
        g = g->older;
    return g;
}

static void marks_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st = sql_begin(s, "SELECT node, channel, number, record, time, checksum FROM mark "
                                       "WHERE cluster = ?");
    sql_bind_text(&st, cluster);
    while (sql_next(&st)) {
        struct generation *g = generation_find(m, sql_text(&st, 0), sql_text(&st, 1), sql_number(&st, 2));
        if (g && g->marks.count < LIMIT_MARKS)
            marks_add(m->arena, &g->marks,
                      (struct mark){ sql_number(&st, 3), sql_number(&st, 4), sql_number(&st, 5) });
    }
}

/* A name without the backslashes in front of others and of the `n` of a line end. */
static struct text node_plain(struct arena *arena, struct text t)
{
    if (text_find_char(t, '\\') == t.n)
        return t;
    struct buf plain;
    buf_init(&plain);
    for (size_t i = 0; i < t.n; i++) {
        bool escaped = t.p[i] == '\\' && i + 1 < t.n;
        i += escaped;
        buf_add_char(&plain, escaped && t.p[i] == 'n' ? '\n' : t.p[i]);
    }
    struct text kept = text_keep(arena, buf_text(&plain));
    buf_done(&plain);
    return kept;
}

/* "NODE1\nNODE2" */
static const struct text *nodes_split(struct arena *arena, struct text all, size_t *count)
{
    struct text *nodes = NULL;
    size_t capacity = 0;
    *count = 0;
    while (all.n) {
        size_t end = text_find_char(all, '\n');
        nodes = arena_grow(arena, nodes, *count, &capacity, sizeof *nodes);
        nodes[(*count)++] = node_plain(arena, (struct text){ all.p, end });
        all = text_from_index(all, end + 1);
    }
    return nodes;
}

static void inputs_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st = sql_begin(s, "SELECT path, size, modified, device, inode, edges, lost, nodes FROM input "
                                       "WHERE cluster = ? ORDER BY path");
    sql_bind_text(&st, cluster);
    while (sql_next(&st)) {
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
        in->nodes_known = !text_equal(nodes, TEXT(NODES_UNKNOWN));
        if (in->nodes_known)
            in->nodes = nodes_split(m->arena, nodes, &in->node_count);
        memory_input_add(m, in);
    }
}

static void evidence_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st = sql_begin(s, "SELECT run, began, partial FROM evidence WHERE cluster = ? ORDER BY run");
    sql_bind_text(&st, cluster);
    while (sql_next(&st))
        memory_evidence_add(m, (struct evidence_row){ .run = (int64_t)sql_number(&st, 0), .began = sql_number(&st, 1),
                                                      .packed = sql_bytes(&st, 2) });
}

static void troubles_load(struct store *s, struct text cluster, struct memory *m)
{
    struct statement st =
        sql_begin(s, "SELECT id, kind, what, title, nodes, confidence, score, level, first_seen, last_seen, "
                     "occurrences, counted, opened, closed, told, reminders, reason FROM trouble WHERE cluster = ? "
                     "ORDER BY opened, id");
    sql_bind_text(&st, cluster);
    while (sql_next(&st)) {
        struct trouble *t = ARENA_NEW(m->arena, struct trouble);
        t->id = sql_text(&st, 0);
        uint64_t kind = sql_number(&st, 1);
        t->kind = kind <= TROUBLE_NODE ? (enum trouble_kind)kind : TROUBLE_FINDING;
        t->what = sql_text(&st, 2);
        t->title = sql_text(&st, 3);
        t->nodes = nodes_split(m->arena, sql_text(&st, 4), &t->node_count);
        t->confidence = (int)(sql_number(&st, 5) & 3);
        t->score = (int)(sql_number(&st, 6) & 0x7F);
        t->level = (int)(sql_number(&st, 7) & 7);
        uint64_t *const numbers[] = { &t->first_seen, &t->last_seen, &t->occurrences, &t->counted,
                                      &t->opened, &t->closed, &t->told };
        for (size_t i = 0; i < COUNT_OF(numbers); i++)
            *numbers[i] = sql_number(&st, 8 + (int)i);
        t->reminders = (unsigned)(sql_number(&st, 15) & 0xFFFF);
        t->reason = sql_text(&st, 16);
        memory_trouble_add(m, t);
    }
}

bool store_load(struct store *s, struct text cluster, struct memory *ret, struct text *why)
{
    *ret = (struct memory){ .arena = s->arena, .logs.arena = s->arena };
    ret->run = (int64_t)sql_one(s, "SELECT max(number) FROM run") + 1;
    struct statement st = sql_begin(s, "SELECT max(began) FROM run WHERE cluster = ?");
    sql_bind_text(&st, cluster);
    while (sql_next(&st))
        ret->last_run = sql_number(&st, 0);
    bool sound = generations_load(s, cluster, ret);
    marks_load(s, cluster, ret);
    inputs_load(s, cluster, ret);
    evidence_load(s, cluster, ret);
    troubles_load(s, cluster, ret);
    known_logs_index(&ret->logs);
    if (s->failed)
        *why = sql_why(s);
    else if (!sound)
        *why = text_keep_format(s->arena, "%s is damaged: it holds no lists of record numbers where they should be",
                                s->path);
    return !s->failed && sound;
}
