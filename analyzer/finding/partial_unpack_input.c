#include "base/limits.h"
#include "finding/partial_form.h"
#include "finding/partial_unpacking.h"

void unpack_account(struct unpacking *u, struct account *a)
{
#define TAKE(member) a->member = unpack_number(u);
    PARTIAL_ACCOUNT(TAKE)
#undef TAKE
    for (size_t i = 0; i < EVENT_SOURCES; i++)
        a->by_source[i] = unpack_number(u);
}

static enum notice_code code_take(struct unpacking *u)
{
    uint64_t number = unpack_number(u);
    for (size_t code = 0; code < NOTICE_CODES; code++)
        if ((uint64_t)notice_number((enum notice_code)code) == number)
            return (enum notice_code)code;
    unpack_refuse(u);
    return (enum notice_code)0;
}

/* A rule's number means nothing in another rule set. */
static uint64_t notice_value(const struct unpacking *u, enum notice_code code, uint64_t value)
{
    return notice_names_rule(code) && !u->same_rules ? NOTICE_NO_RULE : value;
}

/* What is kept of a code, was seen: adding it again gives the count and the limit. */
void unpack_notices(struct unpacking *u, struct notices *n)
{
    uint32_t seen[NOTICE_CODES] = { 0 };
    for (size_t left = (size_t)unpack_at_most(u, NOTICE_CODES); left-- > 0;) {
        enum notice_code code = code_take(u);
        seen[code] = unpack_u32(u);
    }
    for (size_t left = unpack_count(u, 3); left-- > 0 && u->sound;) {
        enum notice_code code = code_take(u);
        uint64_t offset = unpack_number(u), value = unpack_number(u);
        if (n->seen[code] >= LIMIT_NOTICES_PER_CODE || n->seen[code] >= seen[code])
            unpack_refuse(u);
        if (u->sound && notice_add(n, code, offset, notice_value(u, code, value)) > ST_LOST_RECORD)
            unpack_refuse(u);
    }
    memcpy(n->seen, seen, sizeof seen);
}

#define TAKE(member) r->member = unpack_number(u);

static void runs_take(struct unpacking *u, struct coverage *c)
{
    c->run_count = unpack_count(u, 8);
    c->runs = ARENA_NEW_N(&u->scratch, struct coverage_run, c->run_count);
    for (struct coverage_run *r = c->runs; r < c->runs + c->run_count && u->sound; r++) {
        PARTIAL_RUN(TAKE)
        uint64_t marks = unpack_at_most(u, 3);
        r->started = marks & 1;
        r->stopped = marks & 2;
        if (r->first_id == 0 || r->last_id < r->first_id)
            unpack_refuse(u);
    }
}

static void starts_take(struct unpacking *u, struct coverage *c)
{
    c->start_count = unpack_count(u, 4);
    c->starts = ARENA_NEW_N(&u->scratch, struct coverage_start, c->start_count);
    for (struct coverage_start *r = c->starts; r < c->starts + c->start_count && u->sound; r++) {
        PARTIAL_START(TAKE)
        r->orderly = unpack_at_most(u, 1);
    }
}

static void steps_take(struct unpacking *u, struct coverage *c)
{
    c->step_count = unpack_count(u, 3);
    c->steps = ARENA_NEW_N(&u->scratch, struct coverage_step, c->step_count);
    for (struct coverage_step *r = c->steps; r < c->steps + c->step_count && u->sound; r++) {
        PARTIAL_STEP(TAKE)
        if (r->before <= r->after)
            unpack_refuse(u);
    }
}

#undef TAKE

void unpack_coverage(struct unpacking *u, struct input_result *input)
{
    size_t count = unpack_count(u, 9);
    if (count > LIMIT_COVERAGE)
        unpack_refuse(u);
    for (size_t i = 0; i < count && u->sound; i++) {
        struct coverage c = { .node = unpack_text(u), .channel = unpack_text(u) };
        c.events = unpack_number(u);
        c.first = unpack_number(u);
        c.last = unpack_number(u);
        c.later = unpack_at_most(u, 1);
        runs_take(u, &c);
        starts_take(u, &c);
        steps_take(u, &c);
        if (u->ret->arena.total > LIMIT_PARTIAL_MEMORY)
            unpack_refuse(u);
        if (u->sound)
            coverage_merge(input, &u->ret->arena, &(struct input_result){ .coverage = &c });
    }
    input->uncovered = unpack_number(u);
}

void unpack_seen(struct unpacking *u, struct input_result *input)
{
    size_t count = unpack_count(u, 2);
    for (size_t i = 0; i < count && u->sound; i++) {
        struct text provider = unpack_text(u);
        seen_add(&input->seen, &u->ret->arena, provider, unpack_text(u));
    }
    if (u->sound && input->seen.count != count) /* more than the limits, or one twice */
        unpack_refuse(u);
    input->seen.beyond = unpack_at_most(u, 1);
}

/* The difference to the hour before; one that leaves the range of times is no hour. */
static uint64_t hour_take(struct unpacking *u, uint64_t before)
{
    uint64_t n = unpack_number(u), step = n / 2 + n % 2;
    uint64_t number = n % 2 ? before - step : before + step;
    if (step > FILETIME_MAX / HOUR_TICKS || number >= FILETIME_MAX / HOUR_TICKS)
        unpack_refuse(u);
    return number;
}

static void hours_read(struct unpacking *u, struct hours *hours)
{
    uint64_t before = 0;
    size_t count = unpack_count(u, 3);
    for (size_t i = 0; i < count && u->sound; i++) {
        struct text node = unpack_text(u);
        uint64_t number = hour_take(u, before), events = unpack_number(u);
        if (u->sound)
            hours_count(hours, node, number, events);
        before = number;
    }
    if (u->sound && hours->count != count)
        unpack_refuse(u);
    hours->left_out = unpack_number(u);
}

void unpack_hours(struct unpacking *u, struct input_result *input)
{
    if (!unpack_at_most(u, 1) || !u->sound)
        return;
    struct arena_mark mark = arena_mark(&u->scratch);
    struct arena *arena = u->ret->hourless ? &u->scratch : &u->ret->arena;
    struct hours *hours = ARENA_NEW(arena, struct hours);
    hours_init(hours, arena);
    hours_read(u, hours);
    if (u->ret->hourless)
        arena_rewind(&u->scratch, mark);
    else
        input->hours = hours;
}
