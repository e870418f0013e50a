/* A figure over time, for a terminal: one line. */
#include "base/lang.h"
#include "cli/text_forms.h"

#include <math.h>

static void put_number(struct mud_buf *out, const json_t *trend,
                       const char *key)
{
    double number = mud_json_get_double(trend, key, NAN);

    if (isnan(number))
        mud_buf_c(out, '-');
    else
        mud_buf_printf(out, "%.6g", number);
}

/* Median with its quartiles; of an index, where it stands against 100. */
static void put_prices(struct mud_buf *out, const json_t *trend)
{
    long long left_out = (long long)mud_json_get_int(trend, "left_out", 0);

    mud_text_plain(out, mud_json_get_str(trend, "product"), 24);
    mud_buf_c(out, ' ');
    put_number(out, trend, "median");
    mud_buf_z(out, " (");
    put_number(out, trend, "low");
    mud_buf_z(out, "-");
    put_number(out, trend, "high");
    mud_buf_z(out, ") ");
    mud_text_plain(out, mud_json_get_str(trend, "currency"), 8);
    if (mud_json_get_str(trend, "per").n) {
        mud_buf_c(out, '/');
        mud_text_plain(out, mud_json_get_str(trend, "per"), 16);
    }
    if (mud_json_get_bool(trend, "index")) {
        mud_buf_z(out, mud_t("  index ", "  指数 "));
        put_number(out, trend, "index_value");
        if (left_out)
            mud_buf_printf(out,
                           mud_t(", %lld without a rate", "，%lld 条无汇率"),
                           left_out);
    }
    mud_buf_printf(out, "  n %lld", (long long)mud_json_get_int(trend, "n", 0));
}

void mud_text_trend(struct mud_buf *out, const json_t *trend, bool colour)
{
    mud_buf_z(out, mud_ink(colour, MUD_INK_BOLD));
    mud_text_plain(out, mud_json_get_str(trend, "period"), 10);
    mud_buf_printf(out, "%s  ", mud_ink(colour, MUD_INK_OFF));
    if (mud_json_has(trend, "product"))
        put_prices(out, trend);
    else
        mud_buf_printf(out,
                       "%s  ",
                       mud_text_category(mud_json_get_str(trend, "category")));
    if (mud_json_has(trend, "posts"))
        mud_buf_printf(out,
                       mud_t("%lld post(s), %lld seller(s)",
                             "%lld 条帖子，%lld 个卖家"),
                       (long long)mud_json_get_int(trend, "posts", 0),
                       (long long)mud_json_get_int(trend, "sellers", 0));
    if (mud_json_has(trend, "new_sellers"))
        mud_buf_printf(out,
                       mud_t("%lld new seller(s)", "%lld 个新卖家"),
                       (long long)mud_json_get_int(trend, "new_sellers", 0));
    if (mud_json_get_bool(trend, "small"))
        mud_buf_printf(out,
                       "%s%s%s",
                       mud_ink(colour, MUD_INK_DIM),
                       mud_t("  (few)", "（少）"),
                       mud_ink(colour, MUD_INK_OFF));
    mud_buf_c(out, '\n');
}
