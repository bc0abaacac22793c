#include "cli/progress.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/output.h"
#include "io/interrupt.h"
#include "scan/pipeline.h"

#define FIRST_MS 1000 /* shorter work needs no word */
#define EVERY_MS 200

static struct {
    bool shown; /* a line stands on the terminal */
    bool wanted;
    uint64_t bytes; /* of all inputs */
    size_t inputs;
    struct timespec begin;
    int64_t last_ms;
} progress;

static int64_t elapsed_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - progress.begin.tv_sec) * 1000 + (now.tv_nsec - progress.begin.tv_nsec) / 1000000;
}

static size_t findings(const struct partial *partial)
{
    size_t count = 0;
    for (size_t i = 0; partial && i < partial->input_count; i++)
        count += partial->inputs[i]->hit_count;
    return count;
}

static void size_put(struct buf *out, double bytes)
{
    static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
    size_t unit = 0;
    while (bytes >= 1000 && unit + 1 < COUNT_OF(units)) {
        bytes /= 1000;
        unit++;
    }
    buf_add_format(out, "%.*f %s", unit && bytes < 10 ? 1 : 0, bytes, units[unit]);
}

/* "37 %, 1.2 GB of 3.3 GB, 3 of 12 logs, 240 MB/s, 9 s left, 14 hits": it fits 80 columns. */
static void line_put(struct buf *out, const struct pipeline_progress *p, int64_t ms)
{
    double rate = ms > 0 ? (double)p->bytes * 1000 / (double)ms : 0;
    uint64_t left = progress.bytes > p->bytes ? progress.bytes - p->bytes : 0;
    size_t hits = findings(p->partial);
    buf_add_c(out, "\r\x1b[K");
    if (progress.bytes)
        buf_add_format(out, "%.0f %%, ", 100 * (double)p->bytes / (double)(p->bytes + left));
    size_put(out, (double)p->bytes);
    buf_add_c(out, " of ");
    size_put(out, (double)(p->bytes + left));
    buf_add_format(out, ", %zu of %zu files, ", p->inputs, progress.inputs);
    size_put(out, rate);
    buf_add_c(out, "/s");
    if (rate > 0)
        buf_add_format(out, ", %.0f s left", (double)left / rate);
    if (hits)
        buf_add_format(out, ", %zu hits", hits);
}

static void tell(void *ctx, const struct pipeline_progress *p)
{
    UNUSED(ctx);
    int64_t ms = elapsed_ms();
    if (ms < FIRST_MS || ms - progress.last_ms < EVERY_MS)
        return;
    struct buf out;
    buf_init(&out);
    line_put(&out, p, ms);
    output_message(buf_text(&out));
    buf_done(&out);
    progress.shown = true;
    progress.last_ms = ms;
}

static uint64_t size_of(const struct path_list *paths)
{
    uint64_t bytes = 0;
    struct stat about;
    for (size_t i = 0; i < paths->count; i++)
        if (paths->items[i].regular && stat(paths->items[i].path, &about) == 0)
            bytes += (uint64_t)about.st_size;
    return bytes;
}

void progress_begin(const struct path_list *paths, enum progress_output output, bool quiet)
{
    const char *terminal = getenv("TERM");
    bool plain = terminal && strcmp(terminal, "dumb") == 0;
    bool busy = output == PROGRESS_STREAMED && isatty(STDOUT_FILENO);
    progress.wanted = !quiet && !plain && !busy && isatty(STDERR_FILENO);
    progress.shown = false;
    progress.last_ms = 0;
    clock_gettime(CLOCK_MONOTONIC, &progress.begin);
    if (!progress.wanted)
        return;
    progress.bytes = size_of(paths);
    progress.inputs = paths->count;
    pipeline_watch((struct pipeline_watch){ NULL, tell });
}

void progress_tell(uint64_t bytes, size_t inputs)
{
    if (progress.wanted)
        tell(NULL, &(struct pipeline_progress){ .bytes = bytes, .inputs = inputs });
}

void progress_end(void)
{
    pipeline_watch((struct pipeline_watch){ NULL, NULL });
    if (progress.shown)
        output_message(TEXT("\r\x1b[K"));
    progress.shown = false;
    if (interrupt_asked())
        output_error("interrupted: what was read until then is reported; it is not complete");
}
