/*
 * event_system.h - the members of System: which element or attribute of an event's XML is which.
 *
 * Source:  the event schema of Windows; used by every reader that meets System as XML, binary or written out.
 */
#ifndef EVSCAN_EVENT_EVENT_SYSTEM_H
#define EVSCAN_EVENT_EVENT_SYSTEM_H

#include "event/event.h"

enum system_member {
    SYSTEM_PROVIDER,
    SYSTEM_EVENT_ID,
    SYSTEM_LEVEL,
    SYSTEM_TIME,
    SYSTEM_RECORD_ID,
    SYSTEM_CHANNEL,
    SYSTEM_COMPUTER,
    SYSTEM_KEY_MEMBERS, /* those before are in struct event_key */
    SYSTEM_QUALIFIERS = SYSTEM_KEY_MEMBERS,
    SYSTEM_TASK,
    SYSTEM_KEYWORDS,
    SYSTEM_USER,
    SYSTEM_OTHER, /* a field of its own */
};

/* Of the key: texts, which may be left out of a brief one. */
static inline bool system_is_key_text(enum system_member member)
{
    return member == SYSTEM_PROVIDER || member == SYSTEM_CHANNEL || member == SYSTEM_COMPUTER;
}

/* The member that an element below System, or one of its attributes, is; `attribute` "" is the content. */
enum system_member system_member(struct text element, struct text attribute);

/* Puts a text into a member of the key (below SYSTEM_KEY_MEMBERS).  False when it does not fit there. */
bool system_key_set(struct event_key *key, enum system_member member, struct text value);

/*
 * Puts a text into a member of the event.  False when it does not fit there (a number that is none): it is then a
 * field like others.
 */
bool system_set(struct event *e, enum system_member member, struct text value);

/* What a key is before anything is known. */
struct event_key key_unknown(void);

#endif
