#include "report/report_json.h"

#include "report/cautions.h"

void json_number_or_null(struct json *j, const char *key, bool known, int64_t value)
{
    if (known)
        json_signed(j, key, value);
    else
        json_null(j, key);
}

static void records(struct json *j, const struct account *a)
{
    json_object(j, "records");
    json_unsigned(j, "promised", a->promised);
    json_unsigned(j, "decoded", a->decoded);
    json_unsigned(j, "lost", a->lost);
    json_unsigned(j, "recovered", a->recovered);
    json_unsigned(j, "partial", a->partial);
    json_unsigned(j, "duplicates", a->duplicates);
    json_object(j, "by_source");
    for (int source = EVENT_LIVE; source < EVENT_SOURCES; source++)
        json_unsigned(j, event_source_name((enum event_source)source), a->by_source[source]);
    json_object_end(j);
    json_object_end(j);
}

/* How many notices of a code are listed: `count` is said when more happened. */
static size_t listed_of(const struct notices *n, enum notice_code code)
{
    size_t listed = 0;
    for (size_t i = 0; i < n->count; i++)
        listed += n->items[i].code == code;
    return listed;
}

static bool is_first_of_code(const struct notices *n, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (n->items[i].code == n->items[index].code)
            return false;
    return true;
}

void json_notice(struct json *j, const char *key, const struct report *r, const struct notices *all, size_t index)
{
    const struct notice *n = &all->items[index];
    struct arena scratch;
    arena_init(&scratch);
    json_object(j, key);
    json_signed(j, "number", notice_number(n->code));
    json_text(j, "name", text_from(notice_name(n->code)));
    json_text(j, "severity", text_from(notice_severity_name(notice_severity(n->code))));
    if (n->offset == NOTICE_NO_OFFSET)
        json_null(j, "offset");
    else
        json_unsigned(j, "offset", n->offset);
    json_unsigned(j, "value", n->value);
    json_text(j, "text", words_of_notice(&scratch, r->rules, n));
    if (is_first_of_code(all, index) && all->seen[n->code] > listed_of(all, n->code))
        json_unsigned(j, "count", all->seen[n->code]);
    json_object_end(j);
    arena_done(&scratch);
}

static void coverage(struct json *j, const struct coverage *c)
{
    json_object(j, NULL);
    json_text(j, "node", c->node);
    json_text_or_null(j, "channel", c->channel);
    json_unsigned(j, "events", c->events);
    json_time(j, "first", c->first);
    json_time(j, "last", c->last);
    json_object_end(j);
}

static struct text coverage_node(const struct coverage *c)
{
    return c->node;
}

static struct text coverage_channel(const struct coverage *c)
{
    return c->channel;
}

/* The names of a coverage list, each once, in order of first appearance. */
static void names_once(struct json *j, const char *key, const struct coverage *list,
                       struct text (*name)(const struct coverage *))
{
    json_array(j, key);
    for (const struct coverage *c = list; c; c = c->next) {
        const struct coverage *before = list;
        while (before != c && !text_equal_nocase(name(before), name(c)))
            before = before->next;
        if (before == c && name(c).n > 0)
            json_text(j, NULL, name(c));
    }
    json_array_end(j);
}

void json_input(struct json *j, const char *key, const struct report *r, const struct input_result *in)
{
    json_object(j, key);
    json_text(j, "path", in->path);
    json_text_or_null(j, "format", in->format);
    json_unsigned(j, "size", in->size);
    json_text_or_null(j, "sha256", in->sha256);
    names_once(j, "nodes", in->coverage, coverage_node);
    names_once(j, "channels", in->coverage, coverage_channel);
    records(j, &in->account);
    json_unsigned(j, "skipped_bytes", in->account.skipped_bytes);
    json_time(j, "first", in->account.first);
    json_time(j, "last", in->account.last);
    json_text(j, "status", text_from(status_name(in->status)));
    json_array(j, "notices");
    for (size_t i = 0; i < in->notices.count; i++)
        json_notice(j, NULL, r, &in->notices, i);
    json_array_end(j);
    json_array(j, "coverage");
    for (const struct coverage *c = in->coverage; c; c = c->next)
        coverage(j, c);
    json_array_end(j);
    json_unsigned(j, "uncovered", in->uncovered);
    json_unsigned(j, "hits_dropped", in->hits_dropped);
    json_object_end(j);
}

static void inputs(struct json *j, const struct report *r)
{
    json_array(j, "inputs");
    for (size_t i = 0; i < r->partial->input_count; i++)
        json_input(j, NULL, r, r->partial->inputs[i]);
    json_array_end(j);
}

static void system_of(struct json *j, const struct os_fact *os)
{
    json_text_or_null(j, "os", os ? text_from(os_version_name(os->version)) : TEXT(""));
    json_number_or_null(j, "service_pack", os && os->service_pack >= 0, os ? os->service_pack : 0);
}

/* Every statement that differs from the one before it: a node says the same at each start. */
static void systems(struct json *j, const struct node *n)
{
    json_array(j, "systems");
    for (size_t i = 0; i < n->os_count; i++) {
        const struct os_fact *os = &n->os[i];
        if (i > 0 && os[-1].version == os->version && os[-1].service_pack == os->service_pack)
            continue;
        json_object(j, NULL);
        json_time(j, "time", os->time);
        system_of(j, os);
        json_text(j, "text", os->text);
        json_object_end(j);
    }
    json_array_end(j);
}

void json_node(struct json *j, const char *key, const struct node *n)
{
    json_object(j, key);
    json_text(j, "name", n->name);
    system_of(j, n->os_count > 0 ? &n->os[n->os_count - 1] : NULL);
    systems(j, n);
    json_time(j, "first", n->first);
    json_time(j, "last", n->last);
    json_node_logs(j, n);
    json_object_end(j);
}

static void nodes(struct json *j, const struct report *r)
{
    json_array(j, "nodes");
    for (size_t i = 0; i < r->timeline->node_count; i++)
        json_node(j, NULL, r->timeline->nodes[i]);
    json_array_end(j);
}

void json_unseen(struct json *j, const char *key, const struct report *r, const struct unseen_node *u)
{
    json_object(j, key);
    json_text(j, "name", u->name);
    json_text(j, "named_by", hit_node(r, u->hit));
    json_time(j, "time", u->hit->event->key.time);
    json_unsigned(j, "record", u->hit->event->key.record_id);
    json_text(j, "input", u->hit->input->path);
    json_object_end(j);
}

static void unseen(struct json *j, const struct report *r)
{
    json_array(j, "unseen");
    for (size_t i = 0; i < r->diagnoses->unseen_count; i++)
        json_unseen(j, NULL, r, &r->diagnoses->unseen[i]);
    json_array_end(j);
}

/* Nothing when none is. */
static void missing(struct json *j, const struct report *r)
{
    if (r->missing_count)
        json_texts(j, "missing", r->missing, r->missing_count);
}

static void findings(struct json *j, const struct report_facts *f)
{
    const struct report *r = f->report;
    json_array(j, "findings");
    for (size_t i = 0; i < r->timeline->hit_count; i++)
        if (hit_is_finding(r, &r->timeline->hits[i]))
            json_finding(j, NULL, r, &r->timeline->hits[i], hit_explained_by(f, i));
    json_array_end(j);
    json_unsigned(j, "hits_dropped", r->partial->hits_dropped);
}

/* Notices of the whole run; nothing when there are none. */
static void run_notices(struct json *j, const struct report *r)
{
    if (!r->notices || !r->notices->count)
        return;
    json_array(j, "notices");
    for (size_t i = 0; i < r->notices->count; i++)
        json_notice(j, NULL, r, r->notices, i);
    json_array_end(j);
}

void json_knowledge(struct json *j, const struct report *r)
{
    json_object(j, "knowledge");
    json_unsigned(j, "rules", ruleset_count(r->rules));
    json_unsigned(j, "rules_not_applicable", ruleset_not_applicable(r->rules));
    json_unsigned(j, "correlations", ruleset_correlation_count(r->rules));
    json_unsigned(j, "articles", kb_count(r->kb));
    json_unsigned(j, "mistakes", r->mistakes);
    json_object_end(j);
}

void json_verdict(struct json *j, const char *key, const struct report_facts *f)
{
    struct buf text;
    buf_init(&text);
    buf_add(&text, f->headline);
    buf_add_char(&text, ' ');
    buf_add(&text, f->sentence);
    json_text(j, key, buf_text(&text));
    buf_done(&text);
}

void json_cautions(struct json *j, const struct report_facts *f)
{
    struct arena scratch;
    struct cautions all;
    arena_init(&scratch);
    cautions_find(&scratch, f, &all);
    json_array(j, "cautions");
    for (size_t i = 0; i < all.count; i++)
        json_text(j, NULL, all.items[i]);
    json_array_end(j);
    arena_done(&scratch);
}

static void eligible(struct json *j, const struct reach *reach)
{
    json_object(j, "eligible");
    json_unsigned(j, "rules", reach->able);
    json_unsigned(j, "without_channel", reach->no_channel);
    json_unsigned(j, "without_provider", reach->no_provider);
    json_object_end(j);
}

static void json_write(const struct report *r, const struct report_options *options, struct sink *out)
{
    struct json j;
    struct arena arena;
    struct report_facts facts;
    struct report_options utc = *options;
    utc.zone = (struct zone){ 0 };
    arena_init(&arena);
    report_facts_find(&arena, r, &utc, &facts);
    json_init_sink(&j, out);
    json_object(&j, NULL);
    json_text(&j, "evscan", text_from(r->version));
    json_verdict(&j, "verdict", &facts);
    json_cautions(&j, &facts);
    json_bool(&j, "complete", report_is_whole(r));
    json_knowledge(&j, r);
    if (r->reach)
        eligible(&j, r->reach);
    inputs(&j, r);
    json_unsigned(&j, "not_logs", r->not_logs);
    nodes(&j, r);
    unseen(&j, r);
    missing(&j, r);
    findings(&j, &facts);
    run_notices(&j, r);
    json_diagnoses(&j, r);
    if (r->news)
        json_news(&j, r->news);
    json_object_end(&j);
    arena_done(&arena);
}

const struct report_form report_json = { .name = "json", .write = json_write };
