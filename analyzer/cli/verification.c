#include "cli/verification.h"

#include <stdlib.h>

#include "cli/recurrence.h"
#include "cli/report_file.h"
#include "report/report_facts.h"

const char *verified_name(enum verified state)
{
    static const char *const names[] = { "recurred", "held", "untried" };
    return names[state];
}

static void recurrence_note(const struct recurrences *r, struct verified_diagnosis *v)
{
    const struct recurrence *found = recurrence_find(r, v->id, v->nodes, v->node_count);
    v->again = found ? found->diagnosis : NULL;
    v->settled = found && found->settled;
}

static void exercises_judge(struct arena *arena, struct hearing *h, uint64_t since, struct verified_diagnosis *v)
{
    static const struct article unknown = { .kind = KIND_ARTICLE };
    v->state = VERIFIED_HELD;
    v->exercises = ARENA_NEW_N(arena, struct exercise, v->node_count);
    for (size_t i = 0; i < v->node_count; i++) {
        v->exercises[i] = exercise_judge(h, v->article ? v->article : &unknown, &v->concerned, v->nodes[i], since);
        if (v->exercises[i].state != EXERCISE_SEEN)
            v->state = VERIFIED_UNTRIED;
    }
    if (!v->node_count || !v->article)
        v->state = VERIFIED_UNTRIED;
}

/* Those of the list that are texts. */
static size_t words_of(struct arena *arena, const struct json_t *list, struct text **ret)
{
    size_t count = 0;
    *ret = ARENA_NEW_N(arena, struct text, report_file_count(list));
    for (size_t i = 0; i < report_file_count(list); i++)
        if (report_file_word(report_file_item(list, i)).n)
            (*ret)[count++] = report_file_word(report_file_item(list, i));
    return count;
}

static struct verified_diagnosis of_baseline(struct arena *arena, const struct json_t *map)
{
    const struct json_t *affected = report_file_list(map, "affected"), *nodes = report_file_list(map, "nodes");
    const struct json_t *list = report_file_count(affected) ? affected : nodes;
    struct verified_diagnosis v = {
        .id = report_file_text(map, "article"),
        .title = report_file_text(map, "title"),
        .confidence = report_file_text(map, "confidence"),
    };
    v.node_count = words_of(arena, list, &v.nodes);
    v.concerned.count = words_of(arena, report_file_list(map, "concerned"), &v.concerned.names);
    if (!time_parse(report_file_text(map, "last_seen"), &v.last_seen))
        v.last_seen = 0;
    return v;
}

static int texts_order(const void *left, const void *right)
{
    return text_compare(*(const struct text *)left, *(const struct text *)right);
}

static void others_find(struct arena *arena, const struct diagnoses *d, struct verification *v)
{
    struct text *known = ARENA_NEW_N(arena, struct text, v->count);
    for (size_t i = 0; i < v->count; i++)
        known[i] = v->items[i].id;
    if (v->count)
        qsort(known, v->count, sizeof *known, texts_order);
    v->others = ARENA_NEW_N(arena, const struct diagnosis *, d->count);
    for (size_t i = 0; i < d->count; i++)
        if (!v->count || !bsearch(&d->items[i].article->id, known, v->count, sizeof *known, texts_order))
            v->others[v->other_count++] = &d->items[i];
}

void verification_make(struct arena *arena, const struct report_file *report, const struct analysis *a,
                       struct verification *ret)
{
    const struct json_t *list = report_file_list(report->root, "diagnoses");
    struct hearing hearing = { 0 };
    struct recurrences recurrences;
    hit_index_build(arena, &a->timeline, &hearing.index);
    recurrences_make(arena, &a->diagnoses, &recurrences);
    ret->analysis = a;
    ret->baseline_whole = report_file_true(report->root, "complete");
    ret->items = ARENA_NEW_N(arena, struct verified_diagnosis, report_file_count(list));
    for (size_t i = 0; i < report_file_count(list); i++) {
        struct verified_diagnosis *v = &ret->items[ret->count++];
        *v = of_baseline(arena, report_file_item(list, i));
        v->article = kb_find(a->knowledge.kb, v->id);
        recurrence_note(&recurrences, v);
        if (v->again)
            v->state = VERIFIED_RECURRED;
        else
            exercises_judge(arena, &hearing, ret->since, v);
        ret->of[v->state]++;
    }
    others_find(arena, &a->diagnoses, ret);
}

struct text exercise_words(struct arena *arena, const struct zone *zone, const struct exercise *e)
{
    switch (e->state) {
    case EXERCISE_SEEN:
        return e->item->text;
    case EXERCISE_TOO_LATE:
        return WORDS(arena, e->item->text, TEXT("; but the log of "), e->where->name, TEXT(" ends "),
                     words_of_time(arena, zone, e->where->last), TEXT(", and it could show until "),
                     words_of_time(arena, zone, e->shown_by));
    case EXERCISE_NOT_SEEN:
        return TEXT("nothing happened there since then that would have shown it");
    case EXERCISE_NOT_COVERED:
        return WORDS(arena, TEXT("its log ends "), words_of_time(arena, zone, e->node->last),
                     TEXT(", before that time"));
    case EXERCISE_NO_LOG:
        return TEXT("no log of it was given");
    case EXERCISE_NOT_SAID:
        return WORDS(arena, TEXT("no event tells that it was tried; its log is quiet until "),
                     words_of_time(arena, zone, e->node->last));
    }
    return TEXT("");
}
