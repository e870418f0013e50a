#include "fetch/policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771). */
static const struct {
    uint32_t net;
    unsigned bits;
    const char *kind;
} four[] = {
    {0x00000000, 8, "this-network"},   /* 0.0.0.0/8, RFC 791 */
    {0x0a000000, 8, "private"},        /* 10.0.0.0/8, RFC 1918 */
    {0x64400000, 10, "carrier NAT"},   /* 100.64.0.0/10, RFC 6598; metadata of
                                          some clouds is 100.100.100.200 */
    {0x7f000000, 8, "loopback"},       /* 127.0.0.0/8, RFC 1122 */
    {0xa9fe0000, 16, "link-local"},    /* 169.254.0.0/16, RFC 3927; metadata of
                                          most clouds is 169.254.169.254 */
    {0xac100000, 12, "private"},       /* 172.16.0.0/12, RFC 1918 */
    {0xc0000000, 24, "reserved"},      /* 192.0.0.0/24, RFC 6890 */
    {0xc0000200, 24, "documentation"}, /* 192.0.2.0/24, RFC 5737 */
    {0xc0586300, 24, "reserved"},      /* 192.88.99.0/24, RFC 7526 */
    {0xc0a80000, 16, "private"},       /* 192.168.0.0/16, RFC 1918 */
    {0xc6120000, 15, "benchmark"},     /* 198.18.0.0/15, RFC 2544 */
    {0xc6336400, 24, "documentation"}, /* 198.51.100.0/24, RFC 5737 */
    {0xcb007100, 24, "documentation"}, /* 203.0.113.0/24, RFC 5737 */
    {0xe0000000, 4, "multicast"},      /* 224.0.0.0/4, RFC 5771 */
    {0xf0000000, 4, "reserved"},       /* 240.0.0.0/4 and broadcast, RFC 1112 */
};

/*
 * IANA IPv6 Special-Purpose Address Registry. Of unicast only 2000::/3 is in
 * use; all outside of it that is not named here is "reserved".
 */
static const struct {
    uint8_t net[16];
    unsigned bits;
    const char *kind;
} six[] = {
    {{0}, 128, "unspecified"},
    {{[15] = 1}, 128, "loopback"},
    {{0x01}, 64, "discard"},                         /* 100::/64, RFC 6666 */
    {{0x20, 0x01}, 23, "protocol"},                  /* 2001::/23, RFC 2928 */
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"}, /* RFC 3849 */
    {{0x3f, 0xff}, 20, "documentation"},             /* 3fff::/20, RFC 9637 */
    {{0xfc}, 7, "unique local"},                     /* fc00::/7, RFC 4193; AWS
                                                   metadata is fd00:ec2::254 */
    {{0xfe, 0x80}, 10, "link-local"},                /* fe80::/10, RFC 4291 */
    {{0xfe, 0xc0}, 10, "site-local"},                /* fec0::/10, RFC 3879 */
    {{0xff}, 8, "multicast"},                        /* ff00::/8, RFC 4291 */
};

static const char *kind_of_four(uint32_t address)
{
    for (size_t i = 0; i < sizeof four / sizeof *four; i++)
        if ((address ^ four[i].net) >> (32 - four[i].bits) == 0)
            return four[i].kind;
    return NULL;
}

static bool within(const uint8_t *address, const uint8_t *net, unsigned bits)
{
    unsigned rest = bits % 8;
    if (memcmp(address, net, bits / 8) != 0)
        return false;
    return !rest || (address[bits / 8] ^ net[bits / 8]) >> (8 - rest) == 0;
}

static uint32_t four_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* IPv4 that an IPv6 address leads to; false when it leads to none. */
static bool inner_four(const uint8_t *a, uint32_t *inner)
{
    static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t translated[16] = {0, 0x64, 0xff, 0x9b};
    static const uint8_t compatible[16] = {0};
    static const uint8_t teredo[16] = {0x20, 0x01};
    static const uint8_t six_to_four[16] = {0x20, 0x02};

    if (within(a, mapped, 96) || within(a, translated, 96) ||
        within(a, compatible, 96))
        *inner = four_at(a + 12);
    else if (within(a, six_to_four, 16))
        *inner = four_at(a + 2);
    else if (within(a, teredo, 32)) /* RFC 4380: client address inverted */
        *inner = ~four_at(a + 12);
    else
        return false;
    return true;
}

static const char *kind_of_six(const uint8_t *a)
{
    uint32_t inner;

    for (size_t i = 0; i < sizeof six / sizeof *six; i++)
        if (within(a, six[i].net, six[i].bits))
            return six[i].kind;
    if (inner_four(a, &inner))
        return kind_of_four(inner);
    return a[0] >> 5 == 1 ? NULL : "reserved";
}

const char *mud_address_kind(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return kind_of_four(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        return kind_of_six(in.sin6_addr.s6_addr);
    }
    return "not an internet";
}
