#include "rule/regex.h"

#include "base/limits.h"
#include "rule/suspect.h"

static pcre2_compile_context *context_new(void)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return NULL;
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_max_pattern_length(context, LIMIT_REGEX_PATTERN);
    return context;
}

static uint32_t options_of(struct regex_flags flags)
{
    uint32_t options = PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    options |= flags.ignore_case ? PCRE2_CASELESS : 0;
    options |= flags.multi_line ? PCRE2_MULTILINE : 0;
    options |= flags.dot_all ? PCRE2_DOTALL : 0;
    return options;
}

static void keep(struct loading *l, pcre2_code *code, struct text pattern)
{
    struct ruleset *r = l->rules;
    r->regexes = arena_grow(l->arena, r->regexes, r->regex_count, &l->regex_capacity, sizeof code);
    r->regex_texts = arena_grow(l->arena, r->regex_texts, r->regex_count, &l->regex_text_capacity, sizeof pattern);
    r->regexes[r->regex_count] = code;
    r->regex_texts[r->regex_count++] = text_keep(l->arena, pattern);
}

const pcre2_code *regex_compile(struct loading *l, const struct yaml_node *value, struct regex_flags flags)
{
    int error;
    PCRE2_SIZE at;
    PCRE2_UCHAR message[128] = "";
    if (l->rules->regex_count >= LIMIT_REGEXES) {
        REFUSE(l, "value", value, NULL, "the rules have more than %u regular expressions", LIMIT_REGEXES);
        return NULL;
    }
    pcre2_compile_context *context = context_new();
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)value->text.p, value->text.n, options_of(flags), &error, &at, context);
    pcre2_compile_context_free(context);
    if (!code) {
        pcre2_get_error_message(error, message, sizeof message);
        diag_add_inside(l->diags, DIAG_ERROR, "value", l->file, value, at,
                        "evscan uses the syntax of pcre2pattern(3)",
                        "the regular expression is not valid: %s", (const char *)message);
        return NULL;
    }
    /* Without JIT (no memory for code, hardened kernels) the interpreter does the same, slower. */
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    keep(l, code, value->text);
    if (l->thorough)
        suspect_regex(l, value, code);
    return code;
}
