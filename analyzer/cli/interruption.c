#include "cli/interruption.h"

#include "io/interrupt.h"

#define WORDS "interrupted: not all was read"

struct text interruption_line(void)
{
    return interrupt_asked() ? TEXT(WORDS "\n") : TEXT("");
}

struct text interruption_of(enum show_form form)
{
    if (form == SHOW_XML && interrupt_asked())
        return TEXT("<!-- " WORDS " -->\n");
    return form == SHOW_TEXT ? interruption_line() : TEXT("");
}
