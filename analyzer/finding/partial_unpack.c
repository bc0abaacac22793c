#include <libdeflate.h>
#include <stdlib.h>

#include "base/limits.h"
#include "finding/partial_form.h"
#include "finding/partial_unpacking.h"

/* Deflate never does better: more content than that was not packed into so few bytes. */
#define DEFLATE_BEST 1032u

#define NO_RULE  UINT32_MAX
#define NO_FIELD UINT32_MAX

static void fields_take(struct unpacking *u, struct event *e)
{
    e->field_count = unpack_count(u, 3);
    if (e->field_count > LIMIT_EVENT_FIELDS)
        unpack_refuse(u);
    struct event_field *fields = ARENA_NEW_N(&u->scratch, struct event_field, u->sound ? e->field_count : 0);
    for (size_t i = 0; i < e->field_count && u->sound; i++) {
        fields[i].part = (enum event_part)unpack_at_most(u, EVENT_OTHER);
        fields[i].name = unpack_text(u);
        fields[i].value = unpack_text(u);
    }
    e->fields = fields;
}

static void event_take(struct unpacking *u, struct event *e)
{
    struct text *texts[] = { &e->key.provider, &e->key.channel, &e->key.computer, &e->user_sid, &e->event_id };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = unpack_text(u);
    e->key.id = unpack_u32(u);
    e->key.level = unpack_u32(u);
    e->key.time = unpack_number(u);
    e->key.record_id = unpack_number(u);
    e->qualifiers = unpack_u32(u);
    e->task = unpack_u32(u);
    e->keywords = unpack_number(u);
    e->written = unpack_number(u);
    e->header_id = unpack_number(u);
    e->offset = unpack_number(u);
    e->source = (enum event_source)unpack_at_most(u, EVENT_SOURCES - 1);
    e->marks = unpack_u32(u);
    fields_take(u, e);
}

/* What is kept of a thin hit; NULL when nothing reads it now.  A value that is read now and was not when it was kept is
 * not there. */
static const struct thin *thin_take(struct unpacking *u, const struct saved_rule *from, uint64_t checksum)
{
    const struct thin_plan *plan = u->ret->plan;
    bool read = from->rule != NO_RULE && thin_is_read(plan, from->rule);
    struct thin *thin = ARENA_NEW(&u->ret->arena, struct thin);
    struct text *values = ARENA_NEW_N(&u->ret->arena, struct text, read ? plan->rules[from->rule].field_count : 0);
    for (size_t i = 0; i < from->field_count && u->sound; i++) {
        struct text value = unpack_at_most(u, 1) ? unpack_text(u) : (struct text){ NULL, 0 };
        if (read && value.p && from->fields[i] != NO_FIELD)
            values[from->fields[i]] = text_keep(&u->ret->arena, value);
    }
    *thin = (struct thin){ checksum, values };
    return read ? thin : NULL;
}

/* False when its rule is gone, or it was only kept for correlations that are. */
static bool hit_take(struct unpacking *u, uint64_t checksum, struct hit *hit)
{
    const struct saved_rule *from;
    uint64_t rule = unpack_number(u);
    bool is_thin = unpack_at_most(u, 1);
    if (rule >= u->rule_count)
        unpack_refuse(u);
    if (!u->sound)
        return false;
    from = &u->rules[rule];
    hit->rule = from->rule;
    hit->thin = is_thin ? thin_take(u, from, checksum) : NULL;
    if (from->rule == NO_RULE)
        u->about->unknown++;
    return from->rule != NO_RULE && (hit->thin || !is_thin);
}

/*
 * The hits of an event; no more than there are rules, and each rule once: two names of then can be one rule now, and whoever
 * forges a partial can name one as often as he likes.
 */
static void row_take(struct unpacking *u, struct input_result *input)
{
    uint32_t place = unpack_u32(u);
    uint64_t checksum = unpack_number(u);
    size_t count = (size_t)unpack_at_most(u, u->rule_count), known = 0;
    struct hit *hits = ARENA_NEW_N(&u->scratch, struct hit, count);
    struct event e = { 0 };
    u->event++;
    for (size_t i = 0; i < count && u->sound; i++) {
        hits[known].place = place;
        if (!hit_take(u, checksum, &hits[known]) || u->last_event[hits[known].rule] == u->event)
            continue;
        u->last_event[hits[known++].rule] = u->event;
    }
    event_take(u, &e);
    if (u->ret->arena.total > LIMIT_PARTIAL_MEMORY)
        unpack_refuse(u);
    if (u->sound && known)
        partial_add_saved(u->ret, hits, known, &e, input);
}

static void hits_take(struct unpacking *u, struct input_result *input)
{
    uint64_t dropped = unpack_number(u), lost = unpack_number(u);
    bool full = unpack_at_most(u, 1);
    uint32_t thin_end = unpack_u32(u);
    for (size_t left = unpack_count(u, 20); left-- > 0 && u->sound;) {
        struct arena_mark mark = arena_mark(&u->scratch);
        row_take(u, input);
        arena_rewind(&u->scratch, mark);
    }
    partial_drop(u->ret, input, dropped);
    partial_lose(u->ret, input, lost);
    input->full = input->full || full;
    input->thin_end = input->thin_end < thin_end ? input->thin_end : thin_end;
}

static void input_take(struct unpacking *u)
{
    struct input_result *input = partial_add_input(u->ret, unpack_bytes(u));
    input->format = text_keep(&u->ret->arena, unpack_text(u));
    input->size = unpack_number(u);
    input->sha256 = text_keep(&u->ret->arena, unpack_text(u));
    input->status = (enum status)unpack_at_most(u, ST_LOST_RUN);
    unpack_account(u, &input->account);
    unpack_notices(u, &input->notices);
    unpack_coverage(u, input);
    unpack_seen(u, input);
    unpack_hours(u, input);
    hits_take(u, input);
    if (u->ret->arena.total > LIMIT_PARTIAL_MEMORY)
        unpack_refuse(u);
}

static uint32_t rule_find(const struct rule_names *rules, bool same, uint64_t number, struct text name)
{
    uint32_t found = NO_RULE;
    if (same && number < rules->count && text_equal(rules->items[number], name))
        return (uint32_t)number;
    for (size_t i = 0; i < rules->count; i++)
        if (text_equal(rules->items[i], name)) {
            if (found != NO_RULE)
                return NO_RULE;
            found = (uint32_t)i;
        }
    return found;
}

static uint32_t field_find(const struct thin_plan *plan, uint32_t rule, struct text name)
{
    if (rule == NO_RULE || !thin_is_read(plan, rule))
        return NO_FIELD;
    for (size_t i = 0; i < plan->rules[rule].field_count; i++)
        if (text_equal(plan->rules[rule].fields[i], name))
            return (uint32_t)i;
    return NO_FIELD;
}

static void rule_fields_take(struct unpacking *u, struct saved_rule *rule)
{
    rule->field_count = (size_t)unpack_at_most(u, LIMIT_READ_FIELDS);
    rule->fields = ARENA_NEW_N(&u->scratch, uint32_t, rule->field_count);
    for (size_t i = 0; i < rule->field_count && u->sound; i++)
        rule->fields[i] = field_find(u->ret->plan, rule->rule, unpack_text(u));
}

static void rules_take(struct unpacking *u, const struct rule_names *rules)
{
    u->same_rules = u->about->fingerprint == rules->fingerprint;
    u->rule_count = unpack_count(u, 3);
    if (u->rule_count > LIMIT_PARTIAL_RULES)
        unpack_refuse(u);
    if (!u->sound)
        u->rule_count = 0;
    u->rules = ARENA_NEW_N(&u->scratch, struct saved_rule, u->rule_count);
    u->last_event = ARENA_NEW_N(&u->scratch, uint64_t, rules->count);
    for (size_t i = 0; i < u->rule_count && u->sound; i++) {
        uint64_t number = unpack_number(u);
        u->rules[i].rule = rule_find(rules, u->same_rules, number, unpack_text(u));
        rule_fields_take(u, &u->rules[i]);
    }
}

static void content_take(struct unpacking *u, const struct rule_names *rules)
{
    u->about->not_logs = unpack_number(u);
    rules_take(u, rules);
    for (size_t left = unpack_count(u, 31); left-- > 0 && u->sound;)
        input_take(u);
    for (size_t i = 0; i < u->ret->input_count; i++) {
        u->ret->full = u->ret->full || u->ret->inputs[i]->full;
        u->ret->thin_full = u->ret->thin_full || u->ret->inputs[i]->thin_end != THIN_NO_END;
    }
    if (cursor_left(&u->in))
        unpack_refuse(u);
}

/* The content unpacked, or NULL; free() it. */
static uint8_t *content_inflate(struct bytes packed, size_t size)
{
    if (size > LIMIT_PARTIAL_BYTES || size / DEFLATE_BEST > packed.n)
        return NULL;
    struct libdeflate_decompressor *d = memory_made(libdeflate_alloc_decompressor());
    uint8_t *content = memory_new(size);
    /* Without a place for the size that came out libdeflate demands that it is this one. */
    bool good = libdeflate_deflate_decompress(d, packed.p, packed.n, content, size, NULL) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(d);
    if (good)
        return content;
    free(content);
    return NULL;
}

static bool content_read(struct bytes content, const struct rule_names *rules, struct partial *ret,
                         struct partial_about *about)
{
    struct unpacking u = { .in = cursor_at(content, 0), .sound = true, .ret = ret, .about = about };
    arena_init(&u.scratch);
    u.texts = ARENA_NEW_N(&u.scratch, struct text, PARTIAL_TEXTS);
    content_take(&u, rules);
    arena_done(&u.scratch);
    if (u.sound)
        return true;
    const struct thin_plan *plan = ret->plan;
    const bool hourless = ret->hourless;
    partial_done(ret);
    partial_init(ret);
    ret->plan = plan;
    ret->hourless = hourless;
    return false;
}

static bool is_whole(struct bytes packed)
{
    size_t n = packed.n - PARTIAL_CHECKSUM;
    return libdeflate_crc32(0, packed.p, n) == bytes_u32(packed, n);
}

enum partial_fault partial_unpack(struct bytes packed, const struct rule_names *rules, struct partial *ret,
                                  struct partial_about *about)
{
    struct text begin = { (const char *)packed.p, packed.n };
    *about = (struct partial_about){ 0 };
    if (!text_starts_with(begin, TEXT(PARTIAL_NAME)) || packed.n == PARTIAL_NAME_N)
        return PARTIAL_FOREIGN;
    if (begin.p[PARTIAL_NAME_N] != PARTIAL_VERSION_IS)
        return PARTIAL_VERSION;
    if (packed.n < PARTIAL_HEAD + PARTIAL_CHECKSUM || !is_whole(packed))
        return PARTIAL_DAMAGED;
    about->fingerprint = bytes_u64(packed, PARTIAL_NAME_N + 1);
    size_t size = (size_t)bytes_u64(packed, PARTIAL_NAME_N + 9);
    uint8_t *content =
        content_inflate(bytes_part(packed, PARTIAL_HEAD, packed.n - PARTIAL_HEAD - PARTIAL_CHECKSUM), size);
    bool sound = content && content_read((struct bytes){ content, size }, rules, ret, about);
    free(content);
    return sound ? PARTIAL_SOUND : PARTIAL_DAMAGED;
}
