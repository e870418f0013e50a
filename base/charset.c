#include "base/charset.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ustring.h>

#include "base/charset_guess.h"
#include "base/utf8.h"

#define TEXT_MAX  ((size_t)256 << 20)
#define FORM_MAX  ((size_t)16 << 20)
#define PAGE_HEAD 4096
#define STEP      8192

/* Our name (WHATWG's, but for gbk), ICU's name, and further labels of it. */
static const struct charset {
    const char *name, *icu, *form, *labels;
} charsets[] = {
    {"utf-8", "UTF-8", "UTF-8", " utf8 unicode-1-1-utf-8 x-unicode20utf8 "},
    {"gb18030",
     "gb18030",
     "windows-936-2000",
     " gbk gb2312 gb_2312-80 gb_2312 csgb2312 chinese x-gbk cp936 ms936"
     " windows-936 euc-cn iso-ir-58 csiso58gb231280 "},
    {"big5",
     "ibm-1375_P100-2008",
     "windows-950-2000",
     " big5-hkscs cn-big5 csbig5 x-x-big5 cp950 windows-950 "},
    {"windows-1252",
     "ibm-5348_P100-1997",
     NULL,
     " iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 l1 ascii us-ascii"
     " cp1252 x-cp1252 ansi_x3.4-1968 cp819 ibm819 csisolatin1 iso-ir-100 "},
    {"windows-1251", "ibm-5347_P100-1998", NULL, " cp1251 x-cp1251 "},
    {"koi8-r", "KOI8-R", NULL, " koi koi8 koi8_r cskoi8r "},
    {"koi8-u", "KOI8-U", NULL, " koi8-ru "},
    {"ibm866", "ibm-866", NULL, " 866 cp866 csibm866 "},
    {"shift_jis",
     "ibm-943_P15A-2003",
     NULL,
     " sjis shift-jis ms_kanji ms932 windows-31j x-sjis csshiftjis "},
    {"euc-jp", "EUC-JP", NULL, " x-euc-jp cseucpkdfmtjapanese "},
    {"iso-2022-jp", "ISO-2022-JP", NULL, " csiso2022jp "},
    {"euc-kr",
     "windows-949-2000",
     NULL,
     " cp949 ks_c_5601-1987 ksc5601 ksc_5601 korean windows-949 cseuckr "},
    {"windows-1250", "ibm-5346_P100-1998", NULL, " cp1250 x-cp1250 "},
    {"windows-1253", "ibm-5349_P100-1998", NULL, " cp1253 x-cp1253 "},
    {"windows-1254",
     "ibm-5350_P100-1998",
     NULL,
     " cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5 "},
    {"windows-1255", "ibm-9447_P100-2002", NULL, " cp1255 x-cp1255 "},
    {"windows-1256", "ibm-9448_X100-2005", NULL, " cp1256 x-cp1256 "},
    {"windows-1257", "ibm-9449_P100-2002", NULL, " cp1257 x-cp1257 "},
    {"windows-1258", "ibm-5354_P100-1998", NULL, " cp1258 x-cp1258 "},
    {"windows-874",
     "windows-874-2000",
     NULL,
     " tis-620 iso-8859-11 iso8859-11 dos-874 "},
    {"iso-8859-2", "ISO-8859-2", NULL, " iso8859-2 latin2 l2 csisolatin2 "},
    {"iso-8859-5", "ISO-8859-5", NULL, " iso8859-5 cyrillic "},
    {"iso-8859-7", "ISO-8859-7", NULL, " iso8859-7 greek greek8 "},
    {"iso-8859-15", "ISO-8859-15", NULL, " iso8859-15 latin9 l9 "},
    {"utf-16le", "UTF-16LE", "UTF-8", " utf-16 ucs-2 unicode iso-10646-ucs-2 "},
    {"utf-16be", "UTF-16BE", "UTF-8", " unicodefffe "},
};

static const struct charset *charset_named(struct mud_str label)
{
    char wanted[40];

    label = mud_str_trim(label);
    if (!label.n || label.n > sizeof(wanted) - 3 ||
        mud_str_chr(label, ' ') != MUD_NPOS)
        return NULL;
    snprintf(wanted, sizeof(wanted), " %.*s ", MUD_FMT(label));
    for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++)
        if (mud_str_ieq(label, mud_str_z(charsets[i].name)) ||
            mud_str_ifind(mud_str_z(charsets[i].labels), mud_str_z(wanted)) !=
                MUD_NPOS)
            return &charsets[i];
    return NULL;
}

const char *mud_charset_icu_name(const char *name)
{
    return charset_named(mud_str_z(name))->icu;
}

/* Behind the word that `key` is: "= value", quoted or not. */
static struct mud_str value_behind(struct mud_str s, const char *key)
{
    struct mud_str word = mud_str_z(key);
    size_t at;

    while ((at = mud_str_ifind(s, word)) != MUD_NPOS) {
        char before = at ? s.s[at - 1] : ' ';
        size_t n = 0;
        char end = '\0';

        s = mud_str_sub(s, at + word.n, s.n);
        if (!strchr(" \t\r\n\f;\"'/", before))
            continue;
        s = mud_str_trim(s);
        if (!s.n || s.s[0] != '=')
            continue;
        s = mud_str_trim(mud_str_sub(s, 1, s.n));
        if (s.n && (s.s[0] == '"' || s.s[0] == '\'')) {
            end = s.s[0];
            s = mud_str_sub(s, 1, s.n);
        }
        while (n < s.n && s.s[n] != end &&
               (end || !memchr(" \t\r\n\f;,\"'>/", s.s[n], 11)))
            n++;
        return mud_str_trim(mud_str_sub(s, 0, n));
    }
    return (struct mud_str){0};
}

struct mud_str mud_charset_of_type(struct mud_str content_type)
{
    return value_behind(content_type, "charset");
}

struct mud_str mud_charset_of_page(struct mud_str bytes)
{
    struct mud_str rest = mud_str_sub(bytes, 0, PAGE_HEAD);
    struct mud_str label = {0};
    size_t at;

    if (mud_str_starts(rest, MUD_STR("<?xml")) &&
        (at = mud_str_find(rest, MUD_STR("?>"))) != MUD_NPOS)
        label = value_behind(mud_str_sub(rest, 5, at), "encoding");
    while (!label.n && (at = mud_str_chr(rest, '<')) != MUD_NPOS) {
        rest = mud_str_sub(rest, at + 1, rest.n);
        if (mud_str_starts(rest, MUD_STR("!--"))) {
            at = mud_str_find(rest, MUD_STR("-->"));
            rest = mud_str_sub(rest, at == MUD_NPOS ? rest.n : at, rest.n);
        } else if (mud_str_istarts(rest, MUD_STR("meta"))) {
            at = mud_str_chr(rest, '>');
            label = value_behind(mud_str_sub(rest, 4, at), "charset");
        }
    }
    return label;
}

/* What became of a conversion: characters out, of which bad. */
struct decoded {
    struct mud_buf text;
    size_t chars, bad;
    bool one; /* the charset has one byte a character */
};

void U_CALLCONV mud_charset_on_bad(const void *count,
                                   UConverterToUnicodeArgs *args,
                                   const char *bytes, int32_t length,
                                   UConverterCallbackReason reason,
                                   UErrorCode *status)
{
    const UChar mark = 0xFFFD;
    size_t *bad;

    (void)bytes;
    (void)length;
    if (reason > UCNV_IRREGULAR)
        return;                        /* reset, close, clone */
    memcpy(&bad, &count, sizeof(bad)); /* ours; ICU hands it on as const */
    (*bad)++;
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &mark, 1, 0, status);
}

/* UTF-16 from ICU to UTF-8; *high is a surrogate that waits for its half. */
static void put_utf16(struct decoded *out, const UChar *from, const UChar *end,
                      UChar *high)
{
    char *room = mud_buf_room(&out->text, (size_t)(end - from + 1) * 3);
    char *at = room;

    if (!room)
        return;
    for (; from < end; from++) {
        uint32_t c = *from;

        if (U16_IS_LEAD(c)) {
            *high = *from;
            continue;
        }
        if (U16_IS_TRAIL(c))
            c = *high ? (uint32_t)U16_GET_SUPPLEMENTARY(*high, c) : 0xFFFD;
        *high = 0;
        if (c == 0) {
            c = 0xFFFD;
            out->bad++;
        }
        at += mud_utf8_put(c, at);
        out->chars++;
    }
    out->text.n += (size_t)(at - room);
}

static bool decode(struct decoded *out, struct mud_str bytes, const char *icu)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *cnv = ucnv_open(icu, &status);
    const char *from = bytes.s, *end = bytes.s + bytes.n;
    UChar units[STEP] = {0}, high = 0;

    if (U_FAILURE(status))
        return false;
    out->one = ucnv_getMaxCharSize(cnv) == 1;
    ucnv_setToUCallBack(
        cnv, mud_charset_on_bad, &out->bad, NULL, NULL, &status);
    do {
        UChar *to = units;

        status = U_ZERO_ERROR;
        ucnv_toUnicode(cnv, &to, units + STEP, &from, end, NULL, true, &status);
        put_utf16(out, units, to, &high);
    } while (status == U_BUFFER_OVERFLOW_ERROR && !out->text.over);
    ucnv_close(cnv);
    return U_SUCCESS(status) && !out->text.over;
}

static bool tell(struct mud_charset *how, const char *name,
                 enum mud_charset_why why, size_t bad)
{
    snprintf(how->name, sizeof(how->name), "%s", name);
    how->why = why;
    how->bad = bad;
    return true;
}

/*
 * A wrong label on UTF-8 text gives it away by its first bad sequence. One
 * byte a character never has one; but words of such a charset are no UTF-8,
 * so that text which is, beyond ASCII, was converted and kept its old label.
 */
static bool mislabelled(struct mud_str bytes, const struct charset *as,
                        const struct decoded *got)
{
    if (mud_utf8_valid(bytes) != bytes.n)
        return false;
    return got->bad || strcmp(as->name, "windows-1252") == 0 ||
           mud_str_starts(mud_str_z(as->name), MUD_STR("utf-16")) ||
           (got->one && mud_utf8_count(bytes) < bytes.n);
}

/* Under a known charset; strict: false when too much of it is bad. */
static bool text_as(struct mud_str *out, struct mud_charset *how,
                    struct mud_str bytes, const struct charset *as, bool strict,
                    struct mud_arena *arena)
{
    struct decoded got = {.text.max = 3 * TEXT_MAX};
    struct mud_str text;
    bool ok;

    if (strcmp(as->name, "utf-8") == 0) {
        size_t chars;

        text = mud_utf8_clean(bytes, arena, &got.bad);
        chars = mud_utf8_count(text);
        if (strict && got.bad * 200 > chars)
            return false;
        *out = text.s == bytes.s ? mud_str_dup(text, arena) : text;
        return tell(how, as->name, how->why, got.bad);
    }
    ok = decode(&got, bytes, as->icu) && !(strict && got.bad * 200 > got.chars);
    if (ok && strict && mislabelled(bytes, as, &got))
        ok = false;
    if (ok) {
        *out = mud_str_dup(mud_buf_view(&got.text), arena);
        tell(how, as->name, how->why, got.bad);
    }
    mud_buf_free(&got.text);
    return ok;
}

static const struct charset *charset_of_bom(struct mud_str *bytes)
{
    static const struct {
        struct mud_str mark;
        const char *name;
    } marks[] = {
        {{"\xEF\xBB\xBF", 3}, "utf-8"},
        {{"\xFF\xFE", 2}, "utf-16le"},
        {{"\xFE\xFF", 2}, "utf-16be"},
        {{"\x84\x31\x95\x33", 4}, "gb18030"},
    };

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (!mud_str_starts(*bytes, marks[i].mark))
            continue;
        *bytes = mud_str_sub(*bytes, marks[i].mark.n, bytes->n);
        return charset_named(mud_str_z(marks[i].name));
    }
    return NULL;
}

bool mud_charset_text(struct mud_str *out, struct mud_charset *how,
                      struct mud_str bytes, struct mud_str declared,
                      struct mud_arena *arena, struct mud_error *err)
{
    const struct charset *as;

    *how = (struct mud_charset){0};
    if (bytes.n > TEXT_MAX)
        return mud_fail(
            err, MUD_ELIMIT, "text of %zu bytes, more than 256 MiB", bytes.n);
    if (!bytes.s)
        bytes = MUD_STR("");
    how->why = MUD_CHARSET_BOM;
    as = charset_of_bom(&bytes);
    if (as && text_as(out, how, bytes, as, false, arena))
        return true;
    how->why = MUD_CHARSET_DECLARED;
    as = charset_named(declared);
    if (as && text_as(out, how, bytes, as, true, arena))
        return true;
    how->why = MUD_CHARSET_VALID;
    as = charset_named(MUD_STR("utf-8"));
    if (mud_utf8_valid(bytes) == bytes.n)
        return text_as(out, how, bytes, as, false, arena);
    how->why = MUD_CHARSET_GUESSED;
    as = charset_named(mud_str_z(mud_charset_guess(bytes)));
    if (text_as(out, how, bytes, as, false, arena))
        return true;
    return mud_fail(err, MUD_EBUG, "charset %s: no converter", as->name);
}

/*
 * A character that the charset lacks as a numeric reference, as browsers do.
 * ICU's own callback drops those that it calls ignorable, such as U+FEFF.
 */
static void put_reference(const void *context, UConverterFromUnicodeArgs *args,
                          const UChar *units, int32_t length, UChar32 c,
                          UConverterCallbackReason reason, UErrorCode *status)
{
    UChar reference[16];
    const UChar *from = reference;
    char text[16];
    int32_t n;

    (void)context, (void)units, (void)length;
    if (reason > UCNV_IRREGULAR) /* reset, close, clone */
        return;
    n = snprintf(text, sizeof(text), "&#%d;", (int)c);
    for (int32_t i = 0; i < n; i++)
        reference[i] = (UChar)text[i];
    *status = U_ZERO_ERROR;
    ucnv_cbFromUWriteUChars(args, &from, reference + n, 0, status);
}

bool mud_charset_encode(struct mud_str *out, struct mud_str text,
                        struct mud_str label, struct mud_arena *arena,
                        struct mud_error *err)
{
    const struct charset *as = charset_named(label);
    UErrorCode status = U_ZERO_ERROR;
    UConverter *cnv;
    UChar *units;
    int32_t n, room;
    char *to;

    if (!as)
        return mud_fail(
            err, MUD_EINPUT, "unknown charset %.*s", MUD_FMT(label));
    if (text.n > FORM_MAX)
        return mud_fail(err, MUD_ELIMIT, "form text of %zu bytes", text.n);
    text = mud_utf8_clean(text, arena, NULL);
    cnv = ucnv_open(as->form ? as->form : as->icu, &status);
    ucnv_setFromUCallBack(cnv, put_reference, NULL, NULL, NULL, &status);
    units = mud_malloc((text.n + 1) * sizeof(*units));
    u_strFromUTF8(units,
                  (int32_t)text.n + 1,
                  &n,
                  text.s ? text.s : "",
                  (int32_t)text.n,
                  &status);
    /* The longest of a unit: "&#65535;". */
    room = 8 * n + 16;
    to = mud_malloc((size_t)room);
    n = ucnv_fromUChars(cnv, to, room, units, n, &status);
    if (U_SUCCESS(status))
        *out = mud_str_of(mud_arena_dup(arena, to, (size_t)n), (size_t)n);
    free(to);
    free(units);
    ucnv_close(cnv);
    return U_SUCCESS(status) ||
           mud_fail(
               err, MUD_EBUG, "charset %s: %s", as->name, u_errorName(status));
}
