#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

#include "base/attr.h"
#include "io/interrupt.h"

static void on_signal(int number)
{
    UNUSED(number);
    interrupt_ask();
}

/* SA_RESETHAND: the second one does what it does without us.  No SA_RESTART: what waits for a pipe has to look. */
static void signal_catch(int number)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND }, before;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

void signals_catch(void)
{
    signal_catch(SIGINT);
    signal_catch(SIGTERM);
    signal_catch(SIGHUP);
}
