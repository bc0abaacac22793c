/*
 * suspect_values.c - values that a field of every event cannot have: a level in words, a number out of range.
 */
#include "rule/suspect.h"

/* Numbers that are whole and lie between bounds, whatever wrote the event. */
static const struct {
    const char *modifier; /* the only one behind the field; NULL: the event ID, without any */
    const char *called;
    unsigned least, most;
} ranges[] = {
    { NULL, "an event ID", 0, 65535 }, /* EventID is an UInt16 of the record; what lies above it are its qualifiers */
    { "minute", "the minute", 0, 59 },
    { "hour", "the hour", 0, 23 },
    { "day", "the day", 1, 31 },
    { "week", "the week", 1, 53 },
    { "month", "the month", 1, 12 },
};

static bool is_outside(struct text number, unsigned least, unsigned most)
{
    uint64_t n;
    if (number.n > 1 && number.p[0] == '-')
        return text_to_u64(text_from_index(number, 1), &n) && n > 0;
    return text_to_u64(number, &n) && (n < least || n > most);
}

static void range_check(struct loading *l, struct text name, struct text modifier, const struct yaml_node *value)
{
    bool id = modifier.n == 0 && text_equal_nocase(name, TEXT("EventID"));
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        const char *wanted = ranges[i].modifier;
        bool meant = wanted ? text_equal(modifier, text_from(wanted)) : id;
        if (meant && is_outside(value->text, ranges[i].least, ranges[i].most))
            WARN(l, "value", value, NULL, "no event has this: %s is a number from %u to %u", ranges[i].called,
                 ranges[i].least, ranges[i].most);
    }
}

/* What people read in the Event Viewer is not what a record holds. */
static void level_check(struct loading *l, const struct yaml_node *value)
{
    static const char *const words[] = { "critical", "error", "warning", "information", "informational", "verbose" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal_nocase(value->text, text_from(words[i])))
            WARN(l, "value", value, "1 is critical, 2 error, 3 warning, 4 information, 5 verbose",
                 "the level of an event is a number, not a word");
}

static void value_check(struct loading *l, struct text key, const struct yaml_node *value)
{
    struct text name = { key.p, text_find_char(key, '|') };
    if (value->kind != YAML_SCALAR)
        return;
    if (text_equal_nocase(name, TEXT("Level")))
        level_check(l, value);
    range_check(l, name, text_from_index(key, name.n < key.n ? name.n + 1 : key.n), value);
}

/* Depth: LIMIT_YAML_DEPTH. */
static void values_check(struct loading *l, const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->items[i];
        struct text key = node->kind == YAML_MAP ? node->keys[i]->text : TEXT("");
        value_check(l, key, value);
        for (size_t k = 0; key.n && value->kind == YAML_SEQUENCE && k < value->count; k++)
            value_check(l, key, value->items[k]);
        values_check(l, value);
    }
}

void suspect_values(struct loading *l, const struct yaml_node *document, const struct rule *rule)
{
    if (rule->applicable)
        values_check(l, yaml_get(document, "detection"));
}
