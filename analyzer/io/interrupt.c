#include "io/interrupt.h"

#include <stdatomic.h>

static atomic_bool asked;

void interrupt_ask(void)
{
    atomic_store_explicit(&asked, true, memory_order_relaxed);
}

bool interrupt_asked(void)
{
    return atomic_load_explicit(&asked, memory_order_relaxed);
}
