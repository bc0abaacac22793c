/*
 * Property: a record's line, and its event, is the same whether it is filled in or made by the walk, and so are its
 * marks and what it has cost; whatever was read before.
 *
 * Input: an .evtx file, or the BinXML of a record; either is read twice.
 */
#include "../unit/layout_check.h"
#include "one_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_log(struct bytes bytes)
{
    static const enum event_form forms[] = { EVENT_AS_XML, EVENT_AS_JSON, EVENT_AS_FIELDS };
    static struct layout_check c;
    struct input *in = input_from_bytes(bytes, "fuzz");
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        layout_check_init(&c, forms[i]);
        layout_check_twice(&c, in);
        if (c.differing)
            abort();
        layout_check_done(&c);
    }
    input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t file[ONE_FILE];
    struct bytes bytes = { data, size };
    if (size >= 8 && memcmp(data, "ElfFile", 8) == 0)
        check_log(bytes);
    else if (size <= ONE_BINXML_MOST)
        check_log(one_record(file, bytes));
    return 0;
}
