#include "event/event_system.h"

enum system_member system_member(struct text element, struct text attribute)
{
    static const struct {
        struct text element, attribute;
        enum system_member member;
    } table[] = {
        { TEXT("Provider"), TEXT("Name"), SYSTEM_PROVIDER },
        { TEXT("EventID"), TEXT(""), SYSTEM_EVENT_ID },
        { TEXT("EventID"), TEXT("Qualifiers"), SYSTEM_QUALIFIERS },
        { TEXT("Level"), TEXT(""), SYSTEM_LEVEL },
        { TEXT("Task"), TEXT(""), SYSTEM_TASK },
        { TEXT("Keywords"), TEXT(""), SYSTEM_KEYWORDS },
        { TEXT("TimeCreated"), TEXT("SystemTime"), SYSTEM_TIME },
        { TEXT("EventRecordID"), TEXT(""), SYSTEM_RECORD_ID },
        { TEXT("Channel"), TEXT(""), SYSTEM_CHANNEL },
        { TEXT("Computer"), TEXT(""), SYSTEM_COMPUTER },
        { TEXT("Security"), TEXT("UserID"), SYSTEM_USER },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (text_equal(element, table[i].element) && text_equal(attribute, table[i].attribute))
            return table[i].member;
    return SYSTEM_OTHER;
}

struct event_key key_unknown(void)
{
    return (struct event_key){ .id = EVENT_ID_NONE, .provider = TEXT(""), .channel = TEXT(""), .computer = TEXT("") };
}

static bool set_u32(struct text value, uint32_t *ret)
{
    uint64_t number;
    if (!text_to_u64(value, &number) || number >= UINT32_MAX)
        return false;
    *ret = (uint32_t)number;
    return true;
}

bool system_key_set(struct event_key *key, enum system_member member, struct text value)
{
    switch (member) {
    case SYSTEM_PROVIDER:
        key->provider = value;
        return true;
    case SYSTEM_CHANNEL:
        key->channel = value;
        return true;
    case SYSTEM_COMPUTER:
        key->computer = value;
        return true;
    case SYSTEM_EVENT_ID:
        return set_u32(value, &key->id);
    case SYSTEM_LEVEL:
        return set_u32(value, &key->level);
    case SYSTEM_RECORD_ID:
        return text_to_u64(value, &key->record_id);
    case SYSTEM_TIME:
        return time_parse(value, &key->time);
    default:
        return false;
    }
}

bool system_set(struct event *e, enum system_member member, struct text value)
{
    switch (member) {
    case SYSTEM_EVENT_ID:
        e->event_id = value;
        set_u32(value, &e->key.id);
        return true;
    case SYSTEM_QUALIFIERS:
        return set_u32(value, &e->qualifiers);
    case SYSTEM_TASK:
        return set_u32(value, &e->task);
    case SYSTEM_KEYWORDS:
        return text_to_u64(value, &e->keywords);
    case SYSTEM_USER:
        e->user_sid = value;
        return true;
    default:
        return system_key_set(&e->key, member, value);
    }
}
