/*
 * pairing.h - two events side by side: which of their members and fields differ.
 *
 * Shape:   members of System first, each with its twin; then the fields in document order.  Where the names part, the
 *          pairing goes on at the nearest field that both have.
 * Markup:  where evscan has a value that holds markup and libyal something else, the value is parsed as the library's
 *          output was: the same fields then are one known difference.
 * Owns:    the list lives in the arena.
 * Limits:  LOOK_AHEAD fields are looked at where the names part.
 */
#ifndef EVSCAN_COMPARE_PAIRING_H
#define EVSCAN_COMPARE_PAIRING_H

#include "compare/compare.h"
#include "libyal/libyal_xml.h"

struct pairing {
    struct arena *arena;
    struct libyal_xml *xml;
    bool classic; /* records of an .evt log */
    bool early;   /* with a SID: libyal may have mistaken the place of their data */
    struct compare_difference *items;
    size_t count, capacity;
    size_t unexplained; /* of them */
};

/* `p` holds arena, xml and classic; the list is made. */
void pairing_make(struct pairing *p, const struct event *native, const struct event *libyal);

#endif
