#include "parse/chat_notice.h"

#define NAME_MAX 200 /* bytes */

static const struct notice {
    const char *mark, *action;
    const char *actor; /* stands behind who did it, before whom it met */
} notices[] = {
    {"撤回了一条", "recall", NULL}, {"撤回一条", "recall", NULL},
    {"加入本群", "join", "邀请"},   {"加入了本群", "join", "邀请"},
    {"加入群聊", "join", "邀请"},   {"加入了群聊", "join", "邀请"},
    {"退出本群", "leave", NULL},    {"退出了本群", "leave", NULL},
    {"退出群聊", "leave", NULL},    {"退出了群聊", "leave", NULL},
    {"移出本群", "remove", "将"},   {"移出了本群", "remove", "将"},
    {"移出群聊", "remove", "将"},   {"移出了群聊", "remove", "将"},
    {"修改群名", "title", NULL},    {"成为新的群主", "role", NULL},
    {"成为新群主", "role", NULL},   {"成为管理员", "role", NULL},
    {"设为管理员", "role", NULL},   {"禁言", "mute", NULL},
};

/* Without blanks and the quotation marks that notices put around names. */
static struct mud_str bare(struct mud_str s)
{
    static const char *const marks[] = {"\"", "'", "“", "”", " "};
    size_t before = s.n + 1;
    while (s.n && s.n < before) {
        before = s.n;
        for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
            struct mud_str mark = mud_str_z(marks[i]);
            if (mud_str_starts(s, mark))
                s = mud_str_sub(s, mark.n, s.n);
            if (mud_str_ends(s, mark))
                s.n -= mark.n;
        }
    }
    return s;
}

static struct mud_str before(struct mud_str s, const char *mark)
{
    size_t at = mud_str_find(s, mud_str_z(mark));
    return at == MUD_NPOS || !at ? s : mud_str_sub(s, 0, at);
}

/* "番茄、土豆" */
static void names(struct mud_post *post, struct mud_str s,
                  struct mud_arena *arena)
{
    static const char comma[] = "、";
    struct mud_chat_list list = {0};
    for (size_t at = 0; at != MUD_NPOS;) {
        at = mud_str_find(s, mud_str_z(comma));
        struct mud_str one = bare(mud_str_sub(s, 0, at == MUD_NPOS ? s.n : at));
        if (one.n <= NAME_MAX)
            mud_chat_list_add(&list, one, arena);
        if (at != MUD_NPOS)
            s = mud_str_sub(s, at + sizeof(comma) - 1, s.n);
    }
    post->members = list.items;
    post->n_members = list.n;
}

void mud_chat_notice(struct mud_post *post, struct mud_arena *arena)
{
    struct mud_str body = post->body, none = {0};
    post->author = post->author_id = post->author_role = none;
    post->service = MUD_STR("system");
    for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++) {
        const struct notice *n = &notices[i];
        size_t at = mud_str_find(body, mud_str_z(n->mark));
        if (at == MUD_NPOS)
            continue;
        struct mud_str who = mud_str_sub(body, 0, at);
        size_t by =
            n->actor ? mud_str_find(who, mud_str_z(n->actor)) : MUD_NPOS;
        post->service = mud_str_z(n->action);
        if (by != MUD_NPOS && by) {
            struct mud_str actor = bare(mud_str_sub(who, 0, by));
            who = mud_str_sub(who, by + strlen(n->actor), who.n);
            if (actor.n <= NAME_MAX)
                post->author = actor;
            if (mud_str_eqz(post->service, "join"))
                post->service = MUD_STR("invite");
        } else { /* "番茄通过扫描“土豆”分享的二维码加入群聊" */
            who = before(before(who, "通过"), "被");
        }
        names(post, who, arena);
        return;
    }
}
