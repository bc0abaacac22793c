#include "yaml/yaml_store.h"

#include <libdeflate.h>

#include "base/cursor.h"
#include "yaml/yaml_pack.h"

/* The number counts changes of the layout. */
static const char magic[16] = "evscan trees 2\n";

struct stored {
    uint64_t path; /* hash */
    struct text source;
    struct bytes packed;
    uint32_t checksum; /* of packed */
};

struct stored_list {
    struct stored *items;
    size_t count, capacity;
};

struct yaml_store {
    struct arena *arena;
    uint64_t stamp;
    struct text root; /* in front of paths, which count without it */
    struct stored_list old, used; /* what the image held; what the next one will hold */
    size_t next;                  /* files are asked for in the order of the last time */
    bool added;
};

static void stored_add(struct arena *arena, struct stored_list *list, struct stored item)
{
    list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = item;
}

static bool stored_read(struct cursor *in, struct stored *ret)
{
    ret->path = cursor_u64(in);
    size_t source_bytes = cursor_u32(in), packed_bytes = cursor_u32(in);
    ret->checksum = cursor_u32(in);
    struct bytes source = cursor_take(in, source_bytes);
    ret->source = (struct text){ (const char *)source.p, source.n };
    ret->packed = cursor_take(in, packed_bytes);
    return !in->overrun;
}

static void image_read(struct yaml_store *store, struct bytes image)
{
    struct cursor in = cursor_at(image, 0);
    struct stored item;
    struct bytes begin = cursor_take(&in, sizeof magic);
    if (!bytes_equal(begin, (struct bytes){ (const uint8_t *)magic, sizeof magic }) || cursor_u64(&in) != store->stamp)
        return;
    while (cursor_left(&in) && stored_read(&in, &item))
        stored_add(store->arena, &store->old, item);
}

struct yaml_store *yaml_store_new(struct arena *arena, struct bytes image, uint64_t stamp)
{
    struct yaml_store *store = ARENA_NEW(arena, struct yaml_store);
    *store = (struct yaml_store){ .arena = arena, .stamp = stamp };
    image_read(store, image);
    return store;
}

static uint32_t checksum_of(struct bytes b)
{
    return libdeflate_crc32(0, b.p, b.n);
}

static const struct stored *stored_find(struct yaml_store *store, uint64_t path, struct text source)
{
    for (size_t i = 0; i < store->old.count; i++) {
        size_t at = (store->next + i) % store->old.count;
        const struct stored *item = &store->old.items[at];
        if (item->path == path && text_equal(item->source, source)) {
            store->next = at + 1;
            return item;
        }
    }
    return NULL;
}

static struct stored stored_make(struct yaml_store *store, uint64_t path, const struct yaml_file *file)
{
    struct buf packed;
    buf_init(&packed);
    yaml_pack(file, &packed);
    struct text kept = text_keep(store->arena, buf_text(&packed));
    buf_done(&packed);
    struct bytes bytes = { (const uint8_t *)kept.p, kept.n };
    return (struct stored){ path, text_keep(store->arena, file->source), bytes, checksum_of(bytes) };
}

static struct text without_mark(struct text source)
{
    return text_starts_with(source, TEXT("\xEF\xBB\xBF")) ? text_from_index(source, 3) : source;
}

static uint64_t path_hash(const struct yaml_store *store, struct text path)
{
    return text_hash(text_starts_with(path, store->root) ? text_from_index(path, store->root.n) : path);
}

void yaml_store_root(struct yaml_store *store, struct text root)
{
    store->root = text_keep(store->arena, root);
}

bool yaml_store_is_empty(const struct yaml_store *store)
{
    return store->old.count == 0;
}

bool yaml_store_lacked(const struct yaml_store *store)
{
    return store->added;
}

bool yaml_store_parse(struct yaml_store *store, struct arena *arena, struct text path, struct text source,
                      struct diags *diags, struct yaml_file *ret)
{
    if (!store)
        return yaml_parse(arena, path, source, diags, ret);
    *ret = (struct yaml_file){ .path = path, .source = without_mark(source) };
    uint64_t hash = path_hash(store, path);
    const struct stored *item = stored_find(store, hash, ret->source);
    if (item && item->checksum == checksum_of(item->packed) && yaml_unpack(arena, item->packed, ret)) {
        stored_add(store->arena, &store->used, *item);
        return true;
    }
    if (!yaml_parse(arena, path, source, diags, ret))
        return false;
    store->added = true;
    stored_add(store->arena, &store->used, stored_make(store, hash, ret));
    return true;
}

bool yaml_store_changed(const struct yaml_store *store)
{
    return store->added || store->used.count != store->old.count;
}

size_t yaml_store_size(const struct yaml_store *store)
{
    size_t n = 0;
    for (size_t i = 0; i < store->used.count; i++)
        n += store->used.items[i].source.n;
    return n;
}

static void number_put(struct buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        buf_add_char(out, (char)(unsigned char)(value >> (8 * i)));
}

void yaml_store_write(const struct yaml_store *store, struct buf *out)
{
    buf_add(out, (struct text){ magic, sizeof magic });
    number_put(out, store->stamp, 8);
    for (size_t i = 0; i < store->used.count; i++) {
        const struct stored *item = &store->used.items[i];
        number_put(out, item->path, 8);
        number_put(out, item->source.n, 4);
        number_put(out, item->packed.n, 4);
        number_put(out, item->checksum, 4);
        buf_add(out, item->source);
        buf_add(out, (struct text){ (const char *)item->packed.p, item->packed.n });
    }
}
