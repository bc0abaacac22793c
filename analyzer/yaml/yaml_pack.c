#include "yaml/yaml_pack.h"

#include "base/cursor.h"
#include "base/limits.h"
#include "base/utf.h"

#define NODE_SIZE 24

/* The first number of a node: its kind, these, and from bit 8 on how much is in it. */
enum { KIND_MASK = 3, FLAG_PLAIN = 4, FLAG_BLOCK = 8, FLAG_IN_SOURCE = 16 };

struct packing {
    struct text source;
    struct buf *nodes, texts;
    uint32_t node_count;
};

static void put_u32(struct buf *out, size_t value)
{
    unsigned char le[4] = { (unsigned char)value, (unsigned char)(value >> 8), (unsigned char)(value >> 16),
                            (unsigned char)(value >> 24) };
    buf_add(out, (struct text){ (const char *)le, sizeof le });
}

/* Most scalars stand in the source as they are, perhaps behind a quote. */
static bool is_in_source(const struct packing *p, const struct yaml_node *node, size_t *at)
{
    for (size_t i = 0; i < 2; i++) {
        *at = node->offset + i;
        struct text rest = text_from_index(p->source, *at);
        if (*at <= p->source.n && text_starts_with(rest, node->text))
            return true;
    }
    return false;
}

static void node_put(struct packing *p, const struct yaml_node *node)
{
    size_t at, flags = (size_t)node->kind | (node->plain ? FLAG_PLAIN : 0) | (node->block ? FLAG_BLOCK : 0);
    if (is_in_source(p, node, &at)) {
        flags |= FLAG_IN_SOURCE;
    } else {
        at = p->texts.n;
        buf_add(&p->texts, node->text);
    }
    put_u32(p->nodes, flags | node->count << 8);
    put_u32(p->nodes, node->offset);
    put_u32(p->nodes, node->line);
    put_u32(p->nodes, node->column);
    put_u32(p->nodes, at);
    put_u32(p->nodes, node->text.n);
    p->node_count++;
}

/* The depth is that of the tree, which is limited. */
static void tree_put(struct packing *p, const struct yaml_node *node)
{
    node_put(p, node);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP)
            node_put(p, node->keys[i]);
        tree_put(p, node->items[i]);
    }
}

void yaml_pack(const struct yaml_file *file, struct buf *out)
{
    struct buf nodes;
    struct packing p = { .source = file->source, .nodes = &nodes };
    buf_init(&nodes);
    buf_init(&p.texts);
    for (size_t i = 0; i < file->count; i++)
        tree_put(&p, file->documents[i]);
    put_u32(out, file->count);
    put_u32(out, p.node_count);
    put_u32(out, p.texts.n);
    buf_add(out, buf_text(&nodes));
    buf_add(out, buf_text(&p.texts));
    buf_done(&nodes);
    buf_done(&p.texts);
}

struct unpacking {
    struct cursor in;              /* the nodes */
    struct text source, texts;
    struct yaml_node *nodes;       /* room for all, and for the places of all in what they are in */
    struct yaml_node **places;
    size_t taken, promised, count; /* nodes read, placed and there */
};

/* Both ends of a view must be ends of characters. */
static bool is_cut(struct text whole, size_t at)
{
    return at < whole.n && ((unsigned char)whole.p[at] & 0xC0) == 0x80;
}

static bool text_take(struct unpacking *u, bool in_source, size_t at, size_t n, struct text *ret)
{
    struct text whole = in_source ? u->source : u->texts;
    if (at > whole.n || n > whole.n - at || is_cut(whole, at) || is_cut(whole, at + n))
        return false;
    *ret = (struct text){ whole.p + at, n };
    return true;
}

/* Room for `count` more nodes in their parents: never more than there are nodes. */
static struct yaml_node **places_take(struct unpacking *u, size_t count)
{
    if (count > u->count - u->promised)
        return NULL;
    u->promised += count;
    return u->places + (u->promised - count);
}

static uint32_t u32_at(const uint8_t *p)
{
    return (uint32_t)bytes_le((struct bytes){ p, 4 });
}

static bool node_take(struct unpacking *u, struct yaml_node **ret)
{
    if (u->taken == u->count)
        return false;
    struct yaml_node *node = &u->nodes[u->taken++];
    const uint8_t *field = cursor_take(&u->in, NODE_SIZE).p; /* there are as many as were counted */
    uint32_t head = u32_at(field);
    node->kind = (enum yaml_kind)(head & KIND_MASK);
    node->plain = head & FLAG_PLAIN;
    node->block = head & FLAG_BLOCK;
    node->count = head >> 8;
    node->offset = u32_at(field + 4);
    node->line = u32_at(field + 8);
    node->column = u32_at(field + 12);
    *ret = node;
    return text_take(u, head & FLAG_IN_SOURCE, u32_at(field + 16), u32_at(field + 20), &node->text) &&
           node->kind <= YAML_MAP && node->offset <= u->source.n && node->line && node->column &&
           (node->kind != YAML_SCALAR || !node->count);
}

static bool tree_take(struct unpacking *u, size_t depth, struct yaml_node **ret)
{
    struct yaml_node *node;
    if (!node_take(u, ret))
        return false;
    node = *ret;
    if (node->kind == YAML_SCALAR)
        return true;
    if (depth == LIMIT_YAML_DEPTH || !(node->items = places_take(u, node->count)))
        return false;
    if (node->kind == YAML_MAP && !(node->keys = places_take(u, node->count)))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP && (!node_take(u, &node->keys[i]) || node->keys[i]->kind != YAML_SCALAR))
            return false;
        if (!tree_take(u, depth + 1, &node->items[i]))
            return false;
    }
    return true;
}

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

/* Behind the ASCII that stands at `at`; eight at once: rule files have little else. */
static size_t ascii_end(struct text t, size_t at)
{
    uint64_t eight;
    for (; t.n - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, t.p + at, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (at < t.n && is_ascii(t.p[at]))
        at++;
    return at;
}

/* As utf8_valid: all bytes of a character beyond ASCII are beyond it. */
static bool is_utf8(struct text t)
{
    for (size_t at = ascii_end(t, 0), end; at < t.n; at = ascii_end(t, end)) {
        for (end = at; end < t.n && !is_ascii(t.p[end]);)
            end++;
        if (!utf8_valid((struct text){ t.p + at, end - at }))
            return false;
    }
    return true;
}

/* Cuts the bytes into their parts. */
static bool parts_take(struct unpacking *u, struct bytes packed, size_t *documents)
{
    struct cursor in = cursor_at(packed, 0);
    *documents = cursor_u32(&in);
    u->count = cursor_u32(&in);
    size_t text_bytes = cursor_u32(&in);
    struct bytes nodes = cursor_take(&in, u->count * NODE_SIZE), texts = cursor_take(&in, text_bytes);
    u->in = cursor_at(nodes, 0);
    u->texts = (struct text){ (const char *)texts.p, texts.n };
    return !in.overrun && cursor_left(&in) == 0 && u->count <= LIMIT_YAML_NODES && is_utf8(u->source) &&
           is_utf8(u->texts);
}

bool yaml_unpack(struct arena *arena, struct bytes packed, struct yaml_file *file)
{
    struct unpacking u = { .source = file->source };
    size_t documents;
    file->count = 0;
    if (!parts_take(&u, packed, &documents))
        return false;
    u.nodes = ARENA_NEW_N(arena, struct yaml_node, u.count);
    u.places = ARENA_NEW_N(arena, struct yaml_node *, u.count);
    file->documents = places_take(&u, documents);
    bool good = file->documents != NULL;
    for (size_t i = 0; i < documents && good; i++)
        good = tree_take(&u, 0, &file->documents[i]);
    good = good && u.taken == u.count;
    file->count = good ? documents : 0;
    return good;
}
