/* What is news: the table of state/news.h, names that stay, and the same troubles that a slow look at all of them finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "state/news.h"

#define DAY   (UINT64_C(24) * 3600 * TICKS_PER_SECOND)
#define START UINT64_C(126000000000000000)

struct desk {
    struct arena arena;
    struct memory memory;
    struct timeline timeline;
    struct diagnoses diagnoses;
    struct sightings seen;
    struct news_options options;
    struct news news;
    struct ruleset *rules;
    struct kb *kb;
};

/* "r" and "s". */
static struct ruleset *rules_make(struct arena *arena)
{
    static const char yaml[] =
        "{title: R, name: r, id: 5d9f1c2e-2b7a-4f0e-9a54-0d5bdcf6d7a1, logsource: {product: windows, service: system},"
        " detection: {x: {Provider_Name: A, EventID: 1}, condition: x}}\n---\n"
        "{title: S, name: s, id: 5d9f1c2e-2b7a-4f0e-9a54-0d5bdcf6d7a2, logsource: {product: windows, service: system},"
        " detection: {x: {Provider_Name: A, EventID: 2}, condition: x}}\n";
    struct ruleset_builder *builder = ruleset_builder_new();
    struct yaml_file file;
    struct diags diags;
    diags_init(&diags, arena);
    assert_true(yaml_parse(arena, TEXT("rules"), text_from(yaml), &diags, &file));
    ruleset_add_file(builder, &file, false, &diags);
    struct ruleset *rules = ruleset_compile(builder, &diags);
    ruleset_builder_free(builder);
    assert_int_equal(ruleset_count(rules), 2);
    return rules;
}

static void begin(struct desk *d)
{
    *d = (struct desk){ 0 };
    arena_init(&d->arena);
    d->memory.arena = &d->arena;
    d->options = (struct news_options){ .now = START, .cluster = TEXT("C"), .gone_after = 7 * DAY, .from = RULE_LOW,
                                        .rules_whole = true };
    d->options.kb = d->kb = kb_new();
    d->timeline.rules = d->rules = rules_make(&d->arena);
}

static void end(struct desk *d)
{
    ruleset_free(d->rules);
    kb_free(d->kb);
    arena_done(&d->arena);
}

/* A log of the node that goes on until then; names in order. */
static void covered(struct desk *d, const char *name, uint64_t until)
{
    struct node *node = ARENA_NEW(&d->arena, struct node);
    struct node **nodes = ARENA_NEW_N(&d->arena, struct node *, d->timeline.node_count + 1);
    if (d->timeline.node_count)
        memcpy(nodes, d->timeline.nodes, d->timeline.node_count * sizeof(struct node *));
    node->name = text_from(name);
    node->index = d->timeline.node_count;
    node->last = until;
    nodes[d->timeline.node_count++] = node;
    d->timeline.nodes = nodes;
}

/* `names` are separated by blanks. */
static struct sighting *see(struct desk *d, const char *what, const char *names, uint64_t first, uint64_t last)
{
    struct sighting s = { .kind = TROUBLE_FINDING, .what = text_from(what), .title = text_from(what), .level = 4,
                          .first_seen = first, .last_seen = last, .occurrences = 1 };
    struct text *nodes = ARENA_NEW_N(&d->arena, struct text, strlen(names) + 1);
    for (struct text t = text_from(names); t.n;) {
        size_t stop = text_find_char(t, ' ');
        nodes[s.node_count++] = (struct text){ t.p, stop };
        t = text_from_index(t, stop + 1);
    }
    s.nodes = nodes;
    d->seen.items =
        arena_grow(&d->arena, d->seen.items, d->seen.count, &d->seen.capacity, sizeof *d->seen.items);
    d->seen.items[d->seen.count++] = s;
    return &d->seen.items[d->seen.count - 1];
}

/* The last of its occurrences began when it was seen last, all others when it was seen first. */
static void begins_make(struct desk *d)
{
    for (size_t i = 0; i < d->seen.count; i++) {
        struct sighting *s = &d->seen.items[i];
        uint64_t *begins = ARENA_NEW_N(&d->arena, uint64_t, s->occurrences);
        for (size_t k = 0; k < s->occurrences; k++)
            begins[k] = k && k + 1 == s->occurrences ? s->last_seen : s->first_seen;
        s->begins = begins;
    }
}

/* What a run at `now` tells: "new gone". */
static const char *told(struct desk *d, uint64_t now)
{
    struct text all = TEXT("");
    d->options.now = now;
    begins_make(d);
    news_make(&d->memory, &d->options, &d->timeline, &d->diagnoses, &d->seen, &d->news);
    for (size_t i = 0; i < d->news.count; i++)
        all = text_keep_format(&d->arena, "%.*s%s%s%s", TEXT_ARG(all), i ? " " : "",
                               news_kind_name(d->news.items[i].kind), d->news.items[i].by ? "(suppressed)" : "");
    d->seen = (struct sightings){ 0 };
    d->timeline = (struct timeline){ .rules = d->rules };
    return all.n ? all.p : "";
}

static void told_once_and_again_after_quiet(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    see(&d, "r", "N1", START, START);
    assert_string_equal(told(&d, START), "new");
    struct text id = d.memory.troubles[0]->id;
    see(&d, "r", "n1", START, START);
    assert_string_equal(told(&d, START + DAY), "");
    see(&d, "r", "N1", START, START + DAY)->occurrences = 2;
    assert_string_equal(told(&d, START + DAY), "");
    see(&d, "r", "N1", START, START + 3 * DAY)->occurrences = 5;
    assert_string_equal(told(&d, START + 3 * DAY), "again");
    assert_int_equal(d.news.items[0].more, 3);
    covered(&d, "N1", START + 11 * DAY);
    see(&d, "r", "N1", START, START + 3 * DAY)->occurrences = 5;
    assert_string_equal(told(&d, START + 11 * DAY), "gone");
    assert_non_null(strstr(d.memory.troubles[0]->reason.p, "not happened again"));
    see(&d, "r", "N1", START, START + 3 * DAY)->occurrences = 5;
    assert_string_equal(told(&d, START + 12 * DAY), "");
    see(&d, "r", "N1", START, START + 12 * DAY)->occurrences = 6;
    assert_string_equal(told(&d, START + 12 * DAY), "again");
    assert_int_equal(d.memory.trouble_count, 1);
    assert_true(text_equal(d.memory.troubles[0]->id, id));
    end(&d);
}

/* One that goes on is no other; one that begins when an earlier one is not kept any more is. */
static void what_goes_on_counts_once(void **state)
{
    (void)state;
    static const struct {
        uint64_t first, last, occurrences, all;
    } runs[] = {
        { 0, 1, 1, 1 }, { 0, 5, 1, 1 }, { 0, 9, 2, 2 }, { 0, 12, 2, 2 + 1 }, /* the first of three is gone */
        { 13, 13, 1, 4 }, { 13, 14, 1, 4 },
    };
    struct desk d;
    begin(&d);
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        see(&d, "a", "N1", START + runs[i].first, START + runs[i].last)->occurrences = runs[i].occurrences;
        assert_string_equal(told(&d, START + i), i ? "" : "new");
        assert_int_equal(d.memory.troubles[0]->occurrences, runs[i].all);
    }
    end(&d);
}

static void what_ended_long_ago_is_new_and_over(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    covered(&d, "N1", START + 30 * DAY);
    see(&d, "r", "N1", START, START);
    assert_string_equal(told(&d, START + 30 * DAY), "new");
    assert_true(d.memory.troubles[0]->closed);
    end(&d);
}

static void confidence_and_reminders(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    see(&d, "a", "N1", START, START)->confidence = 2;
    assert_string_equal(told(&d, START), "new");
    see(&d, "a", "N1", START, START)->confidence = 3;
    assert_string_equal(told(&d, START + DAY), "confidence");
    assert_int_equal(d.news.items[0].before, 2);
    d.memory.unkept = START; /* it may have rested on that */
    see(&d, "a", "N1", START, START)->confidence = 1;
    assert_string_equal(told(&d, START + DAY), "");
    d.memory.unkept = START - 1;
    see(&d, "a", "N1", START, START)->confidence = 1;
    assert_string_equal(told(&d, START + DAY), "confidence");
    static const struct {
        enum remind remind;
        const char *days[8];
    } how[] = {
        { REMIND_ONCE, { "", "", "", "", "", "", "", "" } },
        { REMIND_DAILY, { "still", "still", "still", "still", "still", "still", "still", "still" } },
    };
    for (size_t i = 0; i < COUNT_OF(how); i++)
        for (size_t day = 0; day < COUNT_OF(how[i].days); day++) {
            d.options.remind = how[i].remind;
            see(&d, "a", "N1", START, START)->confidence = 1;
            assert_string_equal(told(&d, START + (2 + 8 * i + day) * DAY), how[i].days[day]);
        }
    for (size_t i = 0; i < 2; i++) { /* a night with a clock of the future does not end all reminders until then */
        see(&d, "a", "N1", START, START)->confidence = 1;
        assert_string_equal(told(&d, START + (i ? 20 : 36000) * DAY), "still");
    }
    end(&d);
}

static void suppressed_and_then_new(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    struct suppression one = { .what = TEXT("r"), .node = TEXT("n1"), .reason = TEXT("x"), .until = START + 2 * DAY };
    const struct suppressions all = { &one, 1, 1 };
    d.options.suppressions = &all;
    see(&d, "r", "N1", START, START);
    see(&d, "r", "N2", START, START);
    assert_string_equal(told(&d, START), "new(suppressed) new");
    assert_int_equal(d.news.told, 1);
    see(&d, "r", "N1", START, START);
    see(&d, "r", "N2", START, START);
    assert_string_equal(told(&d, START + 3 * DAY), "new");
    see(&d, "r", "N2", START, START);
    assert_string_equal(told(&d, START + 3 * DAY), "gone");
    end(&d);
}

/* Evidence that is not kept any more says nothing: neither that it is over, nor that it need not be told. */
static void evidence_that_is_not_kept(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    struct suppression one = { .what = TEXT("s"), .reason = TEXT("x"), .until = START + 60 * DAY };
    const struct suppressions all = { &one, 1, 1 };
    d.options.suppressions = &all;
    see(&d, "r", "N1", START, START);
    see(&d, "s", "N1", START, START);
    assert_string_equal(told(&d, START), "new new(suppressed)");
    d.memory.unkept = START + DAY;
    assert_string_equal(told(&d, START + 40 * DAY), "new(suppressed)");
    assert_string_equal(told(&d, START + 59 * DAY), "new(suppressed)");
    assert_string_equal(told(&d, START + 61 * DAY), "new");
    assert_true(text_equal(d.news.items[0].trouble->what, TEXT("s")));
    assert_string_equal(told(&d, START + 62 * DAY), "");
    d.options.remind = REMIND_DAILY;
    assert_string_equal(told(&d, START + 63 * DAY), "still still");
    assert_int_equal(d.memory.troubles[0]->closed + d.memory.troubles[1]->closed, 0);
    covered(&d, "N1", START + 64 * DAY);
    assert_string_equal(told(&d, START + 64 * DAY), "gone gone");
    assert_non_null(strstr(d.memory.troubles[0]->reason.p, "not happened again"));
    end(&d);
}

static const char *reason_without(bool whole, bool changed, const char *what, int level)
{
    static char reason[200];
    struct desk d;
    begin(&d);
    see(&d, what, "N1", START, START)->level = level;
    told(&d, START);
    d.options.rules_whole = whole;
    d.options.rules_changed = changed;
    d.options.from = RULE_MEDIUM;
    const char *news = told(&d, START + DAY);
    snprintf(reason, sizeof reason, "%s: %.*s", news, TEXT_ARG(d.memory.troubles[0]->reason));
    end(&d);
    return reason;
}

static void gone_with_the_true_reason(void **state)
{
    (void)state;
    assert_string_equal(reason_without(true, false, "r", 4), "gone: later evidence explains it otherwise, or speaks against it");
    assert_string_equal(reason_without(true, true, "r", 4), "gone: the rules, or evscan, were changed, and do not find it any more");
    assert_string_equal(reason_without(true, true, "q", 4), "gone: its rule is no longer among the rules");
    assert_string_equal(reason_without(false, true, "q", 4), ": "); /* its file has a mistake tonight */
    assert_string_equal(reason_without(true, false, "r", 2), "gone: findings of its level are no news any more (--fail-level)");
}

static void two_that_become_one(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    see(&d, "r", "N1", START, START);
    see(&d, "r", "N2", START, START);
    see(&d, "s", "N2", START, START);
    assert_string_equal(told(&d, START), "new new new");
    see(&d, "r", "N1 N2", START, START);
    see(&d, "s", "N2", START, START);
    assert_string_equal(told(&d, START + DAY), "gone");
    struct text why = text_keep_format(&d.arena, "it is part of %.*s now", TEXT_ARG(d.memory.troubles[0]->id));
    assert_true(text_equal(d.memory.troubles[1]->reason, why));
    end(&d);
}

static void what_spreads_is_told(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    see(&d, "a", "N2", START, START)->confidence = 2;
    assert_string_equal(told(&d, START), "new");
    assert_int_equal(d.news.items[0].spread_count, 0);
    see(&d, "a", "N1 n2", START, START)->confidence = 2;
    assert_string_equal(told(&d, START + DAY), "spread");
    assert_int_equal(d.news.items[0].spread_count, 1);
    assert_true(text_equal(d.news.items[0].spread[0], TEXT("N1")));
    see(&d, "a", "N1 N2", START, START)->confidence = 2;
    assert_string_equal(told(&d, START + 2 * DAY), "");
    see(&d, "a", "N2", START, START)->confidence = 2; /* what is less is none */
    assert_string_equal(told(&d, START + 2 * DAY), "");
    see(&d, "a", "N2 N3 N4", START, START)->confidence = 3;
    assert_string_equal(told(&d, START + 2 * DAY), "confidence");
    assert_int_equal(d.news.items[0].spread_count, 2);
    see(&d, "a", "N2 N3 N4 N5", START, START + 6 * DAY)->confidence = 3;
    assert_string_equal(told(&d, START + 6 * DAY), "again");
    assert_int_equal(d.news.items[0].spread_count, 1);
    end(&d);
}

/* Of the same article, node and time there can be two diagnoses; and names can be made up to have the same sum. */
/* Two disks of a node: which one is surer, and comes first, may change from night to night. */
static void two_of_a_node_keep_their_names(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    see(&d, "r", "N1", START, START);
    assert_string_equal(told(&d, START + DAY / 24), "new");
    see(&d, "r", "N1", START + DAY / 2, START + DAY / 2)->confidence = 3;
    see(&d, "r", "N1", START, START);
    assert_string_equal(told(&d, START + DAY / 2 + DAY / 24), "new");
    assert_true(d.news.items[0].trouble->first_seen == START + DAY / 2);
    assert_true(d.memory.troubles[0]->first_seen == START && d.memory.troubles[0]->confidence == 0);
    end(&d);
}

static void names_are_unique(void **state)
{
    (void)state;
    struct desk d;
    begin(&d);
    for (size_t i = 0; i < 300; i++)
        see(&d, "r", "N1", START, START);
    for (size_t i = 0; i < 20000; i++)
        see(&d, "r", text_keep_format(&d.arena, "M%zu", i).p, START, START);
    told(&d, START);
    assert_int_equal(d.memory.trouble_count, 20300);
    uint8_t *taken = arena_alloc(&d.arena, 1u << 24);
    for (size_t i = 0; i < d.memory.trouble_count; i++) {
        unsigned number;
        assert_int_equal(sscanf(d.memory.troubles[i]->id.p, "r-%6x", &number), 1);
        assert_int_equal(taken[number]++, 0);
    }
    end(&d);
}

static bool is_of(const struct trouble *t, const struct sighting *s)
{
    for (size_t i = 0; i < t->node_count; i++)
        for (size_t k = 0; k < s->node_count; k++)
            if (text_equal_nocase(t->nodes[i], s->nodes[k]))
                return text_equal(t->what, s->what) && t->kind == s->kind;
    return false;
}

/* The table by a look at all: the first open one, else the one closed last. */
static size_t slow_find(const struct desk *d, const bool *taken, const struct sighting *s)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < d->memory.trouble_count; i++) {
        const struct trouble *t = d->memory.troubles[i];
        if (taken[i] || !is_of(t, s))
            continue;
        if (!t->closed)
            return i;
        if (best == SIZE_MAX || t->closed >= d->memory.troubles[best]->closed)
            best = i;
    }
    return best;
}

static void the_index_finds_what_a_slow_look_finds(void **state)
{
    (void)state;
    static const char *const sets[] = { "a", "B", "b c", "C", "d a", "D", "e", "E f", "f" };
    static const char *const whats[] = { "r", "s" };
    srand(3);
    for (int round = 0; round < 200; round++) {
        struct desk d;
        begin(&d);
        for (size_t i = 0; i < 12; i++) {
            struct trouble *t = ARENA_NEW(&d.arena, struct trouble);
            const struct sighting *s = see(&d, whats[rand() % 2], sets[(size_t)rand() % COUNT_OF(sets)], START, START);
            *t = (struct trouble){ .id = text_keep_format(&d.arena, "t-%zu", i), .what = s->what, .kind = s->kind,
                                   .nodes = s->nodes, .node_count = s->node_count, .told = START, .last_seen = START,
                                   .closed = rand() % 2 ? START + (uint64_t)(rand() % 3) : 0 };
            memory_trouble_add(&d.memory, t);
        }
        d.seen = (struct sightings){ 0 };
        for (size_t i = 0; i < 8; i++)
            see(&d, whats[rand() % 2], sets[(size_t)rand() % COUNT_OF(sets)], START, START + DAY + i);
        const struct sightings seen = d.seen;
        bool taken[64] = { false };
        size_t expected[8], fresh = d.memory.trouble_count;
        for (size_t i = 0; i < 8; i++) {
            expected[i] = slow_find(&d, taken, &seen.items[i]);
            expected[i] = expected[i] == SIZE_MAX ? fresh++ : expected[i];
            taken[expected[i]] = true;
        }
        told(&d, START + DAY);
        assert_int_equal(d.memory.trouble_count, fresh);
        for (size_t i = 0; i < 8; i++)
            assert_int_equal(d.memory.troubles[expected[i]]->last_seen, seen.items[i].last_seen);
        end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_once_and_again_after_quiet),
        cmocka_unit_test(what_goes_on_counts_once),
        cmocka_unit_test(what_ended_long_ago_is_new_and_over),
        cmocka_unit_test(confidence_and_reminders),
        cmocka_unit_test(suppressed_and_then_new),
        cmocka_unit_test(evidence_that_is_not_kept),
        cmocka_unit_test(gone_with_the_true_reason),
        cmocka_unit_test(two_that_become_one),
        cmocka_unit_test(what_spreads_is_told),
        cmocka_unit_test(two_of_a_node_keep_their_names),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(the_index_finds_what_a_slow_look_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
