#include "reader/archive.h"

#define SIGNATURE_MAX 15

/* PKWARE APPNOTE 4.3 (an archive of nothing has only the end record), RFC 1952, [MS-CAB] 2.3, 7zFormat.txt. */
static const struct archive {
    enum notice_code notice;
    struct text signature;
} archives[] = {
    { NOTICE_INPUT_ZIP, { "PK\3\4", 4 } },
    { NOTICE_INPUT_ZIP, { "PK\5\6", 4 } },
    { NOTICE_INPUT_GZIP, { "\x1f\x8b\x08", 3 } },
    { NOTICE_INPUT_CAB, { "MSCF", 4 } },
    { NOTICE_INPUT_7Z, { "7z\xbc\xaf\x27\x1c", 6 } },
    { NOTICE_INPUT_PARTIAL, { "evscan partial ", 15 } }, /* finding/partial_form.h */
};

enum notice_code archive_notice(struct input *in)
{
    char head[SIGNATURE_MAX];
    int error;
    size_t n = input_read_at(in, 0, head, sizeof head, &error);
    for (size_t i = 0; i < COUNT_OF(archives); i++)
        if (n >= archives[i].signature.n && memcmp(head, archives[i].signature.p, archives[i].signature.n) == 0)
            return archives[i].notice;
    return NOTICE_INPUT_FORMAT;
}

bool archive_or_no_log(const struct notices *notices)
{
    bool packed = false;
    for (size_t i = 0; i < COUNT_OF(archives); i++)
        packed |= notices->seen[archives[i].notice] > 0;
    return packed || notices->seen[NOTICE_INPUT_FORMAT] > 0;
}
