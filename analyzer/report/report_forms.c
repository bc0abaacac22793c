#include "report/report.h"

const struct report_form *const report_forms[REPORT_FORMS] = {
    &report_text,
    &report_json,
    &report_lines,
    &report_csv,
    &report_html,
    &report_markdown,
    &report_prometheus,
    &report_nagios,
    &report_syslog,
    &report_journald,
};

/* In the same order. */
const char *const report_form_names[REPORT_FORMS + 1] = { "text", "json", "jsonl", "csv", "html", "markdown",
                                                            "prometheus", "nagios", "syslog", "journald", NULL };

int report_form_index(const struct report_form *form)
{
    int i = 0;
    while (i < REPORT_FORMS - 1 && report_forms[i] != form)
        i++;
    return i;
}
