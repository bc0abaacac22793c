#include "libyal/libyal_xml.h"

#include <expat.h>
#include <stdlib.h>

#include "event/event_builder.h"

struct libyal_xml {
    XML_Parser parser;
    struct arena *arena; /* of the event being made */
    struct event_builder builder;
    struct document *document;
};

static struct text keep(struct libyal_xml *x, const char *c_string)
{
    return text_keep(x->arena, text_from(c_string));
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct libyal_xml *x = ctx;
    if (x->builder.depth == LIMIT_ELEMENT_DEPTH) {
        XML_StopParser(x->parser, XML_FALSE);
        return;
    }
    event_builder_element(&x->builder, keep(x, name));
    for (; *attributes; attributes += 2)
        event_builder_attribute(&x->builder, keep(x, attributes[0]), keep(x, attributes[1]));
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    struct libyal_xml *x = ctx;
    UNUSED(name);
    event_builder_element_end(&x->builder);
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
    struct libyal_xml *x = ctx;
    event_builder_text(&x->builder, text_keep(x->arena, (struct text){ text, (size_t)n }));
}

static void XMLCALL on_document_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct libyal_xml *x = ctx;
    document_element(x->document, keep(x, name));
    for (; *attributes; attributes += 2)
        document_attribute(x->document, keep(x, attributes[0]), keep(x, attributes[1]));
}

static void XMLCALL on_document_end(void *ctx, const XML_Char *name)
{
    struct libyal_xml *x = ctx;
    UNUSED(name);
    document_element_end(x->document);
}

static void XMLCALL on_document_text(void *ctx, const XML_Char *text, int n)
{
    struct libyal_xml *x = ctx;
    document_text(x->document, text_keep(x->arena, (struct text){ text, (size_t)n }));
}

struct libyal_xml *libyal_xml_new(void)
{
    struct libyal_xml *x = memory_new(sizeof *x);
    x->parser = NULL;
    return x;
}

void libyal_xml_free(struct libyal_xml *x)
{
    if (x->parser)
        XML_ParserFree(x->parser);
    free(x);
}

/* A parser forgets its handlers with each document. */
static bool parser_begin(struct libyal_xml *x)
{
    if (!x->parser)
        x->parser = XML_ParserCreate("UTF-8");
    else if (!XML_ParserReset(x->parser, "UTF-8"))
        return false;
    if (!x->parser)
        return false;
    XML_SetUserData(x->parser, x);
    return true;
}

/* Feeds `xml`, each CR in it as a reference. */
static bool parser_feed(struct libyal_xml *x, struct text xml)
{
    static const char reference[] = "&#13;";
    while (xml.n) {
        size_t n = text_find_char(xml, '\r');
        bool found = n < xml.n;
        if (XML_Parse(x->parser, xml.p, (int)n, XML_FALSE) != XML_STATUS_OK ||
            (found && XML_Parse(x->parser, reference, sizeof reference - 1, XML_FALSE) != XML_STATUS_OK))
            return false;
        xml = text_from_index(xml, n + found);
    }
    return XML_Parse(x->parser, "", 0, XML_TRUE) == XML_STATUS_OK;
}

bool libyal_xml_event(struct libyal_xml *x, struct text xml, struct arena *arena, struct event *ret)
{
    x->arena = arena;
    event_builder_begin(&x->builder, arena, ret);
    if (!parser_begin(x))
        return false;
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    if (!parser_feed(x, xml))
        return false;
    event_builder_end(&x->builder);
    if (x->builder.cut)
        ret->marks |= EVENT_CUT;
    return true;
}

bool libyal_xml_document(struct libyal_xml *x, struct text xml, struct arena *arena, struct document *ret)
{
    x->arena = arena;
    x->document = ret;
    document_begin(ret, arena);
    if (!parser_begin(x))
        return false;
    XML_SetElementHandler(x->parser, on_document_start, on_document_end);
    XML_SetCharacterDataHandler(x->parser, on_document_text);
    return parser_feed(x, xml);
}
