#include "scan/job.h"

#include <stdlib.h>

#include "base/limits.h"

void worker_init(struct worker *w, const struct ruleset *rules, bool recover)
{
    *w = (struct worker){ .matcher = matcher_new(rules), .recover = recover };
    for (size_t i = 0; i < READER_FORMATS; i++)
        w->decoders[i] = reader_formats[i]->decoder_new();
}

void worker_done(struct worker *w)
{
    matcher_free(w->matcher);
    for (size_t i = 0; i < READER_FORMATS; i++)
        reader_formats[i]->decoder_free(w->decoders[i]);
}

void job_init(struct job *job)
{
    *job = (struct job){ 0 };
    job->batch.bytes = memory_new(BATCH_SIZE);
    job->batch.capacity = BATCH_SIZE;
    arena_init(&job->result.arena);
}

void job_done(struct job *job)
{
    free(job->batch.bytes);
    arena_done(&job->result.arena);
}

static void result_reset(struct job_result *r)
{
    arena_reset(&r->arena);
    *r = (struct job_result){ .arena = r->arena };
    notices_init(&r->notices, &r->arena);
    r->last = &r->first;
}

static bool wants(void *ctx, const struct event_key *key)
{
    struct worker *w = ctx;
    struct job_result *r = &w->job->result;
    coverage_add(&r->covered, &r->arena, key);
    return matcher_wants(w->matcher, key);
}

static void take(void *ctx, const struct event *event)
{
    struct worker *w = ctx;
    struct job_result *r = &w->job->result;
    size_t count;
    const uint32_t *rules = matcher_match(w->matcher, event, &count, &r->notices);
    if (count == 0)
        return;
    if (r->arena.total > LIMIT_BATCH_HITS) {
        r->dropped += count;
        return;
    }
    struct match_kept *kept = ARENA_NEW(&r->arena, struct match_kept);
    kept->event = event_keep(&r->arena, event, LIMIT_HIT_TEXT);
    kept->rules = memcpy(ARENA_NEW_N(&r->arena, uint32_t, count), rules, count * sizeof *rules);
    kept->rule_count = count;
    *r->last = kept;
    r->last = &kept->next;
}

void worker_run(struct worker *w, struct job *job)
{
    struct job_result *r = &job->result;
    struct event_sink sink = { .ctx = w, .want = wants, .event = take, .recover = w->recover };
    result_reset(r);
    w->job = job;
    r->status = reader_formats[job->reader->format]->decode(w->decoders[job->reader->format], job->reader->log,
                                                             &job->batch, &sink, &r->account, &r->notices);
}
