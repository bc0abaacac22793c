/* The tree as one line of XML. */
#include "base/markup.h"
#include "event/document.h"

static void put(struct buf *out, enum markup form, struct text t)
{
    char *to = buf_reserve(out, markup_room(t.n));
    out->n += markup_utf8(form, t, to);
}

/* Blanks between elements were put there by whoever wrote the text that was parsed. */
static bool is_content(const struct document_node *n, const struct document_node *item)
{
    return item->name.n || !n->has_elements || text_trim(item->value).n;
}

static bool has_content(const struct document_node *n)
{
    for (const struct document_node *item = n->content; item; item = item->next)
        if (is_content(n, item))
            return true;
    return text_equal(n->name, TEXT("Data")) || text_equal(n->name, TEXT("EventData"));
}

/* As deep as the tree: LIMIT_ELEMENT_DEPTH. */
static void put_element(struct buf *out, const struct document_node *n)
{
    buf_add_char(out, '<');
    buf_add(out, n->name);
    for (const struct document_node *a = n->attributes; a; a = a->next) {
        buf_add_char(out, ' ');
        buf_add(out, a->name);
        buf_add_c(out, "='");
        put(out, MARKUP_XML_ATTRIBUTE, a->value);
        buf_add_char(out, '\'');
    }
    if (!has_content(n)) {
        buf_add_c(out, "/>");
        return;
    }
    buf_add_char(out, '>');
    for (const struct document_node *item = n->content; item; item = item->next)
        if (item->name.n)
            put_element(out, item);
        else if (is_content(n, item))
            put(out, MARKUP_XML_TEXT, item->value);
    buf_add_c(out, "</");
    buf_add(out, n->name);
    buf_add_char(out, '>');
}

void document_xml(const struct document *d, struct buf *out)
{
    for (const struct document_node *n = d->root.content; n; n = n->next)
        put_element(out, n);
}
