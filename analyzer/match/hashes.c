/*
 * hashes.c - fields that stand inside of another one: "SHA1=..,MD5=.." of Sysmon.
 */
#include "match/matching.h"

static bool is_hash_name(struct text bare)
{
    static const char *const names[] = { "md5", "sha1", "sha256", "sha384", "sha512", "imphash" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (text_equal(bare, text_from(names[i])))
            return true;
    return false;
}

static bool find_part(struct text list, struct text name, struct text *ret)
{
    while (list.n > 0) {
        size_t n = text_find_char(list, ',');
        struct text part = text_trim((struct text){ list.p, n });
        size_t equals = text_find_char(part, '=');
        if (equals < part.n && text_equal_nocase((struct text){ part.p, equals }, name)) {
            *ret = text_from_index(part, equals + 1);
            return true;
        }
        list = text_from_index(list, n + 1);
    }
    return false;
}

bool hash_value(struct matcher *m, struct text bare, struct text *ret)
{
    static const char *const fields[] = { "Hashes", "Hash", "ConfigurationFileHash" };
    struct text list;
    for (size_t i = 0; i < COUNT_OF(fields) && is_hash_name(bare); i++)
        if (event_value(m, fields[i], &list) && find_part(list, bare, ret))
            return true;
    return false;
}
