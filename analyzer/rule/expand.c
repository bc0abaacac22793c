#include "rule/expand.h"

#include "base/limits.h"

void strings_add(struct strings *s, struct arena *arena, struct text t)
{
    s->items = arena_grow(arena, s->items, s->count, &s->capacity, sizeof *s->items);
    s->items[s->count++] = t;
}

static struct text join(struct arena *arena, struct text a, struct text b)
{
    char *p = arena_alloc(arena, a.n + b.n);
    if (a.n)
        memcpy(p, a.p, a.n);
    if (b.n)
        memcpy(p + a.n, b.p, b.n);
    return (struct text){ p, a.n + b.n };
}

/* Every string so far, followed by every one of `tails`.  False when that is too much. */
static bool multiply(struct loading *l, struct strings *s, const struct text *tails, size_t count)
{
    struct strings product = { 0 };
    if (count && s->count > LIMIT_EXPANSION / count)
        return false;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < count; k++) {
            struct text t = join(l->arena, s->items[i], tails[k]);
            strings_add(&product, l->arena, t);
            l->expansion_bytes += t.n + sizeof t;
            if (l->expansion_bytes > LIMIT_EXPANSION_BYTES)
                return false;
        }
    *s = product;
    return true;
}

bool expansion_refuse(struct loading *l, const struct yaml_node *value, const char *what, const char *texts)
{
    if (l->expansion_bytes > LIMIT_EXPANSION_BYTES)
        REFUSE(l, "value", value, "load fewer rules at once, or write what is meant",
               "the texts that placeholders and dashes of the rules stand for take more than %u MiB",
               LIMIT_EXPANSION_BYTES >> 20);
    else
        REFUSE(l, "value", value, "split it", "%s more than %u %s", what, LIMIT_EXPANSION, texts);
    return false;
}

static bool is_name_char(char c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
}

/* The name between two percent signs at `at`; empty when there is none.  Published rules have hyphens in
 * them. */
static struct text name_at(struct text t, size_t at)
{
    size_t end = at + 1;
    while (end < t.n && (is_name_char(t.p[end]) || (end > at + 1 && t.p[end] == '-')))
        end++;
    bool closed = end < t.n && t.p[end] == '%';
    return (struct text){ t.p + at + 1, closed ? end - at - 1 : 0 };
}

static struct text marked(struct arena *arena, struct text t)
{
    struct buf b;
    buf_init(&b);
    sigma_string_parse(t, &b);
    struct text kept = text_keep(arena, buf_text(&b));
    buf_done(&b);
    return kept;
}

static bool refuse(struct loading *l, const struct yaml_node *value)
{
    return expansion_refuse(l, value, "the placeholders have", "combinations");
}

static const struct placeholder *find(const struct loading *l, struct text name)
{
    for (size_t i = 0; i < l->placeholder_count; i++)
        if (text_equal(l->placeholders[i].name, name))
            return &l->placeholders[i];
    return NULL;
}

static bool append_values(struct loading *l, const struct yaml_node *value, size_t at, struct text name,
                          struct strings *ret)
{
    const struct placeholder *p = find(l, name);
    if (!p) {
        diag_add_inside(l->diags, DIAG_ERROR, "placeholder", l->file, value, at,
                        "write its values into a .pipeline.yaml file beside the rules, below placeholders",
                        "nothing is known to stand for %%%.*s%%", TEXT_ARG(name));
        return false;
    }
    struct strings words = { 0 };
    for (size_t i = 0; i < p->count; i++) {
        struct text word = marked(l->arena, p->values[i]);
        strings_add(&words, l->arena, word);
        l->expansion_bytes += word.n + sizeof word;
    }
    return multiply(l, ret, words.items, words.count) || refuse(l, value);
}

/* Up to the next placeholder or literal percent sign. */
static size_t literal_length(struct text t, size_t at)
{
    size_t end = at;
    while (end < t.n) {
        bool percent = t.p[end] == '%' && name_at(t, end).n > 0;
        bool escaped = t.p[end] == '\\' && end + 1 < t.n && t.p[end + 1] == '%';
        if (percent || escaped)
            break;
        end += t.p[end] == '\\' && end + 1 < t.n && t.p[end + 1] == '\\' ? 2 : 1;
    }
    return end - at;
}

bool expand_value(struct loading *l, const struct yaml_node *value, struct strings *ret)
{
    struct text t = value->text, empty = TEXT("");
    if (l->expansion_bytes > LIMIT_EXPANSION_BYTES)
        return refuse(l, value);
    strings_add(ret, l->arena, empty);
    for (size_t at = 0; at < t.n;) {
        size_t n = literal_length(t, at);
        struct text literal = marked(l->arena, (struct text){ t.p + at, n });
        if (!multiply(l, ret, &literal, 1))
            return refuse(l, value);
        at += n;
        if (at < t.n && t.p[at] == '\\') {
            if (!multiply(l, ret, &(struct text){ "%", 1 }, 1))
                return refuse(l, value);
            at += 2;
        } else if (at < t.n) {
            struct text name = name_at(t, at);
            if (!append_values(l, value, at, name, ret))
                return false;
            at += name.n + 2;
        }
    }
    return true;
}

bool expand_dashes(struct loading *l, struct text t, struct strings *ret)
{
    struct text empty = TEXT("");
    strings_add(ret, l->arena, empty);
    for (size_t at = 0; at < t.n;) {
        size_t n = text_find_char(text_from_index(t, at), MARK_DASH);
        if (!multiply(l, ret, &(struct text){ t.p + at, n }, 1))
            return false;
        at += n;
        if (at < t.n && !multiply(l, ret, dash_spellings, DASH_COUNT))
            return false;
        at++;
    }
    return true;
}
