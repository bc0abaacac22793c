#include "rule/condition.h"

#include "base/limits.h"

enum word_kind { WORD_END, WORD_OPEN, WORD_CLOSE, WORD_AND, WORD_OR, WORD_NOT, WORD_NAME };

struct word {
    enum word_kind kind;
    struct text text;
    size_t at;
};

/* Selections by their names. */
struct names {
    struct arena arena;
    struct name_table table;
    struct selection **selections; /* the first of each name */
};

struct parser {
    struct loading *l;
    const struct yaml_node *node;
    struct selections *all;
    struct names *names;
    struct word word; /* the next one */
    size_t at;        /* behind it */
    size_t terms;
    unsigned depth;
    bool failed;  /* syntax: the rest cannot be understood */
    bool unknown; /* a name or a pattern that selects nothing: the rest is checked as well */
};

/* A growing list of expressions. */
struct terms {
    const struct expr **items;
    size_t count, capacity;
};

static void fail_at(struct parser *p, size_t at, const char *hint, const char *reason, struct text word)
{
    if (!p->failed)
        diag_add_inside(p->l->diags, DIAG_ERROR, "condition", p->l->file, p->node, at, hint,
                        word.n ? "%s \"%.*s\"" : "%s", reason, TEXT_ARG(word));
    p->failed = true;
}

static void unknown_at(struct parser *p, const struct word *w, const char *hint, const char *reason)
{
    diag_add_inside(p->l->diags, DIAG_ERROR, "condition", p->l->file, p->node, w->at, hint, "%s \"%.*s\"",
                    reason, TEXT_ARG(w->text));
    p->unknown = true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word_char(char c)
{
    char lower = ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '*';
}

/* NULL when there is none of this name. */
static struct selection *selection_named(const struct parser *p, struct text name)
{
    uint32_t at;
    return name_table_find(&p->names->table, name, &at) ? p->names->selections[at] : NULL;
}

/* Lower case is the language; capitals are understood unless an identifier has that name. */
static bool is_operator(struct parser *p, const struct word *w, const char *name)
{
    if (!text_equal_nocase(w->text, text_from(name)))
        return false;
    if (text_equal(w->text, text_from(name)))
        return true;
    if (selection_named(p, w->text))
        return false;
    diag_add_inside(p->l->diags, DIAG_WARNING, "condition", p->l->file, p->node, w->at,
                    "write it in lower case", "operators in capitals are understood by few tools");
    return true;
}

static enum word_kind kind_of_name(struct parser *p, const struct word *w)
{
    if (is_operator(p, w, "and"))
        return WORD_AND;
    if (is_operator(p, w, "or"))
        return WORD_OR;
    return is_operator(p, w, "not") ? WORD_NOT : WORD_NAME;
}

static void next_word(struct parser *p)
{
    struct text t = p->node->text;
    while (p->at < t.n && is_blank(t.p[p->at]))
        p->at++;
    size_t start = p->at;
    p->word = (struct word){ .kind = WORD_END, .at = start };
    if (start == t.n || p->failed)
        return;
    if (t.p[start] == '(' || t.p[start] == ')') {
        p->word.kind = t.p[start] == '(' ? WORD_OPEN : WORD_CLOSE;
        p->word.text = (struct text){ t.p + start, 1 };
        p->at++;
        return;
    }
    while (p->at < t.n && is_word_char(t.p[p->at]))
        p->at++;
    p->word.text = (struct text){ t.p + start, p->at - start };
    if (p->at == start) {
        fail_at(p, start, "names are made of A-Z a-z 0-9 _ -",
                "this character does not belong into a condition", (struct text){ "", 0 });
        return;
    }
    p->word.kind = kind_of_name(p, &p->word);
}

static bool term_add(struct parser *p, struct terms *list, const struct expr *e)
{
    if (++p->terms > LIMIT_CONDITION_TERMS) {
        fail_at(p, p->word.at, "split the rule", "the condition has too many terms", TEXT(""));
        return false;
    }
    list->items = arena_grow(p->l->arena, list->items, list->count, &list->capacity, sizeof e);
    list->items[list->count++] = e;
    return true;
}

const struct expr *expr_join(struct loading *l, enum expr_kind kind, const struct expr *const *children,
                             size_t count)
{
    if (count == 1 && kind != EXPR_NOT)
        return children[0];
    const struct expr **kept = ARENA_NEW_N(l->arena, const struct expr *, count);
    memcpy(kept, children, count * sizeof(const struct expr *));
    struct expr *e = ARENA_NEW(l->arena, struct expr);
    *e = (struct expr){ .kind = kind, .children = kept, .count = count };
    return e;
}

/* A name, or a pattern in which * stands for any characters. */
static bool name_matches(struct text pattern, struct text name)
{
    size_t p = 0, n = 0, star = SIZE_MAX, retry = 0;
    while (n < name.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            retry = n;
        } else if (p < pattern.n && pattern.p[p] == name.p[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

/* Adds what the target selects.  Names that begin with _ are only reached by patterns that do, too. */
static size_t select_target(struct parser *p, const struct word *target, struct terms *list)
{
    bool them = is_operator(p, target, "them");
    bool hidden = !them && target->text.n && target->text.p[0] == '_';
    size_t selected = 0;
    p->l->pattern_work += p->all->count;
    if (p->l->pattern_work > LIMIT_CONDITION_WORK)
        fail_at(p, target->at, "name the selections, or load fewer rules",
                "the conditions have too many patterns, with", target->text);
    for (size_t i = 0; i < p->all->count && !p->failed; i++) {
        struct selection *s = &p->all->items[i];
        bool skip = !hidden && s->name.n && s->name.p[0] == '_';
        if (skip || (!them && !name_matches(target->text, s->name)))
            continue;
        s->used = true;
        selected++;
        term_add(p, list, s->expr);
    }
    return selected;
}

static const struct expr *nothing(void)
{
    static const struct expr none = { .kind = EXPR_OR };
    return &none;
}

static const struct expr *parse_quantifier(struct parser *p, const struct word *quantifier)
{
    bool one = text_equal(quantifier->text, TEXT("1")) || is_operator(p, quantifier, "any");
    if (!one && !is_operator(p, quantifier, "all"))
        fail_at(p, quantifier->at, "write 1 of, any of or all of", "there is no quantifier",
                quantifier->text);
    next_word(p);
    struct word target = p->word;
    if (target.kind != WORD_NAME) {
        fail_at(p, target.at, "write them, a name or a pattern like sel_*", "\"of\" needs a target",
                TEXT(""));
        return nothing();
    }
    struct terms list = { 0 };
    if (!p->failed && select_target(p, &target, &list) == 0 && !p->failed)
        unknown_at(p, &target, "check the names of the selections", "no selection is meant by");
    next_word(p);
    return list.count ? expr_join(p->l, one ? EXPR_OR : EXPR_AND, list.items, list.count) : nothing();
}

static const struct expr *parse_name(struct parser *p, const struct word *name)
{
    struct selection *s = selection_named(p, name->text);
    if (s) {
        s->used = true;
        return s->expr;
    }
    bool pattern = text_find_char(name->text, '*') < name->text.n;
    unknown_at(p, name, pattern ? "write 1 of or all of in front of a pattern" : "define it below detection",
               "there is no selection");
    return nothing();
}

static const struct expr *parse_or(struct parser *p);

static const struct expr *parse_primary(struct parser *p)
{
    struct word w = p->word;
    if (w.kind == WORD_NAME) {
        next_word(p);
        bool of = p->word.kind == WORD_NAME && is_operator(p, &p->word, "of");
        return of ? parse_quantifier(p, &w) : parse_name(p, &w);
    }
    if (w.kind != WORD_OPEN || ++p->depth > LIMIT_CONDITION_DEPTH) {
        fail_at(p, w.at, NULL,
                w.kind == WORD_OPEN  ? "parentheses are nested too deeply at"
                : w.kind == WORD_END ? "a selection is missing at the end"
                                     : "a selection is missing in front of",
                w.text);
        return nothing();
    }
    next_word(p);
    const struct expr *inside = parse_or(p);
    p->depth--;
    if (p->word.kind != WORD_CLOSE)
        fail_at(p, w.at, NULL, "this parenthesis is not closed", TEXT(""));
    next_word(p);
    return inside;
}

static const struct expr *parse_not(struct parser *p)
{
    bool negate = false;
    for (; p->word.kind == WORD_NOT; next_word(p))
        negate = !negate;
    const struct expr *e = parse_primary(p);
    return negate ? expr_join(p->l, EXPR_NOT, &e, 1) : e;
}

static const struct expr *parse_and(struct parser *p)
{
    struct terms list = { 0 };
    if (!term_add(p, &list, parse_not(p)))
        return nothing();
    while (p->word.kind == WORD_AND && !p->failed) {
        next_word(p);
        term_add(p, &list, parse_not(p));
    }
    return expr_join(p->l, EXPR_AND, list.items, list.count);
}

static const struct expr *parse_or(struct parser *p)
{
    struct terms list = { 0 };
    if (!term_add(p, &list, parse_and(p)))
        return nothing();
    while (p->word.kind == WORD_OR && !p->failed) {
        next_word(p);
        term_add(p, &list, parse_and(p));
    }
    return expr_join(p->l, EXPR_OR, list.items, list.count);
}

static bool refuse_aggregation(struct loading *l, const struct yaml_node *node)
{
    size_t bar = text_find_char(node->text, '|');
    if (bar < node->text.n)
        diag_add_inside(l->diags, DIAG_ERROR, "legacy", l->file, node, bar, "write a correlation instead",
                        "aggregations behind | are no longer part of Sigma");
    return bar < node->text.n;
}

/* `p` is what is the same for all strings of a list. */
static const struct expr *parse_string(struct parser *p, const struct yaml_node *node)
{
    p->node = node;
    p->at = 0;
    p->depth = 0;
    p->failed = p->unknown = false;
    if (node->kind != YAML_SCALAR || yaml_scalar_type(node) == YAML_TYPE_NULL ||
        text_trim(node->text).n == 0) {
        REFUSE(p->l, "condition", node, "write for example: condition: selection",
               "the condition is not a text");
        return NULL;
    }
    if (refuse_aggregation(p->l, node))
        return NULL;
    next_word(p);
    const struct expr *e = parse_or(p);
    if (p->word.kind != WORD_END)
        fail_at(p, p->word.at, p->word.kind == WORD_CLOSE ? NULL : "join selections with and, or",
                p->word.kind == WORD_CLOSE ? "no parenthesis is open for"
                                           : "an operator is missing in front of",
                p->word.text);
    return p->failed || p->unknown ? NULL : e;
}

static const struct expr *parse_list(struct parser *p, const struct yaml_node *list)
{
    struct terms any = { 0 };
    bool ok = list->count > 0;
    if (!ok)
        REFUSE(p->l, "condition", list, NULL, "the list of conditions is empty");
    for (size_t i = 0; i < list->count && p->terms <= LIMIT_CONDITION_TERMS; i++) {
        const struct expr *e = parse_string(p, list->items[i]);
        any.items = arena_grow(p->l->arena, any.items, any.count, &any.capacity, sizeof e);
        any.items[any.count++] = e;
        ok = ok && e;
    }
    return ok ? expr_join(p->l, EXPR_OR, any.items, any.count) : NULL;
}

/* A correlation may list a rule twice, which is told later. */
static void names_init(struct names *n, const struct selections *all)
{
    *n = (struct names){ .table = { 0 } };
    arena_init(&n->arena);
    n->selections = ARENA_NEW_N(&n->arena, struct selection *, all->count);
    for (size_t i = 0; i < all->count; i++) {
        bool is_new;
        size_t at = name_table_add(&n->table, &n->arena, all->items[i].name, &is_new);
        if (is_new)
            n->selections[at] = &all->items[i];
    }
}

const struct expr *condition_compile(struct loading *l, const struct yaml_node *node, struct selections *all)
{
    struct names names;
    struct parser p = { .l = l, .all = all, .names = &names };
    names_init(&names, all);
    const struct expr *e = node->kind == YAML_SEQUENCE ? parse_list(&p, node) : parse_string(&p, node);
    arena_done(&names.arena);
    return e;
}
