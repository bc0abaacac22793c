#include "evtx/evtx_foreign.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "evtx/binxml_flat.h"
#include "evtx/evtx_locate.h"
#include "evtx/evtx_template.h"
#include "io/input.h"

#define BUCKETS 1024u

struct found {
    uint32_t id;
    uint64_t hash;
    struct bytes flat;
    struct found *next;
};

struct foreign {
    struct input *in;
    pthread_mutex_t lock;
    bool searched;
    size_t count;
    struct arena arena;
    struct found *buckets[BUCKETS];
    struct flattener flattener;
    bool torn; /* the chunk being searched: something in it does not stand where it says */
    struct moved moved;
};

struct foreign *foreign_new(struct input *in)
{
    struct foreign *f = memory_new(sizeof *f);
    *f = (struct foreign){ .in = in };
    pthread_mutex_init(&f->lock, NULL);
    arena_init(&f->arena);
    flattener_init(&f->flattener);
    return f;
}

void foreign_free(struct foreign *f)
{
    flattener_done(&f->flattener);
    arena_done(&f->arena);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

/* Adds a definition unless it is known; at the end of its bucket, so that file order stays. */
static void keep(struct foreign *f, uint32_t id, struct bytes flat)
{
    uint64_t hash = text_hash((struct text){ (const char *)flat.p, flat.n });
    struct found **end = &f->buckets[id % BUCKETS];
    size_t variants = 0;
    for (; *end; end = &(*end)->next) {
        if ((*end)->id != id)
            continue;
        if (++variants == LIMIT_TEMPLATE_VARIANTS)
            return;
        if ((*end)->hash == hash && bytes_equal((*end)->flat, flat))
            return;
    }
    if (f->count == LIMIT_TEMPLATES || f->arena.total + flat.n > LIMIT_TEMPLATE_BYTES)
        return;
    f->count++;
    *end = ARENA_NEW(&f->arena, struct found);
    **end = (struct found){ .id = id, .hash = hash, .flat = bytes_keep(&f->arena, flat) };
}

/* The body of a definition that stands at `here`, behind the token of an instance of it. */
static bool is_defined(struct bytes chunk, size_t here, uint32_t id, struct bytes *body)
{
    return definition_body(chunk, (uint32_t)here, id, body) && body->n && body->p[0] == BINXML_FRAGMENT;
}

/* What is defined here says that it stands elsewhere: so do its names. */
static void note_moved(struct foreign *f, struct bytes chunk)
{
    if (f->torn)
        return;
    f->torn = true;
    if (moved_read(&f->moved, chunk))
        f->flattener.moved = &f->moved;
}

/*
 * Every place that reads like "instance of a template that is defined right here": the definition is found also
 * where the record around it is damaged, and in old data.
 */
static void collect(struct foreign *f, struct bytes chunk)
{
    size_t work = LIMIT_FOREIGN_WORK;
    f->torn = false;
    f->flattener.moved = NULL;
    for (size_t at = 0; at + BINXML_INSTANCE_SIZE + BINXML_DEFINITION_HEAD < chunk.n; at++) {
        const uint8_t *token = memchr(chunk.p + at, BINXML_INSTANCE, chunk.n - at);
        struct bytes body;
        size_t read;
        if (!token)
            return;
        at = (size_t)(token - chunk.p);
        size_t here = at + BINXML_INSTANCE_SIZE;
        uint32_t id = bytes_u32(chunk, at + 2), stated = bytes_u32(chunk, at + 6);
        if (is_defined(chunk, here, id, &body)) {
            if (stated != here)
                note_moved(f, chunk);
            bool sound = definition_flatten(&f->flattener, chunk, body, &read);
            size_t taken = read + flattened(&f->flattener).n;
            if (taken > work)
                return;
            work -= taken;
            if (sound)
                keep(f, id, flattened(&f->flattener));
        }
    }
}

static void search(struct foreign *f)
{
    uint8_t *block = memory_new(EVTX_CHUNK_SIZE);
    struct evtx_piece piece = { 0 };
    int error;
    while (f->count < LIMIT_TEMPLATES && evtx_locate(f->in, piece.next, block, &piece, &error))
        collect(f, (struct bytes){ block, piece.size });
    free(block);
    f->searched = true;
}

bool foreign_find(struct foreign *f, uint32_t id, size_t n, struct bytes *ret)
{
    pthread_mutex_lock(&f->lock);
    if (!f->searched)
        search(f);
    struct found *at = f->buckets[id % BUCKETS];
    for (; at; at = at->next)
        if (at->id == id && n-- == 0)
            break;
    pthread_mutex_unlock(&f->lock);
    if (at)
        *ret = at->flat;
    return at != NULL;
}
