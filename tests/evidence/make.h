/* What the tests of evidence/ share: exchanges, files and vaults, made up. */
#ifndef MUD_TESTS_EVIDENCE_MAKE_H
#define MUD_TESTS_EVIDENCE_MAKE_H

#include "../support/mudtest.h"

#include "evidence/capture.h"
#include "evidence/verify.h"
#include "evidence/warc.h"

#include <stdio.h>
#include <stdlib.h>

/* An exchange with a body of n bytes that depends on number. */
static inline struct mud_exchange make_exchange(struct mud_arena *arena,
                                                int number, size_t n)
{
    struct mud_exchange x = {
        .method = MUD_STR("GET"),
        .status = 200,
        .http_version = "1.1",
        .peer_ip = MUD_STR("127.0.0.1"),
        .dns = MUD_STR("[\"127.0.0.1\"]"),
        .tls = MUD_STR("{\"version\":\"TLSv1.3\",\"chain_sha256\":[\"00\"]}"),
        .referrer = MUD_STR("http://forum.example/index"),
        .started = INT64_C(1790000000123456) + number * MUD_SECOND,
    };
    char *body = mud_arena_alloc(arena, n);

    for (size_t i = 0; i < n; i++)
        body[i] = (char)('a' + (i * 7 + (size_t)number * 13 + i / 97) % 26);
    x.body = mud_str_of(body, n);
    x.ended = x.started + 250000;
    x.url = mud_str_printf(arena, "http://forum.example/t/%d?页=1", number);
    x.request_head = mud_str_printf(
        arena, "GET /t/%d HTTP/1.1\r\nHost: forum.example\r\n\r\n", number);
    x.response_head = mud_str_printf(
        arena,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Length: %zu\r\n\r\n",
        n);
    return x;
}

/* Findings are kept as text, one a line, bad ones begin with "BAD". */
struct found {
    struct mud_buf text;
};

static inline void found_add(const struct mud_finding *f, void *payload)
{
    struct found *found = payload;
    static const char *const names[] = {"good", "note", "BAD"};

    mud_buf_printf(&found->text,
                   "%s %s: %s: %s\n",
                   names[f->verdict],
                   f->where,
                   f->what,
                   f->text);
}

#endif
