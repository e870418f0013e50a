#include "fetch/fetcher.h"

#include "base/conf.h"
#include "fetch/cookie_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define JAR_MAX ((size_t)4 << 20)

static CURL *handle(struct mud_fetcher *fetcher)
{
    CURL *curl = curl_easy_init();
    if (!curl || curl_easy_setopt(curl, CURLOPT_SHARE, fetcher->share))
        mud_out_of_memory();
    return curl;
}

/* Seven fields between tabs; "#HttpOnly_" is part of the first. */
static bool is_cookie(struct mud_str line)
{
    size_t tabs = 0;
    for (size_t i = 0; i < line.n; i++)
        tabs += line.s[i] == '\t';
    return tabs == 6 && !memchr(line.s, 0, line.n);
}

bool mud_fetcher_cookies_load(struct mud_fetcher *fetcher, const char *path,
                              struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str rest, line;
    unsigned number = 0;
    bool ok = mud_file_read(&rest, path, JAR_MAX, arena, err);
    CURL *curl = handle(fetcher);

    while (ok && rest.n && mud_str_line(&rest, &line)) {
        number++;
        if (!line.n ||
            (line.s[0] == '#' && !mud_str_starts(line, MUD_STR("#HttpOnly_"))))
            continue;
        ok = is_cookie(line) && !curl_easy_setopt(curl,
                                                  CURLOPT_COOKIELIST,
                                                  mud_str_cstr(line, arena));
        if (!ok)
            mud_fail(err, MUD_EINPUT, "%s: line %u is no cookie", path, number);
    }
    curl_easy_cleanup(curl);
    mud_arena_free(arena);
    return ok;
}

static void list(struct mud_buf *out, struct mud_fetcher *fetcher)
{
    CURL *curl = handle(fetcher);
    struct curl_slist *cookies = NULL;

    mud_buf_z(out, "# Netscape HTTP Cookie File\n");
    (void)curl_easy_getinfo(curl, CURLINFO_COOKIELIST, &cookies);
    for (struct curl_slist *at = cookies; at; at = at->next) {
        mud_buf_z(out, at->data);
        mud_buf_c(out, '\n');
    }
    curl_slist_free_all(cookies);
    curl_easy_cleanup(curl);
}

bool mud_jar_write(const char *path, struct mud_str text, struct mud_error *err)
{
    struct mud_buf name = {0};
    bool ok;
    int fd;

    mud_buf_printf(&name, "%s.%d.new", path, (int)getpid());
    /* Who reads this file is logged in: never readable, not even while new. */
    (void)unlink(mud_buf_cstr(&name));
    fd = open(
        mud_buf_cstr(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        mud_fail_errno(err, MUD_EIO, "%s", mud_buf_cstr(&name));
        mud_buf_free(&name);
        return false;
    }
    ok = mud_write_all(fd, text) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && rename(mud_buf_cstr(&name), path) == 0;
    if (!ok) {
        mud_fail_errno(err, MUD_EIO, "%s", path);
        (void)unlink(mud_buf_cstr(&name));
    }
    mud_buf_free(&name);
    return ok;
}

bool mud_fetcher_cookies_save(struct mud_fetcher *fetcher, const char *path,
                              struct mud_error *err)
{
    struct mud_buf buf = {.max = JAR_MAX};
    bool ok;

    list(&buf, fetcher);
    ok = buf.over
             ? mud_fail(err, MUD_ELIMIT, "%s: more than 4 MiB of cookies", path)
             : mud_jar_write(path, mud_buf_view(&buf), err);
    mud_buf_free(&buf);
    return ok;
}

static void put_line(struct mud_buf *out, const struct mud_cookie *c)
{
    mud_buf_printf(out,
                   "%s%s%.*s\t%s\t%.*s\t%s\t%lld\t%.*s\t%.*s\n",
                   c->http_only ? "#HttpOnly_" : "",
                   c->below ? "." : "",
                   MUD_FMT(c->domain),
                   c->below ? "TRUE" : "FALSE",
                   MUD_FMT(c->path),
                   c->secure ? "TRUE" : "FALSE",
                   (long long)c->expires,
                   MUD_FMT(c->name),
                   MUD_FMT(c->value));
}

static bool is_same(const struct mud_cookie *a, const struct mud_cookie *b)
{
    return mud_str_ieq(a->domain, b->domain) && mud_str_eq(a->path, b->path) &&
           mud_str_eq(a->name, b->name);
}

bool mud_cookies_put(const char *path, const struct mud_cookie *cookies,
                     size_t n, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf jar = {.max = JAR_MAX};
    struct mud_cookie *old = NULL;
    struct mud_str text = {0};
    size_t n_old = 0;
    bool ok = access(path, F_OK) != 0 ||
              (mud_file_read(&text, path, JAR_MAX, arena, err) &&
               mud_cookie_file_read(
                   &old, &n_old, text, (struct mud_str){0}, arena, err));

    if (!ok)
        mud_fail_in(err, "%s", path);
    mud_buf_z(&jar, "# Netscape HTTP Cookie File\n");
    for (size_t i = 0; ok && i < n_old; i++) {
        bool replaced = false;
        for (size_t k = 0; k < n && !replaced; k++)
            replaced = is_same(&old[i], &cookies[k]);
        if (!replaced)
            put_line(&jar, &old[i]);
    }
    for (size_t i = 0; ok && i < n; i++)
        put_line(&jar, &cookies[i]);
    if (ok)
        ok = jar.over
                 ? mud_fail(
                       err, MUD_ELIMIT, "%s: more than 4 MiB of cookies", path)
                 : mud_jar_write(path, mud_buf_view(&jar), err);
    mud_buf_free(&jar);
    mud_arena_free(arena);
    return ok;
}
