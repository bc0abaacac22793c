#define _GNU_SOURCE /* dl_iterate_phdr */
#include "cli/build_id.h"

#include <elf.h>
#include <link.h>

#include "base/attr.h"
#include "base/cursor.h"

#define ROUND_UP(n) (((n) + 3u) & ~(size_t)3u)

/* name size, content size, type; name and content, each rounded up to four bytes. */
static uint64_t notes_search(struct bytes notes)
{
    struct cursor in = cursor_at(notes, 0);
    while (cursor_left(&in) >= 12) {
        size_t name_size = cursor_u32(&in), size = cursor_u32(&in);
        uint32_t type = cursor_u32(&in);
        struct bytes name = cursor_take(&in, ROUND_UP(name_size)), content = cursor_take(&in, ROUND_UP(size));
        if (in.overrun)
            return 0;
        if (type == NT_GNU_BUILD_ID && name_size == 4 && memcmp(name.p, "GNU", 4) == 0)
            return text_hash((struct text){ (const char *)content.p, size });
    }
    return 0;
}

/* The first of all objects is the program itself; the others are not asked. */
static int program_look(struct dl_phdr_info *info, size_t size, void *ret)
{
    UNUSED(size);
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uint64_t *id = ret;
        if (part->p_type == PT_NOTE && *id == 0)
            *id = notes_search((struct bytes){ (const uint8_t *)info->dlpi_addr + part->p_vaddr, part->p_memsz });
    }
    return 1;
}

uint64_t build_id(void)
{
    uint64_t id = 0;
    dl_iterate_phdr(program_look, &id);
    return id;
}
