/*
 * one_record.h - an .evtx file of one chunk of one record, around BinXML of a target's own.
 */
#ifndef EVSCAN_TESTS_ONE_RECORD_H
#define EVSCAN_TESTS_ONE_RECORD_H

#include <string.h>

#include "base/bytes.h"

#define ONE_HEADER       4096u
#define ONE_CHUNK        65536u
#define ONE_FILE         (ONE_HEADER + ONE_CHUNK)
#define ONE_AT           512u /* of the record, in the chunk */
#define ONE_RECORD_HEAD  24u
#define ONE_BINXML_MOST  (ONE_CHUNK - ONE_AT - ONE_RECORD_HEAD - 4)
#define ONE_NO_CHECKSUMS 4u
#define ONE_WRITTEN      130000000000000000u /* 2012: records of no time are not believed */

static void one_put(uint8_t *to, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

/* Its bytes up to the end of the record: a reader has nothing to look through behind it.  `file` has ONE_FILE bytes. */
static struct bytes one_record(uint8_t *file, struct bytes binxml)
{
    uint8_t *chunk = file + ONE_HEADER, *record = chunk + ONE_AT;
    size_t size = ONE_RECORD_HEAD + binxml.n + 4;
    memset(file, 0, ONE_FILE);
    memcpy(file, "ElfFile", 8);
    one_put(file + 0x18, 2, 8);
    one_put(file + 0x20, 128, 4);
    one_put(file + 0x24, 0x00030001, 4);
    one_put(file + 0x28, ONE_HEADER, 2);
    one_put(file + 0x2a, 1, 2);
    memcpy(chunk, "ElfChnk", 8);
    for (size_t at = 8; at < 0x28; at += 8)
        one_put(chunk + at, 1, 8);
    one_put(chunk + 0x28, 128, 4);
    one_put(chunk + 0x2c, ONE_AT, 4);
    one_put(chunk + 0x30, ONE_AT + size, 4);
    one_put(chunk + 0x78, ONE_NO_CHECKSUMS, 4);
    one_put(record, 0x2a2a, 4);
    one_put(record + 4, size, 4);
    one_put(record + 8, 1, 8);
    one_put(record + 16, ONE_WRITTEN, 8);
    memcpy(record + ONE_RECORD_HEAD, binxml.p, binxml.n);
    one_put(record + size - 4, size, 4);
    return (struct bytes){ file, ONE_HEADER + ONE_AT + size };
}

#endif
