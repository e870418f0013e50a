/*
 * Where the same picture was seen: by its bytes, and by likeness after it was
 * saved anew, scaled, cut a little or marked (image/image.h). That two posts
 * show one picture is no claim that one person wrote them: pictures are copied.
 */
#ifndef MUD_GRAPH_IMAGE_SHOW_H
#define MUD_GRAPH_IMAGE_SHOW_H

#include "base/json.h"
#include "graph/records.h"
#include "image/image.h"

/*
 * First {"type":"picture","schema":1,"sha256","format","width","height","posts",
 *  "images" (how many distinct files),"authors"}, then, the nearest and the
 * oldest first, at most limit (0: 10,000) of
 * {"type":"sighting","schema":1,"id" (post),"source","author","author_id",
 *  "seller","posted_at","first_seen","category","name","sha256","differ" (bits
 *  of 256; 0: the same file),"alike" (0..1),"says" (what it says, masked),
 *  "text" (of the post),"capture" (of the image)}.
 * MUD_EMISSING: no image that was read has that digest.
 */
MUD_MUST bool mud_image_similar(struct mud_pg *pg,
                                const uint8_t sha256[MUD_SHA256], size_t limit,
                                mud_record_fn *record, void *payload,
                                struct mud_error *err);

/* The same for an image that need not be known. */
MUD_MUST bool mud_image_similar_to(struct mud_pg *pg,
                                   const struct mud_image *image, size_t limit,
                                   mud_record_fn *record, void *payload,
                                   struct mud_error *err);

/*
 * Adds "image" to an object: where the span of a text that a picture of the
 * post says stands in it: {"sha256","capture","attachment" (index in the post's
 * attachments),"name","boxes":[[x,y,width,height]] (pixels),"by" (qr or ocr),
 * "confidence" (0..1, of the least sure word),"tools"}.
 */
MUD_MUST bool mud_image_said(struct mud_json *json, struct mud_pg *pg,
                             struct mud_id post, struct mud_id content,
                             struct mud_span at, struct mud_error *err);

#endif
