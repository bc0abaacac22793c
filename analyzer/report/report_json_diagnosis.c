#include "report/report_json.h"

static void rule_names(struct json *j, const struct report *r, const struct evidence_item *item)
{
    json_array(j, "rules");
    for (size_t i = 0; item && i < item->rule_count; i++)
        json_text(j, NULL, ruleset_info(r->rules, item->rules[i])->name);
    json_array_end(j);
}

/* The error codes in it; nothing when there are none. */
static void errors(struct json *j, const struct report *r, const struct event *e)
{
    struct error_value found[ERROR_VALUES];
    size_t count = r->codes && r->guide ? error_values_find(r->codes, r->guide, e, found) : 0;
    if (count)
        json_array(j, "errors");
    for (size_t i = 0; i < count; i++) {
        json_object(j, NULL);
        json_text(j, "value", found[i].value);
        json_unsigned(j, "code", found[i].error.code);
        json_text(j, "name", found[i].error.name);
        json_text_or_null(j, "words", found[i].error.words);
        json_object_end(j);
    }
    if (count)
        json_array_end(j);
}

static void hit(struct json *j, const struct report *r, const struct hit *h)
{
    json_object(j, NULL);
    json_text(j, "node", hit_node(r, h));
    json_time(j, "time", h->event->key.time);
    json_unsigned(j, "record", h->event->key.record_id);
    json_text(j, "input", h->input->path);
    json_text(j, "rule", hit_rule(r, h)->id);
    errors(j, r, h->event);
    json_object_end(j);
}

/* What evscan adds itself has no item: the system version, the logs that are not there. */
static void kind(struct json *j, const struct evidence_item *item)
{
    static const char *const kinds[] = { "needs", "supports", "against", "explains", "ends", "fixed-by",
                                         "exercised-by" };
    json_text(j, "kind", text_from(item ? kinds[item->kind] : "system"));
    if (item)
        json_text(j, "node", item->node.text.n ? item->node.text : TEXT("same"));
    else
        json_null(j, "node");
    json_bool(j, "absent", item && item->absent);
    json_signed(j, "weight", item ? item->weight : 0);
    json_bool(j, "inferred", item && item->inferred);
    json_text_or_null(j, "basis", item ? item->basis : TEXT(""));
}

static void gap(struct json *j, const struct evidence_found *e)
{
    const struct zone utc = { .name = NULL };
    struct arena arena;
    arena_init(&arena);
    json_text_or_null(j, "gap", words_of_gap(&arena, &utc, e));
    arena_done(&arena);
}

static void evidence(struct json *j, const struct report *r, const struct evidence_found *e)
{
    json_object(j, NULL);
    json_text(j, "text", e->text);
    json_signed(j, "points", e->points);
    kind(j, e->item);
    rule_names(j, r, e->item);
    json_array(j, "hits");
    for (size_t i = 0; i < e->hit_count; i++)
        hit(j, r, e->hits[i]);
    json_array_end(j);
    json_unsigned(j, "hits_seen", e->hits_seen);
    gap(j, e);
    json_object_end(j);
}

static void evidence_list(struct json *j, const char *key, const struct report *r,
                          const struct evidence_list *list)
{
    json_array(j, key);
    for (size_t i = 0; i < list->count; i++)
        evidence(j, r, &list->items[i]);
    json_array_end(j);
}

static void all_evidence(struct json *j, const struct report *r, const struct diagnosis *d)
{
    json_object(j, "evidence");
    evidence_list(j, "for", r, &d->for_it);
    evidence_list(j, "against", r, &d->against);
    evidence_list(j, "missing", r, &d->missing);
    json_object_end(j);
}

static void texts(struct json *j, const char *key, const struct text *items, size_t count)
{
    json_array(j, key);
    for (size_t i = 0; i < count; i++)
        json_text(j, NULL, text_trim(items[i]));
    json_array_end(j);
}

static void settles(struct json *j, const struct diagnosis *d)
{
    json_array(j, "settles");
    for (size_t i = 0; i < d->settle_count; i++) {
        json_object(j, NULL);
        json_text(j, "question", d->settles[i].question);
        json_text_or_null(j, "command", d->settles[i].command);
        json_text_or_null(j, "node", d->settles[i].node);
        json_object_end(j);
    }
    json_array_end(j);
}

static void remediation(struct json *j, const struct article *a)
{
    json_array(j, "remediation");
    for (size_t i = 0; i < a->remediation_count; i++) {
        json_object(j, NULL);
        json_text(j, "node", a->remediation[i].node);
        json_text(j, "step", text_trim(a->remediation[i].text));
        json_object_end(j);
    }
    json_array_end(j);
}

static void related(struct json *j, const struct report *r, const struct article *a)
{
    json_array(j, "related");
    for (size_t i = 0; i < a->related_count; i++) {
        const struct article *other = kb_find(r->kb, a->related[i].id);
        json_object(j, NULL);
        json_text(j, "article", a->related[i].id);
        if (other)
            json_text(j, "title", other->title);
        json_text(j, "why", a->related[i].why);
        json_object_end(j);
    }
    json_array_end(j);
}

static void node_names(struct json *j, const char *key, const struct node *const *nodes, size_t count)
{
    json_array(j, key);
    for (size_t i = 0; i < count; i++)
        json_text(j, NULL, nodes[i]->name);
    json_array_end(j);
}

/* What a diagnosis and an article that was merely considered have in common. */
static void what_and_where(struct json *j, const struct report *r, const struct diagnosis *d)
{
    json_text(j, "article", d->article->id);
    json_text(j, "title", d->article->title);
    json_text(j, "summary", text_trim(d->article->summary));
    json_text_or_null(j, "level", text_from(rule_level_name(d->article->level)));
    json_signed(j, "score", d->score);
    json_bool(j, "inferred", d->inferred);
    node_names(j, "affected", d->affected, d->affected_count);
    json_texts(j, "troubled", d->troubled, d->troubled_count);
    node_names(j, "nodes", d->nodes, d->node_count);
    json_time(j, "first", d->first);
    json_time(j, "last", d->last);
    json_unsigned(j, "occurrences", d->occurrences);
    json_time(j, "first_seen", d->first_seen);
    json_time(j, "last_seen", d->last_seen);
    all_evidence(j, r, d);
}

/* What stands below another diagnosis: enough to know it by. */
static void folded(struct json *j, const char *key, const struct diagnosis_refs *refs)
{
    json_array(j, key);
    for (size_t i = 0; i < refs->count; i++) {
        const struct diagnosis *one = refs->items[i];
        json_object(j, NULL);
        json_text(j, "article", one->article->id);
        json_text(j, "title", one->article->title);
        json_text(j, "confidence", text_from(confidence_name(one->confidence)));
        json_signed(j, "score", one->score);
        node_names(j, "affected", one->affected, one->affected_count);
        json_time(j, "first", one->first_seen);
        json_time(j, "last", one->last_seen);
        json_object_end(j);
    }
    json_array_end(j);
}

void json_diagnosis(struct json *j, const char *key, const struct report *r, const struct diagnosis *d)
{
    const struct article *a = d->article;
    json_object(j, key);
    json_text(j, "confidence", text_from(confidence_name(d->confidence)));
    static const char *const kinds[] = { "article", "incident", "noise" };
    json_text(j, "kind", text_from(kinds[a->kind]));
    what_and_where(j, r, d);
    json_story(j, r, d);
    folded(j, "consequences", &d->consequences);
    folded(j, "beaten", &d->beaten);
    evidence_list(j, "fixed", r, &d->fixed);
    texts(j, "concerned", d->concerned.names, d->concerned.count);
    texts(j, "products", a->products, a->product_count);
    settles(j, d);
    json_text(j, "cause", text_trim(a->cause));
    remediation(j, a);
    texts(j, "warnings", a->warnings, a->warning_count);
    texts(j, "verify", a->verify, a->verify_count);
    related(j, r, a);
    texts(j, "see", a->see, a->see_count);
    json_object_end(j);
}

void json_considered(struct json *j, const char *key, const struct report *r, const struct diagnosis *d)
{
    json_object(j, key);
    what_and_where(j, r, d);
    json_object_end(j);
}

static void list(struct json *j, const char *key, const struct report *r, const struct diagnosis_list *diagnoses)
{
    json_array(j, key);
    for (size_t i = 0; i < diagnoses->count; i++)
        json_diagnosis(j, NULL, r, &diagnoses->items[i]);
    json_array_end(j);
}

void json_diagnoses(struct json *j, const struct report *r)
{
    json_array(j, "diagnoses");
    for (size_t i = 0; i < r->diagnoses->count; i++)
        json_diagnosis(j, NULL, r, &r->diagnoses->items[i]);
    json_array_end(j);
    list(j, "closed", r, &r->diagnoses->closed);
    list(j, "noise", r, &r->diagnoses->noise);
    json_array(j, "considered");
    for (size_t i = 0; i < r->diagnoses->considered_count; i++)
        json_considered(j, NULL, r, &r->diagnoses->considered[i]);
    json_array_end(j);
}
