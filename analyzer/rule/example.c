#include "rule/example.h"

#include "base/nearest.h"
#include "rule/correlation.h"

#define STORY_BEGINS 946684800 /* 2000-01-01: where a story begins that does not say when */

struct example {
    struct arena *arena;
    struct event *event;
    struct event_field *items;
    size_t count, capacity;
};

/* Depth: lists inside of lists are as deep as the YAML tree allows. */
static void add_field(struct example *x, struct text name, const struct yaml_node *value, enum event_part part)
{
    if (value->kind == YAML_SEQUENCE) {
        for (size_t i = 0; i < value->count; i++)
            add_field(x, name, value->items[i], part);
        return;
    }
    bool none = value->kind != YAML_SCALAR || yaml_scalar_type(value) == YAML_TYPE_NULL;
    x->items = arena_grow(x->arena, x->items, x->count, &x->capacity, sizeof *x->items);
    x->items[x->count++] = (struct event_field){ name, none ? TEXT("") : value->text, part };
}

static void add_payload(struct example *x, const struct yaml_node *data, enum event_part part)
{
    if (data->kind == YAML_SEQUENCE)
        add_field(x, TEXT(""), data, part);
    for (size_t i = 0; data->kind == YAML_MAP && i < data->count; i++)
        add_field(x, data->keys[i]->text, data->items[i], part);
}

/* Values of an event that `struct event` holds as members; false when the key is another one. */
static bool set_text(struct event *e, struct text name, struct text t)
{
    if (text_equal(name, TEXT("Provider")) || text_equal(name, TEXT("Provider_Name")))
        e->key.provider = t;
    else if (text_equal(name, TEXT("Channel")))
        e->key.channel = t;
    else if (text_equal(name, TEXT("Computer")))
        e->key.computer = t;
    else if (text_equal(name, TEXT("Security_UserID")))
        e->user_sid = t;
    else
        return false;
    return true;
}

static bool set_event_id(struct event *e, struct text t)
{
    uint64_t n;
    e->key.id = text_to_u64(t, &n) && n < EVENT_ID_NONE ? (uint32_t)n : EVENT_ID_NONE;
    e->event_id = t;
    return true;
}

static bool set_number(struct event *e, struct text name, struct text t)
{
    uint64_t n;
    if (text_equal(name, TEXT("EventID")))
        return set_event_id(e, t);
    if (text_equal(name, TEXT("TimeCreated")))
        return time_parse(t, &e->key.time);
    if (!text_to_u64(t, &n))
        return false;
    if (text_equal(name, TEXT("EventRecordID")))
        e->key.record_id = n;
    else if (text_equal(name, TEXT("Level")))
        e->key.level = (uint32_t)n;
    else if (text_equal(name, TEXT("Task")))
        e->task = (uint32_t)n;
    else if (text_equal(name, TEXT("Keywords")))
        e->keywords = n;
    else if (text_equal(name, TEXT("EventID_Qualifiers")))
        e->qualifiers = (uint32_t)n;
    else
        return false;
    return true;
}

static void add_entry(struct example *x, struct text name, const struct yaml_node *value)
{
    if (text_equal(name, TEXT("Data")))
        add_payload(x, value, EVENT_DATA);
    else if (text_equal(name, TEXT("UserData")))
        add_payload(x, value, EVENT_USER_DATA);
    else if (text_equal(name, TEXT("Binary")))
        add_field(x, name, value, EVENT_DATA);
    else if (text_equal(name, TEXT("Message")))
        add_field(x, name, value, EVENT_RENDERING);
    else if (value->kind != YAML_SCALAR ||
             (!set_text(x->event, name, value->text) && !set_number(x->event, name, value->text)))
        add_field(x, name, value, EVENT_SYSTEM);
}

static void add_entries(struct example *x, const struct yaml_node *map)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->count; i++)
        add_entry(x, map->keys[i]->text, map->items[i]);
}

void example_event(struct arena *arena, const struct yaml_node *defaults, const struct yaml_node *from, size_t index,
                   struct event *ret)
{
    struct example x = { .arena = arena, .event = ret };
    *ret = (struct event){ .key = { .id = EVENT_ID_NONE, .record_id = index } };
    add_entries(&x, defaults);
    add_entries(&x, from);
    ret->fields = x.items;
    ret->field_count = x.count;
}

static const struct yaml_node *nested_value(const struct yaml_node *payload)
{
    for (size_t i = 0; i < payload->count; i++)
        if (payload->items[i]->kind == YAML_MAP)
            return payload->items[i];
    return NULL;
}

bool example_key_known(struct text key, struct text *meant)
{
    static const char *const keys[] = {
        "Provider_Name", "Provider", "Provider_Guid", "Provider_EventSourceName", "EventID",
        "EventID_Qualifiers", "Channel", "Computer", "Level", "Task", "Opcode", "Version", "Keywords",
        "TimeCreated", "EventRecordID", "Security_UserID", "Correlation_ActivityID",
        "Correlation_RelatedActivityID", "Execution_ProcessID", "Execution_ThreadID", "Execution_ProcessorID",
        "Execution_SessionID", "Execution_KernelTime", "Execution_UserTime", "Execution_ProcessorTime", "Data",
        "UserData", "Binary", "Message",
    };
    struct nearest nearest = nearest_begin(key);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (text_equal(key, text_from(keys[i])))
            return true;
        nearest_try(&nearest, text_from(keys[i]));
    }
    *meant = nearest.best;
    return false;
}

static bool is_number_up_to(const struct yaml_node *node, uint64_t most)
{
    uint64_t n;
    return !node || (node->kind == YAML_SCALAR && text_to_u64(node->text, &n) && n <= most);
}

const char *example_mistake(const struct yaml_node *from, const struct yaml_node **where)
{
    *where = from;
    if (from->kind != YAML_MAP)
        return "an event is a map, such as {Provider_Name: ClusSvc, EventID: 1069, Data: [Disk Q:]}";
    if (from->count == 0)
        return "an event without anything proves nothing: write at least its Provider_Name and EventID";
    for (size_t i = 0; i < from->count; i++) {
        const struct text name = from->keys[i]->text;
        const struct yaml_node *value = from->items[i];
        bool payload = text_equal(name, TEXT("Data")) || text_equal(name, TEXT("UserData"));
        *where = value;
        if (payload && value->kind == YAML_SCALAR)
            return "a map of names and values, or a list of values, belongs here";
        if (payload && nested_value(value)) {
            *where = nested_value(value);
            return "a value of an event is no map";
        }
        if (!payload && value->kind == YAML_MAP)
            return "a value of an event is no map";
    }
    *where = yaml_get(from, "EventID");
    return is_number_up_to(*where, UINT16_MAX) ? NULL : "an EventID is a number up to 65535";
}

const char *example_time_mistake(const struct yaml_node *from, const struct yaml_node **where)
{
    uint64_t time;
    *where = yaml_get(from, "TimeCreated");
    if (!*where || ((*where)->kind == YAML_SCALAR && time_parse((*where)->text, &time)))
        return NULL;
    return "TimeCreated is a moment like 2024-01-01T12:00:00Z";
}

/* False when TimeCreated is neither a moment nor a step. */
static bool story_time(const struct yaml_node *event, uint64_t before, uint64_t *ret)
{
    const struct yaml_node *node = yaml_get(event, "TimeCreated");
    uint64_t step;
    *ret = before;
    if (!node)
        return true;
    if (node->kind != YAML_SCALAR)
        return false;
    if (node->text.n == 0 || node->text.p[0] != '+')
        return time_parse(node->text, ret);
    if (!timespan_parse(text_from_index(node->text, 1), &step))
        return false;
    *ret = before + step;
    return true;
}

void example_story(struct arena *arena, const struct yaml_node *list, struct event *ret)
{
    uint64_t time = filetime_from_unix(STORY_BEGINS);
    for (size_t i = 0; i < list->count; i++) {
        example_event(arena, NULL, list->items[i], i + 1, &ret[i]);
        if (!story_time(list->items[i], time, &time))
            continue; /* refused by example_story_mistake */
        ret[i].key.time = time;
        ret[i].offset = i;
    }
}

const char *example_story_mistake(const struct yaml_node *list, const struct yaml_node **where)
{
    uint64_t time = 0;
    *where = list;
    if (list->kind != YAML_SEQUENCE || list->count == 0)
        return "the events are a list of maps";
    for (size_t i = 0; i < list->count; i++) {
        const char *wrong = example_mistake(list->items[i], where);
        if (wrong)
            return wrong;
        *where = yaml_get(list->items[i], "TimeCreated");
        if (!story_time(list->items[i], time, &time))
            return "TimeCreated is a moment like 2024-01-01T12:00:00Z or a step behind the event before, like +10s";
    }
    return NULL;
}
