#include "report/consequences.h"
#include "report/report_json.h"

static void roles(struct json *j, const struct diagnosis *d)
{
    json_array(j, "roles");
    for (size_t i = 0; i < d->role_count; i++) {
        json_object(j, NULL);
        json_text(j, "role", d->roles[i].role);
        json_texts(j, "nodes", d->roles[i].names, d->roles[i].count);
        json_object_end(j);
    }
    json_array_end(j);
}

static void steps(struct json *j, const struct diagnosis *d)
{
    json_array(j, "story");
    for (size_t i = 0; i < d->step_count; i++) {
        json_object(j, NULL);
        json_time(j, "time", d->story[i].time);
        json_text(j, "node", d->story[i].node->name);
        json_text(j, "text", d->story[i].text);
        json_unsigned(j, "events", d->story[i].events);
        json_object_end(j);
    }
    json_array_end(j);
}

static void outages(struct json *j, const struct diagnosis *d)
{
    json_array(j, "outages");
    for (size_t i = 0; i < d->outage_count; i++) {
        const struct outage *o = &d->outages[i];
        json_object(j, NULL);
        json_text(j, "what", o->what);
        json_bool(j, "is_node", o->is_node);
        json_time(j, "from", o->from);
        json_time(j, "to", o->to);
        if (o->to)
            json_unsigned(j, "seconds", (o->to - o->from) / TICKS_PER_SECOND);
        else
            json_null(j, "seconds");
        json_object_end(j);
    }
    json_array_end(j);
}

static void effects(struct json *j, const struct report *r, const struct diagnosis *d)
{
    struct arena arena;
    size_t count;
    arena_init(&arena);
    struct consequence *all = consequences_of(&arena, r, d, &count);
    json_array(j, "explains");
    for (size_t i = 0; i < count; i++) {
        json_object(j, NULL);
        json_text(j, "rule", all[i].rule->id);
        json_text(j, "title", all[i].rule->title);
        json_unsigned(j, "events", all[i].events);
        json_texts(j, "nodes", all[i].nodes, all[i].node_count);
        json_time(j, "first", all[i].first);
        json_time(j, "last", all[i].last);
        json_object_end(j);
    }
    json_array_end(j);
    arena_done(&arena);
}

void json_story(struct json *j, const struct report *r, const struct diagnosis *d)
{
    roles(j, d);
    steps(j, d);
    outages(j, d);
    effects(j, r, d);
}
