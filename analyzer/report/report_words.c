#include "report/report_facts.h"

#include <inttypes.h>

/* Names that are said before "and 5 more". */
#define NAMES_SAID 4

/* "1999-04-12 " */
#define DATE_LENGTH 11

struct text words_join(struct arena *a, const struct text *parts, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += parts[i].n;
    struct text joined = { arena_alloc(a, n), 0 };
    char *out = (char *)joined.p;
    for (size_t i = 0; i < count; i++) {
        memcpy(out + joined.n, parts[i].n > 0 ? parts[i].p : "", parts[i].n);
        joined.n += parts[i].n;
    }
    return joined;
}

struct text words_of_names(struct arena *a, const struct text *names, size_t count)
{
    struct text words = TEXT("");
    size_t said = count <= NAMES_SAID ? count : NAMES_SAID - 1;
    for (size_t i = 0; i < said; i++) {
        const char *gap = i == 0 ? "" : i + 1 == count ? " and " : ", ";
        words = WORDS(a, words, text_from(gap), names[i]);
    }
    if (said < count)
        words = WORDS(a, words, text_keep_format(a, " and %zu more", count - said));
    return words;
}

struct text words_of_nodes(struct arena *a, const struct diagnosis *d)
{
    return words_of_names(a, d->troubled, d->troubled_count);
}

static bool is_troubled(const struct diagnosis *d, const struct node *node)
{
    for (size_t i = 0; i < d->troubled_count; i++)
        if (text_equal_nocase(d->troubled[i], node->name))
            return true;
    return false;
}

struct text words_of_witnesses(struct arena *a, const struct diagnosis *d)
{
    struct text *names = ARENA_NEW_N(a, struct text, d->affected_count);
    size_t count = 0;
    for (size_t i = 0; i < d->affected_count; i++)
        if (!is_troubled(d, d->affected[i]))
            names[count++] = d->affected[i]->name;
    return count ? WORDS(a, TEXT(" (seen by "), words_of_names(a, names, count), TEXT(")")) : TEXT("");
}

/* "1999-04-12 02:10:05": the ISO form as people write it. */
struct text words_of_clock(struct arena *a, const struct zone *z, uint64_t filetime)
{
    char room[TIME_ISO_ROOM];
    struct text iso = time_iso(zone_clock(z, filetime), 0, room);
    if (filetime >= FILETIME_MAX)
        return text_keep(a, iso);
    room[10] = ' ';
    return text_keep(a, (struct text){ room, iso.n - 1 });
}

struct text words_of_time(struct arena *a, const struct zone *z, uint64_t filetime)
{
    char room[TIME_ISO_ROOM];
    if (filetime == 0)
        return TEXT("at an unknown time");
    return WORDS(a, words_of_clock(a, z, filetime), TEXT(" "), zone_label(z, filetime, room));
}

void words_of_ends(struct arena *a, const struct zone *z, uint64_t first, uint64_t last, struct text *from,
                   struct text *to)
{
    *from = TEXT("");
    *to = words_of_time(a, z, last);
    if (first == 0 || first / TICKS_PER_SECOND == last / TICKS_PER_SECOND)
        return;
    bool same_offset = zone_offset(z, first) == zone_offset(z, last);
    *from = same_offset ? words_of_clock(a, z, first) : words_of_time(a, z, first);
    bool same_day = from->n > DATE_LENGTH && to->n > DATE_LENGTH && memcmp(from->p, to->p, DATE_LENGTH) == 0;
    if (same_day)
        *to = text_from_index(*to, DATE_LENGTH);
}

struct text words_of_gap(struct arena *a, const struct zone *z, const struct evidence_found *e)
{
    return e->miss.node ? log_gap_text(a, node_zone(z, e->miss.node), &e->miss) : e->gap;
}

struct text words_of_unseen(struct arena *a, const struct zone *z, const struct diagnosis *d)
{
    for (size_t i = 0; d->unseen && i < d->missing.count; i++) {
        const struct evidence_found *e = &d->missing.items[i];
        struct text gap = words_of_gap(a, z, e);
        if (e->item && e->item->kind == EVIDENCE_NEEDS && gap.n)
            return WORDS(a, TEXT("Cannot be excluded: "), gap);
    }
    return TEXT("");
}

/* To the last event of it; where no end of an outage was seen, as far as one was looked for. */
static uint64_t told_until(const struct diagnosis *d)
{
    uint64_t until = d->last;
    for (size_t i = 0; i < d->outage_count; i++) {
        uint64_t end = d->outages[i].from + (uint64_t)d->outages[i].item->to;
        until = !d->outages[i].to && end > until ? end : until;
    }
    return until;
}

/* The step of the node's clock that changes most of what the diagnosis tells; NULL for none. */
static const struct clock_step *step_within(const struct node *node, uint64_t from, uint64_t to)
{
    const struct clock_step *most = NULL;
    uint64_t by = 0;
    for (size_t i = 0; i < node->step_count; i++) {
        const struct clock_step *s = &node->steps[i];
        uint64_t low = s->before < s->after ? s->before : s->after, high = s->before < s->after ? s->after : s->before;
        if (s->mended || low > to || high < from || high - low <= by)
            continue;
        most = s;
        by = high - low;
    }
    return most;
}

struct text words_of_steps(struct arena *a, const struct diagnosis *d)
{
    char span[TIME_ISO_ROOM];
    uint64_t until = told_until(d);
    for (size_t i = 0; i < d->node_count; i++) {
        const struct clock_step *s = step_within(d->nodes[i], d->first, until);
        if (!s)
            continue;
        bool back = s->after < s->before;
        return text_keep_format(a, "The clock of %.*s was set %s by %.*s meanwhile (record %" PRIu64 "): the order of what "
                                   "it logged then, and how long anything took, are not certain.",
                                TEXT_ARG(d->nodes[i]->name), back ? "back" : "forward",
                                TEXT_ARG(time_span(back ? s->before - s->after : s->after - s->before, span)), s->record);
    }
    return TEXT("");
}

struct text words_of_days(struct arena *a, const struct zone *z, uint64_t first, uint64_t last)
{
    struct text from = words_of_clock(a, z, first), to = words_of_clock(a, z, last);
    from.n = from.n < DATE_LENGTH ? from.n : DATE_LENGTH - 1;
    to.n = to.n < DATE_LENGTH ? to.n : DATE_LENGTH - 1;
    return text_equal(from, to) ? from : WORDS(a, from, TEXT(" to "), to);
}

struct text words_of_number(struct arena *a, uint64_t n)
{
    struct text words = text_keep_format(a, "%" PRIu64, n % 1000);
    for (; n >= 1000; n /= 1000) {
        uint64_t rest = n / 1000 % 1000;
        struct text group = text_from_index(words, 0);
        size_t digits = text_find_char(group, ',');
        const char *zeros = digits == 1 ? "00" : digits == 2 ? "0" : "";
        words = text_keep_format(a, "%" PRIu64 ",%s%.*s", rest, zeros, TEXT_ARG(group));
    }
    return words;
}

struct text words_of_count(struct arena *a, uint64_t n, const char *one, const char *many)
{
    struct text number = words_of_number(a, n);
    return text_keep_format(a, "%.*s %s", TEXT_ARG(number), n == 1 ? one : many);
}

struct text words_of_article(struct arena *a, struct text id)
{
    bool kb = id.n > 1 && id.p[0] == 'Q';
    for (size_t i = 1; i < id.n; i++)
        kb = kb && id.p[i] >= '0' && id.p[i] <= '9';
    return WORDS(a, kb ? TEXT("KB article ") : TEXT("article "), id);
}

struct text words_of_place(struct arena *a, const struct diagnosis *d, struct text node)
{
    for (size_t i = 0; i < d->role_count; i++)
        if (text_equal(node, d->roles[i].role) && d->roles[i].count)
            return WORDS(a, node, TEXT(" "), words_of_names(a, d->roles[i].names, d->roles[i].count));
    if (d->affected_count != 1 || !text_equal_nocase(node, TEXT("affected node")))
        return node;
    return WORDS(a, node, TEXT(" "), d->affected[0]->name);
}

static bool is_message(const struct event_field *f)
{
    return f->part == EVENT_RENDERING && text_equal(f->name, TEXT("Message")) && text_trim(f->value).n > 0;
}

static bool is_payload(const struct event_field *f)
{
    return (f->part == EVENT_DATA || f->part == EVENT_USER_DATA) && !text_equal(f->name, TEXT("Binary"));
}

/* Names are worth their room where the producer gave some; "Data" is what nameless values are called. */
static bool has_name(const struct event_field *f)
{
    return f->name.n > 0 && !text_equal(f->name, TEXT("Data"));
}

static void add_value(struct buf *out, const struct event_field *f)
{
    if (out->n > 0)
        buf_add_c(out, "; ");
    if (has_name(f)) {
        buf_add(out, f->name);
        buf_add_c(out, "=");
    }
    buf_add(out, f->value);
}

struct text words_of_event(struct arena *a, const struct event *e)
{
    struct buf values;
    buf_init(&values);
    for (size_t i = 0; i < e->field_count; i++) {
        if (is_message(&e->fields[i])) {
            buf_done(&values);
            return text_trim(e->fields[i].value);
        }
        if (is_payload(&e->fields[i]) && text_trim(e->fields[i].value).n > 0)
            add_value(&values, &e->fields[i]);
    }
    struct text kept = text_keep(a, buf_text(&values));
    buf_done(&values);
    return kept;
}

struct text words_of_notice(struct arena *a, const struct ruleset *rules, const struct notice *notice)
{
    if (notice_names_rule(notice->code) && notice->value < ruleset_count(rules))
        return notice_text_named(a, notice, ruleset_called(rules, (uint32_t)notice->value));
    return notice_text(a, notice);
}

const char *status_name(enum status status)
{
    static const char *const names[] = { "ok", "ok", "lost-record", "lost-chunk", "lost-input", "lost-run" };
    return names[status];
}

static struct text words_of_error(struct arena *a, const struct error_value *v)
{
    const struct error_code *e = &v->error;
    struct text colon = e->words.n ? TEXT(": ") : TEXT("");
    return WORDS(a, v->in_data ? TEXT("data ") : TEXT(""), v->value, TEXT(" is "), e->name, colon, e->words);
}

struct text words_of_errors(struct arena *a, const struct report *r, const struct event *e)
{
    struct error_value found[ERROR_VALUES];
    size_t count = r->codes && r->guide ? error_values_find(r->codes, r->guide, e, found) : 0;
    struct text words = TEXT("");
    for (size_t i = 0; i < count; i++)
        words = i ? WORDS(a, words, TEXT("; "), words_of_error(a, &found[i])) : words_of_error(a, &found[i]);
    return words;
}

struct text words_of_event_and_errors(struct arena *a, const struct report *r, const struct event *e)
{
    struct text words = words_of_event(a, e), errors = words_of_errors(a, r, e);
    return !words.n ? errors : errors.n ? WORDS(a, words, TEXT(" ("), errors, TEXT(")")) : words;
}

struct text words_of_reach(struct arena *a, const struct reach *reach)
{
    if (!reach || reach->no_channel + reach->no_provider == 0)
        return TEXT("");
    struct text channel = words_of_count(a, reach->no_channel, "needs", "need");
    struct text provider = words_of_count(a, reach->no_provider, "needs", "need");
    channel = WORDS(a, TEXT("; "), channel, TEXT(" a channel of which no log was given"));
    provider = WORDS(a, TEXT("; "), provider, TEXT(" a provider that left no record there"));
    return WORDS(a, words_of_count(a, reach->able, "rule fits", "rules fit"), TEXT(" what was read"),
                 reach->no_channel ? channel : TEXT(""), reach->no_provider ? provider : TEXT(""), TEXT("."));
}
