/*
 * source.h - log sources: which events a rule's `logsource` lets it see.
 *
 * Shape:   a service is a set of channels; a category is a set of (channels, event IDs), sometimes with a
 * test of one field, and sometimes the built-in event that says the same in other words (event_view). Source:
 * Sigma taxonomy appendix and pySigma's Windows pipelines; channel names as Windows writes them.  Tables in
 * source_table.c, listed in evscan-rules(5).
 */
#ifndef EVSCAN_RULE_SOURCE_H
#define EVSCAN_RULE_SOURCE_H

#include "event/event.h"

/* Built-in events read in the vocabulary of Sysmon (match/view.c). */
enum event_view {
    VIEW_NONE,
    VIEW_PROCESS,      /* Security 4688 */
    VIEW_REGISTRY,     /* Security 4657 */
    VIEW_REGISTRY_ADD, /* same; a new value is a CreateKey */
    VIEW_NETWORK,      /* Security 5156 */
    VIEW_ANTIVIRUS,    /* Windows Defender */
};
#define VIEW_COUNT 6

/* What a field must say besides; "" fields are not tested. */
struct source_field_test {
    const char *field;
    const char *starts; /* alternatives, separated by blanks, each a beginning of the value */
};

#define SOURCE_IDS 16

struct source_entry {
    const char *channels; /* separated by ';', a final '*' stands for any rest; NULL: tested by provider */
    const char *provider;
    uint32_t ids[SOURCE_IDS]; /* up to the first 0; none: every ID */
    struct source_field_test test;
};

#define SOURCE_ENTRIES 2

struct source_row {
    const char *name;
    struct source_entry entries[SOURCE_ENTRIES]; /* any of them */
    enum event_view view;
};

/* A rule's log source: both must accept; NULL accepts all. */
struct source {
    const struct source_row *category, *service;
};

/* NULL when there is none of this name; without case. */
const struct source_row *source_find_category(struct text name);
const struct source_row *source_find_service(struct text name);

/*
 * False when no event with this key can be of that source.  A log of unknown channel (an .evt file that was
 * renamed) may be any log whose name has no slash: the only ones that .evt files were written for.
 */
bool source_accepts_key(const struct source_entry *entry, const struct event_key *key);

/* The event IDs that the source allows, appended to `ids` (room for 2 * SOURCE_IDS); false when it allows
 * all. */
bool source_ids(const struct source *source, uint32_t *ids, size_t *count);

#endif
