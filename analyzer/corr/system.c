#include "corr/system.h"

/* 6009 and 6005 are written in a row, seconds apart at most. */
#define SAME_BOOT (60 * (uint64_t)TICKS_PER_SECOND)

#define ID_VERSION 6009
#define ID_STARTED 6005
#define ID_KERNEL  12

static const struct {
    uint64_t major, minor;
    enum os_version version;
} versions[] = {
    { 3, 1, OS_NT3 },      { 3, 5, OS_NT3 },  { 3, 50, OS_NT3 },    { 3, 51, OS_NT3 }, { 4, 0, OS_NT4 },
    { 5, 0, OS_2000 },     { 5, 1, OS_XP },   { 5, 2, OS_2003 },    { 6, 0, OS_2008 }, { 6, 1, OS_2008R2 },
    { 6, 2, OS_2012 },     { 6, 3, OS_2012R2 }, { 10, 0, OS_2016_LATER },
};

static const struct {
    const char *build, *name;
} builds[] = {
    { "14393", "Windows 10/Server 2016" },
    { "17763", "Windows 10/Server 2019" },
    { "20348", "Windows Server 2022" },
    { "26100", "Windows 11/Server 2025" },
};

/* 6009 does not tell a workstation from a server. */
const char *os_version_name(enum os_version version)
{
    static const char *const names[] = {
        "unknown Windows",
        "Windows NT 3",
        "Windows NT 4.0",
        "Windows 2000",
        "Windows XP",
        "Windows Server 2003",
        "Windows Vista/Server 2008",
        "Windows 7/Server 2008 R2",
        "Windows 8/Server 2012",
        "Windows 8.1/Server 2012 R2",
        "Windows 10/Server 2016 or later",
    };
    return names[version];
}

/* "5.02." -> 5, 2 */
static enum os_version version_of(struct text t)
{
    size_t dot = text_find_char(t, '.');
    struct text rest = text_from_index(t, dot + 1);
    struct text minor_text = { rest.p, text_find_char(rest, '.') };
    uint64_t major, minor;
    if (!text_to_u64((struct text){ t.p, dot }, &major) || !text_to_u64(minor_text, &minor))
        return OS_UNKNOWN;
    for (size_t i = 0; i < COUNT_OF(versions); i++)
        if (versions[i].major == major && versions[i].minor == minor)
            return versions[i].version;
    return OS_UNKNOWN;
}

/* "Service Pack 6" -> 6; what stands behind the digits ("a", ", v.275") does not matter.  "" -> 0, else -1. */
static int pack_of(struct text t)
{
    struct text prefix = TEXT("Service Pack ");
    t = text_trim(t);
    if (t.n == 0)
        return 0;
    if (t.n <= prefix.n || !text_equal_nocase((struct text){ t.p, prefix.n }, prefix))
        return -1;
    uint64_t pack;
    struct text rest = text_from_index(t, prefix.n);
    size_t digits = 0;
    while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
        digits++;
    return digits <= 2 && text_to_u64((struct text){ rest.p, digits }, &pack) ? (int)pack : -1;
}

static const char *name_of(enum os_version version, struct text build)
{
    if (version == OS_2016_LATER)
        for (size_t i = 0; i < COUNT_OF(builds); i++)
            if (text_equal(text_from(builds[i].build), build))
                return builds[i].name;
    return os_version_name(version);
}

void system_parse(struct arena *arena, struct text version, struct text build, struct text pack, struct os_fact *ret)
{
    version = text_trim(version);
    build = text_trim(build);
    ret->version = version_of(version);
    ret->service_pack = pack_of(pack);
    /* Q194507: the first one that writes 6009 is Service Pack 4; without a name it is not known which. */
    if (ret->version == OS_NT4 && ret->service_pack == 0)
        ret->service_pack = -1;
    ret->service_pack_max = ret->service_pack;
    if (ret->version == OS_UNKNOWN)
        ret->text = text_keep_format(arena, "Windows version %.*s build %.*s", TEXT_ARG(version), TEXT_ARG(build));
    else if (ret->service_pack > 0)
        ret->text = text_keep_format(arena, "%s Service Pack %d", name_of(ret->version, build), ret->service_pack);
    else
        ret->text = text_from(name_of(ret->version, build));
}

static struct text insert(const struct event *e, size_t n)
{
    const struct event_field *field = event_insert(e, n);
    return field ? field->value : TEXT("");
}

static void fact_add(struct arena *arena, struct node *node, size_t *capacity, const struct os_fact *fact)
{
    node->os = arena_grow(arena, node->os, node->os_count, capacity, sizeof *node->os);
    node->os[node->os_count++] = *fact;
}

static bool is_start(const struct event *e)
{
    return (e->key.id == ID_VERSION || e->key.id == ID_STARTED) &&
           text_equal_nocase(e->key.provider, TEXT("EventLog"));
}

static bool is_kernel_start(const struct event *e)
{
    return e->key.id == ID_KERNEL && text_equal_nocase(e->key.provider, TEXT("Microsoft-Windows-Kernel-General"));
}

/* The service pack is a number here. */
static void kernel_parse(struct arena *arena, const struct event *e, struct os_fact *ret)
{
    struct text pack = text_trim(insert(e, 5)), major = text_trim(insert(e, 1)), minor = text_trim(insert(e, 2));
    struct text version = text_keep_format(arena, "%.*s.%.*s", TEXT_ARG(major), TEXT_ARG(minor));
    if (text_equal(pack, TEXT("0")))
        pack = TEXT("");
    else
        pack = text_keep_format(arena, "Service Pack %.*s", TEXT_ARG(pack));
    system_parse(arena, version, insert(e, 3), pack, ret);
}

/*
 * Was something of this log written before its 6005?  In a log that begins with a 6005 the 6009 in front of it may be
 * what was overwritten last; unless it is the very first record that the log ever had.
 */
static bool before_is_known(const struct hit *hit)
{
    const struct event_key *key = &hit->event->key;
    if (key->record_id == 1)
        return true;
    for (const struct coverage *c = hit->input->coverage; c; c = c->next)
        if (c->first && c->first < key->time && text_equal_nocase(c->node, key->computer))
            return true;
    return false;
}

/* The starts of one node; `next_version` is what the loop over them needs to know of those to come. */
static bool is_old_start(const struct node *node, const struct hit *hit, uint64_t next_version)
{
    uint64_t time = hit->event->key.time;
    return node->os_count == 0 && next_version - time > SAME_BOOT && text_equal(hit->input->format, TEXT("evt")) &&
           before_is_known(hit);
}

/*
 * Systems do not go back: a 6005 says something only before the first 6009 of its node.  `first_version` NULL: nobody
 * looks for that.
 */
static void start_add(struct arena *arena, struct node *node, size_t *capacity, const struct hit *hit,
                      const uint64_t *first_version)
{
    const struct event *e = hit->event;
    struct os_fact fact = { .time = e->key.time, .hit = hit };
    if (is_kernel_start(e)) {
        kernel_parse(arena, e, &fact);
        fact_add(arena, node, capacity, &fact);
    } else if (e->key.id == ID_VERSION) {
        system_parse(arena, insert(e, 1), insert(e, 2), insert(e, 3), &fact);
        fact_add(arena, node, capacity, &fact);
    } else if (first_version && is_old_start(node, hit, *first_version)) {
        fact.version = OS_NT4;
        fact.service_pack = -1;
        fact.service_pack_max = 3;
        fact.text = TEXT("Windows NT 4.0 Service Pack 3 or lower");
        fact_add(arena, node, capacity, &fact);
    }
}

static void first_versions(const struct timeline *t, uint64_t *ret)
{
    for (size_t i = 0; i < t->node_count; i++)
        ret[i] = UINT64_MAX;
    for (size_t i = t->hit_count; i-- > 0;)
        if (is_start(t->hits[i].event) && t->hits[i].event->key.id == ID_VERSION)
            ret[t->node_of[i]->index] = t->hits[i].event->key.time;
}

void systems_find(struct arena *arena, struct timeline *t, bool has_6009)
{
    uint64_t *versions_at = ARENA_NEW_N(arena, uint64_t, t->node_count);
    size_t *capacities = ARENA_NEW_N(arena, size_t, t->node_count);
    first_versions(t, versions_at);
    for (size_t i = 0; i < t->hit_count; i++) {
        const struct event *e = t->hits[i].event;
        size_t n = t->node_of[i]->index;
        bool again = i > 0 && e == t->hits[i - 1].event;
        if (again || !(is_start(e) || (is_kernel_start(e) && versions_at[n] == UINT64_MAX)))
            continue;
        start_add(arena, t->nodes[n], &capacities[n], &t->hits[i], has_6009 ? &versions_at[n] : NULL);
    }
}

#define OLD_GENERATION   ((1u << OS_2008) - 1)
#define LATER_GENERATION (~OLD_GENERATION)

/* What one log leaves open; 0: nothing is known of it. */
static uint32_t generation_of(const struct input_result *input, const struct coverage *c)
{
    if (text_equal(input->format, TEXT("evt")))
        return OLD_GENERATION;
    return text_equal(input->format, TEXT("evtx")) && c->later ? LATER_GENERATION : 0;
}

/* A node with logs of both generations was upgraded, or another machine has its name now. */
void generations_find(struct timeline *t)
{
    for (size_t i = 0; i < t->partial->input_count; i++) {
        const struct input_result *input = t->partial->inputs[i];
        for (const struct coverage *c = input->coverage; c; c = c->next) {
            const struct node *node = timeline_node_of_log(t, input, c);
            t->nodes[node->index]->os_possible |= generation_of(input, c);
        }
    }
    for (size_t i = 0; i < t->node_count; i++)
        if (!t->nodes[i]->os_possible)
            t->nodes[i]->os_possible = OLD_GENERATION | LATER_GENERATION;
}

const struct os_fact *node_os_at(const struct node *node, uint64_t time)
{
    size_t low = 0, high = node->os_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (node->os[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    if (node->os_count == 0)
        return NULL;
    return &node->os[low ? low - 1 : 0];
}
