#include "form/markdown.h"

#include "form/escape.h"

/* "@name" calls a person, "http://" and "www." become links: entities are neither. */
static const char *entity_at(struct text t, size_t i)
{
    char c = t.p[i];
    if (c == '<')
        return "&lt;";
    if (c == '>')
        return "&gt;";
    if (c == '&')
        return "&amp;";
    if (c == '@')
        return "&#64;";
    if (c == ':' && i + 1 < t.n && t.p[i + 1] == '/')
        return "&#58;";
    if (c == '.' && i >= 3 && text_equal_nocase((struct text){ t.p + i - 3, 3 }, TEXT("www")))
        return "&#46;";
    return NULL;
}

void markdown_text(struct buf *out, struct text t)
{
    struct buf plain;
    buf_init(&plain);
    escape_terminal(&plain, t);
    for (size_t i = 0; i < plain.n; i++) {
        const char *entity = entity_at(buf_text(&plain), i);
        if (entity) {
            buf_add_c(out, entity);
            continue;
        }
        if (plain.p[i] && strchr("\\`*_{}[]#|~$", plain.p[i]))
            buf_add_char(out, '\\');
        buf_add_char(out, plain.p[i]);
    }
    buf_done(&plain);
}

static size_t longest_run(struct text t, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < t.n; i++) {
        run = t.p[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void repeat(struct buf *out, char c, size_t n)
{
    while (n-- > 0)
        buf_add_char(out, c);
}

void markdown_code(struct buf *out, struct text t)
{
    struct buf plain;
    buf_init(&plain);
    escape_terminal(&plain, text_trim(t));
    struct text inner = buf_text(&plain);
    bool apart = inner.n && (inner.p[0] == '`' || inner.p[inner.n - 1] == '`');
    size_t fence = longest_run(inner, '`') + 1;
    if (inner.n) {
        repeat(out, '`', fence);
        repeat(out, ' ', apart);
        buf_add(out, inner);
        repeat(out, ' ', apart);
        repeat(out, '`', fence);
    }
    buf_done(&plain);
}
