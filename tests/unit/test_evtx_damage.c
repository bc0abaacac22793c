/* A table of damage: what is done to a sound log of two chunks, and what must come of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "evtx_image.h"

static void insert(size_t at, size_t n)
{
    memmove(image + at + n, image + at, size - at);
    memset(image + at, 0xA5, n);
    size += n;
}

static void nothing(void)
{
}

static void no_file_header(void)
{
    memmove(image, image + FIRST, size -= FIRST);
}

static void zero_file_header(void)
{
    memset(image, 0, FIRST);
}

static void junk_in_front(void)
{
    insert(0, 1000);
}

static void file_checksum(void)
{
    image[0x10] ^= 1;
}

static void file_version(void)
{
    image_put(0x24, 0x00040007, 4);
    image_put(0x7c, crc32(0, image, 0x78), 4);
}

static void file_version_of_newer_windows(void)
{
    image_put(0x24, 0x00030002, 4);
    image_put(0x7c, crc32(0, image, 0x78), 4);
}

static void dirty(void)
{
    image_put(0x78, 1, 4);
}

static void joined(void)
{
    memcpy(image + SIZE, sound, FIRST + EVTX_CHUNK_SIZE);
    size = SIZE + FIRST + EVTX_CHUNK_SIZE;
}

static void off_grid(void)
{
    insert(SECOND, 999);
}

static void chunk_magic(void)
{
    image_put(SECOND, 0, 8);
}

static void chunk_checksum(void)
{
    image[SECOND + 0x90] ^= 1;
}

static void records_checksum(void)
{
    image_put(SECOND + 0x34, 1, 4);
    image_put(SECOND + 0x7c, crc32(crc32(0, image + SECOND, 0x78), image + SECOND + 0x80, 0x180), 4);
}

static void no_checksums(void)
{
    image_put(0x78, 4, 4);
    image_put(0x7c, 0, 4);
    for (size_t at = FIRST; at < SIZE; at += EVTX_CHUNK_SIZE) {
        image_put(at + 0x78, 5, 4);
        image_put(at + 0x34, 0, 4);
        image_put(at + 0x7c, 0, 4);
    }
}

static void free_space_outside(void)
{
    image_put(SECOND + 0x30, 0x20000, 4);
    image_put(SECOND + 0x7c, crc32(crc32(0, image + SECOND, 0x78), image + SECOND + 0x80, 0x180), 4);
}

static void free_space_small(void)
{
    image_put(SECOND + 0x30, starts[60] - SECOND, 4);
    image_reseal(SECOND);
}

static void free_space_large(void)
{
    image_put(SECOND + 0x30, 65536, 4);
    image_reseal(SECOND);
}

static void cut_short(void)
{
    size = ends[70] + 100;
}

static void generation(void)
{
    memset(image + starts[50], 0, 4);
    image_put(starts[51] + 8, 77777, 8);
    image_reseal(SECOND);
}

static void record_magic(void)
{
    image_put(starts[50], 0, 4);
    image_reseal(SECOND);
}

static void record_size_zero(void)
{
    image_put(starts[50] + 4, 0, 4);
    image_reseal(SECOND);
}

static void hidden(void)
{
    uint32_t both = (uint32_t)(ends[51] - starts[50]);
    image_put(starts[50] + 4, both, 4);
    image_put(ends[51] - 4, both, 4);
    image_reseal(SECOND);
}

static void misaligned(void)
{
    size_t at = starts[60];
    memmove(image + at, image + at + 1, SIZE - at - 1);
}

static void bad_token(void)
{
    image[starts[50] + 24 + 4] = 0x3F;
    image_reseal(SECOND);
}

/* Nothing but the end mark behind the fragment's head. */
static void no_element(void)
{
    image_put(starts[50] + 24 + 4, BINXML_EOF, 1);
    image_reseal(SECOND);
}

static void template_overwritten(void)
{
    image_put(starts[43] + 24 + 4 + 10 + 4, 0xBADBAD, 4);
    image_reseal(SECOND);
}

static void template_everywhere_overwritten(void)
{
    image_put(starts[1] + 24 + 4 + 10 + 4, 0xBADBAD, 4);
    image_put(starts[43] + 24 + 4 + 10 + 4, 0xBADBAD, 4);
    image_reseal(FIRST);
    image_reseal(SECOND);
}

/* Old data behind the free-space offset: the last five records are no longer part of the log. */
static void slack(void)
{
    image_put(SECOND + 0x30, starts[76] - SECOND, 4);
    image_put(SECOND + 0x20, 75, 8);
    image_put(SECOND + 0x10, 75, 8);
    image_reseal(SECOND);
}

/* The same, and a byte is gone in front of it. */
static void slack_moved(void)
{
    size_t end = starts[76];
    slack();
    memmove(image + end, image + end + 1, SIZE - end - 1);
}

static void zero_page(void)
{
    memset(image + SECOND + 0x1000, 0, 0x1000);
}

/* From the first sector on that begins in one of the last records, behind its head. */
static void half_written(void)
{
    size_t border = 0;
    for (unsigned id = 80; id && border == 0; id--) {
        size_t next = (starts[id] + EVTX_RECORD_HEAD + 512 - FIRST) / 512 * 512 + FIRST;
        border = next < ends[id] - 4 ? next : 0;
    }
    memset(image + border, 0, SIZE - border);
}

#define NO NOTICE_CODES
#define ANY 0xFFFFu

static const struct {
    const char *name;
    void (*damage)(void);
    unsigned lost;   /* records of 80 that need not come whole */
    unsigned twice;  /* records that come twice */
    unsigned carved; /* records of chunks that no file header accounts for */
    enum notice_code notices[4];
} cases[] = {
    { "nothing", nothing, 0, 0, 0, { NO, NO, NO, NO } },
    { "no file header", no_file_header, 0, 0, 80, { NOTICE_EVTX_FILE_HEADER_GONE, NOTICE_EVTX_CHUNK_CARVED, NO, NO } },
    { "file checksum", file_checksum, 0, 0, 0, { NOTICE_EVTX_FILE_CHECKSUM, NO, NO, NO } },
    { "file version", file_version, 0, 0, 0, { NOTICE_EVTX_VERSION, NO, NO, NO } },
    { "file version 3.2", file_version_of_newer_windows, 0, 0, 0, { NO, NO, NO, NO } },
    { "dirty", dirty, 0, 0, 0, { NOTICE_EVTX_DIRTY, NO, NO, NO } },
    { "joined", joined, 0, 40, 0, { NOTICE_EVTX_JOINED, NO, NO, NO } },
    { "off the grid", off_grid, 0, 0, 40, { NOTICE_EVTX_CHUNK_GONE, NOTICE_EVTX_SKIPPED, NOTICE_EVTX_CHUNK_CARVED, NO } },
    { "zeros for a file header", zero_file_header, 0, 0, 80, { NOTICE_EVTX_FILE_HEADER_GONE, NOTICE_EVTX_CHUNK_CARVED, NO, NO } },
    { "junk in front", junk_in_front, 0, 0, 0, { NOTICE_EVTX_FILE_HEADER_GONE, NOTICE_EVTX_CHUNK_GONE, NOTICE_EVTX_SKIPPED,
                                                 NOTICE_EVTX_JOINED } },
    { "chunk magic", chunk_magic, 0, 0, 0, { NOTICE_EVTX_CHUNK_GONE, NOTICE_EVTX_SKIPPED, NO, NO } },
    { "chunk checksum", chunk_checksum, 0, 0, 0, { NOTICE_EVTX_CHUNK_CHECKSUM, NO, NO, NO } },
    { "records checksum", records_checksum, 0, 0, 0, { NOTICE_EVTX_RECORDS_CHECKSUM, NO, NO, NO } },
    { "no checksums", no_checksums, 0, 0, 0, { NO, NO, NO, NO } },
    { "free space outside", free_space_outside, 0, 0, 0, { NOTICE_EVTX_CHUNK_BOUNDS, NO, NO, NO } },
    { "free space too small", free_space_small, 0, 0, 0, { NOTICE_EVTX_FREE_SPACE, NO, NO, NO } },
    { "free space too large", free_space_large, 0, 0, 0, { NO, NO, NO, NO } },
    { "cut short", cut_short, 10, 0, 0, { NOTICE_EVTX_CHUNK_SHORT, NOTICE_EVTX_RECORD_PARTIAL, NOTICE_EVTX_MISSING, NO } },
    { "another generation", generation, 2, 0, 0, { NOTICE_EVTX_GENERATION, NOTICE_EVTX_SKIPPED, NOTICE_EVTX_MISSING, NO } },
    { "record magic", record_magic, 1, 0, 0, { NOTICE_EVTX_SKIPPED, NOTICE_EVTX_MISSING, NO, NO } },
    { "record size 0", record_size_zero, 1, 0, 0, { NOTICE_EVTX_RECORD_PARTIAL, NO, NO, NO } },
    { "unlinked record", hidden, 0, 0, 0, { NOTICE_EVTX_HIDDEN, NO, NO, NO } },
    { "misaligned", misaligned, 20, 0, 0, { NOTICE_EVTX_MISALIGNED, NOTICE_EVTX_RECORDS_CHECKSUM, ANY, NO } },
    { "token", bad_token, 1, 0, 0, { NOTICE_EVTX_BINXML, NO, NO, NO } },
    { "no element", no_element, 1, 0, 0, { NOTICE_EVTX_BINXML, NO, NO, NO } },
    { "template overwritten", template_overwritten, 0, 0, 0, { NOTICE_EVTX_TEMPLATE_FOREIGN, NO, NO, NO } },
    { "template overwritten everywhere", template_everywhere_overwritten, 27, 0, 0, { NOTICE_EVTX_TEMPLATE_LOST, NO, NO, NO } },
    { "old data", slack, 5, 0, 0, { NO, NO, NO, NO } },
    { "old data at odd places", slack_moved, 5, 0, 0, { NOTICE_EVTX_MISALIGNED, NO, NO, NO } },
    { "page of zeros", zero_page, 25, 0, 0, { NOTICE_EVTX_RECORD_PARTIAL, NOTICE_EVTX_RECORDS_CHECKSUM, ANY, NO } },
    { "half written", half_written, 3, 0, 0,
      { NOTICE_EVTX_RECORD_PARTIAL, NOTICE_EVTX_RECORDS_CHECKSUM, NOTICE_EVTX_MISSING, NO } },
};

static bool is_expected(size_t index, enum notice_code code)
{
    for (size_t i = 0; i < COUNT_OF(cases[index].notices); i++)
        if (cases[index].notices[i] == code || (unsigned)cases[index].notices[i] == ANY)
            return true;
    return false;
}

static void check_notices(size_t index, const struct outcome *o)
{
    for (unsigned code = 0; code < NOTICE_CODES; code++)
        if (o->notices.seen[code] && !is_expected(index, (enum notice_code)code))
            fail_msg("%s: unexpected notice %s", cases[index].name, notice_name((enum notice_code)code));
    for (size_t i = 0; i < COUNT_OF(cases[index].notices); i++) {
        unsigned code = cases[index].notices[i];
        if (code < NOTICE_CODES && !o->notices.seen[code])
            fail_msg("%s: no notice %s", cases[index].name, notice_name((enum notice_code)code));
    }
}

static void check_records(size_t index, const struct outcome *o)
{
    unsigned whole = 0, twice = 0, marked = 0;
    for (size_t id = 1; id <= 2 * RECORDS; id++) {
        whole += o->met[id] > 0;
        twice += o->met[id] > 1;
        marked += o->marked[id];
    }
    if (o->wrong)
        fail_msg("%s: %u events say what they should not", cases[index].name, o->wrong);
    if (whole + cases[index].lost < 2 * RECORDS || twice != cases[index].twice)
        fail_msg("%s: %u whole, %u twice, %u marked", cases[index].name, whole, twice, marked);
    /* Recovered are those of chunks that lack a header, or the file's; and by their marks some others. */
    if (o->account.by_source[EVENT_CARVED] != cases[index].carved || o->account.recovered < cases[index].carved)
        fail_msg("%s: %u carved", cases[index].name, (unsigned)o->account.by_source[EVENT_CARVED]);
    if (o->account.decoded + o->account.by_source[EVENT_HIDDEN] < whole || (cases[index].lost == 0 && o->account.partial))
        fail_msg("%s: the account is wrong", cases[index].name);
}

static void damage_costs_what_it_touches(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        image_reset();
        cases[i].damage();
        arena_init(&arena);
        read_image(&arena, &o);
        check_records(i, &o);
        check_notices(i, &o);
        arena_done(&arena);
    }
}

/* Cut anywhere: whatever stands whole before the cut is there, nothing is made up behind it. */
static void every_cut_keeps_what_is_whole(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    make_sound();
    memcpy(image, sound, SIZE);
    for (size = SECOND - 40; size < ends[50]; size += 37) {
        arena_init(&arena);
        read_image(&arena, &o);
        assert_int_equal(o.wrong, 0);
        for (size_t id = 1; id <= 2 * RECORDS; id++)
            assert_int_equal(o.met[id], ends[id] <= size);
        arena_done(&arena);
    }
}

/* A record is recovered when its template came from elsewhere. */
static void foreign_templates_make_records_recovered(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    image_reset();
    template_overwritten();
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.account.decoded, 2 * RECORDS);
    assert_int_equal(o.account.recovered, o.notices.seen[NOTICE_EVTX_TEMPLATE_FOREIGN]);
    assert_true(o.account.recovered > 0);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_costs_what_it_touches),
        cmocka_unit_test(every_cut_keeps_what_is_whole),
        cmocka_unit_test(foreign_templates_make_records_recovered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
