#include "finding/partial_pack.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/utf.h"
#include "finding/partial_form.h"

/* Deflate never does better: more content than that was not packed into so few bytes. */
#define DEFLATE_BEST 1032u

#define NO_RULE  UINT32_MAX
#define NO_FIELD UINT32_MAX

/* Which rule it is now, and where each value goes that was kept for correlations. */
struct saved_rule {
    uint32_t rule;   /* NO_RULE: not there now */
    uint32_t *fields; /* by place in the saved list: among the fields that are read now; NO_FIELD: of none */
    size_t field_count;
};

struct unpacking {
    struct cursor in;
    bool sound;
    struct arena scratch; /* lists as long as the content says: never longer than its bytes; of one event at a time */
    struct text *texts;   /* as they came; PARTIAL_TEXTS */
    size_t text_count;
    uint64_t text_bytes;  /* of all texts taken, one that is named again counted again */
    struct saved_rule *rules; /* by place in the list of names */
    size_t rule_count;
    bool same_rules;      /* as when it was packed: numbers of rules mean what they meant */
    uint64_t *last_event; /* by rule: the event that satisfied it last, from 1 */
    uint64_t event;
    struct partial *ret;
    struct partial_about *about;
};

static void refuse(struct unpacking *u)
{
    u->sound = false;
    u->in.at = u->in.view.n; /* every count that follows is 0 */
}

static uint64_t number_take(struct unpacking *u)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = cursor_u8(&u->in);
        n |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            if (u->in.overrun || (shift == 63 && byte > 1))
                break;
            return n;
        }
    }
    refuse(u);
    return 0;
}

static uint64_t number_at_most(struct unpacking *u, uint64_t most)
{
    uint64_t n = number_take(u);
    if (n > most)
        refuse(u);
    return n > most ? 0 : n;
}

static uint32_t u32_take(struct unpacking *u)
{
    return (uint32_t)number_at_most(u, UINT32_MAX);
}

/* How many things follow, each of `least` bytes or more. */
static size_t count_take(struct unpacking *u, size_t least)
{
    return (size_t)number_at_most(u, cursor_left(&u->in) / least);
}

static struct text text_new(struct unpacking *u)
{
    struct bytes b = cursor_take(&u->in, count_take(u, 1));
    struct text t = { (const char *)b.p, b.n };
    if (u->text_count < PARTIAL_TEXTS)
        u->texts[u->text_count++] = t;
    return t;
}

/*
 * Any bytes: a file's name.  All texts of a sound partial together were in the memory of who saved it; two bytes that
 * name a text of megabytes, millions of times, are looked at for hours.
 */
static struct text bytes_take(struct unpacking *u)
{
    uint64_t number = number_at_most(u, u->text_count);
    if (!u->sound)
        return TEXT("");
    struct text t = number ? u->texts[number - 1] : text_new(u);
    u->text_bytes += t.n;
    if (u->text_bytes <= LIMIT_PARTIAL_MEMORY)
        return t;
    refuse(u);
    return TEXT("");
}

static struct text text_take(struct unpacking *u)
{
    struct text t = bytes_take(u);
    if (!utf8_valid(t))
        refuse(u);
    return t;
}

static void account_take(struct unpacking *u, struct account *a)
{
#define TAKE(member) a->member = number_take(u);
    PARTIAL_ACCOUNT(TAKE)
#undef TAKE
    for (size_t i = 0; i < EVENT_SOURCES; i++)
        a->by_source[i] = number_take(u);
}

static enum notice_code code_take(struct unpacking *u)
{
    uint64_t number = number_take(u);
    for (size_t code = 0; code < NOTICE_CODES; code++)
        if ((uint64_t)notice_number((enum notice_code)code) == number)
            return (enum notice_code)code;
    refuse(u);
    return (enum notice_code)0;
}

/* A rule's number means nothing in another rule set. */
static uint64_t notice_value(const struct unpacking *u, enum notice_code code, uint64_t value)
{
    return notice_names_rule(code) && !u->same_rules ? NOTICE_NO_RULE : value;
}

/* What is kept of a code, was seen: adding it again gives the count and the limit. */
static void notices_take(struct unpacking *u, struct notices *n)
{
    uint32_t seen[NOTICE_CODES] = { 0 };
    for (size_t left = (size_t)number_at_most(u, NOTICE_CODES); left-- > 0;) {
        enum notice_code code = code_take(u);
        seen[code] = u32_take(u);
    }
    for (size_t left = count_take(u, 3); left-- > 0 && u->sound;) {
        enum notice_code code = code_take(u);
        uint64_t offset = number_take(u), value = number_take(u);
        if (n->seen[code] >= LIMIT_NOTICES_PER_CODE || n->seen[code] >= seen[code])
            refuse(u);
        if (u->sound && notice_add(n, code, offset, notice_value(u, code, value)) > ST_LOST_RECORD)
            refuse(u);
    }
    memcpy(n->seen, seen, sizeof seen);
}

#define TAKE(member) r->member = number_take(u);

static void runs_take(struct unpacking *u, struct coverage *c)
{
    c->run_count = count_take(u, 8);
    c->runs = ARENA_NEW_N(&u->scratch, struct coverage_run, c->run_count);
    for (struct coverage_run *r = c->runs; r < c->runs + c->run_count && u->sound; r++) {
        PARTIAL_RUN(TAKE)
        uint64_t marks = number_at_most(u, 3);
        r->started = marks & 1;
        r->stopped = marks & 2;
        if (r->first_id == 0 || r->last_id < r->first_id)
            refuse(u);
    }
}

static void starts_take(struct unpacking *u, struct coverage *c)
{
    c->start_count = count_take(u, 4);
    c->starts = ARENA_NEW_N(&u->scratch, struct coverage_start, c->start_count);
    for (struct coverage_start *r = c->starts; r < c->starts + c->start_count && u->sound; r++) {
        PARTIAL_START(TAKE)
        r->orderly = number_at_most(u, 1);
    }
}

static void steps_take(struct unpacking *u, struct coverage *c)
{
    c->step_count = count_take(u, 3);
    c->steps = ARENA_NEW_N(&u->scratch, struct coverage_step, c->step_count);
    for (struct coverage_step *r = c->steps; r < c->steps + c->step_count && u->sound; r++) {
        PARTIAL_STEP(TAKE)
        if (r->before <= r->after)
            refuse(u);
    }
}

#undef TAKE

static void coverage_take(struct unpacking *u, struct input_result *input)
{
    size_t count = count_take(u, 9);
    if (count > LIMIT_COVERAGE)
        refuse(u);
    for (size_t i = 0; i < count && u->sound; i++) {
        struct coverage c = { .node = text_take(u), .channel = text_take(u) };
        c.events = number_take(u);
        c.first = number_take(u);
        c.last = number_take(u);
        c.manifest = number_at_most(u, 1);
        runs_take(u, &c);
        starts_take(u, &c);
        steps_take(u, &c);
        if (u->ret->arena.total > LIMIT_PARTIAL_MEMORY)
            refuse(u);
        if (u->sound)
            coverage_merge(input, &u->ret->arena, &(struct input_result){ .coverage = &c });
    }
    input->uncovered = number_take(u);
}

static void fields_take(struct unpacking *u, struct event *e)
{
    e->field_count = count_take(u, 3);
    if (e->field_count > LIMIT_EVENT_FIELDS)
        refuse(u);
    struct event_field *fields = ARENA_NEW_N(&u->scratch, struct event_field, u->sound ? e->field_count : 0);
    for (size_t i = 0; i < e->field_count && u->sound; i++) {
        fields[i].part = (enum event_part)number_at_most(u, EVENT_OTHER);
        fields[i].name = text_take(u);
        fields[i].value = text_take(u);
    }
    e->fields = fields;
}

static void event_take(struct unpacking *u, struct event *e)
{
    struct text *texts[] = { &e->key.provider, &e->key.channel, &e->key.computer, &e->user_sid, &e->event_id };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = text_take(u);
    e->key.id = u32_take(u);
    e->key.level = u32_take(u);
    e->key.time = number_take(u);
    e->key.record_id = number_take(u);
    e->qualifiers = u32_take(u);
    e->task = u32_take(u);
    e->keywords = number_take(u);
    e->written = number_take(u);
    e->header_id = number_take(u);
    e->offset = number_take(u);
    e->source = (enum event_source)number_at_most(u, EVENT_SOURCES - 1);
    e->marks = u32_take(u);
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
        struct text value = number_at_most(u, 1) ? text_take(u) : (struct text){ NULL, 0 };
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
    uint64_t rule = number_take(u);
    bool is_thin = number_at_most(u, 1);
    if (rule >= u->rule_count)
        refuse(u);
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
    uint32_t place = u32_take(u);
    uint64_t checksum = number_take(u);
    size_t count = (size_t)number_at_most(u, u->rule_count), known = 0;
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
        refuse(u);
    if (u->sound && known)
        partial_add_saved(u->ret, hits, known, &e, input);
}

static void hits_take(struct unpacking *u, struct input_result *input)
{
    uint64_t dropped = number_take(u), lost = number_take(u);
    bool full = number_at_most(u, 1);
    uint32_t thin_end = u32_take(u);
    for (size_t left = count_take(u, 20); left-- > 0 && u->sound;) {
        struct arena_mark mark = arena_mark(&u->scratch);
        row_take(u, input);
        arena_rewind(&u->scratch, mark);
    }
    partial_drop(u->ret, input, dropped);
    partial_lose(u->ret, input, lost);
    input->full = input->full || full;
    input->thin_end = input->thin_end < thin_end ? input->thin_end : thin_end;
}

static void seen_take(struct unpacking *u, struct input_result *input)
{
    size_t count = count_take(u, 2);
    for (size_t i = 0; i < count && u->sound; i++) {
        struct text provider = text_take(u);
        seen_add(&input->seen, &u->ret->arena, provider, text_take(u));
    }
    if (u->sound && input->seen.count != count) /* more than the limits, or one twice */
        refuse(u);
    input->seen.beyond = number_at_most(u, 1);
}

/* The difference to the hour before; one that leaves the range of times is no hour. */
static uint64_t hour_take(struct unpacking *u, uint64_t before)
{
    uint64_t n = number_take(u), step = n / 2 + n % 2;
    uint64_t number = n % 2 ? before - step : before + step;
    if (step > FILETIME_MAX / HOUR_TICKS || number >= FILETIME_MAX / HOUR_TICKS)
        refuse(u);
    return number;
}

static void hours_read(struct unpacking *u, struct hours *hours)
{
    uint64_t before = 0;
    size_t count = count_take(u, 3);
    for (size_t i = 0; i < count && u->sound; i++) {
        struct text node = text_take(u);
        uint64_t number = hour_take(u, before), events = number_take(u);
        if (u->sound)
            hours_count(hours, node, number, events);
        before = number;
    }
    if (u->sound && hours->count != count)
        refuse(u);
    hours->left_out = number_take(u);
}

/* Those that nobody wants are read all the same, since the bytes must be sound in everything. */
static void hours_take(struct unpacking *u, struct input_result *input)
{
    if (!number_at_most(u, 1) || !u->sound)
        return;
    struct arena_mark mark = arena_mark(&u->scratch);
    struct arena *arena = u->ret->hourless ? &u->scratch : &u->ret->arena;
    struct hours *hours = ARENA_NEW(arena, struct hours);
    hours_init(hours, arena);
    hours_read(u, hours);
    if (u->ret->hourless)
        arena_rewind(&u->scratch, mark);
    else
        input->hours = hours;
}

static void input_take(struct unpacking *u)
{
    struct input_result *input = partial_add_input(u->ret, bytes_take(u));
    input->format = text_keep(&u->ret->arena, text_take(u));
    input->size = number_take(u);
    input->sha256 = text_keep(&u->ret->arena, text_take(u));
    input->status = (enum status)number_at_most(u, ST_LOST_RUN);
    account_take(u, &input->account);
    notices_take(u, &input->notices);
    coverage_take(u, input);
    seen_take(u, input);
    hours_take(u, input);
    hits_take(u, input);
    if (u->ret->arena.total > LIMIT_PARTIAL_MEMORY)
        refuse(u);
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
    rule->field_count = (size_t)number_at_most(u, LIMIT_READ_FIELDS);
    rule->fields = ARENA_NEW_N(&u->scratch, uint32_t, rule->field_count);
    for (size_t i = 0; i < rule->field_count && u->sound; i++)
        rule->fields[i] = field_find(u->ret->plan, rule->rule, text_take(u));
}

static void rules_take(struct unpacking *u, const struct rule_names *rules)
{
    u->same_rules = u->about->fingerprint == rules->fingerprint;
    u->rule_count = count_take(u, 3);
    if (u->rule_count > LIMIT_PARTIAL_RULES)
        refuse(u);
    if (!u->sound)
        u->rule_count = 0;
    u->rules = ARENA_NEW_N(&u->scratch, struct saved_rule, u->rule_count);
    u->last_event = ARENA_NEW_N(&u->scratch, uint64_t, rules->count);
    for (size_t i = 0; i < u->rule_count && u->sound; i++) {
        uint64_t number = number_take(u);
        u->rules[i].rule = rule_find(rules, u->same_rules, number, text_take(u));
        rule_fields_take(u, &u->rules[i]);
    }
}

static void content_take(struct unpacking *u, const struct rule_names *rules)
{
    u->about->not_logs = number_take(u);
    rules_take(u, rules);
    for (size_t left = count_take(u, 31); left-- > 0 && u->sound;)
        input_take(u);
    for (size_t i = 0; i < u->ret->input_count; i++) {
        u->ret->full = u->ret->full || u->ret->inputs[i]->full;
        u->ret->thin_full = u->ret->thin_full || u->ret->inputs[i]->thin_end != THIN_NO_END;
    }
    if (cursor_left(&u->in))
        refuse(u);
}

/* The content unpacked, or NULL; free() it. */
static uint8_t *content_inflate(struct bytes packed, size_t size)
{
    if (size > LIMIT_PARTIAL_BYTES || size / DEFLATE_BEST > packed.n)
        return NULL;
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
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
