#include "event/event_classic.h"

#include "base/attr.h"

#define KEYWORD_CLASSIC       0x0080000000000000u
#define KEYWORD_AUDIT_SUCCESS 0x0020000000000000u
#define KEYWORD_AUDIT_FAILURE 0x0010000000000000u

enum evt_type { TYPE_SUCCESS = 0, TYPE_ERROR = 1, TYPE_WARNING = 2, TYPE_INFORMATION = 4,
                TYPE_AUDIT_SUCCESS = 8, TYPE_AUDIT_FAILURE = 16 };

bool classic_type_known(uint16_t type)
{
    return type == TYPE_SUCCESS || type == TYPE_ERROR || type == TYPE_WARNING || type == TYPE_INFORMATION ||
           type == TYPE_AUDIT_SUCCESS || type == TYPE_AUDIT_FAILURE;
}

uint32_t classic_level(uint16_t type)
{
    switch (type) {
    case TYPE_ERROR:
        return 2;
    case TYPE_WARNING:
        return 3;
    case TYPE_AUDIT_SUCCESS:
    case TYPE_AUDIT_FAILURE:
        return 0;
    default:
        return 4;
    }
}

uint64_t classic_keywords(uint16_t type)
{
    uint64_t audit = type == TYPE_AUDIT_SUCCESS   ? KEYWORD_AUDIT_SUCCESS
                     : type == TYPE_AUDIT_FAILURE ? KEYWORD_AUDIT_FAILURE
                                                  : 0;
    return KEYWORD_CLASSIC | audit;
}

static bool is_letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static struct text channel_of_word(struct text word)
{
    static const struct {
        const char *words[3];
        const char *channel;
    } logs[] = {
        { { "appevent", "application", "app" }, "Application" },
        { { "secevent", "security", "sec" }, "Security" },
        { { "sysevent", "system", "sys" }, "System" },
    };
    for (size_t i = 0; i < COUNT_OF(logs); i++)
        for (size_t j = 0; j < COUNT_OF(logs[i].words); j++)
            if (text_equal_nocase(word, text_from(logs[i].words[j])))
                return text_from(logs[i].channel);
    return TEXT("");
}

/* Behind the last separator, whichever system wrote the path. */
static struct text base_name(struct text path)
{
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '/' && path.p[at - 1] != '\\')
        at--;
    return text_from_index(path, at);
}

struct text classic_channel_of_name(struct text path)
{
    struct text name = base_name(path), found = TEXT("");
    size_t at = 0;
    while (at < name.n) {
        size_t from = at;
        while (at < name.n && is_letter(name.p[at]))
            at++;
        struct text channel = channel_of_word((struct text){ name.p + from, at - from });
        if (channel.n && found.n && !text_equal(channel, found))
            return TEXT("");
        if (channel.n)
            found = channel;
        at += at == from;
    }
    return found;
}
