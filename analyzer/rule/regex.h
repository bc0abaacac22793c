/*
 * regex.h - regular expressions of rules, compiled with pcre2 for all threads.
 *
 * UTF, newline LF, searched unanchored; \d \w \s are ASCII.  Text that is no UTF-8 is tolerated.
 */
#ifndef EVSCAN_RULE_REGEX_H
#define EVSCAN_RULE_REGEX_H

#include "rule/loading.h"

struct regex_flags {
    bool ignore_case, multi_line, dot_all;
};

/* The test for it; false when it was refused (class "value", with the place in the pattern). */
bool regex_compile(struct loading *l, const struct yaml_node *value, struct regex_flags flags,
                   struct test *ret) MUST_USE;

#endif
