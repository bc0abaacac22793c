/*
 * night_doubt.c - inputs are read twice: the survey says what is new in them, the scan takes it.  In between a file may
 * be replaced or cut, and a disk may fail at any time.  What the scan then did not get would count as read for ever: it
 * is given back, and the next run reads those files again.
 */
#include "cli/night.h"

#include <stdlib.h>

#include "io/file_look.h"

/* A path that was read, and what came of it. */
struct reading {
    const char *path;
    const struct input_result *surveyed; /* NULL: no log, or not reached */
    struct input_result *scanned;        /* same */
    bool again;  /* the next run has to read it */
    bool missed; /* and part of what was to be taken was not there */
};

struct readings {
    struct reading *items; /* by path */
    size_t count;
};

static int readings_order(const void *left, const void *right)
{
    const struct reading *a = left, *b = right;
    return strcmp(a->path, b->path);
}

static struct reading *reading_find(const struct readings *all, const char *path)
{
    const struct reading wanted = { .path = path };
    if (!all->count)
        return NULL;
    return bsearch(&wanted, all->items, all->count, sizeof wanted, readings_order);
}

static void readings_make(struct night *n, const struct partial *surveyed, struct readings *ret)
{
    const struct partial *scanned = &n->analysis->partial;
    ret->count = n->paths.count;
    ret->items = ARENA_NEW_N(n->arena, struct reading, ret->count);
    for (size_t i = 0; i < ret->count; i++)
        ret->items[i].path = n->paths.items[i].path;
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, readings_order);
    for (size_t i = 0; i < surveyed->input_count; i++) {
        struct reading *r = reading_find(ret, text_keep(n->arena, surveyed->inputs[i]->path).p);
        if (r)
            r->surveyed = surveyed->inputs[i];
    }
    for (size_t i = 0; i < scanned->input_count; i++) {
        struct reading *r = reading_find(ret, text_keep(n->arena, scanned->inputs[i]->path).p);
        if (r)
            r->scanned = scanned->inputs[i];
    }
}

/* The notice that reading came to an end before the log did: another time it may not.  NULL: there is none. */
static const struct notice *cut_short(const struct input_result *input)
{
    for (size_t i = 0; input && i < input->notices.count; i++) {
        enum notice_code code = input->notices.items[i].code;
        if (code == NOTICE_INPUT_READ || code == NOTICE_INPUT_SHRUNK || code == NOTICE_INPUT_OPEN)
            return &input->notices.items[i];
    }
    return NULL;
}

/* What is appended to does not lose records; what is shorter, or another file, may have.  A look that failed is none. */
static void look_again(const struct night *n, struct reading *r)
{
    const struct known_input *in = memory_input(&n->memory, text_from(r->path));
    struct file_look look;
    if (!in || !in->inode)
        return;
    bool there = file_look(r->path, &look) == 0;
    r->missed = !there || look.device != in->device || look.inode != in->inode || look.size < in->size;
    r->again = r->missed || look.size != in->size || look.modified != in->modified ||
               look.touched != in->touched || look.edges != in->edges;
}

static void reading_judge(const struct night *n, struct reading *r)
{
    uint64_t promised = r->surveyed ? r->surveyed->account.decoded : 0;
    uint64_t given = r->scanned ? r->scanned->account.decoded : 0;
    look_again(n, r);
    r->missed = promised && (r->missed || given < promised);
    r->again = r->again || r->missed || cut_short(r->surveyed) || cut_short(r->scanned);
}

/* Another input may hold the same records, and was not asked for them. */
static void logs_doubt(struct night *n, const struct readings *all)
{
    for (size_t i = 0; i < n->parts.count; i++) {
        struct part_verdict *v = &n->verdicts[i];
        const struct reading *r = reading_find(all, v->part->path);
        if (!r || !r->missed || !v->take.count)
            continue;
        n->records -= id_runs_count(&v->take);
        verdict_take_back(&n->memory.logs, n->verdicts, n->parts.count, v);
    }
    for (size_t i = 0; i < n->parts.count; i++) {
        struct reading *r = reading_find(all, n->verdicts[i].part->path);
        if (r && n->verdicts[i].of->doubted)
            r->again = true;
    }
}

/* Not known, when the memory is saved: a file that is new. */
static void input_forget(const struct night *n, const struct reading *r)
{
    struct known_input *in = memory_input(&n->memory, text_from(r->path));
    if (in)
        in->met = in->changed = false;
}

static void reading_tell(struct night *n, const struct reading *r)
{
    struct input_result *in = r->scanned;
    const struct notice *early = cut_short(r->surveyed);
    n->analysis->status = status_worse(n->analysis->status, ST_LOST_RECORD);
    if (!in || cut_short(in))
        return;
    if (early)
        in->status = status_worse(in->status, notice_add(&in->notices, early->code, early->offset, early->value));
    if (r->missed)
        in->status = status_worse(in->status, notice_add(&in->notices, NOTICE_LOG_SWAPPED, NOTICE_NO_OFFSET,
                                                         r->surveyed->account.decoded));
}

void night_doubt(struct night *n, const struct partial *surveyed)
{
    struct readings all;
    readings_make(n, surveyed, &all);
    for (size_t i = 0; i < all.count; i++)
        reading_judge(n, &all.items[i]);
    logs_doubt(n, &all);
    for (size_t i = 0; i < all.count; i++) {
        const struct reading *r = &all.items[i];
        if (!r->again)
            continue;
        input_forget(n, r);
        if (r->missed || cut_short(r->surveyed))
            reading_tell(n, r);
    }
}
