#include "corr/timeline.h"

#include <stdlib.h>

#include "corr/node_logs.h"
#include "corr/node_zone.h"
#include "corr/system.h"

/* A name as it was met; `seq` keeps the first spelling. */
struct name {
    struct text text;
    size_t seq;
};

struct names {
    struct name *items;
    size_t count, capacity;
};

/* A record without a name (torn before it, or written during setup) is of the machine whose log it stands in. */
static struct text named(const struct input_result *input, struct text computer)
{
    for (const struct coverage *c = input->coverage; c && !computer.n; c = c->next)
        computer = c->node;
    return computer.n ? computer : TEXT("(unnamed)");
}

static void name_add(struct arena *arena, struct names *names, struct text name)
{
    if (names->count && text_equal_nocase(names->items[names->count - 1].text, name))
        return;
    names->items = arena_grow(arena, names->items, names->count, &names->capacity, sizeof *names->items);
    names->items[names->count] = (struct name){ name, names->count };
    names->count++;
}

static int names_order(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    int order = text_compare_nocase(a->text, b->text);
    return order ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

/* Sorted, each once, as spelled first. */
static void names_collect(struct arena *arena, const struct partial *partial, struct names *ret)
{
    size_t distinct = 0;
    for (size_t i = 0; i < partial->input_count; i++)
        for (const struct coverage *c = partial->inputs[i]->coverage; c; c = c->next)
            name_add(arena, ret, named(partial->inputs[i], c->node));
    /* Nodes beyond LIMIT_COVERAGE have no coverage, but they have hits. */
    for (size_t i = 0; i < partial->hit_count; i++)
        name_add(arena, ret, named(partial->hits[i].input, partial->hits[i].event->key.computer));
    for (size_t i = 0; i < partial->thin_count; i++)
        name_add(arena, ret, named(partial->thin[i].input, partial->thin[i].event->key.computer));
    if (ret->count)
        qsort(ret->items, ret->count, sizeof *ret->items, names_order);
    for (size_t i = 0; i < ret->count; i++)
        if (!distinct || !text_equal_nocase(ret->items[i].text, ret->items[distinct - 1].text))
            ret->items[distinct++] = ret->items[i];
    ret->count = distinct;
}

/* 0 when `name` is `host` with a domain behind it. */
static int domain_order(struct text name, struct text host)
{
    struct text cut = { name.p, name.n < host.n ? name.n : host.n };
    int order = text_compare_nocase(cut, host);
    if (order || name.n == host.n)
        return order ? order : -1;
    return (unsigned char)name.p[host.n] - '.';
}

/*
 * Logs of one machine name it NODE1 until it joins a domain and NODE1.example.org from then on (seen in logs of
 * freshly installed systems).  A bare name is the machine of that name in the one domain there is; with two such
 * machines it stays by itself.
 * However far apart their logs are: two logs that both say NODE1 are one node over decades too, and nothing in them
 * tells a new machine of that name from the old one with another system.  What system it ran is asked for a moment
 * (node_os_at).
 */
static bool has_one_domain(const struct names *names, struct text host)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (domain_order(names->items[middle].text, host) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool one = low < names->count && domain_order(names->items[low].text, host) == 0;
    bool two = one && low + 1 < names->count && domain_order(names->items[low + 1].text, host) == 0;
    return one && !two;
}

static void nodes_make(struct arena *arena, const struct names *names, struct timeline *t)
{
    t->nodes = ARENA_NEW_N(arena, struct node *, names->count);
    for (size_t i = 0; i < names->count; i++) {
        struct text name = names->items[i].text;
        if (has_one_domain(names, name))
            continue;
        struct node *node = ARENA_NEW(arena, struct node);
        node->name = name;
        node->index = t->node_count;
        t->nodes[t->node_count++] = node;
    }
}

/* A host in a domain; without `domain` in any. */
struct full_name {
    struct text host;
    const struct text *domain;
};

static int full_name_order(struct text name, const struct full_name *wanted)
{
    int order = domain_order(name, wanted->host);
    if (order || !wanted->domain)
        return order;
    return text_compare_nocase(text_from_index(name, wanted->host.n + 1), *wanted->domain);
}

/* The place of the first node that is not before the name: `bare` as it is, else `full`. */
static size_t node_place(const struct timeline *t, struct text bare, const struct full_name *full)
{
    size_t low = 0, high = t->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct text at = t->nodes[middle]->name;
        if ((full ? full_name_order(at, full) : text_compare_nocase(at, bare)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct node *node_called(const struct timeline *t, struct text name)
{
    size_t place = node_place(t, name, NULL);
    bool found = place < t->node_count && text_equal_nocase(t->nodes[place]->name, name);
    return found ? t->nodes[place] : NULL;
}

/* The only one. */
static struct node *node_full(const struct timeline *t, const struct full_name *name)
{
    size_t place = node_place(t, TEXT(""), name);
    bool found = place < t->node_count && full_name_order(t->nodes[place]->name, name) == 0;
    bool two = found && place + 1 < t->node_count && full_name_order(t->nodes[place + 1]->name, name) == 0;
    return found && !two ? t->nodes[place] : NULL;
}

static struct node *node_find(const struct timeline *t, struct text name)
{
    struct node *node = node_called(t, name);
    return node ? node : node_full(t, &(struct full_name){ .host = name });
}

const struct node *timeline_node(const struct timeline *t, struct text name)
{
    return node_find(t, name);
}

static struct text host_of(struct text name)
{
    return (struct text){ name.p, text_find_char(name, '.') };
}

static struct text domain_of(struct text name)
{
    return text_from_index(name, host_of(name).n + 1);
}

bool timeline_nodes_apart(const struct timeline *t, const struct node *a, const struct node *b)
{
    struct text of_a = domain_of(a->name), of_b = domain_of(b->name);
    if (!of_a.n || !of_b.n || text_equal_nocase(of_a, of_b))
        return false;
    return node_full(t, &(struct full_name){ host_of(a->name), &of_b }) ||
           node_full(t, &(struct full_name){ host_of(b->name), &of_a });
}

const struct node *timeline_node_named(const struct timeline *t, struct text name, const struct node *by)
{
    struct text host = host_of(name), domain = by ? domain_of(by->name) : TEXT("");
    if (host.n == 0)
        return NULL;
    const struct node *node = NULL;
    if (host.n < name.n) {
        node = node_find(t, name);
        return node ? node : node_called(t, host);
    }
    if (domain.n)
        node = node_full(t, &(struct full_name){ host, &domain });
    node = node ? node : node_find(t, name);
    return node && by && timeline_nodes_apart(t, by, node) ? NULL : node;
}

const struct node *timeline_node_of(const struct timeline *t, const struct hit *hit)
{
    return node_find(t, named(hit->input, hit->event->key.computer));
}

static struct node *node_of_input(const struct timeline *t, const struct input_result *input, struct text computer)
{
    return node_find(t, named(input, computer));
}

const struct node *timeline_node_of_log(const struct timeline *t, const struct input_result *input,
                                        const struct coverage *c)
{
    return node_of_input(t, input, c->node);
}

void timeline_build(struct arena *arena, const struct ruleset *rules, const struct partial *partial,
                    struct timeline *ret)
{
    struct names names = { 0 };
    uint32_t rule;
    *ret = (struct timeline){
        .rules = rules, .partial = partial, .hits = partial->hits, .hit_count = partial->hit_count
    };
    names_collect(arena, partial, &names);
    nodes_make(arena, &names, ret);
    node_logs_find(arena, ret, node_of_input);
    ret->node_of = ARENA_NEW_N(arena, const struct node *, ret->hit_count);
    for (size_t i = 0; i < ret->hit_count; i++)
        ret->node_of[i] = timeline_node_of(ret, &ret->hits[i]);
    node_clears_find(arena, ret);
    node_sets_find(arena, ret);
    node_zones_find(arena, ret);
    generations_find(ret);
    systems_find(arena, ret, ruleset_find(rules, TEXT("eventlog-6009"), &rule));
}
