/*
 * binxml.h - the words of binary XML: tokens and value types, as they stand in the bytes.
 *
 * Source:  [MS-EVEN6] 2.2.12; libyal, "Windows XML Event Log (EVTX)", section Binary XML.
 */
#ifndef EVSCAN_EVTX_BINXML_H
#define EVSCAN_EVTX_BINXML_H

enum binxml_token {
    BINXML_EOF,
    BINXML_ELEMENT,     /* <name */
    BINXML_CONTENT,     /* > */
    BINXML_EMPTY,       /* /> */
    BINXML_END,         /* </name> */
    BINXML_TEXT,        /* literal value */
    BINXML_ATTRIBUTE,
    BINXML_CDATA,
    BINXML_CHARACTER,   /* &#N; */
    BINXML_ENTITY,      /* &name; */
    BINXML_PI_TARGET,
    BINXML_PI_DATA,
    BINXML_INSTANCE,    /* of a template */
    BINXML_VALUE,       /* substitution */
    BINXML_OPTIONAL,    /* substitution that takes its element or attribute along when it is NULL */
    BINXML_FRAGMENT,
};

#define BINXML_MORE 0x40u /* flag: an attribute list, or more of the same, follows */

enum binxml_type {
    BINXML_NULL = 0x00,
    BINXML_STRING = 0x01,
    BINXML_ANSI = 0x02,
    BINXML_INT8 = 0x03,
    BINXML_UINT8 = 0x04,
    BINXML_INT16 = 0x05,
    BINXML_UINT16 = 0x06,
    BINXML_INT32 = 0x07,
    BINXML_UINT32 = 0x08,
    BINXML_INT64 = 0x09,
    BINXML_UINT64 = 0x0A,
    BINXML_FLOAT = 0x0B,
    BINXML_DOUBLE = 0x0C,
    BINXML_BOOL = 0x0D,
    BINXML_BINARY = 0x0E,
    BINXML_GUID = 0x0F,
    BINXML_SIZE = 0x10,
    BINXML_FILETIME = 0x11,
    BINXML_SYSTEMTIME = 0x12,
    BINXML_SID = 0x13,
    BINXML_HEX32 = 0x14,
    BINXML_HEX64 = 0x15,
    BINXML_STREAM = 0x21, /* binary XML inside a value */
    BINXML_XML = 0x23,    /* text */
    BINXML_ARRAY = 0x80,  /* flag: several of the type below it */
};

#define BINXML_NO_DEPENDENCY 0xFFFFu

/* token, version, template id, definition offset */
#define BINXML_INSTANCE_SIZE 10u

/* A definition before its body: next u32, GUID, body size u32. */
#define BINXML_DEFINITION_HEAD 24u

#endif
