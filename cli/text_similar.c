/* Adverts posted again, for a terminal. */
#include "base/lang.h"
#include "cli/text_forms.h"

#include <math.h>

static void put_name(struct mud_buf *out, const json_t *record, bool colour)
{
    struct mud_str name = mud_json_get_str(record, "author");

    mud_buf_z(out, mud_ink(colour, MUD_INK_BOLD));
    if (!name.n)
        name = mud_json_get_str(record, "author_id");
    if (name.n)
        mud_text_plain(out, name, 32);
    else
        mud_buf_z(out, mud_t("anonymous", "匿名"));
    mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
}

static void put_span(struct mud_buf *out, const json_t *record)
{
    mud_text_time(out, mud_json_get_str(record, "first_seen"));
    mud_buf_z(out, " … ");
    mud_text_time(out, mud_json_get_str(record, "last_seen"));
}

void mud_text_similar(struct mud_buf *out, const json_t *similar, bool colour)
{
    const json_t *poster;
    size_t i;

    if (!mud_json_has(similar, "template"))
        mud_buf_printf(out,
                       "%s",
                       mud_t("no other text is like it\n",
                             "没有与之近似的其他文本\n"));
    mud_buf_printf(out,
                   mud_t("%lld posts, %lld texts, %lld names; ",
                         "%lld 条帖子，%lld 种文本，%lld 个名字；"),
                   (long long)mud_json_get_int(similar, "posts", 0),
                   (long long)mud_json_get_int(similar, "contents", 0),
                   (long long)mud_json_get_int(similar, "authors", 0));
    put_span(out, similar);
    mud_buf_c(out, '\n');
    if (mud_json_has(similar, "template")) {
        mud_buf_z(out, mud_t("template ", "模板 "));
        mud_text_plain(out, mud_json_get_str(similar, "template"), 40);
        mud_buf_c(out, '\n');
    }
    json_array_foreach(json_object_get(similar, "posters"), i, poster)
    {
        mud_buf_printf(
            out, "%6lld  ", (long long)mud_json_get_int(poster, "posts", 0));
        put_name(out, poster, colour);
        mud_buf_z(out, "  ");
        mud_text_plain(out, mud_json_get_str(poster, "source"), 24);
        mud_buf_z(out, "  ");
        put_span(out, poster);
        mud_buf_c(out, '\n');
    }
}

static void put_amounts(struct mud_buf *out, const json_t *value)
{
    double low = mud_json_get_double(value, "min", NAN);
    double high = mud_json_get_double(value, "max", NAN);

    if (!isnan(low))
        mud_buf_printf(out, " %.10g", low);
    if (!isnan(high) && (isnan(low) || high > low))
        mud_buf_printf(out, "%s%.10g", isnan(low) ? " ≤" : "-", high);
    mud_buf_c(out, ' ');
    mud_text_plain(out, mud_json_get_str(value, "currency"), 8);
    if (mud_json_get_str(value, "unit").n) {
        mud_buf_c(out,
                  mud_str_eqz(mud_json_get_str(value, "what"), "price") ? '/'
                                                                        : ' ');
        mud_text_plain(out, mud_json_get_str(value, "unit"), 16);
    }
}

static void put_values(struct mud_buf *out, const json_t *record,
                       const char *key, char sign, const char *ink)
{
    const json_t *value;
    size_t i;

    json_array_foreach(json_object_get(record, key), i, value)
    {
        struct mud_str what = mud_json_get_str(value, "what");

        if (i == 12) {
            mud_buf_z(out, " …");
            break;
        }
        mud_buf_printf(out, "  %s%c", ink, sign);
        if (mud_str_eqz(what, "contact")) {
            mud_text_plain(out, mud_json_get_str(value, "kind"), 24);
            mud_buf_c(out, ':');
            mud_text_plain(out, mud_json_get_str(value, "value"), 64);
        } else {
            mud_text_plain(out, what, 16);
            put_amounts(out, value);
        }
    }
}

void mud_text_repost(struct mud_buf *out, const json_t *repost, bool colour)
{
    struct mud_str at = mud_json_get_str(repost, "posted_at");

    mud_text_time(out, at.n ? at : mud_json_get_str(repost, "first_seen"));
    mud_buf_printf(
        out, "  %3.0f%%  ", 100 * mud_json_get_double(repost, "alike", 0));
    put_name(out, repost, colour);
    mud_buf_z(out, "  ");
    mud_text_plain(out, mud_json_get_str(repost, "text"), 80);
    mud_buf_c(out, '\n');
    mud_buf_printf(out, "%18s%s", "", mud_ink(colour, MUD_INK_DIM));
    mud_text_plain(out, mud_json_get_str(repost, "id"), 40);
    mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
    put_values(out, repost, "added", '+', mud_ink(colour, MUD_INK_GREEN));
    put_values(out, repost, "gone", '-', mud_ink(colour, MUD_INK_RED));
    mud_buf_printf(out, "%s\n", mud_ink(colour, MUD_INK_OFF));
}

void mud_text_picture(struct mud_buf *out, const json_t *picture, bool colour)
{
    (void)colour;
    mud_text_plain(out, mud_json_get_str(picture, "format"), 8);
    mud_buf_printf(out,
                   mud_t(" %lldx%lld: %lld posts, %lld files, %lld names\n",
                         " %lldx%lld：%lld 条帖子，%lld 个文件，%lld 个名字\n"),
                   (long long)mud_json_get_int(picture, "width", 0),
                   (long long)mud_json_get_int(picture, "height", 0),
                   (long long)mud_json_get_int(picture, "posts", 0),
                   (long long)mud_json_get_int(picture, "images", 0),
                   (long long)mud_json_get_int(picture, "authors", 0));
}

void mud_text_sighting(struct mud_buf *out, const json_t *sighting, bool colour)
{
    struct mud_str at = mud_json_get_str(sighting, "posted_at");

    mud_text_time(out, at.n ? at : mud_json_get_str(sighting, "first_seen"));
    mud_buf_printf(
        out, "  %3.0f%%  ", 100 * mud_json_get_double(sighting, "alike", 0));
    put_name(out, sighting, colour);
    mud_buf_z(out, "  ");
    mud_text_plain(out, mud_json_get_str(sighting, "name"), 40);
    mud_buf_z(out, "  ");
    mud_text_plain(out, mud_json_get_str(sighting, "text"), 60);
    mud_buf_printf(out, "\n%18s%s", "", mud_ink(colour, MUD_INK_DIM));
    mud_text_plain(out, mud_json_get_str(sighting, "id"), 40);
    mud_buf_printf(out, "%s\n", mud_ink(colour, MUD_INK_OFF));
}
