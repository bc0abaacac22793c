/*
 * Property: evscan's reader and libevtx say the same about a sound record, whatever its values are, but for the
 * differences that compare/known.h lists; or libevtx gives it up.
 *
 * Input: values, each as type u8, size u8, bytes; the size is brought to one that the type can have.  Around them
 * stands an event with a template.
 */
#include "../unit/test_evtx_build.h"
#include "agree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VALUES_MOST 16u

struct value {
    uint8_t type;
    size_t size;
    const uint8_t *p;
};

/* Bytes of a value; strings have units of them. */
static const uint8_t widths[] = {
    [BINXML_STRING] = 2,    [BINXML_ANSI] = 1,    [BINXML_INT8] = 1,      [BINXML_UINT8] = 1,       [BINXML_INT16] = 2,
    [BINXML_UINT16] = 2,    [BINXML_INT32] = 4,   [BINXML_UINT32] = 4,    [BINXML_INT64] = 8,       [BINXML_UINT64] = 8,
    [BINXML_FLOAT] = 4,     [BINXML_DOUBLE] = 8,  [BINXML_BOOL] = 4,      [BINXML_BINARY] = 1,      [BINXML_GUID] = 16,
    [BINXML_SIZE] = 8,      [BINXML_FILETIME] = 8, [BINXML_SYSTEMTIME] = 16, [BINXML_HEX32] = 4,    [BINXML_HEX64] = 8,
};

static size_t sid_size(const uint8_t *p, size_t n)
{
    size_t size = n >= 8 && p[0] == 1 ? 8 + 4 * (size_t)p[1] : 0;
    return n >= size ? size : 0;
}

/* Year, month, day of the week, day, hour, minute, second, millisecond. */
static bool is_time(const uint8_t *p)
{
    static const unsigned least[] = { 1601, 1, 0, 1, 0, 0, 0, 0 }, most[] = { 9999, 12, 6, 28, 23, 59, 59, 999 };
    for (size_t i = 0; i < COUNT_OF(most); i++) {
        unsigned part = p[2 * i] | (unsigned)p[2 * i + 1] << 8;
        if (part < least[i] || part > most[i])
            return false;
    }
    return true;
}

/*
 * Every surrogate has its other half, and none of the texts begins with U+FFFE, which is no character: libevtx reads
 * what is behind it in the other byte order.
 */
static bool is_text(const uint8_t *p, size_t n)
{
    unsigned before = 0;
    bool begins = true;
    for (size_t i = 0; i + 1 < n; i += 2) {
        unsigned part = p[i + 1] & 0xFCu;
        if ((before == 0xD8) != (part == 0xDC) || (begins && p[i] == 0xFE && p[i + 1] == 0xFF))
            return false;
        begins = p[i] == 0 && p[i + 1] == 0;
        before = part;
    }
    return before != 0xD8;
}

/* Of an array of times libevtx shows numbers; what it makes of half of a surrogate pair, test_libyal.c knows. */
static bool is_compared(uint8_t type, const uint8_t *p, size_t n)
{
    if ((type & (BINXML_ARRAY - 1u)) == BINXML_STRING)
        return is_text(p, n / 2 * 2);
    return type != (BINXML_ARRAY | BINXML_SYSTEMTIME) && (type != BINXML_SYSTEMTIME || (n >= 16 && is_time(p)));
}

/* A value of `n` bytes at most, sound in itself; one without bytes where there are too few. */
static struct value sound_value(uint8_t type, const uint8_t *p, size_t n)
{
    uint8_t plain = type & (BINXML_ARRAY - 1u);
    bool units = plain == BINXML_STRING || plain == BINXML_ANSI || plain == BINXML_BINARY || type != plain;
    if (plain == BINXML_SID)
        return (struct value){ plain, sid_size(p, n), p };
    if (plain >= COUNT_OF(widths) || widths[plain] == 0 || !is_compared(type, p, n))
        return (struct value){ BINXML_NULL, 0, p };
    size_t width = widths[plain], whole = n / width * width;
    return (struct value){ type, units || whole == 0 ? whole : width, p };
}

static size_t read_values(const uint8_t *data, size_t size, struct value *values)
{
    size_t count = 0;
    for (size_t at = 0; count < VALUES_MOST && at + 2 <= size; count++) {
        size_t n = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;
        values[count] = sound_value(data[at], data + at + 2, n);
        at += 2 + n;
    }
    return count;
}

static void build_template(struct build *b, const struct value *values, size_t count)
{
    size_t definition = build_definition(b, 0x77);
    size_t event = build_open_sized(b, "Event"), system = build_open_sized(b, "System"), id = build_open_sized(b, "EventID");
    build_text(b, "1069");
    build_close_sized(b, id);
    build_close_sized(b, system);
    size_t payload = build_open_sized(b, "EventData");
    for (size_t i = 0; i < count; i++) {
        size_t item = build_open_sized(b, "Data");
        build_value(b, i % 2 ? BINXML_OPTIONAL : BINXML_VALUE, (unsigned)i, values[i].type);
        build_close_sized(b, item);
    }
    build_close_sized(b, payload);
    build_close_sized(b, event);
    build_definition_end(b, definition);
}

static void build_values(struct build *b, const struct value *values, size_t count)
{
    build_u32(b, count);
    for (size_t i = 0; i < count; i++)
        build_u32(b, values[i].size | (uint32_t)values[i].type << 16);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < values[i].size; k++)
            build_u8(b, values[i].p[k]);
}

static void on_record(void *ctx, const struct compare_record *record)
{
    UNUSED(ctx);
    if (record->verdict == COMPARE_DIFFERS || record->verdict == COMPARE_LIBYAL_ONLY) {
        agree_tell(record);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t file[EVTX_FILE_HEADER + EVTX_CHUNK_SIZE];
    static struct build b;
    struct value values[VALUES_MOST];
    size_t count = read_values(data, size, values);
    build_init(&b, 1);
    build_record(&b);
    build_template(&b, values, count);
    build_values(&b, values, count);
    build_record_end(&b);
    build_seal(&b);
    build_file_header(file, 1);
    memcpy(file + EVTX_FILE_HEADER, b.bytes, EVTX_CHUNK_SIZE);
    agree_check((struct bytes){ file, sizeof file }, "node1.evtx", on_record);
    return 0;
}
