/*
 * Property: whatever text is laid out, the terminal gets no control character but line ends, valid UTF-8, and
 * no line wider than asked for unless it is a single word; JSON gets no control character at all.
 *
 * Input: width, first indent, hanging indent (a byte each), then the text.
 */
#include <stdlib.h>

#include "base/utf.h"
#include "form/escape.h"
#include "form/text_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_characters(struct text t)
{
    require(utf8_valid(t));
    for (size_t i = 0; i < t.n; i++)
        require((unsigned char)t.p[i] >= 0x20 && t.p[i] != 0x7f);
}

static void check_lines(struct text lines, unsigned width)
{
    while (lines.n > 0) {
        size_t end = text_find_char(lines, '\n');
        struct text line = { lines.p, end }, words = text_trim(line);
        require(end < lines.n);
        check_characters(line);
        require(text_columns(line) <= width || text_find_char(words, ' ') == words.n);
        lines = text_from_index(lines, end + 1);
    }
}

static void check_layout(struct text t, unsigned width, unsigned first, unsigned hang)
{
    struct buf out;
    struct layout l;
    buf_init(&out);
    layout_init(&l, &out, width, false);
    layout_begin(&l, first, hang);
    layout_words(&l, STYLE_PLAIN, t);
    layout_end(&l);
    check_lines(buf_text(&out), l.width);
    layout_done(&l);
    buf_done(&out);
}

static void check_json(struct text t)
{
    struct buf out;
    buf_init(&out);
    escape_json(&out, t);
    require(out.n >= 2 && out.p[0] == '"' && out.p[out.n - 1] == '"');
    check_characters(buf_text(&out));
    buf_done(&out);
}

static void check_cut(struct text t, unsigned columns)
{
    struct buf out;
    buf_init(&out);
    text_cut(&out, t, columns);
    check_characters(buf_text(&out));
    require(text_columns(buf_text(&out)) <= columns);
    out.n = 0;
    text_cut_middle(&out, t, columns);
    check_characters(buf_text(&out));
    require(text_columns(buf_text(&out)) <= columns);
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct text t = { (const char *)data + 3, size - 3 };
    check_layout(t, data[0], data[1] % 16, data[2] % 16);
    check_json(t);
    check_cut(t, 40 + data[0]);
    return 0;
}
