/*
 * Property: whatever a catalog holds and whatever values an event has, a sentence is valid UTF-8 of bounded length and the
 * same a second time, and when there is none nothing was added to the output.
 *
 * Input: a catalog up to the first NUL byte; then the event's ID (two bytes) and its values, each up to a NUL byte.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf.h"
#include "catalog/catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VALUES_MOST 40u

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct text take_until_nul(struct text *rest)
{
    size_t end = text_find_char(*rest, '\0');
    struct text t = { rest->p, end };
    *rest = text_from_index(*rest, end < rest->n ? end + 1 : end);
    return t;
}

static void check_event(const struct catalog *c, const struct event *e)
{
    struct buf first, second;
    buf_init(&first);
    buf_init(&second);
    bool known = catalog_message(c, e, &first);
    require(catalog_message(c, e, &second) == known);
    require(text_equal(buf_text(&first), buf_text(&second)) && utf8_valid(buf_text(&first)));
    require(known || first.n == 0);
    for (size_t i = 0; i < e->field_count; i++) {
        first.n = 0;
        (void)catalog_value(c, e, e->fields[i].value, &first);
        require(utf8_valid(buf_text(&first)));
    }
    buf_done(&first);
    buf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text rest = { (const char *)data, size };
    struct arena arena;
    struct event_field fields[VALUES_MOST];
    struct event e = { .key = { .provider = TEXT("P") }, .fields = fields };
    struct text document = take_until_nul(&rest);
    for (unsigned i = 0; i < 2 && rest.n > 0; i++, rest = text_from_index(rest, 1))
        e.key.id = e.key.id << 8 | (uint8_t)rest.p[0];
    if (!utf8_valid(document) || !utf8_valid(rest))
        return 0;
    arena_init(&arena);
    struct diags diags;
    struct yaml_file file;
    struct catalog *c = catalog_new();
    diags_init(&diags, &arena);
    if (yaml_parse(&arena, TEXT("catalog.yaml"), document, &diags, &file))
        catalog_add(c, &file, &diags);
    catalog_finish(c);
    while (rest.n > 0 && e.field_count < VALUES_MOST)
        fields[e.field_count++] = (struct event_field){ TEXT(""), take_until_nul(&rest), EVENT_DATA };
    check_event(c, &e);
    catalog_free(c);
    arena_done(&arena);
    return 0;
}
