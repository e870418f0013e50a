#include "parse/stated_url.h"

#define HEAD_MAX 4096 /* bytes in which a browser puts its mark */

static bool is_http(struct mud_str url)
{
    return mud_str_istarts(url, MUD_STR("http://")) ||
           mud_str_istarts(url, MUD_STR("https://"));
}

/* "saved from url=(0030)https://a.example/ " - the number is its length. */
static struct mud_str saved_from(struct mud_str html)
{
    struct mud_str mark = MUD_STR("saved from url=(");
    struct mud_str rest = mud_str_sub(html, 0, HEAD_MAX);
    size_t at = mud_str_find(rest, mark), n = 0;
    if (at == MUD_NPOS)
        return (struct mud_str){0};
    rest = mud_str_sub(rest, at + mark.n, rest.n);
    at = mud_str_chr(rest, ')');
    if (at == MUD_NPOS || at > 4)
        return (struct mud_str){0};
    rest = mud_str_sub(rest, at + 1, rest.n);
    while (n < rest.n && (unsigned char)rest.s[n] > ' ' && rest.s[n] != '<')
        n++;
    return mud_str_sub(rest, 0, n);
}

static struct mud_str named(const struct mud_page *page)
{
    struct mud_str og = {0};
    for (uint32_t i = 0; i < page->n; i++) {
        const struct mud_node *node = &page->nodes[i];
        if (mud_str_eqz(node->tag, "body"))
            break;
        if (mud_str_eqz(node->tag, "link") &&
            mud_str_eqz(mud_node_attr(node, "rel"), "canonical") &&
            is_http(mud_node_attr(node, "href")))
            return mud_node_attr(node, "href");
        if (mud_str_eqz(node->tag, "meta") &&
            mud_str_eqz(mud_node_attr(node, "property"), "og:url") &&
            is_http(mud_node_attr(node, "content")))
            og = mud_node_attr(node, "content");
    }
    return og;
}

bool mud_stated_url(struct mud_str *url, const struct mud_page *page,
                    struct mud_str html, struct mud_arena *arena)
{
    if (url->n && !mud_str_istarts(*url, MUD_STR("file:")))
        return false;
    struct mud_str found = saved_from(html);
    if (!is_http(found))
        found = named(page);
    if (!found.n)
        return false;
    *url = mud_str_dup(mud_str_trim(found), arena);
    return true;
}
