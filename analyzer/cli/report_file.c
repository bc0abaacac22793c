#include "cli/report_file.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/path_hint.h"
#include "io/input.h"
#include "io/interrupt.h"

struct text report_file_word(const struct json_t *item)
{
    return json_is_string(item) ? (struct text){ json_string_value(item), json_string_length(item) } : TEXT("");
}

struct text report_file_text(const struct json_t *map, const char *key)
{
    return report_file_word(json_object_get(map, key));
}

bool report_file_true(const struct json_t *map, const char *key)
{
    return json_is_true(json_object_get(map, key));
}

bool report_file_false(const struct json_t *map, const char *key)
{
    return json_is_false(json_object_get(map, key));
}

struct text report_file_number(struct arena *arena, const struct json_t *map, const char *key)
{
    const json_t *node = json_object_get(map, key);
    return json_is_number(node) ? text_keep_format(arena, "%.0f", json_number_value(node)) : TEXT("");
}

const struct json_t *report_file_map(const struct json_t *map, const char *key)
{
    return json_object_get(map, key);
}

const struct json_t *report_file_list(const struct json_t *map, const char *key)
{
    const json_t *list = json_object_get(map, key);
    return json_is_array(list) ? list : NULL;
}

size_t report_file_count(const struct json_t *list)
{
    return json_array_size(list);
}

const struct json_t *report_file_item(const struct json_t *list, size_t i)
{
    return json_array_get(list, i);
}

/* What it is instead, by its first bytes; NULL: nothing that is known. */
static const char *other_kind(struct text t)
{
    if (t.n == 0)
        return "it is empty";
    if (text_starts_with(t, TEXT("ElfFile")) || text_starts_with(text_from_index(t, t.n < 4 ? t.n : 4), TEXT("LfLe")))
        return "it is an event log";
    if (text_starts_with(t, TEXT("evscan partial ")))
        return "it is a partial: evscan merge --format json makes a report of it";
    struct text rest = text_trim(t);
    return rest.n && rest.p[0] == '{' ? NULL : "it does not begin as JSON";
}

static int refuse(const char *path, const char *why)
{
    output_error("%s: no JSON report: %s; evscan --format json makes one", path, why);
    return EXIT_NO_DATA;
}

static int interrupted(const char *path)
{
    output_error("%s: interrupted before all of it was read: there is nothing to report", path);
    return EXIT_INCOMPLETE;
}

static bool is_report(const json_t *root)
{
    return json_object_get(root, "evscan") && json_is_array(json_object_get(root, "diagnoses")) &&
           json_object_get(root, "findings");
}

#define TREE_LEAST (1u << 20) /* of small files the parser itself is most */

/* What the tree may still take.  One thread's: Jansson's functions for memory have no context. */
static size_t tree_room;
static bool tree_full;

static void *tree_alloc(size_t n)
{
    tree_full = tree_full || n > tree_room || interrupt_asked();
    if (tree_full)
        return NULL;
    tree_room -= n;
    return malloc(n);
}

static void tree_begin(size_t bytes)
{
    tree_room = TREE_LEAST + LIMIT_REPORT_TREE * bytes;
    tree_full = false;
    json_set_alloc_funcs(tree_alloc, free);
}

/* JSON Lines is JSON up to its first line end: the parser then meets more. */
static int tree_make(const char *path, struct text source, struct report_file *ret)
{
    json_error_t error;
    tree_begin(source.n);
    /* Whole numbers beyond 64 bits are no mistake of the file. */
    ret->root = json_loadb(source.p, source.n, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    if (interrupt_asked()) {
        report_file_done(ret);
        return interrupted(path);
    }
    if (!ret->root && tree_full)
        return refuse(path, "it has more lists and maps than evscan writes into so many bytes");
    if (!ret->root && json_error_code(&error) == json_error_end_of_input_expected)
        return refuse(path, "more follows behind its end, as in JSON Lines");
    if (!ret->root) {
        output_error("%s:%d:%d: no whole JSON: %s", path, error.line, error.column, error.text);
        return EXIT_NO_DATA;
    }
    if (is_report(ret->root))
        return 0;
    report_file_done(ret);
    return refuse(path, "it has no findings and diagnoses of evscan");
}

static int source_read(const char *path, uint8_t **bytes, size_t *n)
{
    struct input *in = input_open(path);
    int error = in ? 0 : errno;
    if (in && input_size(in) > LIMIT_REPORT_FILE) {
        input_close(in);
        output_error("%s: more than %u MiB; scan fewer logs for a report", path, LIMIT_REPORT_FILE >> 20);
        return EXIT_NO_DATA;
    }
    *bytes = in ? memory_new((size_t)input_size(in) + 1) : NULL;
    if (in)
        *n = input_read_at(in, 0, *bytes, (size_t)input_size(in), &error);
    input_close(in);
    if (!error && !interrupt_asked()) /* what a pipe gave is then a part at most */
        return 0;
    free(*bytes);
    if (interrupt_asked())
        return interrupted(path);
    struct arena arena;
    arena_init(&arena);
    output_error("%s: cannot be read: %s%.*s", path, strerror(error), TEXT_ARG(path_hint(&arena, path, error)));
    arena_done(&arena);
    return EXIT_NO_INPUT;
}

int report_file_read(const char *path, struct report_file *ret)
{
    uint8_t *bytes;
    size_t n = 0;
    *ret = (struct report_file){ NULL };
    int status = source_read(path, &bytes, &n);
    if (status)
        return status;
    struct text source = { (const char *)bytes, n };
    const char *other = other_kind(source);
    status = other ? refuse(path, other) : tree_make(path, source, ret);
    free(bytes);
    return status;
}

void report_file_done(struct report_file *f)
{
    json_decref(f->root);
    f->root = NULL;
}
