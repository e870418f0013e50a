#include "cli/deed.h"

#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

#define FILTER "a filter: what it reads is given to it"
#define LOCAL  "of this machine: it reads and changes no stored data"

const struct mud_deed_row mud_deeds[] = {
    {"up", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"work", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source add", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source set", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source cookies", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"account add", "account", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"account list", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"account resume", "account", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"account remove", "account", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source list", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source show", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source test", "source", MUD_DEED_SOMETIMES, NULL, NULL, NULL},
    {"source gaps", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source rooms", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source suggest", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source approve", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source refuse", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source pause", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source resume", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"source remove", "source", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"fetch", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"import", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"posts", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"offers", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"sellers", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"contacts", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"search", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"show", "read", MUD_DEED_ALWAYS, NULL, "raw", "original"},
    {"similar", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"why", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"stats", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"parse", NULL, MUD_DEED_NEVER, FILTER, NULL, NULL},
    {"tokenize", NULL, MUD_DEED_NEVER, FILTER, NULL, NULL},
    {"extract", NULL, MUD_DEED_NEVER, FILTER, NULL, NULL},
    {"verify", "verify", MUD_DEED_SOMETIMES, NULL, NULL, NULL},
    {"ledger verify", "verify", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"ledger export", "export", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"ledger anchor", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"ledger status", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"ledger proof", "verify", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"ledger key",
     NULL,
     MUD_DEED_NEVER,
     "a file of this machine; each use of it is in the ledger",
     NULL,
     NULL},
    {"witness", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"actor confirm", "verdict", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"actor split", "verdict", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"actor forbid", "verdict", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"actor withdraw", "verdict", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"actor history", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert add", "alert", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert list", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert show", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert run", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert mark", "alert", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert mute", "alert", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"alert remove", "alert", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"keys new", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"keys list", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"keys rotate", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"keys export", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"keys import", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"retention list", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"retention set", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"retention run", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"retention hold", "hold", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"retention release", "retention", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"shot", "read", MUD_DEED_ALWAYS, NULL, "unmasked", "original"},
    {"trends", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"rates check", NULL, MUD_DEED_NEVER, LOCAL, NULL, NULL},
    {"rebuild", "rebuild", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon list", "look", MUD_DEED_SOMETIMES, NULL, NULL, NULL},
    {"lexicon show", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon add", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon disable", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon enable", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon remove", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon check", "look", MUD_DEED_SOMETIMES, NULL, "repair", "lexicon"},
    {"lexicon import", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon export", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon suggest", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon accept", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon reject", "lexicon", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"lexicon test", "read", MUD_DEED_SOMETIMES, NULL, NULL, NULL},
    {"lexicon hits", "read", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user add", "people", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user list", "persons", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user show", "persons", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user role", "people", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user disable", "people", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user enable", "people", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user map", "people", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"user secret", "people", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"approval list", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"approval show", "look", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"approval approve", "approve", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"approval refuse", "approve", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"audit", "audit", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"audit verify", "audit", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"audit export", "audit", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"db start", NULL, MUD_DEED_NEVER, LOCAL, NULL, NULL},
    {"db stop", NULL, MUD_DEED_NEVER, LOCAL, NULL, NULL},
    {"db status", NULL, MUD_DEED_NEVER, LOCAL, NULL, NULL},
    {"db migrate",
     NULL,
     MUD_DEED_NEVER,
     "done by who owns the tables, before there are persons",
     NULL,
     NULL},
    {"db check", "database", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"db backup", "database", MUD_DEED_SOMETIMES, NULL, NULL, NULL},
    {"db restore", "database", MUD_DEED_SOMETIMES, NULL, NULL, NULL},
    {"serve", "collect", MUD_DEED_ALWAYS, NULL, NULL, NULL},
    {"selftest", NULL, MUD_DEED_NEVER, LOCAL, NULL, NULL},
    {"replay", NULL, MUD_DEED_NEVER, FILTER, NULL, NULL},
    {"help", NULL, MUD_DEED_NEVER, LOCAL, NULL, NULL},
    {NULL, NULL, MUD_DEED_NEVER, NULL, NULL, NULL},
};

const struct mud_deed_row *mud_deed_of(const struct mud_command *command)
{
    for (const struct mud_deed_row *row = mud_deeds; row->command; row++)
        if (strcmp(row->command, command->name) == 0)
            return row;
    return NULL;
}

const struct mud_right *mud_deed_right(const struct mud_args *args)
{
    const struct mud_deed_row *row = mud_deed_of(mud_args_command(args));

    if (!row || !row->action)
        return NULL;
    return mud_right_of(row->option && mud_args_has(args, row->option)
                            ? row->instead
                            : row->action);
}

#define WORDS_MAX 32    /* of a list in a line of the audit */
#define WORD_MAX  1024U /* bytes of each */

/* A word of the command line may be any bytes. */
static struct mud_str cut(const char *word, struct mud_arena *arena)
{
    struct mud_str s = mud_utf8_clean(mud_str_z(word), arena, NULL);

    return mud_str_sub(s, 0, mud_utf8_cut(s, WORD_MAX));
}

/* The operands (option NULL), or the values of an option that may be repeated. */
static void put_words(struct mud_json *json, const char *key,
                      const struct mud_args *args, const char *option,
                      struct mud_arena *arena)
{
    size_t n = 0;

    mud_json_key(json, key);
    mud_json_array(json);
    for (;; n++) {
        const char *word =
            option ? mud_args_at(args, option, n) : mud_args_operand(args, n);
        if (!word)
            break;
        if (n < WORDS_MAX)
            mud_json_str(json, cut(word, arena));
        else if (n == WORDS_MAX)
            mud_json_str(json, MUD_STR("..."));
    }
    mud_json_array_end(json);
}

static void put_options(struct mud_json *json, const struct mud_args *args,
                        struct mud_arena *arena)
{
    mud_json_key(json, "options");
    mud_json_object(json);
    for (const struct mud_option *o = mud_args_command(args)->options; o->name;
         o++) {
        if (!mud_args_has(args, o->name) || strcmp(o->name, "reason") == 0)
            continue;
        if (o->repeat) {
            put_words(json, o->name, args, o->name, arena);
        } else if (o->arg) {
            mud_json_kstr(
                json, o->name, cut(mud_args_get(args, o->name), arena));
        } else {
            mud_json_kbool(json, o->name, true);
        }
    }
    mud_json_object_end(json);
}

struct mud_deed mud_deed_line(const struct mud_args *args, const char *who,
                              const char *account, struct mud_arena *arena)
{
    const struct mud_command *command = mud_args_command(args);
    const struct mud_right *right = mud_deed_right(args);
    const char *reason = mud_args_get(args, "reason");
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};

    mud_json_object(&json);
    mud_json_kstr(&json, "account", cut(account, arena));
    if (mud_args_count(args) > 1)
        put_words(&json, "operands", args, NULL, arena);
    put_options(&json, args, arena);
    mud_json_object_end(&json);
    const struct mud_deed deed = {
        .who = mud_str_dup(mud_str_z(who), arena),
        .action = right ? right->action : command->name,
        .kind = command->name,
        .object = mud_args_count(args) ? cut(mud_args_operand(args, 0), arena)
                                       : MUD_STR(""),
        .detail = mud_str_dup(mud_buf_view(&text), arena),
        .reason = reason ? cut(reason, arena) : MUD_STR("")};
    mud_buf_free(&text);
    return deed;
}
