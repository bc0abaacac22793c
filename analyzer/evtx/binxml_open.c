/* The reader of one chunk: streams, and where their templates come from. */
#include "evtx/binxml_open.h"

#include "base/limits.h"
#include "event/event.h"
#include "evtx/binxml_direct.h"
#include "evtx/evtx_foreign.h"
#include "evtx/evtx_template.h"

/* Bytes looked at that count as one step. */
#define BYTES_PER_STEP 16u

/* What is built in memory costs more than a step: so the work of a record bounds its memory as well. */
#define STEPS_PER_OP    4u
#define STEPS_PER_VALUE 2u

void binxml_reader_init(struct binxml_reader *r)
{
    *r = (struct binxml_reader){ .templates = templates_new() };
    arena_init(&r->scratch);
    flattener_init(&r->flattener);
}

void binxml_reader_done(struct binxml_reader *r)
{
    templates_free(r->templates);
    flattener_done(&r->flattener);
    arena_done(&r->scratch);
}

void binxml_reader_chunk(struct binxml_reader *r, struct bytes chunk, struct foreign *foreign)
{
    r->chunk = chunk;
    r->foreign = foreign;
    r->chunk_work = LIMIT_CHUNK_WORK;
    templates_chunk(r->templates, chunk);
    r->torn = false;
    r->moved = r->flattener.moved = NULL;
}

void binxml_reader_torn(struct binxml_reader *r)
{
    if (r->torn)
        return;
    r->torn = true;
    if (moved_read(&r->map, r->chunk))
        r->moved = r->flattener.moved = &r->map;
    templates_moved(r->templates, r->moved);
}

void binxml_reader_record(struct binxml_reader *r)
{
    arena_reset(&r->scratch);
    r->chunk_work += r->work; /* what the record before has left */
    r->work = r->chunk_work < LIMIT_BINXML_WORK ? r->chunk_work : LIMIT_BINXML_WORK;
    r->chunk_work -= r->work;
    r->output = LIMIT_EVENT_BYTES;
    r->marks = 0;
    r->damaged = false;
    r->head = (struct bytes){ NULL, 0 };
}

struct binxml_attempt binxml_try(struct binxml_reader *r)
{
    templates_try(r->templates);
    return (struct binxml_attempt){ r->work, r->marks, r->template, r->damaged };
}

void binxml_undo(struct binxml_reader *r, const struct binxml_attempt *before)
{
    templates_undo(r->templates);
    r->work = before->work;
    r->marks = before->marks;
    r->template = before->template;
    r->damaged = before->damaged;
}

void binxml_stop(struct binxml_reader *r)
{
    r->work = 0;
    r->marks |= EVENT_CUT;
}

/* Classes of types between which Windows passes values: all integers and what is shown in hex are one. */
static unsigned type_class(uint8_t type)
{
    type &= (uint8_t)~BINXML_ARRAY;
    bool is_integer = (type >= BINXML_INT8 && type <= BINXML_UINT64) || type == BINXML_SIZE || type == BINXML_HEX32 ||
                      type == BINXML_HEX64 || type == BINXML_BOOL;
    return is_integer ? BINXML_UINT64 : type;
}

/* A definition from elsewhere is taken only if these values could be its own. */
static bool plan_fits(const struct plan *plan, const struct binxml_values *values)
{
    if (plan->value_count > values->count && !values->cut)
        return false;
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct plan_op *op = &plan->ops[i];
        if (op->kind != PLAN_VALUE || op->index >= values->count)
            continue;
        uint8_t type = values->items[op->index].type;
        if (type != BINXML_NULL && op->type != BINXML_NULL && type_class(type) != type_class(op->type))
            return false;
    }
    return true;
}

static const struct plan *find_foreign(struct binxml_reader *r, uint32_t id, const struct binxml_values *values)
{
    struct bytes flat;
    for (size_t n = 0; r->foreign && n < LIMIT_TEMPLATE_VARIANTS && foreign_find(r->foreign, id, n, &flat); n++) {
        if (!binxml_spend(r, flat.n / BYTES_PER_STEP))
            return NULL;
        const struct plan *plan = templates_intern(r->templates, flat);
        if (!plan || !binxml_spend(r, plan->count))
            return NULL;
        if (plan_fits(plan, values))
            return plan;
    }
    return NULL;
}

/* Where the definition of an instance at `at` stands: as it says, or where it was moved to. */
static uint32_t definition_place(const struct binxml_reader *r, const struct binxml_instance *instance, size_t at)
{
    size_t places[MOVED_PLACES];
    struct bytes body;
    if (!r->moved)
        return instance->definition;
    moved_places(r->moved, instance->definition, at + BINXML_INSTANCE_SIZE, places);
    bool first = definition_body(r->chunk, (uint32_t)places[0], instance->id, &body);
    return (uint32_t)places[first ? 0 : 1];
}

static void open_instance(struct binxml_reader *r, struct bytes view, size_t at, struct binxml_stream *ret)
{
    struct binxml_instance instance;
    size_t work;
    *ret = (struct binxml_stream){ .shared = true, .values = { .cut = true }, .end = view.n };
    if (binxml_instance_read(view, r->moved, at, &instance))
        binxml_values_read(&r->scratch, view, instance.values, &ret->values, &ret->end);
    if (ret->values.cut)
        r->damaged = true;
    ret->plan = templates_at(r->templates, definition_place(r, &instance, at), instance.id, &work);
    if (!binxml_spend(r, ret->values.count * STEPS_PER_VALUE + work / BYTES_PER_STEP + 1) || ret->plan)
        return;
    ret->plan = find_foreign(r, instance.id, &ret->values);
    r->template = instance.id;
    r->marks |= ret->plan ? EVENT_TEMPLATE_FOREIGN : EVENT_TEMPLATE_LOST;
}

/* Anything but a single instance. */
static void find_direct(struct binxml_reader *r, size_t at, size_t end, struct binxml_stream *ret)
{
    *ret = (struct binxml_stream){ .direct = true };
    if (!flatten(&r->flattener, r->chunk, at, end, FLAT_STREAM, &ret->end)) {
        r->damaged = true;
        ret->values.cut = true;
    }
    ret->flat = flattened(&r->flattener);
}

/* The plan that streams of its kind share; NULL when it is a kind of its own. */
static const struct plan *find_shared(struct binxml_reader *r, const struct binxml_stream *stream,
                                      struct binxml_values *values)
{
    struct bytes rest;
    if (stream->values.cut || !direct_split(&r->scratch, stream->flat, &rest, values))
        return NULL;
    return templates_intern(r->templates, rest);
}

void binxml_compile(struct binxml_reader *r, struct binxml_stream *stream)
{
    struct binxml_values values;
    if (!stream->direct || stream->plan)
        return;
    stream->plan = find_shared(r, stream, &values);
    stream->shared = stream->plan;
    if (stream->plan)
        stream->values = values;
    else /* for this once */
        stream->plan = plan_compile(&r->scratch, stream->flat);
    if (!binxml_spend(r, stream->flat.n / BYTES_PER_STEP + stream->plan->count * STEPS_PER_OP))
        stream->values.cut = true;
}

void binxml_open_instance(struct binxml_reader *r, size_t at, struct binxml_stream *ret)
{
    open_instance(r, r->chunk, at, ret);
}

void binxml_find(struct binxml_reader *r, size_t at, size_t end, struct binxml_stream *ret)
{
    struct bytes view = bytes_part(r->chunk, 0, end);
    size_t start = at;
    if (at < view.n && view.p[at] == BINXML_FRAGMENT)
        at += 4;
    if (at >= view.n || view.p[at] != BINXML_INSTANCE) {
        find_direct(r, start, end, ret);
        return;
    }
    open_instance(r, view, at, ret);
    if (ret->end >= view.n || view.p[ret->end] == BINXML_EOF) {
        ret->end += ret->end < view.n;
        return;
    }
    find_direct(r, start, end, ret);
}

void binxml_open(struct binxml_reader *r, size_t at, size_t end, struct binxml_stream *ret)
{
    binxml_find(r, at, end, ret);
    binxml_compile(r, ret);
}
