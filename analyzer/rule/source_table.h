/*
 * source_table.h - the tables behind source.h.
 */
#ifndef EVSCAN_RULE_SOURCE_TABLE_H
#define EVSCAN_RULE_SOURCE_TABLE_H

#include "rule/source.h"

extern const struct source_row source_services[];
extern const size_t source_service_count;
extern const struct source_row source_categories[];
extern const size_t source_category_count;

#endif
