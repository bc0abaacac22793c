/*
 * evt_logs.h - sound classic logs for tests: plain, wrapped, cleared, empty, with their ends in odd places, and with data
 * that looks like records.
 */
#ifndef EVSCAN_TESTS_EVT_LOGS_H
#define EVSCAN_TESTS_EVT_LOGS_H

#include "evt_image.h"

static inline void make_plain(struct image *m)
{
    image_init(m, 16384, IMAGE_BEGIN, 1);
    image_add_some(m, 40);
    image_end(m);
}

/* Numbers 100 .. 139; one record runs over the end of the file. */
static inline void make_wrapped(struct image *m)
{
    bool over = false;
    image_init(m, 8192, 6020, 100);
    image_add_some(m, 40);
    for (size_t i = 0; i < m->count; i++)
        over |= m->places[i] + m->lengths[i] > m->size;
    assert_true(over);
    image_end(m);
    put_header(m, 2);
}

/* 20 records after a clearing, and behind their EOF record what is left of 60 older ones with their EOF record. */
static inline void make_cleared(struct image *m)
{
    struct image old;
    image_init(&old, 16384, IMAGE_BEGIN, 1);
    image_add_some(&old, 60);
    image_end(&old);
    *m = old;
    m->at = m->start = IMAGE_BEGIN;
    m->count = 0;
    m->next = m->oldest = 1;
    image_add_some(m, 20);
    image_end(m);
    put_header(m, 1);
}

static inline void make_empty(struct image *m)
{
    image_init(m, 4096, IMAGE_BEGIN, 1);
    image_end(m);
}

/* The EOF record stands 20 bytes before the end of the file and 20 behind the header. */
static inline void make_split_end(struct image *m)
{
    image_init(m, 8192, 2000, 7);
    image_add_some(m, 20);
    m->size = m->at + 20;
    image_end(m);
    put_header(m, 3);
}

static inline void make_fill(struct image *m, size_t fill)
{
    image_init(m, 8192, 2000, 7);
    image_add_some(m, 20);
    m->size = m->at + fill;
    for (size_t at = m->at; at < m->size; at += 4)
        put_u32(m->p + at, 0x27);
    m->at = IMAGE_BEGIN;
    image_add_some(m, 5);
    image_end(m);
    put_header(m, 3);
}

static inline void make_fill_52(struct image *m)
{
    make_fill(m, 52);
}

static inline void make_fill_240(struct image *m)
{
    make_fill(m, 240);
}

static inline void make_with_data(struct image *m, const void *data, size_t n)
{
    image_init(m, n + 16384, IMAGE_BEGIN, 1);
    image_add_some(m, 10);
    struct image_record r = { .source = "ClusSvc", .computer = "NODE1", .data = data, .data_n = n, .type = 4,
                              .generated = 1000000000u };
    image_add(m, &r);
    image_add_some(m, 10);
    image_end(m);
}

/* A whole record inside the data of another one. */
static inline void make_fake(struct image *m)
{
    uint8_t fake[512];
    struct image_record r = { .source = "Fake", .computer = "X", .strings = { "not an event" }, .type = 1 };
    make_with_data(m, fake, record_build(&r, 12, fake));
}

/* Data that is a whole log of its own: somebody logged a file. */
static inline void make_log_in_data(struct image *m)
{
    struct image inner;
    image_init(&inner, 1024, IMAGE_BEGIN, 1);
    image_add_some(&inner, 3);
    image_end(&inner);
    make_with_data(m, inner.p, inner.size);
    image_free(&inner);
}

static inline void make_large(struct image *m)
{
    static const uint8_t data[200000];
    make_with_data(m, data, sizeof data);
}

#endif
