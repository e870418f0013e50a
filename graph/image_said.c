/* From a span of what a picture says back to the picture. */
#include "graph/image_show.h"

#include "graph/pages.h"

static int64_t number(const json_t *place, size_t at)
{
    return json_integer_value(json_array_get(place, at));
}

/* Boxes of the words that the span touches, and how sure the least of them
 * is. */
static void put_boxes(struct mud_json *json, struct mud_str places,
                      struct mud_span at)
{
    struct mud_error odd = {0};
    json_t *list = mud_json_read(places, &odd), *place;
    int64_t least = 1000;
    bool code = false;
    size_t i;

    mud_json_key(json, "boxes");
    mud_json_array(json);
    json_array_foreach(list, i, place)
    {
        if (number(place, 0) >= at.end || number(place, 1) <= at.start)
            continue;
        mud_json_array(json);
        for (size_t k = 2; k < 6; k++)
            mud_json_int(json, number(place, k));
        mud_json_array_end(json);
        least = number(place, 6) < least ? number(place, 6) : least;
        code = code || number(place, 7);
    }
    mud_json_array_end(json);
    mud_json_kz(json, "by", code ? "qr" : "ocr");
    mud_json_kdouble(json, "confidence", (double)least / 1000);
    json_decref(list);
}

bool mud_image_said(struct mud_json *json, struct mud_pg *pg,
                    struct mud_id post, struct mud_id content,
                    struct mud_span at, struct mud_error *err)
{
    char ids[2][MUD_ID_TEXT];
    struct mud_str args[2] = {mud_str_z(mud_id_text(ids[0], post)),
                              mud_str_z(mud_id_text(ids[1], content))};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("image_said"), args, 2, err))
        return false;
    if (mud_rows_count(rows)) {
        mud_json_key(json, "image");
        mud_json_object(json);
        mud_json_kstr(json, "sha256", mud_rows_get(rows, 0, 0));
        mud_json_kstr(json, "capture", mud_rows_get(rows, 0, 1));
        mud_json_kint(json, "attachment", mud_rows_int(rows, 0, 2));
        mud_json_kstr(json, "name", mud_rows_get(rows, 0, 3));
        put_boxes(json, mud_rows_get(rows, 0, 4), at);
        mud_json_kstr(json, "tools", mud_rows_get(rows, 0, 5));
        mud_json_object_end(json);
    }
    mud_rows_free(rows);
    return true;
}
