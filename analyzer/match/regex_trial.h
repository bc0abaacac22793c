/*
 * regex_trial.h - a compiled expression tried on a text, within limits.h: a pattern that runs away ends and says so.
 *
 * Owns:    what PCRE2 needs for it, from init to done.
 * Threads: one trial belongs to one thread; expressions may be shared.
 * Errors:  without memory the process ends, as everywhere.  Without a stack for JIT its default serves.
 */
#ifndef EVSCAN_MATCH_REGEX_TRIAL_H
#define EVSCAN_MATCH_REGEX_TRIAL_H

#include "base/bytes.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct regex_trial {
    pcre2_match_data *data; /* behind a match its place: pcre2_get_ovector_pointer */
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

void regex_trial_init(struct regex_trial *t);

/* What is all zero is done, too. */
void regex_trial_done(struct regex_trial *t);

/*
 * Whether the expression matches at `from` or behind it.  `*gave_up` is true when that is not known: a limit was reached, or
 * the text is longer than what is searched and there is no match in its beginning.
 */
bool regex_trial_find(struct regex_trial *t, const pcre2_code *code, struct text text, size_t from, bool *gave_up);

#endif
