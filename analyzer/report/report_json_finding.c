#include "report/report_json.h"

#include "report/credit.h"

static void marks(struct json *j, uint32_t bits)
{
    static const char *const names[] = { "partial", "template-foreign", "template-lost", "cut", "odd-value" };
    json_array(j, "marks");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (bits & 1u << i)
            json_text(j, NULL, text_from(names[i]));
    json_array_end(j);
}

static void values(struct json *j, const struct event *e)
{
    static const char *const parts[] = { "system", "data", "user-data", "rendering", "other" };
    json_array(j, "values");
    for (size_t i = 0; i < e->field_count; i++) {
        json_object(j, NULL);
        json_text(j, "part", text_from(parts[e->fields[i].part]));
        json_text(j, "name", e->fields[i].name);
        json_text(j, "value", e->fields[i].value);
        json_object_end(j);
    }
    json_array_end(j);
}

static void event(struct json *j, const struct event *e)
{
    json_object(j, "event");
    json_text(j, "provider", e->key.provider);
    json_number_or_null(j, "id", e->key.id != EVENT_ID_NONE, e->key.id);
    json_text(j, "event_id", e->event_id);
    json_unsigned(j, "qualifiers", e->qualifiers);
    json_text_or_null(j, "channel", e->key.channel);
    json_text(j, "computer", e->key.computer);
    json_unsigned(j, "level", e->key.level);
    json_text(j, "level_name", text_from(event_level_name(e->key.level)));
    json_time(j, "time", e->key.time);
    json_unsigned(j, "record", e->key.record_id);
    json_text_or_null(j, "user", e->user_sid);
    json_unsigned(j, "offset", e->offset);
    json_text(j, "source", text_from(event_source_name(e->source)));
    marks(j, e->marks);
    values(j, e);
    json_object_end(j);
}

static void alert_group(struct json *j, const struct report *r, const struct alert *a)
{
    const struct correlation *c = ruleset_correlation(r->rules, a->rule - ruleset_count(r->rules));
    json_array(j, "group");
    for (size_t i = 0; i < c->group_count; i++) {
        json_object(j, NULL);
        json_text(j, "field", c->group_by[i]);
        json_text(j, "value", a->group[i]);
        json_object_end(j);
    }
    json_array_end(j);
}

static void alert_event(struct json *j, const struct report *r, const struct hit *hit)
{
    json_object(j, NULL);
    json_text(j, "rule", hit_rule(r, hit)->id);
    json_text(j, "node", hit_node(r, hit));
    json_time(j, "time", hit->event->key.time);
    json_unsigned(j, "record", hit->event->key.record_id);
    json_text(j, "input", hit->input->path);
    json_text(j, "provider", hit->event->key.provider);
    json_text(j, "event_id", hit->event->event_id);
    json_object_end(j);
}

/* The rules and correlations below, with who wrote them. */
static void alert_rules(struct json *j, const struct report *r, const struct alert *a)
{
    struct arena scratch;
    arena_init(&scratch);
    struct credit below = credit_of(&scratch, r->rules, a->rule);
    json_array(j, "rules");
    for (size_t i = 0; i < below.count; i++) {
        const struct rule_info *rule = ruleset_info(r->rules, below.rules[i]);
        json_object(j, NULL);
        json_text(j, "rule", rule->id);
        json_text(j, "name", rule->name);
        json_text(j, "author", rule->author);
        json_object_end(j);
    }
    json_array_end(j);
    arena_done(&scratch);
}

/* What a finding rests on that a correlation made. */
static void alert(struct json *j, const struct report *r, const struct alert *a)
{
    json_object(j, "correlation");
    alert_group(j, r, a);
    json_time(j, "first", a->first);
    json_time(j, "last", a->last);
    alert_rules(j, r, a);
    json_array(j, "events");
    for (size_t i = 0; i < a->hit_count; i++)
        alert_event(j, r, a->hits[i]);
    json_array_end(j);
    json_object_end(j);
}

void json_finding(struct json *j, const char *key, const struct report *r, const struct hit *hit,
                  const struct text *explained_by)
{
    const struct rule_info *rule = hit_rule(r, hit);
    json_object(j, key);
    json_text(j, "rule", rule->id);
    json_text(j, "name", rule->name);
    json_text(j, "title", rule->title);
    json_text_or_null(j, "level", text_from(rule_level_name(rule->level)));
    json_text(j, "author", rule->author);
    json_text(j, "node", hit_node(r, hit));
    json_time(j, "time", hit->event->key.time);
    json_unsigned(j, "record", hit->event->key.record_id);
    json_text(j, "input", hit->input->path);
    if (explained_by)
        json_text_or_null(j, "explained_by", *explained_by);
    event(j, hit->event);
    if (hit->alert)
        alert(j, r, hit->alert);
    json_object_end(j);
}
