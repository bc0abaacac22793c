#include "cli/plug_in.h"

#include <string.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "report/report.h"

#define LEAST 4 /* letters of a long option: "--na", "--fo" */

/* What stands behind the "=" of a long option that may be shortened; "" where nothing does, NULL: it is another. */
static const char *value_of(const char *word, const char *option)
{
    size_t n = strcspn(word, "=");
    if (n < LEAST || n > strlen(option) || strncmp(word, option, n) != 0)
        return NULL;
    return word[n] ? word + n + 1 : "";
}

static bool is_plug_in(const char *word, const char *next)
{
    const char *form = strncmp(word, "-o", 2) == 0 ? word + 2 : value_of(word, "--format");
    if (value_of(word, "--nagios"))
        return true;
    return form && strcmp(*form ? form : next ? next : "", report_nagios.name) == 0;
}

bool plug_in_is_asked(int argc, char *const *argv)
{
    bool asked = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        asked = asked || is_plug_in(argv[i], i + 1 < argc ? argv[i + 1] : NULL);
    return asked;
}

int plug_in_no_answer(void)
{
    bool written = output_write(TEXT("EVSCAN UNKNOWN - no answer; standard error says why\n"));
    UNUSED(written); /* when it was not, standard error says that as well */
    return NAGIOS_UNKNOWN;
}

int plug_in_status(bool asked, int status)
{
    return asked && status > EXIT_FOUND_INCOMPLETE ? plug_in_no_answer() : status;
}
