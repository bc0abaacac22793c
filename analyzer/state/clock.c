#include "state/clock.h"

#include <stdlib.h>
#include <time.h>

#include "base/times.h"

uint64_t clock_now(void)
{
    const char *given = getenv("EVSCAN_CLOCK");
    uint64_t now;
    struct timespec t;
    if (given && time_parse(text_from(given), &now))
        return now;
    clock_gettime(CLOCK_REALTIME, &t);
    return filetime_from_unix((uint64_t)t.tv_sec) + (uint64_t)t.tv_nsec / 100;
}
