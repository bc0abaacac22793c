/*
 * Property: a configuration that is read without a mistake stands for command lines: every option is a known one behind
 * two dashes, every folder is none, no word holds a NUL, and the line ends where its list does.  A mistake is always
 * said.
 *
 * Input: the file.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cmd.h"
#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool group_has(const struct option_group *g, struct text name)
{
    for (size_t i = 0; i < g->count; i++)
        if (text_equal(text_from(g->specs[i].name), name))
            return true;
    return false;
}

static bool is_known(struct text name)
{
    bool known = group_has(&scan_page.rare, name);
    for (size_t i = 0; i < OPTION_GROUPS; i++)
        known = known || group_has(&scan_page.groups[i], name);
    return known;
}

static void check_run(struct arena *arena, const struct config_run *run)
{
    char name[] = "evscan", last[] = "--last";
    char *argv[] = { name, last, NULL };
    for (size_t i = 0; i < run->options.count; i++) {
        struct text option = text_from(run->options.items[i]);
        require(text_starts_with(option, TEXT("--")));
        option = text_from_index(option, 2);
        require(is_known((struct text){ option.p, text_find_char(option, '=') }));
    }
    for (size_t i = 0; i < run->folders.count; i++)
        require(run->folders.items[i][0] && run->folders.items[i][0] != '-');
    struct option_list line = config_line(arena, run, 2, argv, true);
    require(line.count == 2 + run->options.count + run->folders.count && !line.items[line.count]);
    require(line.items[0] == name && line.items[1 + run->options.count] == last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct config config;
    arena_init(&arena);
    diags_init(&diags, &arena);
    if (yaml_parse(&arena, TEXT("f"), (struct text){ (const char *)data, size }, &diags, &file)) {
        bool sound = config_take(&arena, &file, &scan_page, &diags, &config);
        require(sound == !diags.errors);
        require(config.count <= LIMIT_CONFIG_CLUSTERS);
        for (size_t i = 0; sound && i < config.count && i < 100; i++)
            check_run(&arena, &config.runs[i]);
    }
    arena_done(&arena);
    return 0;
}
