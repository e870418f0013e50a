#include "parse/whatsapp_head.h"

#define NAME_MAX 200 /* bytes */

/* What WhatsApp says, in the languages of phones. */
static const struct notice {
    const char *mark, *action;
    bool whom; /* stands behind the mark */
} notices[] = {
    {" created group", "create", false},
    {" created this group", "create", false},
    {" joined using ", "join", false},
    {" joined from ", "join", false},
    {" joined the group", "join", false},
    {" added ", "add", true},
    {" removed ", "remove", true},
    {" left", "leave", false},
    {" changed the subject", "title", false},
    {" changed the group name", "title", false},
    {" changed this group's icon", "photo", false},
    {" changed the group description", "description", false},
    {" changed their phone number", "number", false},
    {" changed to ", "number", true},
    {" is now an admin", "role", false},
    {" pinned a message", "pin", false},
    {"创建了群组", "create", false},
    {"建立了群組", "create", false},
    {"使用此群组的邀请链接加入", "join", false},
    {"通过群组邀请链接加入", "join", false},
    {"使用此群組的邀請連結加入", "join", false},
    {"加入了群组", "join", false},
    {"已添加", "add", true},
    {"添加了", "add", true},
    {"已新增", "add", true},
    {"已移除", "remove", true},
    {"移除了", "remove", true},
    {"离开了", "leave", false},
    {"已离开", "leave", false},
    {"已退出", "leave", false},
    {"離開了", "leave", false},
    {"已離開", "leave", false},
    {"更改了群组名称", "title", false},
    {"将群组名称", "title", false},
    {"將群組名稱", "title", false},
    {"更换了群组图标", "photo", false},
    {"更换了手机号码", "number", false},
    {" создал(-а) группу", "create", false},
    {" добавил(-а) ", "add", true},
    {" удалил(-а) ", "remove", true},
    {" покинул(-а) группу", "leave", false},
    {" присоединился", "join", false},
    {" hat die Gruppe verlassen", "leave", false},
    {" hat die Gruppe", "create", false},
    {" creó el grupo", "create", false},
    {" criou o grupo", "create", false},
    {" a créé le groupe", "create", false},
    {" ha creato il gruppo", "create", false},
    {" hat dich hinzugefügt", "add", false},
    {" hinzugefügt", "add", false},
    {" entrou usando ", "join", false},
    {" se unió usando ", "join", false},
    {" ist über ", "join", false},
    {" saiu", "leave", false},
    {" adicionou ", "add", true},
    {" removeu ", "remove", true},
    {" eliminó a ", "remove", true},
    {" entfernt", "remove", false},
    {" was added", "add", false},
    {" was removed", "remove", false},
    {" joined", "join", false},
    {" made ", "role", true},
    {"加入了此群组", "join", false},
    {"已加入群組", "join", false},
    {"成为群组管理员", "role", false},
    {"将群组主题", "title", false},
    {" añadió a ", "add", true},
    {" salió del grupo", "leave", false},
};

struct mud_str mud_whatsapp_service(struct mud_str text, struct mud_str *who,
                                    struct mud_str *whom)
{
    *who = *whom = (struct mud_str){0};
    for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++) {
        struct mud_str mark = mud_str_z(notices[i].mark);
        size_t at = mud_str_find(text, mark);
        if (at == MUD_NPOS || at > NAME_MAX)
            continue;
        struct mud_str rest = mud_str_sub(text, at + mark.n, text.n);
        /* Short ones stand at the end: "she left the house" is somebody's. */
        if ((mud_str_eqz(mark, " left") || mud_str_eqz(mark, " joined") ||
             mud_str_eqz(mark, " saiu") || mud_str_eqz(mark, " entfernt")) &&
            rest.n && rest.s[0] != '.')
            continue;
        *who = mud_whatsapp_bare(mud_str_sub(text, 0, at));
        if (notices[i].whom)
            *whom = mud_whatsapp_bare(rest);
        return mud_str_z(notices[i].action);
    }
    return MUD_STR("system");
}

bool mud_whatsapp_deleted(struct mud_str text)
{
    static const char *const rows[] = {
        "This message was deleted",
        "You deleted this message",
        "此消息已删除",
        "此消息已被删除",
        "您删除了此消息",
        "你删除了此消息",
        "您已删除此消息",
        "此訊息已刪除",
        "此訊息已被刪除",
        "你已刪除這則訊息",
        "您刪除了此訊息",
        "Данное сообщение удалено",
        "Вы удалили данное сообщение",
        "Diese Nachricht wurde gelöscht",
        "Du hast diese Nachricht gelöscht",
        "Se eliminó este mensaje",
        "Eliminaste este mensaje",
        "Ce message a été supprimé",
        "Vous avez supprimé ce message",
        "Mensagem apagada",
        "Esta mensagem foi apagada",
        "Você apagou esta mensagem",
        "Questo messaggio è stato eliminato",
        "Hai eliminato questo messaggio",
        "Dit bericht is verwijderd",
        "U heeft dit bericht verwijderd",
        "Bu mesaj silindi",
        "Bu mesajı sildiniz",
        "Pesan ini dihapus",
        "Anda menghapus pesan ini",
        "このメッセージは削除されました",
        "このメッセージを削除しました",
        "삭제된 메시지입니다",
        "您已删除此消息。",
        "此訊息已被您刪除",
        "Esta mensaje fue eliminado",
        "Ta wiadomość została usunięta",
        "Це повідомлення видалено",
        "تم حذف هذه الرسالة",
        "Tin nhắn này đã bị xóa",
        "Eliminaste este mensaje.",
    };

    text = mud_whatsapp_bare(text);
    if (text.n && text.s[text.n - 1] == '.')
        text.n--;
    else if (mud_str_ends(text, MUD_STR("。")))
        text.n -= 3;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(text, rows[i]))
            return true;
    return false;
}

bool mud_whatsapp_omitted(struct mud_str line)
{
    static const char *const words[] = {
        " omitted",     "已忽略",        "已省略",      "忽略",
        "略過",         "省略",          "생략",        " omitid",
        " omess",       " weggelassen",  " weggelaten", " absent",
        " ausente",     " ocultad",      " vynechán",   " pominięt",
        " utelämna",    " utelatt",      " udelad",     " опущен",
        " пропущен",    " отсутству",    " скрыт",      " вилучен",
        " dihilangkan", " bỏ qua",       " atlandı",    " dahil edilmedi",
        " kihagyva",    " jätetty pois", " omis",       " izostavljen",
        "نشده است",     "لم يتم إدراج",  "הושמט",       "छोड़",
        "ละเว้น"};
    if (line.n >= 80)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mud_str_find(line, mud_str_z(words[i])) != MUD_NPOS)
            return true;
    return false;
}

bool mud_whatsapp_private(struct mud_str text)
{
    static const char *const words[] = {"end-to-end",
                                        "端到端",
                                        "端對端",
                                        "Ende-zu-Ende",
                                        "de extremo a extremo",
                                        "de ponta a ponta",
                                        "de bout en bout",
                                        "сквозн",
                                        "end-to-end-",
                                        "uçtan uca",
                                        "crittografia",
                                        "エンドツーエンド",
                                        "종단간",
                                        "koncovým",
                                        "تامة",
                                        "đầu cuối"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mud_str_find(text, mud_str_z(words[i])) != MUD_NPOS)
            return true;
    return false;
}
