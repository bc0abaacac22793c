/*
 * event_fields.h - which fields the events have that categories are about: those of Sysmon, and the audit events that
 * are seen as such.  For `rules check`.
 *
 * Source:  the manifest of Sysmon (schema 4.90, and what older ones wrote besides), Microsoft's pages on the audit
 *          events; all fields of such events in 181 real logs are among them (tests/rules/fields.py).
 */
#ifndef EVSCAN_RULE_EVENT_FIELDS_H
#define EVSCAN_RULE_EVENT_FIELDS_H

#include "base/bytes.h"

struct event_fields {
    const char *channel;
    const char *source; /* as people call it */
    uint32_t id;
    const char *names; /* separated by blanks */
};

extern const struct event_fields event_fields_known[];
extern const size_t event_fields_count;

/* NULL when its fields are not known. */
const struct event_fields *event_fields_find(struct text channel, uint32_t id);

/* The next name behind `*rest`, which moves on; "" at the end. */
struct text event_fields_next(struct text *rest);

/* `bare`: ASCII lower case, without blanks and underscores. */
bool event_fields_has(const struct event_fields *e, struct text bare);

#endif
