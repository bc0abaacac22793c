#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#define FIRST_BLOCK (8u << 10)
#define LARGE_BLOCK (256u << 10)
#define EXIT_OSERR  71 /* sysexits.h: system error */

struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(max_align_t) unsigned char room[];
};

static _Noreturn void out_of_memory(size_t n)
{
    char message[96];
    int length = snprintf(message, sizeof message, "evscan: no memory for %zu more bytes\n", n);
    if (length > 0 && write(STDERR_FILENO, message, (size_t)length) < 0)
        _exit(EXIT_OSERR);
    _exit(EXIT_OSERR);
}

void *memory_new(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        out_of_memory(n);
    return p;
}

void *memory_resize(void *old, size_t n)
{
    void *p = realloc(old, n ? n : 1);
    if (!p)
        out_of_memory(n);
    return p;
}

void *memory_made(void *made)
{
    if (!made)
        out_of_memory(1);
    return made;
}

void arena_init(struct arena *a)
{
    *a = (struct arena){ 0 };
}

/* Frees the blocks of a list that are newer than `stop`. */
static void free_until(struct arena *a, struct arena_block **list, const struct arena_block *stop)
{
    while (*list != stop) {
        struct arena_block *block = *list;
        *list = block->older;
        a->total -= block->size;
        UNPOISON(block->room, block->size);
        free(block);
    }
}

void arena_done(struct arena *a)
{
    free_until(a, &a->blocks, NULL);
    free_until(a, &a->adopted, NULL);
    a->used = 0;
}

static void block_add(struct arena *a, size_t n)
{
    size_t size = !a->blocks ? FIRST_BLOCK : a->blocks->size * 2;
    if (size > LARGE_BLOCK)
        size = LARGE_BLOCK;
    if (size < n)
        size = n;
    if (size > SIZE_MAX - sizeof(struct arena_block))
        out_of_memory(n);
    struct arena_block *block = memory_new(sizeof *block + size);
    block->older = a->blocks;
    block->size = size;
    POISON(block->room, size);
    a->blocks = block;
    a->used = 0;
    a->total += size;
}

static size_t aligned(size_t n)
{
    size_t align = _Alignof(max_align_t);
    if (n > SIZE_MAX - align)
        out_of_memory(n);
    return (n + align - 1) & ~(align - 1);
}

char *arena_open(struct arena *a, size_t n)
{
    size_t room = aligned(n);
    if (!a->blocks || room > a->blocks->size - a->used)
        block_add(a, room);
    char *p = (char *)a->blocks->room + a->used;
    UNPOISON(p, n);
    return p;
}

void arena_close(struct arena *a, size_t used)
{
    a->used += aligned(used);
    POISON(a->blocks->room + a->used, a->blocks->size - a->used);
}

void *arena_alloc_raw(struct arena *a, size_t n)
{
    char *p = arena_open(a, n);
    a->used += aligned(n);
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_alloc_raw(a, n), 0, n);
}

void *arena_alloc_n(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, count * size);
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){ a->blocks, a->used };
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    free_until(a, &a->blocks, mark.block);
    a->used = mark.used;
    if (a->blocks)
        POISON(a->blocks->room + a->used, a->blocks->size - a->used);
}

void arena_reset(struct arena *a)
{
    free_until(a, &a->adopted, NULL);
    if (!a->blocks)
        return;
    free_until(a, &a->blocks->older, NULL);
    POISON(a->blocks->room, a->blocks->size);
    a->used = 0;
}

static void list_prepend(struct arena_block **list, struct arena_block *blocks)
{
    if (!blocks)
        return;
    struct arena_block *oldest = blocks;
    while (oldest->older)
        oldest = oldest->older;
    oldest->older = *list;
    *list = blocks;
}

/* A list of their own: among the arena's own blocks a rewind would free them or not by where they happened to be. */
void arena_adopt(struct arena *a, struct arena *child)
{
    list_prepend(&a->adopted, child->blocks);
    list_prepend(&a->adopted, child->adopted);
    a->total += child->total;
    arena_init(child);
}

struct text text_keep(struct arena *a, struct text t)
{
    char *copy = arena_alloc_raw(a, t.n + 1);
    if (t.n)
        memcpy(copy, t.p, t.n);
    copy[t.n] = 0;
    return (struct text){ copy, t.n };
}

struct bytes bytes_keep(struct arena *a, struct bytes b)
{
    uint8_t *copy = arena_alloc_raw(a, b.n);
    if (b.n)
        memcpy(copy, b.p, b.n);
    return (struct bytes){ copy, b.n };
}

struct text text_keep_format(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t length = n > 0 ? (size_t)n : 0;
    char *copy = arena_alloc(a, length + 1);
    vsnprintf(copy, length + 1, format, again);
    va_end(again);
    return (struct text){ copy, length };
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t larger = *capacity ? *capacity * 2 : 8;
    void *moved = arena_alloc_n(a, larger, size);
    if (count)
        memcpy(moved, items, count * size);
    *capacity = larger;
    return moved;
}
