/*
 * interrupt.h - the user, or whoever ends the machine, wants this run to come to its end.
 *
 * Shape:   a signal handler asks; whoever reads looks before each step and gives up what it waits for.  What was read is
 *          then reported, marked as incomplete.
 * Threads: any; interrupt_ask may be called by a signal handler.
 */
#ifndef EVSCAN_IO_INTERRUPT_H
#define EVSCAN_IO_INTERRUPT_H

#include <stdbool.h>

void interrupt_ask(void);
bool interrupt_asked(void);

#endif
