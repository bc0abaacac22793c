#include "rule/regex.h"

#include "base/limits.h"
#include "rule/suspect.h"

static pcre2_compile_context *context_new(void)
{
    pcre2_compile_context *context = memory_made(pcre2_compile_context_create(NULL));
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

/* Flags and text: two that are the same are one.  There may be zeros in the text. */
static struct text key_of(struct arena *scratch, struct text pattern, struct regex_flags flags)
{
    char *key = arena_alloc(scratch, pattern.n + 1);
    key[0] = (char)('0' + flags.ignore_case + 2 * flags.multi_line + 4 * flags.dot_all);
    if (pattern.n)
        memcpy(key + 1, pattern.p, pattern.n);
    return (struct text){ key, pattern.n + 1 };
}

/* Its place in the rule set; false when there are too many, or it has none and there is no more room. */
static bool place_find(struct loading *l, const struct yaml_node *value, struct text key, uint32_t *ret)
{
    struct ruleset *r = l->rules;
    bool is_new;
    if (name_table_find(&l->regexes, key, ret))
        return true;
    if (r->regex_count >= LIMIT_REGEXES || l->regex_bytes > LIMIT_REGEX_BYTES) {
        REFUSE(l, "value", value, "load fewer rules at once",
               r->regex_count >= LIMIT_REGEXES ? "the rules have more than %u regular expressions"
                                               : "the regular expressions of the rules take more than %u MiB",
               r->regex_count >= LIMIT_REGEXES ? LIMIT_REGEXES : LIMIT_REGEX_BYTES >> 20);
        return false;
    }
    *ret = name_table_add(&l->regexes, l->arena, key, &is_new);
    r->regexes = arena_grow(l->arena, r->regexes, r->regex_count, &l->regex_capacity, sizeof *r->regexes);
    l->regex_verdicts = arena_grow(l->arena, l->regex_verdicts, r->regex_count, &l->regex_verdict_capacity,
                                   sizeof *l->regex_verdicts);
    r->regexes[r->regex_count] = (struct regex){ .text = text_from_index(l->regexes.names[*ret], 1) };
    l->regex_verdicts[r->regex_count++] = REGEX_NOT_TRIED;
    return true;
}

static size_t bytes_of(const pcre2_code *code)
{
    size_t size = 0, jit = 0;
    if (pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) < 0 || pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &jit) < 0)
        return 0;
    return size + jit;
}

/* NULL when it is refused. */
static pcre2_code *code_new(struct loading *l, const struct yaml_node *value, struct regex_flags flags)
{
    int error;
    PCRE2_SIZE at;
    PCRE2_UCHAR message[128] = "";
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
    l->regex_bytes += bytes_of(code);
    return code;
}

bool regex_compile(struct loading *l, const struct yaml_node *value, struct regex_flags flags, struct test *ret)
{
    struct arena scratch;
    uint32_t at;
    arena_init(&scratch);
    bool room = place_find(l, value, key_of(&scratch, value->text, flags), &at);
    arena_done(&scratch);
    if (!room)
        return false;
    struct regex *regex = &l->rules->regexes[at];
    if (!regex->code && (regex->code = code_new(l, value, flags)) != NULL)
        regex->needles = regex_needles(l->arena, value->text, flags.ignore_case, flags.dot_all);
    if (regex->code && l->thorough)
        suspect_regex(l, value, regex->code, &l->regex_verdicts[at]);
    *ret = (struct test){ .kind = TEST_REGEX };
    ret->as.regex = regex->code;
    ret->as.needles = regex->needles;
    return regex->code != NULL;
}
