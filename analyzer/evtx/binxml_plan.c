#include "evtx/binxml_plan.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/markup.h"
#include "base/utf.h"
#include "evtx/binxml_flat.h"

struct open_element {
    uint32_t op;
    uint32_t last_value; /* 0: none yet */
    uint32_t attributes;
};

struct compiler {
    struct arena *arena;
    struct plan *plan;
    struct open_element open[LIMIT_ELEMENT_DEPTH];
    size_t depth;
    uint32_t attribute; /* op of the attribute being read */
    bool in_attribute;
};

static struct text keep_utf16(struct arena *arena, struct bytes utf16)
{
    char room[256], *out = room;
    if (utf8_room(utf16.n) > sizeof room)
        out = arena_alloc(arena, utf8_room(utf16.n));
    struct text t = { out, utf8_from_utf16le(utf16, out) };
    return out == room ? text_keep(arena, t) : t;
}

static struct text character(struct arena *arena, uint32_t code)
{
    char out[4];
    if (code == 0 || (code >= 0xD800 && code < 0xE000))
        code = UTF_REPLACEMENT;
    return text_keep(arena, (struct text){ out, utf8_put(code, out) });
}

static struct text entity(struct arena *arena, struct bytes name)
{
    static const char *const known[][2] = {
        { "quot", "\"" }, { "amp", "&" }, { "lt", "<" }, { "gt", ">" }, { "apos", "'" },
    };
    struct text t = keep_utf16(arena, name);
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (text_equal(t, text_from(known[i][0])))
            return text_from(known[i][1]);
    return text_keep_format(arena, "&%.*s;", TEXT_ARG(t));
}

static void attribute_close(struct compiler *c)
{
    if (c->in_attribute)
        c->plan->ops[c->attribute].end = c->plan->count;
    c->in_attribute = false;
}

static void add_value(struct compiler *c, struct plan_op *op, const struct flat_token *item)
{
    struct open_element *owner = &c->open[c->depth - 1];
    op->kind = PLAN_VALUE;
    op->type = item->type;
    op->optional = item->token == BINXML_OPTIONAL;
    op->index = (uint16_t)item->index;
    c->plan->ops[owner->last_value ? owner->last_value : owner->op].values = c->plan->count;
    owner->last_value = c->plan->count;
    if (item->index >= c->plan->value_count)
        c->plan->value_count = item->index + 1;
}

static void add_element(struct compiler *c, struct plan_op *op, const struct flat_token *item)
{
    op->kind = PLAN_ELEMENT;
    op->index = (uint16_t)item->index;
    op->text = keep_utf16(c->arena, item->utf16);
    c->open[c->depth++] = (struct open_element){ .op = c->plan->count };
}

static void add_end(struct compiler *c, struct plan_op *op, bool empty_tag)
{
    op->kind = PLAN_END;
    op->empty_tag = empty_tag;
    c->plan->ops[c->open[--c->depth].op].end = c->plan->count;
}

static void add_literal(struct compiler *c, struct plan_op *op, enum plan_kind kind, struct bytes utf16)
{
    op->kind = kind;
    op->text = keep_utf16(c->arena, utf16);
}

/* An attribute of the element being read, one of its first, has that name already, as it is or as XML has it. */
static bool name_taken(const struct compiler *c, const struct plan_op *name)
{
    uint32_t seen = 0;
    for (uint32_t i = c->open[c->depth - 1].op + 1; i < c->plan->count && seen < LIMIT_TOLD_APART; i++) {
        const struct plan_op *op = &c->plan->ops[i];
        if (op->kind != PLAN_ATTRIBUTE)
            continue;
        if (text_equal(op->text, name->text) || text_equal(op->xml, name->xml))
            return true;
        seen++;
    }
    return false;
}

/*
 * Neither XML nor JSON has two attributes of one name, and no producer writes them.  In a damaged or hostile stream the
 * second one gets a number behind its name; so does, unseen, each one behind the first LIMIT_TOLD_APART.
 */
static void attribute_tell_apart(struct compiler *c, struct plan_op *op)
{
    struct open_element *owner = &c->open[c->depth - 1];
    struct text name = op->text;
    uint32_t number = ++owner->attributes;
    bool many = number > LIMIT_TOLD_APART;
    while (many || name_taken(c, op)) {
        op->text = text_keep_format(c->arena, "%.*s_%u", TEXT_ARG(name), number++);
        plan_op_markup(c->arena, op);
        many = false;
    }
}

static void add_op(struct compiler *c, const struct flat_token *item)
{
    struct plan_op *op = &c->plan->ops[c->plan->count];
    op->in_attribute = c->in_attribute;
    switch (item->token) {
    case BINXML_ELEMENT:
        add_element(c, op, item);
        break;
    case BINXML_EMPTY:
    case BINXML_END:
        add_end(c, op, item->token == BINXML_EMPTY);
        break;
    case BINXML_ATTRIBUTE:
        add_literal(c, op, PLAN_ATTRIBUTE, item->utf16);
        c->attribute = c->plan->count;
        c->in_attribute = true;
        break;
    case BINXML_TEXT:
        add_literal(c, op, PLAN_TEXT, item->utf16);
        break;
    case BINXML_CDATA:
        add_literal(c, op, PLAN_CDATA, item->utf16);
        break;
    case BINXML_PI_TARGET:
        add_literal(c, op, PLAN_PI_TARGET, item->utf16);
        break;
    case BINXML_PI_DATA:
        add_literal(c, op, PLAN_PI_DATA, item->utf16);
        break;
    case BINXML_CHARACTER:
        op->kind = PLAN_CHARACTER;
        op->text = character(c->arena, item->index);
        break;
    case BINXML_ENTITY:
        op->kind = PLAN_ENTITY;
        op->text = entity(c->arena, item->utf16);
        break;
    case BINXML_INSTANCE:
        op->kind = PLAN_INSTANCE;
        op->place = item->place;
        break;
    default:
        add_value(c, op, item);
    }
    plan_op_markup(c->arena, op);
    if (op->kind == PLAN_ATTRIBUTE)
        attribute_tell_apart(c, op);
    c->plan->count++;
}

static bool ends_attribute(unsigned token)
{
    return token == BINXML_ATTRIBUTE || token == BINXML_CONTENT || token == BINXML_EMPTY;
}

static size_t count_items(struct bytes flat)
{
    size_t count = 0;
    struct flat_token item;
    for (struct cursor in = cursor_at(flat, 0); cursor_left(&in); count++)
        flat_next(&in, &item);
    return count;
}

static struct text keep_markup(struct arena *arena, enum markup form, struct text t)
{
    char room[256], *out = room;
    if (markup_is_plain(form, t))
        return t;
    if (markup_room(t.n) > sizeof room)
        out = memory_new(markup_room(t.n));
    struct text escaped = { out, markup_utf8(form, t, out) };
    struct text kept = text_equal(escaped, t) ? t : text_keep(arena, escaped);
    if (out != room)
        free(out);
    return kept;
}

/*
 * Letters beyond ASCII that stand in names by every edition of XML 1.0: Latin, Greek, Cyrillic, Hebrew, kana, Han, Hangul.
 * The fifth edition has many more, but expat, and all that is built on it, does not read a document with one of them.
 */
static const struct {
    uint32_t first, last;
} letters[] = {
    { 0xC0, 0xD6 },     { 0xD8, 0xF6 },     { 0xF8, 0x131 },    { 0x134, 0x13E },   { 0x141, 0x148 },
    { 0x14A, 0x17E },   { 0x38E, 0x3A1 },   { 0x3A3, 0x3CE },   { 0x401, 0x40C },   { 0x40E, 0x44F },
    { 0x451, 0x45C },   { 0x5D0, 0x5EA },   { 0x3041, 0x3094 }, { 0x30A1, 0x30FA }, { 0x4E00, 0x9FA5 },
    { 0xAC00, 0xD7A3 },
};

static bool in_xml_name(uint32_t c, bool first)
{
    if (c < 0x80) {
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == ':';
        return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
    }
    for (size_t i = 0; i < COUNT_OF(letters); i++)
        if (c >= letters[i].first && c <= letters[i].last)
            return true;
    return false;
}

static struct text xml_name(struct arena *arena, struct text name)
{
    char *out = arena_alloc(arena, name.n + 1);
    size_t n = 0;
    bool good = name.n > 0;
    for (size_t at = 0, from = 0; at < name.n; from = at) {
        bool stands = in_xml_name(utf8_next(name, &at), from == 0);
        memcpy(out + n, stands ? name.p + from : "_", stands ? at - from : 1);
        n += stands ? at - from : 1;
        good &= stands;
    }
    if (good)
        return name;
    return n ? (struct text){ out, n } : TEXT("_");
}

void plan_op_markup(struct arena *arena, struct plan_op *op)
{
    op->json = keep_markup(arena, MARKUP_JSON, op->text);
    if (op->kind == PLAN_ELEMENT || op->kind == PLAN_ATTRIBUTE)
        op->xml = xml_name(arena, op->text);
    else
        op->xml = keep_markup(arena, op->in_attribute ? MARKUP_XML_ATTRIBUTE : MARKUP_XML_TEXT, op->text);
}

struct plan *plan_compile(struct arena *arena, struct bytes flat)
{
    struct compiler c = { .arena = arena, .plan = ARENA_NEW(arena, struct plan) };
    struct flat_token item;
    c.plan->ops = ARENA_NEW_N(arena, struct plan_op, count_items(flat));
    for (struct cursor in = cursor_at(flat, 0); cursor_left(&in);) {
        flat_next(&in, &item);
        if (ends_attribute(item.token))
            attribute_close(&c);
        if (item.token != BINXML_CONTENT)
            add_op(&c, &item);
    }
    return c.plan;
}
