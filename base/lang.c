#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

static bool chinese; /* set once at start, before threads */

void mud_lang_init(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value && value[0]) {
            mud_lang_set(strncmp(value, "zh", 2) == 0);
            return;
        }
    }
    mud_lang_set(false);
}

void mud_lang_set(bool is_chinese)
{
    chinese = is_chinese;
}

bool mud_lang_chinese(void)
{
    return chinese;
}

const char *mud_t(const char *en, const char *zh)
{
    return chinese ? zh : en;
}
