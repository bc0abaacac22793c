/*
 * config_outputs.h - the files that reports of several clusters go to.  In one file for two each night the last of them would
 * replace the other.
 *
 * Limits: n log n in the outputs of all clusters.
 */
#ifndef EVSCAN_CLI_CONFIG_OUTPUTS_H
#define EVSCAN_CLI_CONFIG_OUTPUTS_H

#include "cli/config.h"

/* A path that two runs write to. */
struct output_clash {
    const char *path;
    size_t first, second; /* places of the runs */
};

/* False when there is none; else one. */
bool config_outputs_clash(struct arena *arena, const struct config *config, struct output_clash *ret);

/* `%c` in the paths of --output stands for the name of the cluster, in which a slash becomes `_`: it is one name. */
void config_outputs_name(struct arena *arena, struct config_run *run);

/* The path of FORMAT:PATH; NULL: that goes to no file. */
const char *output_path(const char *given);

#endif
