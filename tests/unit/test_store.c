/* Trees that are kept: given out for the very source they were made from, by the same program, and whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "yaml/yaml_store.h"

#define STAMP 7
#define SOURCE "k: 'v''w'\nl: [1, \"\\t\"]\n"

struct fixture {
    struct arena arena;
    struct diags diags;
    struct buf image;
};

/* A store with one file in it, as an image. */
static void begin(struct fixture *f)
{
    struct yaml_file file;
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    buf_init(&f->image);
    struct yaml_store *store = yaml_store_new(&f->arena, (struct bytes){ (const uint8_t *)"", 0 }, STAMP);
    assert_true(yaml_store_parse(store, &f->arena, TEXT("a.yaml"), TEXT("\xEF\xBB\xBF" SOURCE), &f->diags, &file));
    assert_true(yaml_store_changed(store));
    assert_int_equal(yaml_store_size(store), sizeof SOURCE - 1);
    yaml_store_write(store, &f->image);
}

static void end(struct fixture *f)
{
    buf_done(&f->image);
    arena_done(&f->arena);
}

/* Was the file taken from the image? */
static bool is_kept(struct fixture *f, uint64_t stamp, const char *path, struct text source)
{
    struct yaml_file file;
    struct bytes image = { (const uint8_t *)f->image.p, f->image.n };
    struct yaml_store *store = yaml_store_new(&f->arena, image, stamp);
    assert_true(yaml_store_parse(store, &f->arena, text_from(path), source, &f->diags, &file));
    assert_int_equal(file.count, 1);
    assert_true(text_equal(file.source, source));
    assert_true(yaml_get(file.documents[0], "k") != NULL);
    return !yaml_store_changed(store);
}

static void a_tree_is_given_out_for_its_source_only(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_true(is_kept(&f, STAMP, "a.yaml", TEXT(SOURCE)));
    assert_false(is_kept(&f, STAMP, "b.yaml", TEXT(SOURCE)));
    assert_false(is_kept(&f, STAMP, "a.yaml", TEXT("k: 'v''x'\nl: [1, \"\\t\"]\n")));
    assert_false(is_kept(&f, STAMP, "a.yaml", TEXT("k: 'v''w'\nl: [1, \"\\t\"]\n\n")));
    assert_false(is_kept(&f, STAMP + 1, "a.yaml", TEXT(SOURCE)));
    end(&f);
}

/* Whatever byte is changed or missing: the file is parsed anew, or nothing was lost. */
static void a_damaged_image_gives_the_same_file(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    size_t whole = f.image.n, parsed = 0;
    for (size_t i = 0; i < whole; i++) {
        f.image.p[i] ^= 0x41;
        parsed += !is_kept(&f, STAMP, "a.yaml", TEXT(SOURCE));
        f.image.p[i] ^= 0x41;
    }
    assert_int_equal(parsed, whole);
    for (f.image.n = 0; f.image.n < whole; f.image.n++)
        assert_false(is_kept(&f, STAMP, "a.yaml", TEXT(SOURCE)));
    end(&f);
}

static void texts_come_back_as_they_were(void **state)
{
    (void)state;
    struct fixture f;
    struct yaml_file file;
    begin(&f);
    struct yaml_store *store =
        yaml_store_new(&f.arena, (struct bytes){ (const uint8_t *)f.image.p, f.image.n }, STAMP);
    assert_true(yaml_store_parse(store, &f.arena, TEXT("a.yaml"), TEXT(SOURCE), &f.diags, &file));
    assert_false(yaml_store_changed(store));
    assert_true(text_equal(yaml_get(file.documents[0], "k")->text, TEXT("v'w")));
    const struct yaml_node *l = yaml_get(file.documents[0], "l");
    assert_int_equal(l->count, 2);
    assert_true(l->items[0]->plain && text_equal(l->items[0]->text, TEXT("1")));
    assert_true(!l->items[1]->plain && text_equal(l->items[1]->text, TEXT("\t")));
    assert_int_equal(l->items[1]->line, 2);
    assert_int_equal(l->items[1]->column, 8);
    end(&f);
}

static void a_file_with_mistakes_is_not_kept(void **state)
{
    (void)state;
    struct fixture f;
    struct yaml_file file;
    begin(&f);
    struct yaml_store *store = yaml_store_new(&f.arena, (struct bytes){ (const uint8_t *)"", 0 }, STAMP);
    assert_false(yaml_store_parse(store, &f.arena, TEXT("a.yaml"), TEXT("k: [1\n"), &f.diags, &file));
    assert_false(yaml_store_changed(store));
    assert_int_equal(f.diags.errors, 1);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_given_out_for_its_source_only),
        cmocka_unit_test(a_damaged_image_gives_the_same_file),
        cmocka_unit_test(texts_come_back_as_they_were),
        cmocka_unit_test(a_file_with_mistakes_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
