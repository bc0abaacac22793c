/*
 * source_table.c - the services and categories of Windows, as data.
 */
#include "rule/source_table.h"

#define SYSMON     "Microsoft-Windows-Sysmon/Operational"
#define POWERSHELL "Microsoft-Windows-PowerShell/Operational;PowerShellCore/Operational"
#define DEFENDER   "Microsoft-Windows-Windows Defender/Operational"
#define W(rest)    "Microsoft-Windows-" rest

#define NO_TEST                                                                                              \
    {                                                                                                        \
        NULL, NULL                                                                                           \
    }
#define NONE                                                                                                 \
    {                                                                                                        \
        NULL, NULL, { 0 }, NO_TEST                                                                           \
    }
#define SERVICE(name, channels)                                                                              \
    {                                                                                                        \
        name, { { channels, NULL, { 0 }, NO_TEST }, NONE }, VIEW_NONE                                        \
    }

const struct source_row source_services[] = {
    SERVICE("application", "Application"),
    SERVICE("security", "Security"),
    SERVICE("system", "System"),
    SERVICE("sysmon", SYSMON),
    SERVICE("powershell", POWERSHELL),
    SERVICE("powershell-classic", "Windows PowerShell"),
    SERVICE("windefend", DEFENDER),
    SERVICE("taskscheduler", W("TaskScheduler/Operational")),
    SERVICE("wmi", W("WMI-Activity/Operational")),
    SERVICE("applocker", W("AppLocker/MSI and Script;") W("AppLocker/EXE and DLL;")
                             W("AppLocker/Packaged app-Deployment;") W("AppLocker/Packaged app-Execution")),
    SERVICE("application-experience", W("Application-Experience/Program-Telemetry;")
                                          W("Application-Experience/Program-Compatibility-Assistant")),
    SERVICE("appmodel-runtime", W("AppModel-Runtime/Admin")),
    SERVICE("appxdeployment-server", W("AppXDeploymentServer/Operational")),
    SERVICE("appxpackaging-om", W("AppxPackaging/Operational")),
    SERVICE("bitlocker", W("BitLocker/BitLocker Management")),
    SERVICE("bits-client", W("Bits-Client/Operational")),
    SERVICE("capi2", W("CAPI2/Operational")),
    SERVICE("certificateservicesclient-lifecycle-system",
            W("CertificateServicesClient-Lifecycle-System/Operational")),
    SERVICE("codeintegrity-operational", W("CodeIntegrity/Operational")),
    SERVICE("dhcp", W("DHCP-Server/Operational")),
    SERVICE("diagnosis-scripted", W("Diagnosis-Scripted/Operational")),
    SERVICE("dns-client", W("DNS Client Events/Operational;") W("DNS-Client/Operational")),
    SERVICE("dns-server", "DNS Server"),
    SERVICE("dns-server-analytic", W("DNS-Server/Analytical;") W("DNSServer/Analytical")),
    SERVICE("dns-server-audit", W("DNS-Server/Audit;") W("DNSServer/Audit")),
    SERVICE("driver-framework", W("DriverFrameworks-UserMode/Operational")),
    /* Not of Sigma's taxonomy.  Most of what it says of a cluster it writes to the System log. */
    { "failoverclustering",
      { { NULL, W("FailoverClustering"), { 0 }, NO_TEST }, { W("FailoverClustering/*"), NULL, { 0 }, NO_TEST } },
      VIEW_NONE },
    SERVICE("firewall-as", W("Windows Firewall With Advanced Security/Firewall")),
    SERVICE("hyper-v-worker", W("Hyper-V-Worker*")),
    SERVICE("iis-configuration", "Microsoft-IIS-Configuration/Operational"),
    SERVICE("kernel-event-tracing", W("Kernel-EventTracing*")),
    SERVICE("kernel-shimengine", W("Kernel-ShimEngine/Operational;") W("Kernel-ShimEngine/Diagnostic")),
    SERVICE("ldap", W("LDAP-Client/Debug")),
    SERVICE("ldap_debug", W("LDAP-Client/Debug")),
    SERVICE("lsa-server", W("LSA/Operational")),
    SERVICE("msexchange-management", "MSExchange Management"),
    SERVICE("ntfs", W("Ntfs/Operational")),
    SERVICE("ntlm", W("NTLM/Operational")),
    SERVICE("openssh", "OpenSSH/Operational"),
    SERVICE("printservice-admin", W("PrintService/Admin")),
    SERVICE("printservice-operational", W("PrintService/Operational")),
    SERVICE("security-mitigations", W("Security-Mitigations/*")),
    SERVICE("sense", W("SENSE/Operational")),
    SERVICE("servicebus-client", "Microsoft-ServiceBus-Client*"),
    SERVICE("microsoft-servicebus-client", "Microsoft-ServiceBus-Client*"),
    SERVICE("shell-core", W("Shell-Core/Operational")),
    SERVICE("smbclient-connectivity", W("SmbClient/Connectivity")),
    SERVICE("smbclient-security", W("SmbClient/Security")),
    SERVICE("smbserver-connectivity", W("SMBServer/Connectivity")),
    SERVICE("terminalservices-localsessionmanager", W("TerminalServices-LocalSessionManager/Operational")),
    SERVICE("vhdmp", W("VHDMP/Operational")),
};
const size_t source_service_count = COUNT_OF(source_services);

/* Some IDs of Sysmon; an audit event that says the same, seen through a view; a channel with IDs. */
#define SYS(...)                                                                                             \
    {                                                                                                        \
        SYSMON, NULL, { __VA_ARGS__ }, NO_TEST                                                               \
    }
#define SYS_IF(id, name, start)                                                                              \
    {                                                                                                        \
        SYSMON, NULL, { id },                                                                                \
        {                                                                                                    \
            name, start                                                                                      \
        }                                                                                                    \
    }
#define AUDIT(id, name, start)                                                                               \
    {                                                                                                        \
        "Security", NULL, { id },                                                                            \
        {                                                                                                    \
            name, start                                                                                      \
        }                                                                                                    \
    }
#define SYSMON_ROW(name, ...)                                                                                \
    {                                                                                                        \
        name, { SYS(__VA_ARGS__), NONE }, VIEW_NONE                                                          \
    }
#define LOG_ROW(name, log, id)                                                                               \
    {                                                                                                        \
        name, { { log, NULL, { id }, NO_TEST }, NONE }, VIEW_NONE                                            \
    }

/*
 * registry_add and registry_delete test EventType as SigmaHQ's own test configuration does; an ID alone would
 * let a deleted key match "key added".  4657 holds %%1904 new value, %%1905 changed, %%1906 deleted, never
 * the words.
 */
const struct source_row source_categories[] = {
    { "process_creation", { SYS(1), AUDIT(4688, NULL, NULL) }, VIEW_PROCESS },
    SYSMON_ROW("file_change", 2),
    { "network_connection", { SYS(3), AUDIT(5156, NULL, NULL) }, VIEW_NETWORK },
    SYSMON_ROW("sysmon_status", 4, 16),
    SYSMON_ROW("process_termination", 5),
    SYSMON_ROW("driver_load", 6),
    SYSMON_ROW("image_load", 7),
    SYSMON_ROW("create_remote_thread", 8),
    SYSMON_ROW("raw_access_thread", 9),
    SYSMON_ROW("raw_access_read", 9),
    SYSMON_ROW("process_access", 10),
    SYSMON_ROW("file_event", 11),
    { "registry_add",
      { SYS_IF(12, "EventType", "Create"), AUDIT(4657, "OperationType", "%%1904") },
      VIEW_REGISTRY_ADD },
    { "registry_delete",
      { SYS_IF(12, "EventType", "Delete"), AUDIT(4657, "OperationType", "%%1906") },
      VIEW_REGISTRY },
    { "registry_set", { SYS(13), AUDIT(4657, "OperationType", "%%1904 %%1905") }, VIEW_REGISTRY },
    SYSMON_ROW("registry_rename", 14),
    { "registry_event", { SYS(12, 13, 14), AUDIT(4657, NULL, NULL) }, VIEW_REGISTRY },
    SYSMON_ROW("create_stream_hash", 15),
    SYSMON_ROW("pipe_created", 17, 18),
    SYSMON_ROW("wmi_event", 19, 20, 21),
    SYSMON_ROW("dns_query", 22),
    SYSMON_ROW("file_delete", 23, 26),
    SYSMON_ROW("clipboard_capture", 24),
    SYSMON_ROW("clipboard_change", 24),
    SYSMON_ROW("process_tampering", 25),
    SYSMON_ROW("file_delete_detected", 26),
    SYSMON_ROW("file_block_executable", 27),
    SYSMON_ROW("file_block", 27),
    SYSMON_ROW("file_block_shredding", 28),
    SYSMON_ROW("file_executable_detected", 29),
    SYSMON_ROW("sysmon_error", 255),
    LOG_ROW("ps_module", POWERSHELL, 4103),
    LOG_ROW("ps_script", POWERSHELL, 4104),
    LOG_ROW("ps_classic_start", "Windows PowerShell", 400),
    LOG_ROW("ps_classic_provider_start", "Windows PowerShell", 600),
    LOG_ROW("ps_classic_script", "Windows PowerShell", 800),
    { "antivirus",
      { { DEFENDER,
          NULL,
          { 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116 },
          NO_TEST },
        NONE },
      VIEW_ANTIVIRUS },
    { "file_access", { { NULL, "Microsoft-Windows-Kernel-File", { 0 }, NO_TEST }, NONE }, VIEW_NONE },
    { "file_rename", { { NULL, "Microsoft-Windows-Kernel-File", { 0 }, NO_TEST }, NONE }, VIEW_NONE },
};
const size_t source_category_count = COUNT_OF(source_categories);
