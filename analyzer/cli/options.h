/*
 * options.h - command lines, by tables: what a command takes, said once for reading it, for its help and for shells.
 *
 * Shape:   an option says where its value goes as an offset in the command's struct; a group is a table of options that
 *          several commands may share, with the offset of the part it fills.  Options may stand before and behind the
 *          paths, `--` ends them.  A table is `static const`, so that what has nothing to do with a run can read it.
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
    const char *name; /* without the dashes */
    char letter;      /* of the short form, 'o'; '\0': there is none */
    enum option_kind kind;
    size_t target;            /* offset; by kind; an option that is not given leaves it as it was */
    const char *value;        /* what stands for the value in help: "LIST"; "PATH" and "FOLDER" are completed */
    const char *help;         /* one phrase without a line end; help wraps it */
    const char *const *words; /* OPTION_WORD: ends with NULL; OPTION_LIST: what shells complete, or NULL */
    unsigned least, most;     /* OPTION_NUMBER */
};

/* `owner` is the struct that the target is in; `letter` as above. */
#define FLAG_OPTION(name, letter, owner, member, help) \
    { name, letter, OPTION_FLAG, offsetof(owner, member), NULL, help, NULL, 0, 0 }
#define WORD_OPTION(name, letter, owner, member, words, value, help) \
    { name, letter, OPTION_WORD, offsetof(owner, member), value, help, words, 0, 0 }
#define NUMBER_OPTION(name, letter, owner, member, least, most, value, help) \
    { name, letter, OPTION_NUMBER, offsetof(owner, member), value, help, NULL, least, most }
#define TEXT_OPTION(name, letter, owner, member, value, help) \
    { name, letter, OPTION_TEXT, offsetof(owner, member), value, help, NULL, 0, 0 }
#define LIST_OPTION(name, letter, owner, member, value, help) \
    { name, letter, OPTION_LIST, offsetof(owner, member), value, help, NULL, 0, 0 }
#define LIST_OPTION_OF(name, letter, owner, member, words, value, help) \
    { name, letter, OPTION_LIST, offsetof(owner, member), value, help, words, 0, 0 }

struct option_group {
    const struct option_spec *specs;
    size_t count;
    size_t at; /* offset in the command's struct of what `target` counts from */
};

#define OPTION_GROUP(specs, at) { specs, COUNT_OF(specs), at }
#define OPTION_GROUPS 4 /* of one command at most */

enum options_result { OPTIONS_READ, OPTIONS_HELP, OPTIONS_MISTAKE };

/*
 * Reads argv (argv[0] is the command's name) into the struct at `target` and leaves what is no option in `rest`.
 * Groups end with the first one without options.
 *
 * OPTIONS_HELP     -h or --help, which every command has, stood before any mistake
 * OPTIONS_MISTAKE  `error` says it, with the next step
 */
enum options_result options_parse(struct arena *arena, const struct option_group groups[OPTION_GROUPS], void *target,
                                  int argc, char **argv, struct option_list *rest, struct text *error) MUST_USE;

/* One behind the other. */
struct option_list option_lists_join(struct arena *arena, const struct option_list *a, const struct option_list *b);

/* "text, json or csv": words that end with NULL. */
struct text words_expected(struct arena *arena, const char *const *words);

/* The same; a word that the misspelt one begins comes first. */
const char *word_meant(const char *given, const char *const *words);

/* The word of `words` that a misspelt one is nearest to; NULL when none is near. */
const char *word_nearest(const char *given, const char *const *words);

#endif
