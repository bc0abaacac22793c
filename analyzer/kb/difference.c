#include "kb/difference.h"

#include "base/times.h"
#include "kb/cast.h"

static bool is_meant(const struct time_difference *d, uint32_t rule)
{
    for (size_t i = 0; i < d->rule_count; i++)
        if (d->rules[i] == rule)
            return true;
    return d->rule_count == 0;
}

bool difference_holds(const struct time_difference *d, const struct hit *hit)
{
    uint64_t of, from;
    if (!d || !is_meant(d, hit->rule))
        return true;
    if (!time_parse(choice_value(hit->event, &d->of), &of) || !time_parse(choice_value(hit->event, &d->from), &from))
        return false;
    return (of > from ? of - from : from - of) > (uint64_t)d->over;
}
