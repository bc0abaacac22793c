#include "cli/kb.h"

#include <stdlib.h>

#include "io/interrupt.h"

/* What a word is worth by where it stands. */
enum { IN_NAME = 16, IN_TITLE = 8, IN_SUMMARY = 4, IN_TEXT = 1 };

/* Points of each word in the thing that is looked at. */
struct look {
    const struct option_list *words;
    unsigned *points;
};

static bool contains(struct text t, struct text word)
{
    for (size_t at = 0; at + word.n <= t.n; at++)
        if (text_equal_nocase((struct text){ t.p + at, word.n }, word))
            return true;
    return false;
}

static void look_at(struct look *look, struct text t, unsigned worth)
{
    for (size_t i = 0; i < look->words->count; i++)
        if (contains(t, text_from(look->words->items[i])) && look->points[i] < worth)
            look->points[i] = worth;
}

static void look_at_all(struct look *look, struct texts list)
{
    for (size_t i = 0; i < list.count; i++)
        look_at(look, list.items[i], IN_TEXT);
}

static void look_begin(struct look *look)
{
    for (size_t i = 0; i < look->words->count; i++)
        look->points[i] = 0;
}

/* 0 unless every word was met. */
static unsigned look_end(const struct look *look)
{
    unsigned all = 0;
    for (size_t i = 0; i < look->words->count; i++) {
        if (!look->points[i])
            return 0;
        all += look->points[i];
    }
    return all;
}

static unsigned article_points(struct look *look, const struct article *a)
{
    look_begin(look);
    look_at(look, a->id, IN_NAME);
    look_at(look, a->title, IN_TITLE);
    look_at(look, a->summary, IN_SUMMARY);
    look_at(look, a->cause, IN_TEXT);
    look_at_all(look, (struct texts){ a->products, a->product_count });
    look_at_all(look, (struct texts){ a->warnings, a->warning_count });
    for (size_t i = 0; i < a->evidence_count; i++)
        look_at(look, a->evidence[i].text, IN_TEXT);
    for (size_t i = 0; i < a->remediation_count; i++)
        look_at(look, a->remediation[i].text, IN_TEXT);
    return look_end(look);
}

static unsigned event_points(struct look *look, const struct explain *x, const struct guide_event *e)
{
    look_begin(look);
    look_at(look, text_keep_format(x->arena, "%.*s %lu %.*s", TEXT_ARG(e->provider), (unsigned long)e->id,
                                   TEXT_ARG(e->symbol)),
            IN_NAME);
    look_at(look, explain_sentence(x, e), IN_TITLE);
    look_at(look, e->means, IN_SUMMARY);
    look_at_all(look, e->causes);
    look_at_all(look, e->next);
    look_at_all(look, e->fields);
    look_at(look, e->note, IN_TEXT);
    return look_end(look);
}

static unsigned error_points(struct look *look, const struct explain *x, const struct error_code *error)
{
    struct buf code;
    look_begin(look);
    buf_init(&code);
    error_code_put(&code, error->code);
    look_at(look, text_keep_format(x->arena, "%.*s", TEXT_ARG(buf_text(&code))), IN_NAME);
    buf_done(&code);
    look_at(look, error->name, IN_TITLE);
    look_at(look, error->words, IN_SUMMARY);
    return look_end(look);
}

/* Of equal ones the order in which they were met: articles, events, errors. */
static int hit_compare(const void *left, const void *right)
{
    const struct kb_hit *a = left, *b = right;
    return a->points != b->points ? (a->points < b->points ? 1 : -1) : 0;
}

static void hit_add(struct kb_hit *hits, size_t *count, struct kb_hit hit)
{
    if (hit.points)
        hits[(*count)++] = hit;
}

const struct kb_hit *kb_search(struct explain *x, const struct option_list *words, size_t *count)
{
    const struct kb *kb = x->knowledge.kb;
    size_t most = kb_count(kb) + guide_count(x->guide) + error_code_count(x->catalog);
    struct kb_hit *hits = ARENA_NEW_N(x->arena, struct kb_hit, most);
    struct look look = { words, ARENA_NEW_N(x->arena, unsigned, words->count) };
    *count = 0;
    for (size_t i = 0; i < kb_count(kb) && !interrupt_asked(); i++)
        hit_add(hits, count, (struct kb_hit){ .points = article_points(&look, kb_article(kb, i)),
                                              .article = kb_article(kb, i) });
    for (size_t i = 0; i < guide_count(x->guide) && !interrupt_asked(); i++)
        hit_add(hits, count, (struct kb_hit){ .points = event_points(&look, x, guide_event(x->guide, i)),
                                              .event = guide_event(x->guide, i) });
    for (size_t i = 0; i < error_code_count(x->catalog) && !interrupt_asked(); i++) {
        struct error_code error = error_code_at(x->catalog, i);
        hit_add(hits, count, (struct kb_hit){ .points = error_points(&look, x, &error), .error = error });
    }
    if (*count)
        qsort(hits, *count, sizeof *hits, hit_compare);
    return hits;
}
