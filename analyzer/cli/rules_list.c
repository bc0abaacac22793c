/*
 * rules_list.c - `evscan rules list`: which rules there are.
 */
#include "cli/rules.h"

#include "cli/exit.h"
#include "cli/output.h"
#include "form/escape.h"
#include "form/json_writer.h"
#include "rule/describe_correlation.h"

static const char *const format_words[] = { "text", "json", NULL };
enum list_format { FORMAT_TEXT, FORMAT_JSON };

static struct text shown_level(const struct rule_info *info)
{
    if (info->fact)
        return TEXT("fact");
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

/* " [event_count of failed_logon within 5m by User]" */
static void add_correlation(const struct ruleset *rules, const struct correlation *c, struct buf *out)
{
    struct buf text;
    buf_init(&text);
    buf_add_format(&text, " [%s of ", correlation_type_name(c->type));
    for (size_t i = 0; i < c->rule_count; i++) {
        buf_add_c(&text, i ? ", " : "");
        buf_add(&text, ruleset_called(rules, c->rules[i]));
    }
    buf_add_c(&text, " within ");
    describe_span(c->timespan, &text);
    buf_add_c(&text, c->group_count ? " by " : "");
    describe_groups(c, &text);
    buf_add_char(&text, ']');
    escape_terminal(out, buf_text(&text));
    buf_done(&text);
}

static const struct correlation *correlation_of(const struct ruleset *rules, uint32_t rule)
{
    size_t count = ruleset_count(rules);
    return rule < count ? NULL : ruleset_correlation(rules, rule - count);
}

static void print_text(const struct ruleset *rules, struct buf *out)
{
    size_t width = 0, count = ruleset_count_all(rules);
    for (uint32_t i = 0; i < count; i++) {
        size_t n = ruleset_called(rules, i).n;
        width = n > width && n <= 40 ? n : width; /* one long id does not push all titles away */
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct rule_info *info = ruleset_info(rules, i);
        padded(out, shown_level(info), sizeof "informational" - 1);
        padded(out, ruleset_called(rules, i), width);
        escape_terminal(out, info->title);
        if (correlation_of(rules, i))
            add_correlation(rules, correlation_of(rules, i), out);
        buf_add_char(out, '\n');
    }
}

static void json_correlation(struct json *j, const struct ruleset *rules, const struct correlation *c)
{
    struct buf condition;
    if (!c) {
        json_null(j, "correlation");
        return;
    }
    buf_init(&condition);
    describe_bounds(rules, c, &condition);
    json_object(j, "correlation");
    json_text(j, "type", text_from(correlation_type_name(c->type)));
    json_array(j, "rules");
    for (size_t i = 0; i < c->rule_count; i++)
        json_text(j, NULL, ruleset_called(rules, c->rules[i]));
    json_array_end(j);
    json_texts(j, "group_by", c->group_by, c->group_count);
    json_unsigned(j, "timespan_seconds", c->timespan / TICKS_PER_SECOND);
    json_text(j, "condition", buf_text(&condition));
    json_object_end(j);
    buf_done(&condition);
}

static void print_json(const struct ruleset *rules, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_array(&j, NULL);
    for (uint32_t i = 0; i < ruleset_count_all(rules); i++) {
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
        json_correlation(&j, rules, correlation_of(rules, i));
        json_object_end(&j);
    }
    json_array_end(&j);
}

static int list(struct arena *arena, const struct rules_command *c, int format)
{
    struct knowledge k;
    struct buf out;
    bool any = knowledge_load(arena, &c->rules, &c->add_rules, &k);
    knowledge_mistakes_tell(&k, false);
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

struct list_command {
    struct rules_command shared;
    int format;
};

static const struct option_spec list_specs[] = {
    WORD_OPTION("format", 'o', struct list_command, format, format_words, "FORM", "text or json (text); json has "
                "author, file and line"),
};

const struct page rules_list_page = {
    .name = "rules list",
    .usages = { "rules list [options]" },
    .about = "Lists the rules that are loaded: level, name (else id), title; of a correlation\n"
             "also its type, rules, span of time and groups.  Rules of the level \"context\" are\n"
             "evidence for articles and correlations and never findings.\n",
    .groups = { OPTION_GROUP(list_specs, 0), OPTION_GROUP(rules_specs, offsetof(struct list_command, shared)) },
    .end = "Exit status: 0; 64 usage, 73 no output, 78 a mistake in a rule file.\n",
    .manual = "evscan-rules",
};

int rules_list(int argc, char **argv)
{
    struct arena arena;
    struct list_command c = { .format = FORMAT_TEXT };
    arena_init(&arena);
    int status = page_parse(&arena, &rules_list_page, &c, argc, argv, &c.shared.rest);
    if (status == PAGE_GO_ON && c.shared.rest.count)
        status = page_mistake(&rules_list_page, text_keep_format(&arena, "takes no %s; name rule files with --rules",
                                                                 c.shared.rest.items[0]));
    else if (status == PAGE_GO_ON)
        status = list(&arena, &c.shared, c.format);
    arena_done(&arena);
    return status;
}
