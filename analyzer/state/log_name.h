/*
 * log_name.h - what a log is called whose records do not name their channel: after its file, but for the day of the export.
 *
 * Shape:   "exports/NODE1-2026-11-20.evt"    "NODE1-*.evt"      the same log as that of the day after
 *          "node1/sys/20261120_0200.evt"     "sys/" "*.evt"     nothing else is left of the name: its folder as well
 *          "exports/NODE1.evt"               "NODE1.evt"
 *          A day is YYYYMMDD, or year, month and day (or day, month, year) with '-', '_' or '.' in between; a time of day
 *          may follow.  Other numbers stay: log1.evt and log2.evt may be two logs.
 */
#ifndef EVSCAN_STATE_LOG_NAME_H
#define EVSCAN_STATE_LOG_NAME_H

#include "base/arena.h"

/* In the arena, or part of `path`. */
struct text log_name_of_file(struct arena *arena, const char *path);

/* A number for a file and those of other days that have its name, folder and all; never 0. */
uint64_t log_file_key(const char *path);

/* Whether a name is one that log_name_of_file gave: a channel of Windows has no such. */
bool log_name_is_of_file(struct text name);

#endif
