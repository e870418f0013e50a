#include "fetch/transfer.h"

#include "fetch/fault.h"
#include "fetch/resolve.h"

#include <stdlib.h>
#include <unistd.h>

static size_t on_header(char *bytes, size_t size, size_t n, void *payload)
{
    struct mud_transfer *transfer = payload;
    struct mud_str line = mud_str_of(bytes, size * n);

    transfer->heads += line.n;
    if (transfer->heads > MUD_HEADS_MAX) {
        transfer->heads_over = true;
        return 0;
    }
    if (transfer->head_done) {
        /* The next head after a 1xx; trailers belong to the body. */
        if (!mud_str_starts(line, MUD_STR("HTTP/")))
            return line.n;
        mud_buf_clear(&transfer->response);
        transfer->head_done = false;
    }
    mud_buf_str(&transfer->response, line);
    /* An empty line ends it; one of blanks goes on with the header before. */
    transfer->head_done = line.n && (line.s[0] == '\r' || line.s[0] == '\n');
    if (transfer->head_done && !transfer->tls.n)
        mud_tls_describe(&transfer->tls, transfer->curl);
    return line.n;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *payload)
{
    struct mud_transfer *transfer = payload;
    mud_buf_put(&transfer->body, bytes, size * n);
    transfer->body_over = transfer->body.over;
    return transfer->body_over ? 0 : n;
}

static int on_debug(CURL *curl, curl_infotype type, char *bytes, size_t n,
                    void *payload)
{
    struct mud_transfer *transfer = payload;
    struct mud_str have = mud_buf_view(&transfer->request);

    (void)curl;
    if (type != CURLINFO_HEADER_OUT)
        return 0;
    /* A CONNECT, or the same request on a fresh connection, came before. */
    if (mud_str_ends(have, MUD_STR("\r\n\r\n")))
        mud_buf_clear(&transfer->request);
    mud_buf_put(&transfer->request, bytes, n);
    return 0;
}

/* The last guard: whatever name or redirect led here, this is the address. */
static curl_socket_t on_socket(void *payload, curlsocktype purpose,
                               struct curl_sockaddr *address)
{
    struct mud_transfer *transfer = payload;
    const struct mud_policy *policy = transfer->policy;

    if (purpose != CURLSOCKTYPE_IPCXN)
        return CURL_SOCKET_BAD;
    /* The proxy is the operator's choice and often on loopback (Tor). */
    if (!policy->allow_private && !policy->proxy.n) {
        const char *kind = mud_address_kind(&address->addr);
        if (kind) {
            transfer->refused = kind;
            return CURL_SOCKET_BAD;
        }
    }
    return socket(
        address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void add_header(struct curl_slist **list, const char *line)
{
    struct curl_slist *more = curl_slist_append(*list, line);
    if (!more)
        mud_out_of_memory();
    *list = more;
}

static struct mud_str header_name(struct mud_str line)
{
    return mud_str_trim(mud_str_sub(line, 0, mud_str_chr(line, ':')));
}

static struct curl_slist *headers_of(const struct mud_policy *policy,
                                     struct mud_arena *scratch)
{
    static const char *const ours[] = {
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*",
        "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8",
        "Accept-Encoding: gzip, deflate",
    };
    struct curl_slist *list = NULL;

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        bool replaced = false;
        for (size_t j = 0; j < policy->n_headers; j++)
            replaced |= mud_str_ieq(header_name(policy->headers[j]),
                                    header_name(mud_str_z(ours[i])));
        if (!replaced)
            add_header(&list, ours[i]);
    }
    for (size_t j = 0; j < policy->n_headers; j++)
        add_header(&list, mud_str_cstr(policy->headers[j], scratch));
    return list;
}

/* Browsers' strict-origin-when-cross-origin. Empty: send none. */
static struct mud_str referrer_sent(struct mud_str from,
                                    const struct mud_url *to,
                                    struct mud_arena *scratch)
{
    struct mud_url url;

    if (!from.n || !mud_url_parse(&url, from, scratch, NULL) ||
        (url.https && !to->https))
        return (struct mud_str){0};
    if (mud_url_same_origin(&url, to))
        return url.text;
    return mud_str_printf(scratch, "%.*s/", MUD_FMT(mud_url_origin(&url)));
}

struct mud_str mud_proxy_url(struct mud_str proxy, bool bare,
                             struct mud_arena *arena)
{
    size_t colon = mud_str_find(proxy, MUD_STR("://")), at;
    struct mud_str scheme = mud_str_sub(proxy, 0, colon);
    struct mud_str rest = mud_str_sub(proxy, colon + 3, proxy.n);

    if (!proxy.n || colon == MUD_NPOS)
        return (struct mud_str){0};
    if (mud_str_ieq(scheme, MUD_STR("socks5")))
        scheme = MUD_STR("socks5h"); /* or names would leak to the local DNS */
    at = mud_str_rchr(rest, '@');
    if (bare && at != MUD_NPOS)
        rest = mud_str_sub(rest, at + 1, rest.n);
    return mud_str_printf(arena,
                          "%.*s://%.*s",
                          MUD_FMT(mud_str_lower(scheme, arena)),
                          MUD_FMT(rest));
}

/* A SOCKS proxy that wants no log-in is told the circuit: Tor keeps apart what
 * comes under another name or password. */
bool mud_proxy_set(CURL *c, const struct mud_policy *policy,
                   struct mud_arena *scratch)
{
    struct mud_str proxy = mud_proxy_url(policy->proxy, false, scratch);
    struct mud_str user = policy->proxy_user, word = policy->proxy_password;
    unsigned bad = 0;

    if (!user.n && mud_str_starts(proxy, MUD_STR("socks5h://")) &&
        mud_str_chr(proxy, '@') == MUD_NPOS)
        user = word = mud_str_z(policy->circuit);
    /* Set even when empty: else the environment's http_proxy rules. */
    bad |= curl_easy_setopt(c, CURLOPT_PROXY, mud_str_cstr(proxy, scratch));
    bad |= curl_easy_setopt(c, CURLOPT_NOPROXY, "");
    if (proxy.n && user.n) {
        bad |= curl_easy_setopt(
            c, CURLOPT_PROXYUSERNAME, mud_str_cstr(user, scratch));
        bad |= curl_easy_setopt(
            c, CURLOPT_PROXYPASSWORD, mud_str_cstr(word, scratch));
    }
    return bad == 0;
}

/* A form goes out on a connection of its own: on one that was kept, libcurl
 * sends it again when the far side had closed it. */
static bool set_form(struct mud_transfer *transfer,
                     const struct mud_transfer_ask *ask,
                     struct mud_arena *scratch)
{
    const struct mud_form *form = ask->form;
    CURL *c = transfer->curl;
    unsigned bad = 0;

    transfer->form = form;
    add_header(&transfer->headers,
               mud_str_printf(
                   scratch, "Origin: %.*s", MUD_FMT(mud_url_origin(ask->url)))
                   .s);
    for (size_t i = 0; i < form->n_headers; i++)
        add_header(&transfer->headers, mud_str_cstr(form->headers[i], scratch));
    bad |= curl_easy_setopt(c, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_POSTFIELDS, form->body.s);
    bad |= curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)form->body.n);
    bad |= curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    return bad == 0;
}

/* Options that say who is asked, and how. */
static bool set_request(struct mud_transfer *transfer,
                        const struct mud_transfer_ask *ask,
                        struct mud_arena *scratch)
{
    const struct mud_policy *policy = transfer->policy;
    struct mud_str from = referrer_sent(ask->referrer, ask->url, scratch);
    struct mud_str agent = policy->user_agent;
    CURL *c = transfer->curl;
    unsigned bad = 0;

    if (!agent.n)
        agent = MUD_STR(MUD_USER_AGENT);
    transfer->headers = headers_of(policy, scratch);
    if (ask->resolve.n)
        add_header(&transfer->resolve, mud_str_cstr(ask->resolve, scratch));
    bad |=
        curl_easy_setopt(c, CURLOPT_URL, mud_str_cstr(ask->url->text, scratch));
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
    bad |= ask->form && !set_form(transfer, ask, scratch);
    bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
    bad |=
        curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    bad |= curl_easy_setopt(c, CURLOPT_HTTPHEADER, transfer->headers);
    bad |= curl_easy_setopt(c, CURLOPT_USERAGENT, mud_str_cstr(agent, scratch));
    if (from.n)
        bad |=
            curl_easy_setopt(c, CURLOPT_REFERER, mud_str_cstr(from, scratch));
    bad |= !mud_proxy_set(c, policy, scratch);
    bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (ask->resolve.n)
        bad |= curl_easy_setopt(c, CURLOPT_RESOLVE, transfer->resolve);
    bad |= curl_easy_setopt(c, CURLOPT_COOKIEFILE, "");
    bad |= curl_easy_setopt(c, CURLOPT_SHARE, ask->share);
    if (policy->ca_file.n)
        bad |= curl_easy_setopt(
            c, CURLOPT_CAINFO, mud_str_cstr(policy->ca_file, scratch));
    if (policy->tls_unverified)
        bad |= !mud_tls_unverified(c, policy);
    return bad == 0;
}

/* Options that say how its bytes reach us. */
static bool set_taps(struct mud_transfer *transfer)
{
    long ms = (long)transfer->policy->page_seconds * 1000;
    CURL *c = transfer->curl;
    unsigned bad = 0;

    bad |= curl_easy_setopt(c, CURLOPT_PRIVATE, transfer->owner);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, transfer->reason);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, ms);
    bad |= curl_easy_setopt(
        c, CURLOPT_CONNECTTIMEOUT_MS, ms < 20000 ? ms : 20000L);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_HTTP_TRANSFER_DECODING, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    bad |= curl_easy_setopt(c, CURLOPT_HEADERDATA, transfer);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, transfer);
    bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, transfer);
    bad |= curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_debug);
    bad |= curl_easy_setopt(c, CURLOPT_DEBUGDATA, transfer);
    bad |= curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
    return bad == 0;
}

struct mud_transfer *mud_transfer_new(const struct mud_policy *policy,
                                      const struct mud_transfer_ask *ask,
                                      void *owner)
{
    struct mud_transfer *transfer = mud_calloc(1, sizeof *transfer);
    struct mud_arena *scratch = mud_arena_new();
    bool ok;

    transfer->policy = policy;
    transfer->owner = owner;
    transfer->started = mud_now();
    transfer->request.max = (size_t)64 << 10;
    transfer->response.max = MUD_HEADS_MAX;
    transfer->tls.max = (size_t)16 << 10;
    transfer->body.max = ask->body_max ? ask->body_max : 1;
    transfer->curl = curl_easy_init();
    if (!transfer->curl)
        mud_out_of_memory();
    ok = set_request(transfer, ask, scratch) && set_taps(transfer);
    mud_arena_free(scratch);
    if (ok)
        return transfer;
    mud_transfer_free(transfer);
    return NULL;
}

void mud_transfer_free(struct mud_transfer *transfer)
{
    if (!transfer)
        return;
    curl_easy_cleanup(transfer->curl);
    curl_slist_free_all(transfer->headers);
    curl_slist_free_all(transfer->resolve);
    mud_buf_free(&transfer->request);
    mud_buf_free(&transfer->response);
    mud_buf_free(&transfer->body);
    mud_buf_free(&transfer->tls);
    free(transfer);
}

static struct mud_str text_of(CURL *curl, CURLINFO info,
                              struct mud_arena *arena)
{
    char *text = NULL;
    if (curl_easy_getinfo(curl, info, &text) || !text)
        return (struct mud_str){0};
    return mud_str_dup(mud_str_z(text), arena);
}

static void version_of(char out[8], CURL *curl)
{
    long version = 0;
    const char *text = "";

    (void)curl_easy_getinfo(curl, CURLINFO_HTTP_VERSION, &version);
    if (version == CURL_HTTP_VERSION_1_0)
        text = "1.0";
    else if (version == CURL_HTTP_VERSION_1_1)
        text = "1.1";
    else if (version == CURL_HTTP_VERSION_2_0)
        text = "2";
    memcpy(out, text, strlen(text) + 1);
}

static enum mud_outcome failed(struct mud_transfer *transfer, CURLcode rc,
                               struct mud_error *err)
{
    static const CURLcode passing[] = {
        CURLE_COULDNT_RESOLVE_HOST,
        CURLE_COULDNT_RESOLVE_PROXY,
        CURLE_COULDNT_CONNECT,
        CURLE_OPERATION_TIMEDOUT,
        CURLE_RECV_ERROR,
        CURLE_SEND_ERROR,
        CURLE_GOT_NOTHING,
        CURLE_PARTIAL_FILE,
        CURLE_HTTP2,
        CURLE_HTTP2_STREAM,
        CURLE_SSL_CONNECT_ERROR,
        CURLE_PROXY,
    };

    if (transfer->refused) {
        mud_fail(err,
                 MUD_EDENIED,
                 "the name leads to a %s address",
                 transfer->refused);
        return MUD_REFUSED;
    }
    if (transfer->heads_over) {
        mud_fail(
            err, MUD_ELIMIT, "response head is over %zu bytes", MUD_HEADS_MAX);
        return MUD_FLAWED;
    }
    transfer->fault = mud_fault_of(transfer, rc);
    mud_fail(err,
             MUD_ENET,
             "%s: %s",
             transfer->fault,
             transfer->reason[0] ? transfer->reason : curl_easy_strerror(rc));
    if (mud_fault_lasts(transfer->fault))
        return MUD_FLAWED;
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (rc == passing[i])
            return MUD_BROKEN;
    return MUD_FLAWED;
}

enum mud_outcome mud_transfer_outcome(struct mud_transfer *transfer,
                                      CURLcode rc, struct mud_error *err)
{
    long status = 0;

    (void)curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    if (rc && (!transfer->head_done || status < 200))
        return failed(transfer, rc, err);
    transfer->status = (int)status;
    if (transfer->body_over)
        transfer->cut = MUD_CUT_BYTES;
    else if (rc == CURLE_OPERATION_TIMEDOUT)
        transfer->cut = MUD_CUT_TIME;
    else if (rc)
        transfer->cut = MUD_CUT_DISCONNECT;
    return MUD_ANSWERED;
}

void mud_transfer_exchange(struct mud_exchange *out,
                           const struct mud_transfer *transfer,
                           struct mud_arena *arena)
{
    CURL *curl = transfer->curl;

    out->method = transfer->form ? MUD_STR("POST") : MUD_STR("GET");
    if (transfer->form)
        out->request_body = mud_withhold_form(transfer->form->body, arena);
    out->started = transfer->started;
    out->ended = mud_now();
    out->proxy = mud_proxy_url(transfer->policy->proxy, true, arena);
    out->request_head =
        mud_withhold_request(mud_buf_view(&transfer->request), arena);
    out->peer_ip = text_of(curl, CURLINFO_PRIMARY_IP, arena);
    out->local_ip = text_of(curl, CURLINFO_LOCAL_IP, arena);
    out->tls = mud_str_dup(mud_buf_view(&transfer->tls), arena);
    out->status = transfer->status;
    out->cut = transfer->cut;
    version_of(out->http_version, curl);
    out->response_head =
        transfer->policy->withhold || transfer->form
            ? mud_withhold_response(mud_buf_view(&transfer->response), arena)
            : mud_str_dup(mud_buf_view(&transfer->response), arena);
    out->body = mud_str_dup(mud_buf_view(&transfer->body), arena);
}
