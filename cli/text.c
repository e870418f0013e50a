#include "cli/text.h"

#include "base/lang.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cli/session.h"
#include "cli/text_forms.h"

#include <math.h>
#include <stdlib.h>

void mud_text_plain(struct mud_buf *out, struct mud_str text, size_t most)
{
    size_t at = 0, begin = out->n;

    for (size_t i = 0; i < most && at < text.n; i++) {
        size_t from = at;
        (void)mud_utf8_next(text, &at);
        mud_buf_put(out, text.s + from, at - from);
    }
    if (out->s)
        mud_utf8_plain(out->s + begin, out->n - begin);
    if (at < text.n)
        mud_buf_z(out, "…");
}

void mud_text_time(struct mud_buf *out, struct mud_str rfc3339)
{
    char text[MUD_LOCAL_TEXT];
    int64_t us;

    if (!rfc3339.n || !mud_time_parse(rfc3339, &us))
        mud_buf_z(out, "-               ");
    else
        mud_buf_put(out, mud_local_text(text, us), 16);
}

static const char *in_words(struct mud_str name, const char *const words[][3],
                            size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mud_str_eqz(name, words[i][0]))
            return mud_lang_chinese() ? words[i][2] : words[i][1];
    }
    return "";
}

const char *mud_text_category(struct mud_str name)
{
    static const char *const words[][3] = {
        {"bots", "bots", "肉鸡"},
        {"personal_data", "personal data", "个人信息"},
        {"attack_for_hire", "attack for hire", "攻击服务"},
        {"malware", "malware", "恶意程序"},
        {"phishing", "phishing", "钓鱼"},
        {"hacking_training", "hacking training", "黑客教学"},
        {"virtual_property", "virtual property", "虚拟财产"},
        {"account_trade", "account trade", "账号买卖"},
        {"money_mule", "money mule", "跑分洗钱"},
        {"sms_traffic_fraud", "SMS and traffic fraud", "短信流量欺诈"},
        {"market_service", "market service", "担保与群组"},
        {"other", "other illicit", "其他违法"},
        {"benign", "benign", "正常"},
    };

    return in_words(name, words, sizeof words / sizeof *words);
}

const char *mud_text_direction(struct mud_str name)
{
    static const char *const words[][3] = {
        {"sell", "sells", "出售"},
        {"buy", "buys", "收购"},
        {"recruit", "recruits", "招募"},
        {"none", "", ""},
    };

    return in_words(name, words, sizeof words / sizeof *words);
}

static void amount(struct mud_buf *out, const json_t *price)
{
    double low = mud_json_get_double(price, "min", NAN);
    double high = mud_json_get_double(price, "max", NAN);

    if (!isnan(low))
        mud_buf_printf(out, "%.10g", low);
    if (isnan(low) || isnan(high) || high > low)
        mud_buf_z(out, isnan(low) ? "≤" : isnan(high) ? "+" : "-");
    if (!isnan(high) && (isnan(low) || high > low))
        mud_buf_printf(out, "%.10g", high);
}

void mud_text_price(struct mud_buf *out, const json_t *price)
{
    double per_qty = mud_json_get_double(price, "per_qty", NAN);
    struct mud_str currency = mud_json_get_str(price, "currency");
    struct mud_str per = mud_json_get_str(price, "per");

    amount(out, price);
    mud_buf_printf(out, " %.*s", MUD_FMT(currency));
    if (!per.n)
        return;
    mud_buf_c(out, '/');
    if (!isnan(per_qty) && per_qty > 1)
        mud_buf_printf(out, "%.10g ", per_qty);
    mud_buf_str(out, per);
}

/* Unknown records: keys and values, indented; depth and size are bounded. */
static void generic(struct mud_buf *out, const json_t *value, unsigned depth)
{
    const char *key;
    json_t *item;
    size_t i;

    if (json_is_object(value) && depth < 6) {
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
        {
            mud_buf_printf(
                out, "%s%*s", out->n ? "\n" : "", (int)depth * 2, "");
            mud_text_plain(out, mud_str_z(key), 80);
            generic(out, item, depth + 1);
        }
    } else if (json_is_array(value) && depth < 6) {
        json_array_foreach(value, i, item)
        {
            if (!json_is_object(item) && !json_is_array(item)) {
                generic(out, item, depth + 1);
                continue;
            }
            mud_buf_printf(out, "\n%*s-", (int)depth * 2, "");
            generic(out, item, depth + 1);
        }
    } else if (json_is_string(value)) {
        mud_buf_z(out, "  ");
        mud_text_plain(out,
                       mud_str_of(json_string_value(value),
                                  json_string_length(value)),
                       2000);
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        mud_buf_printf(out, "  %s", text ? text : "");
        free(text);
    }
}

void mud_text_record(struct mud_buf *out, const json_t *record, bool colour)
{
    static const struct {
        const char *type;
        void (*form)(struct mud_buf *out, const json_t *record, bool colour);
    } forms[] = {
        {"post", mud_text_post},
        {"offer", mud_text_offer},
        {"seller", mud_text_seller},
        {"contact", mud_text_contact},
        {"hit", mud_text_hit},
        {"facets", mud_text_facets},
        {"alert", mud_text_alert},
        {"alert_hit", mud_text_alert_hit},
        {"sold", mud_text_sold},
        {"revision", mud_text_revision},
        {"page_then", mud_text_page_then},
        {"step", mud_text_step},
        {"verdict", mud_text_verdict},
        {"actor_change", mud_text_actor_change},
        {"stats", mud_text_stats},
        {"persona", mud_text_node},
        {"group", mud_text_node},
        {"indicator", mud_text_node},
        {"annotation", mud_text_annotation},
        {"similar", mud_text_similar},
        {"repost", mud_text_repost},
        {"drift", mud_text_drift},
        {"gap", mud_text_gap},
        {"gap_board", mud_text_gap_board},
        {"gap_stretch", mud_text_gap_stretch},
        {"gap_replies", mud_text_gap_replies},
        {"picture", mud_text_picture},
        {"sighting", mud_text_sighting},
        {"trend", mud_text_trend},
    };
    struct mud_str type = mud_json_get_str(record, "type");

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (mud_str_eqz(type, forms[i].type)) {
            forms[i].form(out, record, colour);
            return;
        }
    }
    struct mud_buf plain = {0};
    generic(&plain, record, 0);
    mud_buf_str(out, mud_buf_view(&plain));
    mud_buf_c(out, '\n');
    mud_buf_free(&plain);
}

void mud_text_put(struct mud_out *out, struct mud_str json)
{
    struct mud_buf text = {0};

    if (out->format == MUD_FORMAT_TEXT) {
        json_t *record = mud_json_read(json, NULL);
        if (record)
            mud_text_record(&text, record, out->colour);
        json_decref(record);
    }
    mud_out_record(out, json, mud_buf_view(&text));
    mud_buf_free(&text);
}
