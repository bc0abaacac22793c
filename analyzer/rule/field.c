/*
 * field.c - names of fields as rules write them: interned once, with the way they are to be looked up.
 */
#include "rule/loading.h"

#include <stdlib.h>

#include "base/limits.h"

static void slots_fill(struct name_table *t, struct arena *arena, size_t slot_count)
{
    t->slots = ARENA_NEW_N(arena, uint32_t, slot_count);
    t->slot_count = slot_count;
    for (size_t i = 0; i < t->count; i++) {
        size_t at = text_hash(t->names[i]) & (slot_count - 1);
        while (t->slots[at])
            at = (at + 1) & (slot_count - 1);
        t->slots[at] = (uint32_t)i + 1;
    }
}

/* The slot of the name, or a free one.  The table has slots. */
static size_t slot_of(const struct name_table *t, struct text name)
{
    size_t at = text_hash(name) & (t->slot_count - 1);
    while (t->slots[at] && !text_equal(t->names[t->slots[at] - 1], name))
        at = (at + 1) & (t->slot_count - 1);
    return at;
}

bool name_table_find(const struct name_table *t, struct text name, uint32_t *ret)
{
    uint32_t found = t->slot_count ? t->slots[slot_of(t, name)] : 0;
    if (found)
        *ret = found - 1;
    return found != 0;
}

uint32_t name_table_add(struct name_table *t, struct arena *arena, struct text name, bool *is_new)
{
    if (t->count * 2 >= t->slot_count)
        slots_fill(t, arena, t->slot_count ? t->slot_count * 2 : 64);
    size_t at = slot_of(t, name);
    *is_new = t->slots[at] == 0;
    if (!*is_new)
        return t->slots[at] - 1;
    t->names = arena_grow(arena, t->names, t->count, &t->capacity, sizeof *t->names);
    t->names[t->count] = text_keep(arena, name);
    t->slots[at] = (uint32_t)++t->count;
    return (uint32_t)t->count - 1;
}

static struct field_name name_of(struct arena *arena, struct text name)
{
    char *p = arena_alloc(arena, name.n);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != ' ' && name.p[i] != '_')
            p[n++] = ascii_lower(name.p[i]);
    return (struct field_name){ name, { p, n } };
}

/*
 * Names of Hayabusa's rules that are more than another spelling, tried when no field has the name.  The
 * wrappers below UserData are dropped, so the last component is enough.
 */
static const struct {
    const char *name, *target;
    bool header;
} aliases[] = {
    { "ComputerName", "Computer", true },
    { "ProviderName", "Provider_Name", true },
    { "Source", "Provider_Name", true },
    { "SecurityUserID", "Security_UserID", true },
    { "ExecutionProcessID", "Execution_ProcessID", true },
    { "DomainName", "SubjectDomainName", false },
    { "TaskDate", "TaskContent", false },
    { "WindowsDefenderProcessName", "Process Name", false },
    { "JobTitle", "name", false },
    { "LogFileClearedChannel", "Channel", false },
    { "LogFileClearedSubjectUserName", "SubjectUserName", false },
    { "RdsGtwErrorCode", "ErrorCode", false },
    { "RdsGtwUsername", "Username", false },
    { "RdsGtwIpAddress", "IpAddress", false },
    { "RdsGtwAuthType", "AuthType", false },
    { "RdsGtwResource", "Resource", false },
    { "RdsGtwConnectionProtocol", "ConnectionProtocol", false },
    { "RdsGtwBytesReceived", "BytesReceived", false },
    { "RdsGtwBytesTransfered", "BytesTransfered", false },
    { "RdsGtwSessionDuration", "SessionDuration", false },
    { "DvrFmwk2003InstanceId", "InstanceID", false },
    { "DvrFmwkInstanceId", "InstanceId", false },
    { "UserDataAddress", "Address", false },
    { "UserDataParam1", "Param1", false },
    { "UserDataParam2", "Param2", false },
    { "UserDataParam3", "Param3", false },
    { "UserDataSessionID", "SessionID", false },
    { "UserDataUser", "User", false },
    { "UserDataCode", "Code", false },
    { "UserDataHostProcess", "HostProcess", false },
    { "UserDataProcessID", "ProcessID", false },
    { "UserDataProviderName", "ProviderName", false },
    { "UserDataProviderPath", "ProviderPath", false },
    { "UserDataConsumer", "CONSUMER", false },
    { "UserDataESS", "ESS", false },
    { "UserDataNamespace", "Namespace", false },
    { "UserDataPossibleCause", "PossibleCause", false },
    { "UserDataNamespaceName", "NamespaceName", false },
    { "UserDataProcessid", "Processid", false },
    { "UserDataQuery", "Query", false },
    { "WMI-UserDataUser", "User", false },
    { "OperationEssStartedNamespaceName", "NamespaceName", false },
    { "OperationEssStartedPossibleCause", "PossibleCause", false },
    { "OperationEssStartedProcessid", "Processid", false },
    { "OperationEssStartedProvider", "Provider", false },
    { "OperationEssStartedQuery", "Query", false },
    { "OperationEssStartedUser", "User", false },
};

static void find_alias(struct arena *arena, struct field *f)
{
    for (size_t i = 0; i < COUNT_OF(aliases); i++)
        if (text_equal_nocase(f->name.text, text_from(aliases[i].name))) {
            f->alias = name_of(arena, text_from(aliases[i].target));
            f->alias_is_header = aliases[i].header;
            return;
        }
}

static bool starts_nocase(struct text t, struct text prefix)
{
    return t.n > prefix.n && text_equal_nocase((struct text){ t.p, prefix.n }, prefix);
}

/* X, or X_attributes.Y, which is X_Y */
static struct text system_name(struct arena *arena, struct text path)
{
    size_t dot = text_find_char(path, '.');
    struct text element = { path.p, dot }, attribute = text_from_index(path, dot + 1);
    struct text suffix = TEXT("_attributes");
    if (attribute.n == 0 || !text_ends_with(element, suffix))
        return path;
    return text_keep_format(arena, "%.*s_%.*s", (int)(element.n - suffix.n), element.p, TEXT_ARG(attribute));
}

/* Event.System.X, Event.System.X_attributes.Y, Event.EventData.X, Event.UserData.W.X */
static bool read_path(struct arena *arena, struct text name, struct field *f)
{
    struct text system = TEXT("Event.System."), data = TEXT("Event.EventData."),
                user = TEXT("Event.UserData.");
    if (starts_nocase(name, system)) {
        f->kind = FIELD_HEADER_ONLY;
        f->name = name_of(arena, system_name(arena, text_from_index(name, system.n)));
        return true;
    }
    if (!starts_nocase(name, data) && !starts_nocase(name, user))
        return false;
    size_t last = name.n;
    while (name.p[last - 1] != '.')
        last--;
    f->kind = FIELD_PAYLOAD_ONLY;
    f->name = name_of(arena, text_from_index(name, last));
    return true;
}

/* Data[n] */
static bool read_position(struct text name, struct field *f)
{
    struct text head = TEXT("Data[");
    uint64_t n = 0;
    if (!starts_nocase(name, head) || name.p[name.n - 1] != ']')
        return false;
    struct text digits = { name.p + head.n, name.n - head.n - 1 };
    if (!text_to_u64(digits, &n) || n == 0 || n > UINT32_MAX)
        return false;
    f->kind = FIELD_POSITION;
    f->position = (uint32_t)n;
    return true;
}

bool field_position_wrong(struct text name)
{
    struct field f;
    return starts_nocase(name, TEXT("Data[")) && !read_position(name, &f);
}

static enum field_kind kind_of(struct text name)
{
    static const struct {
        const char *name;
        enum field_kind kind;
    } kinds[] = {
        { "Provider_Name", FIELD_PROVIDER },
        { "Channel", FIELD_CHANNEL },
        { "EventID", FIELD_EVENT_ID },
        { "Computer", FIELD_HEADER_FIRST },
        { "EventRecordID", FIELD_HEADER_FIRST },
        { "TimeCreated", FIELD_HEADER_FIRST },
        { "Data", FIELD_UNNAMED },
        { "EventData", FIELD_UNNAMED },
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (text_equal_nocase(name, text_from(kinds[i].name)))
            return kinds[i].kind;
    return FIELD_PLAIN;
}

uint32_t field_intern(struct loading *l, struct text name)
{
    bool is_new;
    uint32_t index = name_table_add(&l->fields, l->arena, name, &is_new);
    if (!is_new)
        return index;
    struct ruleset *r = l->rules;
    r->fields = arena_grow(l->arena, r->fields, r->field_count, &l->field_capacity, sizeof *r->fields);
    l->field_documents = arena_grow(l->arena, l->field_documents, r->field_count, &l->field_document_capacity,
                                    sizeof *l->field_documents);
    l->field_documents[r->field_count] = 0;
    struct field *f = &r->fields[r->field_count++];
    struct text kept = l->fields.names[index];
    *f = (struct field){ .name = name_of(l->arena, kept), .kind = FIELD_HAYSTACK };
    if (index == FIELD_KEYWORDS)
        return index;
    f->kind = kind_of(kept);
    if (!read_path(l->arena, kept, f) && !read_position(kept, f))
        find_alias(l->arena, f);
    return index;
}

void fields_begin(struct loading *l)
{
    l->document++;
    l->fields_used = 0;
}

bool field_use(struct loading *l, const struct yaml_node *place, struct text name, uint32_t *ret)
{
    if (l->fields_used > LIMIT_RULE_FIELDS)
        return false;
    *ret = field_intern(l, name);
    uint32_t *last = &l->field_documents[*ret];
    l->fields_used += *last != l->document;
    *last = l->document;
    if (l->fields_used > LIMIT_RULE_FIELDS)
        REFUSE(l, "detection", place, "split the rule; texts that may stand anywhere are written without a field",
               "more than %u different fields in one rule", LIMIT_RULE_FIELDS);
    return l->fields_used <= LIMIT_RULE_FIELDS;
}
