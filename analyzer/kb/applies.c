#include "kb/applies.h"

#include "base/buf.h"

/* -1 is open at either end; the node's service pack is a range as well. */
static enum applies_fit packs_fit(const struct applies *a, const struct os_fact *os)
{
    int low = os->service_pack < 0 ? 0 : os->service_pack;
    int high = os->service_pack_max < 0 ? 99 : os->service_pack_max;
    int from = a->service_pack_min < 0 ? 0 : a->service_pack_min;
    int to = a->service_pack_max < 0 ? 99 : a->service_pack_max;
    if (high < from || low > to)
        return APPLIES_NO;
    return low >= from && high <= to ? APPLIES_YES : APPLIES_UNKNOWN;
}

static enum applies_fit one_fits(const struct applies *a, const struct os_fact *os)
{
    if (!a->os_versions && a->service_pack_min < 0 && a->service_pack_max < 0)
        return APPLIES_ANY;
    if (!os || os->version == OS_UNKNOWN)
        return APPLIES_UNKNOWN;
    if (a->os_versions && !(a->os_versions >> os->version & 1))
        return APPLIES_NO;
    return packs_fit(a, os);
}

/* `os` NULL: the node said nothing. */
static enum applies_fit all_fit(const struct article *a, const struct os_fact *os)
{
    enum applies_fit best = a->applies_count ? APPLIES_NO : APPLIES_ANY;
    for (size_t i = 0; i < a->applies_count; i++) {
        enum applies_fit fit = one_fits(&a->applies[i], os);
        if (fit == APPLIES_ANY || fit == APPLIES_YES)
            return fit;
        if (fit == APPLIES_UNKNOWN)
            best = fit;
    }
    return best;
}

static bool is_left_open(const struct article *a, uint32_t possible)
{
    for (size_t i = 0; i < a->applies_count; i++)
        if (!a->applies[i].os_versions || a->applies[i].os_versions & possible)
            return true;
    return false;
}

/* The generation tells what it cannot be, and no more: it brings no points. */
enum applies_fit applies_to(const struct article *a, const struct node *node, uint64_t time)
{
    const struct os_fact *os = node_os_at(node, time);
    enum applies_fit fit = all_fit(a, os);
    bool said = os && os->version != OS_UNKNOWN;
    return fit == APPLIES_UNKNOWN && !said && !is_left_open(a, node->os_possible) ? APPLIES_NO : fit;
}

struct text applies_generation(const struct node *node)
{
    return node->os_possible & 1u << OS_NT4 ? TEXT("Windows Server 2003 or earlier: its logs are .evt files")
                                            : TEXT("Windows Vista/Server 2008 or later: its log has providers or times of such");
}

bool applies_to_all_of(const struct article *a, struct text format)
{
    uint32_t versions = 0, wanted = 0;
    bool evt = text_equal(format, TEXT("evt"));
    for (unsigned v = evt ? OS_NT3 : OS_2008; v <= (evt ? OS_2003 : OS_2016_LATER); v++)
        wanted |= 1u << v;
    /* Clusters of NT 3 and XP do not exist. */
    wanted &= ~(1u << OS_NT3 | 1u << OS_XP);
    for (size_t i = 0; i < a->applies_count; i++)
        if (a->applies[i].service_pack_min < 0 && a->applies[i].service_pack_max < 0)
            versions |= a->applies[i].os_versions ? a->applies[i].os_versions : wanted;
    return format.n > 0 && (versions & wanted) == wanted;
}

static void packs_text(struct buf *out, const struct applies *a)
{
    int from = a->service_pack_min, to = a->service_pack_max;
    if (from >= 0 && to < 0)
        buf_add_format(out, " Service Pack %d or later", from);
    else if (from < 0 && to >= 0)
        buf_add_format(out, " Service Pack %d or earlier", to);
    else if (from >= 0 && from < to)
        buf_add_format(out, " Service Pack %d to %d", from, to);
    else if (from == 0)
        buf_add_c(out, " without a service pack");
    else if (from > 0)
        buf_add_format(out, " Service Pack %d", from);
}

static void one_text(struct buf *out, const struct applies *a)
{
    size_t named = 0;
    for (unsigned v = OS_UNKNOWN; v <= OS_2016_LATER; v++) {
        if (!(a->os_versions >> v & 1))
            continue;
        buf_add_c(out, named++ ? " or " : "");
        buf_add_c(out, os_version_name((enum os_version)v));
    }
    if (!named)
        buf_add_c(out, "Windows");
    packs_text(out, a);
}

struct text applies_text(struct arena *arena, const struct article *a)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < a->applies_count; i++) {
        buf_add_c(&out, i ? " or " : "");
        one_text(&out, &a->applies[i]);
    }
    struct text text = text_keep(arena, buf_text(&out));
    buf_done(&out);
    return text;
}
