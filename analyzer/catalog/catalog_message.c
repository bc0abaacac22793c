#include "catalog/catalog.h"

#include "base/limits.h"
#include "catalog/catalog_table.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits at `*at`, at most `most` of them; 0 when there is none or they are too many for 32 bits. */
static uint32_t digits_take(struct text t, size_t *at, size_t most)
{
    uint64_t value = 0;
    size_t start = *at;
    while (*at < t.n && *at - start < most && is_digit(t.p[*at]) && value <= UINT32_MAX)
        value = value * 10 + (uint64_t)(t.p[(*at)++] - '0');
    return value > UINT32_MAX ? 0 : (uint32_t)value;
}

/* An HRESULT of facility 7 is a system error: 0x80070005 is 5. */
static const struct catalog_entry *parameter_find(const struct catalog *c, enum parameter_table table, uint32_t code)
{
    const struct catalog_entry *found = catalog_find(&c->parameters[table], code);
    if (!found && table == PARAMETERS_SYSTEM && code >> 16 == 0x8007)
        found = catalog_find(&c->parameters[table], code & 0xFFFF);
    return found;
}

/* "access is denied (5 ERROR_ACCESS_DENIED)", "5 ERROR_ACCESS_DENIED"; rights and the like as they are. */
static void parameter_put(struct buf *out, const struct catalog_entry *entry, enum parameter_table table, uint32_t code)
{
    if (table != PARAMETERS_SYSTEM)
        buf_add(out, entry->texts[0]);
    else if (entry->count > 1)
        buf_add_format(out, "%.*s (%lu %.*s)", TEXT_ARG(entry->texts[1]), (unsigned long)code, TEXT_ARG(entry->texts[0]));
    else
        buf_add_format(out, "%lu %.*s", (unsigned long)code, TEXT_ARG(entry->texts[0]));
}

/* Every reference that Windows wrote stands at the beginning, or behind a blank or a comma; in command lines of users
 * %%TEMP%% stands anywhere. */
static bool reference_at(struct text value, size_t at)
{
    if (value.n - at < 3 || value.p[at] != '%' || value.p[at + 1] != '%' || !is_digit(value.p[at + 2]))
        return false;
    return at == 0 || strchr(" \t\r\n,", value.p[at - 1]) != NULL;
}

static bool value_put(const struct catalog *c, enum parameter_table table, struct text value, struct buf *out)
{
    bool resolved = false;
    size_t start = out->n, kept = 0, at = 0;
    /* A reference of three characters stands for many: what is behind the limit stays as it is. */
    while (table && at < value.n && out->n - start < LIMIT_EVENT_BYTES) {
        if (!reference_at(value, at)) {
            at++;
            continue;
        }
        size_t behind = at + 2;
        uint32_t code = digits_take(value, &behind, 10);
        const struct catalog_entry *entry = parameter_find(c, table, code);
        if (entry) {
            buf_add(out, (struct text){ value.p + kept, at - kept });
            parameter_put(out, entry, table, code);
            kept = behind;
            resolved = true;
        }
        at = behind;
    }
    buf_add(out, text_from_index(value, kept));
    return resolved;
}

static size_t inserts_count(const struct event *e)
{
    size_t count = 0;
    while (event_insert(e, count + 1) && count < 100) /* a template can name 99 */
        count++;
    return count;
}

static uint32_t insert_highest(struct text template)
{
    uint32_t highest = 0;
    for (size_t at = 0; at + 1 < template.n;) {
        if (template.p[at++] != '%')
            continue;
        bool number = is_digit(template.p[at]);
        uint32_t n = digits_take(template, &at, 2);
        at += !number;
        highest = n > highest ? n : highest;
    }
    return highest;
}

static struct text variant_choose(const struct catalog_entry *entry, const struct event *e)
{
    size_t values = entry->count > 1 ? inserts_count(e) : 0;
    for (size_t i = 0; i + 1 < entry->count; i++)
        if (insert_highest(entry->texts[i]) <= values)
            return entry->texts[i];
    return entry->texts[entry->count - 1];
}

static void insert_put(const struct catalog *c, const struct event *e, enum parameter_table table, uint32_t n,
                       struct buf *out)
{
    const struct event_field *insert = n ? event_insert(e, n) : NULL;
    if (insert)
        value_put(c, table, insert->value, out);
}

/* A template may name a long value again and again. */
static void template_expand(const struct catalog *c, const struct event *e, enum parameter_table table,
                            struct text template, struct buf *out)
{
    size_t start = out->n;
    for (size_t at = 0; at < template.n && out->n - start < LIMIT_EVENT_BYTES;) {
        char this = template.p[at++];
        if (this != '%' || at == template.n) {
            buf_add_char(out, this);
        } else if (is_digit(template.p[at])) {
            insert_put(c, e, table, digits_take(template, &at, 2), out);
        } else {
            buf_add_char(out, template.p[at++]);
        }
    }
}

/* Only what a collector made is a message; a field of that name elsewhere is a value. */
static struct text message_rendered(const struct event *e)
{
    for (size_t i = 0; i < e->field_count; i++)
        if (e->fields[i].part == EVENT_RENDERING && text_equal(e->fields[i].name, TEXT("Message")))
            return text_trim(e->fields[i].value);
    return TEXT("");
}

static const struct catalog_entry *message_find(const struct catalog *c, const struct catalog_provider *provider,
                                                uint32_t id)
{
    return provider ? catalog_find(&c->messages, (uint64_t)(provider - c->providers) << 32 | id) : NULL;
}

const struct text *catalog_templates(const struct catalog *c, struct text provider, uint32_t id, size_t *count)
{
    const struct catalog_entry *entry = message_find(c, catalog_provider_find(c, provider), id);
    *count = entry ? entry->count : 0;
    return entry ? entry->texts : NULL;
}

bool catalog_message(const struct catalog *c, const struct event *e, struct buf *out)
{
    struct text rendered = message_rendered(e);
    if (rendered.n) {
        buf_add(out, rendered);
        return true;
    }
    const struct catalog_provider *provider = catalog_provider_find(c, e->key.provider);
    const struct catalog_entry *entry = message_find(c, provider, e->key.id);
    if (!entry)
        return false;
    template_expand(c, e, provider->parameters, variant_choose(entry, e), out);
    return true;
}

bool catalog_value(const struct catalog *c, const struct event *e, struct text value, struct buf *out)
{
    const struct catalog_provider *provider = catalog_provider_find(c, e->key.provider);
    return value_put(c, provider ? provider->parameters : PARAMETERS_NONE, value, out);
}
