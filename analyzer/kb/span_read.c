#include "kb/scope_read.h"

/* Ten years: further than any log reaches, and far from what 64 bits of ticks can hold. */
#define SPAN_DAYS_MAX 3660

/* "30m", "-10m", "0s": ticks. */
static bool span_parse(struct text t, int64_t *ret)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    bool back = text_starts_with(t, TEXT("-"));
    t = text_from_index(t, back ? 1 : 0);
    uint64_t number;
    if (t.n < 2 || t.n > 10 || !text_to_u64((struct text){ t.p, t.n - 1 }, &number))
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (t.p[t.n - 1] == units[i].unit && number <= (uint64_t)(SPAN_DAYS_MAX * 86400 / units[i].seconds)) {
            *ret = (int64_t)number * units[i].seconds * TICKS_PER_SECOND * (back ? -1 : 1);
            return true;
        }
    return false;
}

int64_t span_read(struct fields *f, const struct yaml_node *value, const char *what)
{
    int64_t span = 0;
    struct text text = value_text(f, value, what);
    if (text.n && !span_parse(text, &span))
        FIELD_WRONG(f, value, "30m, -90s, 2h, 5d; ten years at most", "`%.*s` is no span of time", TEXT_ARG(text));
    return span;
}

void spans_read(struct fields *f, const struct yaml_node *value, const char *what, int64_t *from, int64_t *to)
{
    if (value->kind == YAML_SEQUENCE && value->count == 2) {
        *from = span_read(f, value->items[0], what);
        *to = span_read(f, value->items[1], what);
        if (*from > *to)
            FIELD_WRONG(f, value, "[-10m, 5m]", "the window ends before it begins");
    } else if (value->kind == YAML_SCALAR) {
        *to = span_read(f, value, what);
        *from = -*to;
        if (*to < 0)
            FIELD_WRONG(f, value, "[-10m, 0s] for one side", "a span for both sides is not negative");
    } else {
        FIELD_WRONG(f, value, "30m or [-10m, 5m]", "`%s` must be a span of time or two of them", what);
    }
}
