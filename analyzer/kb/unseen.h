/*
 * unseen.h - nodes that events name and whose log is not there.
 *
 * Source:  rules/explain: which fields of the cluster service's events hold the name of a node; and the roles of
 *          articles.
 * Owns:    the list lives in the arena; names are borrowed from the events.
 * Limits:  LIMIT_CAST nodes, the first ones.
 */
#ifndef EVSCAN_KB_UNSEEN_H
#define EVSCAN_KB_UNSEEN_H

#include "kb/evidence.h"

struct unseen {
    struct arena *arena;
    const struct timeline *timeline;
    struct unseen_node *items;
    size_t count, capacity;
};

/* Was it written by the cluster service, of either generation? */
bool event_is_of_cluster(const struct event *e);

/* Those that events of the cluster service name, whatever rule they match. */
void unseen_events(struct unseen *u);

/* Those that play a role. */
void unseen_episode(struct unseen *u, const struct episode *e);

#endif
