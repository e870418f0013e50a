#include "run/reason.h"

#include "base/lang.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct row {
    const char *code, *en, *zh;
    const char *todo_en, *todo_zh; /* NULL: nothing in particular */
};

static const struct row rows[] = {
#include "run/reason_rows.h"
};

static const struct row *exactly(const char *code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].code, code) == 0)
            return &rows[i];
    return NULL;
}

/* Cut the last part off; false: there is only one. */
static bool shorten(char *code)
{
    char *dash = strrchr(code, '-');

    if (dash)
        *dash = 0;
    return dash != NULL;
}

const char *mud_reason_words(const char *code)
{
    char part[64];

    snprintf(part, sizeof part, "%s", code);
    do {
        const struct row *row = exactly(part);
        if (row)
            return mud_lang_chinese() ? row->zh : row->en;
    } while (shorten(part));
    return code;
}

const char *mud_reason_advice(const char *code)
{
    char part[64];

    snprintf(part, sizeof part, "%s", code);
    do {
        const struct row *row = exactly(part);
        if (row && row->todo_en)
            return mud_lang_chinese() ? row->todo_zh : row->todo_en;
    } while (shorten(part));
    return "";
}

bool mud_reason_known(const char *code)
{
    char part[64];

    snprintf(part, sizeof part, "%s", code);
    do {
        if (exactly(part))
            return true;
    } while (shorten(part));
    return false;
}

void mud_reason_named(struct mud_buf *out, const char *advice,
                      struct mud_str name)
{
    struct mud_str rest = mud_str_z(advice), place = MUD_STR("NAME");
    size_t at;

    while ((at = mud_str_find(rest, place)) != MUD_NPOS) {
        mud_buf_str(out, mud_str_sub(rest, 0, at));
        mud_buf_str(out, name);
        rest = mud_str_sub(rest, at + place.n, rest.n);
    }
    mud_buf_str(out, rest);
}
