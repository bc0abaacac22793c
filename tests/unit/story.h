/*
 * story.h - logs told as a table, and what the diagnosis makes of them, as text to compare with.
 *
 * Shape:   story_begin, story_article.., story_log.., story_event.., story_diagnose, story_tell, story_end.
 * Time:    seconds from STORY_START (1999-04-12 02:00:00 UTC).
 */
#ifndef EVSCAN_TESTS_STORY_H
#define EVSCAN_TESTS_STORY_H

#include <stdio.h>
#include <stdlib.h>

#include "kb/diagnose.h"

#define STORY_START 125683560000000000u
#define STORY_LOGS  8
#define MINUTE      60
#define HOUR        3600

/* What each article must have; its evidence follows. */
#define STORY_ARTICLE(id)                                                                                       \
    "article: " id "\ntitle: t\nsummary: s\nproducts: [p]\ncause: c\nremediation: [{node: n, step: s}]\n"

/* An event of a table: on which node, when, and which rule it matches. */
struct story_row {
    const char *node;
    int64_t second;
    const char *rule;
};

struct story_log {
    const char *node;
    struct input_result *input;
    uint64_t records;
};

struct story {
    struct arena arena;
    struct diags diags;
    struct ruleset_builder *builder;
    struct ruleset *rules;
    struct kb *kb;
    struct partial partial;
    struct timeline timeline;
    struct diagnoses diagnoses;
    struct story_log logs[STORY_LOGS];
    size_t log_count;
    struct buf told;
};

static inline uint64_t story_time(int64_t second)
{
    return (uint64_t)((int64_t)STORY_START + second * TICKS_PER_SECOND);
}

/* The event IDs do not matter here: events are given to rules by name. */
static inline void story_rule(struct story *s, const char *name)
{
    struct yaml_file file;
    struct text source = text_keep_format(&s->arena,
                                          "title: '%s'\nname: '%s'\nauthor: test\nlevel: high\n"
                                          "logsource: {product: windows, service: system}\n"
                                          "detection:\n    selection: {Provider_Name: ClusSvc, EventID: 1009}\n"
                                          "    condition: selection\n",
                                          name, name);
    if (yaml_parse(&s->arena, text_keep_format(&s->arena, "%s.yaml", name), source, &s->diags, &file))
        ruleset_add_file(s->builder, &file, false, &s->diags);
}

static inline void story_article(struct story *s, const char *path, const char *yaml)
{
    struct yaml_file file;
    if (yaml_parse(&s->arena, text_from(path), text_from(yaml), &s->diags, &file))
        kb_add_file(s->kb, &file, true, &s->diags);
}

/* `names` ends with NULL. */
static inline void story_begin(struct story *s, const char *const *names)
{
    *s = (struct story){ 0 };
    arena_init(&s->arena);
    diags_init(&s->diags, &s->arena);
    buf_init(&s->told);
    partial_init(&s->partial);
    s->kb = kb_new();
    s->builder = ruleset_builder_new();
    for (; *names; names++)
        story_rule(s, *names);
    s->rules = ruleset_compile(s->builder, &s->diags);
    ruleset_builder_free(s->builder);
}

static inline void story_end(struct story *s)
{
    kb_free(s->kb);
    ruleset_free(s->rules);
    partial_done(&s->partial);
    buf_done(&s->told);
    arena_done(&s->arena);
}

static inline struct event story_key(const char *node, int64_t second)
{
    return (struct event){ .key = { .provider = TEXT("ClusSvc"),
                                    .channel = TEXT("System"),
                                    .computer = text_from(node),
                                    .id = 1009,
                                    .time = story_time(second) } };
}

/* A log that covers [from, to]. */
static inline struct story_log *story_log(struct story *s, const char *node, int64_t from, int64_t to)
{
    struct story_log *log = &s->logs[s->log_count++];
    log->node = node;
    log->input = partial_add_input(&s->partial, text_keep_format(&s->arena, "%zu-%s.evt", s->log_count, node));
    log->input->format = TEXT("evt");
    struct event begin = story_key(node, from), end = story_key(node, to);
    coverage_add(log->input, &s->partial.arena, &begin.key);
    coverage_add(log->input, &s->partial.arena, &end.key);
    log->records = 1;
    return log;
}

static inline struct story_log *story_log_of(struct story *s, const char *node)
{
    for (size_t i = 0; i < s->log_count; i++)
        if (text_equal_nocase(text_from(s->logs[i].node), text_from(node)))
            return &s->logs[i];
    abort();
}

static inline uint32_t story_rule_index(const struct story *s, const char *name)
{
    uint32_t rule;
    if (!ruleset_find(s->rules, text_from(name), &rule))
        abort();
    return rule;
}

static inline void story_match(struct story *s, struct event *e, const uint32_t *rules, size_t count)
{
    struct story_log *log = story_log_of(s, e->key.computer.p);
    e->key.record_id = ++log->records;
    e->offset = e->key.record_id * 128;
    partial_add_match(&s->partial, rules, count, e, log->input);
}

static inline void story_event(struct story *s, const char *node, int64_t second, const char *rule)
{
    struct event e = story_key(node, second);
    uint32_t index = story_rule_index(s, rule);
    story_match(s, &e, &index, 1);
}

/* With values: `a`, `b` are unnamed ones, or "Name=value"; NULL for none. */
static inline void story_values(struct story *s, const char *node, int64_t second, const char *rule, const char *a,
                                const char *b)
{
    const char *const given[] = { a, b };
    struct event_field fields[COUNT_OF(given)];
    struct event e = story_key(node, second);
    uint32_t index = story_rule_index(s, rule);
    for (size_t i = 0; i < COUNT_OF(given) && given[i]; i++) {
        struct text t = text_from(given[i]);
        size_t equals = text_find_char(t, '=');
        bool named = equals < t.n;
        fields[e.field_count++] = (struct event_field){ named ? (struct text){ t.p, equals } : TEXT(""),
                                                        named ? text_from_index(t, equals + 1) : t, EVENT_DATA };
    }
    e.fields = fields;
    story_match(s, &e, &index, 1);
}

/* A record of the event log service: 6009 with its three texts, or 6005. */
static inline void story_boot(struct story *s, const char *node, int64_t second, uint32_t id, const char *version,
                              const char *build, const char *pack)
{
    struct event e = story_key(node, second);
    struct event_field fields[] = { { TEXT(""), text_from(version), EVENT_DATA },
                                    { TEXT(""), text_from(build), EVENT_DATA },
                                    { TEXT(""), text_from(pack), EVENT_DATA } };
    uint32_t index = story_rule_index(s, id == 6009 ? "eventlog-6009" : "eventlog-6005");
    e.key.provider = TEXT("EventLog");
    e.key.id = id;
    e.fields = fields;
    e.field_count = id == 6009 ? COUNT_OF(fields) : 0;
    story_match(s, &e, &index, 1);
}

/* Kernel-General 12: major, minor, build, update, service pack. */
static inline void story_kernel(struct story *s, const char *node, int64_t second, const char *const values[5])
{
    struct event e = story_key(node, second);
    struct event_field fields[5];
    uint32_t index = story_rule_index(s, "kernel-general-12");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        fields[i] = (struct event_field){ TEXT(""), text_from(values[i]), EVENT_DATA };
    e.key.provider = TEXT("Microsoft-Windows-Kernel-General");
    e.key.id = 12;
    e.fields = fields;
    e.field_count = COUNT_OF(fields);
    story_match(s, &e, &index, 1);
}

static inline void story_diagnose(struct story *s)
{
    kb_link(s->kb, s->rules, &s->diags);
    partial_sort(&s->partial);
    timeline_build(&s->arena, s->rules, &s->partial, &s->timeline);
    diagnose(&s->arena, s->kb, &s->timeline, &s->diagnoses);
}

static inline void story_tell_list(struct story *s, const struct evidence_list *list, char mark)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence_found *f = &list->items[i];
        buf_add_format(&s->told, "  %c %d %.*s", mark, f->points, TEXT_ARG(f->text));
        for (size_t k = 0; k < f->hit_count && k < 4; k++)
            buf_add_format(&s->told, "%s%.*s#%llu", k ? " " : ": ", TEXT_ARG(f->hits[k]->event->key.computer),
                           (unsigned long long)f->hits[k]->event->key.record_id);
        if (f->hits_seen > 4)
            buf_add_format(&s->told, " of %zu", f->hits_seen);
        const struct zone utc = { .name = NULL };
        struct text gap = f->miss.node ? log_gap_text(&s->arena, &utc, &f->miss) : f->gap;
        if (gap.n)
            buf_add_format(&s->told, " (%.*s)", TEXT_ARG(gap));
        buf_add_char(&s->told, '\n');
    }
}

static inline void story_tell_one(struct story *s, const struct diagnosis *d, bool whole)
{
    buf_add_format(&s->told, "%.*s %s %d x%zu", TEXT_ARG(d->article->id), confidence_name(d->confidence), d->score,
                   d->occurrences);
    for (size_t i = 0; i < d->node_count; i++)
        buf_add_format(&s->told, " %.*s", TEXT_ARG(d->nodes[i]->name));
    buf_add_char(&s->told, '\n');
    if (!whole)
        return;
    story_tell_list(s, &d->for_it, '+');
    story_tell_list(s, &d->against, '-');
    story_tell_list(s, &d->missing, '?');
}

/* One line a diagnosis, with its evidence when `whole`; what was considered stands behind "considered". */
static inline const char *story_tell(struct story *s, bool whole)
{
    s->told.n = 0;
    for (size_t i = 0; i < s->diagnoses.count; i++)
        story_tell_one(s, &s->diagnoses.items[i], whole);
    if (s->diagnoses.considered_count)
        buf_add_c(&s->told, "considered\n");
    for (size_t i = 0; i < s->diagnoses.considered_count; i++)
        story_tell_one(s, &s->diagnoses.considered[i], whole);
    buf_add_char(&s->told, '\0');
    return s->told.p;
}

static inline const char *story_mistakes(struct story *s)
{
    s->told.n = 0;
    diags_print(&s->diags, &s->told);
    buf_add_char(&s->told, '\0');
    return s->told.p;
}

#endif
