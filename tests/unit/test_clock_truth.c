/*
 * Clocks against the truth: timelines are made up of which the true time of each record is known, and logged with clocks
 * that are wrong, set forward and back, said or not, or lose their time at a start.
 *
 *   - what was logged by a right clock that nobody set keeps its time;
 *   - what was moved is as near to its true time as is said, and what two nodes logged to each other;
 *   - what nothing decides keeps the time that it was logged with.
 *
 * EVSCAN_TIMELINES says how many are made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "corr/clock.h"
#include "corr/clock_stretch.h"
#include "story.h"

#define DAY      (24 * HOUR)
#define NODES    4u
#define CHANNELS 3u
#define CHANGES  6u
#define MOST     4096u /* records of a log */

static const char *const rules[] = { "failover-1135", "clussvc-1123", "kernel-general-1", "clussvc-1009", NULL };
static const char *const names[NODES] = { "N1", "N2", "N3", "N4" };
static const char *const channels[CHANNELS] = { "System", "Operational", "Security" };

/* From that true moment on the clock is ahead by so much. */
struct change {
    double at, ahead;
    bool said, start;
    double stood; /* for so long before it the machine stood still, and its clock */
};

struct record {
    double truth, shown;
    const char *rule;     /* NULL: none */
    const char *a, *b;    /* values */
    bool start;
    size_t order;
};

struct machine {
    struct change changes[CHANGES]; /* the first one at 0 */
    size_t change_count;
    struct record *records[CHANNELS];
    size_t count[CHANNELS];
};

/* Timelines that were corrected wrongly once: one moment was taken for that of two times between steps. */
static const uint64_t once_wrong[] = { 2838, 3920 };

static uint64_t seed;

static uint32_t any(uint32_t end)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % end;
}

static double between(double low, double high)
{
    return low + (high - low) * (any(1u << 20) / (double)(1u << 20));
}

static double ahead_at(const struct machine *m, double truth)
{
    size_t i = m->change_count - 1;
    while (i > 0 && m->changes[i].at > truth)
        i--;
    return m->changes[i].ahead;
}

static struct record *record_add(struct machine *m, size_t channel, double truth, const char *rule)
{
    struct record *r = &m->records[channel][m->count[channel]];
    if (m->count[channel] + 1 == MOST)
        abort();
    *r = (struct record){ .truth = truth, .rule = rule, .order = m->count[channel]++ };
    return r;
}

static int true_order(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    if (a->truth != b->truth)
        return a->truth < b->truth ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* A second wrong, a minute, hours. */
static double some_offset(void)
{
    static const double sizes[] = { 5, 100, 1000, 3 * HOUR };
    double size = sizes[any(4)];
    return between(-size, size);
}

/* What nobody said is only seen when it goes back by more than is between two records. */
static void clock_make(struct machine *m, bool right)
{
    double ahead = right || any(3) == 0 ? 0 : some_offset();
    m->changes[0] = (struct change){ 0, ahead, false, false, 0 };
    m->change_count = 1;
    size_t steps = right ? 0 : any(CHANGES);
    double at = HOUR;
    for (size_t i = 0; i < steps && at < DAY - 4 * HOUR; i++) {
        at += between(600, 6 * HOUR);
        if (any(5) == 0) {
            double stood = between(20, at - m->changes[m->change_count - 1].at);
            m->changes[m->change_count++] = (struct change){ at, ahead, true, false, stood };
            continue;
        }
        bool said = any(3) > 0;
        double to = any(2) ? 0 : some_offset();
        if (said ? (to - ahead < 10.5 && to - ahead > -10.5) : to > ahead - 900)
            continue;
        m->changes[m->change_count++] = (struct change){ at, to, said, false, 0 };
        ahead = to;
    }
}

/* The machine is off for some minutes, and shows a time of years ago until somebody sets it, a while later. */
static void battery_dies(struct machine *m)
{
    struct change *last = &m->changes[m->change_count - 1];
    if (m->change_count + 2 > CHANGES || last->at > DAY - 6 * HOUR)
        return;
    double at = last->at + between(HOUR, 3 * HOUR), back = between(2, 6000) * DAY;
    double until = at + between(120, 2 * HOUR), ahead = any(2) ? last->ahead : 0;
    m->changes[m->change_count++] = (struct change){ at, -back, false, true, 300 };
    m->changes[m->change_count++] = (struct change){ until, ahead, any(3) > 0, false, 0 };
}

static char *time_text(struct arena *arena, const char *name, double second)
{
    char room[TIME_ISO_ROOM];
    struct text t = time_iso(story_time(0) + (uint64_t)(int64_t)(second * (double)TICKS_PER_SECOND), 7, room);
    return (char *)text_keep_format(arena, "%s=%.*s%c", name, TEXT_ARG(t), '\0').p;
}

static void changes_log(struct arena *arena, struct machine *m)
{
    for (size_t i = 1; i < m->change_count; i++) {
        const struct change *c = &m->changes[i];
        for (uint32_t k = any(3); k > 0 && c->said; k--)
            record_add(m, 0, c->at + 0.01, NULL);
        if (c->start)
            record_add(m, 0, c->at + 0.02, NULL)->start = true;
        if (!c->said)
            continue;
        struct record *r = record_add(m, 0, c->at + 0.02, "kernel-general-1");
        r->a = time_text(arena, "NewTime", c->at + c->ahead);
        r->b = time_text(arena, "OldTime", c->at - c->stood + m->changes[i - 1].ahead);
    }
}

/* A machine is off before a start, or stands still. */
static bool is_off(const struct machine *m, double truth)
{
    for (size_t i = 1; i < m->change_count; i++)
        if (truth > m->changes[i].at - m->changes[i].stood && truth < m->changes[i].at)
            return true;
    return false;
}

static void life_log(struct machine *m, size_t channel, double pace)
{
    for (double t = 1; t < DAY; t += between(1, pace))
        if (!is_off(m, t))
            record_add(m, channel, t, any(3) ? NULL : "clussvc-1009");
}

/* All nodes that run log the removal of one that gave no log, or two of them miss each other; some miss it. */
static void moments_log(struct machine *m, size_t nodes)
{
    static const char *const lost[] = { "X1", "X2", "X3" };
    for (uint32_t left = any(9); left > 0; left--) {
        double at = between(10, DAY - 10);
        bool mutual = any(3) == 0;
        const char *who = lost[any(3)];
        size_t a = any((uint32_t)nodes), b = (a + 1 + any((uint32_t)nodes - 1)) % nodes;
        for (size_t i = 0; i < nodes; i++) {
            if (is_off(&m[i], at) || is_off(&m[i], at + 4) || (mutual ? i != a && i != b : any(20) == 0))
                continue;
            double then = at + between(0, 4);
            struct record *r = record_add(&m[i], 0, then, mutual ? "clussvc-1123" : "failover-1135");
            r->a = mutual ? names[i == a ? b : a] : who;
        }
    }
}

struct told {
    struct story s;
    struct machine machines[NODES];
    size_t nodes;
};

static void log_tell(struct told *t, size_t node, size_t channel, struct input_result *input)
{
    struct machine *m = &t->machines[node];
    qsort(m->records[channel], m->count[channel], sizeof *m->records[channel], true_order);
    for (size_t i = 0; i < m->count[channel]; i++) {
        struct record *r = &m->records[channel][i];
        struct event_field fields[2];
        struct event e = { .fields = fields };
        r->shown = r->truth + ahead_at(m, r->truth);
        e.key = (struct event_key){ .provider = r->start ? TEXT("EventLog") : TEXT("ClusSvc"),
                                    .channel = text_from(channels[channel]),
                                    .computer = text_from(names[node]),
                                    .id = r->start ? 6005 : 1009,
                                    .time = story_time(0) + (uint64_t)(int64_t)(r->shown * (double)TICKS_PER_SECOND),
                                    .record_id = i + 1 };
        e.offset = (i + 1) * 128;
        coverage_add(input, &t->s.partial.arena, &e.key);
        const char *const values[] = { r->a, r->b };
        for (size_t k = 0; k < 2 && values[k]; k++) {
            struct text v = text_from(values[k]);
            size_t equals = text_find_char(v, '=');
            bool named = equals < v.n;
            fields[e.field_count++] = (struct event_field){ named ? (struct text){ v.p, equals } : TEXT(""),
                                                            named ? text_from_index(v, equals + 1) : v, EVENT_DATA };
        }
        if (r->rule) {
            uint32_t rule = story_rule_index(&t->s, r->rule);
            partial_add_match(&t->s.partial, &rule, 1, &e, input);
        }
    }
}

static void timeline_make(struct told *t)
{
    t->nodes = 2 + any(NODES - 1);
    for (size_t i = 0; i < t->nodes; i++) {
        struct machine *m = &t->machines[i];
        memset(m->count, 0, sizeof m->count);
        clock_make(m, i == 0 || any(3) == 0);
        if (i > 0 && any(4) == 0)
            battery_dies(m);
    }
    moments_log(t->machines, t->nodes);
    for (size_t i = 0; i < t->nodes; i++) {
        changes_log(&t->s.arena, &t->machines[i]);
        life_log(&t->machines[i], 0, 600);
        for (size_t c = 1; c < CHANNELS; c++)
            if (any(3) > 0)
                life_log(&t->machines[i], c, 3000);
        for (size_t c = 0; c < CHANNELS; c++) {
            struct input_result *input = partial_add_input(
                &t->s.partial, text_keep_format(&t->s.arena, "%s-%s.evtx", names[i], channels[c]));
            input->format = TEXT("evtx");
            log_tell(t, i, c, input);
            coverage_settle(input);
        }
    }
}

static bool is_of_group(const struct node *n, size_t group)
{
    for (size_t i = 0; i < n->stretch_count; i++)
        if (n->stretches[i].group == group)
            return true;
    return false;
}

/*
 * Who is right of those that were compared?  Clocks that nobody set are believed: the middle one of three or more, the
 * first one of two.
 */
static bool truth_is_known(const struct told *t, size_t group)
{
    double ahead[NODES], middle;
    size_t count = 0, below = 0, above = 0;
    for (size_t i = 0; i < t->nodes; i++)
        if (t->machines[i].change_count == 1 && is_of_group(t->s.timeline.nodes[i], group))
            ahead[count++] = t->machines[i].changes[0].ahead;
    if (count == 0)
        return false;
    middle = ahead[0];
    for (size_t i = 0; i < count && count > 2; i++) {
        below += ahead[i] < 0;
        above += ahead[i] > 0;
        middle = 0;
    }
    return middle == 0 && below <= (count - 1) / 2 && count - above > (count - 1) / 2 && below + above < count;
}

static size_t channel_number(struct text channel)
{
    size_t i = 0;
    while (!text_equal(channel, text_from(channels[i])))
        i++;
    return i;
}

/* By which the corrected times of a stretch are wrong: the same for all of them. */
struct wrong {
    const struct node *node;
    const struct clock_stretch *stretch;
    int64_t by;
};

struct counts {
    struct wrong wrong[NODES * (CHANGES + 2)];
    size_t wrong_count;
    size_t events, decided, moved, undecided, unplaced, tangled;
};

static void wrong_add(struct counts *c, struct wrong w)
{
    for (size_t i = 0; i < c->wrong_count; i++)
        if (c->wrong[i].stretch == w.stretch)
            return;
    assert_true(c->wrong_count < COUNT_OF(c->wrong));
    c->wrong[c->wrong_count++] = w;
}

/* Two nodes that were compared are as near to each other as is said, whoever of them is right. */
static bool are_together(const struct counts *c)
{
    for (size_t i = 0; i < c->wrong_count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct wrong *a = &c->wrong[i], *b = &c->wrong[k];
            uint64_t within = a->stretch->within < b->stretch->within ? a->stretch->within : b->stretch->within;
            bool compared = a->node != b->node && a->stretch->group == b->stretch->group && a->stretch->pairs;
            if (compared && (uint64_t)llabs(a->by - b->by) > within + TICKS_PER_SECOND / 10)
                return false;
        }
    return true;
}

/* What is wrong with an event, NULL for nothing. */
static const char *mistake(const struct told *t, const struct hit *hit, const struct node *n, struct counts *counts)
{
    const struct event_key *key = &hit->event->key;
    const struct machine *m = &t->machines[n->index];
    const struct record *r = &m->records[channel_number(key->channel)][key->record_id - 1];
    uint64_t shown = story_time(0) + (uint64_t)(int64_t)(r->shown * (double)TICKS_PER_SECOND);
    uint64_t truth = story_time(0) + (uint64_t)(int64_t)(r->truth * (double)TICKS_PER_SECOND);
    size_t at = clock_stretch_of(n, key->channel, key->record_id, shown);
    uint64_t error = key->time > truth ? key->time - truth : truth - key->time;
    bool clean = m->change_count == 1 && m->changes[0].ahead == 0;
    counts->events++;
    counts->moved += key->time != shown;
    counts->unplaced += at == STRETCH_UNKNOWN;
    counts->tangled += n->clock_tangled;
    size_t group = n->stretches[at == STRETCH_UNKNOWN ? 0 : at].group;
    if (clean && truth_is_known(t, group) && key->time != shown)
        return "a right clock was moved";
    if (at == STRETCH_UNKNOWN || !n->stretches[at].moved) {
        counts->undecided++;
        return key->time != shown ? "moved, and nothing says where to" : NULL;
    }
    counts->decided++;
    wrong_add(counts, (struct wrong){ n, &n->stretches[at], (int64_t)(key->time - truth) });
    if (truth_is_known(t, group) && error > n->stretches[at].within + TICKS_PER_SECOND / 10)
        return "farther from the truth than is said";
    return NULL;
}

static struct counts check(uint64_t number, struct told *t, size_t *mistakes)
{
    struct counts counts = { 0 };
    struct timeline *line = &t->s.timeline;
    for (size_t i = 0; i < line->hit_count; i++) {
        const struct node *n = line->node_of[i];
        const char *words = mistake(t, &line->hits[i], n, &counts);
        if (!words)
            continue;
        if (++*mistakes < 20)
            print_message("timeline %llu, %.*s %.*s record %llu: %s\n", (unsigned long long)number, TEXT_ARG(n->name),
                          TEXT_ARG(line->hits[i].event->key.channel),
                          (unsigned long long)line->hits[i].event->key.record_id, words);
        break;
    }
    if (!are_together(&counts) && ++*mistakes < 20)
        print_message("timeline %llu: two nodes are farther apart than is said\n", (unsigned long long)number);
    return counts;
}

/* What was made up, and what was made of it. */
static void story_print(const struct told *t)
{
    const double second = (double)TICKS_PER_SECOND;
    for (size_t i = 0; i < t->nodes; i++) {
        const struct node *n = t->s.timeline.nodes[i];
        for (size_t k = 0; k < t->machines[i].change_count; k++) {
            const struct change *c = &t->machines[i].changes[k];
            print_message("%s from %.1f: %.1f s ahead%s%s\n", names[i], c->at, c->ahead, c->said ? ", said" : "",
                          c->start ? ", at a start" : c->stood > 0 ? ", stood still" : "");
        }
        for (size_t k = 0; k < n->stretch_count; k++)
            print_message("  found, run %zu: %.1f s ahead within %.1f, %zu pairs%s\n", n->stretches[k].run,
                          (double)n->stretches[k].ahead / second, (double)n->stretches[k].within / second,
                          n->stretches[k].pairs, n->stretches[k].moved ? "" : ", undecided");
        for (size_t k = 0; k < t->machines[i].count[0]; k++) {
            const struct record *r = &t->machines[i].records[0][k];
            if (r->a && !r->b)
                print_message("  %.1f as %.1f: %s %s\n", r->truth, r->shown, r->rule, r->a);
        }
    }
}

static void clocks_are_corrected_to_the_truth(void **state)
{
    (void)state;
    const char *wanted = getenv("EVSCAN_TIMELINES"), *one = getenv("EVSCAN_TIMELINE");
    uint64_t count = wanted ? strtoull(wanted, NULL, 10) : 300, first = one ? strtoull(one, NULL, 10) : 0;
    struct told *t = calloc(1, sizeof *t);
    struct counts all = { 0 };
    size_t mistakes = 0;
    assert_non_null(t);
    for (size_t i = 0; i < NODES * CHANNELS; i++)
        assert_non_null(t->machines[i / CHANNELS].records[i % CHANNELS] = calloc(MOST, sizeof(struct record)));
    for (uint64_t i = 0; i < (one ? 1 : count + COUNT_OF(once_wrong)); i++) {
        uint64_t number = i < count ? first + i : once_wrong[i - count];
        seed = number * 7919 + 17;
        story_begin(&t->s, rules);
        timeline_make(t);
        partial_sort(&t->s.partial);
        timeline_build(&t->s.arena, t->s.rules, &t->s.partial, &t->s.timeline);
        clock_correct(&t->s.arena, &t->s.partial, &t->s.timeline);
        struct counts c = check(number, t, &mistakes);
        if (one)
            story_print(t);
        all.events += c.events;
        all.decided += c.decided;
        all.moved += c.moved;
        all.undecided += c.undecided;
        all.unplaced += c.unplaced;
        all.tangled += c.tangled;
        story_end(&t->s);
    }
    for (size_t i = 0; i < NODES * CHANNELS; i++)
        free(t->machines[i / CHANNELS].records[i % CHANNELS]);
    free(t);
    print_message("%zu events: %zu decided, %zu moved, %zu undecided, of which %zu could be of two stretches and %zu of "
                  "clocks that do not go together\n",
                  all.events, all.decided, all.moved, all.undecided, all.unplaced, all.tangled);
    assert_int_equal(mistakes, 0);
    assert_true(all.decided > all.events / 2 && all.moved > all.events / 20 && all.unplaced < all.events / 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_corrected_to_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
