/*
 * yaml_pack.h - the tree of a YAML file as bytes, and back.
 *
 * Shape:   u32 documents, u32 nodes, u32 bytes of texts; the nodes, 24 bytes each, every one before what is in it,
 *          key and value in turns; the texts that do not stand in the source as they are (escapes, folded lines).
 *          Little-endian.
 * Owns:    the tree lives in the arena given and points into the bytes and into the source.
 * Limits:  those of yaml_tree.h; packed bytes are trusted in nothing, and memory is bounded by their number.
 */
#ifndef EVSCAN_YAML_YAML_PACK_H
#define EVSCAN_YAML_YAML_PACK_H

#include "yaml/yaml_tree.h"

/* Appends the tree of a file without mistakes. */
void yaml_pack(const struct yaml_file *file, struct buf *out);

/* The tree of the file whose path and source stand in `file`.  False, and no documents, when the bytes are not sound. */
bool yaml_unpack(struct arena *arena, struct bytes packed, struct yaml_file *file) MUST_USE;

#endif
