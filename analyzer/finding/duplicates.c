#include "finding/duplicates.h"

#include <stdlib.h>

#include "finding/keyed_hash.h"

struct seen {
    const struct event *event; /* NULL: free */
    const struct input_result *input;
    uint64_t checksum;
};

/* Open addressing; at most half full. */
struct duplicates {
    size_t mask; /* places - 1; their number is a power of two */
    struct seen places[];
};

struct duplicates *duplicates_new(size_t most)
{
    size_t places = 16;
    while (places < 2 * most)
        places *= 2;
    struct duplicates *d = memory_new(sizeof *d + places * sizeof d->places[0]);
    memset(d->places, 0, places * sizeof d->places[0]);
    d->mask = places - 1;
    return d;
}

void duplicates_free(struct duplicates *d)
{
    free(d);
}

/* FNV-1a over numbers: the hash of a text, a length, a value. */
static void add(uint64_t *sum, uint64_t number)
{
    for (int i = 0; i < 8; i++, number >>= 8)
        *sum = (*sum ^ (number & 0xFF)) * 0x100000001B3u;
}

static void add_text(uint64_t *sum, struct text t)
{
    add(sum, t.n);
    add(sum, text_hash(t));
}

/* An .evt record of type 0 (success) has level 4, and in an .evtx file converted from it level 0. */
static uint64_t level_of(const struct event *e)
{
    return e->key.level ? e->key.level : 4;
}

uint64_t event_checksum(const struct event *e)
{
    uint64_t sum = 0xCBF29CE484222325u;
    add_text(&sum, e->key.provider);
    add_text(&sum, e->event_id);
    add_text(&sum, e->user_sid);
    const uint64_t numbers[] = { text_hash_nocase(e->key.computer), text_hash_nocase(e->key.channel), level_of(e),
                                 e->qualifiers, e->task, e->keywords, e->key.time, e->key.record_id };
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        add(&sum, numbers[i]);
    for (size_t i = 0; i < e->field_count; i++) {
        if (e->fields[i].part == EVENT_SYSTEM)
            continue;
        add(&sum, e->fields[i].part);
        add_text(&sum, e->fields[i].name);
        add_text(&sum, e->fields[i].value);
    }
    return sum;
}

static bool same_record(const struct seen *a, const struct event *e, uint64_t checksum)
{
    const struct event_key *x = &a->event->key, *y = &e->key;
    return a->checksum == checksum && x->time == y->time && x->record_id == y->record_id &&
           text_equal_nocase(x->computer, y->computer) && text_equal_nocase(x->channel, y->channel);
}

/* By all that same_record compares.  Partials say checksums themselves, and events can be made to have the same. */
static size_t place_of(const struct duplicates *d, const struct event *e, uint64_t checksum)
{
    struct keyed_hash h = keyed_hash_begin();
    keyed_hash_add(&h, checksum);
    keyed_hash_add(&h, e->key.time);
    keyed_hash_add(&h, e->key.record_id);
    keyed_hash_add_nocase(&h, e->key.computer);
    keyed_hash_add_nocase(&h, e->key.channel);
    return (size_t)keyed_hash_end(&h) & d->mask;
}

bool duplicates_seen(struct duplicates *d, const struct event *event, uint64_t checksum,
                     const struct input_result *input)
{
    size_t at = place_of(d, event, checksum);
    for (; d->places[at].event; at = (at + 1) & d->mask)
        if (same_record(&d->places[at], event, checksum))
            return d->places[at].input != input;
    d->places[at] = (struct seen){ event, input, checksum };
    return false;
}
