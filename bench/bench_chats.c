/*
 * Exports of any size on one core: MB/s of CPU time and the largest resident
 * size. The export is a stream that is made while it is read: a head, a block
 * of messages of some megabytes again and again, a tail; copying it costs what
 * reading it from the page cache would. One format a process, so that each has
 * a peak of its own.
 *
 *     bench_chats FORMAT [--megabytes=2048]
 *
 * FORMAT: telegram, account (100 chats in one file), wechat, qq, whatsapp,
 * discord.
 */
#include "base/time.h"
#include "bench/measure.h"
#include "parse/chat.h"

#include <stdio.h>
#include <stdlib.h>

#define BLOCK ((size_t)8 << 20)

struct form {
    const char *name, *format, *head, *between, *tail;
    void (*one)(struct mud_buf *out, uint32_t n);
    size_t blocks_a_chat; /* then `between`; 0: never */
};

static const char *const words[] = {
    "出售国内肉鸡5000台，3毛一台，联系ＱＱ：⑨⑧①②⓪⓪⑤⑤⑥⑥",
    "收四件套，价格私聊 @fake_buyer_demo",
    "在吗",
    "DDoS 100G 包月 300u, escrow ok, see https://shop.example/list",
    "продам доступы, гарант, цена 0.5 за штуку",
    "今天有货，先到先得，量大优惠，老客户八折",
};

static const char *text_of(uint32_t n)
{
    return words[n % (sizeof(words) / sizeof(words[0]))];
}

static void telegram(struct mud_buf *out, uint32_t n)
{
    mud_buf_printf(
        out,
        "  {\n   \"id\": %u,\n   \"type\": \"message\",\n   \"date\": "
        "\"2026-10-01T12:00:00\",\n   \"date_unixtime\": \"%u\",\n   "
        "\"from\": \"卖家%u\",\n   \"from_id\": \"user99000%05u\",\n   "
        "\"text\": [\n    \"%s \",\n    {\n     \"type\": \"link\",\n     "
        "\"text\": \"https://shop.example/%u\"\n    }\n   ],\n   "
        "\"text_entities\": [\n    {\n     \"type\": \"plain\",\n     "
        "\"text\": \"%s \"\n    },\n    {\n     \"type\": \"link\",\n     "
        "\"text\": \"https://shop.example/%u\"\n    }\n   ]\n  },\n",
        n,
        1790856000U + n,
        n % 300,
        n % 300,
        text_of(n),
        n,
        text_of(n),
        n);
}

static void wechat(struct mud_buf *out, uint32_t n)
{
    mud_buf_printf(out,
                   "    {\n      \"localId\": %u,\n      \"createTime\": %u,\n"
                   "      \"formattedTime\": \"2026-10-01 20:00:00\",\n      "
                   "\"type\": \"文本消息\",\n      \"localType\": 1,\n      "
                   "\"content\": \"%s\",\n      \"isSend\": 0,\n      "
                   "\"senderUsername\": \"wxid_fake%05u\",\n      "
                   "\"senderDisplayName\": \"卖家%u\",\n      \"source\": "
                   "\"\"\n    },\n",
                   n,
                   1790856000U + n,
                   text_of(n),
                   n % 300,
                   n % 300);
}

static void qq(struct mud_buf *out, uint32_t n)
{
    mud_buf_printf(out,
                   "2026-10-01 %02u:%02u:%02u 【管理员】卖家%u(91000%05u)\n"
                   "%s\n\n",
                   n / 3600 % 24,
                   n / 60 % 60,
                   n % 60,
                   n % 300,
                   n % 300,
                   text_of(n));
}

static void whatsapp(struct mud_buf *out, uint32_t n)
{
    mud_buf_printf(out,
                   "[2026/10/1 %02u:%02u:%02u] 卖家%u: %s\n",
                   n / 3600 % 24,
                   n / 60 % 60,
                   n % 60,
                   n % 300,
                   text_of(n));
}

static void discord(struct mud_buf *out, uint32_t n)
{
    mud_buf_printf(
        out,
        "    {\n      \"id\": \"13000000000%08u\",\n      \"type\": "
        "\"Default\",\n      \"timestamp\": \"2026-10-01T12:00:00+08:00\",\n"
        "      \"timestampEdited\": null,\n      \"isPinned\": false,\n      "
        "\"content\": \"%s\",\n      \"author\": {\n        \"id\": "
        "\"98000000000%05u\",\n        \"name\": \"seller%u\",\n        "
        "\"discriminator\": \"0000\",\n        \"nickname\": \"卖家\",\n        "
        "\"color\": null,\n        \"isBot\": false,\n        \"roles\": [],\n"
        "        \"avatarUrl\": \"https://cdn.example/a.png\"\n      },\n"
        "      \"attachments\": [],\n      \"embeds\": [],\n      "
        "\"stickers\": [],\n      \"reactions\": [],\n      \"mentions\": "
        "[]\n    },\n",
        n,
        text_of(n),
        n % 300,
        n % 300);
}

#define CHAT                                                          \
    "{\n \"name\": \"市场\",\n \"type\": \"private_supergroup\",\n" \
    " \"id\": 9900000001,\n \"messages\": [\n"
#define LAST "  {\"id\": 1, \"type\": \"unsupported\"}\n ]\n}"

static const struct form forms[] = {
    {"telegram", "telegram", CHAT, "", LAST "\n", telegram, 0},
    {"account",
     "telegram",
     "{\n\"chats\": {\n \"about\": \"\",\n \"list\": [\n" CHAT,
     LAST ",\n" CHAT,
     LAST "]}}\n",
     telegram,
     3},
    {"wechat",
     "wechat-json",
     "{\n  \"weflow\": {},\n  \"session\": {\"wxid\": \"1@chatroom\"},\n"
     "  \"messages\": [\n",
     "",
     "    {\"localId\": 1}\n  ]\n}\n",
     wechat,
     0},
    {"qq",
     "qq-txt",
     "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
     "================================================================\n"
     "消息分组:我的群聊\n"
     "================================================================\n"
     "消息对象:市场\n"
     "================================================================\n\n",
     "",
     "",
     qq,
     0},
    {"whatsapp",
     "whatsapp",
     "[2026/10/1 00:00:00] A: a\n[2026/10/1 00:00:01] B: b\n",
     "",
     "",
     whatsapp,
     0},
    {"discord",
     "discord",
     "{\n  \"guild\": {\"id\": \"1\", \"name\": \"g\"},\n  \"channel\": "
     "{\"id\": \"2\", \"name\": \"c\"},\n  \"messages\": [\n",
     "",
     "    {\"id\": \"1\"}\n  ]\n}\n",
     discord,
     0},
};

struct stream {
    const struct form *form;
    struct mud_buf block;
    struct mud_str left;   /* of the part that is given now */
    uint64_t blocks, sent; /* in all, and so far */
    uint64_t bytes;
    bool between, tail;
    uint64_t posts, notes, text;
};

static void next_part(struct stream *s)
{
    size_t each = s->form->blocks_a_chat;
    if (!s->between && each && s->sent && s->sent % each == 0 &&
        s->sent < s->blocks) {
        s->between = true;
        s->left = mud_str_z(s->form->between);
    } else if (s->sent < s->blocks) {
        s->between = false;
        s->sent++;
        s->left = mud_buf_view(&s->block);
    } else if (!s->tail) {
        s->tail = true;
        s->left = mud_str_z(s->form->tail);
    }
}

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct stream *s = payload;
    (void)err;
    while (!s->left.n && !s->tail)
        next_part(s);
    *n = s->left.n < size ? s->left.n : size;
    if (*n)
        memcpy(out, s->left.s, *n);
    s->left = mud_str_sub(s->left, *n, s->left.n);
    s->bytes += *n;
    return true;
}

static bool on_post(const struct mud_post *post, void *payload,
                    struct mud_error *err)
{
    struct stream *s = payload;
    (void)err;
    s->posts++;
    s->text += post->body.n;
    return true;
}

static bool on_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    struct stream *s = payload;
    (void)note;
    (void)err;
    s->notes++;
    return true;
}

static void measure(const struct form *form, int64_t megabytes)
{
    struct stream s = {.form = form, .block = {.max = BLOCK + 4096}};
    const struct mud_chat_in in = {.bytes = {take, &s},
                                   .name = MUD_STR("_chat.txt")};
    const struct mud_chat_sink sink = {on_post, on_note, &s, NULL};
    const struct mud_chat_format *format =
        mud_chat_find(mud_str_z(form->format));
    struct mud_error err = {0};
    for (uint32_t n = 0; s.block.n < BLOCK; n++)
        form->one(&s.block, n);
    s.left = mud_str_z(form->head);
    s.blocks = (uint64_t)megabytes * 1000000 / s.block.n;
    int64_t before = mud_cpu_process(), begun = mud_monotonic();
    if (!format || !format->read(&in, &sink, &err))
        mud_bench_die(form->name, &err);
    int64_t cpu = mud_cpu_process() - before;
    int64_t wall = mud_monotonic() - begun;
    printf("%-10s %7.0f MB %9llu messages %4llu notes  %7.1f MB/s CPU "
           "%7.1f MB/s wall  peak %lld MiB (the block: %zu)\n",
           form->name,
           (double)s.bytes / 1e6,
           (unsigned long long)s.posts,
           (unsigned long long)s.notes,
           (double)s.bytes / (double)cpu,
           (double)s.bytes / (double)wall,
           (long long)(mud_peak_kib() / 1024),
           s.block.cap >> 20);
    mud_buf_free(&s.block);
}

int main(int argc, char **argv)
{
    int64_t megabytes = mud_option_int(argc, argv, "megabytes", 2048);
    for (size_t i = 0; argc > 1 && i < sizeof(forms) / sizeof(forms[0]); i++)
        if (strcmp(forms[i].name, argv[1]) == 0 && megabytes > 0) {
            measure(&forms[i], megabytes);
            return 0;
        }
    (void)fprintf(stderr,
                  "usage: bench_chats "
                  "telegram|account|wechat|qq|whatsapp|discord "
                  "[--megabytes=2048]\n");
    return 2;
}
