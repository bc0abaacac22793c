/*
 * page.h - what a command is: how it is called, its options, what it returns; the help is made of it, and what shells
 * complete.
 *
 * Limits:  help fits 80 columns and 40 lines (a test says so): what is seldom needed is only named.
 */
#ifndef EVSCAN_CLI_PAGE_H
#define EVSCAN_CLI_PAGE_H

#include "base/buf.h"
#include "cli/options.h"

#define PAGE_USAGES 6

struct command;

struct page {
    const char *name;                /* "show", "rules check"; "" is evscan without a command */
    const char *usages[PAGE_USAGES]; /* behind "evscan ": the ways to call it */
    const char *about;               /* paragraphs as they are printed, each line with its end */
    struct option_group groups[OPTION_GROUPS];
    struct option_group rare;  /* options that help only names; the manual tells of them */
    const char *end;           /* as printed: exit statuses */
    const char *manual;        /* "evscan-show"; NULL: there is none */
    const struct command *commands; /* the others beside this one, which help names; NULL: none */
    const char *const *words;  /* one of these comes first, ends with NULL; NULL: paths do */
};

/* "show, search and stats": the commands that have the option `name`; empty when none has. */
struct text pages_with_option(struct arena *arena, const char *name);

/* options_parse with the options of the page; nothing is printed. */
enum options_result page_options(struct arena *arena, const struct page *page, void *target, int argc, char **argv,
                                 struct option_list *rest, struct text *error) MUST_USE;

#define PAGE_GO_ON (-1)

/*
 * Reads the arguments as options_parse does.  PAGE_GO_ON, or the exit status when that was all: behind the help, which
 * was asked for, or a mistake; both are printed.
 */
int page_parse(struct arena *arena, const struct page *page, void *target, int argc, char **argv,
               struct option_list *rest) MUST_USE;

/*
 * Says that none of the page's words comes first, and which was probably meant; `given` is what stands there, NULL:
 * nothing does.  The exit status of that mistake.
 */
int page_word_mistake(const struct page *page, const char *given);

/* Says a mistake in the arguments and gives its exit status. */
int page_mistake(const struct page *page, struct text error);

#endif
