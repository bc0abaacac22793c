/*
 * guide.h - what the events of clusters mean to people: causes, next steps, values, what stands beside them.
 *
 * Shape:   rules/explain/ holds YAML documents, one a provider: `provider`, `names`, `guid`, and `events`, a map from event
 *          ID to what man/evscan-catalog.5 lists under "Meanings".
 * Owns:    everything that was loaded, until guide_free.
 * Threads: const once it is loaded; shared by all.
 */
#ifndef EVSCAN_CATALOG_GUIDE_H
#define EVSCAN_CATALOG_GUIDE_H

#include "yaml/yaml_tree.h"

struct texts {
    const struct text *items;
    size_t count;
};

struct guide_event {
    struct text provider, guid; /* guid may be "", and so may all texts below but `means` */
    struct texts names;         /* by which the provider is called as well */
    struct texts sources;       /* other providers that write the same event: drivers of the cluster service */
    uint32_t id;
    struct text symbol, channel, level, windows;
    struct texts fields; /* of %1, %2 .. */
    bool confirmed;      /* their names, and for classic events that they are there */
    struct text means, note;
    struct texts causes, next, beside, published;
};

struct guide;

struct guide *guide_new(void);
void guide_free(struct guide *g);

/* Adds the documents of one file, whose tree may die afterwards; what is wrong in it is told in `diags`. */
void guide_add(struct guide *g, const struct yaml_file *file, struct diags *diags);

/* Call once when all files are added: sorts by provider (without case) and ID. */
void guide_finish(struct guide *g);

size_t guide_count(const struct guide *g);
const struct guide_event *guide_event(const struct guide *g, size_t index);

/* Is that its provider, by any of its names, with Microsoft-Windows- in front or without? */
bool guide_event_is_of(const struct guide_event *e, struct text name);

/* By provider (without case) and ID; NULL when nothing is said of it. */
const struct guide_event *guide_find(const struct guide *g, struct text provider, uint32_t id);

#endif
