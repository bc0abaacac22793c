#include "match/regex_trial.h"

#include "base/arena.h"
#include "base/limits.h"

#define FIRST_STACK (32 << 10) /* bytes */

void regex_trial_init(struct regex_trial *t)
{
    t->data = memory_made(pcre2_match_data_create(1, NULL));
    t->context = memory_made(pcre2_match_context_create(NULL));
    t->stack = pcre2_jit_stack_create(FIRST_STACK, LIMIT_REGEX_STACK, NULL);
    pcre2_set_match_limit(t->context, LIMIT_REGEX_MATCH);
    pcre2_set_depth_limit(t->context, LIMIT_REGEX_DEPTH);
    pcre2_set_heap_limit(t->context, LIMIT_REGEX_HEAP_KIB);
    pcre2_jit_stack_assign(t->context, NULL, t->stack);
}

void regex_trial_done(struct regex_trial *t)
{
    pcre2_match_data_free(t->data);
    pcre2_match_context_free(t->context);
    pcre2_jit_stack_free(t->stack);
}

bool regex_trial_find(struct regex_trial *t, const pcre2_code *code, struct text text, size_t from, bool *gave_up)
{
    bool cut = text.n > LIMIT_REGEX_SUBJECT;
    size_t n = cut ? LIMIT_REGEX_SUBJECT : text.n;
    *gave_up = false;
    if (from > n)
        return false;
    int result = pcre2_match(code, (PCRE2_SPTR)(text.p ? text.p : ""), n, from, 0, t->data, t->context);
    *gave_up = result < 0 && (cut || result != PCRE2_ERROR_NOMATCH);
    return result >= 0;
}
