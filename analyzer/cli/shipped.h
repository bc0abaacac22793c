/*
 * shipped.h - where the shipped rules lie, and what is known of events beside them.
 *
 * Shape:   they lie in ../share/evscan/rules seen from the program, or, when it runs from its build folder, in the
 *          source tree (a link that the build makes).  The files of trees lie beside them, in a build folder beside
 *          the program.
 */
#ifndef EVSCAN_CLI_SHIPPED_H
#define EVSCAN_CLI_SHIPPED_H

#include "catalog/catalog.h"
#include "catalog/guide.h"
#include "cli/cache.h"

/* The folder of the shipped rules; NULL when it is nowhere. */
const char *shipped_folder(struct arena *arena);

/* The file of trees `name`, whether it is there or not. */
const char *shipped_trees(struct arena *arena, const char *name);

/* The cache of the shipped files in `root`, or, when `pack` is a folder, the file of trees that is made there. */
void shipped_cache_open(struct arena *arena, const char *root, const char *trees, const char *pack, struct cache *ret);

/* A file of the shipped rules' folder `root` that says what events mean, and holds no rules. */
bool shipped_is_of_events(const char *root, const char *path);

/* The same of files that came from elsewhere, as they are read. */
bool shipped_events_document(const struct yaml_node *document);

/*
 * The shipped sentences of events (catalog_free).  Mistakes in them are told in `diags`; without the folder the catalog
 * knows nothing, and events are shown by their values.
 */
struct catalog *shipped_catalog(struct arena *arena, struct diags *diags);

/* Likewise what the events of clusters mean (guide_free). */
struct guide *shipped_guide(struct arena *arena, struct diags *diags);

/* Writes the trees of both, catalog.trees and explain.trees, into `folder`; false when that failed. */
bool shipped_events_pack(struct arena *arena, const char *folder, struct diags *diags) MUST_USE;

#endif
