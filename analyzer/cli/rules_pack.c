/*
 * rules_pack.c - `evscan rules pack FOLDER`: the trees of the shipped rules, so that loading them is quick.
 */
#include "cli/rules.h"

#include "cli/exit.h"
#include "cli/output.h"

const struct page rules_pack_page = {
    .name = "rules pack",
    .usages = { "rules pack FOLDER" },
    .about = "Writes the trees of the shipped rules, sentences and explanations to FOLDER, as\n"
             "rules.trees, catalog.trees and explain.trees.  Beside the shipped rules they\n"
             "make loading quicker where no cache can be kept; the build makes them.  A tree\n"
             "is used for exactly the file that it was made from.\n",
    .end = "Exit status: 0; 64 usage, 73 no output, 78 a mistake in the shipped files.\n",
    .manual = "evscan-rules",
};

static int pack(struct arena *arena, const char *folder)
{
    struct diags diags;
    diags_init(&diags, arena);
    bool written = knowledge_pack(arena, folder, &diags);
    if (!written)
        output_error("rules pack: cannot write to %s", folder);
    if (diags.errors)
        return EXIT_RULES;
    return written ? EXIT_NOTHING_FOUND : EXIT_NO_OUTPUT;
}

int rules_pack(int argc, char **argv)
{
    struct arena arena;
    struct option_list rest;
    arena_init(&arena);
    int status = page_parse(&arena, &rules_pack_page, NULL, argc, argv, &rest);
    if (status == PAGE_GO_ON && rest.count != 1)
        status = page_mistake(&rules_pack_page, TEXT("name the folder to write to"));
    else if (status == PAGE_GO_ON)
        status = pack(&arena, rest.items[0]);
    arena_done(&arena);
    return status;
}
