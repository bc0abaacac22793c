/*
 * report_json.h - the parts of the JSON report; inside of this room.
 */
#ifndef EVSCAN_REPORT_REPORT_JSON_H
#define EVSCAN_REPORT_REPORT_JSON_H

#include "corr/node_logs.h"
#include "form/json_writer.h"
#include "report/report_facts.h"

/* An object each; `key` as in form/json_writer.h. */
void json_notice(struct json *j, const char *key, const struct report *r, const struct notices *all, size_t index);
void json_input(struct json *j, const char *key, const struct report *r, const struct input_result *in);
void json_node(struct json *j, const char *key, const struct node *n);
void json_unseen(struct json *j, const char *key, const struct report *r, const struct unseen_node *u);
void json_diagnosis(struct json *j, const char *key, const struct report *r, const struct diagnosis *d);
void json_considered(struct json *j, const char *key, const struct report *r, const struct diagnosis *d);

/* `explained_by`: the article's ID or ""; NULL when it is not known yet. */
void json_finding(struct json *j, const char *key, const struct report *r, const struct hit *hit,
                  const struct text *explained_by);

/* The member `knowledge`. */
void json_knowledge(struct json *j, const struct report *r);

/* The member `cautions`. */
void json_cautions(struct json *j, const struct report_facts *f);

/* Both sentences as one text. */
void json_verdict(struct json *j, const char *key, const struct report_facts *f);

void json_number_or_null(struct json *j, const char *key, bool known, int64_t value);

/* The members `diagnoses`, `closed`, `noise` and `considered`. */
void json_diagnoses(struct json *j, const struct report *r);

/* Of a diagnosis: who played which role, what happened, what was out of service, which events it explains. */
void json_story(struct json *j, const struct report *r, const struct diagnosis *d);

/* Of a node: its clock, what its logs cover, when it was down. */
void json_node_logs(struct json *j, const struct node *n);

struct report_news;
struct report_news_item;

void json_news(struct json *j, const struct report_news *news);
void json_news_item(struct json *j, const char *key, const struct report_news_item *n);

#endif
