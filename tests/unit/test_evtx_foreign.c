/* The search for templates of other chunks: what is found, and what it may cost where definitions overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "evtx/evtx_foreign.h"
#include "io/input.h"
#include "test_evtx_build.h"

#define FIRST_ID 0x1000u
#define LAST_ID  0x2000u
#define OTHER_ID 0x3000u
#define APART    64u     /* heads of overlapping definitions: a head and the tokens in front of its text fit */
#define TEXT_END 60000u  /* of all their texts */
#define MANY     40u

static uint8_t file[EVTX_FILE_HEADER + 2 * EVTX_CHUNK_SIZE];

/* An instance and its definition: <E>text</E>, whose text is all that stands before `end`. */
static void add_definition(struct build *b, uint32_t id, size_t name, size_t end)
{
    size_t definition = build_definition(b, id);
    build_u8(b, BINXML_ELEMENT);
    build_u16(b, BINXML_NO_DEPENDENCY);
    build_u32(b, 0xFFFF);
    build_u32(b, name);
    build_u8(b, BINXML_CONTENT);
    build_u8(b, BINXML_TEXT);
    build_u8(b, BINXML_STRING);
    build_u16(b, (unsigned)((end - b->at - 2) / 2));
    build_at(b, definition + 20, end + 2 - definition - 24, 4);
    build_at(b, end, BINXML_END, 1);
    build_at(b, end + 1, BINXML_EOF, 1);
}

/* `count` definitions that overlap, each with the others in its text, and a small one behind them. */
static void make_chunk_of(uint8_t *out, uint32_t first, size_t count, uint32_t last)
{
    static struct build b;
    build_init(&b, 1);
    build_record(&b);
    size_t name = b.at + 4; /* behind the reference to it */
    build_name(&b, "E");
    for (size_t i = 0; i < count; i++) {
        b.at = EVTX_CHUNK_HEADER + APART * (1 + i);
        add_definition(&b, first + (uint32_t)i, name, TEXT_END);
    }
    b.at = TEXT_END + 8;
    add_definition(&b, last, name, b.at + 100);
    b.at += 120;
    build_record_end(&b);
    build_seal(&b);
    memcpy(out, b.bytes, EVTX_CHUNK_SIZE);
}

static void make_chunk(uint8_t *out, size_t count, uint32_t last)
{
    make_chunk_of(out, FIRST_ID, count, last);
}

static bool finds(struct foreign *f, uint32_t id)
{
    struct bytes flat;
    return foreign_find(f, id, 0, &flat) && flat.n > 0;
}

static struct foreign *search(size_t count, struct input **in)
{
    build_file_header(file, 2);
    make_chunk(file + EVTX_FILE_HEADER, count, LAST_ID);
    make_chunk(file + EVTX_FILE_HEADER + EVTX_CHUNK_SIZE, 0, OTHER_ID);
    *in = input_from_bytes((struct bytes){ file, sizeof file }, "x.evtx");
    return foreign_new(*in);
}

static void definitions_are_found_wherever_they_stand(void **state)
{
    (void)state;
    struct input *in;
    struct foreign *f = search(3, &in);
    assert_true(finds(f, FIRST_ID) && finds(f, FIRST_ID + 2) && finds(f, LAST_ID) && finds(f, OTHER_ID));
    assert_false(finds(f, FIRST_ID + 3));
    foreign_free(f);
    input_close(in);
}

/* Of one number there are so many at most; more would each be tried for every record that lost its template. */
static void variants_are_bounded(void **state)
{
    static struct build b;
    struct bytes flat;
    (void)state;
    build_init(&b, 1);
    build_record(&b);
    size_t name = b.at + 4;
    build_name(&b, "E");
    for (size_t i = 0; i <= LIMIT_TEMPLATE_VARIANTS; i++) {
        b.at = EVTX_CHUNK_HEADER + 1000 * (1 + i);
        add_definition(&b, FIRST_ID, name, b.at + 100 + 10 * i); /* texts of different lengths */
    }
    b.at += 200;
    build_record_end(&b);
    build_seal(&b);
    build_file_header(file, 1);
    memcpy(file + EVTX_FILE_HEADER, b.bytes, EVTX_CHUNK_SIZE);
    struct input *in = input_from_bytes((struct bytes){ file, EVTX_FILE_HEADER + EVTX_CHUNK_SIZE }, "x.evtx");
    struct foreign *f = foreign_new(in);
    assert_true(foreign_find(f, FIRST_ID, LIMIT_TEMPLATE_VARIANTS - 1, &flat));
    assert_false(foreign_find(f, FIRST_ID, LIMIT_TEMPLATE_VARIANTS, &flat));
    foreign_free(f);
    input_close(in);
}

/* Each costs nearly all of the chunk, twice. */
static void a_chunk_costs_no_more_than_its_limit(void **state)
{
    (void)state;
    struct input *in;
    struct foreign *f = search(MANY, &in);
    size_t found = 0;
    for (uint32_t i = 0; i < MANY; i++)
        found += finds(f, FIRST_ID + i);
    assert_true(found > 0 && found <= LIMIT_FOREIGN_WORK / (TEXT_END - EVTX_CHUNK_HEADER - MANY * APART));
    assert_true(finds(f, FIRST_ID));
    assert_false(finds(f, LAST_ID)); /* behind the limit of its chunk */
    assert_true(finds(f, OTHER_ID)); /* the next chunk has its own */
    foreign_free(f);
    input_close(in);
}

#define EACH_CHUNK 800u
#define MANY_CHUNKS (LIMIT_TEMPLATES / EACH_CHUNK + 2)

/* Small definitions of ids from `first` on. */
static void make_small(uint8_t *out, uint32_t first)
{
    static struct build b;
    build_init(&b, 1);
    build_record(&b);
    size_t name = b.at + 4;
    build_name(&b, "E");
    size_t begin = b.at;
    for (uint32_t i = 0; i < EACH_CHUNK; i++) {
        b.at = begin + 72 * i;
        add_definition(&b, first + i, name, b.at + 64);
    }
    b.at += 72;
    build_record_end(&b);
    build_seal(&b);
    memcpy(out, b.bytes, EVTX_CHUNK_SIZE);
}

static void so_many_are_remembered(void **state)
{
    (void)state;
    uint8_t *many = calloc(MANY_CHUNKS, EVTX_CHUNK_SIZE);
    for (uint32_t i = 0; i < MANY_CHUNKS; i++)
        make_small(many + (size_t)i * EVTX_CHUNK_SIZE, FIRST_ID + i * EACH_CHUNK);
    struct input *in = input_from_bytes((struct bytes){ many, (size_t)MANY_CHUNKS * EVTX_CHUNK_SIZE }, "x.evtx");
    struct foreign *f = foreign_new(in);
    assert_true(finds(f, FIRST_ID) && finds(f, FIRST_ID + LIMIT_TEMPLATES - 1));
    assert_false(finds(f, FIRST_ID + LIMIT_TEMPLATES));
    foreign_free(f);
    input_close(in);
    free(many);
}

#define LARGE 8u /* of a chunk, each nearly as large as it: less than LIMIT_FOREIGN_WORK */
#define LARGE_CHUNKS (LIMIT_TEMPLATE_BYTES / (LARGE * (TEXT_END - 2000u)) + 2u)

static void so_many_bytes_are_remembered(void **state)
{
    (void)state;
    uint8_t *many = calloc(LARGE_CHUNKS, EVTX_CHUNK_SIZE);
    size_t found = 0;
    for (uint32_t i = 0; i < LARGE_CHUNKS; i++)
        make_chunk_of(many + (size_t)i * EVTX_CHUNK_SIZE, FIRST_ID + i * LARGE, LARGE, OTHER_ID + i);
    struct input *in = input_from_bytes((struct bytes){ many, (size_t)LARGE_CHUNKS * EVTX_CHUNK_SIZE }, "x.evtx");
    struct foreign *f = foreign_new(in);
    for (uint32_t i = 0; i < LARGE_CHUNKS * LARGE; i++)
        found += finds(f, FIRST_ID + i);
    assert_in_range(found, LIMIT_TEMPLATE_BYTES / EVTX_CHUNK_SIZE, LIMIT_TEMPLATE_BYTES / (TEXT_END - 2000));
    foreign_free(f);
    input_close(in);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_are_found_wherever_they_stand),
        cmocka_unit_test(variants_are_bounded),
        cmocka_unit_test(a_chunk_costs_no_more_than_its_limit),
        cmocka_unit_test(so_many_are_remembered),
        cmocka_unit_test(so_many_bytes_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
