/*
 * catalog.h - the sentences of events: a record stores values only, the sentence stands elsewhere.
 *
 * Shape:   rules/catalog/ holds YAML documents of two kinds.
 *
 *              provider: ClusSvc                   parameters: system
 *              parameters: system                  texts:
 *              messages:                             5: [ERROR_ACCESS_DENIED, access is denied]
 *                1069: Resource '%1' failed.         6: ERROR_INVALID_HANDLE
 *                1071: [.. %3 .., .. %1 ..]          1537: DELETE
 *
 *          messages: event ID -> template; of several the first for which the event has enough values.  %1 is the
 *          first value, %% a percent sign.  parameters: whose numbers a value %%5 of this provider means; without it
 *          such a value is text of users and stays.  texts: number -> name, words, or both.  A provider has one
 *          document.
 * Owns:    everything that was loaded, until catalog_free.
 * Threads: const once it is loaded; shared by all.
 */
#ifndef EVSCAN_CATALOG_CATALOG_H
#define EVSCAN_CATALOG_CATALOG_H

#include "base/buf.h"
#include "event/event.h"
#include "yaml/yaml_tree.h"

struct catalog;

struct catalog *catalog_new(void);
void catalog_free(struct catalog *c);

/* Adds the documents of one file, whose tree may die afterwards; what is wrong in it is told in `diags`. */
void catalog_add(struct catalog *c, const struct yaml_file *file, struct diags *diags);

/* Call once when all files are added: only then anything is found. */
void catalog_finish(struct catalog *c);

/*
 * Appends the sentence of an event: what a collector rendered where it happened, else the template with the event's
 * values in it.  False, with nothing appended, when there is none.
 */
bool catalog_message(const struct catalog *c, const struct event *e, struct buf *out);

/* The templates of an event's sentence as they stand in the files; `*count` 0 when there is none. */
const struct text *catalog_templates(const struct catalog *c, struct text provider, uint32_t id, size_t *count);

/* Calls `visit` with each template there is. */
void catalog_each_template(const struct catalog *c, void (*visit)(void *ctx, struct text t), void *ctx);

/* Calls `visit` with every number that a reference can have and each of its texts: words and names. */
void catalog_each_reference(const struct catalog *c, void (*visit)(void *ctx, uint32_t number, struct text t),
                            void *ctx);

/*
 * Appends the value with its references (%%1753) resolved.  Those that are not known, or not of this provider, stay.
 * True when any was resolved.
 */
bool catalog_value(const struct catalog *c, const struct event *e, struct text value, struct buf *out);

#endif
