/*
 * episodes.h - when and where an article could apply, and which of these times are one incident.
 *
 * Shape:   anchors -> episodes (one node, within the window of the article) -> verdict of each
 *          -> incidents (several nodes, same time) -> groups (incidents that share the thing that the article is
 *          about or the node in trouble, or, where that is not known, a node: it happened again)
 * Owns:    everything lives in the arena given.
 */
#ifndef EVSCAN_KB_EPISODES_H
#define EVSCAN_KB_EPISODES_H

#include "kb/evidence.h"

struct episodes {
    struct episode *items; /* by node and time */
    size_t count;
};

/* All episodes of the article, judged. */
struct episodes episodes_find(struct arena *arena, struct hearing *hearing, const struct article *article);

/* How sure its verdict is.  No more than possible when a need stands in a log that was not given; no more than likely when
 * what would speak against it could not be seen. */
enum confidence episode_confidence(const struct episode *e);

/* What comes nearer to a diagnosis, or `b` is NULL; of equals the earlier one, which the order of episodes does not give. */
bool episode_is_nearer(const struct episode *a, const struct episode *b);

/* What becomes one diagnosis. */
struct episode_group {
    const struct episode *best;            /* most points, of equals the earliest */
    const struct episode *const *episodes; /* of the incident that `best` belongs to, by time */
    size_t episode_count;
    const struct episode *const *last;     /* of the latest incident, which may be the same one; by time */
    size_t last_count;
    const struct episode *const *all;      /* of all incidents, by time */
    size_t all_count;
    size_t incidents;
    const uint64_t *begins;                /* of each: its first anchor; by time */
    uint64_t first_seen, last_seen;        /* anchors of all incidents */
    const struct node **nodes;             /* that have an anchor in the group, by name */
    size_t node_count;
    const struct episodes *judged;         /* all of the article, those that are not possible included */
};

struct episode_groups {
    struct episode_group *items;
    size_t count;
};

/* All needs were there on another system than the article is about, and nothing spoke against it. */
bool episode_is_elsewhere(const struct episode *e);

/* Groups those episodes that are `possible` at least; they are some of `judged`, or all. */
struct episode_groups episodes_group(struct arena *arena, const struct timeline *t, const struct episodes *episodes,
                                     const struct episodes *judged);

#endif
