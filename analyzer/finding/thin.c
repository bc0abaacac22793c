#include "finding/thin.h"

bool thin_is_read(const struct thin_plan *plan, uint32_t rule)
{
    return plan && rule < plan->rule_count && plan->rules[rule].read;
}

static struct text value_keep(struct arena *arena, struct text value)
{
    return value.p ? text_keep(arena, value) : value;
}

static const struct thin *made_of(struct arena *arena, uint64_t checksum, struct text *values, size_t count)
{
    struct thin *t = ARENA_NEW(arena, struct thin);
    for (size_t i = 0; i < count; i++)
        values[i] = value_keep(arena, values[i]);
    *t = (struct thin){ checksum, values };
    return t;
}

const struct thin *thin_keep(struct arena *arena, const struct thin_plan *plan, uint32_t rule,
                             const struct event *event, uint64_t checksum)
{
    size_t count = plan->rules[rule].field_count;
    struct text *values = ARENA_NEW_N(arena, struct text, count);
    plan->look(plan->ctx, rule, event, values);
    return made_of(arena, checksum, values, count);
}

const struct thin *thin_copy(struct arena *arena, const struct thin_plan *plan, uint32_t rule, const struct thin *t)
{
    size_t count = plan->rules[rule].field_count;
    struct text *values = ARENA_NEW_N(arena, struct text, count);
    if (count)
        memcpy(values, t->values, count * sizeof *values);
    return made_of(arena, t->checksum, values, count);
}

static struct event head_of(const struct event *event)
{
    struct event head = *event;
    if (head.field_count)
        head.marks |= EVENT_CUT;
    head.fields = NULL;
    head.field_count = 0;
    return head;
}

const struct event *thin_event(struct arena *arena, const struct event *event)
{
    struct event head = head_of(event);
    return event_keep(arena, &head, SIZE_MAX);
}

/* Texts start at 16 bytes in an arena and have one byte more. */
size_t thin_size(const struct thin_plan *plan, uint32_t rule, const struct thin *t)
{
    size_t n = sizeof *t;
    for (size_t i = 0; i < plan->rules[rule].field_count; i++)
        n += sizeof *t->values + (t->values[i].n / 16 + 1) * 16;
    return n;
}

size_t thin_event_size(const struct event *event)
{
    struct event head = head_of(event);
    return event_size(&head);
}
