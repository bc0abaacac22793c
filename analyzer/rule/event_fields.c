#include "rule/event_fields.h"

#include "base/attr.h"

#define SYSMON(id, names)   { "Microsoft-Windows-Sysmon/Operational", "Sysmon", id, "RuleName UtcTime " names }
#define SECURITY(id, names) { "Security", "Security", id, names }
#define PROCESS             "ProcessGuid ProcessId Image User "
#define BETWEEN                                                                                                       \
    "SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage SourceUser TargetUser "
#define PIPE                PROCESS "EventType PipeName"
#define VERSION             "FileVersion Description Product Company OriginalFileName "
#define FILE_KEPT           "TargetFilename Hashes "
#define SIGNED              "ImageLoaded Hashes Signed Signature SignatureStatus "
#define SUBJECT             "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId "

const struct event_fields event_fields_known[] = {
    SYSMON(1, PROCESS VERSION "CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes "
                              "HashType Hash ParentProcessGuid ParentProcessId ParentImage ParentCommandLine "
                              "ParentUser"),
    SYSMON(2, PROCESS "TargetFilename CreationUtcTime PreviousCreationUtcTime"),
    SYSMON(3, PROCESS "Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName "
                      "DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName"),
    SYSMON(4, "State Version SchemaVersion"),
    SYSMON(5, PROCESS),
    SYSMON(6, SIGNED),
    SYSMON(7, PROCESS VERSION SIGNED),
    SYSMON(8, BETWEEN "NewThreadId StartAddress StartModule StartFunction"),
    SYSMON(9, PROCESS "Device"),
    SYSMON(10, BETWEEN "SourceThreadId GrantedAccess CallTrace"),
    SYSMON(11, PROCESS "TargetFilename CreationUtcTime"),
    SYSMON(12, PROCESS "EventType TargetObject"),
    SYSMON(13, PROCESS "EventType TargetObject Details"),
    SYSMON(14, PROCESS "EventType TargetObject NewName"),
    SYSMON(15, PROCESS "TargetFilename CreationUtcTime Hash Hashes Contents"),
    SYSMON(16, "Configuration ConfigurationFileHash"),
    SYSMON(17, PIPE),
    SYSMON(18, PIPE),
    SYSMON(19, "EventType Operation User EventNamespace Name Query"),
    SYSMON(20, "EventType Operation User Name Type Destination"),
    SYSMON(21, "EventType Operation User Consumer Filter"),
    SYSMON(22, PROCESS "QueryName QueryStatus QueryResults"),
    SYSMON(23, PROCESS FILE_KEPT "IsExecutable Archived"),
    SYSMON(24, PROCESS "Session ClientInfo Hashes Archived"),
    SYSMON(25, PROCESS "Type"),
    SYSMON(26, PROCESS FILE_KEPT "IsExecutable"),
    SYSMON(27, PROCESS FILE_KEPT),
    SYSMON(28, PROCESS FILE_KEPT "IsExecutable"),
    SYSMON(29, PROCESS FILE_KEPT),
    SYSMON(255, "ID Description"),
    SECURITY(4657, SUBJECT "ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType "
                           "NewValue ProcessId ProcessName"),
    SECURITY(4688, SUBJECT "NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid "
                           "TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel"),
    SECURITY(5156, "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID "
                   "LayerName LayerRTID RemoteUserID RemoteMachineID FilterOrigin OriginalProfile CurrentProfile "
                   "InterfaceIndex"),
};
const size_t event_fields_count = COUNT_OF(event_fields_known);

const struct event_fields *event_fields_find(struct text channel, uint32_t id)
{
    for (size_t i = 0; i < event_fields_count; i++)
        if (event_fields_known[i].id == id && text_equal_nocase(text_from(event_fields_known[i].channel), channel))
            return &event_fields_known[i];
    return NULL;
}

struct text event_fields_next(struct text *rest)
{
    struct text name = { rest->p, text_find_char(*rest, ' ') };
    *rest = text_from_index(*rest, name.n < rest->n ? name.n + 1 : name.n);
    return name;
}

bool event_fields_has(const struct event_fields *e, struct text bare)
{
    struct text rest = text_from(e->names);
    for (struct text name = event_fields_next(&rest); name.n; name = event_fields_next(&rest))
        if (text_equal_nocase(name, bare))
            return true;
    return false;
}
