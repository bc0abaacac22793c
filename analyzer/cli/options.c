#define _GNU_SOURCE /* getopt_long */
#include "cli/options.h"

#include <getopt.h>
#include <strings.h>

#include "base/nearest.h"
#include "cli/page.h"

#define FIRST_ID 256 /* above any character: getopt's own returns */

/* All options of a command in one row; help is the last of them. */
struct parser {
    struct arena *arena;
    const struct option_spec **specs;
    char **targets;
    size_t count;
};

static const struct option_spec help_spec = { "help", 'h', OPTION_FLAG, 0, NULL, NULL, NULL, 0, 0 };

static void parser_add(struct parser *p, const struct option_spec *spec, char *target)
{
    p->specs[p->count] = spec;
    p->targets[p->count++] = target;
}

static void parser_init(struct parser *p, struct arena *arena, const struct option_group *groups, char *target)
{
    size_t all = 1;
    for (size_t g = 0; g < OPTION_GROUPS && groups[g].count; g++)
        all += groups[g].count;
    p->arena = arena;
    p->specs = ARENA_NEW_N(arena, const struct option_spec *, all);
    p->targets = ARENA_NEW_N(arena, char *, all);
    p->count = 0;
    for (size_t g = 0; g < OPTION_GROUPS && groups[g].count; g++)
        for (size_t i = 0; i < groups[g].count; i++)
            parser_add(p, &groups[g].specs[i], target + groups[g].at + groups[g].specs[i].target);
    parser_add(p, &help_spec, NULL);
}

static bool word_parse(const struct option_spec *spec, int *target, const char *value)
{
    for (int i = 0; spec->words[i]; i++)
        if (strcmp(value, spec->words[i]) == 0) {
            *target = i;
            return true;
        }
    return false;
}

static bool number_parse(const struct option_spec *spec, unsigned *target, const char *value)
{
    uint64_t number;
    if (!text_to_u64(text_from(value), &number) || number < spec->least || number > spec->most)
        return false;
    *target = (unsigned)number;
    return true;
}

/* `value` is NULL for a flag.  Lists have room for all of argv. */
static bool value_set(const struct option_spec *spec, void *target, const char *value)
{
    struct option_list *list = target;
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)target = true;
        return true;
    case OPTION_WORD:
        return word_parse(spec, target, value);
    case OPTION_NUMBER:
        return number_parse(spec, target, value);
    case OPTION_TEXT:
        *(const char **)target = value;
        return true;
    case OPTION_LIST:
        list->items[list->count++] = value;
        return true;
    }
    return false;
}

struct option_list option_lists_join(struct arena *arena, const struct option_list *a, const struct option_list *b)
{
    struct option_list all = { ARENA_NEW_N(arena, const char *, a->count + b->count), 0 };
    for (size_t i = 0; i < a->count; i++)
        all.items[all.count++] = a->items[i];
    for (size_t i = 0; i < b->count; i++)
        all.items[all.count++] = b->items[i];
    return all;
}

struct text words_expected(struct arena *arena, const char *const *words)
{
    struct text all = text_from(words[0]);
    for (size_t i = 1; words[i]; i++)
        all = text_keep_format(arena, "%.*s%s%s", TEXT_ARG(all), words[i + 1] ? ", " : " or ", words[i]);
    return all;
}

const char *word_nearest(const char *given, const char *const *words)
{
    struct nearest nearest = nearest_begin(text_from(given));
    for (; *words; words++)
        nearest_try(&nearest, text_from(*words));
    return nearest.best.n ? nearest.best.p : NULL;
}

/* `given` is the word with its dashes. */
static struct text value_mistake(struct arena *arena, const struct option_spec *spec, const char *given,
                                 const char *value)
{
    if (spec->kind == OPTION_NUMBER)
        return text_keep_format(arena, "%s %s: must be a number from %u to %u", given, value, spec->least, spec->most);
    const char *nearest = word_meant(value, spec->words);
    struct text expected = words_expected(arena, spec->words);
    if (nearest)
        return text_keep_format(arena, "%s %s: did you mean %s?  It must be %.*s", given, value, nearest,
                                TEXT_ARG(expected));
    return text_keep_format(arena, "%s %s: must be %.*s", given, value, TEXT_ARG(expected));
}

const char *word_meant(const char *given, const char *const *words)
{
    for (const char *const *word = words; *given && *word; word++)
        if (strncasecmp(*word, given, strlen(given)) == 0)
            return *word;
    return word_nearest(given, words);
}

static struct text option_mistake(const struct parser *p, const char *given)
{
    const char **names = ARENA_NEW_N(p->arena, const char *, p->count + 1);
    for (size_t i = 0; i < p->count; i++)
        names[i] = p->specs[i]->name;
    const char *name = text_keep(p->arena, (struct text){ given, strcspn(given, "=") }).p;
    const char *nearest = word_meant(name + strspn(name, "-"), names);
    struct text others = pages_with_option(p->arena, name + strspn(name, "-"));
    if (others.n)
        return text_keep_format(p->arena, "unknown option %s here; %.*s takes it", name, TEXT_ARG(others));
    if (nearest)
        return text_keep_format(p->arena, "unknown option %s; did you mean --%s?", name, nearest);
    return text_keep_format(p->arena, "unknown option %s; --help lists all options", name);
}

/* optopt is what getopt made of what it refused: a letter, the ID of a flag that was given a value, or 0. */
static struct text refusal(const struct parser *p, const char *given)
{
    if (optopt >= FIRST_ID)
        return text_keep_format(p->arena, "option --%s takes no value", p->specs[optopt - FIRST_ID]->name);
    /* In -xy getopt stays at the word in front until it is through with the letters. */
    const char letter[] = { '-', (char)optopt, '\0' };
    return option_mistake(p, optopt ? letter : given);
}

static const struct option *long_options(const struct parser *p)
{
    struct option *all = ARENA_NEW_N(p->arena, struct option, p->count + 1);
    for (size_t i = 0; i < p->count; i++)
        all[i] = (struct option){ p->specs[i]->name,
                                  p->specs[i]->kind == OPTION_FLAG ? no_argument : required_argument, NULL,
                                  FIRST_ID + (int)i };
    return all;
}

/* ":o:h": getopt's list of letters, each with a colon when it takes a value. */
static const char *short_options(const struct parser *p)
{
    char *all = arena_alloc(p->arena, 2 * p->count + 2), *at = all;
    *at++ = ':';
    for (size_t i = 0; i < p->count; i++) {
        if (!p->specs[i]->letter)
            continue;
        *at++ = p->specs[i]->letter;
        if (p->specs[i]->kind != OPTION_FLAG)
            *at++ = ':';
    }
    return all;
}

static size_t spec_index(const struct parser *p, int id)
{
    size_t i = 0;
    if (id >= FIRST_ID)
        return (size_t)(id - FIRST_ID);
    while (p->specs[i]->letter != id)
        i++;
    return i;
}

/*
 * getopt takes the beginning of a name for the name: --node, which chooses nodes in other commands, would be --nodes of
 * a scan, and mean something else without a word.
 */
static bool is_abbreviated(const struct parser *p, int id, const char *given)
{
    return id >= FIRST_ID && strcspn(given + 2, "=") != strlen(p->specs[spec_index(p, id)]->name);
}

/* The word that the option was read from; its value may be the word behind it. */
static const char *option_word(char **argv)
{
    return optarg == argv[optind - 1] ? argv[optind - 2] : argv[optind - 1];
}

/* An option that getopt knows. */
static enum options_result option_take(const struct parser *p, int id, struct text *error)
{
    size_t i = spec_index(p, id);
    if (p->specs[i] == &help_spec)
        return OPTIONS_HELP;
    if (value_set(p->specs[i], p->targets[i], optarg))
        return OPTIONS_READ;
    const char letter[] = { '-', (char)id, '\0' };
    const char *given = id < FIRST_ID ? letter : text_keep_format(p->arena, "--%s", p->specs[i]->name).p;
    *error = value_mistake(p->arena, p->specs[i], given, optarg);
    return OPTIONS_MISTAKE;
}

enum options_result options_parse(struct arena *arena, const struct option_group groups[OPTION_GROUPS], void *target,
                                  int argc, char **argv, struct option_list *rest, struct text *error)
{
    struct parser p;
    parser_init(&p, arena, groups, target);
    const struct option *all = long_options(&p);
    const char *letters = short_options(&p);
    for (size_t i = 0; i < p.count; i++)
        if (p.specs[i]->kind == OPTION_LIST)
            ((struct option_list *)(void *)p.targets[i])->items = ARENA_NEW_N(arena, const char *, (size_t)argc + 1);
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    for (int id; (id = getopt_long(argc, argv, letters, all, NULL)) != -1;) {
        enum options_result result = OPTIONS_MISTAKE;
        const char *given = argv[optind - 1];
        if (id == '?')
            *error = refusal(&p, given);
        else if (id == ':')
            *error = text_keep_format(arena, "option %s needs a value; see --help", given);
        else if (is_abbreviated(&p, id, option_word(argv)))
            *error = option_mistake(&p, option_word(argv));
        else
            result = option_take(&p, id, error);
        if (result != OPTIONS_READ)
            return result;
    }
    *rest = (struct option_list){ (const char **)(argv + optind), (size_t)(argc - optind) };
    return OPTIONS_READ;
}
