/*
 * packed.h - files of folders that hold logs, and that somebody packed: beside logs that are read nobody would notice that
 * these were not.
 *
 * Errors:  what cannot be read is not packed.
 */
#ifndef EVSCAN_CLI_PACKED_H
#define EVSCAN_CLI_PACKED_H

#include "cli/expected.h"
#include "finding/partial.h"
#include "io/paths.h"

/* What a file is that is no log: reader/archive.h. */
enum notice_code packed_notice(const char *path);

/* By its content, or its name, "NODE1.evtx.xz".  What a scan saved is no log, and not to be unpacked. */
bool packed_is(const char *path);

/* Those of the files in folders of which `scanned` has no input.  Lives in the arena given. */
struct names packed_files(struct arena *arena, const struct path_list *paths, const struct partial *scanned);

/* "2 files are packed and not read: archives are not opened, unpack them first (a.gz, b.zip)" */
struct text packed_words(struct arena *arena, const struct names *files);

/* Says it, where some are. */
void packed_tell(struct arena *arena, const struct names *files);

/* Says it of packed_files; beside no input at all inputs_explain says it of any file. */
void packed_explain(struct arena *arena, const struct path_list *paths, const struct partial *scanned);

#endif
