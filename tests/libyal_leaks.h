/*
 * libyal_leaks.h - libevtx and libevt lose memory on damaged records: that is not what a test that uses them looks for.
 */
#ifndef EVSCAN_TESTS_LIBYAL_LEAKS_H
#define EVSCAN_TESTS_LIBYAL_LEAKS_H

const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libevtx.so\nleak:libevt.so\n";
}

#endif
