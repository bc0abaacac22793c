/* What every match of a regular expression holds, by example; test_gate.c has random ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "rule/fold.h"
#include "rule/needle.h"

static void needles_of_expressions(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool ignore_case;
        const char *needle;
    } cases[] = {
        { "abc", false, "abc" },
        { "ABC.*defg", false, "defg" },
        { "a|b", false, "" },
        { "(a|b)cde", false, "cde" },
        { "ab+cd", false, "ab" },
        { "abx?cdef", false, "cdef" },
        { "abx{2}cdef", false, "cdef" },
        { "ab{x|longer}", false, "" },
        { "\\.exe\\d", false, ".exe" },
        { "\\Qa|b\\E", false, "" },
        { "(?i)Domain", false, "domain" },
        { "(?x)ab c", false, "" },
        { "a(?i)BCD", false, "abcd" },
        { "task", true, "ta" },
        { "[abc]def[]x]gh", false, "def" },
        { "\xC3\x89t\xC3\xA9", false, "\xC3\xA9t\xC3\xA9" },
        { "\xC3\x89ta", true, "ta" },
        { "x(?#a comment) yz", false, "" },
        { "(*UCP)abc", false, "" },
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text got = regex_needles(&arena, text_from(cases[i].pattern), cases[i].ignore_case, false).longest;
        if (!text_equal(got, text_from(cases[i].needle)))
            fail_msg("%s: %.*s", cases[i].pattern, TEXT_ARG(got));
    }
    arena_done(&arena);
}

/* Of which one must stand there. */
static void texts_of_alternatives(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool ignore_case;
        const char *some; /* separated by blanks */
    } cases[] = {
        { "(?:evil|bad)[0-9]+", false, "evil bad" },
        { "(evil|bad)\\.exe", false, "evil.exe bad.exe" },
        { "evil|bad", false, "evil bad" },
        { "evil|b", false, "" },
        { "evil|bad|", false, "" },
        { "(evil|bad)?x", false, "" }, /* the x alone */
        { "(evil|bad)*abc", false, "abc" },
        { "(evil|bad){0,3}", false, "" },
        { "(evil|bad){1,3}x", false, "evilx badx" },
        { "(evil|bad)+x", false, "evilx badx" },
        { "x(evil|bad)+", false, "xevil xbad" },
        { "(evil|bad){2}", false, "evil bad" },
        { "abc+d", false, "abc" }, /* and abccd holds no abcd */
        { "abcd{1,2}efg", false, "abcd" },
        { "colou?r", false, "colour color" },
        { "[Ee]vil", false, "evil" },
        { "gr[ae]y", false, "gray grey" },
        { "gr[a-z]y-goose", false, "y-goose" },
        { "gr[^ae]y", false, "gr" },
        { "(abc.*|x+def)y", false, "abc xdef" }, /* x+ ends with an x */
        { "((abc|d)e|fgh)(i|j)", false, "abcei dei fghi abcej dej fghj" },
        { "(?i)(net|task)kill", false, "ill" }, /* s and k have partners beyond ASCII */
        { "(?i:evil)|bad", false, "evil bad" },
        { "evil(?=x)bad", false, "evilbad" },
        { "evil(?!x|y)", false, "evil" },
        { "(?<!x)evil$", false, "evil" },
        { "(?<name>evil|bad)", false, "evil bad" },
        { "(?>evil|bad)", false, "evil bad" },
        { "^evil$|^bad$", false, "evil bad" },
        { "\\bevil\\b|\\.bad", false, "evil .bad" },
        { "(evil|bad|(?R))", false, "" },
        { "(evil|bad)\\1", false, "" },
        { "(evil|b\\Qad\\E)", false, "" },
        { "(evil|bad", false, "" },
        { "evil)|bad", false, "" },
        { "(abcdefghijklmnopqrstuvwxyz0123456789|bad)", false, "abcdefghijklmnopqrstuvwxyz01234 bad" },
        { "[ab][ab][ab][ab][ab][ab][ab]evil", false, "aevil bevil" },
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct needles n = regex_needles(&arena, text_from(cases[i].pattern), cases[i].ignore_case, false);
        struct buf got;
        buf_init(&got);
        for (size_t k = 0; k < n.some_count; k++) {
            buf_add_c(&got, k ? " " : "");
            buf_add(&got, n.some[k]);
        }
        if (!text_equal(buf_text(&got), text_from(cases[i].some)))
            fail_msg("%s: %.*s", cases[i].pattern, TEXT_ARG(buf_text(&got)));
        buf_done(&got);
    }
    arena_done(&arena);
}

static void needles_stand_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *value;
        bool stand;
    } cases[] = {
        { "\\+.*\\+.*\\+", "a+b+c+d", true }, { "\\+.*\\+.*\\+", "a+b+c", false }, { "ab.*cd", "cdab", false },
        { "aba.*ab", "abab", false },         { "aba.*ab", "abaab", true },         { "a+b", "ab", true },
        { "net\\s+user", "NET  USER", true }, { "x|y", "", true },                  { "[ab]c?", "", true },
        { "a.*b", "a\nb", false },            { "a.*b", "\nab", true },             { "a.*b", "a\n\nacb\n", true },
        { "a\\s*b", "a\nb", true },          { "a[^x]*b", "a\nb", true },          { "a(.|\n)*b", "a\nb", true },
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct needles n = regex_needles(&arena, text_from(cases[i].pattern), false, false);
        struct text folded = fold_keep(&arena, text_from(cases[i].value));
        if (needles_stand_in(&n, folded) != cases[i].stand)
            fail_msg("%s in %s", cases[i].pattern, cases[i].value);
    }
    arena_done(&arena);
}

/* Where the needles say all, no expression is run. */
static void needles_that_say_all(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        bool exact;
    } cases[] = {
        { "\\+.*\\+", true }, { "`.*?`", true },   { ".*1.*", true },     { "\\+.*+\\+", false }, { "a.*b", false },
        { "^`", false },      { "`.`", false },    { "`+", false },       { "`?-", false },       { "(`)-", false },
        { "[`]-", false },    { "`\\d", false },   { "`{2}", false },     { "", false },          { "`|-", false },
        { "1.*2.*3.*4.*5.*6.*7.*8.*9.*10.*11.*12.*13.*14.*15.*16.*17", false },
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (regex_needles(&arena, text_from(cases[i].pattern), false, false).exact != cases[i].exact)
            fail_msg("%s", cases[i].pattern);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needles_of_expressions),
        cmocka_unit_test(texts_of_alternatives),
        cmocka_unit_test(needles_stand_in_order),
        cmocka_unit_test(needles_that_say_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
