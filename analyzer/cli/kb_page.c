#include "cli/kb.h"

#include <stdio.h>

#include "kb/applies.h"

#define INDENT 2

struct text kb_applies_words(struct arena *arena, const struct article *a)
{
    struct text words = applies_text(arena, a);
    return words.n ? words : TEXT("any system");
}

const char *kb_kind_name(enum article_kind kind)
{
    static const char *const names[] = { "article", "incident", "noise" };
    return names[kind];
}

static const char *sign_of(const struct evidence_item *e)
{
    return e->kind == EVIDENCE_AGAINST ? "- " : "+ ";
}

/* "Text of it (needed, 40 points, shown by a missing event)": what an item is worth. */
static struct text evidence_words(struct arena *arena, const struct evidence_item *e)
{
    static const char *const kinds[] = { [EVIDENCE_NEEDS] = "needed", [EVIDENCE_SUPPORTS] = "supports",
                                         [EVIDENCE_AGAINST] = "against" };
    struct text instead = e->instead ? e->instead->text : TEXT("");
    return text_keep_format(arena, "%.*s%s%.*s (%s, %d points%s%s)", TEXT_ARG(e->text), instead.n ? "; or: " : "",
                            TEXT_ARG(instead), kinds[e->kind], e->weight, e->absent ? ", shown by a missing event" : "",
                            e->inferred ? ", inferred" : "");
}

static struct text step_words(struct arena *arena, const struct remedy_step *s)
{
    return text_keep_format(arena, "[%.*s] %.*s", TEXT_ARG(s->node), TEXT_ARG(s->text));
}

static struct text settle_words(struct arena *arena, const struct settle *s)
{
    return text_keep_format(arena, "%s%.*s%s%.*s", s->node.n ? "[" : "", TEXT_ARG(s->node), s->node.n ? "] " : "",
                            TEXT_ARG(s->question));
}

static struct text related_words(struct arena *arena, const struct kb *kb, const struct related_article *r)
{
    const struct article *other = kb_find(kb, r->id);
    return text_keep_format(arena, "%.*s%s%.*s: %.*s", TEXT_ARG(r->id), other ? ", " : "",
                            TEXT_ARG(other ? other->title : TEXT("")), TEXT_ARG(r->why));
}

/* A page goes through one writer, whatever its form. */
struct page {
    struct arena arena;
    const struct knowledge *k;
    struct layout *l; /* NULL: Markdown */
    struct buf *out;
    size_t number; /* of the items of a list */
};

static void page_heading(struct page *p, const char *words)
{
    p->number = 0;
    if (!p->l) {
        buf_add_format(p->out, "\n## %s\n\n", words);
        return;
    }
    layout_blank(p->l);
    layout_begin(p->l, INDENT, INDENT);
    layout_words(p->l, STYLE_STRONG, text_from(words));
    layout_end(p->l);
}

static void page_item(struct page *p, const char *marker, struct text t)
{
    if (p->l)
        layout_item(p->l, 2 * INDENT, marker, STYLE_PLAIN, t);
    else
        buf_add_format(p->out, "%s%.*s\n", strchr("+-!", *marker) && *marker ? "* " : marker, TEXT_ARG(t));
}

static void page_step(struct page *p, struct text t)
{
    char marker[32];
    snprintf(marker, sizeof marker, "%zu. ", ++p->number);
    page_item(p, marker, t);
}

static void page_command(struct page *p, struct text command)
{
    if (!p->l) {
        buf_add_format(p->out, "\n  `%.*s`\n\n", TEXT_ARG(command));
        return;
    }
    layout_begin(p->l, 3 * INDENT, 4 * INDENT);
    layout_words(p->l, STYLE_COMMAND, command);
    layout_end(p->l);
}

static void page_head(struct page *p, const struct article *a)
{
    struct text level = text_from(rule_level_name(a->level));
    if (p->l) {
        layout_begin(p->l, 0, INDENT);
        layout_whole(p->l, STYLE_STRONG, a->id);
        layout_words(p->l, STYLE_PLAIN, TEXT("  "));
        layout_words(p->l, STYLE_STRONG, a->title);
        layout_end(p->l);
    } else {
        buf_add_format(p->out, "# %.*s: %.*s\n\n", TEXT_ARG(a->id), TEXT_ARG(a->title));
    }
    for (size_t i = 0; i < a->product_count; i++)
        page_item(p, "* ", a->products[i]);
    page_item(p, "* ", text_keep_format(&p->arena, "Applies to: %.*s", TEXT_ARG(kb_applies_words(&p->arena, a))));
    page_item(p, "* ", text_keep_format(&p->arena, "Level: %.*s", TEXT_ARG(level)));
    page_heading(p, "Summary");
    page_item(p, "", a->summary);
}

static void page_evidence(struct page *p, const struct article *a)
{
    page_heading(p, "Evidence");
    if (!a->evidence_count)
        page_item(p, "", TEXT("No log can show it: evscan offers it for reading only."));
    for (size_t i = 0; i < a->evidence_count; i++)
        if (a->evidence[i].kind <= EVIDENCE_AGAINST)
            page_item(p, sign_of(&a->evidence[i]), evidence_words(&p->arena, &a->evidence[i]));
}

static void page_advice(struct page *p, const struct article *a)
{
    page_heading(p, "Cause");
    page_item(p, "", a->cause);
    page_heading(p, "What to do");
    for (size_t i = 0; i < a->remediation_count; i++)
        page_step(p, step_words(&p->arena, &a->remediation[i]));
    for (size_t i = 0; i < a->warning_count; i++)
        page_item(p, "! ", text_keep_format(&p->arena, "Warning: %.*s", TEXT_ARG(a->warnings[i])));
    if (a->verify_count)
        page_heading(p, "How to see that it helped");
    for (size_t i = 0; i < a->verify_count; i++)
        page_item(p, "* ", a->verify[i]);
}

/* "failover-1069, failover-1205"; with titles "Resource failed (failover-1069); Role did not come online (..)" */
static struct text rules_words(struct page *p, const uint32_t *rules, size_t count, bool titles)
{
    struct buf words;
    buf_init(&words);
    for (size_t i = 0; i < count; i++) {
        buf_add_c(&words, !i ? "" : titles ? "; " : ", ");
        if (titles)
            buf_add(&words, ruleset_info(p->k->rules, rules[i])->title);
        buf_add_c(&words, titles ? " (" : "");
        buf_add(&words, ruleset_called(p->k->rules, rules[i]));
        buf_add_c(&words, titles ? ")" : "");
    }
    struct text kept = text_keep(&p->arena, buf_text(&words));
    buf_done(&words);
    return kept;
}

/* "[not crashed node] failover-1069, failover-1205: Text of it"; an item without a text is told by titles. */
static struct text item_words(struct page *p, const struct evidence_item *e)
{
    struct text node = e->node.text.n ? e->node.text : TEXT("same");
    struct text rules = rules_words(p, e->rules, e->rule_count, e->text.n == 0);
    if (e->hotfix.n)
        rules = text_keep_format(&p->arena, "update %.*s (%.*s)", TEXT_ARG(e->hotfix), TEXT_ARG(rules));
    return text_keep_format(&p->arena, "[%.*s] %.*s%s%.*s", TEXT_ARG(node), TEXT_ARG(rules), e->text.n ? ": " : "",
                            TEXT_ARG(e->text));
}

static void page_items(struct page *p, const char *heading, const struct evidence_items *list)
{
    if (list->count)
        page_heading(p, heading);
    for (size_t i = 0; i < list->count; i++)
        page_item(p, "* ", item_words(p, &list->items[i]));
}

/* "NodeName or Data[1]", "the last one before with failover-1062, failover-1177" */
static struct text role_words(struct page *p, const struct article_role *role)
{
    struct text fields = TEXT("");
    if (role->latest_count)
        return text_keep_format(&p->arena, "the last one before with %.*s",
                                TEXT_ARG(rules_words(p, role->latest, role->latest_count, false)));
    for (size_t k = 0; k < role->named_by.count; k++)
        fields = text_keep_format(&p->arena, "%.*s%s%.*s", TEXT_ARG(fields), k ? " or " : "",
                                  TEXT_ARG(role->named_by.names[k]));
    return fields;
}

static void page_roles(struct page *p, const struct article *a)
{
    if (a->role_count)
        page_heading(p, "Nodes that have a part in it");
    for (size_t i = 0; i < a->role_count; i++) {
        struct text words = role_words(p, &a->roles[i]);
        const char *trouble = a->trouble == &a->roles[i] ? " (the one in trouble)" : "";
        page_item(p, "* ", text_keep_format(&p->arena, "%.*s: %.*s%s", TEXT_ARG(a->roles[i].name), TEXT_ARG(words),
                                            trouble));
    }
}

static void page_exercises(struct page *p, const struct evidence_items *list)
{
    if (list->count)
        page_heading(p, "What would show that the remedy held");
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].rule_count)
            page_item(p, "* ", item_words(p, &list->items[i]));
        page_item(p, list->items[i].rule_count ? "  " : "* ", text_trim(list->items[i].how));
    }
}

static void page_aftermath(struct page *p, const struct article *a)
{
    page_roles(p, a);
    page_items(p, "What it explains", &a->explains);
    page_items(p, "What ends it", &a->ends);
    page_items(p, "What fixes it", &a->fixed_by);
    page_exercises(p, &a->exercised_by);
    if (a->beat_count)
        page_heading(p, "Preferred to");
    for (size_t i = 0; i < a->beat_count; i++)
        if (a->beats[i])
            page_item(p, "* ", text_keep_format(&p->arena, "%.*s, %.*s", TEXT_ARG(a->beats[i]->id),
                                                TEXT_ARG(a->beats[i]->title)));
}

static void page_rest(struct page *p, const struct kb *kb, const struct article *a)
{
    if (a->settle_count)
        page_heading(p, "What would settle it");
    for (size_t i = 0; i < a->settle_count; i++) {
        page_item(p, "* ", settle_words(&p->arena, &a->settles[i]));
        page_command(p, text_trim(a->settles[i].command));
    }
    if (a->related_count + a->see_count)
        page_heading(p, "Related articles");
    for (size_t i = 0; i < a->related_count; i++)
        page_item(p, "* ", related_words(&p->arena, kb, &a->related[i]));
    for (size_t i = 0; i < a->see_count; i++)
        page_item(p, "* ", a->see[i]);
}

static void page_put(struct page *p, const struct article *a)
{
    arena_init(&p->arena);
    page_head(p, a);
    page_evidence(p, a);
    page_aftermath(p, a);
    page_advice(p, a);
    page_rest(p, p->k->kb, a);
    arena_done(&p->arena);
}

void kb_page_text(const struct knowledge *k, const struct article *a, struct layout *l)
{
    struct page p = { .k = k, .l = l };
    page_put(&p, a);
}

void kb_page_markdown(const struct knowledge *k, const struct article *a, struct buf *out)
{
    struct page p = { .k = k, .out = out };
    page_put(&p, a);
}

static void evidence_json(struct json *j, const struct article *a)
{
    static const char *const kinds[] = { [EVIDENCE_NEEDS] = "needs", [EVIDENCE_SUPPORTS] = "supports",
                                         [EVIDENCE_AGAINST] = "against" };
    json_array(j, "evidence");
    for (size_t i = 0; i < a->evidence_count; i++) {
        const struct evidence_item *e = &a->evidence[i];
        if (e->kind > EVIDENCE_AGAINST)
            continue;
        json_object(j, NULL);
        json_text(j, "kind", text_from(kinds[e->kind]));
        json_text(j, "text", e->text);
        json_text_or_null(j, "or", e->instead ? e->instead->text : TEXT(""));
        json_signed(j, "points", e->weight);
        json_bool(j, "absent", e->absent);
        json_bool(j, "inferred", e->inferred);
        json_object_end(j);
    }
    json_array_end(j);
}

static void rules_json(struct json *j, const char *key, const struct knowledge *k, const uint32_t *rules, size_t count)
{
    json_array(j, key);
    for (size_t i = 0; i < count; i++)
        json_text(j, NULL, ruleset_called(k->rules, rules[i]));
    json_array_end(j);
}

static void items_json(struct json *j, const char *key, const struct knowledge *k, const struct evidence_items *list)
{
    json_array(j, key);
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence_item *e = &list->items[i];
        json_object(j, NULL);
        rules_json(j, "rules", k, e->rules, e->rule_count);
        json_text(j, "node", e->node.text.n ? e->node.text : TEXT("same"));
        json_text_or_null(j, "text", e->text);
        json_text_or_null(j, "hotfix", e->hotfix);
        json_object_end(j);
    }
    json_array_end(j);
}

static void exercises_json(struct json *j, const struct knowledge *k, const struct evidence_items *list)
{
    json_array(j, "exercised_by");
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence_item *e = &list->items[i];
        json_object(j, NULL);
        json_array(j, "rules");
        for (size_t r = 0; r < e->rule_count; r++)
            json_text(j, NULL, ruleset_called(k->rules, e->rules[r]));
        json_array_end(j);
        json_text_or_null(j, "text", e->text);
        json_text(j, "how", text_trim(e->how));
        json_object_end(j);
    }
    json_array_end(j);
}

static void aftermath_json(struct json *j, const struct knowledge *k, const struct article *a)
{
    json_array(j, "roles");
    for (size_t i = 0; i < a->role_count; i++) {
        json_object(j, NULL);
        json_text(j, "role", a->roles[i].name);
        json_texts(j, "named_by", a->roles[i].named_by.names, a->roles[i].named_by.count);
        rules_json(j, "latest", k, a->roles[i].latest, a->roles[i].latest_count);
        json_bool(j, "trouble", a->trouble == &a->roles[i]);
        json_object_end(j);
    }
    json_array_end(j);
    items_json(j, "explains", k, &a->explains);
    items_json(j, "ends", k, &a->ends);
    items_json(j, "fixed_by", k, &a->fixed_by);
    exercises_json(j, k, &a->exercised_by);
    json_array(j, "beats");
    for (size_t i = 0; i < a->beat_count; i++)
        if (a->beats[i])
            json_text(j, NULL, a->beats[i]->id);
    json_array_end(j);
}

static void steps_json(struct json *j, const struct article *a)
{
    json_array(j, "remediation");
    for (size_t i = 0; i < a->remediation_count; i++) {
        json_object(j, NULL);
        json_text(j, "node", a->remediation[i].node);
        json_text(j, "step", a->remediation[i].text);
        json_object_end(j);
    }
    json_array_end(j);
}

static void related_json(struct json *j, const struct article *a)
{
    json_array(j, "related");
    for (size_t i = 0; i < a->related_count; i++) {
        json_object(j, NULL);
        json_text(j, "article", a->related[i].id);
        json_text(j, "why", a->related[i].why);
        json_object_end(j);
    }
    json_array_end(j);
}

void kb_page_json(const struct knowledge *k, const struct article *a, struct json *j)
{
    struct arena arena;
    arena_init(&arena);
    json_object(j, NULL);
    json_text(j, "article", a->id);
    json_text(j, "kind", text_from(kb_kind_name(a->kind)));
    json_text(j, "title", a->title);
    json_text(j, "summary", a->summary);
    json_text(j, "level", text_from(rule_level_name(a->level)));
    json_texts(j, "products", a->products, a->product_count);
    json_text(j, "applies", kb_applies_words(&arena, a));
    evidence_json(j, a);
    aftermath_json(j, k, a);
    json_text(j, "cause", a->cause);
    steps_json(j, a);
    json_texts(j, "warnings", a->warnings, a->warning_count);
    json_texts(j, "verify", a->verify, a->verify_count);
    related_json(j, a);
    json_texts(j, "see", a->see, a->see_count);
    json_object_end(j);
    arena_done(&arena);
}
