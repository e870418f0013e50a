/* What a description says, as its author wrote it. */
#include "base/conf.h"
#include "base/embed.h"
#include "parse/engine.h"

extern const struct mud_embedded mud_engine_files[];

/* The description of that view of the engine, as settings. */
static bool find(struct mud_conf *conf, struct mud_str engine,
                 struct mud_str view, struct mud_arena *arena)
{
    for (size_t i = 0; mud_engine_files[i].name; i++) {
        struct mud_error err = {0};
        if (mud_conf_parse(conf,
                           mud_engine_files[i].name,
                           mud_embedded_text(&mud_engine_files[i]),
                           arena,
                           &err) &&
            mud_str_eq(mud_conf_get(conf, "engine", "name"), engine) &&
            mud_str_eq(mud_conf_get(conf, "engine", "view"), view))
            return true;
    }
    return false;
}

struct mud_str mud_engine_says(struct mud_str engine, const char *section,
                               const char *key, struct mud_arena *arena)
{
    struct mud_buf text = {0};
    struct mud_conf conf;
    struct mud_str name, value, out;

    if (!mud_str_cut(&engine, '/', &name) || !find(&conf, name, engine, arena))
        return (struct mud_str){0};
    for (size_t i = 0; mud_conf_at(&conf, section, key, i, &value); i++)
        mud_buf_printf(&text,
                       "%s[%s] %s = %.*s",
                       i ? "\n" : "",
                       section,
                       key,
                       MUD_FMT(value));
    out = mud_str_dup(mud_buf_view(&text), arena);
    mud_buf_free(&text);
    return out;
}
