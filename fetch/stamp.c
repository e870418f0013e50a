#include "fetch/stamp.h"

#include "fetch/transfer.h"

enum {
    SECONDS = 30
};

static size_t on_body(char *bytes, size_t size, size_t n, void *payload)
{
    struct mud_buf *answer = payload;

    mud_buf_put(answer, bytes, size * n);
    return answer->over ? 0 : size * n;
}

static struct mud_policy policy_of(const struct mud_stamp_way *way,
                                   const struct mud_str *host)
{
    struct mud_policy policy = mud_policy_defaults();

    policy.hosts = host;
    policy.n_hosts = 1;
    policy.proxy = way->proxy;
    return policy;
}

bool mud_stamp_way_check(const struct mud_stamp_way *way, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str any = MUD_STR("*");
    struct mud_policy policy = policy_of(way, &any);
    struct mud_url url;
    bool good = mud_url_parse(&url, way->url, arena, err) &&
                mud_policy_check(&policy, err);

    mud_arena_free(arena);
    return good;
}

/* A header list of curl; NULL when there is no memory. */
static struct curl_slist *headers(void)
{
    static const char *const lines[] = {
        "Content-Type: application/timestamp-query",
        "Accept: application/timestamp-reply",
        "Expect:",
    };
    struct curl_slist *list = NULL;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct curl_slist *more = curl_slist_append(list, lines[i]);
        if (!more)
            mud_out_of_memory();
        list = more;
    }
    return list;
}

static bool set(CURL *c, const struct mud_stamp_way *way, struct mud_str query,
                struct mud_buf *answer, struct mud_arena *scratch)
{
    long seconds = way->seconds ? (long)way->seconds : SECONDS;
    struct mud_str any = MUD_STR("*");
    struct mud_policy policy = policy_of(way, &any);
    unsigned bad = 0;

    bad |= curl_easy_setopt(c, CURLOPT_URL, mud_str_cstr(way->url, scratch));
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_POSTFIELDS, query.s);
    bad |= curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)query.n);
    bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT, seconds);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, seconds);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
    return !bad && mud_proxy_set(c, &policy, scratch);
}

/* Did the authority answer as RFC 3161 says? */
static bool check(CURL *c, CURLcode rc, const char *reason,
                  const struct mud_buf *answer, struct mud_error *err)
{
    const char *type = NULL;
    long status = 0;

    if (answer->over)
        return mud_fail(
            err, MUD_ELIMIT, "its answer is above %zu bytes", MUD_STAMP_ANSWER);
    if (rc != CURLE_OK)
        return mud_fail(
            err, MUD_ENET, "%s", reason[0] ? reason : curl_easy_strerror(rc));
    (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type);
    if (status != 200)
        return mud_fail(err, MUD_ENET, "it answered with status %ld", status);
    if (!mud_str_istarts(mud_str_z(type),
                         MUD_STR("application/timestamp-reply")))
        return mud_fail(err,
                        MUD_ENET,
                        "what it answered is no time stamp but %.60s",
                        type ? type : "of no type");
    return true;
}

bool mud_stamp_post(struct mud_buf *answer, const struct mud_stamp_way *way,
                    struct mud_str query, struct mud_error *err)
{
    struct mud_arena *scratch = mud_arena_new();
    char reason[CURL_ERROR_SIZE] = "";
    struct curl_slist *list = headers();
    CURL *c = curl_easy_init();
    bool good = mud_stamp_way_check(way, err);

    if (!c)
        mud_out_of_memory();
    mud_buf_clear(answer);
    answer->max = MUD_STAMP_ANSWER;
    if (good && (!set(c, way, query, answer, scratch) ||
                 curl_easy_setopt(c, CURLOPT_HTTPHEADER, list) != CURLE_OK ||
                 curl_easy_setopt(c, CURLOPT_ERRORBUFFER, reason) != CURLE_OK))
        good = mud_fail(err, MUD_EIO, "libcurl lacks an option");
    good = good && check(c, curl_easy_perform(c), reason, answer, err);
    curl_easy_cleanup(c);
    curl_slist_free_all(list);
    mud_arena_free(scratch);
    return good || mud_fail_in(err, "time stamp authority");
}
