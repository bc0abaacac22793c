/*
 * Every event of the shared corpus against all published rules: the matcher says what evaluating each rule says.
 * Skipped (77) where the corpus is not there.
 */
#define _DEFAULT_SOURCE /* d_type */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "naive.h"
#include "reader/reader.h"

#define SKIPPED 77
#define DEPTH   8

struct comparison {
    struct matcher *matcher, *naive;
    uint32_t *hits;
    size_t events, matches, differences;
    const char *file;
};

static bool want(void *ctx, const struct event_key *key)
{
    (void)ctx;
    (void)key;
    return true;
}

static void take(void *ctx, const struct event *e)
{
    struct comparison *c = ctx;
    size_t count;
    c->events++;
    if (!matches_like_naive(c->matcher, c->naive, e, c->hits, &count)) {
        printf("%s, offset %llu: other rules match than when each is evaluated\n", c->file,
               (unsigned long long)e->offset);
        c->differences++;
    }
    c->matches += count;
}

static void read_log(struct comparison *c, struct arena *arena, const char *path)
{
    struct account account = { 0 };
    struct notices notices;
    struct reader reader;
    struct batch batch = { 0 };
    struct event_sink sink = { .ctx = c, .want = want, .event = take, .lazy = true };
    struct input *in = input_open(path);
    if (!in)
        return;
    c->file = path;
    notices_init(&notices, arena);
    enum status status = reader_open(&reader, READER_NATIVE, in, &account, &notices);
    if (status == ST_OK) {
        const struct log_format *format = reader_formats[reader.format];
        struct decoder *decoder = format->decoder_new();
        while (reader_next(&reader, &batch, &account, &notices) == ST_OK)
            format->decode(decoder, reader.log, &batch, &sink, &account, &notices);
        format->decoder_free(decoder);
    }
    reader_close(&reader);
    input_close(in);
    free(batch.bytes);
}

struct folder_visit {
    struct arena *arena;
    struct ruleset_builder *builder; /* NULL: logs, not rules */
    struct diags *diags;
    struct comparison *comparison;
};

static void visit_file(const struct folder_visit *v, const char *path)
{
    struct yaml_file file;
    if (!v->builder)
        read_log(v->comparison, v->arena, path);
    else if (text_ends_with(text_from(path), TEXT(".yml")) && yaml_read(v->arena, path, v->diags, &file))
        ruleset_add_file(v->builder, &file, false, v->diags);
}

static void visit(const struct folder_visit *v, const char *path, int depth)
{
    struct dirent **entries;
    int count = depth < DEPTH ? scandir(path, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        struct text inside = text_keep_format(v->arena, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && entries[i]->d_type == DT_DIR)
            visit(v, inside.p, depth + 1);
        else if (entries[i]->d_name[0] != '.')
            visit_file(v, inside.p);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static const char *shared_folder(struct arena *arena)
{
    const char *shared = getenv("EVSCAN_SHARED"), *source = getenv("EVSCAN_SOURCE");
    return shared ? shared : text_keep_format(arena, "%s/../shared", source ? source : ".").p;
}

int main(void)
{
    struct arena arena;
    struct diags diags;
    struct comparison c = { 0 };
    arena_init(&arena);
    diags_init(&diags, &arena);
    const char *shared = shared_folder(&arena);
    struct ruleset_builder *b = ruleset_builder_new();
    struct folder_visit rules_visit = { &arena, b, &diags, NULL }, logs_visit = { &arena, NULL, NULL, &c };
    visit(&rules_visit, text_keep_format(&arena, "%s/corpus/sigma", shared).p, 0);
    struct ruleset *rules = ruleset_compile(b, &diags);
    ruleset_builder_free(b);
    c.matcher = matcher_new(rules);
    c.naive = matcher_new(rules);
    c.hits = memory_new((ruleset_count(rules) + 1) * sizeof *c.hits);
    visit(&logs_visit, text_keep_format(&arena, "%s/corpus/evtx", shared).p, 0);
    visit(&logs_visit, text_keep_format(&arena, "%s/corpus/evt", shared).p, 0);
    printf("%zu rules, %zu events, %zu matches, %zu events differ\n", ruleset_count(rules), c.events, c.matches,
           c.differences);
    bool none = ruleset_count(rules) == 0 || c.events == 0;
    if (none)
        printf("no shared corpus at hand: skipped\n");
    matcher_free(c.matcher);
    matcher_free(c.naive);
    ruleset_free(rules);
    free(c.hits);
    arena_done(&arena);
    return none ? SKIPPED : c.differences || c.matches == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
