/* Records of .evt logs as libevt gives them. */
#include <libevt.h>

#include "base/limits.h"
#include "event/event_classic.h"
#include "libyal/libyal_library.h"

static bool evt_probe(libbfio_handle_t *handle)
{
    return libevt_check_file_signature_file_io_handle(handle, NULL) == 1;
}

static void evt_close(void *file)
{
    libevt_file_t *f = file;
    (void)libevt_file_close(f, NULL);
    (void)libevt_file_free(&f, NULL);
}

static void *evt_open(libbfio_handle_t *handle)
{
    libevt_file_t *file = NULL;
    if (libevt_file_initialize(&file, NULL) != 1)
        return NULL;
    if (libevt_file_open_file_io_handle(file, handle, LIBEVT_OPEN_READ, NULL) == 1)
        return file;
    (void)libevt_file_free(&file, NULL);
    return NULL;
}

static bool evt_damaged(void *file)
{
    return libevt_file_is_corrupted(file, NULL) == 1;
}

static size_t evt_count(void *file, enum libyal_part part)
{
    int n = 0;
    int done = part == LIBYAL_LIVE ? libevt_file_get_number_of_records(file, &n, NULL)
                                   : libevt_file_get_number_of_recovered_records(file, &n, NULL);
    return done == 1 && n > 0 ? (size_t)n : 0;
}

static void *evt_record(void *file, enum libyal_part part, size_t index)
{
    libevt_record_t *record = NULL;
    int done = part == LIBYAL_LIVE ? libevt_file_get_record_by_index(file, (int)index, &record, NULL)
                                   : libevt_file_get_recovered_record_by_index(file, (int)index, &record, NULL);
    return done == 1 ? record : NULL;
}

static void evt_record_free(void *record)
{
    libevt_record_t *r = record;
    (void)libevt_record_free(&r, NULL);
}

static bool evt_head(void *record, struct libyal_head *ret)
{
    off64_t offset = 0;
    uint32_t id = 0, written = 0;
    bool known = libevt_record_get_offset(record, &offset, NULL) == 1 &&
                 libevt_record_get_identifier(record, &id, NULL) == 1 &&
                 libevt_record_get_written_time(record, &written, NULL) == 1;
    *ret = (struct libyal_head){ (uint64_t)offset, id, filetime_from_unix(written) };
    return known && offset >= 0;
}

/* One text by the library's two calls, size (with a NUL) and content; "" when there is none.  False when it fails. */
static bool text_get(libevt_record_t *record, struct arena *arena,
                     int (*size_of)(libevt_record_t *, size_t *, libevt_error_t **),
                     int (*get)(libevt_record_t *, uint8_t *, size_t, libevt_error_t **), struct text *ret)
{
    size_t size = 0;
    *ret = TEXT("");
    int there = size_of(record, &size, NULL);
    if (there != 1 || size < 2)
        return there >= 0;
    if (size > LIMIT_EVENT_BYTES)
        return false;
    char *out = arena_alloc(arena, size);
    *ret = (struct text){ out, size - 1 };
    return get(record, (uint8_t *)out, size, NULL) == 1;
}

static bool string_get(libevt_record_t *record, struct arena *arena, int index, struct text *ret)
{
    size_t size = 0;
    *ret = TEXT("");
    if (libevt_record_get_utf8_string_size(record, index, &size, NULL) != 1 || size > LIMIT_EVENT_BYTES)
        return false;
    if (size < 2)
        return true;
    char *out = arena_alloc(arena, size);
    *ret = (struct text){ out, size - 1 };
    return libevt_record_get_utf8_string(record, index, (uint8_t *)out, size, NULL) == 1;
}

/* libevt 20200926 calls it an error to ask for the size of data that is not there. */
static bool data_get(libevt_record_t *record, struct arena *arena, struct text *ret)
{
    size_t size = 0;
    *ret = TEXT("");
    if (libevt_record_get_data_size(record, &size, NULL) != 1 || size == 0)
        return true;
    if (size > LIMIT_EVENT_BYTES / 2)
        return false;
    uint8_t *raw = arena_alloc(arena, size);
    char *out = arena_alloc(arena, 2 * size);
    if (libevt_record_get_data(record, raw, size, NULL) != 1)
        return false;
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = "0123456789ABCDEF"[raw[i] >> 4];
        out[2 * i + 1] = "0123456789ABCDEF"[raw[i] & 15];
    }
    *ret = (struct text){ out, 2 * size };
    return true;
}

static bool fields_get(libevt_record_t *record, struct arena *arena, struct event *ret)
{
    struct text binary;
    int count = 0;
    if (libevt_record_get_number_of_strings(record, &count, NULL) != 1 || count < 0)
        return false;
    struct event_field *fields = ARENA_NEW_N(arena, struct event_field, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        fields[i] = (struct event_field){ TEXT(""), TEXT(""), EVENT_DATA };
        if (!string_get(record, arena, i, &fields[i].value))
            return false;
    }
    if (!data_get(record, arena, &binary))
        return false;
    if (binary.n)
        fields[count] = (struct event_field){ TEXT("Binary"), binary, EVENT_DATA };
    ret->fields = fields;
    ret->field_count = (size_t)count + (binary.n > 0);
    return true;
}

static bool evt_event(void *record, struct text channel, struct arena *arena, struct event *ret)
{
    uint32_t id = 0, identifier = 0, created = 0, written = 0;
    uint16_t type = 0, category = 0;
    *ret = (struct event){ .key.channel = channel };
    if (libevt_record_get_identifier(record, &id, NULL) != 1 ||
        libevt_record_get_event_identifier(record, &identifier, NULL) != 1 ||
        libevt_record_get_creation_time(record, &created, NULL) != 1 ||
        libevt_record_get_written_time(record, &written, NULL) != 1 ||
        libevt_record_get_event_type(record, &type, NULL) != 1 ||
        libevt_record_get_event_category(record, &category, NULL) != 1 ||
        !text_get(record, arena, libevt_record_get_utf8_source_name_size, libevt_record_get_utf8_source_name,
                  &ret->key.provider) ||
        !text_get(record, arena, libevt_record_get_utf8_computer_name_size, libevt_record_get_utf8_computer_name,
                  &ret->key.computer) ||
        !text_get(record, arena, libevt_record_get_utf8_user_security_identifier_size,
                  libevt_record_get_utf8_user_security_identifier, &ret->user_sid))
        return false;
    ret->key.id = identifier & 0xFFFFu;
    ret->key.level = classic_level(type);
    ret->key.time = filetime_from_unix(created);
    ret->key.record_id = ret->header_id = id;
    ret->event_id = text_keep_format(arena, "%u", (unsigned)ret->key.id);
    ret->qualifiers = identifier >> 16;
    ret->task = category;
    ret->keywords = classic_keywords(type);
    ret->written = filetime_from_unix(written);
    if (!classic_type_known(type))
        ret->marks |= EVENT_ODD_VALUE;
    return fields_get(record, arena, ret);
}

const struct libyal_library libyal_evt = {
    .probe = evt_probe,
    .open = evt_open,
    .close = evt_close,
    .damaged = evt_damaged,
    .count = evt_count,
    .record = evt_record,
    .record_free = evt_record_free,
    .head = evt_head,
    .event = evt_event,
};
