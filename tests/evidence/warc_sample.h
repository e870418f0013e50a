/* A WARC file as the tests of reading, checking and cutting it want it. */
#ifndef MUD_TESTS_EVIDENCE_WARC_SAMPLE_H
#define MUD_TESTS_EVIDENCE_WARC_SAMPLE_H

#include "make.h"

#include <stdio.h>

static inline struct mud_id id_of(int number)
{
    char text[32];

    snprintf(text, sizeof(text), "%d", number);
    return mud_id_of("test", mud_str_z(text));
}

/* warcinfo, then request, response and metadata for each of n exchanges. */
static inline struct mud_buf sample(int n, size_t body)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_warc_deflater *deflater = mud_warc_deflater_new();
    struct mud_buf out = {0};
    struct mud_error err = {0};
    struct mud_warc_head info = {
        .type = MUD_WARC_WARCINFO,
        .id = id_of(0),
        .at = INT64_C(1790000000000000),
        .content_type = "application/warc-fields",
        .filename = MUD_STR("sample.warc.gz"),
    };

    assert_ok(mud_warc_member(&out,
                              deflater,
                              &info,
                              MUD_STR("software: test\r\n"),
                              (struct mud_str){0},
                              &err),
              &err);
    for (int i = 1; i <= n; i++) {
        struct mud_exchange x = make_exchange(arena, i, body);
        uint8_t digest[MUD_SHA256];
        struct mud_warc_head head = {
            .type = MUD_WARC_REQUEST,
            .id = id_of(3 * i),
            .at = x.started,
            .uri = x.url,
            .concurrent_to = id_of(3 * i + 1),
            .warcinfo = id_of(0),
            .content_type = "application/http; msgtype=request",
            .ip = x.peer_ip,
        };

        assert_ok(mud_warc_member(&out,
                                  deflater,
                                  &head,
                                  x.request_head,
                                  (struct mud_str){0},
                                  &err),
                  &err);
        mud_sha256_of(x.body, digest);
        head.type = MUD_WARC_RESPONSE;
        head.id = head.concurrent_to;
        memset(&head.concurrent_to, 0, sizeof(head.concurrent_to));
        head.content_type = "application/http; msgtype=response";
        head.payload_sha256 = digest;
        head.truncated = "length";
        assert_ok(mud_warc_member(
                      &out, deflater, &head, x.response_head, x.body, &err),
                  &err);
        head.concurrent_to = head.id;
        head.id = id_of(3 * i + 2);
        head.type = MUD_WARC_METADATA;
        head.payload_sha256 = NULL;
        head.truncated = NULL;
        head.content_type = "application/json";
        assert_ok(mud_warc_member(&out,
                                  deflater,
                                  &head,
                                  MUD_STR("{}\n"),
                                  (struct mud_str){0},
                                  &err),
                  &err);
    }
    mud_warc_deflater_free(deflater);
    mud_arena_free(arena);
    return out;
}

#endif
