#define _GNU_SOURCE /* memmem */
#include "rule/pattern.h"

#include "base/utf.h"
#include "rule/fold.h"

const struct text dash_spellings[DASH_COUNT] = {
    { "-", 1 }, { "/", 1 }, { "\xE2\x80\x93", 3 }, { "\xE2\x80\x94", 3 }, { "\xE2\x80\x95", 3 },
};

static bool is_mark(char c)
{
    return (unsigned char)c >= 0xFD;
}

/* Where the next character stands that may be more than itself. */
static size_t plain_end(struct text t, size_t at)
{
    while (at < t.n && t.p[at] != '\\' && t.p[at] != '*' && t.p[at] != '?')
        at++;
    return at;
}

void sigma_string_parse(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.n; i++) {
        size_t end = plain_end(t, i);
        if (end > i)
            buf_add(out, (struct text){ t.p + i, end - i });
        if (end == t.n)
            return;
        i = end;
        char c = t.p[i], next = i + 1 < t.n ? t.p[i + 1] : '\0';
        if (c == '\\' && (next == '*' || next == '?' || next == '\\'))
            c = t.p[++i];
        else if (c == '*')
            c = MARK_ANY;
        else if (c == '?')
            c = MARK_ONE;
        buf_add_char(out, c);
    }
}

bool marked_has_wildcards(struct text marked)
{
    return text_find_char(marked, MARK_ANY) < marked.n || text_find_char(marked, MARK_ONE) < marked.n;
}

struct text marked_open(struct arena *arena, struct text marked, bool start, bool end)
{
    start = start && !(marked.n && marked.p[0] == MARK_ANY);
    end = end && !(marked.n && marked.p[marked.n - 1] == MARK_ANY);
    char *p = arena_alloc(arena, marked.n + 2);
    size_t n = 0;
    if (start)
        p[n++] = MARK_ANY;
    memcpy(p + n, marked.p, marked.n);
    n += marked.n;
    if (end)
        p[n++] = MARK_ANY;
    return (struct text){ p, n };
}

/* Bytes of the dash that stands at `at`, 0 for none. */
static size_t dash_at(struct text t, size_t at)
{
    for (size_t i = 0; i < DASH_COUNT; i++)
        if (text_starts_with(text_from_index(t, at), dash_spellings[i]))
            return dash_spellings[i].n;
    return 0;
}

/* Letter, digit or underscore.  Beyond ASCII everything but general punctuation counts. */
static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return c >= 0xAA && !(c >= 0x2000 && c <= 0x206F);
}

static bool is_word_at(struct text t, size_t at)
{
    return at < t.n && !is_mark(t.p[at]) && is_word(utf8_next(t, &at));
}

struct text marked_windash(struct arena *arena, struct text marked)
{
    char *p = arena_alloc(arena, marked.n);
    size_t n = 0;
    bool behind_word = false;
    for (size_t at = 0; at < marked.n;) {
        size_t dash = dash_at(marked, at), length = dash ? dash : 1;
        if (dash && !behind_word && is_word_at(marked, at + dash)) {
            p[n++] = MARK_DASH;
        } else {
            size_t end = at;
            if (!is_mark(marked.p[at]))
                utf8_next(marked, &end);
            length = end > at ? end - at : 1;
            memcpy(p + n, marked.p + at, length);
            n += length;
        }
        behind_word = is_word_at(marked, at);
        at += length;
    }
    return (struct text){ p, n };
}

static bool has_letters_beyond_ascii(struct text marked)
{
    for (size_t i = 0; i < marked.n; i++)
        if ((unsigned char)marked.p[i] >= 0x80 && !is_mark(marked.p[i]))
            return true;
    return false;
}

/* Literal runs are folded, marks are kept. */
static struct text fold_marked(struct arena *arena, struct text marked)
{
    char *p = arena_alloc(arena, has_letters_beyond_ascii(marked) ? fold_room(marked.n) : marked.n);
    size_t n = 0;
    for (size_t at = 0; at < marked.n;) {
        size_t end = at;
        while (end < marked.n && !is_mark(marked.p[end]))
            end++;
        n += fold_into((struct text){ marked.p + at, end - at }, p + n);
        if (end < marked.n)
            p[n++] = marked.p[end++];
        at = end;
    }
    return (struct text){ p, n };
}

static struct segment segment_of(struct text bytes)
{
    struct segment s = { .bytes = bytes };
    for (size_t i = 0; i < bytes.n; i++) {
        s.characters += ((unsigned char)bytes.p[i] & 0xC0) != 0x80;
        s.marked = s.marked || is_mark(bytes.p[i]);
    }
    return s;
}

static size_t count_stars(struct text marked)
{
    size_t n = 0;
    for (size_t i = 0; i < marked.n; i++)
        n += marked.p[i] == MARK_ANY;
    return n;
}

void pattern_compile(struct arena *arena, struct text marked, bool cased, struct pattern *ret)
{
    struct text text = cased ? text_keep(arena, marked) : fold_marked(arena, marked);
    struct segment *segments = ARENA_NEW_N(arena, struct segment, count_stars(text) + 1);
    *ret = (struct pattern){ .segments = segments, .cased = cased };
    ret->open_start = text.n > 0 && text.p[0] == MARK_ANY;
    ret->open_end = text.n > 0 && text.p[text.n - 1] == MARK_ANY;
    for (size_t at = 0; at <= text.n;) {
        struct text rest = text_from_index(text, at);
        size_t n = text_find_char(rest, MARK_ANY);
        if (n > 0)
            segments[ret->count++] = segment_of((struct text){ rest.p, n });
        at += n + 1;
    }
    if (ret->count == 0 && !ret->open_start)
        segments[ret->count++] = segment_of(TEXT("")); /* matches the empty text only */
    ret->exact = ret->count == 1 && !ret->open_start && !ret->open_end && !segments[0].marked;
}

size_t pattern_longest_marked(const struct pattern *p)
{
    size_t longest = 0;
    for (uint32_t i = 0; i < p->count; i++)
        if (p->segments[i].marked && p->segments[i].bytes.n > longest)
            longest = p->segments[i].bytes.n;
    return longest;
}

static size_t character_at(struct text t, size_t at)
{
    size_t end = at + 1;
    while (end < t.n && ((unsigned char)t.p[end] & 0xC0) == 0x80)
        end++;
    return end - at;
}

#define NOWHERE SIZE_MAX

/* Where the segment ends when it stands at `at`, or NOWHERE. */
static size_t segment_end(const struct segment *s, struct text t, size_t at)
{
    if (!s->marked) {
        bool there = t.n - at >= s->bytes.n && memcmp(t.p + at, s->bytes.p, s->bytes.n) == 0;
        return there ? at + s->bytes.n : NOWHERE;
    }
    for (size_t i = 0; i < s->bytes.n; i++) {
        char c = s->bytes.p[i];
        if (at >= t.n)
            return NOWHERE;
        size_t length = c == MARK_ONE ? character_at(t, at) : c == MARK_DASH ? dash_at(t, at) : c == t.p[at];
        if (length == 0)
            return NOWHERE;
        at += length;
    }
    return at;
}

/* The first place at or behind `at` where the segment stands; `*end` is its end there. */
static bool segment_find(const struct segment *s, struct text t, size_t at, size_t *end)
{
    if (!s->marked) {
        const char *p = memmem(t.p + at, t.n - at, s->bytes.p, s->bytes.n);
        *end = p ? (size_t)(p - t.p) + s->bytes.n : NOWHERE;
        return p != NULL;
    }
    for (; at < t.n; at += character_at(t, at)) {
        *end = segment_end(s, t, at);
        if (*end != NOWHERE)
            return true;
    }
    return false;
}

/* The segment at the very end, not in front of `at`.  With marks: steps back over as many characters as it
 * has. */
static bool segment_is_last(const struct segment *s, struct text t, size_t at)
{
    size_t start = t.n;
    if (!s->marked)
        return t.n - at >= s->bytes.n && segment_end(s, t, t.n - s->bytes.n) == t.n;
    for (uint32_t i = 0; i < s->characters; i++) {
        if (start == at)
            return false;
        do
            start--;
        while (start > at && ((unsigned char)t.p[start] & 0xC0) == 0x80);
    }
    return segment_end(s, t, start) == t.n;
}

bool pattern_matches(const struct pattern *p, struct text t)
{
    size_t at = 0;
    uint32_t first = 0, last = p->count;
    if (t.n == 0)
        t.p = "";
    if (p->exact)
        return text_equal(t, p->segments[0].bytes);
    if (!p->open_start) {
        at = segment_end(&p->segments[first++], t, 0);
        if (at == NOWHERE || (p->count == 1 && !p->open_end))
            return at == t.n;
    }
    if (!p->open_end)
        last--;
    for (uint32_t i = first; i < last; i++)
        if (!segment_find(&p->segments[i], t, at, &at))
            return false;
    return p->open_end || segment_is_last(&p->segments[last], t, at);
}
