/*
 * explain.h - pages about events and errors, for `evscan explain`.
 *
 * Owns: nothing; a page is appended to the output.
 */
#ifndef EVSCAN_CLI_EXPLAIN_H
#define EVSCAN_CLI_EXPLAIN_H

#include "catalog/error_code.h"
#include "catalog/guide.h"
#include "cli/knowledge.h"
#include "match/matcher.h"
#include "form/json_writer.h"
#include "form/text_layout.h"

/* All that pages are made of. */
struct explain {
    struct arena *arena;
    struct knowledge knowledge;
    struct catalog *catalog;
    struct guide *guide;
    struct matcher *matcher;
};

/* `rules` instead of the shipped ones, when there are any; `add` besides. */
void explain_begin(struct explain *x, struct arena *arena, const struct option_list *rules,
                   const struct option_list *add);
void explain_end(struct explain *x);

/* The sentence of an event with its %1; "" when there is none. */
struct text explain_sentence(const struct explain *x, const struct guide_event *e);

/*
 * What the rules say of an event that no page is about; 1 and the page in `ret[0]` when one looks at it, else 0.  `provider`
 * may lack its Microsoft-Windows-.
 */
size_t explain_by_rules(struct explain *x, struct text provider, uint32_t id, const struct guide_event **ret);

void explain_event_text(struct explain *x, const struct guide_event *e, struct layout *l);
void explain_event_json(struct explain *x, const struct guide_event *e, struct json *j);
void explain_error_text(const struct error_code *error, uint32_t given, struct layout *l);
void explain_error_json(const struct error_code *error, struct json *j);

/* "ClusSvc 1009  <sentence>": one line of a list. */
void explain_event_line(const struct explain *x, const struct guide_event *e, struct layout *l);

#endif
