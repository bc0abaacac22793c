/*
 * evt_image.h - classic logs built byte by byte, for tests: a ring that is written like the service does it.
 *
 * image_init chooses size and start; image_add writes records, over the end of the file where they meet it;
 * image_end writes the EOF record and a header that is clean and right.  Tests then damage bytes.
 */
#ifndef EVSCAN_TESTS_EVT_IMAGE_H
#define EVSCAN_TESTS_EVT_IMAGE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

#define IMAGE_BEGIN 48u

struct image {
    uint8_t *p;
    size_t size;
    size_t at;          /* offset of the next write, IMAGE_BEGIN .. size - 1 */
    size_t start, end;  /* offsets of the oldest record and of the EOF record */
    uint32_t oldest, next;
    size_t places[512]; /* offsets of the records added, in order */
    uint32_t lengths[512];
    size_t count;
};

/* What goes into a record; texts are ASCII. */
struct image_record {
    const char *source, *computer;
    const char *strings[4]; /* up to the first NULL */
    const char *sid, *data; /* raw bytes, may be NULL */
    size_t sid_n, data_n;
    uint32_t identifier, generated, written;
    uint16_t type, category;
};

static inline void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static inline void put_u16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void image_init(struct image *m, size_t size, size_t start, uint32_t oldest)
{
    *m = (struct image){ .p = calloc(1, size), .size = size, .at = start, .start = start };
    m->oldest = m->next = oldest;
}

static inline void image_free(struct image *m)
{
    free(m->p);
}

static inline void image_write(struct image *m, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        m->p[m->at] = p[i];
        m->at = m->at + 1 == m->size ? IMAGE_BEGIN : m->at + 1;
    }
}

static inline size_t put_utf16(uint8_t *p, const char *text)
{
    size_t n = 0;
    do {
        p[n++] = (uint8_t)*text;
        p[n++] = 0;
    } while (*text++);
    return n;
}

/* Builds a record in `out`; returns its length. */
static inline uint32_t record_build(const struct image_record *r, uint32_t number, uint8_t *out)
{
    size_t n = 56, strings = 0;
    memset(out, 0, 56);
    n += put_utf16(out + n, r->source);
    n += put_utf16(out + n, r->computer);
    while (n % 4)
        out[n++] = 0;
    put_u32(out + 44, (uint32_t)n);
    if (r->sid)
        memcpy(out + n, r->sid, r->sid_n);
    n += r->sid_n;
    put_u32(out + 36, (uint32_t)n);
    for (; strings < 4 && r->strings[strings]; strings++)
        n += put_utf16(out + n, r->strings[strings]);
    put_u32(out + 52, (uint32_t)n);
    if (r->data)
        memcpy(out + n, r->data, r->data_n);
    n += r->data_n;
    while (n % 4)
        out[n++] = 0;
    n += 4;
    put_u32(out, (uint32_t)n);
    memcpy(out + 4, "LfLe", 4);
    put_u32(out + 8, number);
    put_u32(out + 12, r->generated);
    put_u32(out + 16, r->written);
    put_u32(out + 20, r->identifier);
    put_u16(out + 24, r->type);
    put_u16(out + 26, (uint16_t)strings);
    put_u16(out + 28, r->category);
    put_u32(out + 40, (uint32_t)r->sid_n);
    put_u32(out + 48, (uint32_t)r->data_n);
    put_u32(out + n - 4, (uint32_t)n);
    return (uint32_t)n;
}

static inline void image_add(struct image *m, const struct image_record *r)
{
    static uint8_t raw[1u << 20];
    uint32_t n = record_build(r, m->next++, raw);
    m->places[m->count] = m->at;
    m->lengths[m->count++] = n;
    image_write(m, raw, n);
}

/* `count` records of a cluster node, of different lengths (116 to 196 bytes). */
static inline void image_add_some(struct image *m, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[64];
        snprintf(text, sizeof text, "%.*s%u", (int)(m->next * 7 % 40), "the quorum resource did not come online.",
                 m->next);
        struct image_record r = { .source = "ClusSvc", .computer = "NODE1", .strings = { text },
                                  .identifier = 0xC00003F1u, .generated = 1000000000u + m->next,
                                  .written = 1000000001u + m->next, .type = 1 };
        image_add(m, &r);
    }
}

static inline void put_header(struct image *m, uint32_t flags)
{
    uint32_t fields[12] = { 48, 0, 1, 1, (uint32_t)m->start, (uint32_t)m->end, m->next, m->next == m->oldest ? 0 : m->oldest,
                            (uint32_t)m->size, flags, 0, 48 };
    for (size_t i = 0; i < 12; i++)
        put_u32(m->p + 4 * i, fields[i]);
    memcpy(m->p + 4, "LfLe", 4);
}

static inline void image_end(struct image *m)
{
    uint8_t raw[40];
    m->end = m->at;
    uint32_t fields[10] = { 40, 0x11111111u, 0x22222222u, 0x33333333u, 0x44444444u, (uint32_t)m->start, (uint32_t)m->end,
                            m->next, m->next == m->oldest ? 0 : m->oldest, 40 };
    for (size_t i = 0; i < 10; i++)
        put_u32(raw + 4 * i, fields[i]);
    image_write(m, raw, sizeof raw);
    put_header(m, 0);
}

#endif
