#include "yaml/yaml_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/utf.h"

/* libyaml counts characters; the source is bytes.  Events come in the order of the source, so one walk does.
 */
struct walk {
    size_t index; /* characters passed */
    size_t at;    /* bytes passed */
    uint32_t line;
    size_t line_index; /* characters passed at the start of the line */
};

struct level {
    struct yaml_node *node;
    struct yaml_node *key; /* of a map: waits for its value */
    size_t item_capacity, key_capacity;
};

struct reading {
    struct arena *arena;
    struct diags *diags;
    struct yaml_file *file;
    yaml_parser_t parser;
    struct walk walk;
    struct level levels[LIMIT_YAML_DEPTH];
    size_t depth, nodes, document_capacity;
    size_t errors_before;
};

static void walk_to(struct walk *w, struct text source, size_t index)
{
    while (w->index < index && w->at < source.n) {
        char c = source.p[w->at++];
        while (w->at < source.n && ((unsigned char)source.p[w->at] & 0xC0) == 0x80)
            w->at++;
        w->index++;
        bool ends_line = c == '\n' || (c == '\r' && (w->at == source.n || source.p[w->at] != '\n'));
        if (ends_line) {
            w->line++;
            w->line_index = w->index;
        }
    }
}

static void fail(struct reading *r, const struct yaml_node *node, const char *hint, const char *reason)
{
    diag_add(r->diags, DIAG_ERROR, "yaml", r->file, node, hint, "%s", reason);
}

static struct yaml_node *node_new(struct reading *r, enum yaml_kind kind, const yaml_mark_t *mark)
{
    walk_to(&r->walk, r->file->source, mark->index);
    struct yaml_node *node = ARENA_NEW(r->arena, struct yaml_node);
    node->kind = kind;
    node->line = r->walk.line;
    node->column = (uint32_t)(r->walk.index - r->walk.line_index) + 1;
    node->offset = r->walk.at;
    node->text = TEXT("");
    return node;
}

static void attach_document(struct reading *r, struct yaml_node *node)
{
    struct yaml_file *file = r->file;
    if (node->kind == YAML_SCALAR && node->plain && node->text.n == 0)
        return; /* an empty document */
    file->documents = arena_grow(r->arena, file->documents, file->count, &r->document_capacity, sizeof node);
    file->documents[file->count++] = node;
}

static bool take_key(struct reading *r, struct level *level, struct yaml_node *node)
{
    if (node->kind != YAML_SCALAR) {
        fail(r, node, "write the key as plain text", "a map or a list cannot be a key");
        return false;
    }
    if (node->plain && text_equal(node->text, TEXT("<<")))
        fail(r, node, "write the keys out", "merge keys are not supported");
    level->key = node;
    return true;
}

/* Hooks the node into the innermost open map or sequence, or makes it a document. */
static bool node_attach(struct reading *r, struct yaml_node *node)
{
    if (r->depth == 0) {
        attach_document(r, node);
        return true;
    }
    struct level *level = &r->levels[r->depth - 1];
    struct yaml_node *parent = level->node;
    if (parent->kind == YAML_MAP && !level->key)
        return take_key(r, level, node);
    parent->items = arena_grow(r->arena, parent->items, parent->count, &level->item_capacity, sizeof node);
    parent->items[parent->count] = node;
    if (parent->kind == YAML_MAP) {
        parent->keys = arena_grow(r->arena, parent->keys, parent->count, &level->key_capacity, sizeof node);
        parent->keys[parent->count] = level->key;
        level->key = NULL;
    }
    parent->count++;
    return true;
}

static bool node_add(struct reading *r, struct yaml_node *node)
{
    if (++r->nodes > LIMIT_YAML_NODES) {
        fail(r, node, "split the file", "the file has too many values");
        return false;
    }
    return node_attach(r, node);
}

static bool level_open(struct reading *r, struct yaml_node *node)
{
    if (!node_add(r, node))
        return false;
    if (r->depth == LIMIT_YAML_DEPTH) {
        fail(r, node, NULL, "maps and lists are nested too deeply");
        return false;
    }
    r->levels[r->depth++] = (struct level){ .node = node };
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const struct yaml_node *x = *(const struct yaml_node *const *)a, *y = *(const struct yaml_node *const *)b;
    int order = text_compare(x->text, y->text);
    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static int compare_offsets(const void *a, const void *b)
{
    const struct yaml_node *x = *(const struct yaml_node *const *)a, *y = *(const struct yaml_node *const *)b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* A second `Field:` in a selection would silently lose a condition. */
static void report_duplicate_keys(struct reading *r, const struct yaml_node *map)
{
    size_t n = map->count, twice = 0;
    if (n < 2)
        return;
    const struct yaml_node **sorted = memory_new(n * sizeof *sorted);
    memcpy(sorted, map->keys, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_keys);
    const struct yaml_node *first = sorted[0];
    for (size_t i = 1; i < n; i++) {
        if (text_equal(first->text, sorted[i]->text))
            sorted[twice++] = sorted[i];
        else
            first = sorted[i];
    }
    qsort(sorted, twice, sizeof *sorted, compare_offsets);
    for (size_t i = 0; i < twice; i++)
        diag_add(r->diags, DIAG_ERROR, "yaml", r->file, sorted[i], "make it one key with a list of values",
                 "the key \"%.*s\" stands here a second time", TEXT_ARG(sorted[i]->text));
    free(sorted);
}

static void level_close(struct reading *r)
{
    const struct yaml_node *node = r->levels[--r->depth].node;
    if (node->kind == YAML_MAP)
        report_duplicate_keys(r, node);
}

static void refuse_decoration(struct reading *r, const struct yaml_node *node, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
    if (anchor)
        fail(r, node, "write the value out where it is used", "anchors are not supported");
    if (tag)
        fail(r, node, "quote the value to make it text", "tags are not supported");
}

static struct yaml_node *scalar_new(struct reading *r, const yaml_event_t *event)
{
    struct yaml_node *node = node_new(r, YAML_SCALAR, &event->start_mark);
    yaml_scalar_style_t style = event->data.scalar.style;
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
    node->text = text_keep(
        r->arena, (struct text){ (const char *)event->data.scalar.value, event->data.scalar.length });
    refuse_decoration(r, node, event->data.scalar.anchor, event->data.scalar.tag);
    return node;
}

static struct yaml_node *alias_refused(struct reading *r, const yaml_event_t *event)
{
    struct yaml_node *node = node_new(r, YAML_SCALAR, &event->start_mark);
    node->plain = true;
    fail(r, node, "write the value out, or quote a text that begins with *", "aliases are not supported");
    return node;
}

static struct yaml_node *collection_new(struct reading *r, const yaml_event_t *event)
{
    bool map = event->type == YAML_MAPPING_START_EVENT;
    struct yaml_node *node = node_new(r, map ? YAML_MAP : YAML_SEQUENCE, &event->start_mark);
    refuse_decoration(r, node, map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
                      map ? event->data.mapping_start.tag : event->data.sequence_start.tag);
    return node;
}

static bool take_event(struct reading *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return node_add(r, scalar_new(r, event));
    case YAML_ALIAS_EVENT:
        return node_add(r, alias_refused(r, event));
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return level_open(r, collection_new(r, event));
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        level_close(r);
        return true;
    default:
        return true;
    }
}

/* What libyaml says, with the mistake that is usually behind it. */
static const char *hint_for(const char *problem)
{
    static const struct {
        const char *problem, *hint;
    } hints[] = {
        { "mapping values are not allowed",
          "a text with \": \" in it needs quotes; a key needs its own line" },
        { "cannot start any token",
          "indent with blanks, not tabs; a text that starts with %, @ or ` needs quotes" },
        { "did not find expected key", "check the indentation of this line and of the one before" },
        { "could not find expected ':'", "a key ends with a colon and a blank" },
        { "unexpected end of stream", "a quote is not closed" },
        { "unknown escape character",
          "in double quotes a backslash is \\\\; single quotes keep it as it is" },
        { "did not find expected alphabetic or numeric character",
          "a text that starts with * or & needs quotes" },
    };
    for (size_t i = 0; i < COUNT_OF(hints); i++)
        if (strstr(problem, hints[i].problem))
            return hints[i].hint;
    return NULL;
}

static void report_syntax(struct reading *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem ? p->problem : "not readable as YAML";
    if (p->error == YAML_READER_ERROR) {
        struct walk w = { .line = 1 };
        size_t at = p->problem_offset < r->file->source.n ? p->problem_offset : r->file->source.n;
        while (w.at < at)
            walk_to(&w, r->file->source, w.index + 1);
        diag_add_source(r->diags, DIAG_ERROR, "yaml", r->file, at, w.line, NULL, "%s", problem);
        return;
    }
    struct walk w = { .line = 1 };
    walk_to(&w, r->file->source, p->problem_mark.index);
    diag_add_source(r->diags, DIAG_ERROR, "yaml", r->file, w.at, w.line, hint_for(problem), "%s", problem);
}

static bool read_events(struct reading *r)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_syntax(r);
            return false;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        bool ok = take_event(r, &event);
        yaml_event_delete(&event);
        if (!ok)
            return false;
    }
    return r->diags->errors == r->errors_before;
}

/* libyaml finds it too, but with a byte offset into its own buffer and no line. */
static bool check_utf8(struct reading *r)
{
    struct text source = r->file->source;
    if (utf8_valid(source))
        return true;
    uint32_t line = 1;
    size_t at = 0;
    for (size_t next = 0; at < source.n; at = next) {
        if (utf8_next(source, &next) == UTF_REPLACEMENT && next == at + 1)
            break;
        line += source.p[at] == '\n';
    }
    diag_add_source(r->diags, DIAG_ERROR, "yaml", r->file, at, line, "save the file as UTF-8",
                    "the byte 0x%02x is not UTF-8", (unsigned char)source.p[at]);
    return false;
}

static bool parse_checked(struct reading *r)
{
    if (!yaml_parser_initialize(&r->parser))
        return false;
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->file->source.p, r->file->source.n);
    bool ok = read_events(r);
    yaml_parser_delete(&r->parser);
    return ok;
}

bool yaml_parse(struct arena *arena, struct text path, struct text source, struct diags *diags,
                struct yaml_file *ret)
{
    if (text_starts_with(source, TEXT("\xEF\xBB\xBF")))
        source = text_from_index(source, 3);
    *ret = (struct yaml_file){ .path = path, .source = source };
    struct reading *r = memory_new(sizeof *r);
    *r = (struct reading){ .arena = arena, .diags = diags, .file = ret, .walk = { .line = 1 } };
    r->errors_before = diags->errors;
    bool ok = true;
    if (source.n > LIMIT_YAML_BYTES) {
        fail(r, NULL, "split the file", "the file is larger than 16 MiB");
        ok = false;
    }
    ok = ok && check_utf8(r) && parse_checked(r);
    if (!ok)
        ret->count = 0;
    free(r);
    return ok;
}

/* Most files are read at once: with room for one byte more than they have, so that their end is seen. */
static size_t room_for(int fd)
{
    struct stat about;
    bool known = fstat(fd, &about) == 0 && about.st_size > 0 && about.st_size <= LIMIT_YAML_BYTES;
    return known ? (size_t)about.st_size + 1 : 65536;
}

/* One byte more than is allowed shows that there is more. */
static bool read_all(struct arena *arena, int fd, struct text *ret)
{
    struct buf b;
    buf_init(&b);
    ssize_t n = 1;
    size_t room = room_for(fd);
    while (n != 0 && b.n <= LIMIT_YAML_BYTES) {
        char *at = buf_reserve(&b, room);
        n = read(fd, at, room);
        if (n < 0 && errno != EINTR)
            break;
        b.n += n > 0 ? (size_t)n : 0;
    }
    *ret = text_keep(arena, buf_text(&b));
    buf_done(&b);
    return n >= 0;
}

bool yaml_is_named(const char *path)
{
    struct text name = text_from(path);
    return text_ends_with(name, TEXT(".yaml")) || text_ends_with(name, TEXT(".yml"));
}

bool yaml_source_read(struct arena *arena, const char *path, struct diags *diags, struct yaml_file *ret)
{
    *ret = (struct yaml_file){ .path = text_keep(arena, text_from(path)), .source = TEXT("") };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && read_all(arena, fd, &ret->source);
    int reason = errno;
    if (fd >= 0)
        close(fd);
    if (!good)
        diag_add(diags, DIAG_ERROR, DIAG_FILE, ret, NULL, NULL, "cannot be read: %s", strerror(reason));
    return good;
}

bool yaml_read(struct arena *arena, const char *path, struct diags *diags, struct yaml_file *ret)
{
    return yaml_source_read(arena, path, diags, ret) && yaml_parse(arena, ret->path, ret->source, diags, ret);
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    struct text wanted = text_from(key);
    for (size_t i = 0; i < map->count; i++)
        if (text_equal(map->keys[i]->text, wanted))
            return map->items[i];
    return NULL;
}
