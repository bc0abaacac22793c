/*
 * Real classic logs: the counts of the shared corpus come out, and what is known about single records.
 *
 * The corpus stands beside the checkout (../shared/corpus, or EVSCAN_SHARED); where it does not, the test is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "evt_collect.h"

static bool open_sample(const char *name, struct input **ret)
{
    const char *shared = getenv("EVSCAN_SHARED"), *source = getenv("EVSCAN_SOURCE");
    char path[4096];
    snprintf(path, sizeof path, "%s%s/corpus/evt/%s", shared ? shared : source ? source : ".",
             shared ? "" : "/../shared", name);
    *ret = input_open(path);
    if (!*ret)
        printf("skipped: %s is not there\n", path);
    return *ret != NULL;
}

/*
 * As MANIFEST.tsv counts them, but for the first one, of which it has 437 and 1: the torn record at 0x1dff10 is of an older
 * round, as those around it, and what is partial are records of the log.
 */
static const struct {
    const char *name;
    uint64_t live, stale, partial;
    const char *channel;
} samples[] = {
    { "plaso__SysEvent.Evt", 6063, 438, 0, "System" },
    { "evt-parser__Application.evt", 67, 0, 0, "Application" },
    { "evt-parser__Security.evt", 49, 0, 0, "Security" },
    { "evt-parser__System.evt", 95, 0, 0, "System" },
};

static void every_record_of_the_corpus_is_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct input *in;
        struct collected c;
        if (!open_sample(samples[i].name, &in))
            skip();
        collect(&c, in);
        input_close(in);
        collected_print(&c, samples[i].name);
        assert_int_equal(c.account.decoded, samples[i].live);
        assert_int_equal(c.account.by_source[EVENT_LIVE], samples[i].live);
        assert_int_equal(c.account.by_source[EVENT_STALE], samples[i].stale);
        assert_int_equal(c.account.partial, samples[i].partial);
        assert_int_equal(c.account.promised, samples[i].live);
        assert_int_equal(c.account.lost, 0);
        assert_int_equal(c.account.skipped_bytes, 0);
        assert_int_equal(c.count, samples[i].live + samples[i].stale + samples[i].partial);
        assert_int_equal(c.status, ST_END);
        assert_int_equal(notices_worst(&c.notices), NOTICE_INFO_LEVEL);
        for (size_t j = 0; j < c.count; j++)
            assert_true(text_equal(c.events[j]->key.channel, text_from(samples[i].channel)));
        collected_free(&c);
    }
}

static const struct event *live_numbered(const struct collected *c, uint64_t number)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->events[i]->key.record_id == number && c->events[i]->source == EVENT_LIVE)
            return c->events[i];
    return NULL;
}

/* Record 1572 stands 240 bytes before the end of the file, its last 104 bytes behind the header. */
static void the_record_over_the_end_is_joined(void **state)
{
    (void)state;
    struct input *in;
    struct collected c;
    if (!open_sample("plaso__SysEvent.Evt", &in))
        skip();
    collect(&c, in);
    input_close(in);
    const struct event *e = live_numbered(&c, 1572);
    assert_non_null(e);
    assert_int_equal(e->offset, 0x1eff10);
    assert_int_equal(e->field_count, 3);
    assert_true(text_ends_with(e->fields[2].value, TEXT("(0xc000005e)\"")));
    assert_int_equal(live_numbered(&c, 1392)->offset, 0x1e0130);
    assert_true(c.largest <= BATCH_SIZE);
    collected_free(&c);
}

static void the_half_record_is_not_read_over_the_former_end(void **state)
{
    (void)state;
    struct input *in;
    struct collected c;
    if (!open_sample("plaso__SysEvent.Evt", &in))
        skip();
    collect(&c, in);
    input_close(in);
    size_t parts = 0;
    for (size_t i = 0; i < c.count; i++) {
        const struct event *e = c.events[i];
        if (!(e->marks & EVENT_PARTIAL))
            continue;
        parts++;
        assert_int_equal(e->source, EVENT_STALE);
        assert_int_equal(e->offset, 0x1dff10);
        assert_int_equal(e->field_count, 3);
        assert_true(text_ends_with(e->fields[2].value, TEXT("servers availab")));
    }
    assert_int_equal(parts, 1);
    collected_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_of_the_corpus_is_counted),
        cmocka_unit_test(the_record_over_the_end_is_joined),
        cmocka_unit_test(the_half_record_is_not_read_over_the_former_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
