#define _DEFAULT_SOURCE /* mkstemp */
#include "timeline/rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/times.h"

/* A row with its key, as it is sorted; the text stands where `at` says. */
struct keyed {
    uint64_t time; /* corrected; UINT64_MAX for none */
    uint32_t rank;
    struct row row;
    size_t at;
};

struct rows {
    size_t memory;
    struct buf text;    /* rows and their texts, one behind the other */
    size_t count;       /* of rows in `text` */
    uint64_t seq;
    FILE *spill;        /* rows as they came; NULL: all are in the memory */
    FILE *runs;         /* the same, sorted in runs */
    rows_ahead *ahead;
    const void *ctx; /* of `ahead` */
    const uint32_t *rank;
};

struct rows *rows_new(size_t memory)
{
    struct rows *r = memory_new(sizeof *r);
    *r = (struct rows){ .memory = memory };
    return r;
}

void rows_free(struct rows *r)
{
    if (r->spill)
        fclose(r->spill);
    if (r->runs)
        fclose(r->runs);
    buf_done(&r->text);
    free(r);
}

/* Not /tmp: that is often memory. */
static FILE *file_new(void)
{
    char path[4096];
    const char *folder = getenv("TMPDIR");
    int n = snprintf(path, sizeof path, "%s/evscan-XXXXXX", folder && *folder ? folder : "/var/tmp");
    int fd = n > 0 && (size_t)n < sizeof path ? mkstemp(path) : -1;
    FILE *file = NULL;
    if (fd >= 0) {
        unlink(path);
        file = fdopen(fd, "w+b");
        if (!file)
            close(fd);
    }
    return file;
}

static bool spill(struct rows *r)
{
    if (!r->spill)
        r->spill = file_new();
    if (!r->spill || fwrite(r->text.p, 1, r->text.n, r->spill) != r->text.n)
        return false;
    r->text.n = 0;
    r->count = 0;
    return true;
}

bool rows_add(struct rows *r, struct row row, struct text text)
{
    if (r->text.n > r->memory && !spill(r))
        return false;
    row.seq = r->seq++;
    row.size = (uint32_t)text.n;
    buf_add(&r->text, (struct text){ (const char *)&row, sizeof row });
    buf_add(&r->text, text);
    r->count++;
    return true;
}

static struct keyed keyed(const struct rows *r, struct row row, size_t at)
{
    struct keyed k = { UINT64_MAX, r->rank[row.node], row, at };
    if (row.time && row.time < FILETIME_MAX) {
        int64_t time = (int64_t)row.time - r->ahead(r->ctx, &row);
        k.time = time > 0 ? (uint64_t)time : 1;
    }
    return k;
}

static int number_order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int keyed_order(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = number_order(a->time, b->time);
    order = order ? order : number_order(a->rank, b->rank);
    order = order ? order : number_order(a->row.record, b->row.record);
    return order ? order : number_order(a->row.seq, b->row.seq);
}

/* The rows of the memory, in order. */
static struct keyed *memory_sort(const struct rows *r)
{
    struct keyed *all = memory_new(r->count * sizeof *all + 1);
    size_t at = 0;
    for (size_t i = 0; i < r->count; i++) {
        struct row row;
        memcpy(&row, r->text.p + at, sizeof row);
        all[i] = keyed(r, row, at + sizeof row);
        at += sizeof row + row.size;
    }
    if (r->count)
        qsort(all, r->count, sizeof *all, keyed_order);
    return all;
}

static bool call(rows_visitor *visit, void *ctx, const struct keyed *k, struct text text)
{
    return visit(ctx, &k->row, k->time == UINT64_MAX ? 0 : k->time, text);
}

static void memory_visit(const struct rows *r, rows_visitor *visit, void *ctx)
{
    struct keyed *all = memory_sort(r);
    for (size_t i = 0; i < r->count; i++)
        if (!call(visit, ctx, &all[i], (struct text){ r->text.p + all[i].at, all[i].row.size }))
            break;
    free(all);
}

/* A sorted run of the file, read a little at a time. */
struct run {
    off_t at, end;
    size_t left; /* rows */
    struct keyed head;
    struct buf text; /* of the head */
};

static bool run_write(struct rows *r, struct run *run)
{
    struct keyed *all = memory_sort(r);
    bool sound = true;
    run->at = ftello(r->runs);
    run->left = r->count;
    for (size_t i = 0; i < r->count && sound; i++)
        sound = fwrite(&all[i].row, 1, sizeof all[i].row, r->runs) == sizeof all[i].row &&
                fwrite(r->text.p + all[i].at, 1, all[i].row.size, r->runs) == all[i].row.size;
    free(all);
    run->end = ftello(r->runs);
    return sound && run->at >= 0 && run->end >= 0;
}

/* Rows of the spill into the memory, until it is full.  False at the end or after an error. */
static bool memory_fill(struct rows *r)
{
    struct row row;
    r->text.n = 0;
    r->count = 0;
    while (r->text.n <= r->memory && fread(&row, 1, sizeof row, r->spill) == sizeof row) {
        buf_add(&r->text, (struct text){ (const char *)&row, sizeof row });
        if (fread(buf_reserve(&r->text, row.size), 1, row.size, r->spill) != row.size)
            return false;
        r->text.n += row.size;
        r->count++;
    }
    return r->count > 0;
}

static struct run *runs_make(struct rows *r, size_t *count)
{
    struct run *runs = NULL;
    bool sound = spill(r) && fseeko(r->spill, 0, SEEK_SET) == 0 && (r->runs = file_new()) != NULL;
    *count = 0;
    while (sound && memory_fill(r)) {
        runs = memory_resize(runs, (*count + 1) * sizeof *runs);
        runs[*count] = (struct run){ 0 };
        sound = run_write(r, &runs[(*count)++]);
    }
    if (sound && !ferror(r->spill) && fflush(r->runs) == 0)
        return runs;
    free(runs);
    return NULL;
}

/* The next row of a run becomes its head.  False at its end; `*sound` after an error. */
static bool run_next(const struct rows *r, struct run *run, bool *sound)
{
    struct row row;
    int fd = fileno(r->runs);
    if (run->left-- == 0)
        return false;
    run->text.n = 0;
    off_t text = run->at + (off_t)sizeof row;
    *sound = *sound && pread(fd, &row, sizeof row, run->at) == (ssize_t)sizeof row &&
             pread(fd, buf_reserve(&run->text, row.size + 1), row.size, text) == (ssize_t)row.size;
    if (!*sound)
        return false;
    run->text.n = row.size;
    run->at += (off_t)(sizeof row + row.size);
    run->head = keyed(r, row, 0);
    return true;
}

/* Runs that are not through, as a heap by their heads. */
static void sink(struct run *heap, size_t count, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && keyed_order(&heap[child + 1].head, &heap[child].head) < 0)
            child++;
        if (keyed_order(&heap[i].head, &heap[child].head) <= 0)
            return;
        struct run other = heap[i];
        heap[i] = heap[child];
        heap[child] = other;
    }
}

static bool runs_merge(const struct rows *r, struct run *heap, size_t count, rows_visitor *visit, void *ctx)
{
    bool sound = true;
    size_t live = 0;
    for (size_t i = 0; i < count; i++)
        if (run_next(r, &heap[i], &sound))
            heap[live++] = heap[i];
        else
            buf_done(&heap[i].text);
    for (size_t i = live; i-- > 0;)
        sink(heap, live, i);
    while (live && sound && call(visit, ctx, &heap[0].head, buf_text(&heap[0].text))) {
        if (!run_next(r, &heap[0], &sound)) {
            buf_done(&heap[0].text);
            heap[0] = heap[--live];
            heap[live].text = (struct buf){ 0 };
        }
        sink(heap, live, 0);
    }
    for (size_t i = 0; i < live; i++)
        buf_done(&heap[i].text);
    return sound;
}

bool rows_visit(struct rows *r, rows_ahead *ahead, const uint32_t *rank, rows_visitor *visit, void *ctx)
{
    size_t count;
    r->ahead = ahead;
    r->ctx = ctx;
    r->rank = rank;
    if (!r->spill) {
        memory_visit(r, visit, ctx);
        return true;
    }
    struct run *runs = runs_make(r, &count);
    if (!runs)
        return false;
    bool sound = runs_merge(r, runs, count, visit, ctx);
    free(runs);
    return sound;
}
