/*
 * Property: whatever correlations a rule file holds and whatever times the hits have, the events of an alert are
 * different ones in order of time, every alert stands in the timeline behind the event of its moment, and it is the same
 * whether the hits came from one input or from two.
 *
 * Input: a rule file up to the first NUL byte; then a hit every 3 bytes: its rule and node, its time, its value.
 */
#include <stdlib.h>

#include "corr/correlate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())
#define HITS_MOST 512u

struct input {
    const struct ruleset *rules;
    const uint8_t *hits;
    size_t count, inputs;
    uint64_t tolerance;
};

struct outcome {
    size_t alerts, events;
    uint64_t moments;
};

static void add_hit(struct partial *p, struct input_result *to, const struct input *in, size_t i)
{
    static const char *const values[] = { "1", "2", "bob", "BOB", "", "0x10", "-7", "2.5" };
    const uint8_t *h = in->hits + i * 3;
    uint32_t rule = (uint32_t)(h[0] & 15) % (uint32_t)ruleset_count(in->rules);
    struct text value = text_from(values[h[2] & 7]);
    struct event_field fields[] = { { TEXT("A"), value, EVENT_DATA }, { TEXT("B"), text_from(values[h[2] >> 5]), EVENT_DATA } };
    struct event e = { .key = { .provider = TEXT("P"), .computer = h[0] & 16 ? TEXT("N1") : TEXT("N2") } };
    e.key.time = h[1] == 255 ? 0 : filetime_from_unix(1000000000u + h[1]);
    e.key.record_id = e.offset = i;
    e.fields = fields;
    e.field_count = COUNT_OF(fields);
    partial_add_match(p, &rule, 1, &e, to);
}

static void check_alert(const struct timeline *t, const struct alert *a)
{
    MUST(a->hit_count > 0 && a->first <= a->last);
    MUST(a->moment >= t->hits && a->moment < t->hits + t->hit_count);
    for (size_t i = 0; i < a->hit_count; i++) {
        MUST(a->hits[i] >= t->hits && a->hits[i] < t->hits + t->hit_count && !a->hits[i]->alert);
        MUST(a->hits[i]->event->key.time >= a->first && a->hits[i]->event->key.time <= a->last);
        MUST(i == 0 || (a->hits[i - 1] < a->hits[i] && a->hits[i - 1]->event != a->hits[i]->event));
    }
}

static void check_timeline(const struct timeline *t, const struct alerts *alerts)
{
    size_t woven = 0;
    for (size_t i = 0; i < t->hit_count; i++) {
        const struct alert *a = t->hits[i].alert;
        MUST(i == 0 || t->hits[i - 1].event->key.time <= t->hits[i].event->key.time);
        MUST(!a || (a->moment->event == t->hits[i].event && a->moment < &t->hits[i] && a->rule == t->hits[i].rule));
        woven += a != NULL;
    }
    MUST(woven == alerts->count);
}

static struct outcome run(const struct input *in)
{
    struct partial p;
    struct arena arena;
    struct timeline t;
    struct alerts alerts;
    struct outcome ret = { 0 };
    struct correlate_options options = { .clock_tolerance = in->tolerance };
    arena_init(&arena);
    partial_init(&p);
    for (size_t n = 0; n < in->inputs; n++) {
        struct input_result *to = partial_add_input(&p, n ? TEXT("b") : TEXT("a"));
        for (size_t i = n; i < in->count; i += in->inputs)
            add_hit(&p, to, in, i);
    }
    partial_sort(&p);
    timeline_build(&arena, in->rules, &p, &t);
    correlate(&arena, &options, &t, &alerts);
    for (size_t i = 0; i < alerts.count; i++) {
        check_alert(&t, alerts.items[i]);
        ret.events += alerts.items[i]->hit_count;
        ret.moments += alerts.items[i]->moment->event->key.time;
    }
    check_timeline(&t, &alerts);
    ret.alerts = alerts.count;
    partial_done(&p);
    arena_done(&arena);
    return ret;
}

static void compare(struct input *in)
{
    in->inputs = 1;
    struct outcome one = run(in);
    in->inputs = 2;
    struct outcome two = run(in);
    MUST(one.alerts == two.alerts && one.events == two.events && one.moments == two.moments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    struct text yaml = { (const char *)data, end ? (size_t)(end - data) : size };
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    arena_init(&arena);
    diags_init(&diags, &arena);
    struct ruleset_builder *b = ruleset_builder_new();
    if (yaml_parse(&arena, TEXT("fuzz"), yaml, &diags, &file))
        ruleset_add_file(b, &file, false, &diags);
    struct ruleset *rules = ruleset_compile(b, &diags);
    ruleset_builder_free(b);
    struct input in = { .rules = rules, .hits = end ? end + 1 : NULL };
    in.count = end ? (size - yaml.n - 1) / 3 : 0;
    in.count = in.count < HITS_MOST ? in.count : HITS_MOST;
    if (ruleset_count(rules) > 0 && in.count > 0) {
        compare(&in);
        in.tolerance = 5 * (uint64_t)TICKS_PER_SECOND;
        compare(&in);
    }
    ruleset_free(rules);
    arena_done(&arena);
    return 0;
}
