/*
 * Property: whatever a rule file says, it loads or is refused, and the screen never dismisses an event that
 * matches.
 */
#include <stdlib.h>

#include "match/matcher.h"

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

static void match_one(struct matcher *m, struct event_key key)
{
    struct event e = { .key = key, .fields = fields, .field_count = COUNT_OF(fields) };
    size_t count;
    bool wanted = matcher_wants(m, &key);
    matcher_match(m, &e, &count, NULL);
    MUST(wanted || count == 0);
    e.field_count = 0;
    matcher_match(m, &e, &count, NULL);
    MUST(wanted || count == 0);
}

static void match_all(const struct ruleset *rules)
{
    struct matcher *m = matcher_new(rules);
    struct event_key key = { TEXT("ClusSvc"), TEXT("System"), TEXT("NODE1"), 1009, 2, 1, 1 };
    match_one(m, key);
    key.channel = TEXT("");
    match_one(m, key);
    key.channel = TEXT("Security");
    key.id = 4688;
    match_one(m, key);
    key.id = 4657;
    match_one(m, key);
    key.id = EVENT_ID_NONE;
    match_one(m, key);
    key.channel = TEXT("Microsoft-Windows-Sysmon/Operational");
    key.id = 1;
    match_one(m, key);
    matcher_free(m);
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
    ruleset_add_placeholder(builder, TEXT("list"), TEXT("a*"));
    ruleset_add_placeholder(builder, TEXT("list"), TEXT("\xFF?"));
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
