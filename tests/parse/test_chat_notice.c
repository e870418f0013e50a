#include "tests/support/mudtest.h"

#include "parse/chat_notice.h"

static void test_chat_notice__what_happened_to_whom_by_whom(void **state)
{
    static const struct {
        const char *body, *service, *author, *first;
        size_t members;
    } rows[] = {
        {"番茄加入了群聊", "join", "", "番茄", 1},
        {"番茄 通过扫描二维码加入本群", "join", "", "番茄", 1},
        {"\"番茄\"通过扫描\"土豆\"分享的二维码加入群聊", "join", "", "番茄", 1},
        {"\"小李\"邀请\"番茄、土豆\"加入了群聊", "invite", "小李", "番茄", 2},
        {"你邀请“番茄”加入了群聊", "invite", "你", "番茄", 1},
        {"你将\"番茄\"移出了群聊", "remove", "你", "番茄", 1},
        {"番茄 被管理员移出本群", "remove", "", "番茄", 1},
        {"\"某某\" 撤回了一条消息", "recall", "", "某某", 1},
        {"番茄撤回一条消息", "recall", "", "番茄", 1},
        {"小李修改群名为“新群”", "title", "", "小李", 1},
        {"番茄退出了群聊", "leave", "", "番茄", 1},
        {"今天天气好", "system", "", "", 0},
        {"", "system", "", "", 0},
        {"撤回了一条消息", "recall", "", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_post post = {.author = MUD_STR("系统"),
                                .body = mud_str_z(rows[i].body)};
        mud_chat_notice(&post, arena);
        assert_text(post.service, rows[i].service);
        assert_text(post.author, rows[i].author);
        assert_int_equal(post.n_members, rows[i].members);
        if (post.n_members)
            assert_text(post.members[0], rows[i].first);
        mud_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_notice__what_happened_to_whom_by_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
