/* A table of damage: what is done to a sound log of two chunks, and what must come of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "evtx_image.h"

static void put(size_t at, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        image[at + i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get(size_t at)
{
    return bytes_u32((struct bytes){ image, sizeof image }, at);
}

static void reseal_chunk(size_t at)
{
    put(at + 0x34, crc32(0, image + at + 0x200, get(at + 0x30) - 0x200), 4);
    put(at + 0x7c, crc32(crc32(0, image + at, 0x78), image + at + 0x80, 0x180), 4);
}

static void insert(size_t at, size_t n)
{
    memmove(image + at + n, image + at, size - at);
    memset(image + at, 0xA5, n);
    size += n;
}

/* The image is the sound log again. */
static void image_reset(void)
{
    make_sound();
    memset(image, 0, sizeof image);
    memcpy(image, sound, SIZE);
    size = SIZE;
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
    put(0x24, 0x00040007, 4);
    put(0x7c, crc32(0, image, 0x78), 4);
}

static void file_version_of_newer_windows(void)
{
    put(0x24, 0x00030002, 4);
    put(0x7c, crc32(0, image, 0x78), 4);
}

static void dirty(void)
{
    put(0x78, 1, 4);
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
    put(SECOND, 0, 8);
}

static void chunk_checksum(void)
{
    image[SECOND + 0x90] ^= 1;
}

static void records_checksum(void)
{
    put(SECOND + 0x34, 1, 4);
    put(SECOND + 0x7c, crc32(crc32(0, image + SECOND, 0x78), image + SECOND + 0x80, 0x180), 4);
}

static void no_checksums(void)
{
    put(0x78, 4, 4);
    put(0x7c, 0, 4);
    for (size_t at = FIRST; at < SIZE; at += EVTX_CHUNK_SIZE) {
        put(at + 0x78, 5, 4);
        put(at + 0x34, 0, 4);
        put(at + 0x7c, 0, 4);
    }
}

static void free_space_outside(void)
{
    put(SECOND + 0x30, 0x20000, 4);
    put(SECOND + 0x7c, crc32(crc32(0, image + SECOND, 0x78), image + SECOND + 0x80, 0x180), 4);
}

static void free_space_small(void)
{
    put(SECOND + 0x30, starts[60] - SECOND, 4);
    reseal_chunk(SECOND);
}

static void free_space_large(void)
{
    put(SECOND + 0x30, 65536, 4);
    reseal_chunk(SECOND);
}

static void cut_short(void)
{
    size = ends[70] + 100;
}

static void generation(void)
{
    memset(image + starts[50], 0, 4);
    put(starts[51] + 8, 77777, 8);
    reseal_chunk(SECOND);
}

static void record_magic(void)
{
    put(starts[50], 0, 4);
    reseal_chunk(SECOND);
}

static void record_size_zero(void)
{
    put(starts[50] + 4, 0, 4);
    reseal_chunk(SECOND);
}

static void hidden(void)
{
    uint32_t both = (uint32_t)(ends[51] - starts[50]);
    put(starts[50] + 4, both, 4);
    put(ends[51] - 4, both, 4);
    reseal_chunk(SECOND);
}

static void misaligned(void)
{
    size_t at = starts[60];
    memmove(image + at, image + at + 1, SIZE - at - 1);
}

static void bad_token(void)
{
    image[starts[50] + 24 + 4] = 0x3F;
    reseal_chunk(SECOND);
}

/* Nothing but the end mark behind the fragment's head. */
static void no_element(void)
{
    put(starts[50] + 24 + 4, BINXML_EOF, 1);
    reseal_chunk(SECOND);
}

static void template_overwritten(void)
{
    put(starts[43] + 24 + 4 + 10 + 4, 0xBADBAD, 4);
    reseal_chunk(SECOND);
}

static void template_everywhere_overwritten(void)
{
    put(starts[1] + 24 + 4 + 10 + 4, 0xBADBAD, 4);
    put(starts[43] + 24 + 4 + 10 + 4, 0xBADBAD, 4);
    reseal_chunk(FIRST);
    reseal_chunk(SECOND);
}

/* Old data behind the free-space offset: the last five records are no longer part of the log. */
static void slack(void)
{
    put(SECOND + 0x30, starts[76] - SECOND, 4);
    put(SECOND + 0x20, 75, 8);
    put(SECOND + 0x10, 75, 8);
    reseal_chunk(SECOND);
}

static void zero_page(void)
{
    memset(image + SECOND + 0x1000, 0, 0x1000);
}

static void half_written(void)
{
    size_t border = (starts[80] + 512 - FIRST) / 512 * 512 + FIRST;
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
    { "page of zeros", zero_page, 25, 0, 0, { NOTICE_EVTX_SKIPPED, NOTICE_EVTX_RECORDS_CHECKSUM, ANY, NO } },
    { "half written", half_written, 1, 0, 0, { NOTICE_EVTX_RECORD_PARTIAL, NOTICE_EVTX_RECORDS_CHECKSUM, NO, NO } },
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

static void formats_are_told_by_content(void **state)
{
    static const uint8_t other[5000] = "This is not a log.";
    struct input *in = input_from_bytes((struct bytes){ other, sizeof other }, "other.evtx");
    (void)state;
    assert_false(evtx_format.probe(in));
    input_close(in);
    in = input_from_bytes((struct bytes){ sound, SIZE }, "sound.evt");
    assert_true(evtx_format.probe(in));
    input_close(in);
    in = input_from_bytes((struct bytes){ sound + FIRST + EVTX_CHUNK_HEADER, 5000 }, "piece");
    assert_true(evtx_format.probe(in));
    input_close(in);
    in = input_from_bytes((struct bytes){ sound, 0 }, "empty");
    assert_false(evtx_format.probe(in));
    input_close(in);
}

/* Headers inside of headers, each without checksums: every second piece moves by a whole header at least. */
static void headers_inside_of_headers_are_passed_over(void **state)
{
    static uint8_t bytes[EVTX_CHUNK_SIZE], block[EVTX_CHUNK_SIZE];
    struct bytes all = { bytes, sizeof bytes };
    struct evtx_piece piece = { 0 };
    size_t count = 0;
    int error;
    (void)state;
    for (size_t at = 0; at + 28 <= sizeof bytes; at += 28) {
        memcpy(bytes + at, "ElfChnk", 8);
        bytes[at + 8] = 4;    /* at 0x78 of the fourth header before: no checksums */
        bytes[at + 12] = 128; /* at 0x28 of the one before: size */
        bytes[at + 21] = 2;   /* at 0x30 of it: free space 0x200 */
    }
    assert_true(evtx_is_chunk(all));
    struct input *in = input_from_bytes(all, "headers");
    while (evtx_locate(in, piece.next, block, &piece, &error))
        count++;
    input_close(in);
    assert_in_range(count, 2, 2 * sizeof bytes / EVTX_CHUNK_HEADER + 2);
}

/* What a header counts whose checksum does not hold is no promise. */
static void a_header_that_is_not_sound_promises_nothing(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    image_reset();
    put(SECOND + 0x10, RECORDS + 500, 8);
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.notices.seen[NOTICE_EVTX_CHUNK_CHECKSUM], 1);
    assert_int_equal(o.account.promised, RECORDS);
    assert_int_equal(o.account.decoded, 2 * RECORDS);
    assert_int_equal(o.account.lost, 0);
    arena_done(&arena);
}

/* How many chunks and which record comes next, as a file header says it. */
static void put_counts(unsigned chunks, uint64_t next_id)
{
    put(0x2a, chunks, 2);
    put(0x18, next_id, 8);
    put(0x7c, crc32(0, image, 0x78), 4);
}

/* Chunks that the header counts are missing when its next record is far behind the last one; else the count is wrong. */
static void chunks_that_are_cut_off_are_known_from_the_header(void **state)
{
    static const struct {
        size_t size;
        unsigned chunks;
        uint64_t next_id, promised, lost;
        bool empty; /* the second chunk */
    } files[] = {
        { SECOND, 2, 81, 80, 40, false },
        { SECOND, 2, 41, 40, 0, false },  /* it was empty */
        { SECOND, 1, 81, 40, 0, false },  /* a stale header */
        { SIZE, 96, 81, 80, 0, false },   /* seen: a count of 96 in a file of 3 chunks */
        { SIZE, 3, 41, 40, 0, true },
        { SIZE, 3, 90, 89, 49, true },
        { SECOND, 2, 81000, 40, 0, false }, /* more than the missing chunk could hold */
    };
    struct outcome o;
    struct arena arena;
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        memcpy(image, sound, SIZE);
        size = files[i].size;
        put_counts(files[i].chunks, files[i].next_id);
        if (files[i].empty) {
            memset(image + SECOND + EVTX_CHUNK_HEADER, 0, EVTX_CHUNK_SIZE - EVTX_CHUNK_HEADER);
            put(SECOND + 0x08, 1, 8);
            put(SECOND + 0x10, UINT64_MAX, 8);
            put(SECOND + 0x18, UINT64_MAX, 8);
            put(SECOND + 0x20, UINT64_MAX, 8);
            put(SECOND + 0x30, EVTX_CHUNK_HEADER, 4);
            reseal_chunk(SECOND);
        }
        arena_init(&arena);
        read_image(&arena, &o);
        assert_int_equal(o.account.promised, files[i].promised);
        assert_int_equal(o.account.lost, files[i].lost);
        assert_int_equal(o.account.decoded, files[i].promised - files[i].lost);
        bool cut = files[i].size < SIZE && files[i].chunks > 1 && files[i].next_id > 41;
        assert_int_equal(o.notices.seen[NOTICE_EVTX_FILE_CUT], cut || files[i].lost);
        arena_done(&arena);
    }
}

/* A sound header that counts more than a chunk has room for. */
static void impossible_counts_are_no_promise(void **state)
{
    struct outcome o;
    struct arena arena;
    (void)state;
    image_reset();
    put(SECOND + 0x10, RECORDS + 1000000, 8);
    reseal_chunk(SECOND);
    arena_init(&arena);
    read_image(&arena, &o);
    assert_int_equal(o.account.promised, RECORDS);
    assert_int_equal(o.account.decoded, 2 * RECORDS);
    assert_int_equal(o.account.lost, 0);
    arena_done(&arena);
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

/* A transfer took bytes out of the space behind the first chunk's records: the next one begins that much earlier. */
static void chunks_that_moved_to_the_front_are_whole(void **state)
{
    static const size_t taken[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 511, 512, 513 };
    struct outcome o;
    struct arena arena;
    (void)state;
    make_sound();
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        memcpy(image, sound, SECOND - taken[i]);
        memcpy(image + SECOND - taken[i], sound + SECOND, EVTX_CHUNK_SIZE);
        size = SIZE - taken[i];
        arena_init(&arena);
        read_image(&arena, &o);
        assert_int_equal(o.account.by_source[EVENT_LIVE], 2 * RECORDS);
        assert_int_equal(o.account.decoded, 2 * RECORDS);
        assert_int_equal(o.notices.count, 0);
        arena_done(&arena);
    }
}

struct keys {
    char asked[128], came[128];
};

static void key_print(char *out, size_t room, const struct event_key *key)
{
    snprintf(out, room, "%.*s|%.*s|%.*s|%u|%u|%u", TEXT_ARG(key->provider), TEXT_ARG(key->channel),
             TEXT_ARG(key->computer), (unsigned)key->id, (unsigned)key->level, (unsigned)key->record_id);
}

static bool note_asked(void *ctx, const struct event_key *key)
{
    struct keys *k = ctx;
    key_print(k->asked, sizeof k->asked, key);
    return true;
}

static void note_came(void *ctx, const struct event *e)
{
    struct keys *k = ctx;
    key_print(k->came, sizeof k->came, &e->key);
}

/* Texts of System in several pieces: forwarded events, of which the key is read from the tokens. */
static void build_pieces(struct build *b)
{
    build_init(b, 7);
    build_record(b);
    build_open(b, "Event");
    build_u8(b, BINXML_CONTENT);
    build_open(b, "System");
    build_u8(b, BINXML_CONTENT);
    build_open(b, "Provider");
    build_attribute(b, "Name");
    build_text(b, "Clus");
    build_text(b, "Svc");
    build_u8(b, BINXML_EMPTY);
    build_open(b, "EventID");
    build_u8(b, BINXML_CONTENT);
    build_text(b, "10");
    build_text(b, "09");
    build_u8(b, BINXML_END);
    build_leaf(b, "Level", "2");
    build_open(b, "Channel");
    build_u8(b, BINXML_CONTENT);
    build_text(b, "Sys");
    build_text(b, "tem");
    build_u8(b, BINXML_END);
    build_leaf(b, "Computer", "NODE1");
    build_leaf(b, "Computer", "NODE2");
    build_u8(b, BINXML_END);
    build_u8(b, BINXML_END);
    build_record_end(b);
    build_seal(b);
}

static void keys_are_those_of_the_events(void **state)
{
    static struct build b;
    struct keys k = { "", "" };
    struct event_sink sink = { .ctx = &k, .want = note_asked, .event = note_came };
    struct account account = { 0 };
    struct batch batch = { 0 };
    struct notices notices;
    struct arena arena;
    (void)state;
    build_pieces(&b);
    build_file_header(image, 1);
    memcpy(image + FIRST, b.bytes, EVTX_CHUNK_SIZE);
    arena_init(&arena);
    notices_init(&notices, &arena);
    struct input *in = input_from_bytes((struct bytes){ image, SECOND }, "image");
    struct log *log = evtx_format.open(in, &account, &notices);
    struct decoder *decoder = evtx_format.decoder_new();
    while (evtx_format.next(log, &batch, &account, &notices) == ST_OK)
        evtx_format.decode(decoder, log, &batch, &sink, &account, &notices);
    assert_string_equal(k.asked, "ClusSvc|System|NODE1|1009|2|7");
    assert_string_equal(k.came, k.asked);
    evtx_format.decoder_free(decoder);
    evtx_format.close(log);
    input_close(in);
    free(batch.bytes);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_costs_what_it_touches),
        cmocka_unit_test(every_cut_keeps_what_is_whole),
        cmocka_unit_test(formats_are_told_by_content),
        cmocka_unit_test(a_header_that_is_not_sound_promises_nothing),
        cmocka_unit_test(chunks_that_are_cut_off_are_known_from_the_header),
        cmocka_unit_test(impossible_counts_are_no_promise),
        cmocka_unit_test(foreign_templates_make_records_recovered),
        cmocka_unit_test(chunks_that_moved_to_the_front_are_whole),
        cmocka_unit_test(keys_are_those_of_the_events),
        cmocka_unit_test(headers_inside_of_headers_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
