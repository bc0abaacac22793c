/*
 * correlation_link.c - correlations find the rules and the correlations that they are about.
 *
 * Idea:    in rounds: a correlation can be worked out when all that it refers to can, and stands behind them.  What is
 *          left when a round finds nothing new goes round in a circle.
 */
#include "base/limits.h"
#include "rule/builder.h"
#include "rule/suspect.h"

static void refuse(struct correlation_draft *d, struct diags *diags, const char *class,
                   const struct correlation_reference *r, const char *reason)
{
    diag_add_place(diags, DIAG_ERROR, class, &r->place, NULL, "\"%.*s\" %s", TEXT_ARG(r->name), reason);
    d->refused = true;
}

/* False when there are none, or mistakes in them. */
static bool references_resolve(struct ruleset_builder *b, struct correlation_draft *d, struct diags *diags)
{
    size_t errors = diags->errors;
    for (size_t i = 0; i < d->reference_count; i++) {
        struct correlation_reference *r = &d->references[i];
        r->rule = UINT32_MAX;
        if (!ruleset_find_any(b->l.rules, r->name, &r->rule))
            refuse(d, diags, "reference", r, "is the id or name of no rule that was loaded, or of more than one");
        for (size_t k = 0; k < i; k++)
            if (r->rule != UINT32_MAX && d->references[k].rule == r->rule)
                refuse(d, diags, "correlation", r, "is a rule that stands in the list already");
    }
    return d->reference_count > 0 && diags->errors == errors;
}

/* The correlation that a reference means; NULL when it means a rule. */
static const struct correlation_draft *draft_of(const struct ruleset_builder *b, const struct correlation_reference *r)
{
    size_t rules = b->l.rules->rule_count;
    return r->rule >= rules ? &b->drafts[r->rule - rules] : NULL;
}

/* True when something became known. */
static bool depth_find(struct ruleset_builder *b, struct correlation_draft *d, unsigned round, struct diags *diags)
{
    bool ready = true;
    for (size_t i = 0; i < d->reference_count; i++) {
        const struct correlation_draft *inner = draft_of(b, &d->references[i]);
        if (inner && inner->refused) {
            refuse(d, diags, "reference", &d->references[i], "is a correlation that was refused");
            return true;
        }
        ready = ready && (!inner || (inner->depth > 0 && inner->depth < round));
    }
    if (ready)
        d->depth = round;
    return ready;
}

static void depths_find(struct ruleset_builder *b, struct diags *diags)
{
    bool found = true;
    for (unsigned round = 1; found; round++) {
        found = false;
        for (size_t i = 0; i < b->draft_count; i++) {
            struct correlation_draft *d = &b->drafts[i];
            if (!d->refused && d->depth == 0 && round <= LIMIT_CORRELATION_DEPTH)
                found = depth_find(b, d, round, diags) || found;
        }
    }
    for (size_t i = 0; i < b->draft_count; i++)
        if (!b->drafts[i].refused && b->drafts[i].depth == 0) {
            diag_add_place(diags, DIAG_ERROR, "reference", &b->drafts[i].place, NULL,
                           "the correlation refers to itself in a circle, or stands on more than %d others",
                           LIMIT_CORRELATION_DEPTH);
            b->drafts[i].refused = true;
        }
}

/* The name, or what it is an alias of in events of the rule. */
static struct text field_of(const struct correlation_draft *d, struct text name, uint32_t rule)
{
    for (size_t i = 0; i < d->alias_count; i++)
        if (d->aliases[i].rule.rule == rule && text_equal(d->aliases[i].alias, name))
            return d->aliases[i].field;
    return name;
}

static void aliases_resolve(struct ruleset_builder *b, struct correlation_draft *d, struct diags *diags)
{
    for (size_t i = 0; i < d->alias_count; i++) {
        struct correlation_reference *r = &d->aliases[i].rule;
        bool known = false;
        if (ruleset_find_any(b->l.rules, r->name, &r->rule))
            for (size_t k = 0; k < d->reference_count; k++)
                known = known || d->references[k].rule == r->rule;
        if (!known)
            refuse(d, diags, "correlation", r, "is no rule of this correlation: the alias means nothing");
    }
}

static void fields_link(struct loading *l, struct correlation_draft *d)
{
    struct correlation *c = &d->correlation;
    size_t width = c->group_count + c->value_count;
    uint32_t *fields = ARENA_NEW_N(l->arena, uint32_t, d->reference_count * width);
    c->fields = fields;
    for (size_t r = 0; r < d->reference_count; r++)
        for (size_t n = 0; n < width; n++) {
            struct text name = n < c->group_count ? c->group_by[n] : c->values[n - c->group_count];
            fields[r * width + n] = field_intern(l, field_of(d, name, d->references[r].rule));
        }
}

static void rules_link(struct ruleset_builder *b, struct correlation_draft *d)
{
    struct correlation *c = &d->correlation;
    uint32_t *rules = ARENA_NEW_N(b->l.arena, uint32_t, d->reference_count);
    c->rules = rules;
    c->rule_count = d->reference_count;
    for (size_t i = 0; i < d->reference_count; i++) {
        const struct correlation_draft *inner = draft_of(b, &d->references[i]);
        rules[i] = inner ? (uint32_t)b->l.rules->rule_count + inner->index : d->references[i].rule;
    }
}

/* What a correlation speaks for does not speak for itself, unless it says `generate` or came with another path. */
static void references_silence(struct ruleset_builder *b, const struct correlation_draft *d)
{
    struct ruleset *r = b->l.rules;
    for (size_t i = 0; i < d->reference_count && !d->generate; i++) {
        const struct correlation_draft *inner = draft_of(b, &d->references[i]);
        uint32_t rule = d->references[i].rule;
        if (inner && inner->path == d->path)
            r->correlations[inner->index].info.context = true;
        if (!inner && r->rules[rule].path == d->path)
            r->rules[rule].info.context = true;
    }
}

/* By depth, then in the order of the files. */
static void correlations_take(struct ruleset_builder *b)
{
    struct ruleset *r = b->l.rules;
    r->correlations = ARENA_NEW_N(&r->arena, struct correlation, b->draft_count);
    for (unsigned depth = 1; depth <= LIMIT_CORRELATION_DEPTH; depth++)
        for (size_t i = 0; i < b->draft_count; i++) {
            struct correlation_draft *d = &b->drafts[i];
            if (d->refused || d->depth != depth)
                continue;
            rules_link(b, d);
            fields_link(&b->l, d);
            d->index = (uint32_t)r->correlation_count;
            r->correlations[r->correlation_count++] = d->correlation;
            references_silence(b, d);
        }
}

/* Keys knew the drafts; now those that were refused are gone and the others have another number. */
static void keys_renumber(struct ruleset_builder *b)
{
    struct ruleset *r = b->l.rules;
    size_t n = 0;
    for (size_t i = 0; i < r->key_count; i++) {
        struct rule_key key = r->keys[i];
        if (key.rule >= r->rule_count) {
            const struct correlation_draft *d = &b->drafts[key.rule - r->rule_count];
            if (d->refused)
                continue;
            key.rule = (uint32_t)r->rule_count + d->index;
        }
        r->keys[n++] = key;
    }
    r->key_count = n;
}

void correlations_link(struct ruleset_builder *b, struct diags *diags)
{
    for (size_t i = 0; i < b->draft_count; i++) {
        if (references_resolve(b, &b->drafts[i], diags))
            aliases_resolve(b, &b->drafts[i], diags);
    }
    depths_find(b, diags);
    correlations_take(b);
    keys_renumber(b);
    if (b->l.thorough)
        suspect_correlation_fields(b, diags);
}
