/*
 * Images of posts: what they show, read in a process of its own. Contact codes
 * (QR) and printed text become text with their place in pixels, so that what
 * is found in them has an address; a likeness finds the same picture again
 * after it was saved anew, scaled, cut a little or marked.
 *
 * Nothing is opened that its header says is too large (MUD_IMAGE_*); what is
 * broken gives notes with a code, never an error and never a crash: a decoder
 * that dies or takes too long costs one image.
 */
#ifndef MUD_IMAGE_IMAGE_H
#define MUD_IMAGE_IMAGE_H

#include "base/hash.h"
#include "base/str.h"

#define MUD_IMAGE_BYTES  ((size_t)32 << 20)
#define MUD_IMAGE_SIDE   20000U             /* pixels, each way */
#define MUD_IMAGE_PIXELS UINT64_C(50000000) /* of the whole image */
#define MUD_IMAGE_CODES  16U                /* QR codes kept of one image */
#define MUD_IMAGE_LINES  400U               /* lines of text kept */
#define MUD_IMAGE_TEXT   ((size_t)64 << 10) /* bytes of text kept */
#define MUD_LIKENESS     64U /* bytes: the whole, and without its border */

enum mud_image_format {
    MUD_IMAGE_UNKNOWN = 0,
    MUD_IMAGE_PNG,
    MUD_IMAGE_JPEG,
    MUD_IMAGE_GIF, /* its first frame is read */
    MUD_IMAGE_WEBP
};

/* "png", "jpeg", "gif", "webp"; NULL of what is unknown. */
const char *mud_image_format_name(enum mud_image_format format);
/* By its first bytes; 16 are enough. */
enum mud_image_format mud_image_format_of(struct mud_str head);

struct mud_box { /* pixels of the image as sent, from its upper left corner */
    uint32_t x, y, w, h;
};

struct mud_image_word { /* a run of text that was read as one */
    struct mud_span at; /* bytes of its line's text */
    struct mud_box box;
    uint16_t sure; /* 0..1000, as the recogniser says */
};

struct mud_image_line {  /* of printed text, or a code's text */
    struct mud_str text; /* without line ends */
    struct mud_box box;
    uint16_t sure;
    const struct mud_image_word *words;
    size_t n_words;
};

struct mud_image_note {
    const char *code;    /* "image-broken", "image-too-large"... */
    struct mud_str text; /* English */
};

struct mud_image {              /* texts are UTF-8 in the arena */
    uint8_t sha256[MUD_SHA256]; /* of the bytes */
    enum mud_image_format format;
    uint32_t width, height; /* as the header says; 0 unknown */
    bool opened;            /* it was decoded */
    bool has_likeness;      /* there is enough in it to tell it from others */
    uint8_t likeness[MUD_LIKENESS];
    const struct mud_image_line *codes; /* QR */
    size_t n_codes;
    const struct mud_image_line *lines; /* in reading order */
    size_t n_lines;
    const struct mud_image_note *notes;
    size_t n_notes;
};

/* Its id in the graph: of "image" and the digest in hex. */
struct mud_id mud_image_id(const uint8_t sha256[MUD_SHA256]);
/* The box is a quarter of the image or more. Images that a code fills are
 * alike whatever it says: then the code tells them apart. */
bool mud_image_fills(const struct mud_image *image, const struct mud_box *box);

/* What this program can do with images: "leptonica-1.82.0", "zbar 0.23.92",
 * "tesseract 5.3.0"; NULL what it was built without. */
const char *mud_image_decoder(void);
const char *mud_image_code_reader(void);
const char *mud_image_text_reader(void);

/* A reader has one worker process, which is started at the first image. */
struct mud_image_reader;
struct mud_image_reader *mud_image_reader_new(void);
void mud_image_reader_free(struct mud_image_reader *reader);
/* Longest waits, wall clock, until codes and likeness are there and until the
 * text is (20 s and 90 s unless set). */
void mud_image_reader_patience(struct mud_image_reader *reader, int decode_ms,
                               int text_ms);

/* Fails only when no worker can be started. */
MUD_MUST bool mud_image_read(struct mud_image *out,
                             struct mud_image_reader *reader,
                             struct mud_str bytes, struct mud_arena *arena,
                             struct mud_error *err);

/* How many of 256 bits differ, whole or without borders: the least. Strangers
 * differ by about 128, by 90 at least (bench/README.md). */
unsigned mud_likeness_distance(const uint8_t a[MUD_LIKENESS],
                               const uint8_t b[MUD_LIKENESS]);
#define MUD_LIKE 80U /* up to here it is the same picture */

#endif
