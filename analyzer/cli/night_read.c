#include "cli/night.h"

#include "base/limits.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/path_hint.h"
#include "scan/survey.h"

static void record_note(void *ctx, const char *path, const struct event_key *key)
{
    log_parts_add(ctx, path, key);
}

static void logs_survey(struct night *n, struct partial *surveyed)
{
    const struct survey_sink sink = { &n->parts, record_note };
    n->parts = (struct log_parts){ .arena = n->arena, .asked = known_logs_asked, .ctx = &n->memory.logs };
    survey_run(n->scan->threads, n->scan->reader, &n->paths, &sink, surveyed);
    n->verdicts = parts_judge(&n->memory.logs, &n->parts);
    for (size_t i = 0; i < n->parts.count; i++)
        n->records += id_runs_count(&n->verdicts[i].take);
}

/* All inputs are judged together. */
static const void *filter_input(void *ctx, const char *path)
{
    UNUSED(path);
    return ctx;
}

/* What came while the files were read is left for the next run: it is in no verdict. */
static bool filter_wants(const void *input, const char *path, const struct event_key *key)
{
    const struct night *n = input;
    const struct log_part *part = log_parts_find(&n->parts, path, key->computer, key->channel);
    /* Of a log beyond the limit nothing is known: all of it counts, in every run. */
    return part ? id_runs_has(&n->verdicts[part->index].take, key->record_id) : n->parts.left_out > 0;
}

/*
 * What happened to a log is in the notices of its input and is remembered; where records are lost, or may be, it belongs
 * to the news.
 */
static void happening_tell(struct night *n, struct input_result *input, const struct part_verdict *v,
                           const struct notice *notice)
{
    enum status status = notice_add(&input->notices, notice->code, notice->offset, notice->value);
    memory_happening_add(&n->memory, (struct happening){ .at = n->now, .node = v->log->node, .channel = v->log->channel,
                                                         .path = text_keep(n->arena, input->path),
                                                         .notice = notice_number(notice->code),
                                                         .value = notice->value });
    if (status == ST_OK && notice_severity(notice->code) == NOTICE_INFO_LEVEL)
        return;
    struct text words = notice_text(n->arena, notice);
    night_remark(n, text_keep_format(n->arena, "%.*s, %.*s log (%.*s): %.*s", TEXT_ARG(v->part->node),
                                     TEXT_ARG(v->part->channel), TEXT_ARG(input->path), TEXT_ARG(words)));
}

static void verdict_tell(struct night *n, struct input_result *input, const struct part_verdict *v)
{
    const struct known_input *in = memory_input(&n->memory, input->path);
    const struct notice copied = { NOTICE_LOG_COPIED, NOTICE_NO_OFFSET, v->part->records };
    for (size_t i = 0; i < v->notice_count; i++)
        happening_tell(n, input, v, &v->notices[i]);
    if (in && in->fresh && !v->take.count && v->part->records && !v->twin)
        happening_tell(n, input, v, &copied);
}

static struct input_result *result_find(const struct partial *p, const char *path)
{
    for (size_t i = 0; i < p->input_count; i++)
        if (text_equal(p->inputs[i]->path, text_from(path)))
            return p->inputs[i];
    return NULL;
}

static void verdicts_tell(struct night *n)
{
    for (size_t i = 0; i < n->parts.count; i++) {
        struct input_result *input = result_find(&n->analysis->partial, n->verdicts[i].part->path);
        if (input)
            verdict_tell(n, input, &n->verdicts[i]);
    }
}

static struct text open_hint(const struct night *n, struct text path, const struct notice *notice)
{
    return path_hint(n->arena, text_keep(n->arena, path).p, (int)notice->value);
}

static void loss_tell(struct night *n, const struct input_result *input)
{
    const struct notice *loss = notices_loss(&input->notices);
    if (!loss)
        return;
    struct text words = notice_text(n->arena, loss);
    if (loss->code == NOTICE_INPUT_OPEN)
        night_remark(n, text_keep_format(n->arena, "%.*s: %.*s%.*s", TEXT_ARG(input->path), TEXT_ARG(words),
                                         TEXT_ARG(open_hint(n, input->path, loss))));
    else
        night_remark(n, text_keep_format(n->arena, "%.*s: not all of it could be read: %.*s", TEXT_ARG(input->path),
                                         TEXT_ARG(words)));
}

/*
 * A log that stays damaged is no news; what could not be opened is among the inputs when it was not so in the last run.
 * What is no log gives no input, or one without a format.
 */
static void inputs_note(struct night *n)
{
    const struct partial *p = &n->analysis->partial;
    for (size_t i = 0; i < n->paths.count; i++) {
        struct known_input *in = memory_input(&n->memory, text_from(n->paths.items[i].path));
        if (in)
            in->no_log = true;
    }
    for (size_t i = 0; i < p->input_count; i++) {
        struct known_input *in = memory_input(&n->memory, p->inputs[i]->path);
        bool lost = p->inputs[i]->status > ST_OK;
        if (lost && !(in && in->was_lost))
            loss_tell(n, p->inputs[i]);
        if (in) {
            in->lost = lost;
            in->no_log = !lost && !p->inputs[i]->format.n;
        }
    }
}

/* Packed as it came: behind this the times of events are corrected, and records are held against earlier ones. */
static void evidence_pack(struct night *n)
{
    struct buf packed;
    struct rule_names names = analysis_rule_names(n->analysis);
    if (!n->analysis->partial.input_count)
        return;
    buf_init(&packed);
    if (partial_pack(&n->analysis->partial, &names, n->analysis->not_logs, &packed)) {
        struct bytes bytes = { (const uint8_t *)packed.p, packed.n };
        memory_evidence_add(&n->memory, (struct evidence_row){ .run = n->memory.run, .began = n->now,
                                                               .packed = bytes_keep(n->arena, bytes) });
    } else {
        output_error("there is too much of this run to be remembered: later runs will not see its evidence");
        n->memory.unkept = n->now;
        n->incomplete = true;
    }
    buf_done(&packed);
}

void night_read(struct night *n)
{
    struct analysis *a = n->analysis;
    struct scan_options options = *n->scan;
    struct partial surveyed;
    partial_init(&surveyed);
    logs_survey(n, &surveyed);
    options.filter = (struct scan_filter){ n, filter_input, filter_wants };
    a->status = scan_run(&options, a->knowledge.rules, &n->paths, &a->partial, &a->not_logs);
    if (n->parts.left_out && a->partial.input_count)
        notice_add(&a->partial.inputs[0]->notices, NOTICE_LOG_PARTS_LIMIT, NOTICE_NO_OFFSET, n->parts.left_out);
    if (a->partial.input_count)
        inputs_explain(&a->partial, n->arguments, a->not_logs, n->arena);
    verdicts_tell(n);
    inputs_note(n);
    night_folders(n);
    night_doubt(n, &surveyed);
    partial_done(&surveyed);
    evidence_pack(n);
    n->incomplete = n->incomplete || a->status > ST_OK || n->failing;
}

static void row_drop(struct night *n, struct evidence_row *row)
{
    row->drop = true;
    if (row->began > n->memory.unkept)
        n->memory.unkept = row->began;
}

static void row_recall(struct night *n, struct evidence_row *row, const struct rule_names *names)
{
    struct partial p;
    struct partial_about about;
    partial_init(&p);
    p.plan = n->analysis->partial.plan;
    enum partial_fault fault = partial_unpack(row->packed, names, &p, &about);
    if (fault == PARTIAL_SOUND) {
        for (size_t i = 0; i < p.input_count; i++)
            p.inputs[i]->remembered = true;
        partial_merge(&n->analysis->partial, &p);
    } else {
        output_error("the evidence of run %jd is %s; it is forgotten", (intmax_t)row->run,
                     fault == PARTIAL_VERSION ? "that of another version of evscan" : "damaged");
        row_drop(n, row);
        n->incomplete = true;
    }
    partial_done(&p);
}

/* By age, and the oldest when all are too large together. */
static void rows_age(struct night *n)
{
    uint64_t keep = (uint64_t)n->options->keep_days * 24 * 3600 * TICKS_PER_SECOND;
    uint64_t most = (uint64_t)n->options->keep_size << 20, bytes = 0;
    for (size_t i = n->memory.evidence_count; i-- > 0;) {
        struct evidence_row *row = &n->memory.evidence[i];
        bytes += row->packed.n;
        bool old = row->began < n->now && n->now - row->began > keep, large = bytes > most;
        if (row->drop || (row->run != n->memory.run && (old || large)))
            row_drop(n, row);
    }
}

void night_recall(struct night *n)
{
    struct rule_names names = analysis_rule_names(n->analysis);
    rows_age(n);
    for (size_t i = 0; i < n->memory.evidence_count; i++)
        if (!n->memory.evidence[i].drop && n->memory.evidence[i].run != n->memory.run)
            row_recall(n, &n->memory.evidence[i], &names);
}
