#include "rule/network.h"

#include <arpa/inet.h>
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

bool network_has(const struct network *net, struct text t)
{
    static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };
    struct network address;
    t = text_trim(t);
    if (memchr(t.p ? t.p : "", ':', t.n))
        t.n = text_find_char(t, '%');
    if (!parse_address(t, &address))
        return false;
    if (address.v6 == net->v6)
        return same_bits(address.address, net->address, net->prefix);
    return address.v6 && memcmp(address.address, mapped, sizeof mapped) == 0 &&
           same_bits(address.address + sizeof mapped, net->address, net->prefix);
}
