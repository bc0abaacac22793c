#include "cli/config_outputs.h"

#include <limits.h>
#include <stdlib.h>

#include "base/buf.h"
#include "report/report.h"

#define OUTPUT  "--output="
#define PARTIAL "--partial="
#define CLUSTER "%c"

struct output {
    const char *path, *plain; /* as given; without what means nothing */
    size_t run;
};

const char *output_path(const char *given)
{
    struct text name = { given, strcspn(given, ":") };
    for (size_t i = 0; i < REPORT_FORMS; i++)
        if (text_equal(name, text_from(report_forms[i]->name)) && report_forms[i]->socket)
            return NULL;
    return given[name.n] ? given + name.n + 1 : NULL;
}

/* "./a//b/./c" is "a/b/c"; links are not followed, as what they lead to may change. */
static const char *path_plain(struct arena *arena, const char *path)
{
    char *plain = arena_alloc(arena, strlen(path) + 1);
    size_t n = 0;
    for (const char *p = path; *p; p++) {
        bool begins = p == path || p[-1] == '/';
        if (begins && p[0] == '.' && p[1] == '/')
            p++;
        else if (*p != '/' || p == path || (n && plain[n - 1] != '/'))
            plain[n++] = *p;
    }
    plain[n] = '\0';
    return plain;
}

static struct text name_plain(struct arena *arena, struct text cluster)
{
    char *plain = arena_alloc(arena, cluster.n + 1);
    for (size_t i = 0; i < cluster.n; i++)
        plain[i] = cluster.p[i] == '/' ? '_' : cluster.p[i];
    return (struct text){ plain, cluster.n };
}

/* What is longer than any path stays as it is, and cannot be opened. */
static const char *option_named(struct arena *arena, const char *option, struct text name)
{
    struct buf made;
    const char *rest = option, *place;
    buf_init(&made);
    for (; made.n < PATH_MAX && (place = strstr(rest, CLUSTER)) != NULL; rest = place + strlen(CLUSTER)) {
        buf_add(&made, (struct text){ rest, (size_t)(place - rest) });
        buf_add(&made, name);
    }
    buf_add_c(&made, rest);
    const char *named = made.n < PATH_MAX ? text_keep(arena, buf_text(&made)).p : option;
    buf_done(&made);
    return named;
}

void config_outputs_name(struct arena *arena, struct config_run *run)
{
    struct text name = name_plain(arena, run->cluster);
    for (size_t i = 0; i < run->options.count; i++)
        if (strncmp(run->options.items[i], OUTPUT, strlen(OUTPUT)) == 0)
            run->options.items[i] = option_named(arena, run->options.items[i], name);
}

static int outputs_order(const void *left, const void *right)
{
    const struct output *a = left, *b = right;
    int order = strcmp(a->plain, b->plain);
    return order ? order : (a->run > b->run) - (a->run < b->run);
}

/* The file that an option names to write to; NULL: none. */
static const char *path_of(const char *option)
{
    if (strncmp(option, PARTIAL, strlen(PARTIAL)) == 0)
        return option + strlen(PARTIAL);
    return strncmp(option, OUTPUT, strlen(OUTPUT)) == 0 ? output_path(option + strlen(OUTPUT)) : NULL;
}

/* Of all runs; *count of them. */
static struct output *outputs_of(struct arena *arena, const struct config *config, size_t *count)
{
    struct output *all = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t i = 0; i < config->count; i++)
        for (size_t k = 0; k < config->runs[i].options.count; k++) {
            const char *path = path_of(config->runs[i].options.items[k]);
            if (!path)
                continue;
            all = arena_grow(arena, all, *count, &capacity, sizeof *all);
            all[(*count)++] = (struct output){ path, path_plain(arena, path), i };
        }
    return all;
}

bool config_outputs_clash(struct arena *arena, const struct config *config, struct output_clash *ret)
{
    size_t count;
    struct output *all = outputs_of(arena, config, &count);
    if (count)
        qsort(all, count, sizeof *all, outputs_order);
    for (size_t i = 1; i < count; i++)
        if (strcmp(all[i - 1].plain, all[i].plain) == 0) {
            *ret = (struct output_clash){ all[i].path, all[i - 1].run, all[i].run };
            return true;
        }
    return false;
}
