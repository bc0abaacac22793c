/*
 * config_outputs.h - reports of several clusters that go to one file: each night the last of them would replace the others.
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

/* The path of FORMAT:PATH; NULL: that goes to no file. */
const char *output_path(const char *given);

#endif
