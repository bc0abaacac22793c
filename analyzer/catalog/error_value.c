#include "catalog/error_value.h"

#include "catalog/catalog_table.h"
#include "catalog/error_data.h"

struct search {
    const struct catalog *catalog;
    const struct guide_event *about; /* may be NULL */
    bool audit;                      /* %%1833 is a word of the Security log, no error */
    bool own_numbers;                /* small numbers are the provider's own */
    struct error_value *list;
    size_t count;
};

static bool has_word(struct text t, const char *word)
{
    struct text wanted = text_from(word);
    for (size_t at = 0; at + wanted.n <= t.n; at++)
        if (text_equal_nocase((struct text){ t.p + at, wanted.n }, wanted))
            return true;
    return false;
}

static bool has_word_of(struct text t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_word(t, words[i]))
            return true;
    return false;
}

/* BugcheckCode 126 is stop 0x7E; ControlCode, ReasonCode and BootStatusPolicy count something else, too. */
static bool speaks_of_an_error(struct text name)
{
    static const char *const words[] = { "error", "status", "code", "hresult" };
    static const char *const others[] = { "bugcheck", "control", "policy", "reason" };
    return has_word_of(name, words, COUNT_OF(words)) && !has_word_of(name, others, COUNT_OF(others));
}

/* A service that ends with an error of its own (7024) has its own numbers; the cluster service has those of Windows. */
static bool is_end_of_other_service(const struct event *e)
{
    static const char *const cluster[] = { "clussvc", "cluster" };
    const struct event_field *service = e->key.id == 7024 ? event_insert(e, 1) : NULL;
    return service && text_equal_nocase(e->key.provider, TEXT("Service Control Manager")) &&
           !has_word_of(service->value, cluster, COUNT_OF(cluster));
}

/* Status 0x18 of Kerberos is a wrong password (RFC 4120), and Defender's Status Code 1 says that something was found. */
static bool has_own_numbers(const struct event *e, bool audit)
{
    static const char *const names[] = { "Kerberos", "Windows Defender" };
    return audit || has_word_of(e->key.provider, names, COUNT_OF(names)) || is_end_of_other_service(e);
}

static bool is_named(const struct search *s, const struct event_field *f, size_t place)
{
    const struct texts *of = s->about && place && place <= s->about->fields.count ? &s->about->fields : NULL;
    return (f->name.n && speaks_of_an_error(f->name)) || (of && speaks_of_an_error(of->items[place - 1]));
}

static bool has_letter(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if ((t.p[i] | 0x20) >= 'a' && (t.p[i] | 0x20) <= 'f')
            return true;
    return false;
}

/*
 * 0x80070005, C0000022, -2147024891, 2147942405: nothing else in a log looks like that.  Below 0x80004001 there are
 * flags; 80070005 without a letter may be a number like any other.
 */
static bool looks_like_one(struct text t, uint32_t code)
{
    bool hexadecimal = t.n == 10 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X');
    return code >= 0x80004001u && (hexadecimal || t.p[0] == '-' || t.n == 10 || (t.n == 8 && has_letter(t)));
}

static void value_add(struct search *s, struct text value, uint32_t code, bool in_data)
{
    struct error_code error;
    if (code == 0 || s->count == ERROR_VALUES || !error_code_find(s->catalog, code, &error))
        return;
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].error.code == error.code)
            return;
    s->list[s->count++] = (struct error_value){ value, error, in_data };
}

static void word_add(struct search *s, struct text word, bool named)
{
    bool parameter = text_starts_with(word, TEXT("%%"));
    uint32_t code;
    if ((parameter && s->audit) || !error_code_parse(parameter ? text_from_index(word, 2) : word, &code))
        return;
    if (parameter || (named && (!s->own_numbers || code >= 0x80000000u)) || looks_like_one(word, code))
        value_add(s, word, code, false);
}

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || c == '-' ||
           c == '_' || (unsigned char)c >= 0x80;
}

/* A small number is an error where it is the whole value only. */
static void text_add(struct search *s, struct text value, bool named)
{
    size_t at = 0;
    while (at < value.n && s->count < ERROR_VALUES) {
        size_t end = at;
        while (end < value.n && is_of_word(value.p[end]))
            end++;
        if (end > at)
            word_add(s, (struct text){ value.p + at, end - at }, named && end - at == value.n);
        at = end + 1;
    }
}

static void data_add(struct search *s, const struct event *e, struct text hex)
{
    uint32_t code;
    struct text found = error_data_find(e, hex, &code);
    if (found.n && (!s->own_numbers || code >= 0x80000000u))
        value_add(s, found, code, true);
}

size_t error_values_find(const struct catalog *c, const struct guide *g, const struct event *e, struct error_value *ret)
{
    const struct catalog_provider *provider = catalog_provider_find(c, e->key.provider);
    bool audit = provider && provider->parameters == PARAMETERS_AUDIT;
    struct search s = { c, guide_find(g, e->key.provider, e->key.id), audit, has_own_numbers(e, audit), ret, 0 };
    size_t place = 0;
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *f = &e->fields[i];
        struct text value = text_trim(f->value);
        bool data = f->part == EVENT_DATA;
        place += data;
        if (data && error_data_is(f, s.about, place))
            data_add(&s, e, value);
        else if (data || f->part == EVENT_USER_DATA)
            text_add(&s, value, is_named(&s, f, data ? place : 0));
    }
    return s.count;
}
