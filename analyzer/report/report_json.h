/*
 * report_json.h - the parts of the JSON report; inside of this room.
 */
#ifndef EVSCAN_REPORT_REPORT_JSON_H
#define EVSCAN_REPORT_REPORT_JSON_H

#include "form/json_writer.h"
#include "report/report_facts.h"

/* The members `diagnoses`, `closed`, `noise` and `considered`. */
void json_diagnoses(struct json *j, const struct report *r);

/* Of a diagnosis: who played which role, what happened, what was out of service, which events it explains. */
void json_story(struct json *j, const struct report *r, const struct diagnosis *d);

#endif
