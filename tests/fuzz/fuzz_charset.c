/*
 * First byte: which label is declared. The rest is the document. Whatever it
 * holds, the text is valid UTF-8 without NUL and does not depend on memory
 * behind the document.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/charset.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {"",
                                         "utf-8",
                                         "gbk",
                                         "big5",
                                         "koi8-r",
                                         "shift_jis",
                                         "iso-2022-jp",
                                         "utf-16",
                                         "euc-kr",
                                         "utf-16be",
                                         "latin1",
                                         "windows-1251",
                                         "no-such-1",
                                         "euc-jp",
                                         "gb18030",
                                         "ibm866"};
    struct mud_arena *arena;
    struct mud_charset how;
    struct mud_str bytes, text, form;
    struct mud_error err = {0};

    if (!size)
        return 0;
    arena = mud_arena_new();
    bytes = mud_str_of((const char *)data + 1, size - 1);
    check(mud_charset_text(
        &text, &how, bytes, mud_str_z(labels[data[0] % 16]), arena, &err));
    check(mud_utf8_valid(text) == text.n);
    check(mud_str_chr(text, '\0') == MUD_NPOS);
    check(how.bad <= text.n / 3);
    (void)mud_charset_of_type(bytes);
    /* Labels of hostile pages go back in; all of them may be named. */
    if (mud_charset_encode(
            &form, text, mud_charset_of_page(bytes), arena, &err))
        check(form.n >= mud_utf8_count(text));
    else
        check(err.code == MUD_EINPUT);
    mud_arena_free(arena);
    return 0;
}
