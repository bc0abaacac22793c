#include "finding/partial_keep.h"

#include "base/limits.h"
#include "finding/duplicates.h"

const struct thin hit_not_whole = { 0 };

/* What the next whole hit takes; the event counts with the first one. */
static size_t whole_size(const struct event *event, bool first)
{
    return sizeof(struct hit) + (first ? event_size(event) : 0);
}

/* Behind the first hit that does not fit none is whole.  True when any of these is. */
static bool wholes_settle(struct partial *p, struct arrival *a)
{
    bool any = false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->hits[i].thin)
            continue;
        size_t size = p->full ? 0 : whole_size(a->event, !any);
        if (size > LIMIT_HIT_BYTES - p->hit_bytes)
            p->full = a->input->full = true;
        if (p->full) {
            a->hits[i].thin = HIT_NOT_WHOLE;
            partial_drop(p, a->input, 1);
            continue;
        }
        p->hit_bytes += size;
        any = true;
    }
    return any;
}

/* Looks at the event for hits that are thin from now on, and says what all thin ones take. */
static size_t thins_make(struct partial *p, struct arrival *a)
{
    uint64_t checksum = 0;
    size_t size = 0;
    for (size_t i = 0; i < a->count; i++) {
        struct hit *hit = &a->hits[i];
        if (!hit->thin || !thin_is_read(p->plan, hit->rule))
            continue;
        if (hit->thin == HIT_NOT_WHOLE) {
            checksum = checksum ? checksum : event_checksum(a->event);
            hit->thin = thin_keep(&p->arena, p->plan, hit->rule, a->event, checksum);
        }
        size += sizeof *hit + thin_size(p->plan, hit->rule, hit->thin);
    }
    return size;
}

/* Takes hits that are not whole out of the list: all of them, or those that no correlation reads. */
static void thins_remove(struct partial *p, struct arrival *a, bool all)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->count; i++) {
        bool is_thin = a->hits[i].thin != NULL, is_read = is_thin && thin_is_read(p->plan, a->hits[i].rule);
        if (is_read && all)
            partial_lose(p, a->input, 1);
        if (!is_thin || (is_read && !all))
            a->hits[kept++] = a->hits[i];
    }
    a->count = kept;
}

static void thins_settle(struct partial *p, struct arrival *a, bool any_whole)
{
    struct input_result *input = a->input;
    bool open = !p->thin_full && a->hits[0].place < input->thin_end;
    thins_remove(p, a, !open);
    if (a->count == 0)
        return;
    struct arena_mark mark = arena_mark(&p->arena);
    size_t size = thins_make(p, a);
    if (!any_whole)
        size += thin_event_size(a->event);
    if (size > LIMIT_THIN_BYTES - p->thin_bytes) {
        p->thin_full = true;
        input->thin_end = a->hits[0].place;
        thins_remove(p, a, true);
        arena_rewind(&p->arena, mark);
        return;
    }
    p->thin_bytes += size;
    if (!any_whole && !a->is_thin)
        a->event = thin_event(&p->arena, a->event);
}

void arrival_settle(struct partial *p, struct arrival *a)
{
    bool any_whole = wholes_settle(p, a);
    for (size_t i = 0; i < a->count; i++)
        if (a->hits[i].thin) {
            thins_settle(p, a, any_whole);
            break;
        }
    for (size_t i = 0; i < a->count; i++)
        a->hits[i].event = a->event;
}

/* The hits of one event stand in a row; those that stay move to the front of the list. */
static void input_trim(struct partial *p, struct input_result *input)
{
    size_t kept = 0;
    for (size_t i = 0, next; i < input->hit_count; i = next) {
        struct arrival a = { .input = input, .event = input->hits[i].event, .hits = input->hits + i, .is_thin = true };
        for (next = i; next < input->hit_count && input->hits[next].event == a.event; next++)
            a.is_thin = a.is_thin && input->hits[next].thin;
        a.count = next - i;
        arrival_settle(p, &a);
        memmove(input->hits + kept, a.hits, a.count * sizeof *a.hits);
        kept += a.count;
    }
    input->hit_count = kept;
    p->full = p->full || input->full;
    p->thin_full = p->thin_full || input->thin_end != THIN_NO_END;
}

void hits_trim(struct partial *p)
{
    p->full = p->thin_full = false;
    p->hit_bytes = p->thin_bytes = 0;
    for (size_t i = 0; i < p->input_count; i++)
        input_trim(p, p->inputs[i]);
}
