#include "cli/source_accounts.h"

#include "base/lang.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"

bool mud_source_accounts_load(struct mud_source_accounts *out,
                              struct mud_pg *pg,
                              const struct mud_source *source,
                              struct mud_arena *arena, struct mud_error *err)
{
    return mud_account_list(&out->all, &out->n, pg, source, arena, err);
}

size_t mud_source_accounts_locked(const struct mud_source_accounts *accounts)
{
    size_t n = 0;

    for (size_t i = 0; i < accounts->n; i++)
        n += accounts->all[i].locked;
    return n;
}

void mud_account_members(struct mud_json *json, const struct mud_account *a)
{
    mud_json_kstr(json, "account", a->name);
    mud_json_kz(json, "state", a->locked ? "locked" : "active");
    if (a->note.n)
        mud_json_kstr(json, "note", a->note);
    mud_json_kint(json, "tries", a->tries);
    mud_json_ktime(json, "logged_in", a->logged_in);
    mud_json_ktime(json, "used", a->used);
    if (a->proxy.n)
        mud_json_kstr(json, "proxy", a->proxy);
    if (a->hours.n)
        mud_json_kstr(json, "hours", a->hours);
    mud_json_ktime(json, "added", a->added);
    mud_json_kstr(json, "added_by", a->added_by);
}

void mud_source_accounts_json(struct mud_json *json,
                              const struct mud_source_accounts *accounts)
{
    mud_json_array(json);
    for (size_t i = 0; i < accounts->n; i++) {
        mud_json_object(json);
        mud_account_members(json, &accounts->all[i]);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

void mud_source_accounts_text(struct mud_buf *text,
                              const struct mud_source_accounts *accounts,
                              bool colour)
{
    char in[MUD_LOCAL_TEXT];

    for (size_t i = 0; i < accounts->n; i++) {
        const struct mud_account *a = &accounts->all[i];
        mud_buf_z(text, mud_t("  reads as  ", "  账号      "));
        mud_text_plain(text, a->name, 64);
        if (a->locked)
            mud_buf_printf(text,
                           mud_t(": %slocked%s, ", "：%s已锁定%s，"),
                           mud_ink(colour, MUD_INK_RED),
                           mud_ink(colour, MUD_INK_OFF));
        else
            mud_buf_printf(text,
                           mud_t(": let in %.16s", "：上次登录 %.16s"),
                           mud_local_text(in, a->logged_in));
        if (a->note.n)
            mud_text_plain(text, a->note, 200);
        if (a->hours.n)
            mud_buf_printf(text, ", %.*s", MUD_FMT(a->hours));
        if (a->proxy.n)
            mud_buf_printf(text, ", %.*s", MUD_FMT(a->proxy));
        mud_buf_c(text, '\n');
    }
}
