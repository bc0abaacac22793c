/*
 * error_code.h - the name and the meaning of a system error, whatever form a log or a person gives it in.
 *
 * Shape:   1753, 0x6D9, 0x800706D9 and -2147023143 are one error: an HRESULT of facility 7 and an NTSTATUS of facility 7
 *          carry a Win32 code in their low 16 bits, bit 28 marks an NTSTATUS shown as HRESULT, and a signed decimal or
 *          eight hex digits without 0x are the same 32 bits.
 * Source:  rules/catalog/win32-errors.yaml.
 */
#ifndef EVSCAN_CATALOG_ERROR_CODE_H
#define EVSCAN_CATALOG_ERROR_CODE_H

#include "catalog/catalog.h"

struct error_code {
    uint32_t code;           /* as it stands in the catalog */
    struct text name, words; /* words may be "" */
    struct text also;        /* its name in the other form: E_OUTOFMEMORY of ERROR_OUTOFMEMORY; "" for none */
};

/* A number in one of these forms; false when it is none of 32 bits. */
bool error_code_parse(struct text t, uint32_t *ret) MUST_USE;

/* The error itself or the one that is wrapped in it. */
bool error_code_find(const struct catalog *c, uint32_t code, struct error_code *ret) MUST_USE;

bool error_code_by_name(const struct catalog *c, struct text name, struct error_code *ret) MUST_USE;

/* All of them, by code. */
size_t error_code_count(const struct catalog *c);
struct error_code error_code_at(const struct catalog *c, size_t index);

/* "1753", "0x800706D9": as Windows' own tools print it. */
void error_code_put(struct buf *out, uint32_t code);

#endif
