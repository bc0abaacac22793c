#include "report/report.h"

const struct report_form *const report_forms[REPORT_FORMS] = {
    &report_text,
    &report_json,
};
