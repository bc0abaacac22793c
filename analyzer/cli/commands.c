#include "cli/cmd.h"

#include <stddef.h>

/* In the order in which help names them. */
const struct command commands[] = {
    { "scan", cmd_scan, &scan_page },
    { "show", cmd_show, &show_page },
    { "search", cmd_search, &search_page },
    { "timeline", cmd_timeline, &timeline_page },
    { "stats", cmd_stats, &stats_page },
    { "explain", cmd_explain, &explain_page },
    { "kb", cmd_kb, &kb_page },
    { "rules", cmd_rules, &rules_page },
    { "compare", cmd_compare, &compare_page },
    { "merge", cmd_merge, &merge_page },
    { "state", cmd_state, &state_page },
    { "diff", cmd_diff, &diff_page },
    { "verify", cmd_verify, &verify_page },
    { "completion", cmd_completion, &completion_page },
    { "config", cmd_config, &config_page },
    { NULL, NULL, NULL },
};
