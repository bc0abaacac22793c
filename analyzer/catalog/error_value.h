/*
 * error_value.h - which values of an event are error codes, and what they are called.
 *
 * Shape:   `%%1117` is one wherever it stands, within a text as well, and so is a number of 32 bits that only an HRESULT or
 *          an NTSTATUS looks like; any other number is one when it is the whole value and the value's own name or what the
 *          guide says of its place speaks of an error, a status or a code.  Then there is the data: error_data.h.
 *          Providers whose %% are words (the Security log) or whose small numbers are their own (Kerberos) are left out.
 * Owns:    nothing: texts are borrowed from the event and the catalog.
 */
#ifndef EVSCAN_CATALOG_ERROR_VALUE_H
#define EVSCAN_CATALOG_ERROR_VALUE_H

#include "catalog/error_code.h"
#include "catalog/guide.h"
#include "event/event.h"

#define ERROR_VALUES 4 /* of one event: more than any that is known */

struct error_value {
    struct text value; /* as it stands in the event, of a longer text or of data the part that is the code */
    struct error_code error;
    bool in_data;      /* hex digits of bytes, which reports do not print otherwise */
};

/* Each error once; no more than ERROR_VALUES. */
size_t error_values_find(const struct catalog *c, const struct guide *g, const struct event *e, struct error_value *ret);

#endif
