/*
 * report_fixture.h - a run made by hand: two nodes, a torn log, a file that is no log, two diagnoses and one
 * that was ruled out.
 *
 * Shape:   fixture_init fills it; with `hostile` every text that comes from a log or a file name tries to
 * break out.
 */
#ifndef EVSCAN_TESTS_REPORT_FIXTURE_H
#define EVSCAN_TESTS_REPORT_FIXTURE_H

#include "report/report.h"

#define MINUTE   (60 * (uint64_t)TICKS_PER_SECOND)
#define DAY      (24 * 60 * MINUTE)
#define HIT_MOST 16

/* As TEXT, for tables. */
#define TEXT_IN(literal)                                                                                     \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

/* Colour, a bell, NUL, C1, right-to-left override, bytes that are no UTF-8, JSON, CJK, and no end. */
#define HOSTILE_TEXT                                                                                         \
    "\x1b[31m\a\"},\0{\\\xC2\x9B"                                                                            \
    "2J\xE2\x80\xAE\xFF\xE4\xB8\r\n\n\tEvidence for it\r\xE4\xB8\xAD\xE6\x96\x87 `never \"closed C:\\a b\\c"

/* What hostile fixtures say; a test may put something else here. */
static struct text fixture_bad = { HOSTILE_TEXT, sizeof HOSTILE_TEXT - 1 };

struct fixture {
    struct arena arena;
    struct diags diags;
    struct partial partial;
    struct timeline timeline;
    struct diagnoses diagnoses;
    struct ruleset *rules;
    struct kb *kb;
    struct report report;
    struct report_options options;
    struct text name[2], value; /* of nodes; what events say */
    struct hit hits[HIT_MOST];
    const struct node *node_of[HIT_MOST];
    struct node nodes[2];
    struct text troubled[2];
    struct node *node_list[2];
    struct article articles[3];
    struct diagnosis found[2], considered[1];
};

static const char fixture_rules[] =
    "title: Cluster service could neither join nor form a cluster\n"
    "id: 11111111-0000-4000-8000-000000000001\n"
    "name: clussvc-1009\n"
    "author: evscan\n"
    "level: high\n"
    "logsource: {product: windows, service: system}\n"
    "detection: {selection: {Provider_Name: ClusSvc, EventID: 1009}, condition: selection}\n"
    "---\n"
    "title: Resource monitor could not load clusres.dll\n"
    "id: 11111111-0000-4000-8000-000000000002\n"
    "name: clussvc-1058\n"
    "author: evscan\n"
    "level: high\n"
    "logsource: {product: windows, service: system}\n"
    "detection: {selection: {Provider_Name: ClusSvc, EventID: 1058}, condition: selection}\n"
    "---\n"
    "title: A disk reports bad blocks\n"
    "id: 11111111-0000-4000-8000-000000000003\n"
    "name: disk-7\n"
    "author: A. N. Other\n"
    "level: medium\n"
    "logsource: {product: windows, service: system}\n"
    "detection: {selection: {Provider_Name: Disk, EventID: 7}, condition: selection}\n"
    "---\n"
    "title: The node started\n"
    "id: 11111111-0000-4000-8000-000000000004\n"
    "name: eventlog-6009\n"
    "author: evscan\n"
    "level: informational\n"
    "evscan: context\n"
    "logsource: {product: windows, service: system}\n"
    "detection: {selection: {Provider_Name: EventLog, EventID: 6009}, condition: selection}\n";

static void fixture_load_rules(struct fixture *f)
{
    struct yaml_file file;
    struct ruleset_builder *b = ruleset_builder_new();
    assert_true(yaml_parse(&f->arena, TEXT("rules.yaml"), text_from(fixture_rules), &f->diags, &file));
    ruleset_add_file(b, &file, true, &f->diags);
    f->rules = ruleset_compile(b, &f->diags);
    ruleset_builder_free(b);
    assert_int_equal(f->diags.errors, 0);
    assert_int_equal(ruleset_count(f->rules), 4);
    f->kb = kb_new();
}

static uint32_t fixture_rule(const struct fixture *f, const char *name)
{
    uint32_t rule = 0;
    assert_true(ruleset_find(f->rules, text_from(name), &rule));
    return rule;
}

static uint64_t fixture_time(const char *iso)
{
    uint64_t t = 0;
    assert_true(time_parse(text_from(iso), &t));
    return t;
}

/* One event with two values; `named` as an .evtx names them. */
static const struct event *fixture_event(struct fixture *f, size_t node, const char *provider, uint32_t id,
                                         uint64_t time, uint64_t record, const char *value)
{
    struct event *e = ARENA_NEW(&f->arena, struct event);
    struct event_field *fields = ARENA_NEW_N(&f->arena, struct event_field, 2);
    fields[0] = (struct event_field){ TEXT("Data"), text_from(value), EVENT_DATA };
    fields[1] = (struct event_field){ TEXT("ResourceType"), f->value, EVENT_DATA };
    e->key = (struct event_key){ .provider = text_from(provider),
                                 .computer = f->name[node],
                                 .id = id,
                                 .level = 2,
                                 .time = time,
                                 .record_id = record,
                                 .channel = TEXT("System") };
    e->event_id = text_keep_format(&f->arena, "%u", id);
    e->fields = fields;
    e->field_count = f->value.n > 0 ? 2 : 1;
    return e;
}

static const struct hit *fixture_hit(struct fixture *f, size_t node, const char *rule, const struct event *e)
{
    size_t i = f->timeline.hit_count++;
    assert_true(i < HIT_MOST);
    f->hits[i] = (struct hit){ .rule = fixture_rule(f, rule), .event = e, .input = f->partial.inputs[node] };
    f->node_of[i] = &f->nodes[node];
    return &f->hits[i];
}

static struct input_result *fixture_input(struct fixture *f, struct text path, const char *format,
                                          size_t node)
{
    struct input_result *in = partial_add_input(&f->partial, path);
    in->format = text_from(format);
    in->size = 65536;
    for (uint64_t i = 0; *format && i < 3; i++) {
        struct event_key key = { .computer = f->name[node],
                                 .channel = TEXT("System"),
                                 .time = fixture_time("1999-04-01T08:00:00Z") + i * 5 * DAY };
        coverage_add(in, &f->partial.arena, &key);
        account_time(&in->account, key.time);
        in->account.decoded++;
        in->account.by_source[EVENT_LIVE]++;
    }
    in->account.promised = in->account.decoded;
    return in;
}

static void fixture_inputs(struct fixture *f, bool hostile)
{
    fixture_input(f, TEXT("logs/node1.evt"), "evt", 0);
    struct input_result *torn = fixture_input(f, TEXT("logs/node2.evt"), "evt", 1);
    torn->status = ST_LOST_RECORD;
    torn->account.promised += 2;
    torn->account.lost = 2;
    torn->account.skipped_bytes = 12345;
    for (uint64_t i = 0; i < 20; i++)
        (void)notice_add(&torn->notices, NOTICE_INPUT_SHRUNK, 4096 + i, 1u << i);
    struct input_result *none = fixture_input(f, hostile ? fixture_bad : TEXT("logs/readme.txt"), "", 0);
    none->status = ST_LOST_INPUT;
    (void)notice_add(&none->notices, NOTICE_INPUT_FORMAT, NOTICE_NO_OFFSET, 0);
}

static void fixture_nodes(struct fixture *f)
{
    for (size_t i = 0; i < 2; i++) {
        struct node *n = &f->nodes[i];
        f->node_list[i] = n;
        *n = (struct node){ .name = f->name[i],
                            .index = i,
                            .first = fixture_time("1999-04-01T08:00:00Z"),
                            .last = fixture_time("1999-04-12T09:00:00Z") };
        n->os_count = i == 0 ? 2 : 0;
        n->os = ARENA_NEW_N(&f->arena, struct os_fact, 2);
        n->os[0] = (struct os_fact){ n->first, OS_NT4, 3, 3, TEXT("Windows NT 4.0 Service Pack 3"), NULL };
        n->os[1] =
            (struct os_fact){ n->first + DAY, OS_NT4, 4, 4, TEXT("Windows NT 4.0 Service Pack 4"), NULL };
    }
}

static void fixture_evidence(struct evidence_list *list, struct arena *a, const struct evidence_item *item,
                             int points, const char *text, const struct hit *first, const struct hit *second,
                             const char *gap)
{
    size_t capacity = list->count;
    list->items = arena_grow(a, list->items, list->count, &capacity, sizeof *list->items);
    struct evidence_found *e = &list->items[list->count++];
    *e = (struct evidence_found){
        .item = item, .text = text_from(text), .points = points, .gap = text_from(gap)
    };
    e->hits = ARENA_NEW_N(a, const struct hit *, 2);
    if (first)
        e->hits[e->hit_count++] = first;
    if (second)
        e->hits[e->hit_count++] = second;
    e->hits_seen = e->hit_count;
}

static const struct evidence_item *fixture_item(struct fixture *f, const char *rule, enum evidence_kind kind,
                                                const char *node, int weight, const char *basis)
{
    struct evidence_item *item = ARENA_NEW(&f->arena, struct evidence_item);
    uint32_t *rules = ARENA_NEW(&f->arena, uint32_t);
    *rules = fixture_rule(f, rule);
    *item = (struct evidence_item){ .kind = kind,
                                    .rules = rules,
                                    .rule_count = 1,
                                    .node = { .text = text_from(node) },
                                    .weight = weight,
                                    .at_least = 1,
                                    .inferred = basis != NULL,
                                    .basis = text_from(basis) };
    return item;
}

static const struct remedy_step fixture_steps[] = {
    { { "each node", 9 },
      TEXT_IN("Let Option Pack setup finish on both nodes and restart both nodes first.") },
    { { "affected node", 13 },
      TEXT_IN("Install Windows NT 4.0 Service Pack 4 again; then look whether "
              "\"HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\" has the value CSDVersion.\nRun `net "
              "start clussvc`.") },
};
static const struct text fixture_warnings[] = { TEXT_IN(
    "Applying the service pack before both restarts does not help.") };
static const struct text fixture_verify[] = { TEXT_IN(
    "Event 1058 does not come back after the next start.") };
static const struct settle fixture_settles[] = {
    { TEXT_IN("Is clusres.dll older than the copy that Service Pack 4 brings?"),
      TEXT_IN("dir /t:w %SystemRoot%\\Cluster\\clusres.dll"), TEXT_IN("each node") },
};
static const struct related_article fixture_related[] = {
    { TEXT_IN("Q171451"), TEXT_IN("The general article on event 1009.") },
};

static const struct text fixture_see[] = { TEXT_IN("A guide to the start of the cluster service (start-guide).") };

static void fixture_articles(struct fixture *f)
{
    f->articles[0] = (struct article){
        .id = TEXT("Q218922"),
        .title = TEXT("Installing NTOP on Cluster Server with SP4 Causes Event IDs 1009"),
        .summary =
            TEXT("The Option Pack replaced files of Service Pack 4 by older ones, and the cluster service no "
                 "longer starts on either node."),
        .level = RULE_CRITICAL,
        .cause = TEXT("Option Pack setup copies its own, older files over newer ones."),
        .settles = fixture_settles,
        .settle_count = 1,
        .remediation = fixture_steps,
        .remediation_count = 2,
        .warnings = fixture_warnings,
        .warning_count = 1,
        .verify = fixture_verify,
        .verify_count = 1,
        .related = fixture_related,
        .related_count = 1,
        .see = fixture_see,
        .see_count = 1,
    };
    f->articles[1] = (struct article){ .id = TEXT("Q171451"),
                                       .title = TEXT("Cluster Node May Fail to Join Cluster"),
                                       .summary = TEXT("The node cannot reach its partner."),
                                       .level = RULE_HIGH };
    f->articles[2] = (struct article){ .id = TEXT("Q251284"),
                                       .title = TEXT("Cluster Server Does Not Start: Disk Full"),
                                       .summary = TEXT("The quorum disk is full."),
                                       .level = RULE_HIGH };
}

static struct diagnosis fixture_diagnosis(struct fixture *f, size_t article, int score, size_t nodes)
{
    static const struct node *list[2];
    list[0] = &f->nodes[0];
    list[1] = &f->nodes[1];
    for (size_t i = 0; i < 2; i++)
        f->troubled[i] = f->nodes[i].name;
    static const uint32_t anchors[] = { 1, 3 };
    uint64_t first = fixture_time("1999-04-12T02:10:05Z");
    struct interval *time = ARENA_NEW(&f->arena, struct interval);
    *time = (struct interval){ first, first + 2 * MINUTE };
    return (struct diagnosis){ .article = &f->articles[article],
                               .confidence = confidence_of(score),
                               .score = score,
                               .nodes = list,
                               .node_count = nodes,
                               .affected = list,
                               .affected_count = nodes,
                               .troubled = f->troubled,
                               .troubled_count = nodes,
                               .first = first,
                               .last = first + 2 * MINUTE,
                               .first_seen = first - DAY,
                               .last_seen = first,
                               .anchors = { anchors, 2 },
                               .times = { time, 1 },
                               .settles = f->articles[article].settles,
                               .settle_count = f->articles[article].settle_count,
                               .occurrences = 2 };
}

static void fixture_diagnoses(struct fixture *f)
{
    const struct hit *h = f->hits;
    struct diagnosis *d = &f->found[0];
    *d = fixture_diagnosis(f, 0, 95, 2);
    const struct evidence_item *item = fixture_item(f, "clussvc-1009", EVIDENCE_NEEDS, "same", 40, NULL);
    fixture_evidence(&d->for_it, &f->arena, item, 40,
                     "The cluster service gave up joining and forming a cluster", &h[1], &h[3], "");
    item = fixture_item(f, "clussvc-1058", EVIDENCE_SUPPORTS, "each", 70,
                        "one DLL serves all built-in types");
    fixture_evidence(&d->for_it, &f->arena, item, 70, "clusres.dll could not be loaded for Physical Disk",
                     &h[0], &h[2], "");
    item = fixture_item(f, "disk-7", EVIDENCE_AGAINST, "any", 15, NULL);
    fixture_evidence(&d->against, &f->arena, item, -15, "A disk reports errors of its own", &h[4], NULL, "");
    fixture_evidence(&d->missing, &f->arena, NULL, 0, "NODE2 says nothing about its system", NULL, NULL,
                     "NODE2's System log starts 1999-04-12, after its last boot");
    d = &f->found[1];
    *d = fixture_diagnosis(f, 1, 30, 1);
    d->inferred = true;
    item =
        fixture_item(f, "clussvc-1009", EVIDENCE_NEEDS, "same", 60, "drawn from a neighbouring article");
    fixture_evidence(&d->for_it, &f->arena, item, 60, "The cluster service gave up", &h[1], &h[3], "");
    f->considered[0] = fixture_diagnosis(f, 2, 10, 1);
    fixture_evidence(&f->considered[0].against, &f->arena, item, -30, "No event speaks of a full disk", NULL,
                     NULL, "");
    f->diagnoses = (struct diagnoses){ .items = f->found, .count = 2, .considered = f->considered, .considered_count = 1 };
}

static void fixture_hits(struct fixture *f)
{
    uint64_t t = fixture_time("1999-04-12T02:10:05Z");
    fixture_hit(f, 0, "clussvc-1058", fixture_event(f, 0, "ClusSvc", 1058, t, 26, "clusres.dll"));
    fixture_hit(f, 0, "clussvc-1009", fixture_event(f, 0, "ClusSvc", 1009, t + MINUTE, 27, ""));
    fixture_hit(f, 1, "clussvc-1058",
                fixture_event(f, 1, "ClusSvc", 1058, t + 2 * MINUTE, 30, "clusres.dll"));
    fixture_hit(f, 1, "clussvc-1009", fixture_event(f, 1, "ClusSvc", 1009, t + 2 * MINUTE, 31, ""));
    for (uint64_t i = 0; i < 8; i++)
        fixture_hit(f, 0, "disk-7",
                    fixture_event(f, 0, "Disk", 7, t + (3 + i) * DAY / 2, UINT64_MAX - 9 + i, "Disk0"));
    fixture_hit(f, 0, "eventlog-6009", fixture_event(f, 0, "EventLog", 6009, t + 10 * DAY, 90, "4.0"));
}

static void fixture_init(struct fixture *f, bool hostile)
{
    *f = (struct fixture){ .options = { .detail = DETAIL_MEDIUM, .width = 80, .fail_level = RULE_LOW } };
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    partial_init(&f->partial);
    f->name[0] = hostile ? fixture_bad : TEXT("NODE1");
    f->name[1] = TEXT("NODE2");
    f->value = hostile ? fixture_bad : TEXT("Physical Disk");
    fixture_load_rules(f);
    fixture_inputs(f, hostile);
    fixture_nodes(f);
    f->timeline = (struct timeline){ .rules = f->rules,
                                     .partial = &f->partial,
                                     .hits = f->hits,
                                     .node_of = f->node_of,
                                     .nodes = f->node_list,
                                     .node_count = 2 };
    fixture_hits(f);
    fixture_articles(f);
    fixture_diagnoses(f);
    f->report = (struct report){ .version = "0.0-test",
                                 .rules = f->rules,
                                 .kb = f->kb,
                                 .partial = &f->partial,
                                 .timeline = &f->timeline,
                                 .diagnoses = &f->diagnoses,
                                 .incomplete = true };
}

/* Nothing was found in two sound logs. */
static void fixture_make_healthy(struct fixture *f)
{
    f->timeline.hit_count = 0;
    f->diagnoses = (struct diagnoses){ 0 };
    f->report.incomplete = false;
    f->partial.input_count = 1;
}

static inline bool fixture_take(void *ctx, struct text t)
{
    buf_add(ctx, t);
    return true;
}

/* The report in that form; `out` is emptied before. */
static inline void fixture_write(const struct fixture *f, const struct report_form *form, struct buf *out)
{
    struct sink sink;
    out->n = 0;
    sink_init(&sink, fixture_take, out);
    if (form->begin)
        form->begin(&f->report, &f->options, &sink);
    form->write(&f->report, &f->options, &sink);
    assert_true(sink_flush(&sink));
    sink_done(&sink);
}

/* A line of a report without its end; `*rest` goes behind it. */
static inline struct text fixture_line(struct text *rest)
{
    struct text line = { rest->p, text_find_char(*rest, '\n') };
    *rest = text_from_index(*rest, line.n < rest->n ? line.n + 1 : line.n);
    return line;
}

static void fixture_done(struct fixture *f)
{
    ruleset_free(f->rules);
    kb_free(f->kb);
    partial_done(&f->partial);
    arena_done(&f->arena);
}

#endif
