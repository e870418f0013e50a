/*
 * Images of posts, for sources that allow them (`source add --media`): each is
 * sealed as a capture of its own, read in a process with limits, and goes into
 * the graph with its post. Without that permission nothing is opened, and
 * nothing beside the texts is taken from what is handed over.
 *
 * Adverts outside the mission (category `other`) are text only: their images
 * are neither sealed nor opened. An image with few words is judged also by
 * what its post answers and by what the same author wrote there before.
 */
#ifndef MUD_RUN_MEDIA_H
#define MUD_RUN_MEDIA_H

#include "run/report.h"
#include "run/source.h"
#include "run/worker.h"

struct mud_media;
struct mud_media *mud_media_new(void);
void mud_media_free(struct mud_media *media); /* NULL is fine */

/* Where the export at hand lies, so that images its messages name are taken
 * from there; NULL: only those that are sealed already. Copied. */
void mud_media_folder(struct mud_media *media, const char *folder);

/* One capture's posts, in their order. */
struct mud_media_at {
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_capture *capture;
    struct mud_report *report;
};

void mud_media_begin(struct mud_media *media);

/*
 * The pictures of a post, in arena; none where the source allows no media.
 * *post gets their names among its attachments. What is passed over is
 * counted in the report: "media-out-of-mission", "media-missing",
 * "media-limit", and the notes of images.
 */
MUD_MUST bool mud_media_post(struct mud_pictures *out, struct mud_post *post,
                             struct mud_media *media,
                             const struct mud_media_at *at,
                             struct mud_arena *arena, struct mud_error *err);

/* By the end of its name: an image, and also sound and film. */
bool mud_media_is_image(struct mud_str name);
bool mud_media_is_file(struct mud_str name);

/*
 * The images of an archive (zip, tar) into a new folder below TMPDIR; *folder (in
 * arena) is where names are to be looked for, NULL when it holds none. Bounded
 * in number and size. mud_media_forget removes it.
 */
MUD_MUST bool mud_media_unpack(const char **folder, const char *path,
                               struct mud_arena *arena, struct mud_error *err);
void mud_media_forget(const char *folder); /* NULL is fine */

/* media_find.c: the capture of an image that a post calls `name`; *found is
 * false when it is not held. Inside run only. */
MUD_MUST bool mud_media_find(struct mud_capture *out, bool *found,
                             const char *folder, struct mud_str name,
                             const struct mud_media_at *at,
                             struct mud_arena *arena, struct mud_error *err);

#endif
