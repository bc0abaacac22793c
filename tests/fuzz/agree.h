/*
 * agree.h - native and libyal agree or one of them gives up: what the targets fuzz_agree_*.c have in common.
 */
#ifndef EVSCAN_TESTS_AGREE_H
#define EVSCAN_TESTS_AGREE_H

#include <stdio.h>
#include <stdlib.h>

#include "../libyal_leaks.h"
#include "compare/compare_text.h"
#include "io/input.h"

/* What speaks against one of the readers, for whoever looks into a finding. */
static void agree_tell(const struct compare_record *record)
{
    struct buf said;
    buf_init(&said);
    compare_record_text(&said, record, false);
    fprintf(stderr, "%.*s", TEXT_ARG(buf_text(&said)));
    buf_done(&said);
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
