#include "cli/explain.h"

#include <stdio.h>

#include "cli/shipped.h"

#define INDENT 2

void explain_begin(struct explain *x, struct arena *arena, const struct option_list *rules,
                   const struct option_list *add)
{
    *x = (struct explain){ .arena = arena };
    /* Without the shipped rules there is still what could be said, and knowledge_load has told so. */
    if (!knowledge_load(arena, rules, add, &x->knowledge))
        x->knowledge.diags.errors++;
    x->catalog = shipped_catalog(arena, &x->knowledge.diags);
    x->guide = shipped_guide(arena, &x->knowledge.diags);
    x->matcher = matcher_new(x->knowledge.rules);
    knowledge_mistakes_tell(&x->knowledge, false);
}

void explain_end(struct explain *x)
{
    matcher_free(x->matcher);
    guide_free(x->guide);
    catalog_free(x->catalog);
    knowledge_done(&x->knowledge);
}

/* Of several forms the first, which has the most values. */
struct text explain_sentence(const struct explain *x, const struct guide_event *e)
{
    size_t count;
    const struct text *templates = catalog_templates(x->catalog, e->provider, e->id, &count);
    return count ? templates[0] : TEXT("");
}

static struct text name_of(const struct rule_info *info)
{
    return info->name.n ? info->name : info->id;
}

static const uint32_t *rules_of(struct explain *x, const struct guide_event *e, size_t *count)
{
    struct text channel = e->channel.n ? e->channel : TEXT("System");
    const struct event_key key = { .provider = e->provider, .channel = channel, .id = e->id };
    return matcher_candidates(x->matcher, &key, count);
}

/* The titles of the rules. */
static struct text words_of_rules(struct explain *x, const uint32_t *rules, size_t count)
{
    struct text words = TEXT("");
    for (size_t i = 0; i < count; i++) {
        const struct rule_info *info = ruleset_info(x->knowledge.rules, rules[i]);
        words = text_keep_format(x->arena, "%.*s%s%.*s", TEXT_ARG(words), i ? "; or: " : "", TEXT_ARG(info->title));
    }
    return words;
}

size_t explain_by_rules(struct explain *x, struct text provider, uint32_t id, const struct guide_event **ret)
{
    static const char *const channels[] = { "System", "Application", "Security" };
    struct text whole = text_keep_format(x->arena, "Microsoft-Windows-%.*s", TEXT_ARG(provider));
    for (size_t i = 0; i < 2 * COUNT_OF(channels); i++) {
        struct guide_event *e = ARENA_NEW(x->arena, struct guide_event);
        size_t count;
        e->provider = i % 2 ? whole : provider;
        e->channel = text_from(channels[i / 2]);
        e->id = id;
        const uint32_t *rules = rules_of(x, e, &count);
        if (count) {
            e->means = words_of_rules(x, rules, count);
            e->level = text_from(rule_level_name(ruleset_info(x->knowledge.rules, rules[0])->level));
            *ret = e;
            return 1;
        }
    }
    return 0;
}

static bool uses(const struct article *a, const uint32_t *rules, size_t count)
{
    for (size_t i = 0; i < a->evidence_count; i++)
        for (size_t k = 0; k < a->evidence[i].rule_count; k++)
            for (size_t r = 0; r < count; r++)
                if (a->evidence[i].rules[k] == rules[r])
                    return true;
    return false;
}

static void heading(struct layout *l, const char *words)
{
    layout_begin(l, INDENT, INDENT);
    layout_words(l, STYLE_STRONG, text_from(words));
    layout_end(l);
}

static void list_text(struct layout *l, const char *words, const struct texts *list, bool numbered)
{
    if (!list->count)
        return;
    layout_blank(l);
    heading(l, words);
    for (size_t i = 0; i < list->count; i++) {
        char marker[32];
        snprintf(marker, sizeof marker, numbered ? "%zu. " : "* ", i + 1);
        layout_item(l, 2 * INDENT, marker, STYLE_PLAIN, list->items[i]);
    }
}

static void fields_text(struct explain *x, const struct guide_event *e, struct layout *l)
{
    if (!e->fields.count)
        return;
    layout_blank(l);
    heading(l, e->confirmed ? "Values" : "Values (their names are not confirmed: address them by position)");
    for (size_t i = 0; i < e->fields.count; i++) {
        bool numbered = e->fields.items[i].n && e->fields.items[i].p[0] == '%';
        struct text line = e->fields.items[i];
        if (!numbered)
            line = text_keep_format(x->arena, "%%%zu %.*s", i + 1, TEXT_ARG(line));
        layout_item(l, 2 * INDENT, "", STYLE_PLAIN, line);
    }
}

static void users_text(struct explain *x, const struct guide_event *e, struct layout *l)
{
    size_t count, found = 0;
    const uint32_t *rules = rules_of(x, e, &count);
    for (size_t i = 0; i < count; i++) {
        const struct rule_info *info = ruleset_info(x->knowledge.rules, rules[i]);
        if (i == 0)
            layout_blank(l), heading(l, "Rules of evscan that look at it");
        layout_item(l, 2 * INDENT, "* ", STYLE_PLAIN,
                    text_keep_format(x->arena, "%.*s: %.*s", TEXT_ARG(name_of(info)), TEXT_ARG(info->title)));
    }
    for (size_t i = 0; i < kb_count(x->knowledge.kb); i++) {
        const struct article *a = kb_article(x->knowledge.kb, i);
        if (!uses(a, rules, count))
            continue;
        if (found++ == 0)
            layout_blank(l), heading(l, "Articles that it is evidence for (evscan kb show ID)");
        layout_item(l, 2 * INDENT, "* ", STYLE_PLAIN,
                    text_keep_format(x->arena, "%.*s: %.*s", TEXT_ARG(a->id), TEXT_ARG(a->title)));
    }
}

/* "Also written by ClusDisk" */
static struct text sources_text(struct explain *x, const struct guide_event *e)
{
    struct text line = TEXT("Also written by ");
    for (size_t i = 0; i < e->sources.count; i++)
        line = text_keep_format(x->arena, "%.*s%s%.*s", TEXT_ARG(line), i ? ", " : "", TEXT_ARG(e->sources.items[i]));
    return line;
}

static void head_text(struct explain *x, const struct guide_event *e, struct layout *l)
{
    layout_begin(l, 0, INDENT);
    layout_words(l, STYLE_STRONG, text_keep_format(x->arena, "%.*s %lu", TEXT_ARG(e->provider), (unsigned long)e->id));
    layout_words(l, STYLE_PLAIN,
                 text_keep_format(x->arena, "  %.*s%s%.*s", TEXT_ARG(e->level), e->symbol.n ? ", " : "",
                                  TEXT_ARG(e->symbol)));
    layout_end(l);
    layout_item(l, INDENT, "", STYLE_PLAIN,
                text_keep_format(x->arena, "Log %.*s%s%.*s", TEXT_ARG(e->channel.n ? e->channel : TEXT("System")),
                                 e->windows.n ? "; Windows " : "", TEXT_ARG(e->windows)));
    if (e->sources.count)
        layout_item(l, INDENT, "", STYLE_PLAIN, sources_text(x, e));
    layout_item(l, INDENT, "", STYLE_PLAIN, explain_sentence(x, e));
}

void explain_event_text(struct explain *x, const struct guide_event *e, struct layout *l)
{
    head_text(x, e, l);
    layout_blank(l);
    layout_item(l, INDENT, "", STYLE_PLAIN, e->means);
    list_text(l, "Usual causes", &e->causes, false);
    list_text(l, "What to look at next", &e->next, true);
    list_text(l, "What stands beside it", &e->beside, false);
    fields_text(x, e, l);
    if (e->note.n) {
        layout_blank(l);
        layout_item(l, INDENT, "Note: ", STYLE_PLAIN, e->note);
    }
    list_text(l, "Published as", &e->published, false);
    users_text(x, e, l);
}

void explain_event_line(const struct explain *x, const struct guide_event *e, struct layout *l)
{
    struct text sentence = explain_sentence(x, e);
    layout_begin(l, 0, INDENT * 2);
    layout_words(l, STYLE_STRONG, text_keep_format(x->arena, "%.*s %lu", TEXT_ARG(e->provider), (unsigned long)e->id));
    layout_words(l, STYLE_PLAIN, TEXT("  "));
    layout_words(l, STYLE_PLAIN, sentence.n ? sentence : e->means);
    layout_end(l);
}

void explain_error_text(const struct error_code *error, uint32_t given, struct layout *l)
{
    struct buf line;
    buf_init(&line);
    error_code_put(&line, error->code);
    if (error->code < 0x80000000u && error->code)
        buf_add_format(&line, " (0x%lX; as an HRESULT 0x%08lX)", (unsigned long)error->code,
                       0x80070000ul | (error->code & 0xFFFF));
    buf_add_format(&line, "  %.*s", TEXT_ARG(error->name));
    if (error->also.n)
        buf_add_format(&line, ", also %.*s", TEXT_ARG(error->also));
    layout_item(l, 0, "", STYLE_STRONG, buf_text(&line));
    layout_item(l, INDENT, "", STYLE_PLAIN, error->words);
    if (given != error->code) {
        line.n = 0;
        buf_add_c(&line, "It is carried in ");
        error_code_put(&line, given);
        buf_add_c(&line, ".");
        layout_item(l, INDENT, "", STYLE_PLAIN, buf_text(&line));
    }
    buf_done(&line);
}

void explain_error_json(const struct error_code *error, struct json *j)
{
    json_object(j, NULL);
    json_text(j, "kind", TEXT("error"));
    json_unsigned(j, "code", error->code);
    json_text(j, "name", error->name);
    json_text_or_null(j, "also", error->also);
    json_text_or_null(j, "meaning", error->words);
    json_object_end(j);
}

static void list_json(struct json *j, const char *key, const struct texts *list)
{
    json_texts(j, key, list->items, list->count);
}

static void users_json(struct explain *x, const struct guide_event *e, struct json *j)
{
    size_t count;
    const uint32_t *rules = rules_of(x, e, &count);
    json_array(j, "rules");
    for (size_t i = 0; i < count; i++)
        json_text(j, NULL, name_of(ruleset_info(x->knowledge.rules, rules[i])));
    json_array_end(j);
    json_array(j, "articles");
    for (size_t i = 0; i < kb_count(x->knowledge.kb); i++)
        if (uses(kb_article(x->knowledge.kb, i), rules, count))
            json_text(j, NULL, kb_article(x->knowledge.kb, i)->id);
    json_array_end(j);
}

void explain_event_json(struct explain *x, const struct guide_event *e, struct json *j)
{
    json_object(j, NULL);
    json_text(j, "kind", TEXT("event"));
    json_text(j, "provider", e->provider);
    json_text_or_null(j, "guid", e->guid);
    json_unsigned(j, "id", e->id);
    json_text_or_null(j, "symbol", e->symbol);
    json_text(j, "channel", e->channel.n ? e->channel : TEXT("System"));
    json_text(j, "level", e->level);
    json_text(j, "windows", e->windows);
    json_text_or_null(j, "sentence", explain_sentence(x, e));
    json_text(j, "meaning", e->means);
    list_json(j, "causes", &e->causes);
    list_json(j, "next", &e->next);
    list_json(j, "beside", &e->beside);
    list_json(j, "sources", &e->sources);
    list_json(j, "fields", &e->fields);
    json_bool(j, "fields_confirmed", e->confirmed);
    json_text_or_null(j, "note", e->note);
    list_json(j, "published", &e->published);
    users_json(x, e, j);
    json_object_end(j);
}
