/*
 * test_evtx_build.h - small .evtx logs made in memory, one token at a time.
 *
 * A chunk is 64 KiB; records are added from 0x200 on, names stand inline, each time or, as Windows writes them, where they
 * come first.  `build_seal` writes header and checksums.
 */
#ifndef EVSCAN_TEST_EVTX_BUILD_H
#define EVSCAN_TEST_EVTX_BUILD_H

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/bytes.h"
#include "evtx/binxml.h"
#include "evtx/evtx_locate.h"

#define BUILD_TIME 131124751716816408u /* 2016-07-08T18:12:51.6816408Z */

struct build {
    uint8_t bytes[EVTX_CHUNK_SIZE];
    size_t at;
    size_t record; /* start of the record being written */
    uint64_t first_id, last_id;
    bool share; /* a name stands once */
    size_t name_count;
    size_t names[32];
};

static inline void build_init(struct build *b, uint64_t first_id)
{
    memset(b, 0, sizeof *b);
    b->at = EVTX_CHUNK_HEADER;
    b->first_id = first_id;
    b->last_id = first_id - 1;
}

static inline void build_at(struct build *b, size_t at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        b->bytes[at + i] = (uint8_t)(value >> (8 * i));
}

static inline void build_int(struct build *b, uint64_t value, size_t size)
{
    assert(b->at + size <= sizeof b->bytes);
    build_at(b, b->at, value, size);
    b->at += size;
}

static inline void build_u8(struct build *b, unsigned value)
{
    build_int(b, value, 1);
}

static inline void build_u16(struct build *b, unsigned value)
{
    build_int(b, value, 2);
}

static inline void build_u32(struct build *b, size_t value)
{
    build_int(b, value, 4);
}

static inline void build_utf16(struct build *b, const char *ascii)
{
    for (; *ascii; ascii++)
        build_u16(b, (unsigned char)*ascii);
}

/* A name of the chunk; 0 when it is not there yet. */
static inline size_t build_known(const struct build *b, const char *name)
{
    for (size_t i = 0; i < b->name_count; i++) {
        const uint8_t *at = b->bytes + b->names[i];
        size_t n = strlen(name);
        bool same = at[6] == n;
        for (size_t k = 0; same && k < n; k++)
            same = at[8 + 2 * k] == (uint8_t)name[k];
        if (same)
            return b->names[i];
    }
    return 0;
}

static inline void build_name(struct build *b, const char *name)
{
    uint32_t hash = 0;
    size_t known = b->share ? build_known(b, name) : 0;
    if (known) {
        build_u32(b, known);
        return;
    }
    if (b->share) {
        assert(b->name_count < sizeof b->names / sizeof *b->names);
        b->names[b->name_count++] = b->at + 4;
    }
    for (const char *p = name; *p; p++)
        hash = hash * 65599 + (unsigned char)*p;
    build_u32(b, b->at + 4);
    build_u32(b, 0);
    build_u16(b, hash & 0xFFFF);
    build_u16(b, (unsigned)strlen(name));
    build_utf16(b, name);
    build_u16(b, 0);
}

static inline void build_open(struct build *b, const char *name)
{
    build_u8(b, BINXML_ELEMENT);
    build_u32(b, 0xFFFF);
    build_name(b, name);
}

static inline void build_open_in_template(struct build *b, const char *name, unsigned dependency)
{
    build_u8(b, BINXML_ELEMENT);
    build_u16(b, dependency);
    build_u32(b, 0xFFFF);
    build_name(b, name);
}

/* Returns what build_close_sized wants: evscan's reader does not need the size of an element, but libevtx does. */
static inline size_t build_open_sized(struct build *b, const char *name)
{
    size_t size_at = b->at + 3;
    build_open_in_template(b, name, BINXML_NO_DEPENDENCY);
    build_u8(b, BINXML_CONTENT);
    return size_at;
}

static inline void build_close_sized(struct build *b, size_t size_at)
{
    build_u8(b, BINXML_END);
    build_at(b, size_at, b->at - size_at - 4, 4);
}

static inline void build_text(struct build *b, const char *text)
{
    build_u8(b, BINXML_TEXT);
    build_u8(b, BINXML_STRING);
    build_u16(b, (unsigned)strlen(text));
    build_utf16(b, text);
}

static inline void build_attribute(struct build *b, const char *name)
{
    build_u8(b, BINXML_ATTRIBUTE);
    build_name(b, name);
}

static inline void build_value(struct build *b, unsigned token, unsigned index, unsigned type)
{
    build_u8(b, token);
    build_u16(b, index);
    build_u8(b, type);
}

/* <name>text</name> */
static inline void build_leaf(struct build *b, const char *name, const char *text)
{
    build_open(b, name);
    build_u8(b, BINXML_CONTENT);
    build_text(b, text);
    build_u8(b, BINXML_END);
}

/* The head of an instance whose definition follows; build_definition_end fixes its size. */
static inline size_t build_definition(struct build *b, uint32_t id)
{
    build_u8(b, BINXML_INSTANCE);
    build_u8(b, 1);
    build_u32(b, id);
    build_u32(b, b->at + 4);
    size_t definition = b->at;
    build_u32(b, 0);
    build_u32(b, id);
    build_int(b, 0, 12 - 4);
    build_u32(b, 0);
    build_u32(b, 0);
    build_u8(b, BINXML_FRAGMENT);
    build_int(b, 0x000101, 3);
    return definition;
}

static inline void build_definition_end(struct build *b, size_t definition)
{
    build_u8(b, BINXML_EOF);
    build_at(b, definition + 20, b->at - definition - 24, 4);
}

static inline void build_record(struct build *b)
{
    b->record = b->at;
    b->last_id++;
    build_u32(b, 0x2A2A);
    build_u32(b, 0);
    build_int(b, b->last_id, 8);
    build_int(b, BUILD_TIME, 8);
    build_u8(b, BINXML_FRAGMENT);
    build_int(b, 0x000101, 3);
}

static inline void build_record_end(struct build *b)
{
    build_u8(b, BINXML_EOF);
    size_t size = (b->at - b->record + 4 + 7) / 8 * 8;
    b->at = b->record + size - 4;
    build_u32(b, size);
    build_at(b, b->record + 4, size, 4);
}

static inline void build_seal(struct build *b)
{
    memcpy(b->bytes, "ElfChnk", 8);
    build_at(b, 0x08, b->first_id, 8);
    build_at(b, 0x10, b->last_id, 8);
    build_at(b, 0x18, b->first_id, 8);
    build_at(b, 0x20, b->last_id, 8);
    build_at(b, 0x28, 128, 4);
    build_at(b, 0x2c, b->record, 4);
    build_at(b, 0x30, b->at, 4);
    build_at(b, 0x34, crc32(0, b->bytes + EVTX_CHUNK_HEADER, (uInt)(b->at - EVTX_CHUNK_HEADER)), 4);
    build_at(b, 0x78, 1, 4);
    uLong crc = crc32(0, b->bytes, 0x78);
    build_at(b, 0x7c, crc32(crc, b->bytes + 0x80, EVTX_CHUNK_HEADER - 0x80), 4);
}

/* A file header into 4096 bytes. */
static inline void build_file_header(uint8_t *out, unsigned chunks)
{
    memset(out, 0, EVTX_FILE_HEADER);
    memcpy(out, "ElfFile", 8);
    out[0x20] = 128;
    out[0x24] = 1;
    out[0x26] = 3;
    out[0x29] = 0x10;
    out[0x2a] = (uint8_t)chunks;
    uLong crc = crc32(0, out, 0x78);
    for (size_t i = 0; i < 4; i++)
        out[0x7c + i] = (uint8_t)(crc >> (8 * i));
}

#endif
