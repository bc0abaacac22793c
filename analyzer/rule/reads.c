#include "rule/reads.h"

#include "base/limits.h"
#include "rule/builder.h"
#include "rule/compiled.h"

/* In the making: of rules, and behind them of correlations. */
struct reads_draft {
    bool referred, too_many;
    uint32_t *fields; /* NULL: none yet; else LIMIT_READ_FIELDS places */
    size_t count;
};

static bool is_there(const struct reads_draft *d, uint32_t field)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->fields[i] == field)
            return true;
    return false;
}

static void fields_add(struct arena *arena, struct reads_draft *d, const uint32_t *fields, size_t count)
{
    for (size_t i = 0; i < count && !d->too_many; i++) {
        if (is_there(d, fields[i]))
            continue;
        d->too_many = d->count == LIMIT_READ_FIELDS;
        if (d->too_many)
            return;
        if (!d->fields)
            d->fields = ARENA_NEW_N(arena, uint32_t, LIMIT_READ_FIELDS);
        d->fields[d->count++] = fields[i];
    }
}

/* What a correlation reads, and what others read of its alerts, is read of all that it refers to. */
static void reads_pass_on(struct arena *arena, const struct correlation *c, const struct reads_draft *own,
                          struct reads_draft *drafts)
{
    size_t width = c->group_count + c->value_count;
    for (size_t i = 0; i < c->rule_count; i++) {
        struct reads_draft *d = &drafts[c->rules[i]];
        d->referred = true;
        d->too_many = d->too_many || own->too_many;
        fields_add(arena, d, c->fields + i * width, width);
        fields_add(arena, d, own->fields, own->count);
    }
}

static struct rule_reads reads_keep(struct arena *arena, const struct reads_draft *d)
{
    uint32_t *fields = ARENA_NEW_N(arena, uint32_t, d->count);
    if (d->count)
        memcpy(fields, d->fields, d->count * sizeof *fields);
    return (struct rule_reads){ d->referred, d->too_many, fields, d->count };
}

/* A correlation stands behind all that it refers to: from the last to the first one, each knows what is read of it. */
void reads_find(struct ruleset_builder *b)
{
    struct ruleset *r = b->l.rules;
    if (r->correlation_count == 0)
        return;
    struct reads_draft *drafts = ARENA_NEW_N(&b->arena, struct reads_draft, r->rule_count + r->correlation_count);
    struct rule_reads *reads = ARENA_NEW_N(&r->arena, struct rule_reads, r->rule_count);
    for (size_t k = r->correlation_count; k-- > 0;)
        reads_pass_on(&b->arena, &r->correlations[k], &drafts[r->rule_count + k], drafts);
    for (size_t i = 0; i < r->rule_count; i++)
        if (drafts[i].referred)
            reads[i] = reads_keep(&r->arena, &drafts[i]);
    r->reads = reads;
}

const struct rule_reads *ruleset_reads(const struct ruleset *rules, uint32_t rule)
{
    static const struct rule_reads none = { 0 };
    return rules->reads ? &rules->reads[rule] : &none;
}
