#include "report/report_json.h"

#define TICKS_PER_MS (TICKS_PER_SECOND / 1000)

static void clear(struct json *j, const char *key, const struct log_clear *c)
{
    json_object(j, key);
    json_text_or_null(j, "channel", c->channel);
    json_time(j, "time", c->time);
    json_text_or_null(j, "user", c->user);
    json_unsigned(j, "record", c->hit->event->key.record_id);
    json_text(j, "input", c->hit->input->path);
    json_object_end(j);
}

static void hole(struct json *j, const struct log_hole *h)
{
    json_object(j, NULL);
    json_time(j, "from", h->from);
    json_time(j, "to", h->to);
    json_unsigned(j, "missing", h->missing);
    json_object_end(j);
}

static void log_of_node(struct json *j, const struct node *n, const struct node_log *log)
{
    json_object(j, NULL);
    json_text_or_null(j, "channel", log->channel);
    json_time(j, "first", log->first);
    json_time(j, "last", log->last);
    if (log->oldest)
        json_unsigned(j, "oldest_record", log->oldest);
    else
        json_null(j, "oldest_record");
    json_bool(j, "begins_cleared", node_log_cleared(n, log) != NULL);
    json_unsigned(j, "missing", log->missing);
    json_array(j, "holes");
    for (size_t i = 0; i < log->hole_count; i++)
        hole(j, &log->holes[i]);
    json_array_end(j);
    json_object_end(j);
}

static void logs(struct json *j, const struct node *n)
{
    json_array(j, "logs");
    for (size_t i = 0; i < n->log_count; i++)
        log_of_node(j, n, &n->logs[i]);
    json_array_end(j);
    json_array(j, "cleared");
    for (size_t i = 0; i < n->clear_count; i++)
        clear(j, NULL, &n->clears[i]);
    json_array_end(j);
}

static void downs(struct json *j, const struct node *n)
{
    json_array(j, "down");
    for (size_t i = 0; i < n->down_count; i++) {
        json_object(j, NULL);
        json_time(j, "from", n->downs[i].from);
        json_time(j, "to", n->downs[i].to);
        json_bool(j, "orderly", n->downs[i].orderly);
        json_object_end(j);
    }
    json_array_end(j);
}

/* As the clock showed them; null at the ends of the log. */
static void stretches(struct json *j, const struct node *n)
{
    json_array(j, "clock_stretches");
    for (size_t i = 0; i < n->stretch_count; i++) {
        const struct clock_stretch *s = &n->stretches[i];
        json_object(j, NULL);
        json_time(j, "from", s->from);
        json_time(j, "to", s->to == UINT64_MAX ? 0 : s->to);
        json_signed(j, "ahead_ms", s->ahead / (int64_t)TICKS_PER_MS);
        json_unsigned(j, "within_ms", s->within / TICKS_PER_MS);
        json_unsigned(j, "pairs", s->pairs);
        json_unsigned(j, "group", s->group);
        json_bool(j, "lost", s->lost);
        json_object_end(j);
    }
    json_array_end(j);
    json_bool(j, "clock_tangled", n->clock_tangled);
    json_unsigned(j, "clock_unplaced", n->clock_unplaced);
}

static void clock_of(struct json *j, const struct node *n)
{
    json_signed(j, "clock_ahead_ms", n->clock_ahead / (int64_t)TICKS_PER_MS);
    json_unsigned(j, "clock_within_ms", n->clock_within / TICKS_PER_MS);
    json_unsigned(j, "clock_pairs", n->clock_pairs);
    stretches(j, n);
    json_array(j, "clock_steps");
    for (size_t i = 0; i < n->step_count; i++) {
        json_object(j, NULL);
        json_time(j, "before", n->steps[i].before);
        json_time(j, "after", n->steps[i].after);
        json_text_or_null(j, "channel", n->steps[i].channel);
        json_unsigned(j, "record", n->steps[i].record);
        json_object_end(j);
    }
    json_array_end(j);
}

static void zone_of(struct json *j, const struct node *n)
{
    json_text_or_null(j, "time_zone", n->zone_said);
    json_array(j, "utc_offsets");
    for (size_t i = 0; i < n->zone.step_count; i++) {
        json_object(j, NULL);
        json_time(j, "from", n->zone.steps[i].from);
        json_signed(j, "minutes", n->zone.steps[i].seconds / 60);
        json_object_end(j);
    }
    json_array_end(j);
}

void json_node_logs(struct json *j, const struct node *n)
{
    clock_of(j, n);
    zone_of(j, n);
    logs(j, n);
    downs(j, n);
}
