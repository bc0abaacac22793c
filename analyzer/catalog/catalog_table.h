/*
 * catalog_table.h - what a catalog looks like inside; for the files of this room.
 */
#ifndef EVSCAN_CATALOG_CATALOG_TABLE_H
#define EVSCAN_CATALOG_CATALOG_TABLE_H

#include "catalog/catalog.h"

enum parameter_table { PARAMETERS_NONE, PARAMETERS_SYSTEM, PARAMETERS_AUDIT, PARAMETER_TABLES };

struct catalog_provider {
    struct text name;
    enum parameter_table parameters;
};

struct catalog_entry {
    uint64_t key;              /* provider's index << 32 | event ID; or the number of a parameter */
    const struct text *texts;  /* variants; or the name (may be "") and the words (may be "") */
    size_t count;
};

struct catalog_table {
    struct catalog_entry *items; /* by key, once finished */
    size_t count, capacity;
};

struct catalog {
    struct arena arena;
    struct catalog_provider *providers;
    size_t provider_count, provider_capacity;
    struct catalog_table messages;
    struct catalog_table parameters[PARAMETER_TABLES];
};

/* By its name, without ASCII case; NULL when there is none. */
const struct catalog_provider *catalog_provider_find(const struct catalog *c, struct text name);

/* NULL when there is none. */
const struct catalog_entry *catalog_find(const struct catalog_table *t, uint64_t key);

#endif
