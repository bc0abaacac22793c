#include "reader/reader.h"

#include "evt/evt.h"
#include "evtx/evtx.h"
#include "libyal/libyal.h"
#include "reader/archive.h"

const struct log_format *const reader_formats[READER_FORMATS] = {
    [READER_EVTX] = &evtx_format,
    [READER_EVT] = &evt_format,
    [READER_LIBEVTX] = &libevtx_format,
    [READER_LIBEVT] = &libevt_format,
};

/* What an archive packed without compressing is carved out of it; nobody would miss what it compressed. */
static void packed_note(const struct reader *r, struct input *in, struct notices *notices)
{
    enum notice_code code = archive_notice(in);
    if (code != NOTICE_INPUT_FORMAT && !reader_formats[r->format]->begins(in))
        notice_add(notices, code, NOTICE_NO_OFFSET, 0);
}

/* A log that begins with its header may hold anything in its data; only where there is none, the data tells. */
static enum reader_format find(enum reader_kind kind, struct input *in)
{
    enum reader_format first = kind == READER_NATIVE ? READER_EVTX : READER_LIBEVTX;
    enum reader_format end = kind == READER_NATIVE ? READER_LIBEVTX : READER_FORMATS;
    for (enum reader_format i = first; i < end; i++)
        if (reader_formats[i]->begins(in))
            return i;
    for (enum reader_format i = first; i < end; i++)
        if (reader_formats[i]->probe(in))
            return i;
    return READER_NONE;
}

enum status reader_open(struct reader *r, enum reader_kind kind, struct input *in, struct account *account,
                        struct notices *notices)
{
    *r = (struct reader){ .format = READER_NONE };
    if (input_size(in) == 0) {
        notice_add(notices, NOTICE_INPUT_EMPTY, NOTICE_NO_OFFSET, 0);
        return ST_END;
    }
    r->format = find(kind, in);
    if (r->format != READER_NONE) {
        packed_note(r, in, notices);
        r->log = reader_formats[r->format]->open(in, account, notices);
        return ST_OK;
    }
    /* A log whose header is gone is one all the same: only the libraries cannot read it. */
    bool is_log = kind == READER_LIBYAL && find(READER_NATIVE, in) != READER_NONE;
    notice_add(notices, is_log ? NOTICE_LIBYAL_OPEN : archive_notice(in), NOTICE_NO_OFFSET, 0);
    return ST_LOST_INPUT;
}

enum status reader_next(struct reader *r, struct batch *batch, struct account *account, struct notices *notices)
{
    return reader_formats[r->format]->next(r->log, batch, account, notices);
}

void reader_close(struct reader *r)
{
    if (r->log)
        reader_formats[r->format]->close(r->log);
    *r = (struct reader){ .format = READER_NONE };
}
