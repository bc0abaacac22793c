/*
 * options.h - command lines, by a table a command.
 *
 * Shape:   a command lists its options with the place where each value goes; options may stand before and behind
 *          the paths, `--` ends them.
 * Owns:    nothing; texts are those of argv, lists live in the arena.
 */
#ifndef EVSCAN_CLI_OPTIONS_H
#define EVSCAN_CLI_OPTIONS_H

#include "base/arena.h"

enum option_kind {
    OPTION_FLAG,   /* bool: set to true */
    OPTION_WORD,   /* int: index of the word given */
    OPTION_NUMBER, /* unsigned: least..most */
    OPTION_TEXT,   /* const char *: as it is */
    OPTION_LIST,   /* struct option_list: repeatable */
};

struct option_list {
    const char **items;
    size_t count;
};

struct option_spec {
    const char *name; /* without the dashes; one letter makes a short option, -o */
    enum option_kind kind;
    void *target;             /* by kind; an option that is not given leaves it as it was */
    const char *const *words; /* OPTION_WORD: ends with NULL */
    unsigned least, most;     /* OPTION_NUMBER */
};

/*
 * Reads argv (argv[0] is the command's name) and leaves what is no option in `rest`.  False after a mistake, which is
 * said in `error` with the next step.
 */
bool options_parse(struct arena *arena, const struct option_spec *specs, size_t count, int argc, char **argv,
                   struct option_list *rest, struct text *error) MUST_USE;

/* The word of `words` that a misspelt one is nearest to; NULL when none is near. */
const char *word_nearest(const char *given, const char *const *words);

#endif
