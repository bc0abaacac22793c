/* Nodes that are spoken of and whose logs are missing, whichever event names them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "story.h"

static const char *const rules[] = { "a", "eventlog-6009", NULL };

#define FAILOVER "Microsoft-Windows-FailoverClustering"

static void tell(struct story *s, const char *provider, uint32_t id, const char *name, const char *value)
{
    struct event e = story_key("NODE1.example.org", 0);
    struct event_field field = { text_from(name), text_from(value), EVENT_DATA };
    uint32_t rule = story_rule_index(s, "a");
    e.key.provider = text_from(provider);
    e.key.id = id;
    e.fields = &field;
    e.field_count = 1;
    story_match(s, &e, &rule, 1);
}

static void events_of_the_cluster_name_nodes(void **state)
{
    (void)state;
    static const struct {
        const char *provider;
        uint32_t id;
        const char *name, *value, *unseen;
    } cases[] = {
        { FAILOVER, 1135, "NodeName", "NODE2", "NODE2" },
        { FAILOVER, 1641, "ToNodeName", " NODE2.example.org ", "NODE2.example.org" },
        { FAILOVER, 1641, "FromNodeName", "NODE-2_x", "NODE-2_x" },
        { FAILOVER, 1592, "RemoteNodeName", "n\xc3\xb6" "de", "n\xc3\xb6" "de" },
        { FAILOVER, 1069, "ResourceName", "NODE2", NULL },
        { FAILOVER, 1135, "", "NODE2", "NODE2" },
        { FAILOVER, 1069, "", "NODE2", NULL },
        { "ClusSvc", 1135, "", "NODE2", "NODE2" },
        { "ClusSvc", 1123, "", "NODE2", "NODE2" },
        { "ClusSvc", 1069, "", "NODE2", NULL },
        { "SomethingElse", 1135, "NodeName", "NODE2", NULL },
        /* Here already, or no name of a node. */
        { FAILOVER, 1135, "NodeName", "node1", NULL },
        { FAILOVER, 1135, "NodeName", "NODE1.example.org", NULL },
        { FAILOVER, 1135, "NodeName", "2", NULL },
        { FAILOVER, 1135, "NodeName", "10.0.0.2", NULL },
        { FAILOVER, 1135, "NodeName", "", NULL },
        { FAILOVER, 1135, "NodeName", "%%2550", NULL },
        { FAILOVER, 1135, "NodeName", "the other node", NULL },
        { FAILOVER, 1135, "NodeName", "0123456789012345678901234567890123456789012345678901234567890123x", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        story_log(&s, "NODE1.example.org", 0, HOUR);
        tell(&s, cases[i].provider, cases[i].id, cases[i].name, cases[i].value);
        tell(&s, cases[i].provider, cases[i].id, cases[i].name, cases[i].value);
        story_diagnose(&s);
        if (s.diagnoses.unseen_count != (cases[i].unseen ? 1 : 0))
            fail_msg("case %zu: %s of %u is%s a node", i, cases[i].value, cases[i].id, cases[i].unseen ? " not" : "");
        if (cases[i].unseen) {
            assert_true(text_equal(s.diagnoses.unseen[0].name, text_from(cases[i].unseen)));
            assert_int_equal(s.diagnoses.unseen[0].hit->event->key.record_id, 2);
        }
        story_end(&s);
    }
}

static void made_up_names_are_bounded(void **state)
{
    (void)state;
    struct story s;
    story_begin(&s, rules);
    story_log(&s, "NODE1.example.org", 0, HOUR);
    for (int i = 0; i < 1000; i++)
        tell(&s, FAILOVER, 1135, "NodeName", text_keep_format(&s.arena, "N%d", i).p);
    story_diagnose(&s);
    assert_int_equal(s.diagnoses.unseen_count, LIMIT_CAST);
    story_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_the_cluster_name_nodes),
        cmocka_unit_test(made_up_names_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
