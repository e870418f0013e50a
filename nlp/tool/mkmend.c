/*
 * mkmend OUT: which bytes a character has in GBK, windows-1252 (with the five
 * bytes it lacks as ISO 8859-1 has them) and windows-1251, by ICU's tables
 * (nlp/foldmend.h), so that text that was read in the wrong one can be undone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#include "nlp/foldmend.h"
#include "nlp/tool/slurp.h"

static UConverter *open_charset(const char *name, struct mud_error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *cnv = ucnv_open(name, &status);

    if (U_SUCCESS(status))
        ucnv_setFromUCallBack(
            cnv, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status))
        (void)mud_fail(err, MUD_EIO, "%s: %s", name, u_errorName(status));
    return cnv;
}

/* The bytes of every character that has `n` of them, as a number. */
static bool fill(uint16_t *out, const char *name, int32_t n,
                 struct mud_error *err)
{
    UConverter *cnv = open_charset(name, err);

    if (err->code)
        return false;
    for (uint32_t c = 0x80; c < 0x10000; c++) {
        UErrorCode status = U_ZERO_ERROR;
        UChar unit = (UChar)c;
        unsigned char bytes[8];
        int32_t len;

        if (U16_IS_SURROGATE(unit))
            continue;
        len = ucnv_fromUChars(cnv, (char *)bytes, 8, &unit, 1, &status);
        if (U_SUCCESS(status) && len == n)
            out[c] = n == 1 ? bytes[0]
                            : (uint16_t)((unsigned)bytes[0] << 8 | bytes[1]);
    }
    ucnv_close(cnv);
    return true;
}

int main(int argc, char **argv)
{
    struct mud_mend_table *t = mud_calloc(1, sizeof *t);
    struct mud_error err = {0};
    bool ok;

    if (argc != 2) {
        (void)fprintf(stderr, "usage: mkmend OUT\n");
        free(t);
        return 2;
    }
    ok = fill(t->gbk, "GBK", 2, &err) &&
         fill(t->latin, "windows-1252", 1, &err) &&
         fill(t->cyrillic, "windows-1251", 1, &err);
    for (uint32_t c = 0x80; c < 0xa0; c++)
        t->latin[c] = (uint16_t)c;
    ok = ok && save(argv[1], mud_str_of((const char *)t, sizeof *t), &err);
    if (!ok)
        (void)fprintf(stderr, "mkmend: %s\n", err.text);
    free(t);
    return ok ? 0 : 1;
}
