/*
 * cache.h - the trees of rule files (yaml/yaml_store.h), kept from one run to the next.
 *
 * Shape:   a file for each folder of rules, in $EVSCAN_CACHE, else $XDG_CACHE_HOME/evscan, else ~/.cache/evscan.  An
 *          empty EVSCAN_CACHE means none.  A file of somebody else, or that others may write to, is not looked at.
 *          Where there is none yet, the trees that were made when evscan was built serve, and then nothing is written
 *          unless a file was changed since.
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_CACHE_BYTES, LIMIT_CACHE_FILES; small folders are parsed sooner than remembered.
 * Errors:  none: what cannot be read or written costs time only.  Trees that were asked for (cache_pack) are the
 *          exception.
 */
#ifndef EVSCAN_CLI_CACHE_H
#define EVSCAN_CLI_CACHE_H

#include "yaml/yaml_store.h"

struct cache {
    struct yaml_store *store; /* NULL: no cache */
    const char *folder, *path; /* NULL: nothing is written */
    const char *pack;          /* the file of trees that is made; NULL: none */
    bool shipped;              /* the trees came with evscan */
};

/* The cache of the rules in `root`; `shipped` is the file of trees that came with them, or NULL. */
void cache_open(struct arena *arena, const char *root, const char *shipped, struct cache *ret);

/* An empty one, which cache_close writes to the file `path`. */
void cache_pack(struct arena *arena, const char *root, const char *path, struct cache *ret);

/* The documents of a file; false, told in `diags`, when it cannot be read or is no YAML. */
bool cache_read(struct arena *arena, const struct cache *c, const char *path, struct diags *diags,
                struct yaml_file *ret) MUST_USE;

/* Writes what the next run will want; call when all files are read.  False when a pack was not written. */
bool cache_close(struct arena *arena, const struct cache *c);

#endif
