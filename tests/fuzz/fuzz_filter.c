/*
 * Property: whatever is typed as a range, a level, a pattern, a zone or a moment is refused or means one thing: ranges
 * are in order and a filter made of them wants the numbers that they name, a moment that is printed is read as the
 * same, and an offset is one of whole minutes within a day.
 *
 * Input: what is typed; each line is one attempt at everything.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "show/show_filter.h"
#include "form/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MOST 64u
#define NOW        133000000000000000u

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool in_ranges(const struct ranges *r, uint64_t n)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].first <= n && n <= r->items[i].last)
            return true;
    return false;
}

static void check_ranges(struct arena *arena, struct buf *scratch, struct text line)
{
    struct show_filter f = { 0 };
    if (!ranges_add(&f.ids, arena, line))
        return;
    require(f.ids.count > 0);
    for (size_t i = 0; i < f.ids.count; i++)
        require(f.ids.items[i].first <= f.ids.items[i].last);
    for (uint32_t id = 0; id < 70000; id += 997) {
        struct event_key key = { .id = id };
        require(filter_wants(&f, &key, scratch) == in_ranges(&f.ids, id));
    }
}

static void check_levels(struct arena *arena, struct text line)
{
    struct ranges levels = { 0 };
    if (levels_add(&levels, arena, line))
        for (size_t i = 0; i < levels.count; i++)
            require(levels.items[i].first <= levels.items[i].last);
}

static void check_pattern(struct arena *arena, struct buf *scratch, struct text line)
{
    struct show_filter f = { 0 };
    struct event_key key = { .provider = line };
    patterns_add(&f.providers, arena, TEXT("*"));
    require(filter_wants(&f, &key, scratch));
    patterns_add(&f.nodes, arena, line);
    (void)filter_wants(&f, &key, scratch);
}

static void check_zone(struct text line)
{
    char name[64], iso[TIME_ISO_ROOM + 8];
    struct zone z = { 0 };
    uint64_t moment;
    if (zone_moment(&z, line, NOW, ZONE_FROM, &moment)) {
        struct text printed = zone_time(&z, moment, iso);
        uint64_t again = 0;
        require(utf8_valid(printed) && zone_moment(&z, printed, NOW, ZONE_TO, &again));
        require(again == moment);
    }
    /* Names of the system's zones are left out: they are files. */
    if (line.n >= sizeof name || line.n == 0 || !strchr("+-0123456789", line.p[0]))
        return;
    memcpy(name, line.p, line.n);
    name[line.n] = '\0';
    if (strlen(name) == line.n && zone_parse(name, &z) && !z.system)
        require(abs(zone_offset(&z, NOW)) < 24 * 3600 && zone_offset(&z, NOW) % 60 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text rest = { (const char *)data, size };
    struct arena arena;
    struct buf scratch;
    if (!utf8_valid(rest))
        return 0;
    arena_init(&arena);
    buf_init(&scratch);
    for (size_t i = 0; i < LINES_MOST && rest.n > 0; i++) {
        size_t end = text_find_char(rest, '\n');
        struct text line = { rest.p, end };
        check_ranges(&arena, &scratch, line);
        check_levels(&arena, line);
        check_pattern(&arena, &scratch, line);
        check_zone(line);
        rest = text_from_index(rest, end < rest.n ? end + 1 : end);
    }
    buf_done(&scratch);
    arena_done(&arena);
    return 0;
}
