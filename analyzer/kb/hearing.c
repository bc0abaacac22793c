#include "kb/hearing.h"

#include "base/limits.h"

bool hearing_step(struct hearing *h)
{
    if (h->work < LIMIT_EVIDENCE_WORK)
        h->work++;
    else
        h->exhausted = true;
    return !h->exhausted;
}
