/*
 * network.h - IPv4 and IPv6 networks in prefix notation, and addresses as events write them.
 */
#ifndef EVSCAN_RULE_NETWORK_H
#define EVSCAN_RULE_NETWORK_H

#include "base/attr.h"
#include "base/bytes.h"

struct network {
    bool v6;
    uint8_t prefix;      /* bits */
    uint8_t address[16]; /* IPv4 in the first four */
};

/* NULL, or what is wrong with it: "host bits are set behind the prefix" .. */
const char *network_parse(struct text t, struct network *ret) MUST_USE;

/*
 * True when the text is a whole address inside of the network.  Blanks around it and an IPv6 zone are
 * ignored;
 * ::ffff:a.b.c.d is also an IPv4 address (Kerberos events log it so).
 */
bool network_has(const struct network *net, struct text address);

/* Where the first stands among sorted networks: IPv4, then IPv6, by address; what covers others is in front of them. */
int network_order(const struct network *a, const struct network *b);

/* True when every address of `inner` is one of `outer`. */
bool network_covers(const struct network *outer, const struct network *inner);

/* network_has of any of them.  They are sorted and none covers another one. */
bool networks_have(const struct network *nets, size_t count, struct text address);

#endif
