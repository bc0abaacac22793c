/* Nodes of two clusters in one scan: which of two machines of one name a log means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "story.h"

static const char *const rules[] = { "removed", "crashed", "down", NULL };

static const char crash[] =
    STORY_ARTICLE("node-crash") "kind: incident\n"
                                "evidence:\n"
                                "    roles: {crashed node: \"NodeName or Data[1]\"}\n"
                                "    needs:\n"
                                "        - {rule: removed, points: 40, text: removed}\n"
                                "        - {rule: crashed, node: crashed node, within: 1h, points: 40, text: x}\n";

/* NODE2 is named on a node; then one of that name crashes. */
static void a_short_name_means_one_node_only(void **state)
{
    (void)state;
    static const struct {
        const char *logs[4], *crashed_on, *verdict;
        size_t unseen;
    } cases[] = {
        { { "NODE1.a.org", "NODE2.a.org", "NODE2.b.org" }, "NODE2.a.org",
          "node-crash confirmed 80 x1 NODE1.a.org NODE2.a.org\n", 0 },
        { { "NODE1.a.org", "NODE2.a.org", "NODE2.b.org" }, "NODE2.b.org", NULL, 0 },
        { { "NODE1.b.org", "NODE2.a.org", "NODE2.b.org" }, "NODE2.a.org", NULL, 0 },
        /* Not the one of its own domain: the only one there is. */
        { { "NODE1.a.org", "NODE2.b.org" }, "NODE2.b.org", "node-crash confirmed 80 x1 NODE1.a.org NODE2.b.org\n", 0 },
        { { "NODE1.a.org", "NODE2.b.org", "NODE1.b.org" }, "NODE2.b.org",
          "node-crash possible 40 x1 NODE1.a.org\n", 1 },
        { { "NODE1", "NODE2.a.org", "NODE2.b.org" }, "NODE2.a.org", "node-crash possible 40 x1 NODE1\n", 1 },
        { { "NODE1", "NODE2.a.org", "NODE2.b.org", "NODE2" }, "NODE2", "node-crash confirmed 80 x1 NODE1 NODE2\n", 0 },
        { { "NODE1.a.org", "NODE2" }, "NODE2", "node-crash confirmed 80 x1 NODE1.a.org NODE2\n", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct story s;
        story_begin(&s, rules);
        for (size_t k = 0; k < COUNT_OF(cases[i].logs) && cases[i].logs[k]; k++)
            story_log(&s, cases[i].logs[k], -2 * HOUR, 2 * HOUR);
        story_article(&s, "a", crash);
        story_values(&s, cases[i].logs[0], 0, "removed", "NODE2", NULL);
        story_event(&s, cases[i].crashed_on, 300, "crashed");
        story_diagnose(&s);
        const char *told = story_tell(&s, false);
        if (!cases[i].verdict)
            assert_int_equal(s.diagnoses.count, 0);
        else
            assert_string_equal(told, cases[i].verdict);
        assert_int_equal(s.diagnoses.unseen_count, cases[i].unseen);
        story_end(&s);
    }
}

/* A restart on purpose explains that the own cluster removes the node, not that another one removes its namesake. */
static void a_namesake_is_not_explained(void **state)
{
    (void)state;
    static const char quiet[] =
        STORY_ARTICLE("quiet") "kind: noise\nevidence:\n    needs: [{rule: down, points: 60, text: planned}]\n"
                               "    explains: [{rule: removed, node: other, names: same, within: 1m}]\n";
    for (int own = 0; own < 2; own++) {
        struct story s;
        story_begin(&s, rules);
        story_log(&s, "NODE1.a.org", -2 * HOUR, 2 * HOUR);
        story_log(&s, "NODE2.a.org", -2 * HOUR, 2 * HOUR);
        story_log(&s, "NODE2.b.org", -2 * HOUR, 2 * HOUR);
        story_article(&s, "a", quiet);
        story_values(&s, "NODE1.a.org", 0, "removed", "NODE2", NULL);
        story_event(&s, own ? "NODE2.a.org" : "NODE2.b.org", -10, "down");
        story_diagnose(&s);
        assert_int_equal(s.diagnoses.noise.count, 1);
        assert_int_equal(s.diagnoses.noise.items[0].explains.count, own);
        story_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_name_means_one_node_only),
        cmocka_unit_test(a_namesake_is_not_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
