/*
 * Property: whatever a rule file says, it loads or is refused, and the screen never hides a rule from an event that
 * fulfils it: evaluating every rule gives the same as evaluating those the screen names.
 */
#include <stdlib.h>

#include "match/matching.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static const struct event_field fields[] = {
    { { "", 0 }, { "C:\\Windows\\cmd.exe -enc abc", 27 }, EVENT_DATA },
    { { "A", 1 }, { "1", 1 }, EVENT_DATA },
    { { "B", 1 }, { "\xC3\x89t\xC3\xA9", 5 }, EVENT_DATA },
    { { "B", 1 }, { "", 0 }, EVENT_DATA },
    { { "IpAddress", 9 }, { "::ffff:10.1.2.3", 15 }, EVENT_USER_DATA },
    { { "Hashes", 6 }, { "SHA1=aa,MD5=bb", 14 }, EVENT_DATA },
    { { "Opcode", 6 }, { "0", 1 }, EVENT_SYSTEM },
    { { "Message", 7 }, { "the cluster service stopped", 27 }, EVENT_RENDERING },
};

struct pair {
    struct matcher *screened, *all;
};

static void compare(struct pair *p, const struct event *e)
{
    size_t count, seen = 0;
    const uint32_t *hits = matcher_match(p->screened, e, &count, NULL);
    matcher_begin(p->all, &e->key, e);
    for (uint32_t i = 0; i < p->all->rules->rule_count; i++) {
        if (!p->all->rules->rules[i].applicable || rule_evaluate(p->all, i) != YES)
            continue;
        MUST(seen < count && hits[seen] == i);
        seen++;
    }
    MUST(seen == count);
    MUST(count == 0 || matcher_wants(p->screened, &e->key));
}

static void match_one(struct pair *p, const char *channel, uint32_t id)
{
    struct event e = { .key = { TEXT("ClusSvc"), text_from(channel), TEXT("NODE1"), id, 2, 1, 1 } };
    compare(p, &e);
    e.fields = fields;
    e.field_count = COUNT_OF(fields);
    compare(p, &e);
    if (id == 1009) {
        e.event_id = TEXT("0x3F1"); /* an odd producer's spelling of it */
        compare(p, &e);
    }
}

static void match_all(const struct ruleset *rules)
{
    struct pair p = { matcher_new(rules), matcher_new(rules) };
    match_one(&p, "System", 1009);
    match_one(&p, "", 1009);
    match_one(&p, "Security", 4688);
    match_one(&p, "Security", 4657);
    match_one(&p, "Security", EVENT_ID_NONE);
    match_one(&p, "Microsoft-Windows-Sysmon/Operational", 1);
    matcher_free(p.screened);
    matcher_free(p.all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf printed;
    arena_init(&arena);
    diags_init(&diags, &arena);
    buf_init(&printed);
    struct ruleset_builder *builder = ruleset_builder_new();
    if (size & 2)
        ruleset_be_thorough(builder);
    ruleset_add_placeholder(builder, TEXT("list"), TEXT("a*"));
    ruleset_add_placeholder(builder, TEXT("list"), TEXT("\xFF?"));
    if (size & 2)
        ruleset_be_thorough(builder); /* also what only `rules check` looks for */
    if (yaml_parse(&arena, TEXT("fuzz"), (struct text){ (const char *)data, size }, &diags, &file))
        ruleset_add_file(builder, &file, size & 1, &diags);
    struct ruleset *rules = ruleset_compile(builder, &diags);
    ruleset_builder_free(builder);
    match_all(rules);
    diags_print(&diags, &printed);
    ruleset_free(rules);
    buf_done(&printed);
    arena_done(&arena);
    return 0;
}
