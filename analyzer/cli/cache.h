/*
 * cache.h - the trees of rule files (yaml/yaml_store.h), kept from one run to the next.
 *
 * Shape:   a file for each folder of rules, in $EVSCAN_CACHE, else $XDG_CACHE_HOME/evscan, else ~/.cache/evscan.  An
 *          empty EVSCAN_CACHE means none.  A file of somebody else, or that others may write to, is not looked at.
 *          Where there is none yet, the trees that were made when evscan was built serve, and then nothing is written
 *          unless a file was changed since.
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_CACHE_BYTES, LIMIT_CACHE_FILES; small folders are parsed sooner than remembered.
 * Errors:  none: what cannot be read or written costs time only.
 */
#ifndef EVSCAN_CLI_CACHE_H
#define EVSCAN_CLI_CACHE_H

#include "yaml/yaml_store.h"

struct cache {
    struct yaml_store *store; /* NULL: no cache */
    const char *folder, *path; /* NULL: nothing is written */
    bool shipped;              /* the trees came with evscan */
};

/* The cache of the rules in `root`; `shipped` is the file of trees that came with them, or NULL. */
void cache_open(struct arena *arena, const char *root, const char *shipped, struct cache *ret);

/* An empty one; cache_pack_write makes a file of trees of it.  False when it cannot be written. */
void cache_pack(struct arena *arena, const char *root, struct cache *ret);
bool cache_pack_write(struct arena *arena, const struct cache *c, const char *path) MUST_USE;

/* Writes what the next run will want; call when all files are read. */
void cache_close(struct arena *arena, const struct cache *c);

#endif
