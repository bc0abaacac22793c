#include "rule/event_fields.h"

#include "base/attr.h"

#define SYSMON(id, names)                                                                                             \
    { "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", "Sysmon", id, true, "RuleName UtcTime " names }
#define SECURITY(id, names) { "Security", "Microsoft-Windows-Security-Auditing", "Security", id, true, names }
#define CLEARED(channel, id, names) { channel, "Microsoft-Windows-Eventlog", "Eventlog", id, false, names }
#define SERVICES(id, names) { "System", "Service Control Manager", "Service Control Manager", id, false, names " Binary" }
#define PROCESS             "ProcessGuid ProcessId Image User "
#define BETWEEN                                                                                                       \
    "SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage SourceUser TargetUser "
#define PIPE                PROCESS "EventType PipeName"
#define VERSION             "FileVersion Description Product Company OriginalFileName "
#define FILE_KEPT           "TargetFilename Hashes "
#define SIGNED              "ImageLoaded Hashes Signed Signature SignatureStatus "
#define SUBJECT             "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId "
#define TARGET              "TargetUserName TargetDomainName TargetSid "
#define LOGON                                                                                                         \
    "TargetUserSid TargetUserName TargetDomainName LogonType LogonProcessName AuthenticationPackageName "             \
    "WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort "
#define OBJECT  "ObjectServer ObjectType ObjectName HandleId "
#define CLIENT  "ClientProcessStartKey ClientProcessId ParentProcessId "
#define TASK    "TaskName RpcCallClientLocality FQDN " CLIENT
#define GROUP   "PrivilegeList SamAccountName SidHistory "
#define MEMBER  "MemberName MemberSid PrivilegeList MembershipExpirationTime "
#define SESSION "TargetUserSid TargetUserName TargetDomainName TargetLogonId SessionId "
#define SHARE   "ObjectType ShareName ShareLocalPath "
#define ACCOUNT                                                                                                       \
    "PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath "       \
    "UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue "     \
    "UserAccountControl UserParameters SidHistory LogonHours "
/* What the domain controllers of 2025 write besides stands at the end. */
#define KERBEROS                                                                                                      \
    "ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort AccountSupportedEncryptionTypes "     \
    "AccountAvailableKeys ServiceSupportedEncryptionTypes ServiceAvailableKeys DCSupportedEncryptionTypes "           \
    "DCAvailableKeys ClientAdvertizedEncryptionTypes SessionKeyEncryptionType "
#define DIRECTORY "OpCorrelationID AppCorrelationID DSName DSType ObjectDN ObjectGUID ObjectClass "
#define CONNECTION                                                                                                    \
    "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName "    \
    "LayerRTID RemoteUserID RemoteMachineID FilterOrigin OriginalProfile CurrentProfile InterfaceIndex "

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
    SECURITY(4611, SUBJECT "LogonProcessName"),
    SECURITY(4616, SUBJECT "PreviousDate PreviousTime NewDate NewTime ProcessId ProcessName"),
    SECURITY(4624, SUBJECT LOGON "LogonGuid ImpersonationLevel RestrictedAdminMode RemoteCredentialGuard "
                           "TargetLogonId TargetOutboundUserName TargetOutboundDomainName VirtualAccount "
                           "TargetLinkedLogonId ElevatedToken"),
    SECURITY(4625, SUBJECT LOGON "Status FailureReason SubStatus"),
    SECURITY(4627, SUBJECT "TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType EventIdx "
                           "EventCountTotal GroupMembership"),
    SECURITY(4634, "TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType"),
    SECURITY(4647, "TargetUserSid TargetUserName TargetDomainName TargetLogonId"),
    SECURITY(4648, SUBJECT "LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo "
                           "ProcessId ProcessName IpAddress IpPort"),
    SECURITY(4656, SUBJECT OBJECT "TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount "
                                  "ProcessId ProcessName ResourceAttributes"),
    SECURITY(4657, SUBJECT "ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType "
                           "NewValue ProcessId ProcessName"),
    SECURITY(4658, SUBJECT "ObjectServer HandleId ProcessId ProcessName"),
    SECURITY(4660, SUBJECT "ObjectServer HandleId ProcessId ProcessName TransactionId"),
    SECURITY(4661, SUBJECT OBJECT "TransactionId AccessList AccessReason AccessMask PrivilegeList Properties "
                                  "RestrictedSidCount ProcessId ProcessName"),
    SECURITY(4662, SUBJECT OBJECT "OperationType AccessList AccessMask Properties AdditionalInfo AdditionalInfo2"),
    SECURITY(4663, SUBJECT OBJECT "AccessList AccessMask ProcessId ProcessName ResourceAttributes"),
    SECURITY(4664, SUBJECT "FileName LinkName TransactionId"),
    SECURITY(4670, SUBJECT OBJECT "OldSd NewSd ProcessId ProcessName"),
    SECURITY(4672, SUBJECT "PrivilegeList"),
    SECURITY(4673, SUBJECT "ObjectServer Service PrivilegeList ProcessId ProcessName"),
    SECURITY(4674, SUBJECT OBJECT "AccessMask PrivilegeList ProcessId ProcessName"),
    SECURITY(4688, SUBJECT "NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid "
                           "TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel"),
    SECURITY(4689, SUBJECT "Status ProcessId ProcessName"),
    SECURITY(4690, SUBJECT "SourceHandleId SourceProcessId TargetHandleId TargetProcessId"),
    SECURITY(4696, SUBJECT "TargetUserSid TargetUserName TargetDomainName TargetLogonId TargetProcessId "
                           "TargetProcessName ProcessId ProcessName"),
    SECURITY(4697, SUBJECT "ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount " CLIENT),
    SECURITY(4698, SUBJECT TASK "TaskContent"),
    SECURITY(4699, SUBJECT TASK "TaskContent"),
    SECURITY(4700, SUBJECT TASK "TaskContent"),
    SECURITY(4701, SUBJECT TASK "TaskContent"),
    SECURITY(4702, SUBJECT TASK "TaskContentNew"),
    SECURITY(4703, SUBJECT "TargetUserSid TargetUserName TargetDomainName TargetLogonId ProcessName ProcessId "
                           "EnabledPrivilegeList DisabledPrivilegeList"),
    SECURITY(4704, SUBJECT "TargetSid PrivilegeList"),
    SECURITY(4705, SUBJECT "TargetSid PrivilegeList"),
    SECURITY(4706, SUBJECT "DomainName DomainSid TdoType TdoDirection TdoAttributes SidFilteringEnabled"),
    SECURITY(4717, SUBJECT "TargetSid AccessGranted"),
    SECURITY(4718, SUBJECT "TargetSid AccessRemoved"),
    SECURITY(4719, SUBJECT "CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges " CLIENT),
    SECURITY(4720, SUBJECT TARGET ACCOUNT),
    SECURITY(4722, SUBJECT TARGET),
    SECURITY(4723, SUBJECT TARGET "PrivilegeList"),
    SECURITY(4724, SUBJECT TARGET),
    SECURITY(4725, SUBJECT TARGET),
    SECURITY(4726, SUBJECT TARGET "PrivilegeList"),
    SECURITY(4727, SUBJECT TARGET GROUP),
    SECURITY(4728, SUBJECT TARGET MEMBER),
    SECURITY(4729, SUBJECT TARGET MEMBER),
    SECURITY(4730, SUBJECT TARGET "PrivilegeList"),
    SECURITY(4731, SUBJECT TARGET GROUP),
    SECURITY(4732, SUBJECT TARGET MEMBER),
    SECURITY(4733, SUBJECT TARGET MEMBER),
    SECURITY(4734, SUBJECT TARGET "PrivilegeList"),
    SECURITY(4735, SUBJECT TARGET GROUP),
    SECURITY(4737, SUBJECT TARGET GROUP),
    SECURITY(4738, SUBJECT TARGET ACCOUNT "Dummy"),
    SECURITY(4739, SUBJECT "DomainPolicyChanged DomainName DomainSid PrivilegeList MinPasswordAge MaxPasswordAge "
                           "ForceLogoff LockoutThreshold LockoutObservationWindow LockoutDuration PasswordProperties "
                           "MinPasswordLength PasswordHistoryLength MachineAccountQuota MixedDomainMode "
                           "DomainBehaviorVersion OemInformation"),
    SECURITY(4740, SUBJECT TARGET),
    SECURITY(4741, SUBJECT TARGET ACCOUNT "DnsHostName ServicePrincipalNames"),
    SECURITY(4742, SUBJECT TARGET ACCOUNT "DnsHostName ServicePrincipalNames ComputerAccountChange"),
    SECURITY(4743, SUBJECT TARGET "PrivilegeList"),
    SECURITY(4754, SUBJECT TARGET GROUP),
    SECURITY(4755, SUBJECT TARGET GROUP),
    SECURITY(4756, SUBJECT TARGET MEMBER),
    SECURITY(4757, SUBJECT TARGET MEMBER),
    SECURITY(4758, SUBJECT TARGET "PrivilegeList"),
    SECURITY(4767, SUBJECT TARGET),
    SECURITY(4768, TARGET KERBEROS "Status PreAuthType CertIssuerName CertSerialNumber CertThumbprint "
                                   "PreAuthEncryptionType ResponseTicket"),
    SECURITY(4769, TARGET KERBEROS "Status LogonGuid TransmittedServices RequestTicketHash ResponseTicketHash"),
    SECURITY(4770, TARGET KERBEROS "RequestTicketHash ResponseTicketHash"),
    SECURITY(4771, TARGET KERBEROS "Status PreAuthType CertIssuerName CertSerialNumber CertThumbprint"),
    SECURITY(4776, "PackageName TargetUserName Workstation Status"),
    SECURITY(4778, "AccountName AccountDomain LogonID SessionName ClientName ClientAddress"),
    SECURITY(4779, "AccountName AccountDomain LogonID SessionName ClientName ClientAddress"),
    SECURITY(4781, SUBJECT "OldTargetUserName NewTargetUserName TargetDomainName TargetSid PrivilegeList"),
    SECURITY(4794, SUBJECT "Workstation Status"),
    SECURITY(4798, SUBJECT TARGET "CallerProcessId CallerProcessName"),
    SECURITY(4799, SUBJECT TARGET "CallerProcessId CallerProcessName"),
    SECURITY(4800, SESSION),
    SECURITY(4801, SESSION),
    SECURITY(4802, SESSION),
    SECURITY(4803, SESSION),
    SECURITY(4825, "AccountName AccountDomain LogonID ClientAddress"),
    SECURITY(4904, SUBJECT "AuditSourceName EventSourceId ProcessId ProcessName"),
    SECURITY(4905, SUBJECT "AuditSourceName EventSourceId ProcessId ProcessName"),
    SECURITY(4907, SUBJECT OBJECT "OldSd NewSd ProcessId ProcessName"),
    SECURITY(4964, SUBJECT "LogonGuid TargetUserSid TargetUserName TargetDomainName TargetLogonId TargetLogonGuid SidList"),
    SECURITY(5136, SUBJECT DIRECTORY "AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType"),
    SECURITY(5137, SUBJECT DIRECTORY),
    SECURITY(5141, SUBJECT DIRECTORY "TreeDelete"),
    SECURITY(5140, SUBJECT SHARE "IpAddress IpPort AccessMask AccessList"),
    SECURITY(5142, SUBJECT SHARE),
    SECURITY(5143, SUBJECT SHARE "OldRemark NewRemark OldMaxUsers NewMaxUsers OldShareFlags NewShareFlags OldSD NewSD"),
    SECURITY(5144, SUBJECT SHARE),
    SECURITY(5145, SUBJECT SHARE "IpAddress IpPort RelativeTargetName AccessMask AccessList AccessReason"),
    SECURITY(5152, CONNECTION),
    SECURITY(5156, CONNECTION),
    SECURITY(5157, CONNECTION),
    SECURITY(5379, SUBJECT "TargetName Type CountOfCredentialsReturned ReadOperation ReturnCode ProcessCreationTime "
                           "ClientProcessId"),
    CLEARED("Security", 1102, SUBJECT CLIENT),
    CLEARED("System", 104, "SubjectUserSid SubjectUserName SubjectDomainName Channel BackupPath " CLIENT),
    SERVICES(7000, "param1 param2"),
    SERVICES(7001, "param1 param2 param3"),
    SERVICES(7009, "param1 param2"),
    SERVICES(7011, "param1 param2"),
    SERVICES(7022, "param1"),
    SERVICES(7023, "param1 param2"),
    SERVICES(7024, "param1 param2"),
    SERVICES(7026, "param1"),
    SERVICES(7030, "param1"),
    SERVICES(7031, "param1 param2 param3 param4 param5"),
    SERVICES(7034, "param1 param2"),
    SERVICES(7036, "param1 param2"),
    SERVICES(7040, "param1 param2 param3 param4"),
    SERVICES(7045, "ServiceName ImagePath ServiceType StartType AccountName"),
};
const size_t event_fields_count = COUNT_OF(event_fields_known);

const struct event_fields *event_fields_of_channel(struct text channel, uint32_t id)
{
    for (size_t i = 0; i < event_fields_count; i++) {
        const struct event_fields *e = &event_fields_known[i];
        if (e->id == id && e->alone && text_equal_nocase(text_from(e->channel), channel))
            return e;
    }
    return NULL;
}

const struct event_fields *event_fields_of_provider(const struct event_fields *items, size_t count, struct text provider,
                                                    uint32_t id)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].id == id && text_equal_nocase(text_from(items[i].provider), provider))
            return &items[i];
    return NULL;
}

struct text event_fields_next(struct text *rest)
{
    struct text name = { rest->p, text_find_char(*rest, ' ') };
    *rest = text_from_index(*rest, name.n < rest->n ? name.n + 1 : name.n);
    return name;
}

static bool same_name(struct text a, struct text b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.n && (a.p[i] == ' ' || a.p[i] == '_'))
            i++;
        while (k < b.n && (b.p[k] == ' ' || b.p[k] == '_'))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (ascii_lower(a.p[i++]) != ascii_lower(b.p[k++]))
            return false;
    }
}

bool event_fields_has(const struct event_fields *e, struct text wanted)
{
    struct text rest = text_from(e->names);
    for (struct text name = event_fields_next(&rest); name.n; name = event_fields_next(&rest))
        if (same_name(name, wanted))
            return true;
    return false;
}
