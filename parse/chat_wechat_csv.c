/*
 * CSV files of WeChat messages that somebody hands over, columns in any order:
 *
 * The message table (WeChatMsg and others): localId,TalkerId,Type,SubType,
 * IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender and, where
 * there, StrTalker and MsgSvrID. CreateTime is in seconds. Remark and NickName
 * are the chat's where all chats are in the file, and the sender's where it is
 * one group: then they change with the sender, which the first rows tell.
 *
 * PyWxDump: id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime.
 *
 * chatlog: Time,SenderName,Sender,TalkerName,Talker,Content, without ids.
 *
 * Structure from the sources of these programs (exporter_csv.py, package_msg.py,
 * exportCSV.py, route.go); samples are made up (samples/parse/wechat).
 */
#include "parse/chat_wechat.h"

#include "parse/chat_map.h"
#include "parse/csv_rows.h"
#include "parse/wechat_message.h"

struct reader {
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one row */
    struct mud_zone *zone;
    struct mud_chat_ids ids;
    struct mud_str file;     /* its name without the exporter's ending */
    bool names_of_senders;   /* Remark and NickName */
    bool looking;            /* at the first rows */
    struct mud_chat_map map; /* of those */
};

static const char *const table[] = {"localId", "StrContent", NULL};
static const char *const dump[] = {"MsgSvrID", "room_name", "msg", NULL};
static const char *const log_file[] =
    {"Time", "SenderName", "Sender", "Talker", "Content", NULL};

static struct mud_str chat_of(const struct mud_csv_row *row)
{
    struct mud_str chat = mud_csv_get(row, "StrTalker");
    return chat.n ? chat : mud_csv_get(row, "TalkerId");
}

/* One chat under two names, each with a sender of its own: the senders'. */
static void look(struct reader *r, const struct mud_csv_row *row)
{
    struct mud_str chat = chat_of(row), none = {0};
    struct mud_str name = mud_csv_get(row, "NickName");
    struct mud_str sender = mud_csv_get(row, "Sender");
    if (!name.n || !sender.n)
        return;
    struct mud_str before = mud_chat_map_get(&r->map, "chat", chat, none);
    if (before.n && !mud_str_eq(before, name))
        r->names_of_senders = true;
    mud_chat_map_put(&r->map, "chat", chat, none, name);
}

static void from_table(struct reader *r, struct mud_wechat *m,
                       const struct mud_csv_row *row)
{
    struct mud_post *post = &m->post;
    struct mud_str remark = mud_csv_get(row, "Remark");
    struct mud_str nick = mud_csv_get(row, "NickName");
    struct mud_str name = remark.n && r->names_of_senders ? remark : nick;
    int64_t seconds;
    post->post = mud_csv_get(row, "MsgSvrID");
    if (!post->post.n || mud_str_eqz(post->post, "0"))
        post->post = mud_csv_get(row, "localId");
    post->author_id = mud_csv_get(row, "Sender");
    post->body = mud_csv_get(row, "StrContent");
    post->site = mud_csv_get(row, "StrTalker");
    if (r->names_of_senders) {
        post->author = name;
        post->thread_title = r->file;
    } else {
        post->thread_title = nick.n ? nick : remark;
    }
    if (!post->site.n)
        post->site = post->thread_title.n ? post->thread_title
                                          : mud_csv_get(row, "TalkerId");
    if (mud_str_eqz(mud_csv_get(row, "IsSender"), "1"))
        post->author_role = MUD_STR("exporter");
    if (mud_str_i64(mud_csv_get(row, "CreateTime"), &seconds) && seconds > 0 &&
        seconds < INT64_C(100000000000))
        post->posted = seconds * MUD_SECOND;
    m->kind = mud_wechat_kind_of(mud_csv_get(row, "Type"));
}

/* Times of the two that follow are wall times. */
static bool need_zone(struct reader *r, struct mud_error *err)
{
    return r->zone || mud_chat_zone(&r->zone, r->in, r->sink, err);
}

static void from_dump(struct reader *r, struct mud_wechat *m,
                      const struct mud_csv_row *row)
{
    struct mud_post *post = &m->post;
    post->site = mud_csv_get(row, "room_name");
    post->post = mud_csv_get(row, "MsgSvrID");
    if (!post->post.n || mud_str_eqz(post->post, "0"))
        post->post = mud_csv_get(row, "id");
    post->author_id = mud_csv_get(row, "talker");
    post->body = mud_csv_get(row, "msg");
    post->posted = mud_chat_wall_time(r->zone, mud_csv_get(row, "CreateTime"));
    mud_wechat_pywxdump(m,
                        mud_csv_get(row, "type_name"),
                        mud_csv_get(row, "src"),
                        mud_str_eqz(mud_csv_get(row, "is_sender"), "1"),
                        r->arena);
}

static void from_log(struct reader *r, struct mud_wechat *m,
                     const struct mud_csv_row *row)
{
    struct mud_post *post = &m->post;
    post->site = mud_csv_get(row, "Talker");
    post->thread_title = mud_csv_get(row, "TalkerName");
    post->author_id = mud_csv_get(row, "Sender");
    post->author = mud_csv_get(row, "SenderName");
    post->body = mud_csv_get(row, "Content");
    post->posted = mud_chat_wall_time(r->zone, mud_csv_get(row, "Time"));
    if (mud_str_eqz(post->author_id, "系统消息"))
        m->kind = MUD_WECHAT_SYSTEM;
    else if (mud_str_starts(post->body, MUD_STR("![图片](")))
        m->kind = MUD_WECHAT_PICTURE;
    else if (mud_str_starts(post->body, MUD_STR("![视频](")))
        m->kind = MUD_WECHAT_VIDEO;
    else if (mud_str_starts(post->body, MUD_STR("[语音]")))
        m->kind = MUD_WECHAT_VOICE;
    else if (mud_str_starts(post->body, MUD_STR("![动画表情](")))
        m->kind = MUD_WECHAT_STICKER;
    if (m->kind > MUD_WECHAT_WORDS && m->kind < MUD_WECHAT_FILE)
        post->body = (struct mud_str){0};
}

static bool on_row(const struct mud_csv_row *row, void *payload,
                   struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_wechat m = {.post = {.where = row->at}};
    if (r->looking) {
        look(r, row);
        return true;
    }
    bool wall = mud_csv_get(row, "room_name").n || mud_csv_get(row, "Talker").n;
    if (wall && !need_zone(r, err))
        return false;
    if (mud_csv_get(row, "room_name").n)
        from_dump(r, &m, row);
    else if (mud_csv_get(row, "Talker").n)
        from_log(r, &m, row);
    else
        from_table(r, &m, row);
    if (!m.post.site.n || (!m.post.post.n && !mud_csv_get(row, "Talker").n))
        return mud_chat_no_id(r->sink, row->at.start, err);
    mud_wechat_finish(&m, r->arena);
    if (!m.post.post.n)
        m.post.post = mud_chat_ids_next(&r->ids, &m.post, r->arena);
    return r->sink->post(&m.post, r->sink->payload, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_csv_names(head, table) || mud_csv_names(head, dump) ||
           mud_csv_names(head, log_file);
}

/* "NAME_utf8.csv", "NAME.csv" */
static struct mud_str name_of(struct mud_str file)
{
    static const char *const ends[] = {".csv", "_utf8"};
    for (size_t i = 0; i < 2; i++)
        if (mud_str_ends(file, mud_str_z(ends[i])))
            file = mud_str_sub(file, 0, file.n - strlen(ends[i]));
    return file;
}

static bool quiet(const struct mud_note *note, void *payload,
                  struct mud_error *err)
{
    (void)note;
    (void)payload;
    (void)err;
    return true;
}

static bool part(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct mud_str *left = payload;
    (void)err;
    *n = left->n < size ? left->n : size;
    if (*n)
        memcpy(out, left->s, *n);
    *left = mud_str_sub(*left, *n, left->n);
    return true;
}

/* The first rows, for what they tell of the rest. */
static bool look_ahead(struct reader *r, struct mud_str head,
                       struct mud_error *err)
{
    const struct mud_chat_sink silent = {NULL, quiet, NULL, NULL};
    struct mud_chat_in in = *r->in;
    const struct mud_csv csv = {&silent, r->arena, on_row, r};
    in.bytes = (struct mud_bytes_in){part, &head};
    r->looking = true;
    bool ok = mud_csv_read(&csv, &in, err);
    r->looking = false;
    return ok;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.in = in, .sink = sink, .file = name_of(in->name)};
    struct mud_chat_head head = {0};
    struct mud_chat_in again = *in;
    r.arena = mud_arena_new();
    const struct mud_csv csv = {sink, r.arena, on_row, &r};
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_head_read(&head, &in->bytes, err);
    if (ok) {
        struct mud_str text = mud_str_of(head.text, head.n);
        again.bytes = mud_chat_head_again(&head);
        ok = look_ahead(&r, text, err) && mud_csv_read(&csv, &again, err);
    }
    mud_chat_head_free(&head);
    mud_chat_ids_free(&r.ids);
    mud_chat_map_free(&r.map);
    mud_zone_free(r.zone);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_wechat_csv = {"wechat-csv", is, read};
