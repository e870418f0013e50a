/*
 * What speaks for one person behind two nodes, in bits: the binary logarithm of
 * how much likelier a sign is if it is one person than if it is two, by
 * judgement and by bench/run identity. Signs of one pair add up (log-odds);
 * of words and pictures, which are copied together, the stronger alone counts.
 *
 * Rarity: what n nodes share says log2(n - 1) less for any two of them (a
 * contact: log2(n)), so that what everybody has says nothing.
 *
 * From MUD_BITS_HOLD on two nodes are held together; from MUD_BITS_SAY on the
 * pair is shown as a suggestion, with its signs. A look-alike is measured by
 * its own signs and never holds: from MUD_BITS_IMITATES on it is flagged.
 */
#ifndef MUD_GRAPH_WEIGH_H
#define MUD_GRAPH_WEIGH_H

#include <math.h>
#include <stdint.h>

#define MUD_BITS_HOLD        10.0
#define MUD_BITS_SAY         4.0
#define MUD_BITS_IMITATES    8.0

#define MUD_BITS_SHOWN       14.0 /* shows the contact, is paid at the wallet */
#define MUD_BITS_SAME_ID     14.0 /* QQ number and its mailbox: one account */
#define MUD_BITS_HANDLE      7.0  /* one rare name on two networks */
#define MUD_BITS_WAS         7.0  /* says it was that name */
#define MUD_BITS_CALLED      8.0  /* the only account of that name there */
#define MUD_BITS_WORDS       5.0  /* the advert, but other contacts */
#define MUD_BITS_PICTURE     5.0  /* the picture */
#define MUD_BITS_SILENT      3.0  /* one fell silent before the other began */
#define MUD_BITS_GOES_ON     (-6.0) /* the old account goes on selling */
#define MUD_BITS_CLAIMED     (-6.0) /* others say they were it, too */

#define MUD_BITS_LIKE_NAME   5.0 /* nearly its name */
#define MUD_BITS_LIKE_NUMBER 6.0 /* nearly its number */
#define MUD_BITS_LIKE_WORDS  4.0 /* its advert with other contacts */

/* What is left of bits where n share the sign; not below nothing. */
static inline double mud_bits_rare(double bits, uint32_t n)
{
    double left = n > 2 ? bits - log2((double)n - 1) : bits;

    return left > 0 ? left : 0;
}

#endif
