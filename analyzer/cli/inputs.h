/*
 * inputs.h - what a command says and returns about the logs that it was given; shared by all that read logs.
 */
#ifndef EVSCAN_CLI_INPUTS_H
#define EVSCAN_CLI_INPUTS_H

#include "catalog/catalog.h"
#include "cli/options.h"
#include "finding/partial.h"
#include "form/zone.h"
#include "io/paths.h"

#define MAX_THREADS 256
#define MAX_TOLERANCE 86400 /* a day: a wrong time zone is less */

/* One for each processor, 8 at most. */
unsigned threads_default(void);

/* --tz ZONE, NULL when it was not given: UTC.  False with what is wrong in `error`. */
bool zone_choose(struct arena *arena, const char *given, struct zone *ret, struct text *error) MUST_USE;

/* Chooses the code page that was given; NULL: none was.  False, with the mistake, when there is no such page. */
bool codepage_parse(struct arena *arena, const char *given, struct text *error);

/* The files that the arguments stand for. */
void inputs_collect(const struct option_list *arguments, struct arena *arena, struct path_list *ret);

/* Says on standard error which inputs gave nothing and why. */
void inputs_explain(const struct partial *partial, const struct option_list *arguments, size_t not_logs,
                    struct arena *arena);

/* The sentences of events.  Mistakes in them, which are said, take away sentences and not events.  catalog_free. */
struct catalog *inputs_catalog(struct arena *arena);

/* Says which logs could not be read whole, and what was met first: the events cannot say it. */
void inputs_losses_explain(const struct partial *partial, struct arena *arena);

/* Says every notice of this kind. */
void inputs_notice_explain(const struct partial *partial, enum notice_code code, struct arena *arena);

/* With --reader both: says in how many records the readers differ.  Returns how many logs had such; 0: they agree. */
size_t inputs_readers_explain(const struct partial *partial, struct arena *arena);

/* When nothing at all could be read, the exit status: 66 none could be opened, 65 none was a log.  Else 0. */
int inputs_nothing_read(const struct partial *partial, size_t not_logs);

#endif
