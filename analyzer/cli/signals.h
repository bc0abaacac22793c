/*
 * signals.h - how a person, or whoever ends the machine, ends a run.
 *
 * Shape:   the first Ctrl-C (SIGINT), SIGTERM and SIGHUP ask (io/interrupt.h): whatever reads or searches stops, and what was
 *          found until then is reported, marked as incomplete.  The second one ends the program at once.  What the
 *          caller ignores (nohup) stays ignored.
 * Threads: call once, before there are any.
 */
#ifndef EVSCAN_CLI_SIGNALS_H
#define EVSCAN_CLI_SIGNALS_H

void signals_catch(void);

#endif
