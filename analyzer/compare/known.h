/*
 * known.h - how libyal's texts are known to differ from evscan's, and why: the one table of it.
 *
 * evscan writes values as the newest Windows does.
 */
#ifndef EVSCAN_COMPARE_KNOWN_H
#define EVSCAN_COMPARE_KNOWN_H

#include "base/bytes.h"

enum known_difference {
    KNOWN_GUID_CASE,
    KNOWN_HEX_PADDED,
    KNOWN_TIME_DIGITS,
    KNOWN_SIZE_DECIMAL,
    KNOWN_NEGATIVE,
    KNOWN_REAL,
    KNOWN_HALVES,
    KNOWN_ATTRIBUTE_BLANKS,
    KNOWN_BLANK_TEXT,
    KNOWN_LONE_SURROGATE,
    KNOWN_SUPPLEMENTARY,
    KNOWN_BYTE_ORDER_MARK,
    KNOWN_ANSI_HOLE,
    KNOWN_SID_AUTHORITY,
    KNOWN_RAW_MARKUP,   /* these are found by the pairing: they are not about two values */
    KNOWN_NO_RENDERING,
    KNOWN_PADDING,
    KNOWN_DATA_EARLY,
    KNOWN_DIFFERENCES,
    KNOWN_NONE = KNOWN_DIFFERENCES
};

/* The first known difference that explains two texts that are not equal. */
enum known_difference known_difference(struct text native, struct text libyal);

const char *known_name(enum known_difference known);   /* "guid-case" */
const char *known_reason(enum known_difference known); /* a sentence */

#endif
