#include "cli/fields_met.h"

#include "base/nearest.h"
#include "cli/output.h"
#include "io/interrupt.h"
#include "search/search_fields.h"

/* Names in a line of examples. */
#define EXAMPLES 8

/* What events have besides their fields, and the option that chooses by it. */
static const struct {
    const char *name, *option;
} parts[] = {
    { "Provider", "provider" }, { "ProviderName", "provider" }, { "Source", "provider" },
    { "Channel", "channel" },   { "Log", "channel" },           { "LogName", "channel" },
    { "Computer", "node" },     { "ComputerName", "node" },     { "Node", "node" },
    { "EventID", "id" },        { "Event", "id" },              { "ID", "id" },
    { "Level", "level" },       { "EventRecordID", "record" },  { "Record", "record" },
    { "TimeCreated", "from" },  { "SystemTime", "from" },       { "Time", "from" },
};

static const char *option_for(struct text field)
{
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (text_equal_nocase(field, text_from(parts[i].name)))
            return parts[i].option;
    return NULL;
}

static struct text examples(struct arena *arena, const struct field_names *names)
{
    struct text list = TEXT("");
    for (size_t i = 0; i < names->count && i < EXAMPLES; i++)
        list = text_keep_format(arena, "%.*s%s%.*s", TEXT_ARG(list), i ? ", " : "", TEXT_ARG(names->items[i]));
    return names->count > EXAMPLES
               ? text_keep_format(arena, "%.*s and %zu more", TEXT_ARG(list), names->count - EXAMPLES)
               : list;
}

static struct text advice(struct arena *arena, struct text field, const struct field_names *names)
{
    struct nearest nearest = nearest_begin(field);
    const char *option = option_for(field);
    for (size_t i = 0; i < names->count; i++)
        nearest_try(&nearest, names->items[i]);
    if (option)
        return text_keep_format(arena, "that is no field: --%s chooses by it", option);
    if (nearest.best.n)
        return text_keep_format(arena, "did you mean %.*s?", TEXT_ARG(nearest.best));
    if (!names->count)
        return TEXT("their values have no names: search without --field");
    return text_keep_format(arena, "there is %.*s", TEXT_ARG(examples(arena, names)));
}

static bool is_met(const struct search_outcome *outcome, size_t field)
{
    return field >= SEARCH_FIELDS_MET || outcome->fields_met >> field & 1;
}

void fields_met_explain(struct arena *arena, const struct search_options *options,
                        const struct search_outcome *outcome, const struct path_list *paths)
{
    struct partial partial;
    struct field_names names;
    bool all = true;
    for (size_t i = 0; i < options->field_count; i++)
        all = all && is_met(outcome, i);
    for (size_t i = 0; i < paths->count; i++)
        all = all || !paths->items[i].regular;
    if (all || interrupt_asked())
        return;
    partial_init(&partial);
    enum status status = search_fields_list(options, paths, &partial, &names);
    for (size_t i = 0; i < options->field_count && status != ST_LOST_RUN && !interrupt_asked(); i++)
        if (!field_names_have(&names, options->fields[i]))
            output_error("--field %.*s: none of the events has such a field; %.*s", TEXT_ARG(options->fields[i]),
                         TEXT_ARG(advice(arena, options->fields[i], &names)));
    partial_done(&partial);
}
