#include "cli/text_reason.h"

#include "base/lang.h"
#include "run/reason.h"

#include <stdio.h>

struct word {
    const char *en, *zh;
};

void mud_text_reason(struct mud_buf *out, struct mud_str code)
{
    char text[64];

    snprintf(text, sizeof text, "%.*s", MUD_FMT(code));
    mud_buf_z(out, mud_reason_words(text));
}

static void put(struct mud_buf *out, struct mud_str en,
                const struct word *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mud_str_eqz(en, words[i].en) && mud_lang_chinese()) {
            mud_buf_z(out, words[i].zh);
            return;
        }
    }
    mud_buf_str(out, en);
}

void mud_text_state(struct mud_buf *out, struct mud_str state)
{
    static const struct word words[] = {
        {"active", "启用"}, {"paused", "已暂停"}, {"stopped", "已停止"}};

    put(out, state, words, sizeof words / sizeof *words);
}

void mud_text_place(struct mud_buf *out, struct mud_str kind)
{
    static const struct word words[] = {{"thread", "主题"},
                                        {"board", "版块"},
                                        {"index", "首页"},
                                        {"group", "群组"},
                                        {"feed", "订阅源"},
                                        {"profile", "个人页"}};

    put(out, kind, words, sizeof words / sizeof *words);
}
