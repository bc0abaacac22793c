#include "rule/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ADDRESS_ROOM 64 /* the longest IPv6 spelling has 45 characters */

static bool parse_address(struct text t, struct network *ret)
{
    char copy[ADDRESS_ROOM];
    if (t.n == 0 || t.n >= sizeof copy || memchr(t.p, '\0', t.n))
        return false;
    memcpy(copy, t.p, t.n);
    copy[t.n] = '\0';
    *ret = (struct network){ .v6 = memchr(t.p, ':', t.n) != NULL };
    ret->prefix = ret->v6 ? 128 : 32;
    return inet_pton(ret->v6 ? AF_INET6 : AF_INET, copy, ret->address) == 1;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned bytes = bits / 8, rest = bits % 8;
    return memcmp(a, b, bytes) == 0 && (rest == 0 || ((a[bytes] ^ b[bytes]) >> (8 - rest)) == 0);
}

static bool has_host_bits(const struct network *net)
{
    unsigned size = net->v6 ? 16 : 4;
    for (unsigned bit = net->prefix; bit < size * 8; bit++)
        if (net->address[bit / 8] & (0x80u >> bit % 8))
            return true;
    return false;
}

const char *network_parse(struct text t, struct network *ret)
{
    size_t slash = text_find_char(t, '/');
    struct text prefix = text_from_index(t, slash + 1);
    uint64_t bits = 0;
    if (!parse_address((struct text){ t.p, slash }, ret))
        return "it is neither an IPv4 nor an IPv6 address";
    if (slash == t.n)
        return NULL;
    bool decimal = prefix.n > 0 && prefix.n <= 3 && !memchr(prefix.p, 'x', prefix.n);
    if (!decimal || !text_to_u64(prefix, &bits) || bits > ret->prefix)
        return "the prefix length is none";
    ret->prefix = (uint8_t)bits;
    return has_host_bits(ret) ? "host bits are set behind the prefix" : NULL;
}

int network_order(const struct network *a, const struct network *b)
{
    int order = a->v6 != b->v6 ? a->v6 - b->v6 : memcmp(a->address, b->address, sizeof a->address);
    return order ? order : a->prefix - b->prefix;
}

bool network_covers(const struct network *outer, const struct network *inner)
{
    return outer->v6 == inner->v6 && outer->prefix <= inner->prefix &&
           same_bits(outer->address, inner->address, outer->prefix);
}

/* Of networks that do not overlap an address is in front of one, in it or behind it. */
static int place_address(const void *key, const void *member)
{
    const struct network *address = key, *net = member;
    return network_covers(net, address) ? 0 : network_order(address, net);
}

static bool find_address(const struct network *nets, size_t count, const struct network *address)
{
    return bsearch(address, nets, count, sizeof *nets, place_address) != NULL;
}

bool networks_have(const struct network *nets, size_t count, struct text t)
{
    static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    struct network address;
    t = text_trim(t);
    if (memchr(t.p ? t.p : "", ':', t.n))
        t.n = text_find_char(t, '%');
    if (!parse_address(t, &address))
        return false;
    if (find_address(nets, count, &address))
        return true;
    if (!address.v6 || memcmp(address.address, mapped, sizeof mapped) != 0)
        return false;
    struct network v4 = { .prefix = 32 };
    memcpy(v4.address, address.address + sizeof mapped, 4);
    return find_address(nets, count, &v4);
}

bool network_has(const struct network *net, struct text t)
{
    return networks_have(net, 1, t);
}
