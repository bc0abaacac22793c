/*
 * suspect_source.c - conditions that demand a channel, provider and event ID of which the log source has no event.
 */
#include "base/limits.h"
#include "rule/demand.h"
#include "rule/fold.h"
#include "rule/suspect.h"

/* What the condition demands of a channel or a provider, beside its log source. */
struct demands {
    const struct ruleset *rules;
    struct arena scratch;
    struct id_set ids;
    enum field_kind kind;
};

/* True when the text cannot fulfil the test, which is about its field. */
static bool text_fails(struct demands *d, const struct test *t, struct text text)
{
    if (t->kind != TEST_PATTERN)
        return false;
    return !pattern_matches(&t->as.pattern, t->as.pattern.cased ? text : fold_keep(&d->scratch, text));
}

static bool item_fails(struct demands *d, const struct item *item, struct text text)
{
    size_t failed = 0;
    if (d->rules->fields[item->field].kind != d->kind || item->negate)
        return false;
    for (size_t i = 0; i < item->count; i++)
        failed += text_fails(d, &item->tests[i], text);
    return item->all ? failed > 0 : failed == item->count && failed > 0;
}

/* True when no event with this text there can fulfil the expression.  Depth: that of conditions. */
static bool expr_fails(struct demands *d, const struct expr *e, struct text text)
{
    size_t failed = 0;
    if (e->kind == EXPR_ITEM)
        return item_fails(d, e->item, text);
    if (e->kind == EXPR_NOT)
        return false;
    for (size_t i = 0; i < e->count; i++)
        failed += expr_fails(d, e->children[i], text);
    return e->kind == EXPR_OR ? failed == e->count && failed > 0 : failed > 0;
}

static bool channel_fits(struct demands *d, const struct expr *condition, struct text channel)
{
    if (channel.n && channel.p[channel.n - 1] == '*')
        return true; /* any of a kind */
    d->kind = FIELD_CHANNEL;
    return !expr_fails(d, condition, channel);
}

static bool has_demanded_id(const struct demands *d, const struct source_entry *entry)
{
    if (d->ids.every || entry->ids[0] == 0)
        return true;
    for (size_t i = 0; i < SOURCE_IDS && entry->ids[i]; i++)
        for (size_t k = 0; k < d->ids.count; k++)
            if (d->ids.ids[k] == entry->ids[i])
                return true;
    return false;
}

static bool entry_fits(struct demands *d, const struct expr *condition, const struct source_entry *entry)
{
    struct text rest = text_from(entry->channels ? entry->channels : "");
    if (!has_demanded_id(d, entry))
        return false;
    d->kind = FIELD_PROVIDER;
    if (entry->provider)
        return !expr_fails(d, condition, text_from(entry->provider));
    while (rest.n > 0) {
        size_t n = text_find_char(rest, ';');
        if (channel_fits(d, condition, (struct text){ rest.p, n }))
            return true;
        rest = text_from_index(rest, n + 1);
    }
    return false;
}

static bool row_fits(struct demands *d, const struct expr *condition, const struct source_row *row)
{
    for (size_t i = 0; row && i < SOURCE_ENTRIES; i++)
        if ((row->entries[i].channels || row->entries[i].provider) && entry_fits(d, condition, &row->entries[i]))
            return true;
    return row == NULL;
}

bool source_lacks(const struct loading *l, const struct rule *rule, const struct expr *part)
{
    struct demands d = { .rules = l->rules };
    if (!rule->applicable)
        return false; /* its log source may be none at all */
    const struct source *source = &l->rules->sources[rule->source];
    arena_init(&d.scratch);
    d.ids = demanded_ids(&d.scratch, l->rules, part);
    bool fits = row_fits(&d, part, source->category) && row_fits(&d, part, source->service);
    arena_done(&d.scratch);
    return !fits;
}

bool demands_other_channel(const struct loading *l, const struct expr *condition)
{
    struct demands d = { .rules = l->rules, .kind = FIELD_CHANNEL };
    arena_init(&d.scratch);
    bool other = expr_fails(&d, condition, TEXT("System")) && expr_fails(&d, condition, TEXT("Application"));
    arena_done(&d.scratch);
    return other;
}
