/*
 * rules_list.c - `evscan rules list`: which rules there are.
 */
#include "cli/rules.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "report/escape.h"
#include "report/json_writer.h"

static const char list_help[] =
    "Usage: evscan rules list [options]\n"
    "\n"
    "Lists the rules that are loaded: level, name (else id), title.  Rules of the\n"
    "level \"context\" are evidence for articles and never findings.\n"
    "\n"
    "  --format text|json    how to print them (text); json has author, file and line\n"
    "  --rules PATH          these rules instead of the shipped ones (repeatable)\n"
    "  --add-rules PATH      these besides them (repeatable)\n"
    "  --help\n"
    "\n"
    "Exit status: 0; 64 usage, 73 no output, 78 a mistake in a rule file.\n";

static const char *const format_words[] = { "text", "json", NULL };
enum list_format { FORMAT_TEXT, FORMAT_JSON };

static struct text shown_level(const struct rule_info *info)
{
    if (info->context)
        return TEXT("context");
    return info->level == RULE_LEVEL_NONE ? TEXT("-") : text_from(rule_level_name(info->level));
}

static void padded(struct buf *out, struct text t, size_t width)
{
    size_t begin = out->n;
    escape_terminal(out, t);
    for (size_t n = out->n - begin; n < width; n++)
        buf_add_char(out, ' ');
    buf_add_c(out, "  ");
}

static void print_text(const struct ruleset *rules, struct buf *out)
{
    size_t width = 0;
    for (uint32_t i = 0; i < ruleset_count(rules); i++) {
        size_t n = rules_name(ruleset_info(rules, i)).n;
        width = n > width && n <= 40 ? n : width; /* one long id does not push all titles away */
    }
    for (uint32_t i = 0; i < ruleset_count(rules); i++) {
        const struct rule_info *info = ruleset_info(rules, i);
        padded(out, shown_level(info), sizeof "informational" - 1);
        padded(out, rules_name(info), width);
        escape_terminal(out, info->title);
        buf_add_char(out, '\n');
    }
}

static void print_json(const struct ruleset *rules, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_array(&j, NULL);
    for (uint32_t i = 0; i < ruleset_count(rules); i++) {
        const struct rule_info *info = ruleset_info(rules, i);
        json_object(&j, NULL);
        json_text(&j, "id", info->id);
        json_text_or_null(&j, "name", info->name);
        json_text(&j, "title", info->title);
        json_text_or_null(&j, "level", text_from(rule_level_name(info->level)));
        json_bool(&j, "context", info->context);
        json_text_or_null(&j, "author", info->author);
        json_text(&j, "file", info->path);
        json_unsigned(&j, "line", info->line);
        json_object_end(&j);
    }
    json_array_end(&j);
}

static int list(struct arena *arena, const struct rules_command *c, int format)
{
    struct knowledge k;
    struct buf out;
    bool any = knowledge_load(arena, &c->rules, &c->add_rules, &k);
    knowledge_mistakes_print(&k);
    buf_init(&out);
    if (format == FORMAT_JSON)
        print_json(k.rules, &out);
    else
        print_text(k.rules, &out);
    bool written = output_write(buf_text(&out));
    int status = !any || k.diags.errors ? EXIT_RULES : EXIT_NOTHING_FOUND;
    buf_done(&out);
    knowledge_done(&k);
    return written ? status : EXIT_NO_OUTPUT;
}

int rules_list(int argc, char **argv)
{
    struct arena arena;
    struct rules_command command;
    int status, format = FORMAT_TEXT;
    const struct option_spec own = { "format", OPTION_WORD, &format, format_words, 0, 0 };
    arena_init(&arena);
    if (rules_begin(&arena, argc, argv, RULES_BY_OPTION, &own, 1, list_help, &command, &status)) {
        if (command.rest.count)
            output_error("rules list takes no %s; name rule files with --rules", command.rest.items[0]);
        status = command.rest.count ? EXIT_USAGE_ERROR : list(&arena, &command, format);
    }
    arena_done(&arena);
    return status;
}
