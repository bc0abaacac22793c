/*
 * Property: show | parse | show is stable.  A record, whatever its BinXML is, comes in every form or in none, with the
 * same key and marks.  Its JSON is strict, and printed from what was parsed it has the same bytes.  Its XML parses,
 * and the event made from that has the members and fields of the event itself.
 *
 * Input: the BinXML of the first record of a chunk, as it stands at offset 536.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "evtx/evtx.h"
#include "io/input.h"
#include "libyal/libyal_xml.h"
#include "one_record.h"
#include "strict_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Marks of a record that is not delivered as it was written, or whose XML cannot say what it is. */
#define NOT_COMPARED (EVENT_PARTIAL | EVENT_CUT | EVENT_TEMPLATE_LOST | EVENT_ODD_VALUE)

struct form_seen {
    uint64_t count;
    struct event_key key;
    uint32_t marks;
    struct text text;           /* of the rendered forms */
    const struct event *event;  /* EVENT_AS_FIELDS */
    struct arena *arena;
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool want(void *ctx, const struct event_key *key)
{
    struct form_seen *s = ctx;
    s->key = *key;
    s->key.provider = text_keep(s->arena, key->provider);
    s->key.channel = text_keep(s->arena, key->channel);
    s->key.computer = text_keep(s->arena, key->computer);
    return true;
}

static void on_event(void *ctx, const struct event *e)
{
    struct form_seen *s = ctx;
    s->count++;
    s->marks = e->marks;
    s->event = event_keep(s->arena, e, SIZE_MAX);
}

static void on_rendered(void *ctx, const struct event_key *key, const struct event_about *about, struct text text)
{
    struct form_seen *s = ctx;
    UNUSED(key);
    s->count++;
    s->marks = about->marks;
    s->text = text_keep(s->arena, text);
    require(utf8_valid(text) && text_find_char(text, '\n') == text.n);
}

static void read_form(struct decoder *decoder, struct bytes file, enum event_form form, struct form_seen *s)
{
    struct notices notices;
    struct account account = { 0 };
    struct batch batch = { 0 };
    struct buf lines = { 0 };
    struct event_sink sink = {
        .ctx = s, .want = want, .event = on_event, .form = form, .lines = &lines, .rendered = on_rendered,
    };
    struct input *in = input_from_bytes(file, "fuzz.evtx");
    notices_init(&notices, s->arena);
    require(evtx_format.probe(in));
    struct log *log = evtx_format.open(in, &account, &notices);
    while (evtx_format.next(log, &batch, &account, &notices) == ST_OK)
        (void)evtx_format.decode(decoder, log, &batch, &sink, &account, &notices);
    evtx_format.close(log);
    input_close(in);
    free(batch.bytes);
    buf_done(&lines);
}

static void check_keys(const struct form_seen *a, const struct form_seen *b)
{
    require(a->count == b->count);
    require(text_equal(a->key.provider, b->key.provider) && text_equal(a->key.channel, b->key.channel));
    require(text_equal(a->key.computer, b->key.computer) && a->key.id == b->key.id && a->key.time == b->key.time);
    require(a->key.level == b->key.level && a->key.record_id == b->key.record_id);
}

/* Values as a parser of XML 1.0 gets them: what it does not have is U+FFFD. */
static struct text as_in_xml(struct arena *arena, struct text t)
{
    char *copy = arena_alloc(arena, t.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        bool noncharacter = i + 2 < t.n && c == 0xEF && (unsigned char)t.p[i + 1] == 0xBF &&
                            (unsigned char)t.p[i + 2] >= 0xBE;
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || noncharacter) {
            memcpy(copy + n, "\xEF\xBF\xBD", 3);
            n += 3;
            i += noncharacter ? 2 : 0;
        } else {
            copy[n++] = t.p[i];
        }
    }
    return (struct text){ copy, n };
}

static void check_fields(struct arena *arena, const struct event *e, const struct event *parsed)
{
    require(text_equal(as_in_xml(arena, e->user_sid), parsed->user_sid));
    require(text_equal(as_in_xml(arena, e->event_id), parsed->event_id));
    require(e->qualifiers == parsed->qualifiers && e->task == parsed->task && e->keywords == parsed->keywords);
    require(e->field_count == parsed->field_count);
    for (size_t i = 0; i < e->field_count; i++) {
        const struct event_field *a = &e->fields[i], *b = &parsed->fields[i];
        require(a->part == b->part && text_equal(as_in_xml(arena, a->name), b->name));
        require(text_equal(as_in_xml(arena, a->value), b->value));
    }
}

/* A stream of several roots is no document by itself, but a part of the one that show writes. */
static bool in_document(struct libyal_xml *parser, struct arena *arena, struct text xml)
{
    struct event parsed;
    struct text document = text_keep_format(arena, "<Events>%.*s</Events>", TEXT_ARG(xml));
    return libyal_xml_event(parser, document, arena, &parsed);
}

/* What is wrong with the record is known from its fields; a name that XML does not allow, from the XML. */
static void check_xml(struct arena *arena, const struct form_seen *fields, const struct form_seen *xml)
{
    bool compared = !((fields->marks | xml->marks) & NOT_COMPARED);
    struct libyal_xml *parser = libyal_xml_new();
    struct event parsed;
    bool sound = libyal_xml_event(parser, xml->text, arena, &parsed);
    require(sound || !compared || in_document(parser, arena, xml->text));
    if (sound && compared)
        check_fields(arena, fields->event, &parsed);
    libyal_xml_free(parser);
}

static void check_record(struct decoder *decoder, struct bytes file, struct arena *arena)
{
    struct form_seen fields = { .arena = arena }, xml = { .arena = arena }, json = { .arena = arena };
    read_form(decoder, file, EVENT_AS_FIELDS, &fields);
    read_form(decoder, file, EVENT_AS_XML, &xml);
    read_form(decoder, file, EVENT_AS_JSON, &json);
    check_keys(&fields, &xml);
    check_keys(&fields, &json);
    if (fields.count != 1)
        return;
    require(strict_json(json.text));
    check_xml(arena, &fields, &xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *file;
    static struct decoder *decoder;
    struct arena arena;
    if (size > ONE_BINXML_MOST)
        return 0;
    if (!file) {
        file = memory_new(ONE_FILE);
        decoder = evtx_format.decoder_new();
    }
    arena_init(&arena);
    check_record(decoder, one_record(file, (struct bytes){ data, size }), &arena);
    arena_done(&arena);
    return 0;
}
