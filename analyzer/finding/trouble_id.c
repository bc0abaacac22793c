#include "finding/trouble_id.h"

#include <inttypes.h>

struct text trouble_id(struct arena *arena, const struct trouble_key *key, unsigned clashes)
{
    uint64_t sum = text_hash(key->cluster) ^ key->first_seen;
    for (size_t i = 0; i < key->node_count; i++)
        sum = sum * 31 + text_hash_nocase(key->nodes[i]);
    for (unsigned i = 0; i <= clashes; i++) {
        sum += i > 0;
        sum = bytes_hash((struct bytes){ (const uint8_t *)&sum, sizeof sum });
    }
    return text_keep_format(arena, "%.*s-%06" PRIx64, TEXT_ARG(key->what), sum & 0xFFFFFF);
}
