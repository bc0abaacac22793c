#include "rule/describe_dispatch.h"

#include "rule/demand.h"
#include "rule/describe.h"

static void add_ids(const struct source_entry *entry, struct buf *out)
{
    for (size_t i = 0; i < SOURCE_IDS && entry->ids[i]; i++)
        buf_add_format(out, "%s%u", i ? ", " : " (", entry->ids[i]);
    buf_add_c(out, entry->ids[0] ? ")" : "");
}

/* "Microsoft-Windows-Sysmon/Operational (1), Security (4688)" */
static void add_row(const struct source_row *row, struct buf *out)
{
    const char *between = "";
    for (size_t i = 0; i < SOURCE_ENTRIES; i++) {
        const struct source_entry *entry = &row->entries[i];
        struct text rest = text_from(entry->channels ? entry->channels : "");
        for (; rest.n; between = ", ") {
            size_t n = text_find_char(rest, ';');
            buf_add_c(out, between);
            buf_add(out, (struct text){ rest.p, n });
            add_ids(entry, out);
            rest = text_from_index(rest, n + 1);
        }
        if (entry->provider) {
            buf_add_format(out, "%sany, of the provider %s", between, entry->provider);
            add_ids(entry, out);
            between = ", ";
        }
    }
}

void describe_channels(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct source *s = &rules->sources[rules->rules[rule].source];
    if (s->category)
        add_row(s->category, out);
    buf_add_c(out, s->category && s->service ? "; and of these " : "");
    if (s->service)
        add_row(s->service, out);
    buf_add_c(out, s->category || s->service ? "" : "any");
}

void describe_providers(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct item *item = demanded_providers(rules, rules->rules[rule].condition);
    for (size_t i = 0; item && i < item->count; i++) {
        buf_add_c(out, i ? ", " : "");
        buf_add(out, item->tests[i].as.pattern.segments[0].bytes);
    }
    buf_add_c(out, item ? "" : "any");
}

static bool is_under_any_id(const struct ruleset *rules, uint32_t rule)
{
    for (size_t i = 0; i < rules->any_id_count; i++)
        if (rules->any_id[i].rule == rule)
            return true;
    return false;
}

void describe_dispatch(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const char *between = "";
    if (is_under_any_id(rules, rule)) {
        buf_add_c(out, "any");
        return;
    }
    for (size_t i = 0; i < rules->by_id_count; i++)
        if (rules->by_id[i].listed.rule == rule) {
            buf_add_format(out, "%s%u", between, rules->by_id[i].id);
            between = ", ";
        }
    buf_add_c(out, *between ? "" : "none");
}

static bool is_of_rule(const struct literals *l, const struct literal *literal, uint32_t rule)
{
    for (uint32_t i = 0; i < literal->count; i++)
        if (l->rules[literal->first + i] == rule)
            return true;
    return false;
}

void describe_gate(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    const struct rule *r = &rules->rules[rule];
    const struct literals *l = &rules->literals;
    const char *between = "";
    for (size_t i = 0; i < l->count && r->gate_field_count; i++)
        if (is_of_rule(l, &l->items[i], rule)) {
            buf_add_c(out, between);
            describe_quoted(l->items[i].bytes, out);
            if (l->items[i].count > 1)
                buf_add_format(out, " (of %u rules)", l->items[i].count);
            between = ", ";
        }
    for (size_t i = 0; i < r->gate_field_count; i++) {
        buf_add_c(out, i ? ", " : " in ");
        if (r->gate_fields[i] == FIELD_KEYWORDS)
            buf_add_c(out, "some value");
        else
            buf_add(out, rules->fields[r->gate_fields[i]].name.text);
    }
}

/* Depth: that of conditions. */
static bool reads_field(const struct expr *e, uint32_t field)
{
    bool reads = e->kind == EXPR_ITEM && e->item->field == field;
    for (size_t i = 0; i < e->count && !reads; i++)
        reads = reads_field(e->children[i], field);
    return reads;
}

static bool has_selection(const struct expr *e, uint32_t selection)
{
    bool has = e->kind == EXPR_SELECTION && e->selection == selection;
    for (size_t i = 0; i < e->count && !has; i++)
        has = has_selection(e->children[i], selection);
    return has;
}

static size_t rules_with(const struct ruleset *rules, bool (*has)(const struct expr *, uint32_t), uint32_t what)
{
    size_t count = 0;
    for (size_t i = 0; i < rules->rule_count; i++)
        count += rules->rules[i].applicable && has(rules->rules[i].condition, what);
    return count;
}

static void add_counted(struct buf *out, struct text name, size_t count)
{
    buf_add_c(out, out->n ? ", " : "");
    buf_add(out, name);
    buf_add_format(out, " (%zu rule%s)", count, count == 1 ? "" : "s");
}

void describe_fields(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    for (uint32_t i = 0; i < rules->field_count; i++)
        if (reads_field(rules->rules[rule].condition, i))
            add_counted(out, i == FIELD_KEYWORDS ? TEXT("every value") : rules->fields[i].name.text,
                        rules_with(rules, reads_field, i));
}

/* Depth: that of conditions. */
static void add_shared(const struct ruleset *rules, const struct expr *e, struct buf *out)
{
    size_t count = e->kind == EXPR_SELECTION ? rules_with(rules, has_selection, e->selection) : 0;
    if (count > 1)
        add_counted(out, e->name, count);
    for (size_t i = 0; i < e->count && e->kind != EXPR_SELECTION; i++)
        add_shared(rules, e->children[i], out);
}

void describe_shared(const struct ruleset *rules, uint32_t rule, struct buf *out)
{
    add_shared(rules, rules->rules[rule].condition, out);
}
