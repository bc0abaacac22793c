/*
 * Lines and events of records like ones before are filled in, not walked: that nobody can tell is checked with each record
 * of the samples, of the fuzz corpus and, where it is there, of the shared corpus, twice, so that each layout is filled.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/paths.h"
#include "layout_check.h"

static void check(struct layout_check *c, const struct path_list *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct input *in = input_open(paths->items[i].path);
        if (!in)
            continue;
        uint64_t differing = c->differing;
        layout_check_twice(c, in);
        if (c->differing != differing)
            printf("%s: %llu records differ\n", paths->items[i].path, (unsigned long long)(c->differing - differing));
        input_close(in);
    }
}

static bool check_form(enum event_form form, const char *name, const struct path_list *paths)
{
    static struct layout_check c;
    layout_check_init(&c, form);
    check(&c, paths);
    printf("%s: %llu records, %llu differ\n", name, (unsigned long long)c.records, (unsigned long long)c.differing);
    layout_check_done(&c);
    return c.records > 0 && c.differing == 0;
}

int main(void)
{
    const char *shared = getenv("EVSCAN_SHARED"), *source = getenv("EVSCAN_SOURCE");
    static char folders[3][PATH_MAX];
    struct arena arena;
    struct path_list paths = { .items = NULL };
    source = source ? source : ".";
    snprintf(folders[0], PATH_MAX, "%s/samples", source);
    snprintf(folders[1], PATH_MAX, "%s/tests/fuzz/corpus/evtx", source);
    snprintf(folders[2], PATH_MAX, "%s%s/corpus/evtx", shared ? shared : source, shared ? "" : "/../shared");
    arena_init(&arena);
    for (size_t i = 0; i < 3; i++)
        paths_add(&paths, &arena, folders[i], NULL);
    paths_finish(&paths, &arena);
    bool xml = check_form(EVENT_AS_XML, "XML", &paths), json = check_form(EVENT_AS_JSON, "JSON", &paths);
    bool fields = check_form(EVENT_AS_FIELDS, "fields", &paths);
    arena_done(&arena);
    return !(xml && json && fields);
}
