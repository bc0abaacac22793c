/*
 * yaml_store.h - trees of YAML files that were read before, so that they need not be parsed again.
 *
 * Shape:   an image holds, for each file, the hash of its path, its whole source and its tree (yaml/yaml_pack.h).  A tree is
 *          given out for exactly the source that it was made from, compared byte by byte: nothing in a store can be
 *          stale.  What was asked for or added makes the next image.
 * Source:  parsing the shipped articles and rules takes half of the time of loading them (tests/bench/LAB.md).
 * Owns:    everything lives in the arena of yaml_store_new; the image must live as long.
 * Errors:  an image that is damaged, or of another program, is a store that is empty.
 * Threads: one at a time.
 */
#ifndef EVSCAN_YAML_YAML_STORE_H
#define EVSCAN_YAML_YAML_STORE_H

#include "yaml/yaml_tree.h"

struct yaml_store;

/* `stamp` tells one build of the program from another. */
struct yaml_store *yaml_store_new(struct arena *arena, struct bytes image, uint64_t stamp);

/* Paths below this folder are known without it: what was stored holds wherever the folder moves. */
void yaml_store_root(struct yaml_store *store, struct text root);

/* True when nothing was in the image, or nothing of use. */
bool yaml_store_is_empty(const struct yaml_store *store);

/* True when a file was asked for that was not in the image. */
bool yaml_store_lacked(const struct yaml_store *store);

/* Like yaml_parse, with the store; NULL is none.  Only files without mistakes are kept. */
bool yaml_store_parse(struct yaml_store *store, struct arena *arena, struct text path, struct text source,
                      struct diags *diags, struct yaml_file *ret);

/* True when the files asked for are not those of the image, so that writing one is worth it. */
bool yaml_store_changed(const struct yaml_store *store);

/* Bytes of their sources. */
size_t yaml_store_size(const struct yaml_store *store);

/* Appends the next image. */
void yaml_store_write(const struct yaml_store *store, struct buf *out);

#endif
