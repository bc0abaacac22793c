/*
 * report_json.h - the parts of the JSON report; inside of this room.
 */
#ifndef EVSCAN_REPORT_REPORT_JSON_H
#define EVSCAN_REPORT_REPORT_JSON_H

#include "report/json_writer.h"
#include "report/report_facts.h"

/* The members `diagnoses` and `considered`. */
void json_diagnoses(struct json *j, const struct report *r);

#endif
