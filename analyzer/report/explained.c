#include "report/explained.h"

#include "report/credit.h"

/* Of each rule. */
static size_t *counts_find(struct arena *a, const struct report_facts *f)
{
    const struct report *r = f->report;
    size_t *counts = ARENA_NEW_N(a, size_t, ruleset_count_all(r->rules));
    for (size_t i = 0; i < r->timeline->hit_count; i++)
        if (f->shown[i] && hit_is_finding(r, &r->timeline->hits[i]))
            counts[r->timeline->hits[i].rule]++;
    return counts;
}

/* Its author as well, whom the licence of published rules wants to be named with every match. */
static struct text rule_words(struct arena *a, const struct ruleset *rules, uint32_t rule, size_t count)
{
    struct text authors = words_of_authors(a, rules, rule);
    const char *gap = !authors.n ? "" : ruleset_info(rules, rule)->author.n ? " by " : ", ";
    return WORDS(a, ruleset_called(rules, rule), text_keep_format(a, " (%zu)", count), text_from(gap), authors);
}

/* "my-disk (2) by Jane Doe, my-net (1) and 3 more" */
static struct text added_rules(struct arena *a, const struct ruleset *rules, const size_t *counts)
{
    struct text words = TEXT("");
    size_t count = 0;
    for (uint32_t i = 0; i < ruleset_count_all(rules); i++) {
        if (!counts[i] || ruleset_info(rules, i)->own || ++count > EXPLAINED_RULES)
            continue;
        words = WORDS(a, words, count > 1 ? TEXT(", ") : TEXT(""), rule_words(a, rules, i, counts[i]));
    }
    if (count > EXPLAINED_RULES)
        words = WORDS(a, words, text_keep_format(a, " and %zu more", count - EXPLAINED_RULES));
    return words;
}

/* "10 findings are explained by the above", "2 findings are evidence above, but nothing that is likely explains them" */
static struct text counted(struct arena *a, const struct report_facts *f)
{
    struct text explained = words_of_count(a, f->explained, "finding is", "findings are");
    struct text weighed = words_of_count(a, f->weighed, "finding is", "findings are");
    return WORDS(a, f->explained ? WORDS(a, explained, TEXT(" explained by the above")) : TEXT(""),
                 f->explained && f->weighed ? TEXT(", ") : TEXT(""),
                 f->weighed ? WORDS(a, weighed, TEXT(" evidence above, but nothing that is likely explains "),
                                    f->weighed == 1 ? TEXT("it") : TEXT("them")) : TEXT(""));
}

struct text words_of_explained(struct arena *a, const struct report_facts *f, const char *where)
{
    if (!f->explained && !f->weighed)
        return TEXT("");
    struct text added = added_rules(a, f->report->rules, counts_find(a, f));
    return WORDS(a, counted(a, f), TEXT("; "), text_from(where), added.n ? TEXT(".  Of added rules: ") : TEXT(""), added,
                 TEXT("."));
}
