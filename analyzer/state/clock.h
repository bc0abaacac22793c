/*
 * clock.h - what time it is.
 *
 * For tests only: the environment variable EVSCAN_CLOCK, a time as time_parse reads it, stands for the clock, so that a
 * year of nights passes in seconds.
 */
#ifndef EVSCAN_STATE_CLOCK_H
#define EVSCAN_STATE_CLOCK_H

#include <stdint.h>

uint64_t clock_now(void); /* FILETIME */

#endif
