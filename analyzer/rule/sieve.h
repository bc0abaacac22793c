/*
 * sieve.h - a long list of values, made ready to be looked up instead of tried one by one.
 *
 * Shape:   of an item of which any test is enough, numbers, parts of dates, networks and whole texts are sorted and
 *          searched by halves, and of comparisons only the easiest one is left:
 *
 *              tests -> equal ones once -> numbers | times | networks | texts | rest, tried one by one
 *
 *          Below `all` there is nothing to look up, but less to try: equal ones once, the hardest comparison.
 *          The tests of the item stay, for those who explain a rule; a sieve says the same as they do.
 * Owns:    everything lives in the arena of the rule set.
 * Threads: const after sieve_new.
 */
#ifndef EVSCAN_RULE_SIEVE_H
#define EVSCAN_RULE_SIEVE_H

#include "rule/compiled.h"

struct numbers {
    const struct number *items; /* sorted */
    size_t count;
};

struct sieve {
    struct numbers numbers;
    struct numbers times; /* what `part` of a date is */
    enum time_part part;
    const struct network *networks; /* sorted, none covers another one */
    size_t network_count;
    const struct text *texts; /* sorted; whole values, folded unless `cased` */
    size_t text_count;
    bool cased;
    const struct test *rest; /* in the author's order */
    size_t rest_count;
    bool when_absent; /* what the tests say of an event that does not have the field */
    bool by_key;      /* what it says of provider, channel or event ID is right before the event is known, too */
};

/* NULL when the item has so few tests that trying them is as good. */
const struct sieve *sieve_new(struct arena *arena, const struct item *item, enum field_kind kind);

bool numbers_have(const struct numbers *numbers, const struct number *n);
bool sieve_has_text(const struct sieve *s, struct text t);

#endif
