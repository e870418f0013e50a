#include "cli/text_forms.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <math.h>

static void put_field(struct mud_buf *out, const json_t *record,
                      const char *key, size_t most)
{
    mud_text_plain(out, mud_json_get_str(record, key), most);
}

/* The post is not where it was, and how that is known. */
static void put_gone(struct mud_buf *out, const json_t *gone, bool colour)
{
    if (!json_is_object(gone))
        return;
    mud_buf_printf(out,
                   "%18s%s%s ",
                   "",
                   mud_ink(colour, MUD_INK_YELLOW),
                   mud_t("gone: seen last", "已消失：最后见于"));
    mud_text_time(out, mud_json_get_str(gone, "last_seen"));
    mud_buf_z(out, mud_t(", missing in the capture of ", "，此存证中缺失："));
    mud_text_time(out, mud_json_get_str(gone, "at"));
    mud_buf_printf(out, " %s", mud_ink(colour, MUD_INK_OFF));
    put_field(out, gone, "capture", 40);
    mud_buf_c(out, '\n');
}

void mud_text_post(struct mud_buf *out, const json_t *post, bool colour)
{
    struct mud_str state = mud_json_get_str(post, "state");
    struct mud_str category = mud_json_get_str(post, "category");
    bool offer = mud_json_get_bool(post, "is_offer");

    mud_text_time(out, mud_json_get_str(post, "posted_at"));
    mud_buf_printf(out, "  %s", mud_ink(colour, MUD_INK_BOLD));
    if (mud_json_get_bool(post, "anonymous"))
        mud_buf_z(out, mud_t("anonymous", "匿名"));
    else
        put_field(out, post, "author", 24);
    mud_buf_printf(out, "%s  ", mud_ink(colour, MUD_INK_OFF));
    if (offer)
        mud_buf_printf(out,
                       "%s[%s]%s ",
                       mud_ink(colour, MUD_INK_RED),
                       mud_text_category(category),
                       mud_ink(colour, MUD_INK_OFF));
    if (!mud_str_eqz(state, "shown"))
        mud_buf_printf(out, "(%.*s) ", MUD_FMT(state));
    put_field(out, post, "body", 90);
    mud_buf_printf(out, "\n%18s%s", "", mud_ink(colour, MUD_INK_DIM));
    put_field(out, post, "thread_title", 40);
    mud_buf_z(out, "  ");
    put_field(out, post, "id", 40);
    mud_buf_printf(out, "%s\n", mud_ink(colour, MUD_INK_OFF));
    put_gone(out, json_object_get(post, "gone"), colour);
}

void mud_text_quantity(struct mud_buf *out, const json_t *quantity)
{
    double low = mud_json_get_double(quantity, "min", NAN);
    double high = mud_json_get_double(quantity, "max", NAN);

    if (isnan(low) && isnan(high))
        return;
    mud_buf_c(out, ' ');
    if (!isnan(low))
        mud_buf_printf(out, "%.10g", low);
    if (isnan(high))
        mud_buf_c(out, '+');
    else if (isnan(low) || high > low)
        mud_buf_printf(out, "%s%.10g", isnan(low) ? "≤" : "-", high);
    mud_buf_printf(out, " %.*s", MUD_FMT(mud_json_get_str(quantity, "unit")));
}

static void put_prices(struct mud_buf *out, const json_t *prices)
{
    const json_t *price;
    size_t i;

    json_array_foreach(prices, i, price)
    {
        if (i == 6) {
            mud_buf_z(out, " …");
            break;
        }
        mud_buf_z(out, i ? "; " : "  ");
        mud_text_price(out, price);
    }
}

void mud_text_offer(struct mud_buf *out, const json_t *offer, bool colour)
{
    struct mud_str product = mud_json_get_str(offer, "product");

    mud_text_time(out, mud_json_get_str(offer, "posted_at"));
    mud_buf_printf(out,
                   "  %s%s%s %s",
                   mud_ink(colour, MUD_INK_RED),
                   mud_text_category(mud_json_get_str(offer, "category")),
                   mud_ink(colour, MUD_INK_OFF),
                   mud_text_direction(mud_json_get_str(offer, "direction")));
    mud_buf_printf(out,
                   " %s%.*s%s",
                   mud_ink(colour, MUD_INK_BOLD),
                   MUD_FMT(product),
                   mud_ink(colour, MUD_INK_OFF));
    mud_text_quantity(out, json_object_get(offer, "quantity"));
    put_prices(out, json_object_get(offer, "prices"));
    mud_buf_printf(out, "\n%18s%s", "", mud_ink(colour, MUD_INK_CYAN));
    put_field(out, offer, "author", 24);
    mud_buf_printf(out, "%s: ", mud_ink(colour, MUD_INK_OFF));
    put_field(out, offer, "text", 90);
    mud_buf_c(out, '\n');
}

/* "bots 4, hacking_training 1": an object of counts, by size as given. */
static void put_counts(struct mud_buf *out, const json_t *counts,
                       const char *(*name)(struct mud_str))
{
    const char *key;
    json_t *n;
    bool first = true;

    json_object_foreach((json_t *)(uintptr_t)counts, key, n)
    {
        const char *shown = name(mud_str_z(key));
        if (!*shown)
            continue;
        mud_buf_printf(out,
                       "%s%s %lld",
                       first ? "" : ", ",
                       shown,
                       (long long)json_integer_value(n));
        first = false;
    }
}

static void put_names(struct mud_buf *out, const json_t *seller)
{
    const json_t *names = json_object_get(seller, "names"), *name;
    size_t i;

    json_array_foreach(names, i, name)
    {
        if (i == 5) {
            mud_buf_z(out, " …");
            break;
        }
        mud_buf_z(out, i ? " / " : "");
        mud_text_plain(out,
                       mud_str_of(json_string_value(name),
                                  json_string_length(name)),
                       32);
    }
    if (!json_array_size(names))
        mud_buf_z(out, mud_t("(no name)", "（无名）"));
}

static void put_contacts(struct mud_buf *out, const json_t *contacts)
{
    const json_t *contact;
    size_t i;

    json_array_foreach(contacts, i, contact)
    {
        if (i == 8) {
            mud_buf_z(out, " …");
            break;
        }
        mud_buf_z(out, i ? ", " : "");
        put_field(out, contact, "type", 24);
        mud_buf_c(out, ':');
        put_field(out, contact, "value", 64);
    }
}

static void put_products(struct mud_buf *out, const json_t *products)
{
    const json_t *product;
    size_t i;

    json_array_foreach(products, i, product)
    {
        if (i == 6)
            break;
        mud_buf_printf(out, mud_t("  offers    ", "  报价      "));
        mud_buf_printf(
            out,
            "%s %.*s",
            mud_text_direction(mud_json_get_str(product, "direction")),
            MUD_FMT(mud_json_get_str(product, "product")));
        put_prices(out, json_object_get(product, "prices"));
        mud_buf_c(out, '\n');
    }
}

/* The reasons of a score (graph/actor.h), in words. */
static const char *reason_words(struct mud_str what)
{
    static const char *const words[][3] = {
        {"offers", "posts with offers", "报价帖"},
        {"categories", "categories", "类别"},
        {"contacts", "contacts", "联系方式"},
        {"payees", "payees", "收款账户"},
        {"groups", "forums and groups", "论坛与群"},
        {"days", "days active", "活跃天数"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (mud_str_eqz(what, words[i][0]))
            return mud_lang_chinese() ? words[i][2] : words[i][1];
    }
    return "-";
}

static void put_reasons(struct mud_buf *out, const json_t *reasons)
{
    const json_t *reason;
    size_t i;

    json_array_foreach(reasons, i, reason)
    {
        mud_buf_printf(out,
                       "%s%s %lld (+%lld)",
                       i ? "; " : "",
                       reason_words(mud_json_get_str(reason, "what")),
                       (long long)mud_json_get_int(reason, "n", 0),
                       (long long)mud_json_get_int(reason, "points", 0));
    }
}

void mud_text_seller(struct mud_buf *out, const json_t *seller, bool colour)
{
    mud_buf_printf(out, "%s", mud_ink(colour, MUD_INK_BOLD));
    put_names(out, seller);
    mud_buf_printf(out,
                   "%s  %s%.*s%s\n",
                   mud_ink(colour, MUD_INK_OFF),
                   mud_ink(colour, MUD_INK_DIM),
                   MUD_FMT(mud_json_get_str(seller, "id")),
                   mud_ink(colour, MUD_INK_OFF));
    mud_buf_printf(out,
                   mud_t("  score     %lld: ", "  评分      %lld："),
                   (long long)mud_json_get_int(seller, "score", 0));
    put_reasons(out, json_object_get(seller, "reasons"));
    mud_buf_z(out, mud_t("\n  deals in  ", "\n  类别      "));
    put_counts(out, json_object_get(seller, "categories"), mud_text_category);
    mud_buf_c(out, '\n');
    put_products(out, json_object_get(seller, "products"));
    mud_buf_z(out, mud_t("  contacts  ", "  联系方式  "));
    mud_buf_z(out, mud_ink(colour, MUD_INK_CYAN));
    put_contacts(out, json_object_get(seller, "contacts"));
    mud_buf_printf(out, "%s\n", mud_ink(colour, MUD_INK_OFF));
    mud_buf_z(out, mud_t("  seen      ", "  时间      "));
    mud_text_time(out, mud_json_get_str(seller, "first_seen"));
    mud_buf_z(out, mud_t(" to ", " 至 "));
    mud_text_time(out, mud_json_get_str(seller, "last_seen"));
    mud_buf_c(out, '\n');
}

void mud_text_contact(struct mud_buf *out, const json_t *contact, bool colour)
{
    int64_t accused = mud_json_get_int(contact, "accused", 0);

    mud_buf_printf(out,
                   "%-16.*s %s",
                   MUD_FMT(mud_json_get_str(contact, "contact_type")),
                   mud_ink(colour, MUD_INK_CYAN));
    put_field(out, contact, "value", 80);
    mud_buf_printf(out, "%s  ", mud_ink(colour, MUD_INK_OFF));
    mud_buf_printf(out,
                   mud_t("advertised in %lld posts", "见于 %lld 条广告"),
                   (long long)mud_json_get_int(contact, "evidence", 0));
    if (accused)
        mud_buf_printf(out,
                       mud_t(", accused in %lld", "，被举报 %lld 次"),
                       (long long)accused);
    mud_buf_z(out, mud_t(", last ", "，最近 "));
    mud_text_time(out, mud_json_get_str(contact, "last_seen"));
    mud_buf_c(out, '\n');
}

/* The text of a hit with its marks in colour, cut to a window. */
static void put_marked(struct mud_buf *out, const json_t *hit, bool colour)
{
    struct mud_str text = mud_json_get_str(hit, "text");
    const json_t *marks = json_object_get(hit, "marks"), *mark;
    struct mud_utf8_pos pos = {.text = text};
    size_t first = 0, i, at;

    if (json_array_size(marks))
        first = (size_t)json_integer_value(
            json_array_get(json_array_get(marks, 0), 0));
    at = mud_utf8_byte(&pos, first > 20 ? first - 20 : 0);
    size_t end = mud_utf8_byte(&pos, first + 80);
    json_array_foreach(marks, i, mark)
    {
        size_t from = mud_utf8_byte(
            &pos, (size_t)json_integer_value(json_array_get(mark, 0)));
        size_t to = mud_utf8_byte(
            &pos, (size_t)json_integer_value(json_array_get(mark, 1)));
        if (from < at || to > end)
            continue;
        mud_text_plain(out, mud_str_sub(text, at, from), 200);
        mud_buf_z(out, mud_ink(colour, MUD_INK_YELLOW));
        mud_text_plain(out, mud_str_sub(text, from, to), 200);
        mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
        at = to;
    }
    mud_text_plain(out, mud_str_sub(text, at, end), 200);
}

void mud_text_hit(struct mud_buf *out, const json_t *hit, bool colour)
{
    const json_t *posts = json_object_get(hit, "posts");
    const json_t *post = json_array_get(posts, 0);

    mud_text_time(out, mud_json_get_str(hit, "at"));
    mud_buf_z(out, "  ");
    if (mud_json_get_bool(hit, "is_offer"))
        mud_buf_printf(out,
                       "%s[%s]%s ",
                       mud_ink(colour, MUD_INK_RED),
                       mud_text_category(mud_json_get_str(hit, "category")),
                       mud_ink(colour, MUD_INK_OFF));
    put_marked(out, hit, colour);
    mud_buf_printf(out, "\n%18s%s", "", mud_ink(colour, MUD_INK_DIM));
    mud_buf_printf(out,
                   mud_t("in %lld post(s)", "见于 %lld 条帖子"),
                   (long long)mud_json_get_int(hit, "sightings", 0));
    if (json_is_string(post))
        mud_buf_printf(out, "  %s", json_string_value(post));
    mud_buf_printf(out, "%s\n", mud_ink(colour, MUD_INK_OFF));
}

static void put_source(struct mud_buf *out, const json_t *source)
{
    mud_buf_z(out, "  ");
    mud_text_plain(out, mud_json_get_str(source, "source"), 40);
    if (!mud_json_get_int(source, "posts", 0)) {
        mud_buf_z(out, mud_t(": no posts yet\n", "：尚无帖子\n"));
        return;
    }
    mud_buf_printf(out,
                   mud_t(": %lld posts, %lld adverts, ",
                         "：%lld 条帖子，%lld 条广告，"),
                   (long long)mud_json_get_int(source, "posts", 0),
                   (long long)mud_json_get_int(source, "adverts", 0));
    mud_text_time(out, mud_json_get_str(source, "first_post"));
    mud_buf_z(out, mud_t(" to ", " 至 "));
    mud_text_time(out, mud_json_get_str(source, "last_post"));
    mud_buf_c(out, '\n');
}

void mud_text_stats(struct mud_buf *out, const json_t *stats, bool colour)
{
    const json_t *sources = json_object_get(stats, "sources"), *source;
    size_t i;

    (void)colour;
    mud_buf_printf(
        out,
        mud_t("held: %lld captures (%lld read), %lld posts in %lld threads, "
              "%lld texts\n",
              "已存：%lld 份存证（%lld 份已解读），%lld 条帖子，%lld 个主题，"
              "%lld 段文本\n"),
        (long long)mud_json_get_int(stats, "captures", 0),
        (long long)mud_json_get_int(stats, "captures_read", 0),
        (long long)mud_json_get_int(stats, "posts", 0),
        (long long)mud_json_get_int(stats, "threads", 0),
        (long long)mud_json_get_int(stats, "contents", 0));
    mud_buf_printf(
        out,
        mud_t("read: %lld adverts with %lld offers; linked: %lld entities, "
              "%lld claims on %lld pieces of evidence, %lld sellers\n",
              "解读：%lld 条广告，%lld 项报价；关联：%lld 个实体，%lld 条断言，"
              "%lld 处依据，%lld 个卖家\n"),
        (long long)mud_json_get_int(stats, "adverts", 0),
        (long long)mud_json_get_int(stats, "offers", 0),
        (long long)mud_json_get_int(stats, "entities", 0),
        (long long)mud_json_get_int(stats, "claims", 0),
        (long long)mud_json_get_int(stats, "evidence", 0),
        (long long)mud_json_get_int(stats, "sellers", 0));
    if (mud_json_get_int(stats, "adverts", 0)) {
        mud_buf_z(out, mud_t("adverts: ", "广告："));
        put_counts(
            out, json_object_get(stats, "categories"), mud_text_category);
        mud_buf_c(out, '\n');
    }
    json_array_foreach(sources, i, source) put_source(out, source);
    if (mud_json_get_int(stats, "contents_of_before", 0))
        mud_buf_printf(
            out,
            mud_t("  %lld of the texts were read under other rules or terms "
                  "than today's: mudlark rebuild\n",
                  "  其中 %lld 段文本由此前的规则或词表解读：可运行 mudlark "
                  "rebuild\n"),
            (long long)mud_json_get_int(stats, "contents_of_before", 0));
}
