#include "cli/log_walk.h"

#include <stdlib.h>

#include "reader/reader.h"

struct walk {
    struct arena arena;
    struct account account;
    struct notices notices;
    struct reader reader;
};

/* The sink has what can be had; what is lost is for scan to tell, with an account. */
static void walk_batches(struct walk *w, const struct event_sink *sink)
{
    const struct log_format *format = reader_formats[w->reader.format];
    struct decoder *decoder = format->decoder_new();
    struct batch batch = { .bytes = memory_new(BATCH_SIZE), .capacity = BATCH_SIZE };
    enum status status = ST_OK;
    while (status != ST_END && status < ST_LOST_INPUT) {
        status = reader_next(&w->reader, &batch, &w->account, &w->notices);
        if (status != ST_END && status < ST_LOST_INPUT &&
            format->decode(decoder, w->reader.log, &batch, sink, &w->account, &w->notices) >= ST_LOST_INPUT)
            status = ST_LOST_INPUT;
    }
    free(batch.bytes);
    format->decoder_free(decoder);
}

enum log_walked log_walk(const char *path, const struct event_sink *sink)
{
    struct input *input = input_open(path);
    if (!input)
        return LOG_UNREADABLE;
    struct walk w = { .account = { 0 } };
    arena_init(&w.arena);
    notices_init(&w.notices, &w.arena);
    enum status status = reader_open(&w.reader, READER_NATIVE, input, &w.account, &w.notices);
    if (status == ST_OK) {
        walk_batches(&w, sink);
        reader_close(&w.reader);
    }
    input_close(input);
    arena_done(&w.arena);
    return status == ST_LOST_INPUT ? LOG_NOT_A_LOG : LOG_WALKED;
}
