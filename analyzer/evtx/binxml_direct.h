/*
 * binxml_direct.h - a stream that stands in the record itself, taken apart into a template and values.
 *
 * Shape:   forwarded events, and some payloads, come without a template; but those of one kind differ in their texts
 *          only.  With the texts taken out as values what is left is the same for all of them, and shares a plan.
 * Texts:   those of content and attributes.  What Name attributes say stays in the template: members of JSON are named by
 *          it; and so does a text that ends in NUL, which a value would lose.
 * Owns:    all is in the arena given.
 */
#ifndef EVSCAN_EVTX_BINXML_DIRECT_H
#define EVSCAN_EVTX_BINXML_DIRECT_H

#include "evtx/binxml_value.h"

/*
 * `flat` is what flatten made.  `*rest` is the same with values for texts.  False: it has values or instances of
 * its own, and stays as it is.
 */
bool direct_split(struct arena *arena, struct bytes flat, struct bytes *rest, struct binxml_values *values) MUST_USE;

#endif
