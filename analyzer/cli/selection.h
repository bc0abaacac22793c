/*
 * selection.h - which events of which logs: the options that all commands share which print or count events.
 *
 * Owns:    nothing; what is parsed lives in the arena given.
 */
#ifndef EVSCAN_CLI_SELECTION_H
#define EVSCAN_CLI_SELECTION_H

#include "cli/options.h"
#include "form/zone.h"
#include "show/show_filter.h"

struct selection {
    struct option_list ids, levels, records, providers, channels, nodes;
    const char *from, *to, *zone, *codepage;
    int reader; /* enum reader_use */
    bool recover, quiet;
    unsigned threads; /* 0: not given */
};

extern const struct option_spec selection_specs[9];
extern const struct option_spec selection_rare[5];
extern const char *const selection_readers[]; /* in the order of enum reader_use; ends with NULL */

/* False after a mistake, which is said in `error`. */
bool selection_read(struct arena *arena, const struct selection *s, struct show_filter *filter, struct zone *zone,
                    struct text *error) MUST_USE;

/*
 * --from and --to, each NULL when it was not given: events with *ret <= time < *before (FILETIME) are meant.  False after a
 * mistake, which is said in `error`.
 */
bool between_parse(struct arena *arena, const char *from, const char *to, const struct zone *zone, uint64_t *ret,
                   uint64_t *before, struct text *error) MUST_USE;

unsigned selection_threads(const struct selection *s);

#endif
