#include "catalog/error_code.h"

#include <string.h>

#include "catalog/catalog_table.h"

static const struct catalog_table *system_errors(const struct catalog *c)
{
    return &c->parameters[PARAMETERS_SYSTEM];
}

/*
 * C0000022 as drivers print it, 000006BA as Cluster Administrator does.  What could be decimal is, but for eight digits
 * that are no decimal code: those of Win32 have five at most.
 */
static bool parse_bare_hex(struct text t, uint32_t *ret)
{
    char digits[] = "0x00000000";
    uint64_t value, decimal;
    if (t.n != 8)
        return false;
    memcpy(digits + 2, t.p, 8);
    if (!text_to_u64((struct text){ digits, 10 }, &value) || (value < 0x80000000u && text_to_u64(t, &decimal)))
        return false;
    *ret = (uint32_t)value;
    return true;
}

bool error_code_parse(struct text t, uint32_t *ret)
{
    uint64_t value;
    if (parse_bare_hex(t, ret))
        return true;
    bool negative = t.n > 1 && t.p[0] == '-';
    if (!text_to_u64(negative ? text_from_index(t, 1) : t, &value) || value > (negative ? 1ull << 31 : UINT32_MAX))
        return false;
    *ret = (uint32_t)(negative ? 0 - value : value);
    return true;
}

static bool wraps_win32(uint32_t code)
{
    return code >> 16 == 0x8007 || code >> 16 == 0xC007;
}

/* As HRESULT and as Win32 code; most HRESULTs have no name but that of what they carry. */
static struct text name_in_other_form(const struct catalog *c, uint32_t code)
{
    uint32_t other = wraps_win32(code) ? code & 0xFFFF : 0x80070000 | code;
    const struct catalog_entry *entry = wraps_win32(code) || code <= 0xFFFF ? catalog_find(system_errors(c), other) : NULL;
    bool own = entry && !text_starts_with(entry->texts[0], TEXT("HRESULT_FROM_WIN32("));
    return own ? entry->texts[0] : TEXT("");
}

static struct error_code code_make(const struct catalog *c, const struct catalog_entry *entry)
{
    uint32_t code = (uint32_t)entry->key;
    return (struct error_code){ code, entry->texts[0], entry->count > 1 ? entry->texts[1] : TEXT(""),
                                name_in_other_form(c, code) };
}

/* Bit 28 marks an NTSTATUS that is shown as an HRESULT. */
static uint32_t without_nt_mark(uint32_t code)
{
    return (code & 0xF0000000) == 0xD0000000 ? code & ~0x10000000u : code;
}

bool error_code_find(const struct catalog *c, uint32_t code, struct error_code *ret)
{
    code = without_nt_mark(code);
    const struct catalog_entry *entry = wraps_win32(code) ? catalog_find(system_errors(c), code & 0xFFFF) : NULL;
    if (!entry)
        entry = catalog_find(system_errors(c), code);
    if (entry)
        *ret = code_make(c, entry);
    return entry != NULL;
}

bool error_code_by_name(const struct catalog *c, struct text name, struct error_code *ret)
{
    const struct catalog_table *t = system_errors(c);
    for (size_t i = 0; i < t->count; i++)
        if (text_equal_nocase(t->items[i].texts[0], name)) {
            *ret = code_make(c, &t->items[i]);
            return true;
        }
    return false;
}

size_t error_code_count(const struct catalog *c)
{
    return system_errors(c)->count;
}

struct error_code error_code_at(const struct catalog *c, size_t index)
{
    return code_make(c, &system_errors(c)->items[index]);
}

void error_code_put(struct buf *out, uint32_t code)
{
    buf_add_format(out, code >= 0x80000000u ? "0x%08lX" : "%lu", (unsigned long)code);
}
