/*
 * matching.h - what the parts of the match room share: one event in the course of being matched.
 *
 * Shape:   fields are looked up when a test asks for them and values folded when a test compares them, both
 * at most once per event.  A stamp that goes up with every event says what is of this event, so nothing has
 *          to be cleared.
 *          Without an event (only its key) every answer is YES, NO or MAYBE: that is the screen, and the same
 * code as the match, so the two cannot disagree.
 */
#ifndef EVSCAN_MATCH_MATCHING_H
#define EVSCAN_MATCH_MATCHING_H

#include "base/buf.h"
#include "event/event_values.h"
#include "match/matcher.h"
#include "match/regex_trial.h"
#include "rule/compiled.h"
#include "rule/sieve.h"

enum truth { NO, MAYBE, YES };

/* One value of the event; values of its fields may not be made yet. */
struct value {
    struct text made, folded;
    bool is_made, is_folded;
    uint32_t field; /* index in event->fields, of what is not made */
};

/* The values of a field of the rules in this event. */
struct slot {
    uint32_t stamp;
    struct value **values;
    size_t count, capacity;
};

/* A field in which texts are looked for, seen by a view. */
struct gate_search {
    uint32_t field;
    enum event_view view;
};

/* The rules that an event with this key can fulfil. */
struct screen_entry {
    uint64_t hash;
    struct text provider, channel;
    uint32_t id;
    const uint32_t *rules; /* ascending */
    size_t count;
    const uint64_t *gated, *ungated; /* `rules` as bits, by whether they have a gate; NULL: too few for a search */
    const uint32_t *words;           /* of these bits: the words in which a rule of the key is */
    size_t word_count;
    const uint64_t *opened;          /* rules whose gate the key opens, as bits */
    const struct gate_search *searches;
    size_t search_count;
    uint32_t seen; /* its pair was added to what had this number (matcher.seeing) */
};

/* A value of an event, in which the texts of a field are looked for. */
struct look {
    uint32_t index; /* in event->fields */
    uint32_t field;
};

/* What the gates of a key mean for the events of an outline (outline.c). */
struct outline_plan {
    uint64_t outline;
    const struct screen_entry *entry;
    const uint64_t *opened; /* as in the entry, and by the texts that all these events have */
    struct look *looks;
    size_t look_count;
    struct gate_search *searches; /* where to look, only an event can tell */
    size_t search_count;
    bool keywords; /* event ID and computer, too */
};

#define OUTLINE_PLANS 2048u /* a power of two; the corpus has 1,300 */

struct screen {
    struct arena arena;
    struct screen_entry **slots;
    size_t count;
    const struct outline_plan *plans[OUTLINE_PLANS];
};

struct matcher {
    const struct ruleset *rules;
    struct seen_pairs *seen; /* NULL: nobody asks */
    struct arena *seen_arena;
    uint32_t seeing;   /* counts what was asked for */
    struct arena arena; /* of the event */
    const struct event_key *key;
    const struct event *event; /* NULL: only the key is known */
    struct notices *notices;   /* may be NULL */
    uint32_t rule;             /* being evaluated */
    enum event_view view;      /* of that rule */
    uint32_t stamp;            /* of the event, from 1 */
    struct slot *slots;        /* [field * VIEW_COUNT + view] */
    uint32_t *selections;      /* [selection * VIEW_COUNT + view]: stamp * 2 + result */
    uint32_t *sources;         /* same, by source */
    uint32_t *literals;        /* stamp of the event in which it was found last */
    uint64_t *open;            /* rules whose gate is open for this event, as bits */
    struct value *payload;     /* of event->fields, by index; NULL until asked for */
    bool asked;                /* what a value says was asked for */
    struct value header[4];    /* provider, channel, event ID, computer */
    struct buf folded;         /* a text that is being searched */
    struct buf idle_computer;  /* the last one in which no text was found: mostly all events have the same */
    bool any_found;            /* set by each text that is found */
    bool gave_up;              /* a test reached its limit; set here, cleared by who asks (trace.c) */
    struct screen screen;
    uint32_t *hits;
    struct rule_cost *costs; /* NULL: nobody asks */
    struct regex_trial regex;
};

/* Words that hold a bit for each rule. */
static inline size_t ruleset_words(const struct ruleset *rules)
{
    return (rules->rule_count + 63) / 64;
}

/* value.c */
struct value *value_of_text(struct matcher *m, struct text t);
struct value *payload_value(struct matcher *m, size_t index);
struct text value_written(struct matcher *m, struct value *v);
struct text value_folded(struct matcher *m, struct value *v);

/* The value of one of the event's fields. */
struct text payload_text(struct matcher *m, const struct event_field *f);

/* The first payload value of that name, without case; false when there is none. */
bool event_value(struct matcher *m, const char *name, struct text *ret);

/* fields.c */
const struct slot *field_values(struct matcher *m, uint32_t field);
bool is_keyword_field(const struct event_field *f);

/* header.c: a header value by name; false when the event has none of that name. */
bool header_value(struct matcher *m, const struct field_name *name, struct text *ret);
struct text event_id_text(struct matcher *m);

/* True when the two names are the same but for ASCII case, blanks and underscores; `bare` has neither. */
bool name_is_bare(struct text name, struct text bare);

/* view.c: true when the view of the rule knows the field; `*ret` is NULL where the event does not have it. */
bool view_value(struct matcher *m, struct text bare, struct value **ret);

/* What the view is in an event with this key: VIEW_NONE when that event speaks the rule's vocabulary already. */
enum event_view view_effective(const struct event_key *key, enum event_view view);

/* hashes.c: "SHA1=..,MD5=.." holds the fields sha1, md5 .. */
bool hash_value(struct matcher *m, struct text bare, struct text *ret);

/* test.c */
enum truth test_slot(struct matcher *m, const struct test *t, const struct slot *slot);

/* All tests of an item that has a sieve, without its negation. */
enum truth sieve_slot(struct matcher *m, const struct item *item, const struct slot *slot);

/* evaluate.c */
enum truth expr_evaluate(struct matcher *m, const struct expr *e);
bool source_accepts(struct matcher *m, uint32_t source);
enum truth rule_evaluate(struct matcher *m, uint32_t rule);

/* outline.c: NULL when there is no more memory for plans.  The event is one whose values are not made. */
const struct outline_plan *outline_plan_get(struct matcher *m, const struct screen_entry *e);

/* candidates.c: opens the rules of which a text of that field stands in the value. */
void gate_search_value(struct matcher *m, uint32_t field, struct value *v);

/* candidates.c: `e` has its rules, its key is being looked at; then, for each event of it, the rules that match go to
 * m->hits. */
void gates_prepare(struct matcher *m, struct screen_entry *e);
size_t candidates_match(struct matcher *m, const struct screen_entry *e);

/* screen.c */
void screen_init(struct screen *s);
void screen_done(struct screen *s);
const struct screen_entry *screen_get(struct matcher *m, const struct event_key *key);

/* matcher.c: rule_evaluate, measured when somebody asks. */
bool rule_matches(struct matcher *m, uint32_t rule);

/* matcher.c: makes the matcher ready for an event, or for a key without event. */
void matcher_begin(struct matcher *m, const struct event_key *key, const struct event *event);

#endif
