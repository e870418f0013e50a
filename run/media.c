#include "run/media.h"

#include "base/utf8.h"
#include "image/record.h"
#include "nlp/reading.h"

#include <stdlib.h>

enum {
    KEPT = 64,       /* posts of before that an image may be judged by */
    TEXT_MAX = 4096, /* bytes of each */
    CACHED = 256     /* images whose record is kept: smileys, banners */
};

struct said { /* hashes of keys; 0: none */
    uint64_t thread, author, post;
    bool other; /* it was judged to be outside the mission */
    struct mud_buf text;
};

struct cached {
    struct mud_id capture;
    struct mud_buf record;
};

struct mud_media {
    struct mud_image_reader *reader;
    char *folder;
    struct said said[KEPT];
    size_t n_said; /* since the capture began */
    struct cached cached[CACHED];
};

struct mud_media *mud_media_new(void)
{
    return mud_calloc(1, sizeof(struct mud_media));
}

void mud_media_free(struct mud_media *media)
{
    if (!media)
        return;
    mud_image_reader_free(media->reader);
    for (size_t i = 0; i < KEPT; i++)
        mud_buf_free(&media->said[i].text);
    for (size_t i = 0; i < CACHED; i++)
        mud_buf_free(&media->cached[i].record);
    free(media->folder);
    free(media);
}

void mud_media_folder(struct mud_media *media, const char *folder)
{
    free(media->folder);
    media->folder = folder ? mud_strdup(folder) : NULL;
}

void mud_media_begin(struct mud_media *media)
{
    media->n_said = 0;
}

static uint64_t hash_of(struct mud_str s)
{
    return s.n ? mud_hash64(s.s, s.n) | 1 : 0;
}

static struct mud_str author_of(const struct mud_post *post)
{
    return post->author_id.n ? post->author_id : post->author;
}

/* The post among those that later ones are judged by. */
static struct said *remember(struct mud_media *media,
                             const struct mud_post *post)
{
    struct said *said = &media->said[media->n_said++ % KEPT];

    said->thread = hash_of(post->thread);
    said->author = hash_of(author_of(post));
    said->post = hash_of(post->post);
    said->other = false;
    mud_buf_clear(&said->text);
    mud_buf_str(&said->text,
                mud_str_sub(post->body, 0, mud_utf8_cut(post->body, TEXT_MAX)));
    return said;
}

static bool is_other(bool *out, const struct mud_media_at *at,
                     const struct mud_message *message, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_reading reading = {0};

    *out = false;
    if (!message->text.n && !message->title.n && !message->signature.n)
        return true;
    if (!mud_read(&reading, at->worker->reader, message, NULL, arena, err))
        return false;
    *out = reading.category == MUD_CAT_OTHER;
    return true;
}

/* By what it answers, and by what its author wrote in the thread before. */
static bool is_other_before(bool *out, const struct mud_media *media,
                            const struct said *now, struct mud_str reply_to,
                            const struct mud_media_at *at,
                            struct mud_arena *arena, struct mud_error *err)
{
    uint64_t answered = hash_of(reply_to);
    size_t n = media->n_said < KEPT ? media->n_said : KEPT;

    *out = false;
    for (size_t i = 0; i < n && !*out; i++) {
        const struct said *said = &media->said[i];
        bool same = said->author && said->author == now->author;

        if (said == now || said->thread != now->thread ||
            !(same || (answered && said->post == answered)))
            continue;
        struct mud_message message = {.text = mud_buf_view(&said->text)};
        *out = said->other;
        if (!*out && !is_other(out, at, &message, arena, err))
            return false;
    }
    return true;
}

static bool out_of_mission(bool *out, struct mud_media *media, struct said *now,
                           const struct mud_post *post,
                           const struct mud_media_at *at,
                           struct mud_arena *arena, struct mud_error *err)
{
    struct mud_message message = {.text = post->body,
                                  .title = post->thread_title,
                                  .signature = post->signature};

    if (!is_other(out, at, &message, arena, err) ||
        (!*out &&
         !is_other_before(out, media, now, post->reply_to, at, arena, err)))
        return false;
    now->other = *out;
    return true;
}

static bool open_image(struct mud_image *out, struct mud_media *media,
                       const struct mud_capture *capture,
                       const struct mud_media_at *at, struct mud_arena *arena,
                       struct mud_error *err)
{
    struct cached *cached =
        &media->cached[(capture->id.b[0] ^ capture->id.b[5]) % CACHED];
    struct mud_exchange exchange;
    struct mud_str bytes = {0};
    struct mud_error odd = {0};
    bool whole = true;

    if (mud_id_eq(cached->capture, capture->id))
        return mud_image_record_read(
            out, mud_buf_view(&cached->record), arena, err);
    if (!media->reader)
        media->reader = mud_image_reader_new();
    if (!mud_capture_exchange(&exchange,
                              at->worker->vault,
                              capture,
                              MUD_IMAGE_BYTES,
                              arena,
                              &odd))
        return mud_fail(err, odd.code, "%s", odd.text);
    if (!mud_exchange_decode(
            &bytes, &whole, &exchange, MUD_IMAGE_BYTES, arena, &odd))
        bytes = (struct mud_str){0};
    if (!mud_image_read(out, media->reader, bytes, arena, err))
        return false;
    cached->capture = capture->id;
    mud_buf_clear(&cached->record);
    mud_image_record(&cached->record, out, (struct mud_str){0});
    return true;
}

/* The picture of one name; *got is false when there is none to be had. */
static bool take(struct mud_picture *out, bool *got, struct mud_media *media,
                 struct mud_str name, const struct mud_media_at *at,
                 struct mud_arena *arena, struct mud_error *err)
{
    struct mud_capture capture;
    struct mud_image *image = mud_arena_alloc(arena, sizeof(*image));

    if (!mud_media_find(&capture, got, media->folder, name, at, arena, err))
        return false;
    if (!*got) {
        mud_report_skip(at->report, "media-missing", name);
        return true;
    }
    if (capture.size > (int64_t)MUD_IMAGE_BYTES) {
        *got = false;
        mud_report_skip(at->report, "image-too-large", name);
        return true;
    }
    if (!open_image(image, media, &capture, at, arena, err))
        return mud_fail_in(err, "%.*s", MUD_FMT(name));
    for (size_t i = 0; i < image->n_notes; i++)
        mud_report_skip(at->report, image->notes[i].code, name);
    *out = (struct mud_picture){
        .name = name, .capture = capture.id, .image = image};
    mud_image_text(&out->text, image, arena);
    return true;
}

/* The names of what was read go behind the attachments that are there. */
static void attach(struct mud_post *post, struct mud_picture *pictures,
                   size_t n, struct mud_arena *arena)
{
    size_t before = post->n_attachments < 200 ? post->n_attachments : 200;
    struct mud_str *all = mud_arena_array(arena, before + n, sizeof(*all));

    for (size_t i = 0; i < before; i++)
        all[i] = post->attachments[i];
    for (size_t i = 0; i < n; i++) {
        pictures[i].place = (uint16_t)(before + i);
        all[before + i] = pictures[i].name;
    }
    post->attachments = all;
    post->n_attachments = before + n;
}

bool mud_media_post(struct mud_pictures *out, struct mud_post *post,
                    struct mud_media *media, const struct mud_media_at *at,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct mud_picture *pictures;
    struct said *now;
    bool other = false;
    size_t n = 0;

    *out = (struct mud_pictures){0};
    if (!at->source->media || post->state != MUD_POST_SHOWN)
        return true;
    now = remember(media, post);
    if (!post->n_images)
        return true;
    if (!out_of_mission(&other, media, now, post, at, arena, err))
        return false;
    if (other) {
        mud_report_skip(at->report, "media-out-of-mission", post->page_url);
        return true;
    }
    pictures = mud_arena_array(arena, MUD_PICTURES_MAX, sizeof(*pictures));
    for (size_t i = 0; i < post->n_images; i++) {
        bool got = false;

        if (n == MUD_PICTURES_MAX) {
            mud_report_skip(at->report, "media-limit", post->images[i]);
            break;
        }
        if (!take(&pictures[n], &got, media, post->images[i], at, arena, err))
            return false;
        n += got;
    }
    attach(post, pictures, n, arena);
    *out = (struct mud_pictures){pictures, n};
    return true;
}
