#include "scan/source.h"

#include <errno.h>
#include <stdlib.h>

#include "io/interrupt.h"

struct source *source_new(const char *path)
{
    struct source *source = memory_new(sizeof *source);
    *source = (struct source){ .path = path, .reader.format = READER_NONE, .again.format = READER_NONE };
    arena_init(&source->scratch);
    notices_init(&source->notices, &source->scratch);
    return source;
}

void source_lost(struct source *source, int error)
{
    notice_add(&source->notices, NOTICE_INPUT_OPEN, NOTICE_NO_OFFSET, (uint64_t)error);
    source->status = ST_LOST_INPUT;
}

void source_interrupted(struct source *source, uint64_t offset)
{
    notice_add(&source->notices, NOTICE_INPUT_INTERRUPTED, offset, 0);
    source->status = ST_LOST_INPUT;
}

struct source *source_open(const char *path, enum reader_kind kind)
{
    struct source *source = source_new(path);
    source->input = input_open(path);
    if (interrupt_asked()) /* what a pipe gave is then a part at most */
        source_interrupted(source, 0);
    else if (!source->input)
        source_lost(source, errno);
    else
        source->status = reader_open(&source->reader, kind, source->input,
                                     &source->account, &source->notices);
    return source;
}

void source_free(struct source *source)
{
    struct sha256 unused;
    if (source->checksum)
        checksum_end(source->checksum, &unused);
    reader_close(&source->reader);
    reader_close(&source->again);
    if (source->input)
        input_close(source->input);
    arena_done(&source->scratch);
    free(source);
}

struct input_result *source_result(struct source *source, struct partial *partial)
{
    if (source->result)
        return source->result;
    source->result = partial_add_input(partial, text_from(source->path));
    if (source->input)
        source->result->size = input_size(source->input);
    if (source->reader.format != READER_NONE)
        source->result->format = text_from(reader_formats[source->reader.format]->name);
    return source->result;
}

/* Of a log that was cut while it was read there is none: no file has it any more. */
void source_checksum(struct source *source, struct partial *partial)
{
    struct sha256 sum;
    char hex[SHA256_HEX_ROOM];
    if (source->checksum && checksum_end(source->checksum, &sum))
        source->result->sha256 = text_keep(&partial->arena, sha256_hex(&sum, hex));
    source->checksum = NULL;
}

/* Whoever looks at a file to know what it is does not ask why a read failed: what he says may be wrong then. */
void source_error_note(struct source *source, const struct input_result *result)
{
    int error = source->input ? input_error(source->input) : 0;
    if (error && !source->notices.seen[NOTICE_INPUT_READ] && !result->notices.seen[NOTICE_INPUT_READ])
        notice_add(&source->notices, NOTICE_INPUT_READ, NOTICE_NO_OFFSET, (uint64_t)error);
}
