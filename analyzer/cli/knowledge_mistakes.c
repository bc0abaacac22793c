/*
 * knowledge_mistakes.c - what is wrong in rules and articles, told to whoever works on them or only uses them.
 */
#include "cli/knowledge.h"

#include "cli/output.h"
#include "form/escape.h"

#define WARNINGS_TOLD 10 /* by whoever is after something else: a screen full, not the thousand of published rules */

void knowledge_mistakes_print(const struct knowledge *k)
{
    if (!k->diags.count)
        return;
    struct buf out;
    buf_init(&out);
    diags_print(&k->diags, &out);
    output_message(buf_text(&out));
    buf_done(&out);
}

/* What shows all of it: "evscan rules check PATH..", or with --add-rules what names shipped rules was not found. */
static void add_check_command(const struct knowledge *k, struct buf *out)
{
    buf_add_c(out, "evscan rules check");
    for (size_t i = 0; i < k->named.count; i++) {
        buf_add_c(out, k->besides ? " --add-rules " : " ");
        escape_terminal(out, text_from(k->named.items[i]));
    }
}

static void add_left(const struct knowledge *k, struct diags_left left, struct buf *out)
{
    if (left.errors)
        buf_add_format(out, "%zu more %s", left.errors, left.errors == 1 ? "mistake" : "mistakes");
    if (left.warnings)
        buf_add_format(out, "%s%zu more %s", left.errors ? " and " : "", left.warnings,
                       left.warnings == 1 ? "warning" : "warnings");
    buf_add_c(out, " about rules; ");
    add_check_command(k, out);
    buf_add_c(out, " shows them\n");
}

void knowledge_mistakes_tell(const struct knowledge *k, bool quiet)
{
    struct diags_left left;
    struct buf out;
    buf_init(&out);
    diags_print_some(&k->diags, quiet ? 0 : WARNINGS_TOLD, &out, &left);
    left.warnings = quiet ? 0 : left.warnings;
    if (left.errors || left.warnings)
        add_left(k, left, &out);
    if (out.n)
        output_message(buf_text(&out));
    buf_done(&out);
}
