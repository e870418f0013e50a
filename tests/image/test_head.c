#include "tests/support/mudtest.h"

#include "image/head.h"

#include <stdlib.h>

#define BYTES(literal)                  \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }

static const struct {
    const char *what;
    struct mud_str bytes;
    enum mud_image_format format;
    uint32_t w, h;
    bool bad;
} rows[] = {
    {"png",
     BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x80\x08\0\0\0\0crc."),
     MUD_IMAGE_PNG,
     256,
     128,
     false},
    {"png of no width",
     BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\x80\x08\0\0\0\0crc."),
     MUD_IMAGE_PNG,
     0,
     128,
     true},
    {"png cut short",
     BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
     MUD_IMAGE_PNG,
     0,
     0,
     true},
    {"jpeg behind a segment and fill bytes",
     BYTES("\xff\xd8\xff\xe0\0\4ab\xff\xff\xff\xc2\0\x0b\x08\0\x20\0\x10\1.."),
     MUD_IMAGE_JPEG,
     16,
     32,
     false},
    {"jpeg whose scan comes first",
     BYTES("\xff\xd8\xff\xda\0\4ab\xff\xc0\0\x0b\x08\0\x20\0\x10\1.."),
     MUD_IMAGE_JPEG,
     0,
     0,
     true},
    {"jpeg with a segment of length nought",
     BYTES("\xff\xd8\xff\xe0\0\0\xff\xc0\0\x0b\x08\0\x20\0\x10\1.."),
     MUD_IMAGE_JPEG,
     0,
     0,
     true},
    {"gif behind an extension",
     BYTES("GIF89a\4\0\3\0\0\0\0\x21\xf9\4\0\0\0\0\0"
           "\x2c\0\0\0\0\4\0\3\0\0\2\2\x84Q\0\x3b"),
     MUD_IMAGE_GIF,
     4,
     3,
     false},
    {"gif whose frame is larger",
     BYTES("GIF89a\4\0\3\0\0\0\0\x2c\0\0\0\0\xff\xff\3\0\0\2\2\x84Q\0\x3b"),
     MUD_IMAGE_GIF,
     4,
     3,
     true},
    {"gif without an end",
     BYTES("GIF89a\4\0\3\0\0\0\0\x2c\0\0\0\0\4\0\3\0\0\2\2\x84Q"),
     MUD_IMAGE_GIF,
     4,
     3,
     true},
    {"webp lossless",
     BYTES("RIFF\x20\0\0\0WEBPVP8L\x14\0\0\0\x2f\x07\xc0\x04\0....."),
     MUD_IMAGE_WEBP,
     8,
     20,
     false},
    {"webp with frames",
     BYTES("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x0f\0\0\x1f\0\0"),
     MUD_IMAGE_WEBP,
     16,
     32,
     false},
    {"text", BYTES("GIF is what I said"), MUD_IMAGE_UNKNOWN, 0, 0, true},
    {"nothing", BYTES(""), MUD_IMAGE_UNKNOWN, 0, 0, true},
};

static void test_head__gives_format_and_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_image_head head;
        mud_image_head_read(&head, rows[i].bytes);
        if (head.format != rows[i].format || head.width != rows[i].w ||
            head.height != rows[i].h || (head.bad != NULL) != rows[i].bad)
            fail_msg("%s: format %d, %ux%u, %s",
                     rows[i].what,
                     (int)head.format,
                     head.width,
                     head.height,
                     head.bad ? head.bad : "fine");
    }
}

static void test_head__never_reads_behind_the_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t n = 0; n <= rows[i].bytes.n; n++) {
            struct mud_image_head head;
            char *copy = mud_malloc(n ? n : 1); /* for ASan to watch its end */
            memcpy(copy, rows[i].bytes.s, n);
            mud_image_head_read(&head, mud_str_of(copy, n));
            free(copy);
        }
    }
}

static void test_head__knows_where_the_first_frame_ends(void **state)
{
    struct mud_image_head head;
    (void)state;
    mud_image_head_read(
        &head,
        mud_str_of("GIF89a\4\0\3\0\0\0\0\x2c\0\0\0\0\4\0\3\0\0\2\2\x84Q\0"
                   "\x2c\0\0\0\0\4\0\3\0\0\2\2\x84Q\0\x3b",
                   43));
    assert_null(head.bad);
    assert_int_equal(head.first, 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head__gives_format_and_size),
        cmocka_unit_test(test_head__never_reads_behind_the_end),
        cmocka_unit_test(test_head__knows_where_the_first_frame_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
