#include "rule/choice.h"

/* Of several texts each has that many bytes. */
#define LEAST_BYTES 3u

struct text choice_text(const struct choice *c, size_t i)
{
    return (struct text){ c->items[i].bytes, c->items[i].n };
}

static bool add(struct choice *c, struct text t)
{
    for (size_t i = 0; i < c->count; i++)
        if (text_equal(choice_text(c, i), t))
            return true;
    if (c->count == CHOICE_MAX)
        return false;
    c->items[c->count].n = (uint8_t)t.n;
    memcpy(c->items[c->count++].bytes, t.p, t.n);
    return true;
}

void choice_set(struct choice *c, struct text t)
{
    c->count = t.n <= CHOICE_BYTES;
    c->items[0].n = (uint8_t)t.n;
    memcpy(c->items[0].bytes, t.p, c->count ? t.n : 0);
}

void choice_copy(struct choice *to, const struct choice *from)
{
    to->count = from->count;
    memcpy(to->items, from->items, from->count * sizeof *from->items);
}

static size_t longest(const struct choice *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->count; i++)
        n = c->items[i].n > n ? c->items[i].n : n;
    return n;
}

static void append_text(struct choice *c, struct text t)
{
    for (size_t i = 0; i < c->count; i++) {
        memcpy(c->items[i].bytes + c->items[i].n, t.p, t.n);
        c->items[i].n = (uint8_t)(c->items[i].n + t.n);
    }
}

bool choice_append(struct choice *c, const struct choice *ends)
{
    struct choice starts, longer;
    bool fits = c->count && ends->count && c->count * ends->count <= CHOICE_MAX &&
                longest(c) + longest(ends) <= CHOICE_BYTES;
    if (fits && ends->count == 1)
        append_text(c, choice_text(ends, 0));
    if (!fits || ends->count == 1)
        return fits;
    choice_copy(&starts, c);
    c->count = 0;
    for (size_t i = 0; i < ends->count; i++) {
        choice_copy(&longer, &starts);
        append_text(&longer, choice_text(ends, i));
        fits = choice_unite(c, &longer) && fits;
    }
    return fits;
}

bool choice_unite(struct choice *c, const struct choice *other)
{
    bool fits = true;
    for (size_t i = 0; i < other->count && fits; i++)
        fits = add(c, choice_text(other, i));
    return fits;
}

/* In no unit: how many values hold one of them. */
static uint64_t cost(const struct choice *c)
{
    uint64_t sum = c->count ? 0 : UINT64_MAX;
    for (size_t i = 0; i < c->count; i++) {
        size_t n = c->items[i].n;
        if (n == 0 || (n < LEAST_BYTES && c->count > 1))
            return UINT64_MAX;
        sum += (uint64_t)1 << (CHOICE_BYTES + 1 - n);
    }
    return sum;
}

bool choice_join(struct choice *c, const struct choice *other)
{
    return choice_unite(c, other) && cost(c) != UINT64_MAX;
}

void choice_improve(struct choice *best, const struct choice *other)
{
    uint64_t offered = cost(other);
    if (offered < cost(best))
        choice_copy(best, other);
}
