/*
 * attr.h - compiler attributes and small macros that every room uses.
 */
#ifndef EVSCAN_BASE_ATTR_H
#define EVSCAN_BASE_ATTR_H

#define MUST_USE                     __attribute__((__warn_unused_result__))
#define PRINTF_LIKE(format, first)   __attribute__((__format__(__printf__, format, first)))
#define COUNT_OF(array)              (sizeof(array) / sizeof((array)[0]))
#define UNUSED(parameter)            ((void)(parameter))

#endif
