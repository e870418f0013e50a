/* What search and saved searches print for people. */
#include "cli/text_forms.h"

#include "base/lang.h"

static const char *label(const char *key)
{
    static const char *const words[][3] = {
        {"category", "category", "类别"},
        {"side", "side", "买卖"},
        {"source", "source", "来源"},
        {"lang", "language", "语言"},
        {"author", "author", "作者"},
        {"field", "where", "位置"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(key, words[i][0]))
            return mud_lang_chinese() ? words[i][2] : words[i][1];
    return key;
}

static void put_list(struct mud_buf *out, const json_t *facets, const char *key)
{
    const json_t *list = json_object_get(facets, key), *count;
    size_t i;

    if (!json_array_size(list))
        return;
    mud_buf_printf(out, "%s\n", label(key));
    json_array_foreach(list, i, count)
    {
        mud_buf_printf(out,
                       mud_t("  %8lld in %lld post(s)  ",
                             "  %8lld 条文本，%lld 条帖子  "),
                       (long long)mud_json_get_int(count, "texts", 0),
                       (long long)mud_json_get_int(count, "posts", 0));
        mud_text_plain(out, mud_json_get_str(count, "value"), 40);
        mud_buf_c(out, '\n');
    }
}

static void put_times(struct mud_buf *out, const json_t *times)
{
    const json_t *list = json_object_get(times, "counts"), *count;
    int64_t most = 1;
    size_t i;

    json_array_foreach(list, i, count)
    {
        int64_t n = mud_json_get_int(count, "posts", 0);

        most = n > most ? n : most;
    }
    json_array_foreach(list, i, count)
    {
        int64_t n = mud_json_get_int(count, "posts", 0);

        mud_buf_z(out, "  ");
        mud_text_plain(out, mud_json_get_str(count, "from"), 10);
        mud_buf_printf(out, " %8lld ", (long long)n);
        for (int64_t k = 0; k < n * 40 / most; k++)
            mud_buf_z(out, "█");
        mud_buf_c(out, '\n');
    }
}

void mud_text_facets(struct mud_buf *out, const json_t *facets, bool colour)
{
    static const char *const keys[] = {
        "category", "side", "source", "lang", "author", "field"};

    (void)colour;
    mud_buf_printf(out,
                   mud_t("%lld texts in %lld posts%s\n",
                         "%lld 条文本，%lld 条帖子%s\n"),
                   (long long)mud_json_get_int(facets, "texts", 0),
                   (long long)mud_json_get_int(facets, "posts", 0),
                   mud_json_get_bool(facets, "complete")
                       ? ""
                       : mud_t(" (of the texts seen last: there are more)",
                               "（仅统计最近出现的文本，另有更多）"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        put_list(out, facets, keys[i]);
    put_times(out, json_object_get(facets, "times"));
}
