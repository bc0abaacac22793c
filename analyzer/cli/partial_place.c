#include "cli/partial_place.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cli/output.h"
#include "cli/path_hint.h"
#include "io/input.h"
#include "io/interrupt.h"

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool failed(const char *path, int error)
{
    struct arena arena;
    arena_init(&arena);
    if (error == EEXIST)
        output_error("%s is there already; --force replaces it", path);
    else if (error)
        output_error("%s: the partial was not saved: %s%.*s", path, strerror(error),
                     TEXT_ARG(path_new_hint(&arena, path, error)));
    arena_done(&arena);
    return error != 0;
}

bool partial_place_open(struct partial_place *place, const char *path, bool replace)
{
    place->path = path;
    if (is_standard(path))
        return true;
    return !output_is_log(path) && !failed(path, new_file_open(&place->file, path, replace));
}

static bool place_fill(struct partial_place *place, struct text packed)
{
    if (is_standard(place->path))
        return output_write(packed);
    int error = new_file_write(&place->file, packed);
    if (error)
        new_file_drop(&place->file);
    else
        error = new_file_commit(&place->file);
    return !failed(place->path, error);
}

bool partial_place_write(struct partial_place *place, const struct partial *p, const struct rule_names *rules,
                         uint64_t not_logs)
{
    struct buf packed;
    buf_init(&packed);
    bool written = partial_pack(p, rules, not_logs, &packed);
    if (!written)
        output_error("%s: more than %u MiB; save the partials of fewer logs each", place->path,
                     LIMIT_PARTIAL_BYTES >> 20);
    if (written)
        written = place_fill(place, buf_text(&packed));
    else if (!is_standard(place->path))
        new_file_drop(&place->file);
    buf_done(&packed);
    return written;
}

/* All of the file; NULL, said, when it cannot be read or is larger than any partial. */
static uint8_t *bytes_read(const char *path, size_t *n)
{
    struct input *in = input_open(path);
    int error = !in ? errno : interrupt_asked() ? EINTR : 0; /* what a pipe gave is then a part at most */
    uint8_t *bytes = NULL;
    if (in && input_size(in) > 2 * LIMIT_PARTIAL_BYTES)
        error = EFBIG;
    if (!error) {
        bytes = memory_new((size_t)input_size(in));
        *n = input_read_at(in, 0, bytes, (size_t)input_size(in), &error);
    }
    input_close(in);
    if (!error)
        return bytes;
    if (!interrupt_asked()) /* the command says that */
        output_error("%s: cannot be read: %s", path, strerror(error));
    free(bytes);
    return NULL;
}

static enum status fault_say(const char *path, enum partial_fault fault, bool quiet)
{
    switch (fault) {
    case PARTIAL_FOREIGN:
        if (!quiet)
            output_error("%s: not a partial; evscan scan --partial FILE writes one", path);
        return quiet ? ST_END : ST_LOST_INPUT;
    case PARTIAL_VERSION:
        output_error("%s: saved by another version of evscan; scan again with this one", path);
        return ST_LOST_INPUT;
    case PARTIAL_DAMAGED:
        output_error("%s: damaged: cut, or changed since it was saved; it is left out", path);
        return ST_LOST_INPUT;
    case PARTIAL_SOUND:
        break;
    }
    return ST_OK;
}

enum status partial_place_read(const char *path, bool quiet, const struct rule_names *rules, struct partial *ret,
                               struct partial_about *about)
{
    size_t n;
    uint8_t *bytes = bytes_read(path, &n);
    if (!bytes)
        return ST_LOST_INPUT;
    enum status status = fault_say(path, partial_unpack((struct bytes){ bytes, n }, rules, ret, about), quiet);
    free(bytes);
    if (status != ST_OK || about->fingerprint == rules->fingerprint)
        return status;
    output_error("%s: saved with other rules (%016" PRIx64 ", here %016" PRIx64 "); it is left out: scan and merge with "
                 "the same --rules and the same evscan", path, about->fingerprint, rules->fingerprint);
    return ST_LOST_INPUT;
}
