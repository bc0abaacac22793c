/* Times in a zone, and the zone that the log of a node tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "corr/node_log.h"
#include "corr/node_zone.h"
#include "story.h"

static const char *const rules[] = { "eventlog-6013", "kernel-general-24", "a", NULL };

/* STORY_START is 1999-04-12 02:00:00 UTC: seconds from there to a noon that is `east` hours away. */
#define NOON_AT(east) ((10 - (east)) * HOUR)
#define DAY           (24 * HOUR)

static void uptime(struct story *s, const char *node, int64_t second, const char *up, const char *zone)
{
    struct event e = story_key(node, second);
    uint32_t rule = story_rule_index(s, "eventlog-6013");
    struct event_field fields[7];
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        fields[i] = (struct event_field){ .value = TEXT(""), .part = EVENT_DATA };
    fields[4].value = text_from(up);
    fields[5].value = TEXT("60");
    fields[6].value = text_from(zone);
    e.key.provider = TEXT("EventLog");
    e.key.id = 6013;
    e.fields = fields;
    e.field_count = COUNT_OF(fields);
    story_match(s, &e, &rule, 1);
}

static void refreshed(struct story *s, const char *node, int64_t second, const char *bias)
{
    struct event e = story_key(node, second);
    uint32_t rule = story_rule_index(s, "kernel-general-24");
    struct event_field field = { TEXT("CurrentBias"), text_from(bias), EVENT_DATA };
    e.key.provider = TEXT("Microsoft-Windows-Kernel-General");
    e.key.id = 24;
    e.fields = &field;
    e.field_count = 1;
    story_match(s, &e, &rule, 1);
}

static void the_daily_event_tells_the_offset(void **state)
{
    (void)state;
    static const struct {
        int64_t second;
        const char *up, *zone;
        bool told;
        int seconds;
    } cases[] = {
        { NOON_AT(1), "86400", "-60 Romance Standard Time", true, 3600 },
        { NOON_AT(2), "86400", "-60 Romance Standard Time", true, 7200 }, /* summer */
        { NOON_AT(-4) + 57, "1039089", "300 Eastern Standard Time", true, -4 * 3600 }, /* seen in the corpus */
        { NOON_AT(-5) - 23, "408338", "300 Eastern Standard Time", true, -5 * 3600 },
        { NOON_AT(0), "8426", "0 Coordinated Universal Time", true, 0 },
        { NOON_AT(13), "90000", "-780 Tonga Standard Time", true, 13 * 3600 },
        { NOON_AT(5) - 1800, "90000", "-330 India Standard Time", true, 5 * 3600 + 1800 },
        { NOON_AT(1), "42", "-60 Romance Standard Time", false, 0 },            /* a start that is at noon by chance */
        { NOON_AT(3), "86400", "-60 Romance Standard Time", false, 0 },         /* no noon of that zone */
        { NOON_AT(1) + 240, "86400", "-60 Romance Standard Time", false, 0 },
        { NOON_AT(1), "86400", "Romance Standard Time", false, 0 },
        { NOON_AT(1), "86400", "-60000000000000000000000 X", false, 0 },
        { NOON_AT(1), "86400", "-", false, 0 },
        { NOON_AT(1), "86400", "", false, 0 },
        { NOON_AT(1), "", "-60", false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_log(&s, "NODE1", -DAY, 4 * DAY);
        uptime(&s, "NODE1", cases[i].second, cases[i].up, cases[i].zone);
        story_diagnose(&s);
        const struct zone *z = &s.timeline.nodes[0]->zone;
        assert_true(z->of_nodes);
        assert_int_equal(z->step_count, cases[i].told);
        assert_int_equal(zone_offset(z, story_time(0)), cases[i].seconds);
        story_end(&s);
    }
}

static void a_record_of_the_kernel_tells_it_at_once(void **state)
{
    (void)state;
    struct story s;
    char room[TIME_ISO_ROOM];
    story_begin(&s, rules);
    story_log(&s, "NODE1", -DAY, 4 * DAY);
    uptime(&s, "NODE1", NOON_AT(1), "86400", "-60 Romance Standard Time");
    uptime(&s, "NODE1", NOON_AT(1) + DAY, "172800", "-60 Romance Standard Time");
    refreshed(&s, "NODE1", 2 * DAY, "-120");
    refreshed(&s, "NODE1", 3 * DAY, "-99999");
    story_diagnose(&s);
    const struct zone *z = &s.timeline.nodes[0]->zone;
    assert_int_equal(z->step_count, 2);
    assert_int_equal(zone_offset(z, story_time(2 * DAY - 1)), 3600);
    assert_int_equal(zone_offset(z, story_time(2 * DAY)), 7200);
    assert_int_equal(zone_offset(z, story_time(300 * DAY)), 7200);
    assert_true(text_equal(zone_time(z, story_time(0), room), TEXT("1999-04-12T03:00:00.0000000+01:00")));
    assert_true(text_equal(zone_label(z, story_time(2 * DAY), room), TEXT("+02:00")));
    assert_string_equal(text_keep(&s.arena, s.timeline.nodes[0]->zone_said).p, "Romance Standard Time");
    story_end(&s);
}

/* What two nodes say of their days: offsets in hours, a space each; the zone of both begins with that, or is UTC. */
static void several_nodes_share_a_zone_when_they_agree(void **state)
{
    (void)state;
    static const struct {
        int a[3], b[3]; /* by day; 99: nothing */
        bool same;
    } cases[] = {
        { { 1, 1, 1 }, { 1, 1, 1 }, true },
        { { 1, 2, 2 }, { 1, 2, 2 }, true },
        { { 1, 2, 2 }, { 1, 1, 2 }, true },  /* one of them told it later */
        { { 1, 2, 2 }, { 1, 1, 1 }, false }, /* another country */
        { { 1, 2, 2 }, { 99, 99, 2 }, true },
        { { 1, 1, 1 }, { 2, 2, 2 }, false },
        { { 1, 1, 1 }, { 99, 99, 99 }, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_log(&s, "A", -DAY, 4 * DAY);
        story_log(&s, "B", -DAY, 4 * DAY);
        for (int day = 0; day < 3; day++) {
            if (cases[i].a[day] != 99)
                uptime(&s, "A", NOON_AT(cases[i].a[day]) + day * DAY, "86400", "-60 X");
            if (cases[i].b[day] != 99)
                uptime(&s, "B", NOON_AT(cases[i].b[day]) + day * DAY, "86400", "-60 X");
        }
        story_diagnose(&s);
        struct zone both = node_zones_common(&s.timeline);
        assert_true(both.of_nodes);
        assert_int_equal(both.step_count > 0, cases[i].same);
        assert_int_equal(zone_is_utc(&both), !cases[i].same);
        story_end(&s);
    }
}

static void a_node_has_its_own_zone_when_it_is_asked_for(void **state)
{
    (void)state;
    struct story s;
    struct zone asked, berlin = { .name = "+02:00", .seconds = 7200 };
    story_begin(&s, rules);
    story_log(&s, "NODE1.example.org", -DAY, 4 * DAY);
    uptime(&s, "NODE1.example.org", NOON_AT(1), "86400", "-60 Romance Standard Time");
    story_diagnose(&s);
    assert_true(zone_parse("node", &asked));
    const struct node *node = s.timeline.nodes[0];
    assert_ptr_equal(node_zone(&asked, node), &node->zone);
    assert_ptr_equal(node_zone(&berlin, node), &berlin);
    assert_ptr_equal(node_zone_named(&asked, &s.timeline, TEXT("node1")), &node->zone);
    assert_true(zone_is_utc(node_zone_named(&asked, &s.timeline, TEXT("NODE2"))));
    story_end(&s);
}

static void gaps_are_said_in_the_zone(void **state)
{
    (void)state;
    static const struct zone_step steps[] = { { STORY_START, 3600 }, { STORY_START + DAY * TICKS_PER_SECOND, 7200 } };
    const struct zone zone = { .name = "node", .of_nodes = true, .steps = steps, .step_count = COUNT_OF(steps) };
    static const struct {
        enum log_gap gap;
        int64_t from, to;
        const char *text;
    } cases[] = {
        { LOG_STARTS_LATER, 0, 60, "N's System log starts 1999-04-12 03:01:00 +01:00, after the event" },
        { LOG_ENDS_EARLIER, -60, 0, "N's System log ends 1999-04-12 02:59:00 +01:00, before the event" },
        { LOG_NODE_DOWN, 0, 60, "N was shut down from 1999-04-12 03:00:00 to 1999-04-12 03:01:00 +01:00" },
        { LOG_HAS_HOLE, 0, DAY,
          "N's System log has nothing between 1999-04-12 03:00:00 +01:00 and 1999-04-13 04:00:00 +02:00" },
    };
    struct arena arena;
    arena_init(&arena);
    const struct node node = { .name = TEXT("N") };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct log_miss miss = { .node = &node, .channel = TEXT("System"), .event = story_time(0),
                                       .cover = { .gap = cases[i].gap, .from = story_time(cases[i].from),
                                                  .to = story_time(cases[i].to) } };
        struct text text = log_gap_text(&arena, &zone, &miss);
        assert_string_equal(text_keep(&arena, text).p, cases[i].text);
    }
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_daily_event_tells_the_offset),
        cmocka_unit_test(a_record_of_the_kernel_tells_it_at_once),
        cmocka_unit_test(several_nodes_share_a_zone_when_they_agree),
        cmocka_unit_test(a_node_has_its_own_zone_when_it_is_asked_for),
        cmocka_unit_test(gaps_are_said_in_the_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
