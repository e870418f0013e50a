/* The records of a capture as a WARC, unsealed, for who may have them. */
#include "evidence/pieces.h"
#include "evidence/show.h"
#include "evidence/vault.h"

#include <stdlib.h>

static bool copy_span(const struct mud_facts *f, struct mud_pieces *file,
                      mud_warc_sink *write, void *payload,
                      struct mud_error *err)
{
    int64_t at = f->span_offset, end = at + f->span_length;
    uint8_t *buf = mud_malloc(MUD_PIECE);
    struct mud_piece piece = {.n = 1};
    bool ok = true;

    while (ok && at < end && piece.n) {
        ok = mud_pieces_read(&piece, buf, file, at, err);
        if (ok && piece.next > end && !mud_pieces_framed(file))
            piece.n -= (size_t)(piece.next - end);
        at = piece.next;
        ok = ok && (!piece.n || write(payload, buf, piece.n, err));
    }
    free(buf);
    return ok && (at >= end || mud_fail(err,
                                        MUD_ECORRUPT,
                                        "vault/%.*s ends at byte %lld",
                                        MUD_FMT(f->span_file),
                                        (long long)at));
}

bool mud_capture_records(struct mud_vault *vault, const struct mud_facts *f,
                         mud_warc_sink *write, void *payload,
                         struct mud_error *err)
{
    struct mud_pieces *file;
    char path[4300];
    bool ok;

    if (!f->has_span)
        return mud_fail(err,
                        MUD_EMISSING,
                        "this capture is a record of a WARC that was handed "
                        "over: take that file, or its payload");
    if (!mud_vault_path(path, sizeof(path), vault, f->span_file, err) ||
        !mud_pieces_open(&file, path, vault->keys, err))
        return false;
    ok = copy_span(f, file, write, payload, err);
    mud_pieces_close(file);
    return ok;
}
