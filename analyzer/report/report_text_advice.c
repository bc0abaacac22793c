#include "report/report_text.h"

#include <stdio.h>

/* "[each node] Restart .." */
static struct text on_node(struct text_report *t, struct text node, struct text words)
{
    return node.n > 0 ? WORDS(&t->arena, TEXT("["), node, TEXT("] "), words) : words;
}

static void steps(struct text_report *t, const struct diagnosis *d)
{
    const struct article *a = d->article;
    for (size_t i = 0; i < a->remediation_count; i++) {
        char number[32];
        struct text node = words_of_place(&t->arena, d, a->remediation[i].node);
        struct text words = a->remediation[i].text;
        snprintf(number, sizeof number, "%zu. ", i + 1);
        layout_item(&t->l, INDENT, number, STYLE_PLAIN, on_node(t, node, words));
    }
}

static void warnings(struct text_report *t, const struct article *a)
{
    for (size_t i = 0; i < a->warning_count; i++)
        layout_item(&t->l, INDENT, "! ", STYLE_WARN, WORDS(&t->arena, TEXT("Warning: "), a->warnings[i]));
}

static void checks(struct text_report *t, const struct article *a)
{
    if (a->verify_count > 0)
        text_subheading(t, "How to see that it helped");
    for (size_t i = 0; i < a->verify_count; i++)
        layout_item(&t->l, INDENT, "* ", STYLE_PLAIN, a->verify[i]);
}

static void command(struct text_report *t, struct text command)
{
    for (command = text_trim(command); command.n > 0;) {
        size_t end = text_find_char(command, '\n');
        struct text line = { command.p, end };
        layout_begin(&t->l, 3 * INDENT, 4 * INDENT);
        layout_words(&t->l, STYLE_COMMAND, line);
        layout_end(&t->l);
        command = text_from_index(command, end + 1);
    }
}

void text_steps(struct text_report *t, const struct diagnosis *d)
{
    if (d->article->remediation_count + d->article->warning_count > 0)
        text_subheading(t, "What to do");
    steps(t, d);
    warnings(t, d->article);
}

static void what_to_do(struct text_report *t, const struct diagnosis *d)
{
    const struct article *a = d->article;
    if (a->cause.n > 0) {
        text_subheading(t, "Cause");
        layout_item(&t->l, INDENT, "", STYLE_PLAIN, a->cause);
    }
    text_steps(t, d);
    checks(t, a);
}

static void what_would_settle_it(struct text_report *t, const struct diagnosis *d)
{
    if (d->settle_count > 0)
        text_subheading(t, "What would settle it");
    for (size_t i = 0; i < d->settle_count; i++) {
        struct text node = words_of_place(&t->arena, d, d->settles[i].node);
        layout_item(&t->l, INDENT, "* ", STYLE_PLAIN, on_node(t, node, d->settles[i].question));
        command(t, d->settles[i].command);
    }
}

static void related(struct text_report *t, const struct article *a)
{
    if (a->related_count + a->see_count > 0)
        text_subheading(t, "Related articles");
    for (size_t i = 0; i < a->related_count; i++) {
        const struct article *other = kb_find(t->r->kb, a->related[i].id);
        layout_begin(&t->l, INDENT, 2 * INDENT);
        layout_whole(&t->l, STYLE_STRONG, a->related[i].id);
        layout_words(&t->l, STYLE_PLAIN, TEXT("  "));
        layout_words(&t->l, STYLE_PLAIN, other ? other->title : a->related[i].why);
        layout_end(&t->l);
        if (other)
            layout_item(&t->l, 2 * INDENT, "", STYLE_PLAIN, a->related[i].why);
    }
    for (size_t i = 0; i < a->see_count; i++)
        layout_item(&t->l, INDENT, "", STYLE_PLAIN, a->see[i]);
}

void text_advice(struct text_report *t, const struct diagnosis *d)
{
    what_to_do(t, d);
    what_would_settle_it(t, d);
    related(t, d->article);
}
