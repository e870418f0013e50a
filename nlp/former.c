#include "nlp/former.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Beside a name, each of these makes "old" mean an old account. */
static const char *const changes[] = {
    "换号",       "換號",        "改名",         "更名",       "换名",
    "新号",       "新號",        "老号",         "老號",       "旧号",
    "舊號",       "原号",        "被封",         "封号",       "封號",
    "停用",       "new account", "old account",  "new nick",   "old nick",
    "new acc",    "old acc",     "got banned",   "was banned", "renamed",
    "formerly",   "бывший",      "новый акк",    "старый акк", "новый ник",
    "старый ник", "забанили",    "заблокировали"};

/* A name stands behind these. */
static const struct {
    const char *cue;
    bool word; /* between words of a language that parts them */
} before[] = {{"曾用名", false},
              {"原名", false},
              {"原ID", false},
              {"原昵称", false},
              {"老号", false},
              {"老號", false},
              {"旧号", false},
              {"舊號", false},
              {"原", false},
              {"formerly known as", true},
              {"formerly", true},
              {"new account of", true},
              {"new acc of", true},
              {"old account", true},
              {"old acc", true},
              {"old nick", true},
              {"бывший", true},
              {"новый аккаунт", true},
              {"старый аккаунт", true},
              {"старый ник", true}};

/* A name stands before these, from the last sign on. */
static const char *const behind[] = {"的新号", "的新號", "新号", "新號"};

/* Where a name ends, though no sign parts it. */
static const char *const ends[] = {"被封",
                                   "停用",
                                   "已封",
                                   "已停",
                                   "封了",
                                   "不用了",
                                   "作废",
                                   "换号",
                                   "改名",
                                   "更名",
                                   "的号",
                                   "的新",
                                   "新号",
                                   "was banned",
                                   "got banned"};

/* Behind 原 and 老号: no name, but what is old about goods or contacts. */
static const char *const no_name[] = {
    "价",   "價",   "装", "裝",   "版",   "厂",   "廠", "创",   "图",
    "味",   "来",   "來", "因",   "先",   "有",   "始", "地",   "封",
    "理",   "文",   "料", "件",   "单",   "路",   "则", "本",   "qq",
    "QQ",   "Q",    "扣", "微信", "vx",   "VX",   "wx", "V",    "电报",
    "飞机", "tg",   "TG", "号",   "號",   "群",   "已", "被",   "停",
    "换",   "全",   "都", "不",   "联系", "電報", "纸", "Tele", "手机",
    "电话", "认",   "加", "请",   "找",   "我",   "最", "收",   "出",
    "卖",   "買",   "买", "批",   "便宜", "低价", "在", "和",   "也",
    "是",   "known"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool has_any(struct mud_str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct mud_str word = mud_str_z(words[i]);

        if (((unsigned char)word.s[0] < 0x80
                 ? mud_str_ifind(text, word)
                 : mud_str_find(text, word)) != MUD_NPOS)
            return true;
    }
    return false;
}

/* What parts a name from its neighbours. */
static bool parts(uint32_t c)
{
    static const uint32_t signs[] = {0x3000,
                                     0x3001,
                                     0x3002,
                                     0xff0c,
                                     0xff1b,
                                     0xff01,
                                     0xff1f,
                                     0xff1a,
                                     0xff08,
                                     0xff09,
                                     0x3010,
                                     0x3011,
                                     0x300c,
                                     0x300d,
                                     0x201c,
                                     0x201d,
                                     0xff5c};

    if (c <= 0x20)
        return true;
    if (c < 0x80)
        return strchr(",;!?()[]<>\"'|/:=", (int)c) != NULL;
    for (size_t i = 0; i < COUNT(signs); i++)
        if (signs[i] == c)
            return true;
    return false;
}

/* Past blanks, colons and @ that stand between a cue and its name. */
static size_t name_start(struct mud_str text, size_t at)
{
    while (at < text.n) {
        size_t next = at;
        uint32_t c = mud_utf8_next(text, &next);

        if (c != ' ' && c != ':' && c != 0xff1a && c != '@' && c != '"' &&
            c != 0x201c && c != 0x300c)
            break;
        at = next;
    }
    return at;
}

static size_t name_end(struct mud_str text, size_t at)
{
    struct mud_str rest;
    size_t end = at, first;

    while (end < text.n) {
        size_t next = end;

        if (parts(mud_utf8_next(text, &next)))
            break;
        end = next;
    }
    rest = mud_str_sub(text, at, end);
    first = rest.n;
    for (size_t i = 0; i < COUNT(ends); i++) {
        size_t cut = mud_str_find(rest, mud_str_z(ends[i]));

        if (cut < first)
            first = cut;
    }
    return at + first;
}

struct found {
    struct mud_span *out;
    size_t n;
};

static void add(struct found *found, struct mud_str text, size_t start,
                size_t end)
{
    struct mud_str name = mud_str_sub(text, start, end);

    if (end <= start || name.n > MUD_FORMER_NAME || mud_utf8_count(name) < 2 ||
        found->n == MUD_FORMER_MAX)
        return;
    for (size_t i = 0; i < COUNT(no_name); i++)
        if (mud_str_starts(name, mud_str_z(no_name[i])))
            return;
    for (size_t i = 0; i < found->n; i++)
        if (start < found->out[i].end && found->out[i].start < end)
            return;
    found->out[found->n++] = (struct mud_span){(uint32_t)start, (uint32_t)end};
}

static bool behind_part(struct mud_str text, size_t at)
{
    if (!at)
        return true;
    do
        at--;
    while (at && ((unsigned char)text.s[at] & 0xc0) == 0x80);
    return parts(mud_utf8_next(text, &at));
}

/* 原 may stand inside a word (平原); behind a sign or 本人 it does not. */
static bool own_cue(struct mud_str text, size_t at, bool word)
{
    static const char *const selves[] = {"本人", "我", "是", "known"};
    struct mud_str head = mud_str_sub(text, 0, at);

    for (size_t i = 0; !word && i < COUNT(selves); i++)
        if (mud_str_ends(head, mud_str_z(selves[i])))
            return true;
    return behind_part(text, at);
}

static void names_behind_cues(struct found *found, struct mud_str text)
{
    for (size_t i = 0; i < COUNT(before); i++) {
        struct mud_str cue = mud_str_z(before[i].cue);
        size_t at = 0;

        while (found->n < MUD_FORMER_MAX) {
            size_t hit = mud_str_ifind(mud_str_sub(text, at, text.n), cue);

            if (hit == MUD_NPOS)
                break;
            at += hit + cue.n;
            if (!own_cue(text, at - cue.n, before[i].word))
                continue;
            size_t start = name_start(text, at);
            add(found, text, start, name_end(text, start));
        }
    }
}

static void names_before_cues(struct found *found, struct mud_str text)
{
    for (size_t i = 0; i < COUNT(behind); i++) {
        struct mud_str cue = mud_str_z(behind[i]);
        size_t at = 0;

        while (found->n < MUD_FORMER_MAX) {
            size_t hit = mud_str_find(mud_str_sub(text, at, text.n), cue);
            size_t end = at + hit, start = 0;

            if (hit == MUD_NPOS)
                break;
            at = end + cue.n;
            for (size_t next = 0; next < end;)
                if (parts(mud_utf8_next(text, &next)))
                    start = next;
            add(found, text, start, end);
        }
    }
}

static int by_place(const void *x, const void *y)
{
    const struct mud_span *a = x, *b = y;

    return a->start < b->start ? -1 : a->start > b->start;
}

size_t mud_former_names(struct mud_span out[MUD_FORMER_MAX],
                        struct mud_str text)
{
    struct found found = {.out = out};

    text = mud_str_sub(text, 0, mud_utf8_cut(text, MUD_FORMER_TEXT));
    if (!has_any(text, changes, COUNT(changes)))
        return 0;
    names_behind_cues(&found, text);
    names_before_cues(&found, text);
    if (found.n)
        qsort(out, found.n, sizeof(*out), by_place);
    return found.n;
}
