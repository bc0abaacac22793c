/*
 * search_print.h - what a search found, on its way out: matches and their neighbours across batches.
 *
 * Owns:    the neighbours in front of a match that has not come yet, until printer_end.
 * Threads: one; search_mark may be called by any with a matcher of its own.
 */
#ifndef EVSCAN_SEARCH_SEARCH_PRINT_H
#define EVSCAN_SEARCH_SEARCH_PRINT_H

#include "search/search.h"

/* An event that was printed into the text of its batch. */
struct piece {
    size_t end; /* in the text; it begins where the one before it ends */
    uint32_t ordinal;
    bool match;
};

/* What a batch comes to. */
struct found {
    struct buf text;
    uint32_t *matches; /* ordinals, ascending; in the arena of the batch's result, like the pieces */
    size_t match_count, match_capacity;
    struct piece *pieces;
    size_t piece_count, piece_capacity;
    uint32_t events; /* that the filter wants */
    uint64_t fields_met; /* search.h */
};

/* An event that may turn out to stand before a match. */
struct waiting {
    uint64_t ordinal;
    struct buf text;
};

struct printer {
    const struct search_options *options;
    const struct input_result *input; /* that ordinals count in */
    uint64_t base;                    /* ordinal of the batch's first event */
    uint64_t follow;                  /* ordinals below it follow a match */
    uint64_t printed;                 /* the ordinal behind the last one printed; 0: none of this log */
    uint64_t matches;
    struct waiting *waiting; /* a ring of options->before */
    size_t waiting_from, waiting_count;
    size_t waiting_bytes;
    bool any, written;
};

/* False when writing failed. */
bool printer_begin(struct printer *p, const struct search_options *options);
/* False when nothing more is wanted. */
bool printer_batch(struct printer *p, const struct input_result *input, const struct found *f);
void printer_end(struct printer *p);

int ordinal_order(const void *a, const void *b);

/* Colours the matches in what `out` holds from `from` on: lines as show prints them.  `scratch` is used. */
void search_mark(struct search_matcher *m, struct buf *out, size_t from, struct buf *scratch);

#endif
