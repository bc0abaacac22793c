/*
 * event_fields.h - which fields events have: those of Sysmon, of the audit log, and some of the System log.  For
 * `rules check`, which is given those of cluster events besides (ruleset_know_events).
 *
 * Source:  the manifest of Sysmon (schema 4.90, and what older ones wrote besides), Microsoft's pages on the audit
 *          events, with what newer versions of an event add; all fields of such events in 181 real logs are among them
 *          (tests/rules/fields.py).
 */
#ifndef EVSCAN_RULE_EVENT_FIELDS_H
#define EVSCAN_RULE_EVENT_FIELDS_H

#include "base/attr.h"
#include "base/bytes.h"

struct event_fields {
    const char *channel, *provider;
    const char *source; /* as people call it */
    uint32_t id;
    bool alone;         /* nobody else writes this ID to the channel: it tells the provider */
    const char *names;  /* separated by blanks; of a name with blanks without these */
};

extern const struct event_fields event_fields_known[];
extern const size_t event_fields_count;

/* Of an event of which only the channel is known.  NULL when its fields, or who writes it, are not. */
const struct event_fields *event_fields_of_channel(struct text channel, uint32_t id);

/* In a list; NULL when it is not there. */
const struct event_fields *event_fields_of_provider(const struct event_fields *items, size_t count, struct text provider,
                                                    uint32_t id);

/* The next name behind `*rest`, which moves on; "" at the end. */
struct text event_fields_next(struct text *rest);

/* Without case, blanks and underscores, as rules name fields. */
bool event_fields_has(const struct event_fields *e, struct text name);

#endif
