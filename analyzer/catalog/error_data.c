#include "catalog/error_data.h"

#define DWORD        8        /* digits */
#define AT_ERROR     (2 * 12) /* in a driver's record */
#define AT_STATUS    (2 * 20)
#define DRIVER_BYTES (2 * 40)

bool error_data_is(const struct event_field *f, const struct guide_event *about, size_t place)
{
    static const struct text data = { "BinaryData", 10 };
    bool said = about && place && place <= about->fields.count && text_equal(about->fields.items[place - 1], data);
    return said || text_equal(f->name, TEXT("Binary")) || text_equal_nocase(f->name, data);
}

static bool digit_value(char c, uint32_t *ret)
{
    bool letter = (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    *ret = letter ? (uint32_t)(c | 0x20) - 'a' + 10 : (uint32_t)c - '0';
    return letter || (c >= '0' && c <= '9');
}

static bool number_at(struct text hex, size_t at, uint32_t *ret)
{
    uint32_t number = 0;
    if (at > hex.n || hex.n - at < DWORD)
        return false;
    for (size_t i = 0; i < DWORD; i += 2) {
        uint32_t high, low;
        if (!digit_value(hex.p[at + i], &high) || !digit_value(hex.p[at + i + 1], &low))
            return false;
        number |= (high << 4 | low) << 4 * i;
    }
    *ret = number;
    return true;
}

/* 6006 of EventLog and 1074 of USER32 carry flags and reasons. */
static bool has_other_data(const struct event *e)
{
    return text_equal_nocase(e->key.provider, TEXT("EventLog")) || text_equal_nocase(e->key.provider, TEXT("USER32"));
}

static bool is_of_driver(const struct event *e, struct text hex)
{
    uint32_t identifier;
    return hex.n >= DRIVER_BYTES && number_at(hex, AT_ERROR, &identifier) && e->qualifiers <= UINT16_MAX &&
           identifier == (e->qualifiers << 16 | e->key.id);
}

struct text error_data_find(const struct event *e, struct text hex, uint32_t *ret)
{
    bool driver = is_of_driver(e, hex);
    bool last = text_ends_with(e->key.provider, TEXT("FailoverClustering")) && hex.n >= DWORD;
    size_t at = driver ? AT_STATUS : hex.n - (last ? DWORD : hex.n);
    bool known = driver || last || (hex.n == DWORD && !has_other_data(e));
    return known && number_at(hex, at, ret) ? (struct text){ hex.p + at, DWORD } : TEXT("");
}
