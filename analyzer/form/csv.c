#include "form/csv.h"

#include "base/utf.h"
#include "form/escape.h"

/*
 * What a spreadsheet takes for a formula: = + - @, also in full width, which Excel of East Asian Windows takes alike.
 * Tabs and line ends in front of them are gone already (escape_terminal).
 */
static bool is_formula(struct text cell)
{
    static const uint32_t signs[] = { '=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
    size_t at = 0;
    while (at < cell.n && cell.p[at] == ' ')
        at++;
    uint32_t first = at < cell.n ? utf8_next(cell, &at) : 0;
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (first == signs[i])
            return true;
    return false;
}

static bool needs_quotes(struct text cell)
{
    if (text_find_char(cell, ',') < cell.n || text_find_char(cell, '"') < cell.n)
        return true;
    return cell.n && (cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ');
}

void csv_escaped(struct buf *out, struct text cell)
{
    bool quotes = needs_quotes(cell);
    if (quotes)
        buf_add_char(out, '"');
    if (is_formula(cell))
        buf_add_char(out, '\'');
    while (cell.n) {
        size_t quote = text_find_char(cell, '"');
        buf_add(out, (struct text){ cell.p, quote });
        if (quote < cell.n)
            buf_add_c(out, "\"\"");
        cell = text_from_index(cell, quote + 1);
    }
    if (quotes)
        buf_add_char(out, '"');
}

void csv_text(struct buf *out, struct buf *scratch, struct text t)
{
    scratch->n = 0;
    escape_terminal(scratch, t);
    csv_escaped(out, buf_text(scratch));
}

void csv_end(struct buf *out)
{
    buf_add_c(out, "\r\n");
}
