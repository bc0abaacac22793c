#include "rule/modifier.h"

#include "base/nearest.h"

static const struct {
    const char *name;
    enum modifier modifier;
} names[] = {
    { "contains", MOD_CONTAINS },
    { "startswith", MOD_STARTSWITH },
    { "endswith", MOD_ENDSWITH },
    { "all", MOD_ALL },
    { "neq", MOD_NEQ },
    { "cased", MOD_CASED },
    { "re", MOD_RE },
    { "i", MOD_RE_I },
    { "ignorecase", MOD_RE_I },
    { "m", MOD_RE_M },
    { "multiline", MOD_RE_M },
    { "s", MOD_RE_S },
    { "dotall", MOD_RE_S },
    { "base64", MOD_BASE64 },
    { "base64offset", MOD_BASE64OFFSET },
    { "utf16le", MOD_UTF16LE },
    { "wide", MOD_UTF16LE },
    { "utf16be", MOD_UTF16BE },
    { "utf16", MOD_UTF16 },
    { "windash", MOD_WINDASH },
    { "cidr", MOD_CIDR },
    { "lt", MOD_LT },
    { "lte", MOD_LTE },
    { "gt", MOD_GT },
    { "gte", MOD_GTE },
    { "minute", MOD_MINUTE },
    { "hour", MOD_HOUR },
    { "day", MOD_DAY },
    { "week", MOD_WEEK },
    { "month", MOD_MONTH },
    { "year", MOD_YEAR },
    { "exists", MOD_EXISTS },
    { "fieldref", MOD_FIELDREF },
    { "expand", MOD_EXPAND },
};

/* Hayabusa's older names. */
static const struct {
    const char *name, *now;
    enum modifier first, second; /* equal when there is only one */
} old_names[] = {
    { "equalsfield", "fieldref", MOD_FIELDREF, MOD_FIELDREF },
    { "endswithfield", "fieldref|endswith", MOD_FIELDREF, MOD_ENDSWITH },
};

const char *modifier_name(enum modifier modifier)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i].modifier == modifier)
            return names[i].name;
    return "";
}

bool modifiers_have(const struct modifiers *m, enum modifier modifier)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->list[i] == modifier)
            return true;
    return false;
}

struct reading {
    struct loading *l;
    const struct yaml_node *key;
    struct modifiers *m;
    bool ok;
};

static void refuse(struct reading *r, size_t at, const char *hint, const char *reason, struct text word)
{
    diag_add_inside(r->l->diags, DIAG_ERROR, "modifier", r->l->file, r->key, at, hint, "%s \"%.*s\"", reason,
                    TEXT_ARG(word));
    r->ok = false;
}

/* Whether the modifier may stand here; those in front of it are in the list. */
static void check_order(struct reading *r, enum modifier modifier, size_t at, struct text word)
{
    const struct modifiers *m = r->m;
    bool first_only = modifier == MOD_RE || modifier == MOD_CIDR;
    if (first_only && m->count > 0)
        refuse(r, at, "write it directly behind the field name", "another modifier stands in front of", word);
    bool flag = modifier == MOD_RE_I || modifier == MOD_RE_M || modifier == MOD_RE_S;
    if (flag && !modifiers_have(m, MOD_RE))
        refuse(r, at, "it is a flag of re: write |re|i", "there is no re in front of", word);
}

static void add(struct reading *r, enum modifier modifier, size_t at, struct text word)
{
    struct modifiers *m = r->m;
    check_order(r, modifier, at, word);
    m->all = m->all || modifier == MOD_ALL;
    m->neq = m->neq || modifier == MOD_NEQ;
    m->expand = m->expand || modifier == MOD_EXPAND;
    m->cased = m->cased || modifier == MOD_CASED;
    if (modifier == MOD_ALL || modifier == MOD_NEQ || modifier == MOD_EXPAND)
        return;
    if (m->count == LIMIT_MODIFIERS)
        refuse(r, at, NULL, "too many modifiers from", word);
    else
        m->list[m->count++] = modifier;
}

static bool add_old(struct reading *r, size_t at, struct text word)
{
    for (size_t i = 0; i < COUNT_OF(old_names); i++) {
        if (!text_equal(word, text_from(old_names[i].name)))
            continue;
        diag_add_inside(r->l->diags, DIAG_WARNING, "modifier", r->l->file, r->key, at, NULL,
                        "%s is an old name of %s", old_names[i].name, old_names[i].now);
        add(r, old_names[i].first, at, word);
        if (old_names[i].second != old_names[i].first)
            add(r, old_names[i].second, at, word);
        return true;
    }
    return false;
}

/* The name that starts or ends like the wrong one, as a hint. */
static const char *modifier_hint(struct arena *arena, struct text word)
{
    struct nearest nearest = nearest_begin(word);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        nearest_try(&nearest, text_from(names[i].name));
    if (nearest.best.n)
        return text_keep_format(arena, "did you mean %.*s?", TEXT_ARG(nearest.best)).p;
    return "evscan-rules(5) lists the modifiers";
}

static void add_word(struct reading *r, size_t at, struct text word)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (text_equal(word, text_from(names[i].name))) {
            add(r, names[i].modifier, at, word);
            return;
        }
    if (add_old(r, at, word))
        return;
    if (word.n == 0)
        refuse(r, at, "write a modifier behind the |, or leave the | out", "there is no modifier", word);
    else
        refuse(r, at, modifier_hint(r->l->diags->arena, word), "there is no modifier", word);
}

bool modifiers_parse(struct loading *l, const struct yaml_node *key, struct modifiers *ret)
{
    size_t bar = text_find_char(key->text, '|');
    *ret = (struct modifiers){ .field = { key->text.p, bar }, .keyword = bar == 0 };
    struct reading r = { l, key, ret, true };
    for (size_t at = bar; at < key->text.n;) {
        struct text rest = text_from_index(key->text, ++at);
        size_t n = text_find_char(rest, '|');
        add_word(&r, at, (struct text){ rest.p, n });
        at += n;
    }
    return r.ok;
}
