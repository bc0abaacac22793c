#include "rule/value.h"

#include "base/limits.h"
#include "rule/encode.h"
#include "rule/expand.h"
#include "rule/regex.h"

enum value_type {
    VALUE_STRING, /* `strings`, marked */
    VALUE_NUMBER, /* `test.as.number` */
    VALUE_BOOL,
    VALUE_NULL,
    VALUE_BYTES, /* `strings`, as they are */
    VALUE_TIME,  /* a part of a date, waits for a comparison */
    VALUE_FIELD, /* `test.as.other` */
    VALUE_REGEX, /* `test`, like all that follow */
    VALUE_TEST,
};

struct value {
    struct loading *l;
    const struct yaml_node *node; /* for places */
    const struct modifiers *m;
    enum value_type type;
    struct strings strings;
    struct test test;
};

static const char *type_name(enum value_type type)
{
    static const char *const names[] = { "text",         "a number",
                                         "a boolean",    "nothing",
                                         "encoded text", "a part of a date",
                                         "a field",      "a regular expression",
                                         "a test" };
    return names[type];
}

static bool refuse_type(struct value *v, enum modifier modifier, const char *needs)
{
    REFUSE(v->l, "value", v->node, NULL, "%s needs %s, not %s", modifier_name(modifier), needs,
           type_name(v->type));
    return false;
}

static bool read_string(struct value *v)
{
    struct arena *arena = v->l->arena;
    v->type = VALUE_STRING;
    if (v->m->expand)
        return expand_value(v->l, v->node, &v->strings);
    struct buf b;
    buf_init(&b);
    sigma_string_parse(v->node->text, &b);
    strings_add(&v->strings, arena, text_keep(arena, buf_text(&b)));
    buf_done(&b);
    return true;
}

/* A plain number or boolean below a modifier for text is taken by its spelling. */
static bool want_string(struct value *v, enum modifier modifier)
{
    if (v->type == VALUE_NUMBER || v->type == VALUE_BOOL)
        return read_string(v);
    return v->type == VALUE_STRING || refuse_type(v, modifier, "text");
}

static bool want_literal(struct value *v, enum modifier modifier)
{
    if (!want_string(v, modifier))
        return false;
    for (size_t i = 0; i < v->strings.count; i++)
        if (marked_has_wildcards(v->strings.items[i])) {
            REFUSE(v->l, "value", v->node, "a literal * or ? is written \\* or \\?", "%s allows no wildcards",
                   modifier_name(modifier));
            return false;
        }
    return true;
}

static bool open_ends(struct value *v, enum modifier modifier)
{
    bool start = modifier != MOD_STARTSWITH, end = modifier != MOD_ENDSWITH;
    if (v->type == VALUE_REGEX)
        return true; /* a search is open at both ends anyhow */
    if (v->type == VALUE_FIELD) {
        v->test.as.other.open_start |= start;
        v->test.as.other.open_end |= end;
        return true;
    }
    if (!want_string(v, modifier))
        return false;
    for (size_t i = 0; i < v->strings.count; i++)
        v->strings.items[i] = marked_open(v->l->arena, v->strings.items[i], start, end);
    return true;
}

static bool make_regex(struct value *v)
{
    struct regex_flags flags = { modifiers_have(v->m, MOD_RE_I), modifiers_have(v->m, MOD_RE_M),
                                 modifiers_have(v->m, MOD_RE_S) };
    if (v->type != VALUE_STRING && v->type != VALUE_NUMBER && v->type != VALUE_BOOL)
        return refuse_type(v, MOD_RE, "a regular expression");
    v->type = VALUE_REGEX;
    return regex_compile(v->l, v->node, flags, &v->test);
}

/* Encoders take bytes: each dash of a windash becomes the five that it stands for. */
static bool want_bytes(struct value *v, enum modifier modifier)
{
    if (v->type == VALUE_BYTES)
        return true;
    if (!want_literal(v, modifier))
        return false;
    struct strings bytes = { 0 };
    for (size_t i = 0; i < v->strings.count; i++) {
        struct strings spelled = { 0 };
        if (!expand_dashes(v->l, v->strings.items[i], &spelled) || spelled.count > LIMIT_EXPANSION - bytes.count)
            return expansion_refuse(v->l, v->node, "windash gives", "spellings");
        for (size_t k = 0; k < spelled.count; k++)
            strings_add(&bytes, v->l->arena, spelled.items[k]);
    }
    v->strings = bytes;
    return true;
}

static bool make_base64(struct value *v, enum modifier modifier)
{
    struct strings encoded = { 0 };
    struct arena *arena = v->l->arena;
    if (!want_bytes(v, modifier))
        return false;
    for (size_t i = 0; i < v->strings.count; i++)
        for (size_t offset = 0; offset < (modifier == MOD_BASE64OFFSET ? 3 : 1); offset++) {
            struct text bytes = v->strings.items[i];
            struct text e = modifier == MOD_BASE64 ? encode_base64(arena, bytes)
                                                   : encode_base64_offset(arena, bytes, offset);
            if (e.n) /* an empty one would be contained in everything */
                strings_add(&encoded, arena, e);
        }
    v->strings = encoded;
    v->type = VALUE_STRING;
    if (encoded.count == 0)
        REFUSE(v->l, "value", v->node, NULL, "it is too short to be encoded");
    return encoded.count > 0;
}

static bool make_utf16(struct value *v, enum modifier modifier)
{
    if (!want_bytes(v, modifier))
        return false;
    for (size_t i = 0; i < v->strings.count; i++)
        v->strings.items[i] =
            encode_utf16(v->l->arena, v->strings.items[i], modifier == MOD_UTF16BE, modifier == MOD_UTF16);
    v->type = VALUE_BYTES;
    return true;
}

static bool make_windash(struct value *v)
{
    if (!want_string(v, MOD_WINDASH))
        return false;
    for (size_t i = 0; i < v->strings.count; i++)
        v->strings.items[i] = marked_windash(v->l->arena, v->strings.items[i]);
    return true;
}

static bool make_network(struct value *v)
{
    if (!want_literal(v, MOD_CIDR))
        return false;
    v->test = (struct test){ .kind = TEST_GROUP };
    struct test *tests = ARENA_NEW_N(v->l->arena, struct test, v->strings.count);
    for (size_t i = 0; i < v->strings.count; i++) {
        const char *wrong = network_parse(v->strings.items[i], &tests[i].as.network);
        tests[i].kind = TEST_NETWORK;
        if (wrong) {
            REFUSE(v->l, "value", v->node, "write it like 10.0.0.0/8 or fe80::/10", "no network: %s", wrong);
            return false;
        }
    }
    v->test.as.group.tests = tests;
    v->test.as.group.count = v->strings.count;
    v->type = VALUE_TEST;
    return true;
}

static bool make_comparison(struct value *v, enum modifier modifier)
{
    static const enum compare compares[] = { COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_GREATER,
                                             COMPARE_GREATER_EQUAL };
    if (v->type != VALUE_NUMBER && v->type != VALUE_TIME)
        return refuse_type(v, modifier, "a number without quotes");
    v->test.as.number.compare = compares[modifier - MOD_LT];
    v->type = VALUE_TEST;
    return true;
}

static bool make_time(struct value *v, enum modifier modifier)
{
    if (v->type != VALUE_NUMBER)
        return refuse_type(v, modifier, "a number without quotes");
    v->test.kind = TEST_TIME;
    v->test.as.number.part = (enum time_part)(TIME_MINUTE + (modifier - MOD_MINUTE));
    v->type = VALUE_TIME;
    return true;
}

static bool make_exists(struct value *v)
{
    const struct modifiers *m = v->m;
    if (m->count != 1 || m->all || m->neq || m->expand || m->keyword) {
        REFUSE(v->l, "value", v->node, NULL, "exists works alone and behind a field name only");
        return false;
    }
    if (v->type != VALUE_BOOL)
        return refuse_type(v, MOD_EXISTS, "true or false without quotes");
    v->type = VALUE_TEST;
    v->test.kind = TEST_EXISTS;
    v->test.as.exists = ascii_lower(v->node->text.p[0]) == 't';
    return true;
}

static bool make_field(struct value *v)
{
    if (!want_literal(v, MOD_FIELDREF))
        return false;
    if (v->m->keyword || v->strings.count != 1 || v->strings.items[0].n == 0) {
        REFUSE(v->l, "value", v->node, NULL, "fieldref compares one field with one other");
        return false;
    }
    v->type = VALUE_FIELD;
    v->test = (struct test){ .kind = TEST_FIELD };
    return field_use(v->l, v->node, v->strings.items[0], &v->test.as.other.field);
}

static bool apply(struct value *v, enum modifier modifier)
{
    switch (modifier) {
    case MOD_CONTAINS:
    case MOD_STARTSWITH:
    case MOD_ENDSWITH:
        return open_ends(v, modifier);
    case MOD_CASED:
        return want_string(v, modifier);
    case MOD_RE:
        return make_regex(v);
    case MOD_BASE64:
    case MOD_BASE64OFFSET:
        return make_base64(v, modifier);
    case MOD_UTF16LE:
    case MOD_UTF16BE:
    case MOD_UTF16:
        return make_utf16(v, modifier);
    case MOD_WINDASH:
        return make_windash(v);
    case MOD_CIDR:
        return make_network(v);
    case MOD_LT:
    case MOD_LTE:
    case MOD_GT:
    case MOD_GTE:
        return make_comparison(v, modifier);
    case MOD_MINUTE:
    case MOD_HOUR:
    case MOD_DAY:
    case MOD_WEEK:
    case MOD_MONTH:
    case MOD_YEAR:
        return make_time(v, modifier);
    case MOD_EXISTS:
        return make_exists(v);
    case MOD_FIELDREF:
        return make_field(v);
    case MOD_RE_I: /* taken by make_regex */
    case MOD_RE_M:
    case MOD_RE_S:
    case MOD_ALL: /* of the item, or of reading the value */
    case MOD_NEQ:
    case MOD_EXPAND:
        return true;
    }
    return true;
}

/* The type that YAML gives it. */
static bool read_value(struct value *v, const struct yaml_node *value)
{
    if (!value) {
        v->type = VALUE_NULL;
        return true;
    }
    v->node = value;
    if (value->kind != YAML_SCALAR) {
        REFUSE(v->l, "value", value, "a field has a value or a list of values", "%s cannot be a value here",
               value->kind == YAML_MAP ? "a map" : "a list inside of a list");
        return false;
    }
    switch (yaml_scalar_type(value)) {
    case YAML_TYPE_NULL:
        v->type = VALUE_NULL;
        return true;
    case YAML_TYPE_BOOL:
        v->type = VALUE_BOOL;
        return true;
    case YAML_TYPE_INT:
    case YAML_TYPE_FLOAT:
        v->type = VALUE_NUMBER;
        v->test.kind = TEST_NUMBER;
        if (number_parse(value->text, &v->test.as.number.value))
            return true;
        REFUSE(v->l, "value", value, "quote it to make it text", "the number is too large");
        return false;
    case YAML_TYPE_NOT_FINITE:
        REFUSE(v->l, "value", value, "quote it to make it text", "%.*s is no number to compare with",
               TEXT_ARG(value->text));
        return false;
    case YAML_TYPE_STRING:
        return v->m->count > 0 && v->m->list[0] == MOD_RE ? (v->type = VALUE_STRING, true) : read_string(v);
    }
    return false;
}

static bool compile_strings(struct value *v)
{
    size_t n = v->strings.count;
    struct test *tests = ARENA_NEW_N(v->l->arena, struct test, n);
    for (size_t i = 0; i < n; i++) {
        struct text marked = v->strings.items[i];
        if (v->m->keyword)
            marked = marked_open(v->l->arena, marked, true, true);
        tests[i].kind = TEST_PATTERN;
        pattern_compile(v->l->arena, marked, v->m->cased, &tests[i].as.pattern);
        if (pattern_longest_marked(&tests[i].as.pattern) > LIMIT_PATTERN_RUN) {
            REFUSE(v->l, "value", v->node, NULL, "more than %u characters around a ? or a dash",
                   LIMIT_PATTERN_RUN);
            return false;
        }
    }
    if (n == 1) {
        v->test = tests[0];
        return true;
    }
    v->test = (struct test){ .kind = TEST_GROUP };
    v->test.as.group.tests = tests;
    v->test.as.group.count = n;
    return true;
}

static bool refuse_null(struct value *v)
{
    if (v->m->keyword)
        REFUSE(v->l, "detection", v->node, "quote it, or leave it out", "nothing cannot be searched for");
    return !v->m->keyword;
}

/* What is left when all modifiers are applied becomes the test. */
static bool finish(struct value *v)
{
    switch (v->type) {
    case VALUE_STRING:
        return compile_strings(v);
    case VALUE_BOOL:
        return read_string(v) && compile_strings(v);
    case VALUE_NUMBER:
        return !v->m->keyword || (read_string(v) && compile_strings(v));
    case VALUE_NULL:
        v->test.kind = TEST_NULL;
        return refuse_null(v);
    case VALUE_BYTES:
        WARN(v->l, "value", v->node, "add |base64offset|contains", "text in UTF-16 never occurs in an event");
        v->test = (struct test){ .kind = TEST_GROUP };
        return true;
    case VALUE_TIME:
    case VALUE_FIELD:
    case VALUE_REGEX:
    case VALUE_TEST:
        return true;
    }
    return true;
}

static bool is_one_of(struct text t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(t, text_from(words[i])))
            return true;
    return false;
}

/* Words and digits that YAML 1.1 turns into booleans, octal or grouped numbers. */
static bool yaml11_differs(const struct yaml_node *node)
{
    static const char *const words[] = { "yes", "Yes", "YES", "no",  "No", "NO", "on", "On",
                                         "ON",  "off", "Off", "OFF", "y",  "Y",  "n",  "N" };
    if (!node->plain || yaml_scalar_type(node) != YAML_TYPE_STRING)
        return false;
    bool digits = node->text.n > 1 && node->text.p[0] == '0';
    for (size_t i = 0; i < node->text.n; i++)
        digits = digits && node->text.p[i] >= '0' && node->text.p[i] <= '7';
    return digits || is_one_of(node->text, words, COUNT_OF(words));
}

/* `C:\Users\*\x`: the star is literal, which is hardly what its author wanted. */
static size_t literal_star_in_path(struct text t)
{
    bool path = false;
    for (size_t i = 0; i + 1 < t.n; i++) {
        if (t.p[i] != '\\')
            continue;
        bool wildcard = t.p[i + 1] == '*' || t.p[i + 1] == '?';
        if (wildcard && path && t.p[i - 1] != '\\')
            return i;
        path = path || !wildcard;
        i += t.p[i + 1] == '\\' || wildcard;
    }
    return t.n;
}

static void warn_about(struct value *v)
{
    const struct yaml_node *node = v->node;
    if (v->type == VALUE_REGEX || node->kind != YAML_SCALAR)
        return;
    if (node->block && text_ends_with(node->text, TEXT("\n")))
        WARN(v->l, "value", node, "write |- or >- instead", "the value ends with a line break");
    if (yaml11_differs(node))
        WARN(v->l, "value", node, "quote it", "other tools read %.*s as a boolean or a number",
             TEXT_ARG(node->text));
    size_t at = literal_star_in_path(node->text);
    if (at < node->text.n)
        diag_add_inside(v->l->diags, DIAG_WARNING, "value", v->l->file, node, at,
                        "write \\\\ in front of a wildcard behind a backslash",
                        "the backslash makes this wildcard a plain character");
}

bool value_compile(struct loading *l, const struct yaml_node *key, const struct modifiers *m,
                   const struct yaml_node *value, struct test *ret)
{
    struct value v = { .l = l, .node = key, .m = m };
    if (!read_value(&v, value))
        return false;
    for (size_t i = 0; i < m->count; i++)
        if (!apply(&v, m->list[i]))
            return false;
    if (value)
        warn_about(&v);
    if (!finish(&v))
        return false;
    *ret = v.test;
    return true;
}
