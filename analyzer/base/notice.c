#include "base/notice.h"

#include <inttypes.h>

#include "base/limits.h"

#define INFO    NOTICE_INFO_LEVEL
#define WARNING NOTICE_WARNING_LEVEL
#define LOSS    NOTICE_LOSS_LEVEL

static const struct {
    int number;
    const char *name;
    enum notice_severity severity;
    const char *text;
} table[] = {
#define NOTICE(number, name, severity, text) { number, #name, severity, text },
#include "base/notice.def"
#undef NOTICE
};

void notices_init(struct notices *n, struct arena *arena)
{
    *n = (struct notices){ .arena = arena };
}

static void keep(struct notices *n, const struct notice *notice)
{
    n->items = arena_grow(n->arena, n->items, n->count, &n->capacity, sizeof *n->items);
    n->items[n->count++] = *notice;
}

/* Stays at its end: a count that started again from zero would let notices in once more. */
static uint32_t count_add(uint32_t a, uint32_t b)
{
    return b > UINT32_MAX - a ? UINT32_MAX : a + b;
}

enum status notice_add(struct notices *n, enum notice_code code, uint64_t offset, uint64_t value)
{
    if (n->seen[code] < LIMIT_NOTICES_PER_CODE)
        keep(n, &(struct notice){ code, offset, value });
    n->seen[code] = count_add(n->seen[code], 1);
    return table[code].severity == LOSS ? ST_LOST_RECORD : ST_OK;
}

void notices_merge(struct notices *n, const struct notices *from)
{
    uint32_t room[NOTICE_CODES];
    for (size_t code = 0; code < NOTICE_CODES; code++) {
        room[code] = n->seen[code] < LIMIT_NOTICES_PER_CODE ? LIMIT_NOTICES_PER_CODE - n->seen[code] : 0;
        n->seen[code] = count_add(n->seen[code], from->seen[code]);
    }
    for (size_t i = 0; i < from->count; i++)
        if (room[from->items[i].code] > 0) {
            room[from->items[i].code]--;
            keep(n, &from->items[i]);
        }
}

enum notice_severity notices_worst(const struct notices *n)
{
    enum notice_severity worst = INFO;
    for (size_t code = 0; code < NOTICE_CODES; code++)
        if (n->seen[code] && table[code].severity > worst)
            worst = table[code].severity;
    return worst;
}

int notice_number(enum notice_code code)
{
    return table[code].number;
}

const char *notice_name(enum notice_code code)
{
    return table[code].name;
}

/* True when what is lost is a log or all of one from some place on, not single records. */
static bool is_of_logs(enum notice_code code)
{
    switch (code) {
    case NOTICE_INPUT_READ:
    case NOTICE_INPUT_SHRUNK:
    case NOTICE_INPUT_INTERRUPTED:
    case NOTICE_EVT_CUT:
    case NOTICE_EVT_JOINED:
    case NOTICE_EVT_THEN_EVTX:
    case NOTICE_EVTX_FILE_CUT:
    case NOTICE_EVTX_THEN_EVT:
        return true;
    default:
        return false;
    }
}

const struct notice *notices_loss(const struct notices *n)
{
    const struct notice *first = NULL;
    for (size_t i = 0; i < n->count; i++) {
        const struct notice *item = &n->items[i];
        if (table[item->code].severity != LOSS)
            continue;
        if (is_of_logs(item->code))
            return item;
        first = first ? first : item;
    }
    return first;
}

enum notice_severity notice_severity(enum notice_code code)
{
    return table[code].severity;
}

const char *notice_severity_name(enum notice_severity severity)
{
    static const char *const names[] = { "info", "warning", "loss" };
    return names[severity];
}

bool notice_names_rule(enum notice_code code)
{
    return strstr(table[code].text, "{rule}") != NULL;
}

struct text notice_text_named(struct arena *arena, const struct notice *notice, struct text rule)
{
    const char *text = table[notice->code].text, *hole = strstr(text, "{rule}");
    return text_keep_format(arena, "%.*srule %.*s%s", (int)(hole - text), text, TEXT_ARG(rule), strchr(hole, '}') + 1);
}

/* Without the rules only the number is known. */
static struct text text_of_rule(struct arena *arena, const struct notice *notice)
{
    if (notice->value == NOTICE_NO_RULE)
        return notice_text_named(arena, notice, TEXT("of another rule set"));
    return notice_text_named(arena, notice, text_keep_format(arena, "%" PRIu64 " (counted from 0)", notice->value));
}

struct text notice_text(struct arena *arena, const struct notice *notice)
{
    if (notice_names_rule(notice->code))
        return text_of_rule(arena, notice);
    const char *text = table[notice->code].text;
    const char *hole = strchr(text, '{');
    if (!hole)
        return text_from(text);
    const char *rest = strchr(hole, '}') + 1;
    if (hole[1] == 'e')
        return text_keep_format(arena, "%.*s%s%s", (int)(hole - text), text, strerror((int)notice->value), rest);
    if (hole[1] == 'x')
        return text_keep_format(arena, "%.*s0x%" PRIx64 "%s", (int)(hole - text), text, notice->value, rest);
    return text_keep_format(arena, "%.*s%" PRIu64 "%s", (int)(hole - text), text, notice->value, rest);
}
