/*
 * value.h - one value of a rule and the modifiers of its field become a test.
 *
 * Shape:   a value starts with the type that YAML gives it and passes through the modifiers from left to
 * right; each demands a type and gives one.
 */
#ifndef EVSCAN_RULE_VALUE_H
#define EVSCAN_RULE_VALUE_H

#include "rule/modifier.h"

/* False when the value was refused (class "value", "placeholder", "detection").  `value` NULL: an empty list.
 */
bool value_compile(struct loading *l, const struct yaml_node *key, const struct modifiers *m,
                   const struct yaml_node *value, struct test *ret) MUST_USE;

#endif
