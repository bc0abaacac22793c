/*
 * system.h - which Windows a node runs, from what its event log service writes at each start.
 *
 * Source:  EventLog 6009: %1 version, %2 build, %3 service pack, as seen in logs: "4.0" 1381 "Service Pack 4",
 *          "5.00." 2195, "5.01." 2600, "5.02." 3790, "6.01." 7601 "Service Pack 1", "10.00." 17134 "".
 *          Q194507: 6009 exists from NT 4.0 SP4 on.
 *          Kernel-General 12: MajorVersion, MinorVersion, BuildVersion, QfeVersion, ServiceVersion, as seen in logs:
 *          6 1 7601 17514 1, 10 0 17134 137 0.  The kernel writes it at each start since Windows Vista.
 */
#ifndef EVSCAN_CORR_SYSTEM_H
#define EVSCAN_CORR_SYSTEM_H

#include "corr/timeline.h"

/* Reads version, build and service pack into `ret` (not its time and hit).  Never fails: OS_UNKNOWN with the text. */
void system_parse(struct arena *arena, struct text version, struct text build, struct text pack, struct os_fact *ret);

/*
 * The generation where a node does not say its version: .evt logs are of Windows Server 2003 or earlier, .evtx logs with
 * a provider or a time as only Windows Vista and later write them (finding/coverage.h) of those.  Any other .evtx log
 * may have been made of an .evt log: it leaves all open.
 */
void generations_find(struct timeline *t);

/* Fills the `os` of all nodes: from 6009, of nodes without one from Kernel-General 12.  `has_6009`: the rules would have found a 6009. */
void systems_find(struct arena *arena, struct timeline *t, bool has_6009);

#endif
