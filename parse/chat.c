#include "parse/chat.h"

#include "parse/chat_botapi.h"
#include "parse/chat_discord.h"
#include "parse/chat_irc.h"
#include "parse/chat_irc_wire.h"
#include "parse/chat_matrix.h"
#include "parse/chat_qq_mht.h"
#include "parse/chat_qq_nt.h"
#include "parse/chat_qq_txt.h"
#include "parse/chat_telegram.h"
#include "parse/chat_telegram_html.h"
#include "parse/chat_tme.h"
#include "parse/chat_wechat.h"
#include "parse/chat_whatsapp.h"
#include "parse/chat_xmpp.h"
#include "parse/chat_zip.h"

const struct mud_chat_format *const *mud_chat_formats(void)
{
    static const struct mud_chat_format *const formats[] = {
        &mud_chat_zip,         &mud_chat_tar,
        &mud_chat_discord,     &mud_chat_discord_html,
        &mud_chat_discord_csv, &mud_chat_matrix,
        &mud_chat_qq_nt,       &mud_chat_wechat_json,
        &mud_chat_wechat_csv,  &mud_chat_botapi,
        &mud_chat_telegram,    &mud_chat_telegram_html,
        &mud_chat_tme,         &mud_chat_qq_mht,
        &mud_chat_qq_txt,      &mud_chat_xmpp,
        &mud_chat_irc_wire,    &mud_chat_irc,
        &mud_chat_whatsapp,    NULL,
    };
    return formats;
}

const struct mud_chat_format *mud_chat_of(struct mud_str head,
                                          struct mud_str name)
{
    for (const struct mud_chat_format *const *f = mud_chat_formats(); *f; f++)
        if ((*f)->is(head, name))
            return *f;
    return NULL;
}

const struct mud_chat_format *mud_chat_find(struct mud_str format)
{
    for (const struct mud_chat_format *const *f = mud_chat_formats(); *f; f++)
        if (mud_str_eqz(format, (*f)->name))
            return *f;
    return NULL;
}

bool mud_chat_is_page(const struct mud_chat_format *format)
{
    return format == &mud_chat_tme;
}

bool mud_chat_is_history(const struct mud_chat_format *format)
{
    return format != &mud_chat_botapi && format != &mud_chat_irc &&
           format != &mud_chat_irc_wire && format != &mud_chat_xmpp &&
           format != &mud_chat_matrix;
}
