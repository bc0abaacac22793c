/*
 * kb.h - pages of articles, and the search over all that evscan knows, for `evscan kb`.
 */
#ifndef EVSCAN_CLI_KB_H
#define EVSCAN_CLI_KB_H

#include "cli/explain.h"

enum kb_format { KB_TEXT, KB_JSON, KB_MARKDOWN };

/* One article whole; the rules are those that its evidence refers to. */
void kb_page_text(const struct knowledge *k, const struct article *a, struct layout *l);
void kb_page_markdown(const struct knowledge *k, const struct article *a, struct buf *out);
void kb_page_json(const struct knowledge *k, const struct article *a, struct json *j);

/* "article", "incident", "noise". */
const char *kb_kind_name(enum article_kind kind);

/* "Windows NT 4.0 Service Pack 4, Windows 2000": what the article is for; "any system". */
struct text kb_applies_words(struct arena *arena, const struct article *a);

/* `evscan kb why-not ..`; argv[0] is that word. */
int kb_why_not(int argc, char **argv);

/* The article of that id, also as "218922" or "KB218922"; NULL, which is said with the nearest id, when there is none. */
const struct article *kb_article_named(struct arena *arena, const struct kb *kb, struct text given);

/* One thing that was found. */
struct kb_hit {
    unsigned points;
    const struct article *article;   /* one of the three */
    const struct guide_event *event;
    struct error_code error;
};

/*
 * What holds all of the words, without regard to case, best first: words in names and titles count most.  The hits
 * live in the arena of `x`.  When a person interrupts it (io/interrupt.h), what was found until then.
 */
const struct kb_hit *kb_search(struct explain *x, const struct option_list *words, size_t *count);

#endif
