#include "cli/rules_tree.h"

#include "base/utf.h"
#include "form/escape.h"
#include "rule/describe.h"

#define VALUES_SHOWN 8   /* of one field of an event */
#define VALUE_SHOWN  80  /* bytes of one of them */
#define TESTS_SHOWN  12  /* of one item, beside an event; all of them without one */

struct tree {
    const struct ruleset *rules;
    struct matcher *m; /* NULL: no event */
    struct buf *out, line;
    unsigned depth;
};

static bool is_key(const struct tree *t, const struct item *item)
{
    enum field_kind kind = t->rules->fields[item->field].kind;
    return kind == FIELD_PROVIDER || kind == FIELD_CHANNEL || kind == FIELD_EVENT_ID;
}

static void add_value(struct buf *line, struct text value)
{
    size_t n = value.n;
    if (n > VALUE_SHOWN)
        for (n = VALUE_SHOWN; n > 0 && ((unsigned char)value.p[n] & 0xC0) == 0x80;)
            n--;
    buf_add_char(line, '"');
    buf_add(line, (struct text){ value.p, n });
    buf_add_c(line, n < value.n ? " .." : "");
    buf_add_char(line, '"');
}

static void add_values(struct tree *t, const struct item *item)
{
    struct text values[VALUES_SHOWN];
    size_t count = trace_values(t->m, item->field, values, VALUES_SHOWN);
    buf_add_c(&t->line, "   [");
    for (size_t i = 0; i < count && i < VALUES_SHOWN; i++) {
        buf_add_c(&t->line, i ? ", " : "");
        add_value(&t->line, values[i]);
    }
    if (count > VALUES_SHOWN)
        buf_add_format(&t->line, ", %zu more", count - VALUES_SHOWN);
    buf_add_c(&t->line, count ? "]" : "absent]");
}

static void line_end(struct tree *t)
{
    escape_terminal(t->out, buf_text(&t->line));
    buf_add_char(t->out, '\n');
    t->line.n = 0;
}

/* `to_blame`: a match fails here. */
static void line_begin(struct tree *t, const struct expr *e, bool to_blame)
{
    static const char *const answers[] = { "no", "?", "yes" };
    if (t->m)
        buf_add_format(&t->line, "%s %-4s", to_blame && e->kind == EXPR_ITEM ? "-->" : "   ",
                       answers[trace_answer(t->m, e)]);
    for (unsigned i = 0; i < 2 + 2 * t->depth; i++)
        buf_add_char(&t->line, ' ');
}

static void print_item(struct tree *t, const struct expr *e)
{
    describe_item(t->rules, e->item, t->m ? TESTS_SHOWN : SIZE_MAX, &t->line);
    if (!t->m && is_key(t, e->item))
        buf_add_c(&t->line, "   (before decoding)");
    else if (t->m)
        add_values(t, e->item);
    if (t->m && trace_answer(t->m, e) == TRACE_UNDECIDED)
        buf_add_c(&t->line, "   could not be decided: the test gave up at its limit, which counts as no match");
    line_end(t);
}

static const char *heading(const struct expr *e)
{
    if (e->kind == EXPR_NOT)
        return "not";
    return e->kind == EXPR_OR ? "any of" : "all of";
}

/* The alternative that is nearest to what is wanted bears the blame. */
static size_t nearest_child(struct tree *t, const struct expr *e, bool wanted)
{
    size_t nearest = 0;
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < e->count; i++) {
        uint32_t d = trace_expr_distance(t->m, e->children[i], wanted);
        if (d < least) {
            least = d;
            nearest = i;
        }
    }
    return nearest;
}

static void print_expr(struct tree *t, const struct expr *e, bool wanted, bool blamed);

static void print_children(struct tree *t, const struct expr *e, bool wanted, bool blamed)
{
    bool every = (e->kind == EXPR_OR) != wanted;
    size_t nearest = t->m && blamed && !every ? nearest_child(t, e, wanted) : 0;
    t->depth++;
    for (size_t i = 0; i < e->count; i++)
        print_expr(t, e->children[i], e->kind == EXPR_NOT ? !wanted : wanted,
                   blamed && (e->kind == EXPR_NOT || every || i == nearest));
    t->depth--;
}

/* Depth: that of the condition, which is limited. */
static void print_expr(struct tree *t, const struct expr *e, bool wanted, bool blamed)
{
    const struct expr *inside = e->kind == EXPR_SELECTION ? e->children[0] : NULL;
    if (!inside && e->kind != EXPR_ITEM && e->kind != EXPR_NOT && e->count == 1) {
        print_expr(t, e->children[0], wanted, blamed); /* all of one is that one */
        return;
    }
    line_begin(t, e, t->m && blamed && trace_holds(t->m, e) != wanted);
    if (e->kind == EXPR_ITEM) {
        print_item(t, e);
        return;
    }
    if (inside)
        buf_add_format(&t->line, "%.*s:%s%s", TEXT_ARG(e->name), inside->kind == EXPR_ITEM ? "" : " ",
                       inside->kind == EXPR_ITEM ? "" : heading(inside));
    else
        buf_add_c(&t->line, heading(e));
    line_end(t);
    print_children(t, inside && inside->kind != EXPR_ITEM ? inside : e, wanted, blamed);
}

void tree_print(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    struct tree t = { .rules = rules, .out = out };
    buf_init(&t.line);
    print_expr(&t, rules->rules[rule].condition, true, true);
    buf_done(&t.line);
}

void tree_print_traced(const struct ruleset *rules, struct matcher *m, uint32_t rule, const struct event *event,
                       struct buf *out)
{
    struct tree t = { .rules = rules, .m = m, .out = out };
    buf_init(&t.line);
    trace_begin(m, rule, event);
    if (!trace_is_of_source(m)) {
        buf_add_c(&t.line, "--> no    the event is of a log that the rule is not for: ");
        describe_source(rules, &rules->rules[rule], &t.line);
        line_end(&t);
    }
    print_expr(&t, rules->rules[rule].condition, true, true);
    buf_done(&t.line);
}
