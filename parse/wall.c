#include "parse/wall.h"

#include "parse/post.h"

#define LOOK_MAX ((size_t)256 << 10) /* such pages are small */

enum where {
    HEAD,  /* a line of the response head, any case */
    TITLE, /* of the page */
    TEXT,  /* anywhere in it, as served */
    WORDS  /* the same, and on pages of a known board too: its own notices */
};

struct mark {
    enum mud_wall_kind kind;
    const char *by;
    int status; /* 0: any */
    enum where where;
    const char *text;
};

/*
 * The first that holds says it: makes before what many of them use. From the
 * products' own pages and manuals (Cloudflare's cf-mitigated and error codes, AWS
 * WAF's x-amzn-waf-action, Anubis, Sucuri, DDoS-Guard, Imperva, DataDome;
 * Aliyun WAF acw_sc__v2, Jiasule __jsl_clearance with status 521, Baota's btwaf,
 * Safedog, SafeLine, EdgeOne, Knownsec), and boards' language files.
 */
static const struct mark marks[] = {
    {MUD_WALL_RATE, "cloudflare", 0, TEXT, "error code: 1015"},
    {MUD_WALL_RATE, "cloudflare", 0, TEXT, "You are being rate limited"},
    {MUD_WALL_QUEUE, "cloudflare", 0, HEAD, "__cfwaitingroom"},
    {MUD_WALL_CAPTCHA, "cloudflare", 0, TEXT, "cf_captcha_kind"},
    {MUD_WALL_CAPTCHA, "cloudflare", 0, TEXT, "cf-captcha-container"},
    {MUD_WALL_BROWSER, "cloudflare", 0, HEAD, "cf-mitigated: challenge"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TEXT, "_cf_chl_opt"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TEXT, "cf-browser-verification"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TEXT, "challenge-error-text"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TEXT, "cf-challenge-running"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TITLE, "Just a moment"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TITLE, "请稍候"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TITLE, "請稍候"},
    {MUD_WALL_BROWSER, "cloudflare", 0, TITLE, "Один момент"},
    {MUD_WALL_BANNED, "cloudflare", 0, TEXT, "Sorry, you have been blocked"},
    {MUD_WALL_BANNED, "cloudflare", 0, TEXT, "error code: 1020"},
    {MUD_WALL_BANNED, "cloudflare", 0, TEXT, "error code: 1006"},
    {MUD_WALL_BANNED,
     "cloudflare",
     0,
     TITLE,
     "Attention Required! | Cloudflare"},
    {MUD_WALL_CAPTCHA, "aws-waf", 0, HEAD, "x-amzn-waf-action: captcha"},
    {MUD_WALL_BROWSER, "aws-waf", 0, HEAD, "x-amzn-waf-action: challenge"},
    {MUD_WALL_BROWSER, "aws-waf", 0, TEXT, "awsWafCookieDomainList"},
    {MUD_WALL_BROWSER, "anubis", 0, TEXT, "anubis_challenge"},
    {MUD_WALL_BROWSER, "anubis", 0, TITLE, "not a bot!"},
    {MUD_WALL_BROWSER, "ddos-guard", 0, TITLE, "DDoS-Guard"},
    {MUD_WALL_BROWSER, "ddos-guard", 0, TITLE, "DDOS-GUARD"},
    {MUD_WALL_BROWSER, "ddos-guard", 0, TEXT, "/.well-known/ddos-guard/"},
    {MUD_WALL_BROWSER, "sucuri", 0, TEXT, "sucuri_cloudproxy"},
    {MUD_WALL_BANNED, "sucuri", 0, TITLE, "Sucuri WebSite Firewall"},
    {MUD_WALL_CAPTCHA, "datadome", 0, TEXT, "captcha-delivery.com"},
    {MUD_WALL_BROWSER, "imperva", 0, TEXT, "_Incapsula_Resource"},
    {MUD_WALL_BANNED, "akamai", 0, TEXT, "errors.edgesuite.net"},
    {MUD_WALL_BROWSER, "vercel", 0, HEAD, "x-vercel-mitigated: challenge"},
    {MUD_WALL_CAPTCHA, "aliyun", 0, TEXT, "nc_1_wrapper"},
    {MUD_WALL_CAPTCHA, "aliyun", 0, TEXT, "AliyunCaptcha"},
    {MUD_WALL_CAPTCHA, "aliyun", 0, TITLE, "滑动验证页面"},
    {MUD_WALL_BROWSER, "aliyun", 0, TEXT, "acw_sc__v"},
    {MUD_WALL_BANNED, "aliyun", 0, TEXT, "errors.aliyun.com"},
    {MUD_WALL_BROWSER, "jiasule", 0, TEXT, "__jsl_clearance"},
    {MUD_WALL_BROWSER, "jiasule", 521, HEAD, "__jsluid"},
    {MUD_WALL_BROWSER, "jiasule", 521, TEXT, "document.cookie"},
    {MUD_WALL_BROWSER, "baidu-yunjiasu", 0, TITLE, "百度云加速"},
    {MUD_WALL_BROWSER, "baidu-yunjiasu", 0, TEXT, "yunjiasu-nginx"},
    {MUD_WALL_CAPTCHA, "baidu", 0, TITLE, "百度安全验证"},
    {MUD_WALL_CAPTCHA, "baota", 0, TEXT, "huadong_"},
    {MUD_WALL_BROWSER, "baota", 0, TEXT, "renji_"},
    {MUD_WALL_BROWSER, "baota", 0, TEXT, "btwaf"},
    {MUD_WALL_BANNED, "baota", 0, TITLE, "网站防火墙"},
    {MUD_WALL_BANNED, "safedog", 0, TEXT, "safedog"},
    {MUD_WALL_BANNED, "safedog", 0, TEXT, "安全狗"},
    {MUD_WALL_BROWSER, "safeline", 0, TEXT, "/.safeline/"},
    {MUD_WALL_BROWSER, "safeline", 0, TEXT, "safeline_bot_challenge"},
    {MUD_WALL_BROWSER, "edgeone", 0, TEXT, "__tst_status"},
    {MUD_WALL_BANNED, "knownsec", 0, TEXT, "yunaq.com"},
    {MUD_WALL_BANNED, "knownsec", 0, TEXT, "知道创宇"},
    {MUD_WALL_BANNED, "360", 0, TEXT, "webscan.360.cn"},
    {MUD_WALL_BANNED, "huawei-waf", 418, HEAD, "HWWAFSESID"},
    {MUD_WALL_CAPTCHA, "tencent", 0, TEXT, "TCaptcha.js"},
    {MUD_WALL_CAPTCHA, "tencent", 0, TEXT, "TencentCaptcha"},
    {MUD_WALL_CAPTCHA, "geetest", 0, TEXT, "initGeetest"},
    {MUD_WALL_CAPTCHA, "geetest", 0, TEXT, "geetest.com"},
    {MUD_WALL_CAPTCHA, "turnstile", 0, TEXT, "cf-turnstile"},
    {MUD_WALL_CAPTCHA, "turnstile", 0, TEXT, "challenges.cloudflare.com"},
    {MUD_WALL_CAPTCHA, "hcaptcha", 0, TEXT, "hcaptcha.com"},
    {MUD_WALL_CAPTCHA, "hcaptcha", 0, TEXT, "h-captcha"},
    {MUD_WALL_CAPTCHA, "recaptcha", 0, TEXT, "g-recaptcha"},
    {MUD_WALL_CAPTCHA, "recaptcha", 0, TEXT, "google.com/recaptcha"},
    {MUD_WALL_CAPTCHA, "recaptcha", 0, TEXT, "recaptcha.net/recaptcha"},
    {MUD_WALL_QUEUE, "queue", 0, TITLE, "Access Queue"},
    {MUD_WALL_QUEUE, "queue", 0, TEXT, "You have been placed in a queue"},
    {MUD_WALL_QUEUE, "queue-it", 0, TEXT, "queue-it.net"},
    {MUD_WALL_RELOAD, "discuz", 0, TITLE, "页面重载开启"},
    {MUD_WALL_RATE, "discuz", 0, TITLE, "频繁刷新限制"},
    {MUD_WALL_CAPTCHA, "discuz", 0, WORDS, "seccodeverify"},
    {MUD_WALL_CAPTCHA, "discuz", 0, WORDS, "secanswer"},
    {MUD_WALL_CAPTCHA, "captcha", 0, WORDS, "请输入验证码"},
    {MUD_WALL_CAPTCHA, "captcha", 0, WORDS, "請輸入驗證碼"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "Captcha"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "CAPTCHA"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "Human Verification"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "Are you human"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "人机验证"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "人機驗證"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "安全验证"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "安全驗證"},
    {MUD_WALL_CAPTCHA, "captcha", 0, TITLE, "访问验证"},
    {MUD_WALL_BROWSER, "script", 0, TITLE, "Checking your browser"},
    {MUD_WALL_BROWSER, "script", 0, TITLE, "浏览器检查"},
    {MUD_WALL_BROWSER, "script", 0, TITLE, "安全检查"},
    {MUD_WALL_BROWSER, "script", 0, TITLE, "安全检测"},
    {MUD_WALL_BROWSER, "script", 0, TITLE, "正在进行安全"},
    {MUD_WALL_RATE, "", 429, TEXT, ""},
    {MUD_WALL_RATE, "", 0, TITLE, "Too Many Requests"},
    {MUD_WALL_RATE, "", 0, WORDS, "rate_limit"},
    {MUD_WALL_RATE, "", 0, WORDS, "too many requests"},
    {MUD_WALL_RATE, "", 0, WORDS, "Too many requests"},
    {MUD_WALL_RATE, "", 0, WORDS, "刷新过快"},
    {MUD_WALL_RATE, "", 0, WORDS, "刷新太快"},
    {MUD_WALL_RATE, "", 0, WORDS, "刷新過快"},
    {MUD_WALL_RATE, "", 0, WORDS, "操作太频繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "操作过于频繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "操作太頻繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "访问过于频繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "访问太频繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "请求过于频繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "请求太频繁"},
    {MUD_WALL_RATE, "", 0, WORDS, "您访问本站速度过快"},
    {MUD_WALL_RATE, "", 0, WORDS, "Слишком много запросов"},
    {MUD_WALL_BANNED, "", 0, WORDS, "您的IP地址不在被允许"},
    {MUD_WALL_BANNED, "", 0, WORDS, "您的 IP 地址不在被允许"},
    {MUD_WALL_BANNED, "", 0, WORDS, "您的IP已被"},
    {MUD_WALL_BANNED, "", 0, WORDS, "您的 IP 已被"},
    {MUD_WALL_BANNED, "", 0, WORDS, "IP已被封禁"},
    {MUD_WALL_BANNED, "", 0, WORDS, "IP 被禁止访问"},
    {MUD_WALL_BANNED, "", 0, WORDS, "账号被禁用"},
    {MUD_WALL_BANNED, "", 0, WORDS, "have been banned from this"},
    {MUD_WALL_BANNED, "", 0, WORDS, "have been permanently banned"},
    {MUD_WALL_BANNED, "", 0, WORDS, "you are banned from using this forum"},
    {MUD_WALL_BANNED, "", 0, WORDS, "Your IP address has been banned"},
    {MUD_WALL_BANNED, "", 0, WORDS, "Your IP has been"},
    {MUD_WALL_BANNED, "", 0, WORDS, "Ваш IP заблокирован"},
    {MUD_WALL_CLOSED, "seized", 0, TITLE, "SEIZED"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "Account Suspended"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "Site Maintenance"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "Under Maintenance"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "Maintenance Mode"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "Website is offline"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "网站维护"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "站点已暂停"},
    {MUD_WALL_CLOSED, "", 0, TITLE, "没有找到站点"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "论坛暂时关闭"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "站点暂时关闭"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "站点已关闭"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "论坛已关闭"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "網站維護中"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "网站正在维护"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "论坛正在维护"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "board is currently unavailable"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "board is currently disabled"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "bulletin board is currently closed"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "forum is currently closed"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "forum is in maintenance mode"},
    {MUD_WALL_CLOSED, "", 0, WORDS, "currently undergoing maintenance"},
};

static const char *const names[MUD_WALL_KINDS] = {
    "",
    "reload",
    "rate-limit",
    "queue",
    "closed",
    "outage",
    "captcha",
    "browser",
    "banned",
    "other",
};

const char *mud_wall_name(enum mud_wall_kind kind)
{
    return kind < MUD_WALL_KINDS ? names[kind] : "";
}

enum mud_wall_kind mud_wall_of_name(struct mud_str name)
{
    for (int i = MUD_WALL_NONE + 1; i < MUD_WALL_KINDS; i++) {
        if (mud_str_eqz(name, names[i]))
            return (enum mud_wall_kind)i;
    }
    return MUD_WALL_NONE;
}

/* A page that gave something, or is what it is meant to be, is no wall,
 * whatever words are in it. */
static bool may_be_one(const struct mud_parsed *parsed, int status)
{
    if (parsed->n_posts || parsed->n_threads || parsed->n_profiles)
        return false;
    switch (parsed->kind) {
    case MUD_PAGE_UNKNOWN:
    case MUD_PAGE_MESSAGE:
    case MUD_PAGE_CHALLENGE:
        return true;
    case MUD_PAGE_INDEX:
    case MUD_PAGE_BOARD:
    case MUD_PAGE_THREAD:
    case MUD_PAGE_OTHER:
        return status >= 400 && !parsed->n_links;
    case MUD_PAGE_PROFILE:
    case MUD_PAGE_FEED:
    case MUD_PAGE_LOGIN:
    case MUD_PAGE_CHAT:
        break;
    }
    return false;
}

/* Boards load captchas and scripts of firewalls on ordinary pages. */
static bool is_board(const struct mud_parsed *parsed)
{
    return parsed->engine.n && !mud_str_eqz(parsed->engine, "generic") &&
           parsed->kind != MUD_PAGE_CHALLENGE;
}

static bool holds(const struct mark *mark, const struct mud_parsed *parsed,
                  int status, struct mud_str head, struct mud_str text)
{
    if (mark->status && mark->status != status)
        return false;
    if (is_board(parsed) && mark->where != WORDS && mark->status != 429)
        return false;
    switch (mark->where) {
    case HEAD:
        return mud_str_ifind(head, mud_str_z(mark->text)) != MUD_NPOS;
    case TITLE:
        return mud_str_find(parsed->title, mud_str_z(mark->text)) != MUD_NPOS;
    case TEXT:
    case WORDS:
        break;
    }
    return !*mark->text ||
           mud_str_find(text, mud_str_z(mark->text)) != MUD_NPOS;
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Nothing to read and nothing to follow, but a script: what a reader would see
 * is made by it. */
static bool script_alone(struct mud_str text)
{
    size_t seen = 0, at;

    if (mud_str_ifind(text, MUD_STR("<script")) == MUD_NPOS ||
        mud_str_ifind(text, MUD_STR("<a ")) != MUD_NPOS)
        return false;
    while (text.n) {
        static const char *const ends[][2] = {{"<script", "</script"},
                                              {"<style", "</style"},
                                              {"<noscript", "</noscript"},
                                              {"<head", "</head"},
                                              {"<!--", "-->"},
                                              {"<", ">"}};
        if (text.s[0] != '<') {
            seen += !blank(text.s[0]);
            text = mud_str_sub(text, 1, text.n);
            continue;
        }
        const char *end = ">";
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            if (mud_str_istarts(text, mud_str_z(ends[i][0]))) {
                end = ends[i][1];
                break;
            }
        }
        at = mud_str_ifind(text, mud_str_z(end));
        if (at != MUD_NPOS && *end != '<')
            at += strlen(end);
        text = mud_str_sub(text, at == MUD_NPOS ? text.n : at, text.n);
    }
    return seen < 64;
}

void mud_wall_find(struct mud_parsed *parsed, int status, struct mud_str head,
                   struct mud_str text)
{
    struct mud_wall *wall = &parsed->wall;

    *wall = (struct mud_wall){0};
    if (!may_be_one(parsed, status))
        return;
    text = mud_str_sub(text, 0, LOOK_MAX);
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !wall->kind; i++) {
        if (holds(&marks[i], parsed, status, head, text))
            *wall = (struct mud_wall){marks[i].kind, mud_str_z(marks[i].by)};
    }
    if (!wall->kind && parsed->kind == MUD_PAGE_CHALLENGE)
        wall->kind = MUD_WALL_OTHER;
    if (!wall->kind && parsed->kind == MUD_PAGE_UNKNOWN && !is_board(parsed) &&
        script_alone(text))
        *wall = (struct mud_wall){MUD_WALL_BROWSER, MUD_STR("script")};
    if (wall->kind == MUD_WALL_BANNED || wall->kind == MUD_WALL_CLOSED)
        parsed->kind = MUD_PAGE_MESSAGE;
    else if (wall->kind)
        parsed->kind = MUD_PAGE_CHALLENGE;
}
