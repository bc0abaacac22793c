/*
 * corpus.c - loads folders of published rules and compares what is refused with what must be.
 *
 * corpus ROOT    with the folders below; a ROOT that does not exist is skipped (77)
 *
 * Prints how long loading took; that a rule is refused, and with which class, is the test.
 */
#define _DEFAULT_SOURCE /* d_type */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "match/matcher.h"

#define SKIPPED 77
#define DEPTH   8

static const struct {
    const char *folder;
    size_t files, loaded;
    const char *placeholder; /* configured before a second run; NULL for none */
    struct {
        const char *class;
        size_t refused; /* files; one of the unsupported ones holds two such rules */
    } refused[2];
} folders[] = {
    { "sigmahq/rules/windows", 2406, 2406, NULL, { { NULL, 0 } } },
    { "sigmahq/rules/category/antivirus", 8, 8, NULL, { { NULL, 0 } } },
    { "sigmahq/rules-threat-hunting/windows", 128, 128, NULL, { { NULL, 0 } } },
    { "sigmahq/rules-emerging-threats", 324, 322, "known_cdcs", { { "placeholder", 2 } } },
    { "sigmahq/rules-placeholder/windows",
      14,
      0,
      "Administrators Admins_Workstations DC-MACHINE-NAME DomainControllers ServerSystems Workstations "
      "dc_ip_addresses dc_machine_accounts domain_controller_hostnames internal_domains legit_ips userdomain",
      { { "placeholder", 14 } } },
    { "sigmahq/unsupported/windows", 55, 24, NULL, { { "legacy", 29 }, { "condition", 3 } } },
    { "hayabusa-rules", 21, 21, NULL, { { NULL, 0 } } },
};

struct load {
    struct arena arena; /* of the diagnostics */
    struct diags diags;
    struct ruleset_builder *builder;
    size_t files;
};

static void load_file(struct load *l, const char *path)
{
    struct arena arena;
    struct yaml_file file;
    arena_init(&arena);
    l->files++;
    if (yaml_read(&arena, path, &l->diags, &file))
        ruleset_add_file(l->builder, &file, false, &l->diags);
    arena_done(&arena);
}

static int is_rule_or_folder(const struct dirent *e)
{
    struct text name = text_from(e->d_name);
    return e->d_name[0] != '.' && (e->d_type == DT_DIR || text_ends_with(name, TEXT(".yml")));
}

static void load_folder(struct load *l, const char *path, int depth)
{
    struct dirent **entries;
    int count = depth < DEPTH ? scandir(path, &entries, is_rule_or_folder, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        struct text inside = text_keep_format(&l->arena, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_type == DT_DIR)
            load_folder(l, inside.p, depth + 1);
        else
            load_file(l, inside.p);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* Files with a mistake of that class; a rule with timeframe and count() has two. */
static size_t errors_of(const struct diags *d, const char *class)
{
    size_t n = 0;
    struct text last = TEXT("");
    for (size_t i = 0; i < d->count; i++) {
        bool counts = d->items[i].severity == DIAG_ERROR && strcmp(d->items[i].class, class) == 0 &&
                      !text_equal(last, d->items[i].path);
        n += counts;
        last = counts ? d->items[i].path : last;
    }
    return n;
}

/* Every word of the list stands for "x". */
static void add_placeholders(struct ruleset_builder *b, const char *names)
{
    struct text rest = text_from(names);
    while (rest.n > 0) {
        size_t n = text_find_char(rest, ' ');
        ruleset_add_placeholder(b, (struct text){ rest.p, n }, TEXT("x"));
        rest = text_from_index(rest, n + 1);
    }
}

static bool fail(const char *folder, const char *what, size_t expected, size_t got)
{
    if (expected != got)
        printf("FAILED %s: %s: %zu, not %zu\n", folder, what, got, expected);
    return expected != got;
}

static void print_errors(const struct diags *d)
{
    struct buf b;
    buf_init(&b);
    for (size_t i = 0; i < d->count; i++)
        if (d->items[i].severity == DIAG_ERROR)
            diag_print(&d->items[i], &b);
    printf("%.*s", (int)b.n, b.p ? b.p : "");
    buf_done(&b);
}

/* With its placeholders configured the whole folder must load. */
static bool run(const char *root, size_t i, bool configured)
{
    struct load l = { 0 };
    char path[4096];
    bool bad = false;
    snprintf(path, sizeof path, "%s/%s", root, folders[i].folder);
    arena_init(&l.arena);
    diags_init(&l.diags, &l.arena);
    l.builder = ruleset_builder_new();
    if (configured)
        add_placeholders(l.builder, folders[i].placeholder);
    clock_t start = clock();
    load_folder(&l, path, 0);
    struct ruleset *rules = ruleset_compile(l.builder, &l.diags);
    struct matcher *m = matcher_new(rules);
    double ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
    printf("%-40s %4zu files, %4zu rules, %4zu warnings, %.0f ms\n", folders[i].folder, l.files,
           ruleset_count(rules), l.diags.warnings, ms);
    bad |= fail(folders[i].folder, "files", folders[i].files, l.files);
    bad |= fail(folders[i].folder, "rules", configured ? folders[i].files : folders[i].loaded,
                ruleset_count(rules));
    for (size_t k = 0; k < 2 && folders[i].refused[k].class && !configured; k++)
        bad |= fail(folders[i].folder, folders[i].refused[k].class, folders[i].refused[k].refused,
                    errors_of(&l.diags, folders[i].refused[k].class));
    if (bad)
        print_errors(&l.diags);
    matcher_free(m);
    ruleset_free(rules);
    ruleset_builder_free(l.builder);
    arena_done(&l.arena);
    return !bad;
}

int main(int argc, char **argv)
{
    bool ok = true;
    if (argc != 2 || access(argv[1], R_OK) != 0) {
        printf("no published rules at hand: skipped\n");
        return SKIPPED;
    }
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        ok = run(argv[1], i, false) && ok;
        ok = (!folders[i].placeholder || run(argv[1], i, true)) && ok;
    }
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
