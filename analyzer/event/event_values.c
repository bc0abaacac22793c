#include "event/event_values.h"

#include <stdatomic.h>

uint64_t event_outline_number(void)
{
    static atomic_uint_fast64_t last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

void event_complete(struct event *event)
{
    if (event->values)
        event->values->complete(event->values->ctx, event);
    event->values = NULL;
}
