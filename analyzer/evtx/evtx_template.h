/*
 * evtx_template.h - the templates that a decoder has met, compiled.
 *
 * Shape:   within a chunk (id, offset) -> plan; over chunks and files: flat bytes -> plan.  Only equal bytes share a
 *          plan, so a crafted file cannot put its template in the place of another's.
 * Owns:    the plans.  They stay until a later chunk finds more than half of LIMIT_PLAN_BYTES of them.
 * Limits:  half of LIMIT_PLAN_BYTES for the plans of one chunk, known or new; what goes beyond counts as lost,
 *          whatever the decoder has met before.
 * Threads: one decoder's.
 */
#ifndef EVSCAN_EVTX_EVTX_TEMPLATE_H
#define EVSCAN_EVTX_EVTX_TEMPLATE_H

#include "evtx/binxml_flat.h"
#include "evtx/binxml_plan.h"

/*
 * The body of the definition at a chunk offset.  False when it does not fit or its GUID does not begin with `id`:
 * something else stands there now.
 */
bool definition_body(struct bytes chunk, uint32_t offset, uint32_t id, struct bytes *ret) MUST_USE;

/*
 * The body of a definition, flat; `*read` of its bytes were looked at.  False: it is damaged.  One whose end token does
 * not stand at its stated end, as it does in all real files, has lost bytes or has some too many, and values would come
 * under names that are not theirs.
 */
bool definition_flatten(struct flattener *f, struct bytes chunk, struct bytes body, size_t *read) MUST_USE;

struct templates;

struct templates *templates_new(void);
void templates_free(struct templates *t);

/* Another chunk: offsets no longer hold.  Plans handed out before may be gone. */
void templates_chunk(struct templates *t, struct bytes chunk);

/* The names of its templates may stand elsewhere than they say: until the next chunk. */
void templates_moved(struct templates *t, const struct moved *moved);

/* Another number: all plans handed out before are gone. */
uint32_t templates_generation(const struct templates *t);

/* The chunk's own definition; NULL when it is lost or damaged.  `*work` is what it took, for the first to need it. */
const struct plan *templates_at(struct templates *t, uint32_t offset, uint32_t id, size_t *work);

/*
 * For an attempt that may be undone: whoever needs a template after it, and not in it, is then the first again.  It must
 * not ask for more than TEMPLATES_TRIED.
 */
#define TEMPLATES_TRIED 16u
void templates_try(struct templates *t);
void templates_undo(struct templates *t);

/* The plan of these flat bytes; NULL when the limit is reached. */
const struct plan *templates_intern(struct templates *t, struct bytes flat);

#endif
