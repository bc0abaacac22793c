#include "evt/evt_channel.h"

#include "base/attr.h"
#include "base/cursor.h"
#include "evt/evt_record.h"

static bool source_is(struct bytes utf16, const char *name)
{
    size_t n = strlen(name);
    if (utf16.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (utf16.p[2 * i + 1] != 0 || ascii_lower((char)utf16.p[2 * i]) != ascii_lower(name[i]))
            return false;
    return true;
}

static struct text channel_of_source(struct bytes utf16)
{
    static const struct {
        const char *source, *channel;
    } known[] = {
        { "EventLog", "System" },        { "Service Control Manager", "System" },
        { "ClusSvc", "System" },         { "ClusDisk", "System" },
        { "ClusNet", "System" },         { "NETLOGON", "System" },
        { "Tcpip", "System" },           { "SceCli", "Application" },
        { "Userenv", "Application" },    { "LoadPerf", "Application" },
        { "MsiInstaller", "Application" }, { "DrWatson", "Application" },
        { "Security", "Security" },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (source_is(utf16, known[i].source))
            return text_from(known[i].channel);
    return TEXT("");
}

struct text evt_channel_of_records(struct evt_ring *ring, uint64_t place)
{
    struct bytes view = evt_ring_look(ring, place, EVT_LOOK_MAX);
    size_t at = 0;
    while (at + EVT_RECORD_MIN <= view.n) {
        struct evt_record record;
        size_t length = evt_record_length(bytes_part(view, at, view.n));
        if (length && evt_record_parse(bytes_part(view, at, length), false, &record)) {
            struct text channel = channel_of_source(record.source);
            if (channel.n)
                return channel;
        }
        at += length ? length : 4;
    }
    return TEXT("");
}
