/*
 * partial_form.h - what partial_pack.c and partial_unpack.c agree upon.
 */
#ifndef EVSCAN_FINDING_PARTIAL_FORM_H
#define EVSCAN_FINDING_PARTIAL_FORM_H

#include <stddef.h>

/* The number counts changes of the form.  It stands behind the name, so that a later version is known as one. */
#define PARTIAL_NAME     "evscan partial "
#define PARTIAL_NAME_N   15
#define PARTIAL_VERSION_IS '5'

#define PARTIAL_HEAD     32 /* name, version, fingerprint, bytes of the content */
#define PARTIAL_CHECKSUM 4

/* Texts that are given a number: the first ones.  Others are put whole each time, which deflate makes up for. */
#define PARTIAL_TEXTS 65536u

/* The numbers of an account, in their order in the form. */
#define PARTIAL_ACCOUNT(X) \
    X(promised) X(decoded) X(partial) X(lost) X(recovered) X(duplicates) X(skipped_bytes) X(first) X(last)

/* The numbers of what is known record by record (finding/coverage.h). */
#define PARTIAL_RUN(X)   X(first_id) X(last_id) X(records) X(first) X(last) X(opens) X(newest)
#define PARTIAL_START(X) X(id) X(time) X(before)
#define PARTIAL_STEP(X)  X(id) X(before) X(after)

#endif
