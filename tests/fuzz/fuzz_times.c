/*
 * Property: whatever text is given as a time, what is accepted is shown as a time that means the same; any 64 bits
 * are shown within TIME_ISO_ROOM.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/times.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_shown(uint64_t filetime)
{
    char out[TIME_ISO_ROOM];
    for (int digits = 0; digits <= 7; digits++)
        require(time_iso(filetime, digits, out).n < TIME_ISO_ROOM);
    uint64_t back = 0;
    bool is_time = filetime < FILETIME_MAX;
    require(time_parse(time_iso(filetime, 7, out), &back) == is_time);
    require(!is_time || back == filetime);
    require(time_span(filetime, out).n < TIME_ISO_ROOM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t filetime = 0;
    if (time_parse((struct text){ (const char *)data, size }, &filetime)) {
        bool any;
        uint64_t same = 0;
        require(filetime < FILETIME_MAX);
        require(time_parse_typed((struct text){ (const char *)data, size }, &same, &any) && same == filetime);
        check_shown(filetime);
    }
    uint64_t typed = 0;
    bool placed = false;
    if (time_parse_typed((struct text){ (const char *)data, size }, &typed, &placed)) {
        require(typed < FILETIME_MAX);
        check_shown(typed);
    }
    check_shown(bytes_u64((struct bytes){ data, size }, 0));
    return 0;
}
