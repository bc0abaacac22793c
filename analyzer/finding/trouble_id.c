#include "finding/trouble_id.h"

#include <inttypes.h>

#include "io/lasting_hash.h"

uint64_t trouble_sum(const struct trouble_key *key)
{
    uint64_t sum = text_hash(key->cluster) ^ key->first_seen;
    for (size_t i = 0; i < key->node_count; i++)
        sum = sum * 31 + text_hash_nocase(key->nodes[i]);
    return trouble_sum_next(sum);
}

uint64_t trouble_sum_next(uint64_t sum)
{
    return lasting_hash_numbers(&sum, 1);
}

struct text trouble_id(struct arena *arena, struct text what, uint64_t sum)
{
    return text_keep_format(arena, "%.*s-%06" PRIx64, TEXT_ARG(what), sum & 0xFFFFFF);
}
