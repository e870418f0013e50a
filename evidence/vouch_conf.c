#include "evidence/vouch_conf.h"

#include "base/conf.h"
#include "fetch/stamp.h"

#define CONF_MAX ((size_t)1 << 20)

static const char *get(const struct mud_conf *conf, const char *key,
                       struct mud_arena *arena)
{
    return mud_str_cstr(mud_conf_get(conf, "ledger", key), arena);
}

static const char *or_of(const char *text, const char *home, const char *name,
                         struct mud_arena *arena)
{
    return *text ? text : mud_str_printf(arena, "%s/keys/%s", home, name).s;
}

static bool check(const struct mud_vouch_conf *c, const char *path,
                  struct mud_error *err)
{
    const struct mud_stamp_way way = {.url = mud_str_z(c->stamp),
                                      .proxy = mud_str_z(c->stamp_proxy)};

    const struct {
        const char *name, *value;
    } files[] = {
        {"key", c->key},
        {"certificate", c->certificate},
        {"signers", c->signers},
        {"stamp_ca", c->stamp_ca},
    };

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (*files[i].value && files[i].value[0] != '/')
            return mud_fail(err,
                            MUD_EINPUT,
                            "%s: %s of [ledger] is no absolute path of a file",
                            path,
                            files[i].name);
    if (*c->stamp && !*c->stamp_ca)
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s: [ledger] has stamp but no stamp_ca: the file of "
                        "certificates by which the authority's time stamps "
                        "are checked",
                        path);
    if (*c->stamp && !mud_stamp_way_check(&way, err))
        return mud_fail_in(err, "%s: stamp of [ledger]", path);
    return true;
}

bool mud_vouch_conf(struct mud_vouch_conf *out, const char *home,
                    struct mud_arena *arena, struct mud_error *err)
{
    const char *path = mud_str_printf(arena, "%s/mudlark.conf", home).s;
    struct mud_error e = {0};
    struct mud_conf conf = {0};
    struct mud_str text;

    if (mud_file_read(&text, path, CONF_MAX, arena, &e)) {
        if (!mud_conf_parse(&conf, path, text, arena, err))
            return false;
    } else if (e.code != MUD_EMISSING) {
        return mud_fail(err, e.code, "%s", e.text);
    }
    *out = (struct mud_vouch_conf){
        .key = or_of(get(&conf, "key", arena), home, "ledger.key", arena),
        .certificate =
            or_of(get(&conf, "certificate", arena), home, "ledger.pem", arena),
        .signers = get(&conf, "signers", arena),
        .was = or_of("", home, "ledger-was.pem", arena),
        .stamp = get(&conf, "stamp", arena),
        .stamp_ca = get(&conf, "stamp_ca", arena),
        .stamp_proxy = get(&conf, "stamp_proxy", arena),
    };
    return check(out, path, err);
}
