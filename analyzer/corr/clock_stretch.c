#include "corr/clock_stretch.h"

#include <stdlib.h>

#include "base/limits.h"

#define SECONDS(n) ((uint64_t)(n) * TICKS_PER_SECOND)

/* Steps by less are those of a time service that keeps the clock right. */
#define WORTH_IT SECONDS(10)

/* What bears a time is written up to some seconds later (finding/coverage_runs.c). */
#define WRITTEN_LATER SECONDS(2)

/* As long as a log may say nothing around a step that only the order of its records shows. */
#define SILENT SECONDS(3600)

/* A clock that is this far behind what was written before a start had lost its time. */
#define LOST SECONDS(86400)

/* A record can say anything; what is longer than that is no clock, and several of them add up. */
#define LONGEST SECONDS(86400ull * 366 * 100)

/* The record that says it comes a few behind the first one with the new time. */
#define SAID_SOON   16u
#define SAID_WITHIN SECONDS(60)

#define MOST_MARKS 256u /* of all logs of a node */

struct boundaries {
    struct clock_step items[LIMIT_CLOCK_STRETCHES]; /* the half of them shown, and as many that nobody said */
    size_t count;
};

static bool is_far(const struct clock_step *s)
{
    return s->before > s->after + WORTH_IT || s->after > s->before + WORTH_IT;
}

static bool is_back(const struct clock_step *s)
{
    return s->after < s->before;
}

static size_t marks_in(const struct node *node, struct text channel)
{
    size_t count = 0;
    for (size_t i = 0; i < node->mark_count; i++)
        count += is_far(&node->marks[i]) && text_equal_nocase(node->marks[i].channel, channel);
    return count;
}

/* The log that tells of all steps: that in which the system says them or is started, else the first of those that show
 * most. */
static struct text telling_log(const struct node *node)
{
    struct text channel = TEXT("");
    size_t most = 0;
    for (size_t i = 0; i < node->mark_count; i++) {
        const struct clock_step *s = &node->marks[i];
        if (is_far(s) && (s->said || s->start))
            return s->channel;
        size_t count = is_far(s) ? marks_in(node, s->channel) : 0;
        channel = count > most ? s->channel : channel;
        most = count > most ? count : most;
    }
    return channel;
}

static int by_record(const void *left, const void *right)
{
    const struct clock_step *a = left, *b = right;
    if (a->record != b->record)
        return a->record < b->record ? -1 : 1;
    if (a->said != b->said)
        return a->said ? 1 : -1;
    return (a->before > b->before) - (a->before < b->before);
}

static bool same_step(const struct clock_step *a, const struct clock_step *b)
{
    return a->record == b->record && a->before == b->before && a->after == b->after && a->said == b->said;
}

/* The order of records shows what the system says: the last one before it and the first one behind it lie around it. */
static bool shows(const struct clock_step *shown, const struct clock_step *said, uint64_t more)
{
    return is_back(shown) && shown->before <= said->before + more && shown->after + more >= said->after &&
           shown->before + more >= said->after && shown->after <= said->before + more;
}

/* The same step, told again: then it begins with the first record that has the new time. */
static bool step_joins(struct clock_step *known, const struct clock_step *s)
{
    const struct clock_step *shown = known->said ? s : known, *said = known->said ? known : s;
    if (same_step(known, s))
        return true;
    bool soon = said->record + 1 >= shown->record && s->record - known->record <= SAID_SOON &&
                shown->after <= said->after + SAID_WITHIN;
    if (shown->said || !said->said || !soon || !is_back(said) || !shows(shown, said, WRITTEN_LATER))
        return false;
    uint64_t record = known->record;
    *known = *said;
    known->record = record;
    return true;
}

/* False when there are too many. */
static bool boundaries_collect(const struct node *node, struct text channel, struct boundaries *b)
{
    struct clock_step marks[MOST_MARKS];
    size_t count = 0;
    for (size_t i = 0; i < node->mark_count; i++)
        if (is_far(&node->marks[i]) && text_equal_nocase(node->marks[i].channel, channel))
            marks[count++] = node->marks[i];
    if (count)
        qsort(marks, count, sizeof *marks, by_record);
    for (size_t i = 0; i < count; i++) {
        if (b->count && step_joins(&b->items[b->count - 1], &marks[i]))
            continue;
        if (b->count == LIMIT_CLOCK_STRETCHES / 2)
            return false;
        b->items[b->count++] = marks[i];
    }
    return true;
}

/* Between two of them the clock went on.  Where numbers began anew, they are in no order. */
static bool go_together(const struct boundaries *b)
{
    for (size_t i = 1; i < b->count; i++)
        if (b->items[i].record == b->items[i - 1].record ||
            b->items[i - 1].after > b->items[i].before + WRITTEN_LATER)
            return false;
    return true;
}

/* Which of them another log shows with a step of its own; STRETCH_UNKNOWN for several, 0 for none. */
static size_t boundary_shown(const struct boundaries *b, const struct clock_step *s)
{
    size_t found = 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct clock_step *known = &b->items[i];
        if (is_back(known) && shows(s, known, known->said ? WRITTEN_LATER : SILENT))
            found = found ? STRETCH_UNKNOWN : i + 1;
    }
    return found;
}

/* False when a log shows a step of which the telling one does not know. */
static bool cuts_find(struct arena *arena, struct node *node, const struct boundaries *b, struct text channel)
{
    node->cuts = ARENA_NEW_N(arena, struct clock_cut, b->count + node->mark_count);
    node->cut_count = 0;
    for (size_t i = 0; i < b->count; i++)
        if (b->items[i].record)
            node->cuts[node->cut_count++] = (struct clock_cut){ channel, b->items[i].record, i + 1 };
    for (size_t i = 0; i < node->mark_count; i++) {
        const struct clock_step *s = &node->marks[i];
        bool other = is_far(s) && is_back(s) && !text_equal_nocase(s->channel, channel);
        size_t stretch = other ? boundary_shown(b, s) : STRETCH_UNKNOWN;
        if (stretch == 0)
            return false;
        if (stretch != STRETCH_UNKNOWN)
            node->cuts[node->cut_count++] = (struct clock_cut){ s->channel, s->record, stretch };
    }
    return true;
}

/* A clock that had lost its time, and nobody said that it was set: what shows about the time of the start is later. */
static void lost_end(struct boundaries *b, size_t at)
{
    const struct clock_step *start = &b->items[at];
    uint64_t end = start->before - LOST;
    if (at + 1 < b->count && b->items[at + 1].before <= end)
        return;
    memmove(&b->items[at + 2], &b->items[at + 1], (b->count - at - 1) * sizeof *b->items);
    b->items[at + 1] = (struct clock_step){ .before = end, .after = start->before - SILENT, .channel = start->channel };
    b->count++;
}

static void stretches_make(struct arena *arena, struct node *node, const struct boundaries *b)
{
    node->stretch_count = b->count + 1;
    node->stretches = ARENA_NEW_N(arena, struct clock_stretch, b->count + 1);
    for (size_t i = 0; i <= b->count; i++)
        node->stretches[i] = (struct clock_stretch){ .from = i ? b->items[i - 1].after : 0,
                                                     .to = i < b->count ? b->items[i].before : UINT64_MAX,
                                                     .vague = i && !b->items[i - 1].said };
}

/* From a start at which the clock fell back, as long as it shows a time from before. */
static void lost_find(struct node *node, const struct boundaries *b)
{
    uint64_t until = 0;
    for (size_t i = 0; i < b->count; i++) {
        struct clock_stretch *s = &node->stretches[i + 1];
        until = b->items[i].start && b->items[i].before > until ? b->items[i].before : until;
        s->lost = until > LOST && s->from < until - LOST;
    }
}

/* How far the clock before a step was ahead of that behind it is what the step says. */
static bool is_tied(const struct node *node, const struct boundaries *b, size_t step)
{
    const struct clock_step *s = &b->items[step];
    bool found = node->stretches[step].lost && !node->stretches[step + 1].lost;
    uint64_t by = is_back(s) ? s->before - s->after : s->after - s->before;
    return s->said && !s->slept && by < LONGEST && (is_back(s) || found);
}

static void runs_tie(struct node *node, const struct boundaries *b)
{
    for (size_t i = 0; i < b->count; i++)
        node->stretches[i + 1].run = node->stretches[i].run + !is_tied(node, b, i);
    for (size_t i = b->count; i-- > 0;)
        if (is_tied(node, b, i))
            node->stretches[i].apart =
                node->stretches[i + 1].apart + (int64_t)(b->items[i].before - b->items[i].after);
}

void clock_stretches_find(struct arena *arena, struct node *node)
{
    struct boundaries b = { .count = 0 };
    bool sound = node->mark_count <= MOST_MARKS;
    if (sound) {
        struct text channel = telling_log(node);
        sound = boundaries_collect(node, channel, &b) && go_together(&b);
        for (size_t i = b.count; sound && i-- > 0;)
            if (b.items[i].start)
                lost_end(&b, i);
        sound = sound && cuts_find(arena, node, &b, channel);
    }
    node->clock_tangled = !sound;
    if (!sound)
        b.count = node->cut_count = 0;
    stretches_make(arena, node, &b);
    lost_find(node, &b);
    runs_tie(node, &b);
}

void clock_stretches_none(struct node *node)
{
    node->clock_tangled = node->clock_tangled || node->stretch_count > 1;
    node->stretch_count = 1;
    node->cut_count = 0;
    *node->stretches = (struct clock_stretch){ .to = UINT64_MAX };
}

static bool can_hold(const struct node *node, size_t at, uint64_t time)
{
    const struct clock_stretch *s = &node->stretches[at];
    bool vague_end = at + 1 < node->stretch_count && node->stretches[at + 1].vague;
    uint64_t before = s->vague ? SILENT : WRITTEN_LATER, behind = vague_end ? SILENT : WRITTEN_LATER;
    return time + before >= s->from && (s->to == UINT64_MAX || time <= s->to + behind);
}

/* The only one of them that can hold the time. */
static size_t stretch_by_time(const struct node *node, size_t low, size_t high, uint64_t time, size_t *found)
{
    size_t at = STRETCH_UNKNOWN;
    *found = 0;
    for (size_t i = low; i <= high && i < node->stretch_count; i++)
        if (can_hold(node, i, time)) {
            at = i;
            ++*found;
        }
    return *found == 1 ? at : STRETCH_UNKNOWN;
}

size_t clock_stretch_of(const struct node *node, struct text channel, uint64_t record, uint64_t time)
{
    size_t low = 0, high = node->stretch_count - 1, found;
    if (node->stretch_count <= 1)
        return node->stretch_count ? 0 : STRETCH_UNKNOWN;
    for (size_t i = 0; i < node->cut_count && record; i++) {
        const struct clock_cut *cut = &node->cuts[i];
        if (!text_equal_nocase(channel, cut->channel))
            continue;
        low = record >= cut->record && cut->stretch > low ? cut->stretch : low;
        high = record < cut->record && cut->stretch - 1 < high ? cut->stretch - 1 : high;
    }
    size_t at = stretch_by_time(node, low, high, time, &found);
    /* Numbers begin anew when a log was cleared: then they tell nothing. */
    return found ? at : stretch_by_time(node, 0, node->stretch_count - 1, time, &found);
}

int64_t clock_ahead_of(const struct node *node, struct text channel, uint64_t record, uint64_t time)
{
    size_t at = clock_stretch_of(node, channel, record, time);
    return at == STRETCH_UNKNOWN ? 0 : node->stretches[at].ahead;
}

static uint64_t set_back(uint64_t time, int64_t ahead)
{
    if (time == 0 || time == UINT64_MAX)
        return time;
    return ahead > 0 && time < (uint64_t)ahead ? 0 : time - (uint64_t)ahead;
}

const struct clock_stretch *clock_stretch_at(const struct node *node, uint64_t moment)
{
    const struct clock_stretch *found = NULL;
    for (size_t i = 0; i < node->stretch_count; i++) {
        const struct clock_stretch *s = &node->stretches[i];
        bool holds = set_back(s->from, s->ahead) <= moment && moment <= set_back(s->to, s->ahead);
        if (holds && (!found || s->within > found->within))
            found = s;
    }
    return found;
}
