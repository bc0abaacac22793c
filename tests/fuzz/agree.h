/*
 * agree.h - native and libyal agree or one of them gives up: what the targets fuzz_agree_*.c have in common.
 */
#ifndef EVSCAN_TESTS_AGREE_H
#define EVSCAN_TESTS_AGREE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../libyal_leaks.h"
#include "compare/compare.h"
#include "io/input.h"

/* What speaks against one of the readers, for whoever looks into a finding. */
static void agree_tell(const struct compare_record *record)
{
    fprintf(stderr, "record %" PRIu64 " at %" PRIu64 " (%s): %s\n", record->record_id, record->offset,
            event_source_name(record->source), compare_verdict_name(record->verdict));
    for (size_t i = 0; i < record->count; i++) {
        const struct compare_difference *d = &record->differences[i];
        if (d->known == KNOWN_NONE)
            fprintf(stderr, "  %.*s: evscan %d \"%.*s\", libyal %d \"%.*s\"\n", TEXT_ARG(d->field), d->in_native,
                    TEXT_ARG(d->native), d->in_libyal, TEXT_ARG(d->libyal));
    }
}

/* `record` is told of each record but those that are the same. */
static void agree_check(struct bytes bytes, const char *name,
                        void (*record)(void *ctx, const struct compare_record *record))
{
    struct arena arena;
    struct notices notices;
    struct compare_summary summary = { 0 };
    struct compare_sink sink = { &bytes, record, NULL };
    struct input *in = input_from_bytes(bytes, name);
    arena_init(&arena);
    notices_init(&notices, &arena);
    (void)!compare_input(in, &sink, &summary, &notices);
    input_close(in);
    arena_done(&arena);
}

#endif
