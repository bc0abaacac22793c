#include "reader/reader.h"

#include "evt/evt.h"
#include "evtx/evtx.h"

const struct log_format *const reader_formats[READER_FORMATS] = {
    [READER_EVTX] = &evtx_format,
    [READER_EVT] = &evt_format,
};

enum status reader_open(struct reader *r, struct input *in, struct account *account, struct notices *notices)
{
    *r = (struct reader){ .format = READER_NONE };
    if (input_size(in) == 0) {
        notice_add(notices, NOTICE_INPUT_EMPTY, NOTICE_NO_OFFSET, 0);
        return ST_END;
    }
    for (enum reader_format i = 0; i < READER_FORMATS; i++)
        if (reader_formats[i]->probe(in)) {
            r->format = i;
            r->log = reader_formats[i]->open(in, account, notices);
            return ST_OK;
        }
    notice_add(notices, NOTICE_INPUT_FORMAT, NOTICE_NO_OFFSET, 0);
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
