/*
 * Numbers of the message table (Type): 1 words, 3 a picture, 34 voice, 42 a
 * name card, 43 video, 47 a sticker, 48 a place, 49 an <appmsg> (5 a link, 6 a
 * file, 19 a forwarded record, 33 and 36 small programs, 57 a reply, 2000 a
 * payment), 50 a call, 10000 and 10002 the network's own voice. From the
 * sources of chatlog (internal/model/message.go), PyWxDump (dbMSG.py) and
 * WeFlow, which read that table.
 */
#include "parse/wechat_message.h"

#include "parse/chat_notice.h"
#include "parse/entity.h"

enum mud_wechat_kind mud_wechat_kind_of(struct mud_str type)
{
    static const struct {
        const char *number, *word;
        enum mud_wechat_kind kind;
    } rows[] = {
        {"10000", "系统", MUD_WECHAT_SYSTEM},
        {"10002", "撤回", MUD_WECHAT_SYSTEM},
        {"3", "图片", MUD_WECHAT_PICTURE},
        {"34", "语音消息", MUD_WECHAT_VOICE},
        {"43", "视频消息", MUD_WECHAT_VIDEO},
        {"47", "表情", MUD_WECHAT_STICKER},
        {"42", "名片", MUD_WECHAT_CARD},
        {"48", "位置", MUD_WECHAT_PLACE},
        {"50", "通话", MUD_WECHAT_CALL},
        {"49", "引用", MUD_WECHAT_APP},
        {"", "文件", MUD_WECHAT_FILE},
        {"", "链接", MUD_WECHAT_APP},
        {"", "语音", MUD_WECHAT_VOICE},
        {"", "视频", MUD_WECHAT_VIDEO},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (type.n && (mud_str_eqz(type, rows[i].number) ||
                       mud_str_find(type, mud_str_z(rows[i].word)) != MUD_NPOS))
            return rows[i].kind;
    return MUD_WECHAT_WORDS;
}

/* ---- XML ---- */

static struct mud_str decoded(struct mud_str s, struct mud_arena *arena)
{
    struct mud_buf out = {.max = (size_t)1 << 20};
    mud_entities_decode(&out, s, false);
    s = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return s;
}

/* Between <tag> (or <tag a="b">) and </tag>, the first of them. */
static struct mud_str inside(struct mud_str xml, const char *tag,
                             struct mud_arena *arena)
{
    struct mud_str open = mud_str_printf(arena, "<%s", tag);
    struct mud_str close = mud_str_printf(arena, "</%s>", tag);
    for (size_t at; (at = mud_str_find(xml, open)) != MUD_NPOS;) {
        xml = mud_str_sub(xml, at + open.n, xml.n);
        size_t end = mud_str_chr(xml, '>');
        if (end == MUD_NPOS)
            break;
        if (end && xml.s[0] != ' ' && xml.s[0] != '\n')
            continue; /* a longer name */
        if (end && xml.s[end - 1] == '/')
            break;
        xml = mud_str_sub(xml, end + 1, xml.n);
        end = mud_str_find(xml, close);
        return end == MUD_NPOS ? (struct mud_str){0} : mud_str_sub(xml, 0, end);
    }
    return (struct mud_str){0};
}

/* The same as text. */
static struct mud_str text_of(struct mud_str xml, const char *tag,
                              struct mud_arena *arena)
{
    struct mud_str s = mud_str_trim(inside(xml, tag, arena));
    if (mud_str_starts(s, MUD_STR("<![CDATA[")) &&
        mud_str_ends(s, MUD_STR("]]>")))
        return mud_str_trim(mud_str_sub(s, 9, s.n - 3));
    return mud_str_trim(decoded(s, arena));
}

static struct mud_str attribute(struct mud_str xml, const char *name,
                                struct mud_arena *arena)
{
    struct mud_str mark = mud_str_printf(arena, " %s=\"", name);
    size_t at = mud_str_find(xml, mark), end;
    if (at == MUD_NPOS)
        return (struct mud_str){0};
    xml = mud_str_sub(xml, at + mark.n, xml.n);
    end = mud_str_chr(xml, '"');
    return decoded(mud_str_sub(xml, 0, end == MUD_NPOS ? 0 : end), arena);
}

static bool is_xml(struct mud_str s)
{
    static const char *const marks[] = {
        "<?xml", "<msg", "<sysmsg", "<revokemsg", "<voipmsg", "<_wc_custom"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (mud_str_starts(s, mud_str_z(marks[i])))
            return true;
    return false;
}

void mud_wechat_quote(struct mud_post *post, struct mud_str author,
                      struct mud_str id, struct mud_str text,
                      struct mud_arena *arena)
{
    if (mud_str_eqz(id, "0"))
        id = (struct mud_str){0};
    if (id.n)
        post->reply_to = id;
    if (!text.n)
        return;
    struct mud_quote *quote = mud_arena_array(arena, 1, sizeof(*quote));
    *quote = (struct mud_quote){author, id, text};
    post->quotes = quote;
    post->n_quotes = 1;
}

static struct mud_str lines(struct mud_str a, struct mud_str b,
                            struct mud_arena *arena)
{
    if (!a.n || !b.n || mud_str_eq(a, b))
        return a.n ? a : b;
    return mud_str_printf(arena, "%.*s\n%.*s", MUD_FMT(a), MUD_FMT(b));
}

static void reply(struct mud_wechat *m, struct mud_str refer,
                  struct mud_arena *arena)
{
    struct mud_str text = text_of(refer, "content", arena);
    if (is_xml(text))
        text = text_of(text, "title", arena);
    mud_wechat_quote(&m->post,
                     text_of(refer, "displayname", arena),
                     text_of(refer, "svrid", arena),
                     text,
                     arena);
}

static void app(struct mud_wechat *m, struct mud_str xml,
                struct mud_arena *arena)
{
    struct mud_str refer = inside(xml, "refermsg", arena);
    size_t before = mud_str_find(xml, MUD_STR("<refermsg"));
    struct mud_str own =
        mud_str_sub(xml, 0, before == MUD_NPOS ? xml.n : before);
    struct mud_str type = text_of(own, "type", arena);
    struct mud_str title = text_of(own, "title", arena);
    m->post.body = title;
    if (refer.n) {
        reply(m, refer, arena);
    } else if (mud_str_eqz(type, "6")) {
        m->kind = MUD_WECHAT_FILE;
        m->file = title;
        m->post.body = (struct mud_str){0};
    } else if (mud_str_eqz(type, "2000")) {
        struct mud_str sum = text_of(xml, "feedesc", arena);
        struct mud_str memo = text_of(xml, "pay_memo", arena);
        m->post.body = lines(lines(title, sum, arena), memo, arena);
    } else {
        m->post.body = lines(title, text_of(own, "des", arena), arena);
        m->post.forwarded = mud_str_eqz(type, "19");
        mud_chat_list_add(&m->links, text_of(own, "url", arena), arena);
    }
}

static void system_xml(struct mud_wechat *m, struct mud_str xml,
                       struct mud_arena *arena)
{
    struct mud_str said = text_of(xml, "replacemsg", arena);
    if (said.n) /* a recall says what it took away */
        m->post.reply_to = text_of(xml, "newmsgid", arena);
    if (!said.n)
        said = text_of(xml, "plain", arena);
    if (!said.n)
        said = text_of(xml, "content", arena);
    m->post.body = said;
}

/* What an XML body says is put where it belongs; the XML is nobody's words. */
static void from_xml(struct mud_wechat *m, struct mud_str xml,
                     struct mud_arena *arena)
{
    m->post.body = (struct mud_str){0};
    if (mud_str_find(xml, MUD_STR("<revokemsg")) != MUD_NPOS ||
        mud_str_find(xml, MUD_STR("<sysmsg")) != MUD_NPOS)
        m->kind = MUD_WECHAT_SYSTEM;
    else if (mud_str_find(xml, MUD_STR("<appmsg")) != MUD_NPOS)
        m->kind = MUD_WECHAT_APP;
    if (m->kind == MUD_WECHAT_SYSTEM) {
        system_xml(m, xml, arena);
    } else if (m->kind == MUD_WECHAT_APP) {
        app(m, xml, arena);
    } else if (m->kind == MUD_WECHAT_CARD) {
        struct mud_str id = attribute(xml, "alias", arena);
        if (!id.n)
            id = attribute(xml, "username", arena);
        m->file = mud_str_printf(arena,
                                 "contact: %.*s %.*s",
                                 MUD_FMT(attribute(xml, "nickname", arena)),
                                 MUD_FMT(id));
    } else if (m->kind == MUD_WECHAT_PLACE) {
        m->post.body = lines(attribute(xml, "poiname", arena),
                             attribute(xml, "label", arena),
                             arena);
    } else if (!m->file.n) {
        m->file = attribute(xml, "md5", arena);
    }
}

/* ---- all of them ---- */

/* "wxid_x:\nwords": rows of groups have their author there. */
static void author_before(struct mud_wechat *m)
{
    struct mud_str body = m->post.body;
    size_t end = mud_str_find(body, MUD_STR(":\n"));
    if (m->post.author_id.n || end == MUD_NPOS || end < 6 || end > 64 ||
        !mud_str_ends(m->post.site, MUD_STR("@chatroom")))
        return;
    for (size_t i = 0; i < end; i++)
        if (body.s[i] <= ' ' || (unsigned char)body.s[i] >= 0x80)
            return;
    m->post.author_id = mud_str_sub(body, 0, end);
    m->post.body = mud_str_sub(body, end + 2, body.n);
}

static void files(struct mud_wechat *m, struct mud_arena *arena)
{
    static const char *const names[] = {[MUD_WECHAT_PICTURE] = "picture",
                                        [MUD_WECHAT_VOICE] = "voice",
                                        [MUD_WECHAT_VIDEO] = "video",
                                        [MUD_WECHAT_STICKER] = "sticker",
                                        [MUD_WECHAT_FILE] = "file",
                                        [MUD_WECHAT_CARD] = "contact"};
    if (m->kind < MUD_WECHAT_PICTURE || m->kind > MUD_WECHAT_CARD)
        return;
    mud_chat_list_add(m->kind == MUD_WECHAT_PICTURE ? &m->images : &m->files,
                      m->file.n ? m->file : mud_str_z(names[m->kind]),
                      arena);
}

void mud_wechat_finish(struct mud_wechat *m, struct mud_arena *arena)
{
    struct mud_post *post = &m->post;
    post->engine = MUD_STR("wechat");
    post->thread = post->site;
    if (post->posted)
        post->posted_precision = MUD_TO_SECOND;
    author_before(m);
    if (is_xml(mud_str_trim(post->body)))
        from_xml(m, mud_str_trim(post->body), arena);
    if (!post->author.n)
        post->author = post->author_id;
    mud_chat_links(&m->links, post->body, arena);
    files(m, arena);
    mud_chat_lists(post, &m->links, &m->images, &m->files);
    if (m->kind == MUD_WECHAT_SYSTEM) {
        mud_chat_notice(post, arena);
    } else if (m->kind == MUD_WECHAT_CALL) {
        post->service = MUD_STR("call");
    }
    if (!post->body.n && !post->n_images && !post->n_attachments)
        post->state = MUD_POST_EMPTY;
}

/* ---- PyWxDump ---- */

/* "words\n\n[引用](2024-03-04 09:35:43)NAME:TEXT" */
static void dump_quote(struct mud_post *post, struct mud_arena *arena)
{
    struct mud_str body = post->body;
    size_t at = mud_str_find(body, MUD_STR("\n\n[引用]("));
    if (at == MUD_NPOS)
        return;
    struct mud_str rest = mud_str_sub(body, at, body.n), name;
    size_t close = mud_str_chr(rest, ')');
    if (close == MUD_NPOS)
        return;
    rest = mud_str_sub(rest, close + 1, rest.n);
    post->body = mud_str_sub(body, 0, at);
    if (mud_str_cut(&rest, ':', &name) && rest.s)
        mud_wechat_quote(post, name, (struct mud_str){0}, rest, arena);
}

void mud_wechat_pywxdump(struct mud_wechat *m, struct mud_str type,
                         struct mud_str src, bool sent, struct mud_arena *arena)
{
    const struct mud_str heard = MUD_STR("翻译结果：");
    struct mud_post *post = &m->post;
    m->kind = mud_wechat_kind_of(type);
    post->forwarded = mud_str_find(type, MUD_STR("合并转发")) != MUD_NPOS;
    if (mud_str_eqz(post->author_id, "系统"))
        m->kind = MUD_WECHAT_SYSTEM;
    post->author = post->author_id;
    if (sent || mud_str_eqz(post->author_id, "我")) {
        post->author_role = MUD_STR("exporter");
        if (mud_str_eqz(post->author_id, "我"))
            post->author_id = (struct mud_str){0};
    } else if (mud_str_eqz(post->author_id, "未知")) {
        post->author = post->author_id = (struct mud_str){0};
    }
    if (mud_str_istarts(src, MUD_STR("http")) && m->kind != MUD_WECHAT_STICKER)
        mud_chat_list_add(&m->links, src, arena);
    else
        m->file = src;
    if (m->kind == MUD_WECHAT_APP) {
        size_t link = mud_str_find(post->body, MUD_STR("<a href=\""));
        dump_quote(post, arena);
        if (link != MUD_NPOS && link < post->body.n)
            post->body = mud_str_trim(mud_str_sub(post->body, 0, link));
    } else if (m->kind >= MUD_WECHAT_PICTURE && m->kind <= MUD_WECHAT_FILE) {
        /* The exporter's own word for what is there is nobody's. */
        size_t at = mud_str_find(post->body, heard);
        if (m->kind == MUD_WECHAT_FILE && !m->file.n)
            m->file = post->body;
        post->body = at == MUD_NPOS
                         ? (struct mud_str){0}
                         : mud_str_sub(post->body, at + heard.n, post->body.n);
    }
}
