#include "cli/suppressing.h"

#include "base/nearest.h"
#include "cli/output.h"
#include "io/paths.h"

#define CLASS "suppression"
#define SUM_DIGITS 6 /* of Q218922-1f3a9c: finding/trouble_id.h */

static bool is_ours(const char *path)
{
    return text_ends_with(text_from(path), TEXT(".yaml"));
}

static struct path_list files_of(struct arena *arena, const char *state, const char *named)
{
    const char *folder = named ? named : text_keep_format(arena, "%s/suppress.d", state).p;
    struct path_list files = { 0 };
    paths_add(&files, arena, folder, NULL);
    paths_finish(&files, arena);
    if (files.problem_count && named)
        output_error("%s: %s", folder, strerror(files.problems[0].error));
    return files;
}

static void files_read(struct arena *arena, const struct path_list *files, struct diags *diags, struct suppressions *ret)
{
    for (size_t i = 0; i < files->count; i++) {
        struct yaml_file file;
        if (is_ours(files->items[i].path) && yaml_read(arena, files->items[i].path, diags, &file))
            suppressions_add_file(arena, &file, diags, ret);
    }
}

/* The clusters of a configuration are runs of one process, and most have one folder: what was said last is not said again. */
static void mistakes_say(const struct diags *diags)
{
    static uint64_t said;
    struct buf out;
    buf_init(&out);
    diags_print(diags, &out);
    uint64_t sum = bytes_hash((struct bytes){ (const uint8_t *)out.p, out.n });
    if (out.n && sum != said)
        output_message(buf_text(&out));
    said = sum;
    buf_done(&out);
}

size_t suppressing_load(struct arena *arena, const char *state, const char *named, struct suppressions *ret)
{
    struct path_list files = files_of(arena, state, named);
    struct diags diags;
    diags_init(&diags, arena);
    files_read(arena, &files, &diags, ret);
    mistakes_say(&diags);
    return diags.errors + (named ? files.problem_count : 0);
}

bool suppressing_known(const struct knowledge *k, struct text what)
{
    bool found = text_equal_nocase(what, TEXT("node-missing"));
    for (uint32_t i = 0; i < ruleset_count_all(k->rules) && !found; i++)
        found = text_equal_nocase(what, ruleset_called(k->rules, i));
    for (size_t i = 0; i < kb_count(k->kb) && !found; i++)
        found = text_equal_nocase(what, kb_article(k->kb, i)->id);
    return found;
}

struct text suppressing_name_of_id(const struct knowledge *k, struct text what)
{
    for (uint32_t i = 0; i < ruleset_count_all(k->rules); i++)
        if (text_equal_nocase(what, ruleset_info(k->rules, i)->id))
            return ruleset_called(k->rules, i);
    return TEXT("");
}

/* "Q218922" of Q218922-1f3a9c, which the memory may hold or not; else what was given. */
static struct text without_sum(struct text what)
{
    if (what.n <= SUM_DIGITS + 1 || what.p[what.n - SUM_DIGITS - 1] != '-')
        return what;
    for (size_t i = what.n - SUM_DIGITS; i < what.n; i++)
        if (!memchr("0123456789abcdefABCDEF", what.p[i], strlen("0123456789abcdefABCDEF")))
            return what;
    what.n -= SUM_DIGITS + 1;
    return what;
}

static struct text name_meant(const struct knowledge *k, struct text what)
{
    struct nearest nearest = nearest_begin(what);
    for (size_t i = 0; i < kb_count(k->kb); i++)
        nearest_try(&nearest, kb_article(k->kb, i)->id);
    for (uint32_t i = 0; i < ruleset_count_all(k->rules); i++)
        nearest_try(&nearest, ruleset_called(k->rules, i));
    return nearest.best;
}

static void name_check(const struct knowledge *k, const struct suppression *s, struct diags *diags)
{
    if (suppressing_known(k, s->what) || suppressing_known(k, without_sum(s->what)))
        return;
    struct text named = suppressing_name_of_id(k, s->what);
    struct text meant = named.n ? named : name_meant(k, s->what);
    const char *hint = named.n ? text_keep_format(diags->arena, "write what: %.*s", TEXT_ARG(named)).p
                       : meant.n ? text_keep_format(diags->arena, "did you mean %.*s?", TEXT_ARG(meant)).p
                                 : "evscan rules list and evscan kb list show all names";
    diag_add_place(diags, DIAG_WARNING, CLASS, &s->what_at, hint, named.n
                       ? "a rule is known by its name here, not by its id: nothing is suppressed"
                       : "there is no rule and no article of that name: nothing is suppressed");
}

static void ignored_check(const struct path_list *files, struct diags *diags)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct diag_place place = { .path = text_from(files->items[i].path) };
        if (!is_ours(place.path.p))
            diag_add_place(diags, DIAG_WARNING, CLASS, &place, "rename it when it is one of suppressions",
                           "only files *.yaml are read: this one is ignored");
    }
}

size_t suppressing_check(struct arena *arena, const char *state, const char *named, const struct knowledge *k,
                         uint64_t now)
{
    struct path_list files = files_of(arena, state, named);
    struct suppressions all = { 0 };
    struct diags diags;
    diags_init(&diags, arena);
    files_read(arena, &files, &diags, &all);
    ignored_check(&files, &diags);
    for (size_t i = 0; i < all.count; i++) {
        const struct suppression *s = &all.items[i];
        if (s->until <= now)
            diag_add_place(&diags, DIAG_WARNING, CLASS, &s->until_at, NULL, "it has ended: nothing is suppressed");
        if (k->rules && k->kb)
            name_check(k, s, &diags);
    }
    mistakes_say(&diags);
    return diags.errors + (named ? files.problem_count : 0);
}
