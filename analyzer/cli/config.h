/*
 * config.h - the configuration file: clusters by name with their folders, and options.  It says nothing that a command line
 * cannot say: what is read is command lines, one for each cluster.
 *
 * Source:  evscan.conf(5).
 * Owns:    everything lives in the arena given.
 * Limits:  those of YAML (yaml/yaml_tree.h); LIMIT_CONFIG_CLUSTERS, LIMIT_CONFIG_WORDS for each.
 */
#ifndef EVSCAN_CLI_CONFIG_H
#define EVSCAN_CLI_CONFIG_H

#include "cli/page.h"
#include "yaml/yaml_tree.h"

#define CONFIG_FILE "/etc/evscan/evscan.conf"

struct config_run {
    struct text cluster;        /* "" when the file names none */
    struct option_list options; /* "--state=/var/lib/evscan"; those for all clusters first */
    struct option_list folders;
};

struct config {
    struct config_run *runs; /* in the order of the file; one, when it names no clusters */
    size_t count;
};

/* `page` says which options there are.  False when there are mistakes, which are in `diags`. */
bool config_read(struct arena *arena, const char *path, const struct page *page, struct diags *diags,
                 struct config *ret);

/* The same of a file that is parsed. */
bool config_take(struct arena *arena, const struct yaml_file *file, const struct page *page, struct diags *diags,
                 struct config *ret);

/*
 * argv with the options of the run in front, so that the command line has the last word, and the folders behind it.
 * Ends with NULL.
 */
struct option_list config_line(struct arena *arena, const struct config_run *run, int argc, char **argv, bool folders);

#endif
