/*
 * compiled.h - what a rule set looks like inside: for the matcher and for `rules explain`, nobody else.
 *
 * Shape:   a rule is an expression over selections; a selection is an expression over items; an item tests
 * the values of one field against a list of tests.
 *
 *              rule -> AND/OR/NOT -> selection -> AND/OR -> item: field, tests, all?, negated?
 *
 *          Correlations stand beside the rules: they refer to rules by index and read hits
 *          (rule/correlation.h), so the matcher does not know them.
 *          Texts of which one must stand in the event are filed by field (rule/literals.h): one search of each value
 *          says which rules need no look at all.
 * Owns:    everything lives in the arena of the rule set, except for the compiled regular expressions.
 * Threads: const after ruleset_compile.
 */
#ifndef EVSCAN_RULE_COMPILED_H
#define EVSCAN_RULE_COMPILED_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "rule/correlation.h"
#include "rule/literals.h"
#include "rule/needle.h"
#include "rule/network.h"
#include "rule/number.h"
#include "rule/pattern.h"
#include "rule/reads.h"
#include "rule/ruleset.h"
#include "rule/source.h"

/* How a field is looked up (evscan-rules(5), FIELDS). */
enum field_kind {
    FIELD_HAYSTACK, /* no field: keywords look at every payload value, the message and four header texts */
    FIELD_PROVIDER, /* of the key: the screen can judge tests on these three */
    FIELD_CHANNEL,
    FIELD_EVENT_ID,
    FIELD_HEADER_FIRST, /* a payload field of the same name cannot hide it */
    FIELD_HEADER_ONLY,  /* Event.System.X */
    FIELD_PAYLOAD_ONLY, /* Event.EventData.X, Event.UserData.W.X */
    FIELD_UNNAMED,      /* Data, EventData */
    FIELD_POSITION,     /* Data[n] */
    FIELD_PLAIN,        /* payload, header, derived */
};

struct field_name {
    struct text text;
    struct text bare; /* ASCII lower case without blanks and underscores */
};

struct field {
    struct field_name name;
    enum field_kind kind;
    uint32_t position;       /* of FIELD_POSITION, from 1 */
    struct field_name alias; /* looked up when there is no such field; "" for none */
    bool alias_is_header;
};

#define FIELD_KEYWORDS 0u /* index of the FIELD_HAYSTACK */

enum time_part { TIME_MINUTE, TIME_HOUR, TIME_DAY, TIME_WEEK, TIME_MONTH, TIME_YEAR };

enum test_kind {
    TEST_PATTERN, /* text with wildcards */
    TEST_NUMBER,  /* the value as a number */
    TEST_TIME,    /* a part of the value as a date */
    TEST_NULL,    /* absent or empty */
    TEST_EXISTS,
    TEST_REGEX,
    TEST_NETWORK,
    TEST_FIELD, /* against the values of another field */
    TEST_GROUP, /* any of several, also below `all`: what one value was expanded to */
};

struct test {
    enum test_kind kind;
    union {
        struct pattern pattern;
        struct {
            enum compare compare;
            enum time_part part;
            struct number value;
        } number;
        bool exists;
        struct {
            const pcre2_code *regex;
            struct needles needles; /* that every match of it holds */
        };
        struct network network;
        struct {
            uint32_t field;
            bool open_start, open_end; /* the left value may go on in front of, behind the other one */
        } other;
        struct {
            const struct test *tests;
            size_t count;
        } group;
    } as;
};

struct item {
    uint32_t field;
    bool all;    /* every test must hold, each for any of the values; else one is enough */
    bool negate; /* of the finished item */
    const struct test *tests;
    size_t count;
    const struct sieve *sieve; /* says the same as the tests (rule/sieve.h); NULL for the few that most rules have */
};

enum expr_kind { EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_SELECTION, EXPR_ITEM };

struct expr {
    enum expr_kind kind;
    uint32_t selection; /* of EXPR_SELECTION: its number in the rule set; its expression is children[0] */
    struct text name;   /* of EXPR_SELECTION, as the rule calls it */
    const struct item *item;
    const struct expr **children;
    size_t count;
};

struct rule {
    struct rule_info info;
    struct text id; /* as written, "" without one; info.id may be a title, which is no reference */
    bool applicable;
    uint32_t path; /* it came with (ruleset_begin_path) */
    enum event_view view;                   /* the names of another log that its category speaks */
    uint32_t source;                        /* index in `sources` */
    struct text product, category, service; /* as filters compare them */
    const struct expr *condition;
    const uint32_t *gate_fields; /* ascending: one of its texts in `literals` must stand in one of these fields */
    size_t gate_field_count;     /* 0: no gate, only a look at the event decides */
    size_t gate_texts;
};

/* An expression, however many rules have it. */
struct regex {
    pcre2_code *code; /* NULL: it has mistakes, and no rule */
    struct text text; /* as it was written */
    struct needles needles;
};

/* A rule in the lists of the screen, which asks for it again and again without a look at the rule itself. */
struct listed_rule {
    uint32_t rule, source;
    bool key_decides; /* provider, channel or event ID may rule it out */
};

/* A rule under an event ID that it demands. */
struct id_rule {
    uint32_t id;
    struct listed_rule listed;
};

/* A name or an id under which a rule or a correlation can be found. */
struct rule_key {
    struct text key;
    uint32_t rule; /* correlations behind the rules */
    bool ambiguous;
};

struct ruleset {
    struct arena arena;
    struct rule *rules;
    size_t rule_count, not_applicable;
    struct correlation *correlations; /* in an order in which they can be worked out */
    size_t correlation_count;
    const struct rule_reads *reads; /* of each rule; NULL without correlations */
    struct field *fields;
    size_t field_count;
    struct source *sources;
    size_t source_count;
    uint32_t selection_count;
    struct regex *regexes;
    size_t regex_count;
    struct id_rule *by_id; /* sorted by id, then rule */
    size_t by_id_count;
    struct listed_rule *any_id; /* rules that demand no certain event ID */
    size_t any_id_count;
    struct literals literals; /* of all gates */
    struct rule_key *keys; /* sorted */
    size_t key_count;
};

#endif
