/*
 * stats_form.h - what was counted, as text with bars, CSV or JSON.
 *
 * Shape:   a table is a tally made of one of those that were counted.  Text shows the first rows of each, CSV and JSON
 *          all of them.  CSV has one table.
 * Safety:  names pass the escape function of their form.
 * Owns:    nothing; it appends to the buffer, and works in the arena given.
 */
#ifndef EVSCAN_STATS_STATS_FORM_H
#define EVSCAN_STATS_STATS_FORM_H

#include "stats/stats.h"

struct stats_table {
    const char *title; /* of text */
    const struct tally *of;
    unsigned parts;    /* TALLY_BY of those of `of` */
};

struct stats_report {
    const char *version;
    const struct stats *stats;
    const struct partial *partial;
    const struct stats_table *tables;
    size_t table_count;
    const struct zone *zone;
    const char *zone_name; /* as it was asked for */
    unsigned width;        /* columns of text, at least 40 */
    bool interrupted;      /* not all was read; JSON says so in a member, text in the words of whoever prints it */
    uint64_t top;          /* rows of a table; UINT64_MAX: all of them */
};

void stats_text(const struct stats_report *r, struct arena *arena, struct buf *out);
void stats_csv(const struct stats_report *r, struct arena *arena, struct buf *out);
void stats_json(const struct stats_report *r, struct arena *arena, struct buf *out);

/* In the order of enum tally_part: "node", "channel" .. ; ends with NULL. */
extern const char *const stats_part_names[TALLY_PARTS + 1];

/* The rows of a table, in order. */
void stats_table_make(const struct stats_table *table, struct arena *arena, struct tally *ret);

/* "1999-04-11 22:00" by its length: with the hour, the day or the month.  `out` has TIME_ISO_ROOM bytes. */
struct text stats_span(unsigned parts, uint64_t start, char *out);

#endif
