#include "base/conf.h"

#include "base/utf8.h"

#define TEXT_MAX       ((size_t)1 << 20)
#define LINE_MAX_BYTES ((size_t)8 << 10)
#define ENTRIES_MAX    10000

#define BOM            MUD_STR("\xEF\xBB\xBF")

struct reader {
    struct mud_conf_entry *entries;
    size_t n, cap;
    struct mud_str section;
    const char *name;
    unsigned line;
};

static bool read_section(struct reader *in, struct mud_str line,
                         struct mud_error *err)
{
    if (line.s[line.n - 1] != ']')
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s:%u: no ] behind the section",
                        in->name,
                        in->line);
    in->section = mud_str_trim(mud_str_sub(line, 1, line.n - 1));
    if (!in->section.n)
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s:%u: section without a name",
                        in->name,
                        in->line);
    return true;
}

static bool read_entry(struct reader *in, struct mud_str line,
                       struct mud_arena *arena, struct mud_error *err)
{
    size_t at = mud_str_chr(line, '=');
    struct mud_conf_entry entry = {.section = in->section, .line = in->line};

    if (at == MUD_NPOS)
        return mud_fail(
            err, MUD_EINPUT, "%s:%u: expected key = value", in->name, in->line);
    entry.key = mud_str_trim(mud_str_sub(line, 0, at));
    entry.value = mud_str_trim(mud_str_sub(line, at + 1, line.n));
    if (!entry.key.n)
        return mud_fail(
            err, MUD_EINPUT, "%s:%u: no key before =", in->name, in->line);
    if (in->n >= ENTRIES_MAX)
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s:%u: more than %d entries",
                        in->name,
                        in->line,
                        ENTRIES_MAX);
    in->entries = mud_arena_grow(
        arena, in->entries, &in->cap, in->n, sizeof(*in->entries));
    in->entries[in->n++] = entry;
    return true;
}

static bool read_line(struct reader *in, struct mud_str line,
                      struct mud_arena *arena, struct mud_error *err)
{
    if (line.n > LINE_MAX_BYTES)
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s:%u: line of more than 8 KiB",
                        in->name,
                        in->line);
    if (mud_utf8_valid(line) < line.n || mud_str_chr(line, '\0') != MUD_NPOS)
        return mud_fail(
            err, MUD_EINPUT, "%s:%u: not UTF-8 text", in->name, in->line);
    line = mud_str_trim(line);
    if (!line.n || line.s[0] == '#' || line.s[0] == ';')
        return true;
    if (line.s[0] == '[')
        return read_section(in, line, err);
    return read_entry(in, line, arena, err);
}

bool mud_conf_parse(struct mud_conf *out, const char *name, struct mud_str text,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct reader in = {.name = mud_str_cstr(mud_str_z(name), arena)};
    struct mud_str line;

    if (text.n > TEXT_MAX)
        return mud_fail(err, MUD_EINPUT, "%s: more than 1 MiB", name);
    text = mud_str_dup(text, arena);
    if (mud_str_starts(text, BOM))
        text = mud_str_sub(text, BOM.n, text.n);
    while (mud_str_line(&text, &line)) {
        in.line++;
        if (!read_line(&in, line, arena, err))
            return false;
    }
    *out = (struct mud_conf){.name = in.name, .entries = in.entries, .n = in.n};
    return true;
}

static bool named(const struct mud_conf_entry *entry, const char *section,
                  const char *key)
{
    return mud_str_eqz(entry->key, key) && mud_str_eqz(entry->section, section);
}

struct mud_str mud_conf_get(const struct mud_conf *conf, const char *section,
                            const char *key)
{
    for (size_t i = conf->n; i-- > 0;)
        if (named(&conf->entries[i], section, key))
            return conf->entries[i].value;
    return (struct mud_str){0};
}

bool mud_conf_at(const struct mud_conf *conf, const char *section,
                 const char *key, size_t i, struct mud_str *value)
{
    for (size_t e = 0; e < conf->n; e++) {
        if (!named(&conf->entries[e], section, key) || i--)
            continue;
        *value = conf->entries[e].value;
        return true;
    }
    return false;
}

bool mud_tsv_next(struct mud_tsv *tsv, struct mud_str *fields, size_t max,
                  size_t *n)
{
    struct mud_str line;

    *n = 0;
    while (mud_str_line(&tsv->rest, &line)) {
        if (tsv->line++ == 0 && mud_str_starts(line, BOM))
            line = mud_str_sub(line, BOM.n, line.n);
        if (!mud_str_trim(line).n || line.s[0] == '#')
            continue;
        while (*n < max && mud_str_cut(&line, '\t', &fields[*n]))
            (*n)++;
        return true;
    }
    return false;
}
