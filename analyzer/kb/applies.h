/*
 * applies.h - is an article about the system that a node runs?
 */
#ifndef EVSCAN_KB_APPLIES_H
#define EVSCAN_KB_APPLIES_H

#include "kb/article.h"

enum applies_fit {
    APPLIES_ANY,     /* the article is about all systems */
    APPLIES_YES,
    APPLIES_NO,
    APPLIES_UNKNOWN, /* the node does not say, or not exactly enough */
};

/* To what the node says that it runs at that time; where it does not say, to what its logs leave open. */
enum applies_fit applies_to(const struct article *a, const struct node *node, uint64_t time);

/* Why applies_to says APPLIES_NO of a node that does not say what it runs. */
struct text applies_generation(const struct node *node);

/* Is it about all systems that write logs of that format (.evt up to Windows Server 2003, .evtx since)? */
bool applies_to_all_of(const struct article *a, struct text format);

/* "Windows NT 4.0 Service Pack 4 to 6 or Windows 2000" */
struct text applies_text(struct arena *arena, const struct article *a);

#endif
