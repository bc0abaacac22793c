/*
 * cmd_kb.c - `evscan kb list|show|search|why-not`: what evscan knows, to be read, and to be held against logs.
 */
#include "cli/cmd.h"

#include <stdlib.h>

#include "cli/exit.h"
#include "cli/interruption.h"
#include "cli/kb.h"
#include "cli/output.h"
#include "base/nearest.h"
#include "io/interrupt.h"

#define LEVEL_COLUMNS 15u /* "informational" and two blanks */

enum { DETECTABLE_ANY, DETECTABLE_YES, DETECTABLE_NO };

struct kb_command {
    struct option_list rest, rules, add_rules;
    int format, detectable, kind; /* kind: 0 any, else enum article_kind + 1 */
    const char *product, *os;
    unsigned limit;
};

static bool contains(struct text t, const char *word)
{
    struct text wanted = text_from(word);
    for (size_t at = 0; at + wanted.n <= t.n; at++)
        if (text_equal_nocase((struct text){ t.p + at, wanted.n }, wanted))
            return true;
    return false;
}

static bool is_for_product(const struct article *a, const char *product)
{
    for (size_t i = 0; i < a->product_count; i++)
        if (contains(a->products[i], product))
            return true;
    return false;
}

static bool is_listed(struct arena *arena, const struct article *a, const struct kb_command *c)
{
    if (c->detectable != DETECTABLE_ANY && (a->evidence_count > 0) != (c->detectable == DETECTABLE_YES))
        return false;
    if (c->kind && a->kind != (enum article_kind)(c->kind - 1))
        return false;
    if (c->product && !is_for_product(a, c->product))
        return false;
    return !c->os || contains(kb_applies_words(arena, a), c->os);
}

static void article_line(const struct article *a, struct layout *l)
{
    layout_begin(l, 0, LEVEL_COLUMNS + 2);
    layout_words(l, STYLE_PLAIN, text_from(rule_level_name(a->level)));
    layout_pad(l, LEVEL_COLUMNS);
    layout_whole(l, STYLE_STRONG, a->id);
    layout_words(l, STYLE_PLAIN, TEXT("  "));
    layout_words(l, STYLE_PLAIN, a->title);
    layout_end(l);
}

static void article_short_json(const struct article *a, struct json *j)
{
    json_object(j, NULL);
    json_text(j, "kind", TEXT("article"));
    json_text(j, "article", a->id);
    json_text(j, "title", a->title);
    json_text(j, "of", text_from(kb_kind_name(a->kind)));
    json_text(j, "level", text_from(rule_level_name(a->level)));
    json_bool(j, "detectable", a->evidence_count > 0);
    json_object_end(j);
}

static int list(struct explain *x, const struct kb_command *c, struct layout *l, struct json *j)
{
    size_t listed = 0;
    for (size_t i = 0; i < kb_count(x->knowledge.kb); i++) {
        const struct article *a = kb_article(x->knowledge.kb, i);
        if (!is_listed(x->arena, a, c))
            continue;
        listed++;
        if (c->format == KB_JSON)
            article_short_json(a, j);
        else
            article_line(a, l);
    }
    if (!listed && kb_count(x->knowledge.kb))
        output_error("kb list: no article is like that; evscan kb list lists all, kb show says what one applies to");
    return listed || !kb_count(x->knowledge.kb) ? EXIT_NOTHING_FOUND : EXIT_USAGE_ERROR;
}

/* "218922" and "KB218922" as well, as articles are called elsewhere. */
static struct text article_id(struct arena *arena, struct text given)
{
    uint64_t number;
    bool kb = given.n > 2 && text_equal_nocase((struct text){ given.p, 2 }, TEXT("KB"));
    struct text digits = kb ? text_from_index(given, 2) : given;
    return text_to_u64(digits, &number) ? text_keep_format(arena, "Q%.*s", TEXT_ARG(digits)) : given;
}

const struct article *kb_article_named(struct arena *arena, const struct kb *kb, struct text given)
{
    struct text id = article_id(arena, given);
    struct nearest nearest = nearest_begin(id);
    for (size_t i = 0; i < kb_count(kb); i++) {
        const struct article *a = kb_article(kb, i);
        if (text_equal_nocase(a->id, id))
            return a;
        nearest_try(&nearest, a->id);
    }
    if (nearest.best.n)
        output_error("kb: there is no article %.*s; did you mean %.*s?", TEXT_ARG(given), TEXT_ARG(nearest.best));
    else
        output_error("kb: there is no article %.*s; evscan kb list lists them", TEXT_ARG(given));
    return NULL;
}

static int show(struct explain *x, const struct kb_command *c, struct layout *l, struct json *j)
{
    int status = c->rest.count > 1 ? EXIT_NOTHING_FOUND : EXIT_USAGE_ERROR;
    if (c->rest.count < 2)
        output_error("kb show: name an article, for example evscan kb show Q218922");
    for (size_t i = 1; i < c->rest.count; i++) {
        const struct article *a = kb_article_named(x->arena, x->knowledge.kb, text_from(c->rest.items[i]));
        if (!a)
            status = EXIT_USAGE_ERROR;
        else if (c->format == KB_JSON)
            kb_page_json(&x->knowledge, a, j);
        else if (c->format == KB_MARKDOWN)
            kb_page_markdown(&x->knowledge, a, l->out);
        else
            layout_blank(l), kb_page_text(&x->knowledge, a, l);
    }
    return status;
}

static void hit_text(struct explain *x, const struct kb_hit *hit, struct layout *l)
{
    if (hit->article)
        article_line(hit->article, l);
    else if (hit->event)
        explain_event_line(x, hit->event, l);
    else
        explain_error_text(&hit->error, hit->error.code, l);
}

static void hit_json(struct explain *x, const struct kb_hit *hit, struct json *j)
{
    if (hit->article)
        article_short_json(hit->article, j);
    else if (hit->event)
        explain_event_json(x, hit->event, j);
    else
        explain_error_json(&hit->error, j);
}

static int search(struct explain *x, const struct kb_command *c, struct layout *l, struct json *j)
{
    static const char *const headings[] = { "Articles (evscan kb show ID)", "Events (evscan explain PROVIDER ID)",
                                            "Errors (evscan explain CODE)" };
    const struct option_list words = { c->rest.items + 1, c->rest.count - 1 };
    size_t count = 0;
    const struct kb_hit *hits = words.count ? kb_search(x, &words, &count) : NULL;
    for (size_t kind = 0; kind < COUNT_OF(headings); kind++) {
        unsigned shown = 0;
        for (size_t i = 0; i < count && shown < c->limit; i++) {
            if ((hits[i].article ? 0u : hits[i].event ? 1u : 2u) != kind)
                continue;
            if (c->format == KB_JSON) {
                hit_json(x, &hits[i], j);
            } else {
                if (shown == 0)
                    layout_blank(l), layout_item(l, 0, "", STYLE_STRONG, text_from(headings[kind]));
                hit_text(x, &hits[i], l);
            }
            shown++;
        }
    }
    if (interrupt_asked()) {
        output_error("kb search: interrupted: what was found until then is shown; it is not complete");
        return EXIT_INCOMPLETE;
    }
    if (!words.count)
        output_error("kb search: give the words to look for, for example evscan kb search quorum disk full");
    else if (!count)
        output_error("kb search: nothing holds all of these words");
    return count ? EXIT_NOTHING_FOUND : EXIT_USAGE_ERROR;
}

static const struct {
    const char *name;
    int (*run)(struct explain *x, const struct kb_command *c, struct layout *l, struct json *j);
} words[] = { { "list", list }, { "show", show }, { "search", search } };

static int run(struct arena *arena, const struct kb_command *c, size_t word)
{
    struct explain x;
    struct buf out;
    struct layout l;
    struct json j;
    unsigned width = output_columns();
    explain_begin(&x, arena, &c->rules, &c->add_rules);
    buf_init(&out);
    layout_init(&l, &out, width && width < 200 ? width : 80, false);
    json_init(&j, &out);
    if (c->format == KB_JSON)
        json_array(&j, NULL);
    int status = words[word].run(&x, c, &l, &j);
    if (c->format == KB_JSON)
        json_array_end(&j);
    if (status == EXIT_NOTHING_FOUND && x.knowledge.diags.errors)
        status = EXIT_RULES;
    if (c->format == KB_TEXT)
        buf_add(&out, interruption_line());
    if (!output_write(buf_text(&out)))
        status = EXIT_NO_OUTPUT;
    layout_done(&l);
    buf_done(&out);
    explain_end(&x);
    return status;
}

static int word_run(struct arena *arena, const struct kb_command *c)
{
    const char *given = c->rest.count ? c->rest.items[0] : "";
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(given, words[i].name) == 0)
            return run(arena, c, i);
    return page_word_mistake(&kb_page, c->rest.count ? given : NULL);
}

static const char *const format_words[] = { "text", "json", "markdown", NULL };
static const char *const detectable_words[] = { "any", "yes", "no", NULL };
static const char *const kind_words[] = { "any", "article", "incident", "noise", NULL };
static const char *const kb_words[] = { "list", "show", "search", "why-not", NULL };

static const struct option_spec kb_specs[] = {
    WORD_OPTION("format", 'o', struct kb_command, format, format_words, "FORM", "text, json or markdown (text); "
                "markdown: of show"),
    TEXT_OPTION("product", 0, struct kb_command, product, "TEXT", "list: only articles for products with this in their "
                "name"),
    TEXT_OPTION("os", 0, struct kb_command, os, "TEXT", "list: only those that apply to a system of this name"),
    WORD_OPTION("detectable", 0, struct kb_command, detectable, detectable_words, "yes|no", "list: only those that a "
                "log can show, or cannot"),
    WORD_OPTION("kind", 0, struct kb_command, kind, kind_words, "KIND", "list: only those of this kind: article, "
                "incident or noise"),
    LIST_OPTION("rules", 0, struct kb_command, rules, "PATH", "articles and rules instead of the shipped ones "
                "(repeatable)"),
    LIST_OPTION("add-rules", 0, struct kb_command, add_rules, "PATH", "these besides them (repeatable)"),
    NUMBER_OPTION("limit", 0, struct kb_command, limit, 1, 1000, "N", "search: at most N of each kind (20)"),
};

const struct page kb_page = {
    .name = "kb",
    .usages = { "kb list [options]        the articles: level, id, title",
                "kb show ID...            articles whole",
                "kb search WORD...        articles, events and errors with all of\n"
                "                                       the words, best first",
                "kb why-not ARTICLE PATH...  how near logs come to an article" },
    .about = "What evscan knows, to be read.\n",
    .groups = { OPTION_GROUP(kb_specs, 0) },
    .end = "Exit status: 0; 2 interrupted; 64 usage or nothing of that name, 73 no output,\n"
           "78 a mistake in the shipped files.\n",
    .manual = "evscan-kb",
    .words = kb_words,
};

int cmd_kb(int argc, char **argv)
{
    struct arena arena;
    struct kb_command c = { .limit = 20 };
    if (argc > 1 && strcmp(argv[1], "why-not") == 0)
        return kb_why_not(argc - 1, argv + 1);
    arena_init(&arena);
    int status = page_parse(&arena, &kb_page, &c, argc, argv, &c.rest);
    if (status == PAGE_GO_ON)
        status = word_run(&arena, &c);
    arena_done(&arena);
    return status;
}
