/*
 * view.c - built-in events in the vocabulary of Sysmon: a set of virtual fields laid over the original ones.
 *
 * The event is renamed once instead of every rule, so that each modifier, wildcard and regex keeps working. A
 * virtual field hides an original one of the same name: in 4688 ProcessId is the parent.
 */
#include "match/matching.h"

struct view_field {
    const char *bare;
    const char *from; /* the original field */
    bool (*make)(struct matcher *m, struct text from, struct text *ret);
};

/* Hex text to decimal; anything else as it is. */
static bool to_decimal(struct matcher *m, struct text from, struct text *ret)
{
    uint64_t n;
    *ret = text_to_u64(from, &n) ? text_keep_format(&m->arena, "%llu", (unsigned long long)n) : from;
    return true;
}

static bool integrity(struct matcher *m, struct text from, struct text *ret)
{
    static const char *const levels[][2] = {
        { "S-1-16-0", "Untrusted" },     { "S-1-16-4096", "Low" },   { "S-1-16-8192", "Medium" },
        { "S-1-16-8448", "MediumPlus" }, { "S-1-16-12288", "High" }, { "S-1-16-16384", "System" },
    };
    UNUSED(m);
    *ret = from;
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (text_equal(from, text_from(levels[i][0])))
            *ret = text_from(levels[i][1]);
    return true;
}

static struct text value_or_empty(struct matcher *m, const char *name)
{
    struct text t;
    return event_value(m, name, &t) ? t : TEXT("");
}

static bool known_account(struct text sid, struct text *ret)
{
    static const char *const accounts[][2] = {
        { "S-1-5-18", "NT AUTHORITY\\SYSTEM" },
        { "S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE" },
        { "S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE" },
    };
    for (size_t i = 0; i < COUNT_OF(accounts); i++)
        if (text_equal(sid, text_from(accounts[i][0]))) {
            *ret = text_from(accounts[i][1]);
            return true;
        }
    return false;
}

/* The user whom the process was started for, else the one who started it. */
static bool user(struct matcher *m, struct text subject_sid, struct text *ret)
{
    struct text sid = value_or_empty(m, "TargetUserSid"), name = value_or_empty(m, "TargetUserName");
    bool target = sid.n && !text_equal(sid, TEXT("S-1-0-0")) && name.n && !text_equal(name, TEXT("-"));
    if (!target && known_account(subject_sid, ret))
        return true;
    struct text domain = value_or_empty(m, target ? "TargetDomainName" : "SubjectDomainName");
    name = target ? name : value_or_empty(m, "SubjectUserName");
    *ret = text_keep_format(&m->arena, "%.*s\\%.*s", TEXT_ARG(domain), TEXT_ARG(name));
    return true;
}

/* \REGISTRY\MACHINE\.. as Sysmon writes it, with the name of the value behind it. */
static bool target_object(struct matcher *m, struct text key, struct text *ret)
{
    static const char *const roots[][2] = { { "\\REGISTRY\\MACHINE", "HKLM" },
                                            { "\\REGISTRY\\USER", "HKU" } };
    struct text name = value_or_empty(m, "ObjectValueName"), root = TEXT("");
    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        struct text prefix = text_from(roots[i][0]);
        bool is_root = key.n >= prefix.n && text_equal_nocase((struct text){ key.p, prefix.n }, prefix) &&
                       (key.n == prefix.n || key.p[prefix.n] == '\\');
        if (is_root) {
            root = text_from(roots[i][1]);
            key = text_from_index(key, prefix.n);
        }
    }
    bool named = name.n && !text_equal(name, TEXT("-"));
    *ret = text_keep_format(&m->arena, "%.*s%.*s%s%.*s", TEXT_ARG(root), TEXT_ARG(key), named ? "\\" : "",
                            named ? (int)name.n : 0, name.p);
    return true;
}

/* The type codes run from %%1872, REG_NONE, in the order of the REG_ constants. */
static bool details(struct matcher *m, struct text value, struct text *ret)
{
    struct text type = value_or_empty(m, "NewValueType");
    uint64_t n = 0;
    *ret = value;
    if (text_equal(type, TEXT("%%1875")))
        *ret = TEXT("Binary Data");
    else if (text_equal(type, TEXT("%%1876")) && text_to_u64(value, &n))
        *ret = text_keep_format(&m->arena, "DWORD (0x%08x)", (unsigned)n);
    else if (text_equal(type, TEXT("%%1883")) && text_to_u64(value, &n))
        *ret = text_keep_format(&m->arena, "QWORD (0x%08x-0x%08x)", (unsigned)(n >> 32), (unsigned)n);
    return true;
}

/* A new value is a set in Sysmon's terms, but what registry_add looks for. */
static bool event_type(struct matcher *m, struct text operation, struct text *ret)
{
    if (text_equal(operation, TEXT("%%1906")))
        *ret = TEXT("DeleteValue");
    else if (text_equal(operation, TEXT("%%1904")) && m->view == VIEW_REGISTRY_ADD)
        *ret = TEXT("CreateKey");
    else if (text_equal(operation, TEXT("%%1904")) || text_equal(operation, TEXT("%%1905")))
        *ret = TEXT("SetValue");
    else
        *ret = operation;
    return true;
}

/* \device\harddiskvolumeN\x: the letter is a guess, rules that compare the end are safe. */
static bool device_path(struct matcher *m, struct text path, struct text *ret)
{
    struct text prefix = TEXT("\\device\\harddiskvolume");
    *ret = path;
    if (path.n <= prefix.n || !text_equal_nocase((struct text){ path.p, prefix.n }, prefix))
        return true;
    struct text rest = text_from_index(path, prefix.n);
    size_t slash = text_find_char(rest, '\\');
    *ret = text_keep_format(&m->arena, "C:%.*s", (int)(rest.n - slash), rest.p + slash);
    return true;
}

static bool initiated(struct matcher *m, struct text direction, struct text *ret)
{
    UNUSED(m);
    bool out = text_equal(direction, TEXT("%%14593")), in = text_equal(direction, TEXT("%%14592"));
    *ret = out ? TEXT("true") : in ? TEXT("false") : direction;
    return true;
}

static bool protocol(struct matcher *m, struct text number, struct text *ret)
{
    UNUSED(m);
    bool tcp = text_equal(number, TEXT("6")), udp = text_equal(number, TEXT("17"));
    *ret = tcp ? TEXT("tcp") : udp ? TEXT("udp") : number;
    return true;
}

static const struct view_field process_fields[] = {
    { "image", "NewProcessName", NULL },         { "parentimage", "ParentProcessName", NULL },
    { "processid", "NewProcessId", to_decimal }, { "parentprocessid", "ProcessId", to_decimal },
    { "logonid", "SubjectLogonId", NULL },       { "integritylevel", "MandatoryLabel", integrity },
    { "user", "SubjectUserSid", user },
};

static const struct view_field registry_fields[] = {
    { "targetobject", "ObjectName", target_object }, { "details", "NewValue", details },
    { "eventtype", "OperationType", event_type },    { "image", "ProcessName", NULL },
    { "processid", "ProcessId", to_decimal },        { "user", "SubjectUserSid", user },
};

static const struct view_field network_fields[] = {
    { "image", "Application", device_path },  { "sourceip", "SourceAddress", NULL },
    { "destinationip", "DestAddress", NULL }, { "destinationport", "DestPort", NULL },
    { "initiated", "Direction", initiated },  { "protocol", "Protocol", protocol },
};

static const struct view_field antivirus_fields[] = {
    { "signature", "Threat Name", NULL },
    { "filename", "Path", NULL },
};

static const struct view {
    const char *channel;
    uint32_t id; /* 0: every */
    const struct view_field *fields;
    size_t count;
} views[VIEW_COUNT] = {
    [VIEW_PROCESS] = { "Security", 4688, process_fields, COUNT_OF(process_fields) },
    [VIEW_REGISTRY] = { "Security", 4657, registry_fields, COUNT_OF(registry_fields) },
    [VIEW_REGISTRY_ADD] = { "Security", 4657, registry_fields, COUNT_OF(registry_fields) },
    [VIEW_NETWORK] = { "Security", 5156, network_fields, COUNT_OF(network_fields) },
    [VIEW_ANTIVIRUS] = { "Microsoft-Windows-Windows Defender/Operational", 0, antivirus_fields,
                         COUNT_OF(antivirus_fields) },
};

/* Another event of the category, Sysmon's own, speaks its vocabulary already. */
static bool is_seen_through(const struct event_key *key, const struct view *v)
{
    return (v->id == 0 || v->id == key->id) &&
           (key->channel.n == 0 || text_equal_nocase(key->channel, text_from(v->channel)));
}

enum event_view view_effective(const struct event_key *key, enum event_view view)
{
    return view != VIEW_NONE && is_seen_through(key, &views[view]) ? view : VIEW_NONE;
}

static struct value *value_seen(struct matcher *m, const struct view_field *f)
{
    const struct event_field *from = event_field(m->event, text_from(f->from));
    struct text made;
    if (!from)
        return NULL;
    if (!f->make)
        return payload_value(m, (size_t)(from - m->event->fields));
    return f->make(m, payload_text(m, from), &made) ? value_of_text(m, made) : NULL;
}

bool view_value(struct matcher *m, struct text bare, struct value **ret)
{
    const struct view *v = &views[m->view];
    for (size_t i = 0; i < v->count; i++)
        if (text_equal(bare, text_from(v->fields[i].bare))) {
            *ret = value_seen(m, &v->fields[i]);
            return true;
        }
    return false;
}
