#include "catalog/error_value.h"

static bool has_word(struct text t, const char *word)
{
    struct text wanted = text_from(word);
    for (size_t at = 0; at + wanted.n <= t.n; at++)
        if (text_equal_nocase((struct text){ t.p + at, wanted.n }, wanted))
            return true;
    return false;
}

static bool speaks_of_an_error(struct text name)
{
    static const char *const words[] = { "error", "status", "code", "hresult" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (has_word(name, words[i]))
            return true;
    return false;
}

/* 0x80070005, 0xC0000022, -2147024891, 2147942405: nothing else in a log looks like that. */
static bool looks_like_one(struct text t, uint32_t code)
{
    bool hexadecimal = t.n == 10 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X');
    bool of_system = code >> 16 == 0x8007 || code >> 28 == 0xC;
    return code >= 0x80000000u && of_system && (hexadecimal || t.p[0] == '-' || t.n == 10);
}

static bool is_one(struct text name, const struct guide_event *about, size_t place, struct text value, uint32_t code)
{
    if (name.n && speaks_of_an_error(name))
        return true;
    if (about && place && place <= about->fields.count && speaks_of_an_error(about->fields.items[place - 1]))
        return true;
    return looks_like_one(value, code);
}

static size_t value_add(const struct catalog *c, struct text value, uint32_t code, struct error_value *list, size_t count)
{
    struct error_code error;
    if (code == 0 || count == ERROR_VALUES || !error_code_find(c, code, &error))
        return count;
    for (size_t i = 0; i < count; i++)
        if (list[i].error.code == error.code)
            return count;
    list[count] = (struct error_value){ value, error };
    return count + 1;
}

size_t error_values_find(const struct catalog *c, const struct guide *g, const struct event *e, struct error_value *ret)
{
    const struct guide_event *about = guide_find(g, e->key.provider, e->key.id);
    size_t count = 0, place = 0;
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *f = &e->fields[i];
        struct text value = text_trim(f->value);
        uint32_t code;
        place += f->part == EVENT_DATA;
        if (f->part != EVENT_DATA && f->part != EVENT_USER_DATA)
            continue;
        bool parameter = text_starts_with(value, TEXT("%%"));
        if (!error_code_parse(parameter ? text_from_index(value, 2) : value, &code))
            continue;
        if (parameter || is_one(f->name, about, f->part == EVENT_DATA ? place : 0, value, code))
            count = value_add(c, value, code, ret, count);
    }
    return count;
}
