#include "run/step.h"

#include "parse/chat.h"
#include "run/coverage.h"
#include "run/media.h"

#include <stdio.h>

static void count_posts(struct mud_report *report,
                        const struct mud_parsed *parsed)
{
    for (size_t i = 0; i < parsed->n_posts; i++) {
        const struct mud_post *post = &parsed->posts[i];
        mud_report_post(report, post->posted);
        if (post->state == MUD_POST_BLOCKED)
            mud_report_skip(report, "post-blocked", post->page_url);
        else if (post->state == MUD_POST_DELETED)
            mud_report_skip(report, "post-deleted", post->page_url);
        else if (post->state == MUD_POST_LOGIN)
            mud_report_skip(report, "post-login", post->page_url);
    }
    report->notes += (int64_t)parsed->n_notes;
}

static const struct mud_note *note_of(struct mud_arena *arena, const char *code,
                                      const char *text)
{
    struct mud_note *note = mud_arena_alloc(arena, sizeof *note);

    *note = (struct mud_note){.severity = "error",
                              .code = code,
                              .text = mud_str_dup(mud_str_z(text), arena)};
    return note;
}

/* Lengths that are wrong, of a page that is there to its end. */
static bool has_end(struct mud_str body)
{
    size_t from = body.n > 1024 ? body.n - 1024 : 0;

    return mud_str_ifind(mud_str_sub(body, from, body.n), MUD_STR("</html>")) !=
           MUD_NPOS;
}

/* A body whose coding is broken is what could be read of it, with a note. */
static bool decode(struct mud_str *body, const struct mud_note **note,
                   const struct mud_exchange *exchange, struct mud_arena *arena)
{
    struct mud_error why = {0};
    bool whole = true;

    *note = NULL;
    if (!mud_exchange_decode(
            body, &whole, exchange, MUD_PAGE_MAX, arena, &why)) {
        *note = note_of(arena, "undecodable", why.text);
        return false;
    }
    if (!whole && !has_end(*body))
        *note = note_of(arena,
                        "truncated",
                        "the body ends before its coding or length says; its "
                        "last post is left out, since it may be half of one");
    return true;
}

/* So that all who read the page know: what is not in it may be behind the cut. */
static void add_note(struct mud_parsed *parsed, const struct mud_note *note,
                     struct mud_arena *arena)
{
    struct mud_note *notes =
        mud_arena_array(arena, parsed->n_notes + 1, sizeof *notes);

    for (size_t i = 0; i < parsed->n_notes; i++)
        notes[i] = parsed->notes[i];
    notes[parsed->n_notes++] = *note;
    parsed->notes = notes;
}

/* A post with its pictures, where the source allows them. */
static bool ingest_post(const struct mud_media_at *at,
                        const struct mud_post *post, struct mud_arena *arena,
                        struct mud_error *err)
{
    struct mud_post shown = *post;
    struct mud_pictures pictures;

    return mud_media_post(
               &pictures, &shown, at->worker->media, at, arena, err) &&
           mud_ingest_post_shown(at->worker->ingest, &shown, &pictures, err);
}

static bool ingest(const struct mud_media_at *at,
                   const struct mud_parsed *parsed, bool page,
                   const struct mud_note *extra, struct mud_error *err)
{
    struct mud_worker *worker = at->worker;
    struct mud_arena *arena = mud_arena_new();
    bool good = mud_ingest_begin(worker->ingest, at->capture, err);

    if (good && page)
        mud_ingest_kind(worker->ingest, parsed->engine, parsed->kind);
    mud_media_begin(worker->media);
    for (size_t i = 0; good && i < parsed->n_posts; i++) {
        good = ingest_post(at, &parsed->posts[i], arena, err);
        mud_arena_reset(arena);
    }
    mud_arena_free(arena);
    if (!good)
        return false;
    for (size_t i = 0; i < parsed->n_notes; i++)
        mud_ingest_note(worker->ingest, &parsed->notes[i]);
    if (extra)
        mud_ingest_note(worker->ingest, extra);
    return mud_ingest_end(worker->ingest, err);
}

/* The last part of its address: some exports say what they are only there. */
static struct mud_str name_of(const struct mud_capture *capture)
{
    size_t slash = mud_str_rchr(capture->url, '/');
    return slash == MUD_NPOS
               ? capture->url
               : mud_str_sub(capture->url, slash + 1, capture->url.n);
}

static bool stream_read(void *payload, void *out, size_t size, size_t *n,
                        struct mud_error *err)
{
    return mud_capture_stream_read(payload, out, size, n, err);
}

struct chat {
    struct mud_media_at at;
    struct mud_coverage_chat coverage;
    struct mud_arena *arena; /* of one message */
};

static bool chat_post(const struct mud_post *post, void *payload,
                      struct mud_error *err)
{
    struct chat *chat = payload;

    mud_report_post(chat->at.report, post->posted);
    mud_coverage_message(&chat->coverage, post);
    mud_arena_reset(chat->arena);
    return ingest_post(&chat->at, post, chat->arena, err);
}

static bool chat_note(const struct mud_note *note, void *payload,
                      struct mud_error *err)
{
    struct chat *chat = payload;
    char where[400];

    (void)err;
    snprintf(where,
             sizeof where,
             "%.*s, byte %llu: %.*s",
             MUD_FMT(chat->at.capture->url),
             (unsigned long long)note->byte,
             MUD_FMT(note->text));
    if (strcmp(note->severity, "error") == 0 && !chat->coverage.note)
        chat->coverage.note = note->code;
    if (strcmp(note->severity, "info") != 0)
        mud_report_skip(chat->at.report, note->code, mud_str_z(where));
    chat->at.report->notes++;
    mud_ingest_note(chat->at.worker->ingest, note);
    return true;
}

static bool chat_heard(struct mud_str place, int64_t from, int64_t until,
                       void *payload, struct mud_error *err)
{
    struct chat *chat = payload;

    (void)err;
    mud_coverage_heard(&chat->coverage, place, from, until);
    return true;
}

/* Messages of a capture from its bytes on. */
static bool read_chat(struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_capture *capture,
                      const struct mud_chat_format *format,
                      struct mud_bytes_in bytes, struct mud_report *report,
                      struct mud_error *err)
{
    struct chat chat = {.at = {worker, source, capture, report}};
    struct mud_chat_sink sink = {chat_post, chat_note, &chat, chat_heard};
    struct mud_chat_in in = {
        .bytes = bytes,
        .name = name_of(capture),
        .url = capture->url,
        .zone = source->zone,
        .at = capture->at,
    };

    mud_coverage_begin(&chat.coverage, format);
    chat.arena = mud_arena_new();
    mud_media_begin(worker->media);
    bool good = mud_ingest_begin(worker->ingest, capture, err);
    if (good && format->read(&in, &sink, err)) {
        good = mud_ingest_end(worker->ingest, err) &&
               mud_coverage_chat(worker, source, capture, &chat.coverage, err);
    } else if (good) {
        mud_ingest_drop(worker->ingest);
        good = false;
    }
    mud_arena_free(chat.arena);
    return good || mud_fail_in(err, "%.*s", MUD_FMT(capture->url));
}

static bool step_chat(struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_capture *capture,
                      const struct mud_chat_format *format,
                      struct mud_report *report, struct mud_error *err)
{
    struct mud_capture_stream *stream;

    if (!mud_capture_stream_open(&stream, worker->vault, capture, err))
        return false;
    struct mud_bytes_in bytes = {stream_read, stream};
    bool good = read_chat(worker, source, capture, format, bytes, report, err);
    mud_capture_stream_close(stream);
    return good;
}

static bool view_read(void *payload, void *out, size_t size, size_t *n,
                      struct mud_error *err)
{
    struct mud_str *rest = payload;

    (void)err;
    *n = rest->n < size ? rest->n : size;
    memcpy(out, rest->s, *n);
    *rest = mud_str_sub(*rest, *n, rest->n);
    return true;
}

/* The chat format of an answer in JSON: of a homeserver, of the Bot API. */
static const struct mud_chat_format *format_of(
    const struct mud_capture *capture, struct mud_str body)
{
    const struct mud_chat_format *format;

    if (mud_str_ifind(capture->content_type, MUD_STR("json")) == MUD_NPOS)
        return NULL;
    format = mud_chat_of(
        mud_str_of(body.s, body.n < MUD_CHAT_HEAD ? body.n : MUD_CHAT_HEAD),
        name_of(capture));
    return format && !mud_chat_is_page(format) ? format : NULL;
}

bool mud_step_page(struct mud_parsed *parsed, struct mud_worker *worker,
                   const struct mud_source *source,
                   const struct mud_capture *capture,
                   const struct mud_exchange *exchange,
                   struct mud_report *report, struct mud_arena *arena,
                   struct mud_error *err)
{
    static const struct mud_step_asks session = {.asks = MUD_ASKS_SESSION};

    return mud_step_asking(parsed,
                           &session,
                           worker,
                           source,
                           capture,
                           exchange,
                           report,
                           arena,
                           err);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_step_asking(struct mud_parsed *parsed,
                     const struct mud_step_asks *asks,
                     struct mud_worker *worker, const struct mud_source *source,
                     const struct mud_capture *capture,
                     const struct mud_exchange *exchange,
                     struct mud_report *report, struct mud_arena *arena,
                     struct mud_error *err)
{
    const struct mud_note *note;
    struct mud_str body;

    *parsed = (struct mud_parsed){0};
    if (decode(&body, &note, exchange, arena)) {
        const struct mud_chat_format *format = format_of(capture, body);
        struct mud_str rest = body;
        if (format) {
            parsed->kind = MUD_PAGE_CHAT;
            return read_chat(worker,
                             source,
                             capture,
                             format,
                             (struct mud_bytes_in){view_read, &rest},
                             report,
                             err);
        }
        struct mud_page_in in = {
            .bytes = body,
            .url = capture->url,
            .content_type = capture->content_type,
            .head = exchange->response_head,
            .status = capture->status,
            .fetched_at = capture->at,
            .zone = source->zone,
            .asks = asks->asks,
            .rules = asks->rules,
        };
        if (!mud_parser_page(worker->parser, parsed, &in, arena, err))
            return mud_fail_in(err, "parse %.*s", MUD_FMT(capture->url));
    }
    /* Half of a post would be taken for an edit of it. */
    if (note && parsed->n_posts)
        parsed->n_posts--;
    count_posts(report, parsed);
    if (note)
        add_note(parsed, note, arena);
    if (note)
        mud_report_skip(report, note->code, capture->url);
    const struct mud_media_at at = {worker, source, capture, report};
    if (!ingest(&at, parsed, true, NULL, err))
        return mud_fail_in(err, "ingest %.*s", MUD_FMT(capture->url));
    return true;
}

/* What a file is, by its first bytes. */
struct shape {
    bool page;
    const struct mud_chat_format *chat; /* NULL: none */
};

static struct shape shape_of(const struct mud_capture *capture,
                             struct mud_str head)
{
    const struct mud_chat_format *chat = mud_chat_of(head, name_of(capture));
    struct mud_str text = mud_str_trim(head);

    bool html =
        mud_str_ifind(capture->content_type, MUD_STR("html")) != MUD_NPOS;
    if (chat && !(html && mud_chat_is_page(chat)))
        return (struct shape){false, chat};
    if (html ||
        mud_str_ifind(capture->content_type, MUD_STR("xml")) != MUD_NPOS)
        return (struct shape){true, NULL};
    if (mud_str_starts(text, MUD_STR("\xef\xbb\xbf")))
        text = mud_str_sub(text, 3, text.n);
    if (mud_str_istarts(text, MUD_STR("<!doctype")) ||
        mud_str_istarts(text, MUD_STR("<html")) ||
        mud_str_istarts(text, MUD_STR("<?xml")) ||
        mud_str_starts(text, MUD_STR("{")) ||
        mud_str_starts(text, MUD_STR("["))) /* a board that answers as JSON */
        return (struct shape){true, NULL};
    return (struct shape){false, NULL};
}

static bool read_head(struct mud_str *head, struct mud_worker *worker,
                      const struct mud_capture *capture,
                      struct mud_arena *arena, struct mud_error *err)
{
    struct mud_capture_stream *stream;
    char *room = mud_arena_alloc(arena, MUD_CHAT_HEAD);
    size_t n = 0, got = 1;
    bool good;

    if (!mud_capture_stream_open(&stream, worker->vault, capture, err))
        return false;
    do {
        good = mud_capture_stream_read(
            stream, room + n, MUD_CHAT_HEAD - n, &got, err);
        n += good ? got : 0;
    } while (good && got && n < MUD_CHAT_HEAD);
    mud_capture_stream_close(stream);
    *head = mud_str_of(room, n);
    return good;
}

/* A file that nothing here reads stays evidence; it counts as looked at. */
static bool step_other(const struct mud_media_at *at, bool too_large,
                       struct mud_error *err)
{
    struct mud_note note = {.severity = "warning",
                            .code = "unknown-file",
                            .text = MUD_STR("no parser knows this file")};
    struct mud_parsed nothing = {.notes = &note, .n_notes = 1};

    if (too_large) {
        note.code = "too-large";
        note.text = MUD_STR("the page is above 64 MiB");
    }
    mud_report_skip(at->report, note.code, at->capture->url);
    return ingest(at, &nothing, false, NULL, err);
}

bool mud_step_hop(struct mud_worker *worker, const struct mud_capture *capture,
                  struct mud_error *err)
{
    const struct mud_note note = {
        .severity = "info",
        .code = "reload",
        .text = MUD_STR("a page that sets a cookie and loads itself again")};

    if (!mud_ingest_begin(worker->ingest, capture, err))
        return false;
    mud_ingest_note(worker->ingest, &note);
    return mud_ingest_end(worker->ingest, err);
}

bool mud_step_not_there(const struct mud_parsed *parsed, int status)
{
    static const char *const words[] = {"404",
                                        "not found",
                                        "does not exist",
                                        "页面不存在",
                                        "頁面不存在",
                                        "找不到页面",
                                        "找不到頁面",
                                        "页面找不到",
                                        "страница не найдена",
                                        "не найдено"};

    if (parsed->kind != MUD_PAGE_UNKNOWN && parsed->kind != MUD_PAGE_MESSAGE)
        return false;
    if (status == 404 || status == 410)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mud_str_ifind(parsed->title, mud_str_z(words[i])) != MUD_NPOS)
            return true;
    return false;
}

static const char *why_not_read(const struct mud_parsed *parsed)
{
    switch (parsed->kind) {
    case MUD_PAGE_UNKNOWN:
        return "unknown-page";
    case MUD_PAGE_LOGIN:
        return "login-wall";
    case MUD_PAGE_MESSAGE:
        return "message";
    case MUD_PAGE_CHALLENGE:
        return "challenge";
    case MUD_PAGE_THREAD:
        return parsed->n_posts ? NULL : "no-posts";
    case MUD_PAGE_INDEX:
    case MUD_PAGE_BOARD:
    case MUD_PAGE_PROFILE:
    case MUD_PAGE_FEED:
    case MUD_PAGE_CHAT:
    case MUD_PAGE_OTHER:
        return NULL;
    }
    return NULL;
}

static bool step_stored_page(struct mud_worker *worker,
                             const struct mud_source *source,
                             const struct mud_capture *capture,
                             struct mud_report *report, mud_step_each *each,
                             void *payload, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_exchange exchange;
    struct mud_parsed parsed;
    bool good =
        mud_capture_exchange(
            &exchange, worker->vault, capture, MUD_PAGE_MAX, arena, err) &&
        mud_step_page(
            &parsed, worker, source, capture, &exchange, report, arena, err);

    if (good) {
        const char *why = why_not_read(&parsed);
        if (why)
            mud_report_skip(report, why, capture->url);
        good = mud_coverage_page(worker,
                                 source,
                                 capture,
                                 &parsed,
                                 -1,
                                 mud_coverage_plain(capture->url),
                                 err) &&
               (!each || each(payload, capture, &parsed, err));
    }
    mud_arena_free(arena);
    return good;
}

bool mud_step_capture(struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_capture *capture,
                      struct mud_report *report, struct mud_error *err)
{
    return mud_step_capture_seen(
        worker, source, capture, report, NULL, NULL, err);
}

bool mud_step_capture_seen(struct mud_worker *worker,
                           const struct mud_source *source,
                           const struct mud_capture *capture,
                           struct mud_report *report, mud_step_each *each,
                           void *payload, struct mud_error *err)
{
    struct shape shape = {true, NULL};

    if (capture->whole || (capture->status >= 300 && capture->status < 400) ||
        mud_str_istarts(capture->content_type, MUD_STR("image/")))
        return true;
    report->pages++;
    if (capture->kind == MUD_CAPTURE_FILE) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_str head;
        bool good = read_head(&head, worker, capture, arena, err);
        if (good)
            shape = shape_of(capture, head);
        mud_arena_free(arena);
        if (!good)
            return false;
    }
    if (shape.chat)
        return step_chat(worker, source, capture, shape.chat, report, err);
    bool too_large = shape.page && capture->size > (int64_t)MUD_PAGE_MAX;
    if (!shape.page || too_large) {
        const struct mud_media_at at = {worker, source, capture, report};
        return step_other(&at, too_large, err);
    }
    return step_stored_page(
        worker, source, capture, report, each, payload, err);
}
