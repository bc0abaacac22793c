/*
 * report_file.h - a JSON report of an earlier run (evscan --format json), as a tree.
 *
 * Source:  report/report.schema.json.  JSON is read as the YAML that it is, with the limits of yaml/yaml_tree.h: size,
 *          depth and number of values are bounded, and mistakes are told with their line.
 * Owns:    everything lives in the arena given.
 */
#ifndef EVSCAN_CLI_REPORT_FILE_H
#define EVSCAN_CLI_REPORT_FILE_H

#include "yaml/yaml_tree.h"

/* 0, or the exit status when it is no report, which is then said on standard error. */
int report_file_read(struct arena *arena, const char *path, const struct yaml_node **ret);

/* What may be missing in a report of another version: "" and an empty list then. */
struct text report_file_text(const struct yaml_node *map, const char *key);
const struct yaml_node *report_file_list(const struct yaml_node *map, const char *key);

#endif
