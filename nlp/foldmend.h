/*
 * Text that came damaged: read in the wrong charset ("è‚‰é¸¡", "鑲夐浮" for
 * 肉鸡), or turned round on the screen by U+202E. It is put right before
 * anything else is folded. Inside of folding, and of nlp/tool/mkmend.
 */
#ifndef MUD_NLP_FOLDMEND_H
#define MUD_NLP_FOLDMEND_H

#include <stdint.h>

/* Bytes of the characters of the BMP in a charset; 0: it has none. */
struct mud_mend_table {
    uint16_t gbk[0x10000]; /* two bytes, the first one high */
    uint16_t latin[0x10000];
    uint16_t cyrillic[0x10000];
};

#endif
