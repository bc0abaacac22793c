#include "cli/verification.h"

#include "base/limits.h"
#include "form/json_writer.h"
#include "report/report_facts.h"

static void hit_json(struct json *j, const char *key, const struct verification *v, const struct hit *hit)
{
    const struct timeline *t = &v->analysis->timeline;
    json_object(j, key);
    json_text(j, "node", t->node_of[hit - t->hits]->name);
    json_time(j, "time", hit->event->key.time);
    json_unsigned(j, "record", hit->event->key.record_id);
    json_text(j, "input", hit->input->path);
    json_text(j, "rule", ruleset_called(t->rules, hit->rule));
    json_object_end(j);
}

static void diagnosis_json(struct json *j, const struct diagnosis *d)
{
    json_text(j, "confidence", text_from(confidence_name(d->confidence)));
    json_array(j, "affected");
    for (size_t i = 0; i < d->affected_count; i++)
        json_text(j, NULL, d->affected[i]->name);
    json_array_end(j);
    json_time(j, "first_seen", d->first_seen);
    json_time(j, "last_seen", d->last_seen);
    json_unsigned(j, "occurrences", d->occurrences);
}

static void recurrence(struct json *j, const struct verification *v, const struct verified_diagnosis *d)
{
    const struct diagnosis *again = d->again;
    if (!again) {
        json_null(j, "recurrence");
        return;
    }
    json_object(j, "recurrence");
    diagnosis_json(j, again);
    json_bool(j, "fixed", d->settled);
    json_array(j, "events");
    for (size_t i = 0; i < again->anchors.count && i < LIMIT_EVIDENCE_HITS; i++)
        hit_json(j, NULL, v, &v->analysis->timeline.hits[again->anchors.items[i]]);
    json_array_end(j);
    json_object_end(j);
}

static void exercise(struct json *j, struct arena *arena, const struct verification *v, const struct exercise *e)
{
    static const struct zone utc = { 0 };
    json_object(j, NULL);
    json_text(j, "node", e->name);
    json_text(j, "state", text_from(exercise_state_name(e->state)));
    json_text(j, "text", exercise_words(arena, &utc, e));
    json_time(j, "covered_until", e->node ? e->node->last : 0);
    if (e->hit)
        hit_json(j, "event", v, e->hit);
    else
        json_null(j, "event");
    json_object_end(j);
}

static void how(struct json *j, const struct article *a)
{
    json_array(j, "how");
    for (size_t i = 0; a && i < a->exercised_by.count; i++)
        json_text(j, NULL, text_trim(a->exercised_by.items[i].how));
    json_array_end(j);
}

static void item(struct json *j, struct arena *arena, const struct verification *v, const struct verified_diagnosis *d)
{
    json_object(j, NULL);
    json_text(j, "article", d->id);
    json_text(j, "title", d->title);
    json_text(j, "state", text_from(verified_name(d->state)));
    json_bool(j, "known", d->article != NULL);
    json_text_or_null(j, "was", d->confidence);
    json_time(j, "last_seen", d->last_seen);
    json_texts(j, "nodes", d->nodes, d->node_count);
    recurrence(j, v, d);
    json_array(j, "exercised");
    for (size_t i = 0; i < d->node_count && d->exercises; i++)
        exercise(j, arena, v, &d->exercises[i]);
    json_array_end(j);
    how(j, d->article);
    json_object_end(j);
}

void verify_json(const struct verification *v, struct buf *out)
{
    struct json j;
    struct arena arena;
    arena_init(&arena);
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "evscan", TEXT(EVSCAN_VERSION));
    json_time(&j, "since", v->since);
    json_text(&j, "baseline", text_from(v->baseline));
    json_bool(&j, "baseline_complete", v->baseline_whole);
    json_bool(&j, "complete", v->analysis->status <= ST_OK);
    for (int state = 0; state < VERIFIED_STATES; state++)
        json_unsigned(&j, verified_name((enum verified)state), v->of[state]);
    json_array(&j, "diagnoses");
    for (size_t i = 0; i < v->count; i++)
        item(&j, &arena, v, &v->items[i]);
    json_array_end(&j);
    json_array(&j, "others");
    for (size_t i = 0; i < v->other_count; i++) {
        json_object(&j, NULL);
        json_text(&j, "article", v->others[i]->article->id);
        json_text(&j, "title", v->others[i]->article->title);
        diagnosis_json(&j, v->others[i]);
        json_object_end(&j);
    }
    json_array_end(&j);
    json_object_end(&j);
    arena_done(&arena);
}
