/*
 * arena.h - memory that dies together: run, partial result, chunk, record.
 *
 * Owns:    all blocks it hands out; arena_done frees them.  No single block can be freed.
 * Memory:  when none is left the process ends with a message (exit status 71): no caller can go on in a
 *          useful way, and a half-done analysis must not look like a whole one.
 * Threads: one arena belongs to one thread at a time.
 * Checks:  in AddressSanitizer builds rewound and unused memory is poisoned: a view that stayed too long stops
 *          the test.
 */
#ifndef EVSCAN_BASE_ARENA_H
#define EVSCAN_BASE_ARENA_H

#include "base/attr.h"
#include "base/bytes.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;  /* newest first */
    struct arena_block *adopted; /* taken over from other arenas: full, and older than every mark */
    size_t used;                 /* bytes of the newest block */
    size_t total;                /* bytes of all blocks, for limits */
};

struct arena_mark {
    struct arena_block *block;
    size_t used;
};

void arena_init(struct arena *a);
void arena_done(struct arena *a);

/* `n` bytes, aligned for any type, zeroed.  Never NULL.  An array: arena_alloc_n, which checks the product. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_alloc_n(struct arena *a, size_t count, size_t size);

/* The same, with anything in it: for what is written to its last byte at once. */
void *arena_alloc_raw(struct arena *a, size_t n);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_NEW_N(arena, type, count) ((type *)arena_alloc_n((arena), (count), sizeof(type)))

/*
 * For a text whose length is known when it is written: room for `n` bytes, not zeroed; nothing else is asked of the arena
 * until arena_close takes the first `used` of them.
 */
char *arena_open(struct arena *a, size_t n);
void arena_close(struct arena *a, size_t used);

/* Everything handed out behind the mark is gone; what was adopted stays. */
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);

/* Everything is gone, also what was adopted; one block is kept for reuse. */
void arena_reset(struct arena *a);

/* The blocks of `child` now live as long as `a`, whatever is rewound; `child` is empty and can be used again. */
void arena_adopt(struct arena *a, struct arena *child);

/* Copies that live as long as the arena. */
struct text text_keep(struct arena *a, struct text t);
struct bytes bytes_keep(struct arena *a, struct bytes b);
struct text text_keep_format(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * A growing array in an arena: `items` with room for `*capacity`; makes room for one more and returns the
 * array, perhaps moved.  The old place stays behind until the arena dies.
 */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *capacity, size_t size);

/* malloc and realloc that end the process in the same way when no memory is left. */
void *memory_new(size_t n);
void *memory_resize(void *old, size_t n);
/* What a library made, and gives as NULL only where no memory is left: likewise. */
void *memory_made(void *made);

#endif
