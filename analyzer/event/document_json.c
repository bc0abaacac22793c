/* The tree as one line of JSON. */
#include <stdlib.h>

#include "base/markup.h"
#include "event/document.h"

/* How often an element had a member of that name: a table with open places, as names can be as many as elements. */
struct seen {
    const struct document_node *parent;
    struct text name;
    unsigned count;
};

struct json {
    struct buf *out;
    struct seen *seen;
    size_t mask;
};

static void put_string(struct json *j, struct text t)
{
    buf_add_char(j->out, '"');
    char *to = buf_reserve(j->out, markup_room(t.n));
    j->out->n += markup_utf8(MARKUP_JSON, t, to);
    buf_add_char(j->out, '"');
}

static size_t hash_of(const struct document_node *parent, struct text name)
{
    return (size_t)(((text_hash(name) ^ (uint64_t)(uintptr_t)parent) * 0x9E3779B97F4A7C15u) >> 32);
}

/* How often `parent` had a member of that name before.  There are more places than elements: one is always free. */
static unsigned seen_before(struct json *j, const struct document_node *parent, struct text name)
{
    size_t at = hash_of(parent, name) & j->mask;
    while (j->seen[at].parent && !(j->seen[at].parent == parent && text_equal(j->seen[at].name, name)))
        at = (at + 1) & j->mask;
    if (!j->seen[at].parent)
        j->seen[at] = (struct seen){ parent, name, 0 };
    return j->seen[at].count++;
}

static void put_member(struct json *j, const struct document_node *parent, struct text name, bool *first)
{
    unsigned before = seen_before(j, parent, name);
    buf_add_char(j->out, *first ? '{' : ',');
    *first = false;
    put_string(j, name);
    if (before) {
        j->out->n--;
        buf_add_format(j->out, "_%u\"", before);
    }
    buf_add_char(j->out, ':');
}

/* ---- values ---- */

static bool is_number(struct text t)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] < '0' || t.p[i] > '9')
            return false;
    return t.n && t.n < 20 && (t.n == 1 || t.p[0] != '0');
}

static bool is_one_of(struct text name, const char *const *names)
{
    for (; *names; names++)
        if (text_equal(name, text_from(*names)))
            return true;
    return false;
}

/* Members of System that are numbers in every event. */
static bool is_bare(const struct document_node *element, struct text attribute, struct text value)
{
    static const char *const elements[] = { "EventID", "Version", "Level", "Task", "Opcode", "EventRecordID", NULL };
    static const char *const attributes[] = { "Qualifiers", "ProcessID", "ThreadID",   "ProcessorID",
                                              "SessionID",  "KernelTime", "UserTime", "ProcessorTime", NULL };
    bool of_system = element->parent && text_equal(element->parent->name, TEXT("System"));
    return of_system && is_number(value) &&
           (attribute.n ? is_one_of(attribute, attributes) : is_one_of(element->name, elements));
}

static void put_scalar(struct json *j, const struct document_node *element, struct text attribute, struct text value)
{
    if (is_bare(element, attribute, value))
        buf_add(j->out, value);
    else
        put_string(j, value);
}

static void put_attributes(struct json *j, const struct document_node *n)
{
    buf_add_c(j->out, "{\"#attributes\":");
    char before = '{';
    for (const struct document_node *a = n->attributes; a; a = a->next) {
        buf_add_char(j->out, before);
        put_string(j, a->name);
        buf_add_char(j->out, ':');
        put_scalar(j, n, a->name, a->value);
        before = ',';
    }
    buf_add_char(j->out, '}');
}

/* All text of an element in one; blanks between its elements are none of it. */
static struct text text_of(const struct document_node *n, struct buf *joined)
{
    joined->n = 0;
    for (const struct document_node *item = n->content; item; item = item->next)
        if (!item->name.n)
            buf_add(joined, item->value);
    struct text t = joined->n ? buf_text(joined) : TEXT("");
    return n->has_elements && text_trim(t).n == 0 ? TEXT("") : t;
}

/* ---- Data ---- */

static bool is_data(const struct document_node *n)
{
    return n->parent && text_equal(n->name, TEXT("Data")) &&
           (text_equal(n->parent->name, TEXT("EventData")) || text_equal(n->parent->name, TEXT("UserData")));
}

/* "" for a Data without one: only an attribute that comes first is its name. */
static struct text data_name(const struct document_node *n)
{
    const struct document_node *a = n->attributes;
    return a && text_equal(a->name, TEXT("Name")) ? a->value : TEXT("");
}

static void put_value(struct json *j, const struct document_node *n);

static const struct document_node *next_element(const struct document_node *n)
{
    while (n && !n->name.n)
        n = n->next;
    return n;
}

static bool same_run(const struct document_node *first, const struct document_node *n)
{
    return n && is_data(n) && text_equal(data_name(n), data_name(first));
}

/* Several of one name in a row.  Returns what comes behind them. */
static const struct document_node *put_named(struct json *j, const struct document_node *first, bool *begin)
{
    const struct document_node *second = next_element(first->next), *n = first;
    bool array = same_run(first, second);
    put_member(j, first->parent, data_name(first), begin);
    if (array)
        buf_add_char(j->out, '[');
    for (; same_run(first, n); n = next_element(n->next)) {
        if (n != first)
            buf_add_char(j->out, ',');
        put_value(j, n);
    }
    if (array)
        buf_add_char(j->out, ']');
    return n;
}

static const struct document_node *next_unnamed(const struct document_node *n)
{
    while (n && !(n->name.n && is_data(n) && data_name(n).n == 0))
        n = n->next;
    return n;
}

static void put_unnamed(struct json *j, const struct document_node *first, bool *begin)
{
    bool array = next_unnamed(first->next);
    put_member(j, first->parent, TEXT("Data"), begin);
    buf_add_c(j->out, array ? "{\"#text\":[" : "{\"#text\":");
    for (const struct document_node *n = first; n; n = next_unnamed(n->next)) {
        if (n != first)
            buf_add_char(j->out, ',');
        put_value(j, n);
    }
    buf_add_c(j->out, array ? "]}" : "}");
}

/* ---- elements ---- */

static void put_children(struct json *j, const struct document_node *parent, bool *begin)
{
    bool unnamed = false;
    for (const struct document_node *n = next_element(parent->content); n;) {
        if (!is_data(n)) {
            put_member(j, parent, n->name, begin);
            put_value(j, n);
        } else if (data_name(n).n) {
            n = put_named(j, n, begin);
            continue;
        } else if (!unnamed) {
            put_unnamed(j, n, begin);
            unnamed = true;
        }
        n = next_element(n->next);
    }
}

/* As deep as the tree: LIMIT_ELEMENT_DEPTH. */
static void put_value(struct json *j, const struct document_node *n)
{
    struct buf joined;
    buf_init(&joined);
    struct text text = text_of(n, &joined);
    bool attributes = n->attributes && !is_data(n), begin = !attributes;
    if (attributes)
        put_attributes(j, n);
    if (text.n && (attributes || n->has_elements)) {
        buf_add_c(j->out, begin ? "{\"#text\":" : ",\"#text\":");
        begin = false;
    }
    if (text.n)
        put_scalar(j, n, TEXT(""), text);
    put_children(j, n, &begin);
    if (!begin)
        buf_add_char(j->out, '}');
    else if (!text.n)
        buf_add_c(j->out, is_data(n) ? "\"\"" : "null");
    buf_done(&joined);
}

void document_json(const struct document *d, struct buf *out)
{
    size_t places = 16;
    while (places < 2 * d->count)
        places *= 2;
    struct json j = { out, memory_new(places * sizeof *j.seen), places - 1 };
    memset(j.seen, 0, places * sizeof *j.seen);
    bool begin = true;
    put_children(&j, &d->root, &begin);
    if (!begin)
        buf_add_char(out, '}');
    free(j.seen);
}
