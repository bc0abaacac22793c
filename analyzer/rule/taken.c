/*
 * taken.c - rules and correlations of others that bear the name of one of evscan's.
 *
 * The articles refer to evscan's rules by their names.  Were both kept, each article that uses the name would be refused
 * for it: one mistake in one file, said a hundred times about other files.  So the name stays with evscan's rule.
 */
#include <stdlib.h>

#include "rule/builder.h"
#include "rule/metadata.h"

struct owned_name {
    struct text name; /* as reference_key gives it */
    const struct diag_place *place;
};

struct owned_names {
    struct owned_name *items;
    size_t count;
};

static int owned_order(const void *left, const void *right)
{
    const struct owned_name *a = left, *b = right;
    return text_compare(a->name, b->name);
}

static void owned_add(struct owned_names *o, struct arena *arena, struct text name, const struct diag_place *place)
{
    if (name.n)
        o->items[o->count++] = (struct owned_name){ reference_key(arena, name), place };
}

static struct owned_names owned_names(struct ruleset_builder *b)
{
    const struct ruleset *r = b->l.rules;
    struct owned_names o = { ARENA_NEW_N(&b->arena, struct owned_name, r->rule_count + b->draft_count), 0 };
    for (size_t i = 0; i < r->rule_count; i++)
        if (r->rules[i].info.own)
            owned_add(&o, &b->arena, r->rules[i].info.name, &b->places[i]);
    for (size_t i = 0; i < b->draft_count; i++)
        if (b->drafts[i].correlation.info.own)
            owned_add(&o, &b->arena, b->drafts[i].correlation.info.name, &b->drafts[i].place);
    if (o.count)
        qsort(o.items, o.count, sizeof *o.items, owned_order);
    return o;
}

/* Also an id that is such a name: a reference cannot tell them apart. */
static bool refuse_taken(const struct owned_names *o, struct arena *arena, struct text name,
                         const struct diag_place *place, struct diags *diags)
{
    const struct owned_name wanted = { .name = reference_key(arena, name) };
    const struct owned_name *taken =
        name.n && o->count ? bsearch(&wanted, o->items, o->count, sizeof *o->items, owned_order) : NULL;
    if (taken)
        diag_add_place(diags, DIAG_ERROR, "name", place,
                       "give it another name; it is left out.  --rules takes rules instead of the shipped ones",
                       "the shipped rule in %.*s, line %u, has the name \"%.*s\"", TEXT_ARG(taken->place->path),
                       taken->place->line, TEXT_ARG(name));
    return taken != NULL;
}

static void rules_keep(struct ruleset_builder *b, const struct owned_names *o, struct diags *diags)
{
    struct ruleset *r = b->l.rules;
    struct diag_place *places = b->places;
    size_t kept = 0;
    b->places = ARENA_NEW_N(&b->arena, struct diag_place, r->rule_count); /* the names point into the old ones */
    for (size_t i = 0; i < r->rule_count; i++) {
        const struct rule *rule = &r->rules[i];
        if (!rule->info.own && (refuse_taken(o, &b->arena, rule->info.name, &places[i], diags) ||
                           refuse_taken(o, &b->arena, rule->id, &places[i], diags))) {
            r->not_applicable -= !rule->applicable;
            continue;
        }
        b->places[kept] = places[i];
        r->rules[kept++] = *rule;
    }
    r->rule_count = kept;
}

static void drafts_keep(struct ruleset_builder *b, const struct owned_names *o, struct diags *diags)
{
    struct correlation_draft *drafts = b->drafts;
    size_t kept = 0;
    b->drafts = ARENA_NEW_N(&b->arena, struct correlation_draft, b->draft_count); /* same */
    for (size_t i = 0; i < b->draft_count; i++)
        if (drafts[i].correlation.info.own || (!refuse_taken(o, &b->arena, drafts[i].correlation.info.name, &drafts[i].place, diags) &&
                              !refuse_taken(o, &b->arena, drafts[i].id, &drafts[i].place, diags)))
            b->drafts[kept++] = drafts[i];
    b->draft_count = kept;
}

void taken_names_refuse(struct ruleset_builder *b, struct diags *diags)
{
    const struct ruleset *r = b->l.rules;
    size_t others = 0;
    for (size_t i = 0; i < r->rule_count; i++)
        others += !r->rules[i].info.own;
    for (size_t i = 0; i < b->draft_count; i++)
        others += !b->drafts[i].correlation.info.own;
    if (!others)
        return; /* nothing but what is shipped: the usual run */
    struct owned_names owned = owned_names(b);
    if (!owned.count)
        return;
    rules_keep(b, &owned, diags);
    drafts_keep(b, &owned, diags);
}
