#include "cli/rules_fields.h"

/* The first word: what stands behind it says what the value is. */
static struct text first_word(struct text t)
{
    return (struct text){ t.p, text_find_char(t, ' ') };
}

static bool has_named_fields(const struct guide_event *e)
{
    for (size_t i = 0; i < e->fields.count; i++)
        if (text_starts_with(e->fields.items[i], TEXT("%")))
            return false;
    return e->confirmed && e->fields.count > 0;
}

static const char *names_of(struct arena *arena, const struct guide_event *e)
{
    struct buf names;
    buf_init(&names);
    for (size_t i = 0; i < e->fields.count; i++) {
        buf_add_c(&names, i ? " " : "");
        buf_add(&names, first_word(e->fields.items[i]));
    }
    const char *kept = text_keep_format(arena, "%.*s", TEXT_ARG(buf_text(&names))).p;
    buf_done(&names);
    return kept;
}

const struct event_fields *guide_event_fields(struct arena *arena, const struct guide *guide, size_t *count)
{
    struct event_fields *all = ARENA_NEW_N(arena, struct event_fields, guide_count(guide));
    *count = 0;
    for (size_t i = 0; i < guide_count(guide); i++) {
        const struct guide_event *e = guide_event(guide, i);
        const char *provider = text_keep_format(arena, "%.*s", TEXT_ARG(e->provider)).p;
        if (has_named_fields(e))
            all[(*count)++] = (struct event_fields){ .channel = "", .provider = provider, .source = provider,
                                                     .id = e->id, .names = names_of(arena, e) };
    }
    return all;
}
