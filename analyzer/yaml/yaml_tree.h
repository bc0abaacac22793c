/*
 * yaml_tree.h - a YAML file as a tree that remembers where everything stood.
 *
 * Shape:   a file is a list of documents, a document a node: scalar, sequence or map, with line and column.
 *          Scalars keep their text and whether they were plain; what type a plain scalar has is said by
 *          yaml_scalar_type, by the profile of the Sigma digest (chapter 1.3), not by YAML 1.1.
 *          A byte order mark and CR-LF are accepted; a key stands once in a map and is a scalar.
 * Source:  libyaml's event parser; the only room that includes <yaml.h>.
 * Owns:    everything lives in the arena given.
 * Limits:  LIMIT_YAML_BYTES, LIMIT_YAML_NODES, LIMIT_YAML_DEPTH.  Anchors, aliases, tags and merge keys are errors.
 */
#ifndef EVSCAN_YAML_YAML_TREE_H
#define EVSCAN_YAML_YAML_TREE_H

#include "base/arena.h"
#include "yaml/diag.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAP };
enum yaml_type {
    YAML_TYPE_NULL,
    YAML_TYPE_BOOL,
    YAML_TYPE_INT,
    YAML_TYPE_FLOAT,
    YAML_TYPE_NOT_FINITE,
    YAML_TYPE_STRING,
};

struct yaml_node {
    enum yaml_kind kind;
    bool plain;                   /* scalar without quotes and not a block scalar */
    bool block;                   /* scalar in literal or folded style */
    struct text text;             /* scalar: value with YAML's escapes resolved; plain: the source spelling */
    uint32_t line, column;        /* from 1; columns are characters */
    size_t offset;                /* of its first byte in the source */
    size_t count;                 /* items of a sequence, entries of a map */
    struct yaml_node **items;     /* sequence: values; map: values */
    struct yaml_node **keys;      /* map: keys (always scalars); NULL in a sequence */
};

struct yaml_file {
    struct text path;   /* as it is named in diagnostics */
    struct text source; /* the whole text, for the line with the caret */
    struct yaml_node **documents;
    size_t count;       /* 0 after a syntax error: it costs the whole file */
};

/*
 * Parses `source` (kept, not copied).  Empty documents are left out.  Errors go to `diags` with class "yaml" and
 * give a file without documents; false then.
 */
bool yaml_parse(struct arena *arena, struct text path, struct text source, struct diags *diags,
                struct yaml_file *ret);

/* A file of this name is YAML: .yaml or .yml. */
bool yaml_is_named(const char *path);

/* Reads the file into path and source of `ret`; false after a diagnostic. */
bool yaml_source_read(struct arena *arena, const char *path, struct diags *diags, struct yaml_file *ret);

/* Reads the file and parses it. */
bool yaml_read(struct arena *arena, const char *path, struct diags *diags, struct yaml_file *ret);

/* The value of a key of a map; NULL when the node is no map or has no such key. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Quoted and block scalars are strings whatever they spell. */
enum yaml_type yaml_scalar_type(const struct yaml_node *scalar);

/*
 * Where byte `offset` of a scalar's value stood in the source.  Exact for scalars on one line and for literal
 * blocks; the start of the scalar where folding hides it.
 */
size_t yaml_source_offset(const struct yaml_file *file, const struct yaml_node *scalar, size_t offset);

#endif
