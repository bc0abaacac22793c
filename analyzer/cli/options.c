#define _GNU_SOURCE /* getopt_long */
#include "cli/options.h"

#include <getopt.h>

#define FIRST_ID 256 /* above any character: getopt's own returns */

/* A name of one letter is a short option. */
static bool is_letter(const struct option_spec *spec)
{
    return strlen(spec->name) == 1;
}

static bool word_parse(const struct option_spec *spec, const char *value)
{
    for (int i = 0; spec->words[i]; i++)
        if (strcmp(value, spec->words[i]) == 0) {
            *(int *)spec->target = i;
            return true;
        }
    return false;
}

static bool number_parse(const struct option_spec *spec, const char *value)
{
    uint64_t number;
    if (!text_to_u64(text_from(value), &number) || number < spec->least || number > spec->most)
        return false;
    *(unsigned *)spec->target = (unsigned)number;
    return true;
}

/* `value` is NULL for a flag.  Lists have room for all of argv. */
static bool value_set(const struct option_spec *spec, const char *value)
{
    struct option_list *list = spec->target;
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)spec->target = true;
        return true;
    case OPTION_WORD:
        return word_parse(spec, value);
    case OPTION_NUMBER:
        return number_parse(spec, value);
    case OPTION_TEXT:
        *(const char **)spec->target = value;
        return true;
    case OPTION_LIST:
        list->items[list->count++] = value;
        return true;
    }
    return false;
}

/* "text, json or csv" */
static struct text words_expected(struct arena *arena, const char *const *words)
{
    struct text all = text_from(words[0]);
    for (size_t i = 1; words[i]; i++)
        all = text_keep_format(arena, "%.*s%s%s", TEXT_ARG(all), words[i + 1] ? ", " : " or ", words[i]);
    return all;
}

static struct text value_mistake(struct arena *arena, const struct option_spec *spec, const char *value)
{
    const char *dashes = is_letter(spec) ? "-" : "--";
    if (spec->kind == OPTION_NUMBER)
        return text_keep_format(arena, "%s%s %s: must be a number from %u to %u", dashes, spec->name, value,
                                spec->least, spec->most);
    struct text expected = words_expected(arena, spec->words);
    return text_keep_format(arena, "%s%s %s: must be %.*s", dashes, spec->name, value, TEXT_ARG(expected));
}

/* Edits that make one word of the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[32], n = strlen(b);
    if (n >= COUNT_OF(row))
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j], change = diagonal + (a[i - 1] != b[j - 1]);
            size_t step = (above < row[j - 1] ? above : row[j - 1]) + 1;
            row[j] = change < step ? change : step;
            diagonal = above;
        }
    }
    return row[n];
}

const char *word_nearest(const char *given, const char *const *words)
{
    const char *nearest = NULL;
    size_t best = strlen(given) / 2 + 1; /* further away is no misspelling */
    if (best > 4)
        best = 4;
    for (; *words; words++)
        if (distance(given, *words) < best) {
            best = distance(given, *words);
            nearest = *words;
        }
    return nearest;
}

static struct text option_mistake(struct arena *arena, const struct option_spec *specs, size_t count,
                                  const char *given)
{
    const char **names = ARENA_NEW_N(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = specs[i].name;
    const char *name = text_keep(arena, (struct text){ given, strcspn(given, "=") }).p;
    const char *nearest = word_nearest(name + strspn(name, "-"), names);
    if (nearest)
        return text_keep_format(arena, "unknown option %s; did you mean --%s?", name, nearest);
    return text_keep_format(arena, "unknown option %s; --help lists all options", name);
}

/* optopt is what getopt made of what it refused: a letter, the ID of a flag that was given a value, or 0. */
static struct text refusal(struct arena *arena, const struct option_spec *specs, size_t count, const char *given)
{
    if (optopt >= FIRST_ID)
        return text_keep_format(arena, "option --%s takes no value", specs[optopt - FIRST_ID].name);
    /* In -xy getopt stays at the word in front until it is through with the letters. */
    const char letter[] = { '-', (char)optopt, '\0' };
    return option_mistake(arena, specs, count, optopt ? letter : given);
}

static const struct option *long_options(struct arena *arena, const struct option_spec *specs, size_t count)
{
    struct option *all = ARENA_NEW_N(arena, struct option, count + 1);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct option){ specs[i].name, specs[i].kind == OPTION_FLAG ? no_argument : required_argument, NULL,
                                  FIRST_ID + (int)i };
    return all;
}

/* ":o:h": getopt's list of letters, each with a colon when it takes a value. */
static const char *short_options(struct arena *arena, const struct option_spec *specs, size_t count)
{
    char *all = arena_alloc(arena, 2 * count + 3), *at = all;
    *at++ = ':';
    for (size_t i = 0; i < count; i++) {
        if (!is_letter(&specs[i]))
            continue;
        *at++ = specs[i].name[0];
        if (specs[i].kind != OPTION_FLAG)
            *at++ = ':';
    }
    *at++ = 'h';
    return all;
}

static size_t spec_index(const struct option_spec *specs, size_t count, int id)
{
    size_t i = 0;
    if (id >= FIRST_ID)
        return (size_t)(id - FIRST_ID);
    while (i < count && !(is_letter(&specs[i]) && specs[i].name[0] == id))
        i++;
    return i;
}

/* False when the command has no such option. */
static bool flag_set(const struct option_spec *specs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(specs[i].name, name) == 0)
            return value_set(&specs[i], NULL);
    return false;
}

bool options_parse(struct arena *arena, const struct option_spec *specs, size_t count, int argc, char **argv,
                   struct option_list *rest, struct text *error)
{
    const struct option *all = long_options(arena, specs, count);
    const char *letters = short_options(arena, specs, count);
    for (size_t i = 0; i < count; i++)
        if (specs[i].kind == OPTION_LIST)
            ((struct option_list *)specs[i].target)->items = ARENA_NEW_N(arena, const char *, (size_t)argc + 1);
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    for (int id; (id = getopt_long(argc, argv, letters, all, NULL)) != -1;) {
        const char *given = argv[optind - 1];
        if (id == 'h' && flag_set(specs, count, "help"))
            continue;
        if (id == '?' || id == 'h')
            *error = refusal(arena, specs, count, given);
        else if (id == ':')
            *error = text_keep_format(arena, "option %s needs a value; see --help", given);
        else if (!value_set(&specs[spec_index(specs, count, id)], optarg))
            *error = value_mistake(arena, &specs[spec_index(specs, count, id)], optarg);
        else
            continue;
        return false;
    }
    *rest = (struct option_list){ (const char **)(argv + optind), (size_t)(argc - optind) };
    return true;
}
