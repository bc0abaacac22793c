#include "corr/clock_stretch.h"

#include <stdlib.h>

/* Steps by less are those of a time service that keeps the clock right. */
#define WORTH_IT ((uint64_t)10 * TICKS_PER_SECOND)

static bool is_far(const struct clock_step *s)
{
    return s->before > s->after + WORTH_IT || s->after > s->before + WORTH_IT;
}

static size_t steps_in(const struct node *node, struct text channel)
{
    size_t count = 0;
    for (size_t i = 0; i < node->step_count; i++)
        count += is_far(&node->steps[i]) && text_equal_nocase(node->steps[i].channel, channel);
    return count;
}

/* The first of those with most steps. */
static struct text channel_with_most(const struct node *node, size_t *count)
{
    struct text channel = TEXT("");
    *count = 0;
    for (size_t i = 0; i < node->step_count; i++) {
        size_t steps = steps_in(node, node->steps[i].channel);
        if (steps > *count)
            channel = node->steps[i].channel;
        *count = steps > *count ? steps : *count;
    }
    return channel;
}

static int by_record(const void *left, const void *right)
{
    const struct clock_step *a = left, *b = right;
    return (a->record > b->record) - (a->record < b->record);
}

void clock_stretches_find(struct arena *arena, struct node *node)
{
    struct clock_step steps[CLOCK_STRETCHES];
    size_t known = 0, count = 0;
    /* Each step of many would be compared with all. */
    bool many = node->step_count > 8 * CLOCK_STRETCHES;
    struct text channel = many ? TEXT("") : channel_with_most(node, &known);
    known = known < CLOCK_STRETCHES ? known : 0;
    for (size_t i = 0; i < node->step_count && count < known; i++)
        if (is_far(&node->steps[i]) && text_equal_nocase(node->steps[i].channel, channel))
            steps[count++] = node->steps[i];
    if (count)
        qsort(steps, count, sizeof *steps, by_record);
    node->stretch_count = count + 1;
    node->stretches = ARENA_NEW_N(arena, struct clock_stretch, count + 1);
    for (size_t i = 0; i <= count; i++)
        node->stretches[i] = (struct clock_stretch){ .channel = channel,
                                                     .record = i ? steps[i - 1].record : 0,
                                                     .from = i ? steps[i - 1].after : 0,
                                                     .to = i < count ? steps[i].before : UINT64_MAX };
}

/* A second more: the record of a step is written a moment behind it. */
static bool can_hold(const struct clock_stretch *s, uint64_t time)
{
    return time + TICKS_PER_SECOND >= s->from && (s->to >= UINT64_MAX - TICKS_PER_SECOND || time <= s->to + TICKS_PER_SECOND);
}

size_t clock_stretch_of(const struct node *node, struct text channel, uint64_t record, uint64_t time)
{
    size_t at = 0;
    bool told = node->stretch_count > 1 && record && text_equal_nocase(channel, node->stretches[0].channel);
    for (size_t i = 1; i < node->stretch_count && told; i++)
        at = record >= node->stretches[i].record ? i : at;
    /* Numbers begin anew when a log was cleared. */
    if (told && can_hold(&node->stretches[at], time))
        return at;
    for (size_t i = 0; i < node->stretch_count; i++)
        if (can_hold(&node->stretches[i], time))
            return i;
    return node->stretch_count ? node->stretch_count - 1 : 0;
}
