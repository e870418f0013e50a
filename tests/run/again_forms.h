/* Exports of every chat format, of five made-up messages each. */
#ifndef MUD_TESTS_RUN_AGAIN_FORMS_H
#define MUD_TESTS_RUN_AGAIN_FORMS_H

#include <stdbool.h>

/* M1, M2, M3, M4; later M1, M2 edited, M4, M5. */
struct form {
    const char *name; /* of the format */
    const char *file;
    const char *head, *between, *tail;
    const char *m[5];
    const char *edited; /* NULL: the format knows no edits */
    bool history;
    bool by_text; /* ids are made of the text: an edit is another message */
};

#define TG(id, text, more)                                              \
    "{\"id\":" id ",\"type\":\"message\",\"date\":\"2024-03-05T08:0" id \
    ":00\",\"date_unixtime\":\"170959680" id "\"," more                 \
    "\"from\":\"阿禾\",\"from_id\":\"user5900020001\",\"text\":\"" text "\"}"
#define HTML(id, text)                                                   \
    "<div class=\"message default clearfix\" id=\"message" id            \
    "\"><div class=\"body\"><div class=\"pull_right date details\" "     \
    "title=\"04.03.2024 09:3" id ":00 UTC+08:00\">09:3" id               \
    "</div><div class=\"from_name\">阿禾</div><div class=\"text\">" text \
    "</div></div></div>\n"
#define TME(id, text)                                                       \
    "<div class=\"tgme_widget_message_wrap js-widget_message_wrap\"><div "  \
    "class=\"tgme_widget_message js-widget_message\" "                      \
    "data-post=\"mdlk_test_pd/10" id                                        \
    "\"><div class=\"tgme_widget_message_bubble\"><div "                    \
    "class=\"tgme_widget_message_author accent_color\"><a "                 \
    "class=\"tgme_widget_message_owner_name\" "                             \
    "href=\"https://t.me/mdlk_test_pd\"><span "                             \
    "dir=\"auto\">测试频道</span></a></div><div "                       \
    "class=\"tgme_widget_message_text js-message_text\" dir=\"auto\">" text \
    "</div><div class=\"tgme_widget_message_footer compact "                \
    "js-message_footer\"><div class=\"tgme_widget_message_info short "      \
    "js-message_info\"><span class=\"tgme_widget_message_meta\"><a "        \
    "class=\"tgme_widget_message_date\" "                                   \
    "href=\"https://t.me/mdlk_test_pd/10" id                                \
    "\"><time datetime=\"2024-05-14T16:0" id                                \
    ":31+00:00\" class=\"time\">16:08</time></a></span></div></div></div>"  \
    "</div></div>\n"
#define BOT(update, kind, id, text, more)                                       \
    "{\"update_id\":91000" update ",\"" kind "\":{\"message_id\":2" id          \
    ",\"from\":{\"id\":5900020001,\"is_bot\":false,\"first_name\":\"阿禾\"}," \
    "\"chat\":{\"id\":-1001899000555,\"title\":\"样例群\",\"type\":"         \
    "\"supergroup\"},\"date\":170960000" id "," more "\"text\":\"" text         \
    "\"}}\n"
#define QQ(id, text) "2019-07-16 18:1" id ":05 地瓜(8310000001)\n" text "\n\n"
#define MHT(id, text)                                                  \
    "<tr><td><div style=color:#006EFE;padding-left:10px;><div "        \
    "style=float:left;margin-right:6px;>地瓜(8310000001)</div>12:2" id \
    ":18</div><div style=padding-left:20px;><font "                    \
    "style=\"font-size:10pt;\" color='000000'>" text                   \
    "</font></div></td></tr>\n"
#define NT(id, text)                                                     \
    "{\"messageId\":\"734000" id "\",\"timestamp\":\"2024-03-04T01:3" id \
    ":43.000Z\",\"sender\":{\"uid\":\"u_fakeA\",\"uin\":\"8310000001\"," \
    "\"name\":\"地瓜\"},\"messageType\":2,\"isSystemMessage\":false,"  \
    "\"isRecalled\":false,\"content\":{\"text\":\"" text                 \
    "\",\"resources\":[],\"emojis\":[]},\"rawMessage\":{\"senderUin\":"  \
    "\"8310000001\",\"senderUid\":\"u_fakeA\",\"sendNickName\":\"地瓜\"}}"
#define CSV(id, text)                                                   \
    "10" id ",7,1,0,0,170951614" id ",2," text ",2024-03-04 09:35:4" id \
    ",,数据交流群,wxid_fakeaaaa0001\n"
#define FLOW(id, text)                                             \
    "{\"localId\":10" id ",\"createTime\":170951614" id            \
    ",\"formattedTime\":\"2024-03-04 09:35:4" id                   \
    "\",\"type\":\"文本消息\",\"localType\":1,\"content\":\"" text \
    "\",\"isSend\":0,\"senderUsername\":\"wxid_fakeaaaa0001\","    \
    "\"senderDisplayName\":\"老王\",\"source\":\"\"}"
#define DISCORD(id, edited, text)                                         \
    "{\"id\":\"130000000000000000" id                                     \
    "\",\"type\":\"Default\",\"timestamp\":\"2026-11-20T08:0" id          \
    ":05+08:00\",\"timestampEdited\":" edited                             \
    ",\"callEndedTimestamp\":null,\"isPinned\":false,\"content\":\"" text \
    "\",\"author\":{\"id\":\"980000000000000001\",\"name\":\"digua.x\","  \
    "\"discriminator\":\"0000\",\"nickname\":\"地瓜\",\"color\":null,"  \
    "\"isBot\":false,\"roles\":[],\"avatarUrl\":\"https://cdn.example/"   \
    "a.png\"},\"attachments\":[],\"embeds\":[],\"stickers\":[],"          \
    "\"reactions\":[],\"mentions\":[]}"
#define DHTML(id, text, edited)                                              \
    "<div class=chatlog__message-group><div "                                \
    "id=chatlog__message-container-130000000000000000" id " "                \
    "class=chatlog__message-container data-message-id=130000000000000000" id \
    "><div class=chatlog__message><div class=chatlog__message-primary><div " \
    "class=chatlog__header><span class=chatlog__author title=digua.x "       \
    "data-user-id=980000000000000001>地瓜</span> <span "                   \
    "class=chatlog__timestamp title=\"Friday, 20 November 2026 08:0" id      \
    "\"><a href=#chatlog__message-container-130000000000000000" id           \
    ">11/20/2026 8:0" id " AM</a></span></div><div "                         \
    "class=\"chatlog__content chatlog__markdown\"><span "                    \
    "class=chatlog__markdown-preserve>" text "</span>" edited                \
    "</div></div></div></div></div>"
#define DCSV(id, text)                                        \
    "\"980000000000000001\",\"digua.x\",\"2026-11-20T08:0" id \
    ":05.1230000+08:00\",\"" text "\",\"\",\"\"\n"
#define SLACK(id, more, text)                                               \
    "{\"type\":\"message\",\"user\":\"U00000001\"," more "\"text\":\"" text \
    "\",\"ts\":\"179530560" id ".000100\"}"
#define WHATSAPP(id, text) "[2026/11/20 上午9:0" id ":05] 地瓜: " text "\n"
#define MATRIX(id, content)                                                    \
    "{\"type\":\"m.room.message\",\"sender\":\"@digua:example.org\","          \
    "\"event_id\":\"$e0" id ":example.org\",\"origin_server_ts\":179530560" id \
    "000,\"room_id\":\"!market:example.org\",\"content\":{"                    \
    "\"msgtype\":\"m.text\"," content "}}"
#define XMPP(id, more, text)                                            \
    "LIVE <message id=\"m" id                                           \
    "\" type=\"groupchat\" to=\"alice@localhost/x\" "                   \
    "from=\"heichan@rooms.localhost/alice\"><body>" text "</body>" more \
    "<delay xmlns=\"urn:xmpp:delay\" stamp=\"2026-11-20T08:0" id        \
    ":00Z\"/><stanza-id id=\"s" id                                      \
    "\" by=\"heichan@rooms.localhost\" xmlns=\"urn:xmpp:sid:0\"/>"      \
    "</message>\n"
#define WIRE(id, text)                                                 \
    "2026-11-22T00:5" id ":00.000000Z < :heichan!u@h.example PRIVMSG " \
    "#heichan :" text "\n"
#define IRC(id, text) "00:52:3" id " < seller> " text "\n"

#define T1            "在吗 有人收号吗"
#define T2            "今天有货 明天涨价"
#define T2E           "今天没货了 后天再问"
#define T3            "我先走了 晚点再说"
#define T4            "好的 等你消息"
#define T5            "又来了一个新人"

static const struct form forms[] = {
    {"telegram",
     "result.json",
     "{\"name\":\"样例群\",\"type\":\"private_supergroup\",\"id\":1899000555,"
     "\"messages\":[",
     ",",
     "]}",
     {TG("1", T1, ""),
      TG("2", T2, ""),
      TG("3", T3, ""),
      TG("4", T4, ""),
      TG("5", T5, "")},
     TG("2", T2E, "\"edited_unixtime\":\"1709599999\","),
     true,
     false},
    {"telegram-html",
     "messages.html",
     "<!DOCTYPE html><html><head><meta charset=\"utf-8\"/><title>Exported "
     "Data</title></head><body onload=\"CheckLocation();\"><div "
     "class=\"page_wrap\"><div class=\"page_header\"><div class=\"content\">"
     "<div class=\"text bold\">测试交流群</div></div></div><div "
     "class=\"page_body chat_page\"><div class=\"history\">\n",
     "",
     "</div></div></div></body></html>",
     {HTML("1", T1),
      HTML("2", T2),
      HTML("3", T3),
      HTML("4", T4),
      HTML("5", T5)},
     HTML("2", T2E),
     true,
     false},
    {"tme-s",
     "mdlk_test_pd.html",
     "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>测试频道 – "
     "Telegram</title><link rel=\"canonical\" "
     "href=\"/s/mdlk_test_pd?before=121\"></head><body "
     "class=\"widget_frame_base tgme_webpreview\"><main class=\"tgme_main\" "
     "data-url=\"/mdlk_test_pd\"><div class=\"tgme_container\"><section "
     "class=\"tgme_channel_history js-message_history\">\n",
     "",
     "</section></div></main></body></html>",
     {TME("1", T1), TME("2", T2), TME("3", T3), TME("4", T4), TME("5", T5)},
     TME("2", T2E),
     true,
     false},
    {"telegram-bot",
     "updates.jsonl",
     "",
     "",
     "",
     {BOT("1", "message", "1", T1, ""),
      BOT("2", "message", "2", T2, ""),
      BOT("3", "message", "3", T3, ""),
      BOT("4", "message", "4", T4, ""),
      BOT("6", "message", "6", T5, "")},
     BOT("2", "message", "2", T2, "")
         BOT("5", "edited_message", "2", T2E, "\"edit_date\":1709600500,"),
     false,
     false},
    {"qq-txt",
     "测试交流群.txt",
     "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
     "================================================================\n"
     "消息分组:我的群聊\n"
     "================================================================\n"
     "消息对象:测试交流群\n"
     "================================================================\n\n",
     "",
     "",
     {QQ("1", T1), QQ("2", T2), QQ("3", T3), QQ("4", T4), QQ("5", T5)},
     NULL,
     true,
     true},
    {"qq-mht",
     "群.mht",
     "From: <Save by Tencent MsgMgr>\nSubject: Tencent IM Message\n"
     "MIME-Version: 1.0\nContent-Type:multipart/related;\n\tcharset=\"utf-8\"\n"
     "\ttype=\"text/html\";\n\tboundary=\"----=_NextPart_A\"\n\n"
     "------=_NextPart_A\nContent-Type: text/html\n"
     "Content-Transfer-Encoding:7bit\n\n<html "
     "xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta "
     "http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\" />"
     "<title>QQ Message</title></head><body><table width=100% "
     "cellspacing=0><tr><td><div style=padding-left:10px;>消息记录</div>"
     "</td></tr><tr><td><div style=padding-left:10px;>消息分组:我的QQ群</div>"
     "</td></tr><tr><td><div "
     "style=padding-left:10px;>消息对象:测试交流群</div></td></tr>\n<tr><td "
     "style=border-bottom-width:1px;font-weight:bold;>日期: "
     "2012/4/11</td></tr>\n",
     "",
     "</table></body></html>\n\n------=_NextPart_A--\n",
     {MHT("1", T1), MHT("2", T2), MHT("3", T3), MHT("4", T4), MHT("5", T5)},
     NULL,
     true,
     true},
    {"qq-nt",
     "qce.json",
     "{\"metadata\":{\"name\":\"QQChatExporter V5\",\"version\":\"5.0.0\"},"
     "\"chatInfo\":{\"name\":\"交流群\",\"type\":\"group\",\"avatar\":\"\"},"
     "\"statistics\":{\"totalMessages\":4},\"messages\":[\n",
     ",\n",
     "]}\n",
     {NT("1", T1), NT("2", T2), NT("3", T3), NT("4", T4), NT("5", T5)},
     NT("2", T2E),
     true,
     false},
    {"wechat-csv",
     "messages.csv",
     "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,"
     "StrTime,Remark,NickName,Sender\n",
     "",
     "",
     {CSV("1", T1), CSV("2", T2), CSV("3", T3), CSV("4", T4), CSV("5", T5)},
     CSV("2", T2E),
     true,
     false},
    {"wechat-json",
     "weflow.json",
     "{\"weflow\":{\"version\":\"1.0\",\"exportedAt\":1709600000},\"session\":{"
     "\"wxid\":\"12345678901@chatroom\",\"nickname\":\"数据交流群\","
     "\"remark\":\"\",\"displayName\":\"数据交流群\",\"type\":\"群聊\"},"
     "\"messages\":[",
     ",",
     "]}",
     {FLOW("1", T1),
      FLOW("2", T2),
      FLOW("3", T3),
      FLOW("4", T4),
      FLOW("5", T5)},
     FLOW("2", T2E),
     true,
     false},
    {"discord",
     "shop.json",
     "{\"guild\":{\"id\":\"990000000000000001\",\"name\":\"测试 market\","
     "\"iconUrl\":\"https://cdn.example/icon.png\"},\"channel\":{\"id\":"
     "\"990000000000000011\",\"type\":\"GuildTextChat\",\"categoryId\":"
     "\"990000000000000010\",\"category\":\"Trade\",\"name\":\"交易区\","
     "\"topic\":null},\"dateRange\":{\"after\":null,\"before\":null},"
     "\"exportedAt\":\"2026-11-22T10:00:00+08:00\",\"messages\":[",
     ",",
     "],\"messageCount\":4}",
     {DISCORD("1", "null", T1),
      DISCORD("2", "null", T2),
      DISCORD("3", "null", T3),
      DISCORD("4", "null", T4),
      DISCORD("5", "null", T5)},
     DISCORD("2", "\"2026-11-20T09:00:00+08:00\"", T2E),
     true,
     false},
    {"zip",
     "export.zip",
     "[",
     ",",
     "]",
     {SLACK("1", "", T1),
      SLACK("2", "", T2),
      SLACK("3", "", T3),
      SLACK("4", "", T4),
      SLACK("5", "", T5)},
     SLACK("2",
           "\"edited\":{\"user\":\"U00000001\",\"ts\":\"1795305700.000000\"},",
           T2E),
     true,
     false},
    {"tar",
     "export.tar",
     "[",
     ",",
     "]",
     {SLACK("1", "", T1),
      SLACK("2", "", T2),
      SLACK("3", "", T3),
      SLACK("4", "", T4),
      SLACK("5", "", T5)},
     SLACK("2",
           "\"edited\":{\"user\":\"U00000001\",\"ts\":\"1795305700.000000\"},",
           T2E),
     true,
     false},
    {"discord-html",
     "shop.html",
     "<!DOCTYPE html><html lang=en><head><title>测试 market - "
     "交易区</title><meta charset=utf-8></head><body><div "
     "class=preamble><div class=preamble__entries-container><div "
     "class=preamble__entry>测试 market</div><div class=preamble__entry>Trade "
     "/ 交易区</div></div></div><div class=chatlog>",
     "",
     "</div></body></html>",
     {DHTML("1", T1, ""),
      DHTML("2", T2, ""),
      DHTML("3", T3, ""),
      DHTML("4", T4, ""),
      DHTML("5", T5, "")},
     DHTML("2", T2E,
           " <span class=chatlog__edited-timestamp title=\"Friday, 20 November "
           "2026 09:02\">(edited)</span>"),
     true,
     false},
    {"discord-csv",
     "测试 market - 交易区 [990000000000000011].csv",
     "AuthorID,Author,Date,Content,Attachments,Reactions\n",
     "",
     "",
     {DCSV("1", T1),
      DCSV("2", T2),
      DCSV("3", T3),
      DCSV("4", T4),
      DCSV("5", T5)},
     DCSV("2", T2E),
     true,
     true},
    {"whatsapp",
     "WhatsApp Chat - 交易群.txt",
     "",
     "",
     "",
     {WHATSAPP("1", T1),
      WHATSAPP("2", T2),
      WHATSAPP("3", T3),
      WHATSAPP("4", T4),
      WHATSAPP("5", T5)},
     WHATSAPP("2", T2E " ‎<消息已编辑>"),
     true,
     true},
    {"matrix",
     "messages.json",
     "{\"start\":\"t1-1_1\",\"chunk\":[\n",
     ",\n",
     "],\"end\":\"t1-2_2\"}",
     {MATRIX("1", "\"body\":\"" T1 "\""),
      MATRIX("2", "\"body\":\"" T2 "\""),
      MATRIX("3", "\"body\":\"" T3 "\""),
      MATRIX("4", "\"body\":\"" T4 "\""),
      MATRIX("5", "\"body\":\"" T5 "\"")},
     MATRIX("2", "\"body\":\"" T2 "\"") ",\n" MATRIX(
         "6", "\"body\":\"* " T2E
              "\",\"m.new_content\":{\"msgtype\":\"m.text\",\"body\":\"" T2E
              "\"},\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":"
              "\"$e02:example.org\"}"),
     false,
     false},
    {"xmpp",
     "xmpp.log",
     "",
     "",
     "",
     {XMPP("1", "", T1),
      XMPP("2", "", T2),
      XMPP("3", "", T3),
      XMPP("4", "", T4),
      XMPP("5", "", T5)},
     XMPP("2", "", T2) XMPP(
         "6", "<replace id=\"m2\" xmlns=\"urn:xmpp:message-correct:0\"/>", T2E),
     false,
     false},
    {"irc",
     "heichan.log",
     "--- Log opened Sun Nov 22 00:52:29 2026\n",
     "",
     "--- Log closed Sun Nov 22 00:53:43 2026\n",
     {IRC("1", T1), IRC("2", T2), IRC("3", T3), IRC("4", T4), IRC("5", T5)},
     NULL,
     false,
     true},
    {"irc-wire",
     "heard.irc",
     "2026-11-22T00:50:00.000000Z = irc 1 irc.example:6697\n"
     "2026-11-22T00:50:00.100000Z = nick reader\n"
     "2026-11-22T00:50:00.200000Z = in #heichan 2026-11-22T00:50:00Z\n",
     "",
     "2026-11-22T00:59:00.000000Z < PING :irc.example\n",
     {WIRE("1", T1),
      WIRE("2", T2),
      WIRE("3", T3),
      WIRE("4", T4),
      WIRE("5", T5)},
     NULL,
     false,
     true},
};

#endif
