/* Records of .evtx logs as libevtx gives them. */
#include <libevtx.h>

#include "base/codepage.h"
#include "base/limits.h"
#include "libyal/libyal_library.h"

static bool evtx_probe(libbfio_handle_t *handle)
{
    return libevtx_check_file_signature_file_io_handle(handle, NULL) == 1;
}

static void evtx_close(void *file)
{
    libevtx_file_t *f = file;
    (void)libevtx_file_close(f, NULL);
    (void)libevtx_file_free(&f, NULL);
}

static void *evtx_open(libbfio_handle_t *handle)
{
    libevtx_file_t *file = NULL;
    if (libevtx_file_initialize(&file, NULL) != 1)
        return NULL;
    /* It stays at its own, windows-1252, where it does not know the number. */
    (void)libevtx_file_set_ascii_codepage(file, codepage_number(), NULL);
    if (libevtx_file_open_file_io_handle(file, handle, LIBEVTX_OPEN_READ, NULL) == 1)
        return file;
    (void)libevtx_file_free(&file, NULL);
    return NULL;
}

static bool evtx_damaged(void *file)
{
    return libevtx_file_is_corrupted(file, NULL) == 1;
}

static size_t evtx_count(void *file, enum libyal_part part)
{
    int n = 0;
    int done = part == LIBYAL_LIVE ? libevtx_file_get_number_of_records(file, &n, NULL)
                                   : libevtx_file_get_number_of_recovered_records(file, &n, NULL);
    return done == 1 && n > 0 ? (size_t)n : 0;
}

static void *evtx_record(void *file, enum libyal_part part, size_t index)
{
    libevtx_record_t *record = NULL;
    int done = part == LIBYAL_LIVE ? libevtx_file_get_record_by_index(file, (int)index, &record, NULL)
                                   : libevtx_file_get_recovered_record_by_index(file, (int)index, &record, NULL);
    return done == 1 ? record : NULL;
}

static void evtx_record_free(void *record)
{
    libevtx_record_t *r = record;
    (void)libevtx_record_free(&r, NULL);
}

static bool evtx_head(void *record, struct libyal_head *ret)
{
    off64_t offset = 0;
    *ret = (struct libyal_head){ 0 };
    bool known = libevtx_record_get_offset(record, &offset, NULL) == 1 &&
                 libevtx_record_get_identifier(record, &ret->id, NULL) == 1 &&
                 libevtx_record_get_written_time(record, &ret->written, NULL) == 1;
    ret->offset = (uint64_t)offset;
    return known && offset >= 0;
}

/* The size that the library names includes a NUL at the end. */
static struct text evtx_xml(void *record, struct arena *arena)
{
    size_t size = 0;
    if (libevtx_record_get_utf8_xml_string_size(record, &size, NULL) != 1 || size < 2 || size > LIMIT_LIBYAL_XML)
        return TEXT("");
    char *out = arena_alloc(arena, size);
    if (libevtx_record_get_utf8_xml_string(record, (uint8_t *)out, size, NULL) != 1)
        return TEXT("");
    return (struct text){ out, size - 1 };
}

const struct libyal_library libyal_evtx = {
    .probe = evtx_probe,
    .open = evtx_open,
    .close = evtx_close,
    .damaged = evtx_damaged,
    .count = evtx_count,
    .record = evtx_record,
    .record_free = evtx_record_free,
    .head = evtx_head,
    .xml = evtx_xml,
};
