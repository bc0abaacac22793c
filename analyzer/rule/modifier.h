/*
 * modifier.h - the words behind a field name: `Field|contains|all`.
 */
#ifndef EVSCAN_RULE_MODIFIER_H
#define EVSCAN_RULE_MODIFIER_H

#include "base/limits.h"
#include "rule/loading.h"

enum modifier {
    MOD_CONTAINS,
    MOD_STARTSWITH,
    MOD_ENDSWITH,
    MOD_ALL,
    MOD_NEQ,
    MOD_CASED,
    MOD_RE,
    MOD_RE_I,
    MOD_RE_M,
    MOD_RE_S,
    MOD_BASE64,
    MOD_BASE64OFFSET,
    MOD_UTF16LE,
    MOD_UTF16BE,
    MOD_UTF16,
    MOD_WINDASH,
    MOD_CIDR,
    MOD_LT,
    MOD_LTE,
    MOD_GT,
    MOD_GTE,
    MOD_MINUTE,
    MOD_HOUR,
    MOD_DAY,
    MOD_WEEK,
    MOD_MONTH,
    MOD_YEAR,
    MOD_EXISTS,
    MOD_FIELDREF,
    MOD_EXPAND,
};

struct modifiers {
    struct text field;                   /* what stands in front of the first | */
    enum modifier list[LIMIT_MODIFIERS]; /* without all, neq and expand, which work wherever they stand */
    size_t count;
    bool all, neq, expand, cased, keyword;
};

/* Reads `key`; false when it was refused.  All mistakes of the key are reported. */
bool modifiers_parse(struct loading *l, const struct yaml_node *key, struct modifiers *ret) MUST_USE;

bool modifiers_have(const struct modifiers *m, enum modifier modifier);

const char *modifier_name(enum modifier modifier);

#endif
