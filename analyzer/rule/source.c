#include "rule/source.h"

#include "rule/source_table.h"

static const struct source_row *find(const struct source_row *rows, size_t count, struct text name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal_nocase(name, text_from(rows[i].name)))
            return &rows[i];
    return NULL;
}

const struct source_row *source_find_category(struct text name)
{
    return find(source_categories, source_category_count, name);
}

const struct source_row *source_find_service(struct text name)
{
    return find(source_services, source_service_count, name);
}

static bool channel_is(struct text pattern, struct text channel)
{
    if (channel.n == 0)
        return text_find_char(pattern, '/') == pattern.n;
    if (pattern.n && pattern.p[pattern.n - 1] == '*') {
        pattern.n--;
        channel.n = channel.n < pattern.n ? channel.n : pattern.n;
    }
    return text_equal_nocase(pattern, channel);
}

static bool any_channel_is(const char *channels, struct text channel)
{
    struct text rest = text_from(channels);
    while (rest.n > 0) {
        size_t n = text_find_char(rest, ';');
        if (channel_is((struct text){ rest.p, n }, channel))
            return true;
        rest = text_from_index(rest, n + 1);
    }
    return false;
}

static bool has_id(const uint32_t *ids, uint32_t id)
{
    if (ids[0] == 0 || id == EVENT_ID_NONE)
        return ids[0] == 0;
    for (size_t i = 0; i < SOURCE_IDS && ids[i]; i++)
        if (ids[i] == id)
            return true;
    return false;
}

bool source_accepts_key(const struct source_entry *entry, const struct event_key *key)
{
    if (!has_id(entry->ids, key->id))
        return false;
    if (entry->provider)
        return text_equal_nocase(key->provider, text_from(entry->provider));
    return entry->channels && any_channel_is(entry->channels, key->channel);
}

static bool add_ids(const struct source_row *row, uint32_t *ids, size_t *count)
{
    if (!row)
        return false;
    for (size_t e = 0; e < SOURCE_ENTRIES; e++) {
        const struct source_entry *entry = &row->entries[e];
        if (!entry->channels && !entry->provider)
            continue;
        if (entry->ids[0] == 0)
            return false;
        for (size_t i = 0; i < SOURCE_IDS && entry->ids[i]; i++)
            ids[(*count)++] = entry->ids[i];
    }
    return true;
}

/* Services allow every ID; only categories name some. */
bool source_ids(const struct source *source, uint32_t *ids, size_t *count)
{
    *count = 0;
    return add_ids(source->category, ids, count);
}
