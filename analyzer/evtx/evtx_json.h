/*
 * evtx_json.h - the sink that writes JSON, in the layout that evtx_dump made known.
 *
 * Shape:   {"Event":{"#attributes":{..},"System":{..},"EventData":{..}}}
 *          element   null when it has nothing; its text when it has only text; else an object: "#attributes", "#text",
 *                    then its children.  A name that was there before gets _1, _2 ..
 *          <Data Name="X"> of EventData and UserData: a member X, "" when empty; several in a row are an array.
 *          <Data> without a name: all of them "Data":{"#text":value}, or an array of values, where the first one stood.
 *          numbers and booleans are bare when they are all that an element or attribute holds; all else is a string.
 * Unlike evtx_dump: a Data without name beside named ones is written, not dropped; elements and Data share one count of
 *          names, so that no member comes twice; text keeps a NUL inside of it.
 * How:     in one pass, at the end of the line.  What only later elements can tell (it is an array, it has text behind
 *          its children) is mended by inserting; that is rare, or next to the end.
 */
#ifndef EVSCAN_EVTX_EVTX_JSON_H
#define EVSCAN_EVTX_EVTX_JSON_H

#include "evtx/binxml_walk.h"
#include "evtx/evtx_line.h"

enum json_state {
    JSON_EMPTY,      /* nothing written yet */
    JSON_ATTRIBUTES, /* in {"#attributes":{ */
    JSON_BARE,       /* a number is at the end */
    JSON_STRING,     /* in a string */
    JSON_OBJECT,     /* behind a member */
};

/* Values that become an array when there is a second one. */
struct json_run {
    size_t count, first, end; /* end is behind the values, before any closing bracket */
};

struct json_open {
    enum json_state state;
    bool in_object;  /* BARE, STRING: it is #text of an object */
    bool has_text;   /* OBJECT: it has #text, at .. */
    bool bare_text;  /* .. and that is a number */
    bool container;  /* EventData, UserData: Data is special in it */
    bool is_data;    /* a Data of such a one .. */
    bool pending;    /* .. that has no key yet */
    bool positional; /* .. and got none */
    size_t start;    /* of its value */
    size_t text, text_end, members; /* where #text is, or would be put */
    uint64_t names_seen;            /* a bit a name, to be sure that one is new */
    size_t names;                   /* its first one in json_writer.names */
    struct json_run named, unnamed; /* container */
    struct text run_name;
};

struct json_name {
    struct text name;
    uint32_t count;
};

struct json_writer {
    struct line *line;
    enum { JSON_NO_ATTRIBUTE, JSON_ATTRIBUTE, JSON_DATA_NAME, JSON_DROPPED } attribute;
    size_t attribute_at; /* where it begins */
    size_t value_at;     /* where its value begins .. */
    bool value_bare;     /* .. which is a number so far */
    const struct plan_op *only_literal; /* all there is of the value so far */
    size_t depth;
    struct json_open open[LIMIT_ELEMENT_DEPTH + 1]; /* [0] is the document */
    struct json_name *names; /* of all open objects, innermost last */
    size_t name_count, name_capacity;
};

void evtx_json_init(struct json_writer *j);
void evtx_json_done(struct json_writer *j);

void evtx_json_begin(struct json_writer *j, struct line *line);
void evtx_json_end(struct json_writer *j);

/* `ctx` of the sink is a struct json_writer. */
extern const struct binxml_sink json_sink;

#endif
