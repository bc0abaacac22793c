/* The YAML room: tree, places, scalar types, and what a broken file gets told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/limits.h"
#include "yaml/yaml_tree.h"

struct fixture {
    struct arena arena;
    struct diags diags;
    struct yaml_file file;
    struct buf printed;
    bool ok;
};

static void open_text(struct fixture *f, struct text source)
{
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    buf_init(&f->printed);
    f->ok = yaml_parse(&f->arena, TEXT("t.yaml"), source, &f->diags, &f->file);
    diags_print(&f->diags, &f->printed);
    buf_add_char(&f->printed, '\0');
}

static void close_text(struct fixture *f)
{
    buf_done(&f->printed);
    arena_done(&f->arena);
}

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.n, strlen(expected));
    assert_memory_equal(t.p, expected, t.n);
}

static void a_file_becomes_a_tree(void **state)
{
    (void)state;
    struct fixture f;
    open_text(&f, TEXT("\xEF\xBB\xBF# c\r\na: 1\r\nb:\r\n  - x\r\n  - {k: 'v'}\r\n---\r\n# "
                       "nothing\r\n---\r\nz: |\r\n  l1\r\n"));
    assert_true(f.ok);
    assert_int_equal(f.file.count, 2);
    const struct yaml_node *b = yaml_get(f.file.documents[0], "b");
    assert_int_equal(b->kind, YAML_SEQUENCE);
    assert_int_equal(b->count, 2);
    assert_text(b->items[0]->text, "x");
    assert_int_equal(b->items[0]->line, 4);
    assert_int_equal(b->items[0]->column, 5);
    assert_text(yaml_get(b->items[1], "k")->text, "v");
    assert_false(yaml_get(b->items[1], "k")->plain);
    const struct yaml_node *z = yaml_get(f.file.documents[1], "z");
    assert_true(z->block);
    assert_text(z->text, "l1\n");
    assert_null(yaml_get(z, "q"));
    assert_null(yaml_get(f.file.documents[0], "q"));
    close_text(&f);
}

static void plain_scalars_have_types(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum yaml_type type;
    } cases[] = {
        { "", YAML_TYPE_NULL },
        { "~", YAML_TYPE_NULL },
        { "null", YAML_TYPE_NULL },
        { "Null", YAML_TYPE_NULL },
        { "nUll", YAML_TYPE_STRING },
        { "true", YAML_TYPE_BOOL },
        { "FALSE", YAML_TYPE_BOOL },
        { "yes", YAML_TYPE_STRING },
        { "off", YAML_TYPE_STRING },
        { "0", YAML_TYPE_INT },
        { "-3", YAML_TYPE_INT },
        { "+7", YAML_TYPE_INT },
        { "010", YAML_TYPE_STRING },
        { "0x1F", YAML_TYPE_INT },
        { "0x", YAML_TYPE_STRING },
        { "0xg", YAML_TYPE_STRING },
        { "0o17", YAML_TYPE_STRING },
        { "1_000", YAML_TYPE_STRING },
        { "1.5", YAML_TYPE_FLOAT },
        { ".5", YAML_TYPE_FLOAT },
        { "1e3", YAML_TYPE_FLOAT },
        { "1.e-3", YAML_TYPE_FLOAT },
        { "01.5", YAML_TYPE_STRING },
        { "1.2.3", YAML_TYPE_STRING },
        { "-", YAML_TYPE_STRING },
        { ".", YAML_TYPE_STRING },
        { "1e", YAML_TYPE_STRING },
        { ".inf", YAML_TYPE_NOT_FINITE },
        { "-.INF", YAML_TYPE_NOT_FINITE },
        { ".NaN", YAML_TYPE_NOT_FINITE },
        { "12:30", YAML_TYPE_STRING },
        { "2024-01-02", YAML_TYPE_STRING },
        { "-0", YAML_TYPE_INT },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct yaml_node node = { .kind = YAML_SCALAR, .plain = true, .text = text_from(cases[i].text) };
        if (yaml_scalar_type(&node) != cases[i].type)
            fail_msg("\"%s\" has type %d", cases[i].text, yaml_scalar_type(&node));
        node.plain = false;
        assert_int_equal(yaml_scalar_type(&node), YAML_TYPE_STRING);
    }
}

static void mistakes_are_told_all_at_once(void **state)
{
    (void)state;
    struct fixture f;
    open_text(&f, TEXT("a: 1\nb: &x 2\na: *x\n<<: q\nc: !!str 3\n"));
    assert_false(f.ok);
    assert_int_equal(f.file.count, 0);
    assert_int_equal(f.diags.errors, 5);
    assert_non_null(
        strstr(f.printed.p, "t.yaml:2:4: error[yaml]: anchors are not supported\n    b: &x 2\n       ^\n"));
    assert_non_null(strstr(f.printed.p, "t.yaml:3:1: error[yaml]: the key \"a\" stands here a second time"));
    assert_non_null(strstr(f.printed.p, "t.yaml:3:4: error[yaml]: aliases"));
    assert_non_null(strstr(f.printed.p, "t.yaml:4:1: error[yaml]: merge keys"));
    assert_non_null(strstr(f.printed.p, "t.yaml:5:4: error[yaml]: tags"));
    close_text(&f);
}

static void broken_files_have_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *source, *expected;
    } cases[] = {
        { "a: b: c\n", "t.yaml:1:5: error[yaml]: mapping values are not allowed" },
        { "a:\n\t- b\n", "t.yaml:2:1: error[yaml]: found character that cannot start any token" },
        { "a: 'x\n", "error[yaml]: found unexpected end of stream" },
        { "a: [1\nb: 2\n", "t.yaml:2:2: error[yaml]:" },
        { "\xC3\xA9: 1\n\xC3\xA9: \x80\n", "t.yaml:2:4: error[yaml]: the byte 0x80 is not UTF-8" },
        { "a: \x01\n", "t.yaml:1:4: error[yaml]: control characters are not allowed" },
        { "? [a]\n: 1\n", "t.yaml:1:3: error[yaml]: a map or a list cannot be a key" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        open_text(&f, text_from(cases[i].source));
        assert_false(f.ok);
        assert_int_equal(f.file.count, 0);
        if (!strstr(f.printed.p, cases[i].expected))
            fail_msg("expected %s\ngot %s", cases[i].expected, f.printed.p);
        close_text(&f);
    }
}

/* The caret stands below the character that a value's byte came from. */
static void places_inside_scalars(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        size_t offset;
        uint32_t line, column;
    } cases[] = {
        { "a: sel and x\n", 8, 1, 12 },         { "a: 'sel and x'\n", 8, 1, 13 },
        { "a: 'it''s x'\n", 5, 1, 11 },         { "a: \"t\\tb x\"\n", 4, 1, 10 },
        { "a: |\n  one\n  two x\n", 8, 3, 7 },  { "a: |\n\n  one\n    two\n", 7, 4, 5 },
        { "a: >-\n  one\n  two\n", 5, 1, 4 },   { "a: one\n  two\n", 5, 1, 4 },
        { "a: \xC3\xA9\xC3\xA9 x\n", 5, 1, 7 }, { "a: x\n", 1, 1, 5 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f;
        open_text(&f, text_from(cases[i].source));
        assert_true(f.ok);
        diag_add_inside(&f.diags, DIAG_WARNING, "t", &f.file, yaml_get(f.file.documents[0], "a"),
                        cases[i].offset, NULL, "here");
        if (f.diags.items[0].line != cases[i].line || f.diags.items[0].column != cases[i].column)
            fail_msg("%zu: %u:%u", i, f.diags.items[0].line, f.diags.items[0].column);
        close_text(&f);
    }
}

static void printing_is_narrow_and_harmless(void **state)
{
    (void)state;
    struct fixture f;
    struct buf line;
    buf_init(&line);
    buf_add_c(&line, "a: '");
    for (int i = 0; i < 300; i++)
        buf_add_c(&line, "\xC3\xA9-");
    buf_add_c(&line, "'\nb: \"\\e[2J\"\n");
    open_text(&f, buf_text(&line));
    assert_true(f.ok);
    const struct yaml_node *a = yaml_get(f.file.documents[0], "a");
    diag_add_inside(&f.diags, DIAG_ERROR, "t", &f.file, a, 600, "do", "bad \"%.*s\"",
                    TEXT_ARG(yaml_get(f.file.documents[0], "b")->text));
    f.printed.n = 0;
    diags_print(&f.diags, &f.printed);
    buf_add_char(&f.printed, '\0');
    assert_null(strchr(f.printed.p, '\x1b'));
    assert_non_null(strstr(f.printed.p, "t.yaml:1:405: error[t]: bad \"\\x1b[2J\"\n"));
    size_t columns = 0, lines = 0;
    for (const char *p = f.printed.p; *p; p++) {
        columns = *p == '\n' ? 0 : columns + (((unsigned char)*p & 0xC0) != 0x80);
        lines += *p == '\n';
        assert_true(columns <= 80);
    }
    assert_int_equal(lines, 4);
    buf_done(&line);
    close_text(&f);
}

/* Hostile files end with one clear error and in no time. */
static void repeated(struct buf *b, const char *piece, size_t times)
{
    buf_init(b);
    for (size_t i = 0; i < times; i++)
        buf_add_c(b, piece);
}

static void hostile_files_are_refused_quickly(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t times;
        const char *expected;
    } cases[] = {
        { "[", 1000, "nested too deeply" },
        { "- ", 100000, "nested too deeply" },
        { "{a: ", 100000, "nested too deeply" },
        { "- x\n", LIMIT_YAML_NODES + 10, "too many values" },
        { "# 0123456789abcdef0123456789abcdef\n", LIMIT_YAML_BYTES / 35 + 2, "larger than 16 MiB" },
        { "k: *a\n", 100000, "aliases are not supported" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b;
        struct fixture f;
        repeated(&b, cases[i].piece, cases[i].times);
        clock_t before = clock();
        open_text(&f, buf_text(&b));
        assert_false(f.ok);
        if (!strstr(f.printed.p, cases[i].expected))
            fail_msg("%s", f.printed.p);
        assert_true(f.diags.count <= LIMIT_DIAGS_PER_FILE);
        assert_true(clock() - before < 20 * CLOCKS_PER_SEC);
        close_text(&f);
        buf_done(&b);
    }
}

static void unreadable_files_are_a_diagnostic(void **state)
{
    (void)state;
    struct fixture f;
    open_text(&f, TEXT(""));
    assert_true(f.ok);
    assert_int_equal(f.file.count, 0);
    assert_false(yaml_read(&f.arena, "/no/such/file", &f.diags, &f.file));
    assert_false(yaml_read(&f.arena, "/", &f.diags, &f.file));
    assert_int_equal(f.diags.errors, 2);
    assert_int_equal(f.diags.items[0].line, 0);
    close_text(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_a_tree),
        cmocka_unit_test(plain_scalars_have_types),
        cmocka_unit_test(mistakes_are_told_all_at_once),
        cmocka_unit_test(broken_files_have_a_place),
        cmocka_unit_test(places_inside_scalars),
        cmocka_unit_test(printing_is_narrow_and_harmless),
        cmocka_unit_test(hostile_files_are_refused_quickly),
        cmocka_unit_test(unreadable_files_are_a_diagnostic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
