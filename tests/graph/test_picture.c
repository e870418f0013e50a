/* Pictures of posts in the graph: their texts masked like all others, print in
 * doubt never a node, and the same picture found again. */
#include "graph/image_show.h"
#include "graph/rebuild.h"
#include "tests/graph/world.h"

/* An image that says some lines, each of one word as sure as said; its prints
 * begin with `print`. */
struct shown {
    struct mud_image image;
    struct mud_image_line lines[4];
    struct mud_image_word words[4];
    struct mud_picture picture;
    struct mud_pictures all;
};

static void show(struct shown *s, struct mud_arena *arena, const char *name,
                 uint8_t print, const char *const *lines, uint16_t sure)
{
    *s = (struct shown){0};
    mud_sha256_of(mud_str_z(name), s->image.sha256);
    s->image.format = MUD_IMAGE_PNG;
    s->image.width = s->image.height = 100;
    s->image.opened = s->image.has_likeness = true;
    memset(s->image.likeness, print, MUD_LIKENESS);
    for (size_t i = 0; lines[i]; i++) {
        uint32_t y = 10 * (uint32_t)i;
        struct mud_str text = mud_str_z(lines[i]);
        s->words[i] =
            (struct mud_image_word){{0, (uint32_t)text.n}, {1, y, 90, 8}, sure};
        s->lines[i] =
            (struct mud_image_line){text, {1, y, 90, 8}, sure, &s->words[i], 1};
        s->image.n_lines++;
    }
    s->image.lines = s->lines;
    s->picture = (struct mud_picture){.name = mud_str_z(name),
                                      .capture = mud_id_of("c", MUD_STR("1")),
                                      .image = &s->image};
    mud_image_text(&s->picture.text, &s->image, arena);
    s->all = (struct mud_pictures){&s->picture, 1};
}

static void add(struct world *world, unsigned capture, struct mud_post post,
                const struct shown *s)
{
    struct mud_capture sealed = world_capture(capture);
    struct mud_ingest *ingest = NULL;
    struct mud_error err = {0};

    assert_ok(mud_ingest_new(&ingest, &world->options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, &sealed, &err), &err);
    assert_ok(mud_ingest_post_shown(ingest, &post, &s->all, &err), &err);
    assert_ok(mud_ingest_end(ingest, &err), &err);
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
}

static int64_t count(struct world *world, const char *what)
{
    return mud_test_pg_int(world->pg,
                           mudtest_text("SELECT count(*) FROM %s", what));
}

static void test_picture__victims_in_it_are_masked(void **state)
{
    static const char *const lines[] = {"出售车主数据 样本：",
                                        "张三 13800001234 110101199003070038",
                                        "李四 13800005678 110101198807150026",
                                        NULL};
    struct mud_arena *arena = mud_arena_new();
    struct world world = world_open();
    struct shown s;

    (void)state;
    show(&s, arena, "sample.png", 7, lines, 950);
    add(&world, 1, world_post("t1", "p1", "甲", "看图"), &s);
    assert_int_equal(count(&world, "mud.content WHERE field = 6"), 1);
    assert_int_equal(count(&world,
                           "mud.content WHERE body ~ "
                           "'13800001234|110101199003070038|13800005678'"),
                     0);
    assert_int_equal(
        count(&world, "mud.annotation WHERE value ~ '1380000|1101011'"), 0);
    assert_int_equal(count(&world, "mud.entity WHERE value ~ '1380000'"), 0);
    assert_true(count(&world, "mud.annotation WHERE type = 5 AND field = 6") >=
                2);
    world_close(&world);
    mud_arena_free(arena);
}

static void test_picture__print_in_doubt_is_no_node(void **state)
{
    static const char *const lines[] = {
        "出售国外肉鸡 3元一台", "QQ 9123456780", NULL};
    struct mud_arena *arena = mud_arena_new();
    struct world world = world_open();
    struct shown s;

    (void)state;
    show(&s, arena, "a.png", 7, lines, 700);
    add(&world, 1, world_post("t1", "p1", "甲", ""), &s);
    assert_int_equal(count(&world, "mud.entity WHERE value = '9123456780'"), 0);
    assert_int_equal(count(&world,
                           "mud.annotation WHERE type = 7 AND field = 6 AND "
                           "value = '9123456780'"),
                     1);
    show(&s, arena, "b.png", 7, lines, 950);
    add(&world, 2, world_post("t1", "p2", "乙", ""), &s);
    assert_int_equal(count(&world, "mud.entity WHERE value = '9123456780'"), 1);
    world_close(&world);
    mud_arena_free(arena);
}

static bool keep(struct mud_str line, void *payload, struct mud_error *err)
{
    struct mud_buf *all = payload;
    (void)err;
    mud_buf_str(all, line);
    mud_buf_c(all, '\n');
    return true;
}

static size_t times(struct mud_str text, const char *what)
{
    size_t n = 0, at;
    while ((at = mud_str_find(text, mud_str_z(what))) != MUD_NPOS) {
        text = mud_str_sub(text, at + strlen(what), text.n);
        n++;
    }
    return n;
}

static void test_picture__the_same_picture_is_found_again(void **state)
{
    static const char *const lines[] = {"出售国外肉鸡 3元一台", NULL};
    struct mud_arena *arena = mud_arena_new();
    struct world world = world_open();
    struct mud_buf all = {0};
    struct mud_error err = {0};
    struct shown s;

    (void)state;
    show(&s, arena, "a.png", 0x0f, lines, 950);
    add(&world, 1, world_post("t1", "p1", "甲", ""), &s);
    show(&s, arena, "b.png", 0x0f, lines, 950);
    s.image.likeness[3] ^= 0xff; /* saved anew */
    s.image.likeness[40] ^= 0xff;
    add(&world, 2, world_post("t1", "p2", "乙", ""), &s);
    show(&s, arena, "c.png", 0x55, lines, 950); /* half of its bits differ */
    add(&world, 3, world_post("t1", "p3", "丙", ""), &s);
    show(&s, arena, "a.png", 0x0f, lines, 950);
    assert_ok(mud_image_similar(world.pg, s.image.sha256, 0, keep, &all, &err),
              &err);
    struct mud_str said = mud_buf_view(&all);
    assert_int_equal(times(said, "\"type\":\"sighting\""), 2);
    assert_int_equal(times(said, "\"differ\":0,"), 1);
    assert_int_equal(times(said, "\"differ\":8,"), 1);
    assert_int_equal(times(said, "c.png"), 0);
    /* The same of an image that is not known. */
    mud_buf_clear(&all);
    show(&s, arena, "new.png", 0x0f, lines, 950);
    assert_ok(mud_image_similar_to(world.pg, &s.image, 1, keep, &all, &err),
              &err);
    assert_int_equal(times(mud_buf_view(&all), "\"type\":\"sighting\""), 1);
    mud_buf_clear(&all);
    assert_fails(
        mud_image_similar(world.pg, s.image.sha256, 0, keep, &all, &err),
        &err,
        MUD_EMISSING,
        "no image");
    mud_buf_free(&all);
    world_close(&world);
    mud_arena_free(arena);
}

static void test_picture__codes_tell_images_of_codes_apart(void **state)
{
    static const char *const none[] = {NULL};
    struct mud_arena *arena = mud_arena_new();
    struct world world = world_open();
    struct mud_buf all = {0};
    struct mud_error err = {0};
    struct mud_image_line code = {.text = MUD_STR("https://t.me/one"),
                                  .box = {10, 10, 80, 80}};
    struct shown s;

    (void)state;
    show(&s, arena, "one.png", 0x0f, none, 0);
    s.image.codes = &code;
    s.image.n_codes = 1;
    add(&world, 1, world_post("t1", "p1", "甲", "看图"), &s);
    show(&s, arena, "two.png", 0x0f, none, 0);
    s.image.codes = &code;
    s.image.n_codes = 1;
    code.text = MUD_STR("https://t.me/two");
    assert_ok(mud_image_similar_to(world.pg, &s.image, 0, keep, &all, &err),
              &err);
    assert_int_equal(times(mud_buf_view(&all), "\"type\":\"sighting\""), 0);
    mud_buf_clear(&all);
    code.text = MUD_STR("https://t.me/one");
    assert_ok(mud_image_similar_to(world.pg, &s.image, 0, keep, &all, &err),
              &err);
    assert_int_equal(times(mud_buf_view(&all), "\"type\":\"sighting\""), 1);
    mud_buf_free(&all);
    world_close(&world);
    mud_arena_free(arena);
}

static void test_picture__order_of_captures_does_not_matter(void **state)
{
    static const char *const lines[] = {
        "出售国外肉鸡 3元一台", "QQ 9123456780", NULL};
    uint8_t digests[2][MUD_SHA256];
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct world world = world_open();
        for (unsigned i = 0; i < 2; i++) {
            struct shown s;
            unsigned at = turn ? 2 - i : 1 + i;
            show(&s, arena, "a.png", 0x0f, lines, 950);
            s.picture.capture =
                mud_id_of("c", mud_str_z(at == 1 ? "one" : "two"));
            add(&world, at, world_post("t1", "p1", "甲", "看图"), &s);
        }
        assert_ok(mud_graph_digest(digests[turn], NULL, world.pg, &err), &err);
        world_close(&world);
    }
    assert_memory_equal(digests[0], digests[1], MUD_SHA256);
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture__victims_in_it_are_masked),
        cmocka_unit_test(test_picture__print_in_doubt_is_no_node),
        cmocka_unit_test(test_picture__the_same_picture_is_found_again),
        cmocka_unit_test(test_picture__codes_tell_images_of_codes_apart),
        cmocka_unit_test(test_picture__order_of_captures_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
