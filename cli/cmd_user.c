/* People: added, given roles, mapped to accounts, disabled. */
#include "base/json.h"
#include "base/lang.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "desk/person.h"
#include "desk/secret.h"

#include <stdio.h>

static void put_list(struct mud_buf *out, struct mud_str array)
{
    json_t *list = mud_json_read(array, NULL);

    for (size_t i = 0; i < json_array_size(list); i++)
        mud_buf_printf(out,
                       "%s%s",
                       i ? ", " : "",
                       json_string_value(json_array_get(list, i)));
    if (!json_array_size(list))
        mud_buf_c(out, '-');
    json_decref(list);
}

static void put_more(struct mud_buf *text, const struct mud_person *p)
{
    char at[MUD_LOCAL_TEXT];

    if (p->full_name.n)
        mud_buf_printf(text,
                       mud_t("  name          %.*s\n", "  姓名  %.*s\n"),
                       MUD_FMT(p->full_name));
    if (p->organisation.n)
        mud_buf_printf(text,
                       mud_t("  organisation  %.*s\n", "  单位  %.*s\n"),
                       MUD_FMT(p->organisation));
    if (p->email.n)
        mud_buf_printf(text,
                       mud_t("  e-mail        %.*s\n", "  邮箱  %.*s\n"),
                       MUD_FMT(p->email));
    mud_buf_printf(text,
                   mud_t("  made          %.19s by %.*s\n",
                         "  添加  %.19s，%.*s\n"),
                   mud_local_text(at, p->made_at),
                   MUD_FMT(p->made_by));
}

static void put_person(struct mud_out *out, const struct mud_person *p,
                       bool more)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "person");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "name", p->name);
    mud_json_key(&json, "roles");
    mud_json_raw(&json, p->roles);
    mud_json_kstr(&json, "state", p->state);
    mud_json_kstr(&json, "full_name", p->full_name);
    mud_json_kstr(&json, "organisation", p->organisation);
    mud_json_kstr(&json, "email", p->email);
    mud_json_key(&json, "accounts");
    mud_json_raw(&json, p->accounts);
    mud_json_kstr(&json, "made_by", p->made_by);
    mud_json_ktime(&json, "made_at", p->made_at);
    mud_json_object_end(&json);
    mud_buf_printf(&text, "%.*s: ", MUD_FMT(p->name));
    put_list(&text, p->roles);
    if (!mud_str_eqz(p->state, "active"))
        mud_buf_z(&text, mud_t(" (DISABLED)", "（已停用）"));
    mud_buf_z(&text, mud_t("; accounts: ", "；系统账号："));
    put_list(&text, p->accounts);
    mud_buf_c(&text, '\n');
    if (more)
        put_more(&text, p);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static bool put_people(struct mud_out *out, struct mud_pg *pg,
                       struct mud_str name, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_person_list(&rows, pg, name, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_person person = mud_person_row(rows, i);
        put_person(out, &person, name.n != 0);
    }
    mud_rows_free(rows);
    return true;
}

int mud_cmd_user_list(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_out out;
    struct mud_str name =
        mud_str_z(mud_args_count(args) ? mud_args_operand(args, 0) : "");
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                put_people(&out, session.pg, name, err) &&
                mud_out_end(&out, err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* The roles of a repeated option; MUD_EUSAGE names what is none. */
static bool roles_of(unsigned *roles, const struct mud_args *args,
                     const char *option, struct mud_error *err)
{
    const char *word;

    *roles = 0;
    for (size_t i = 0; (word = mud_args_at(args, option, i)); i++) {
        unsigned some = mud_duties_of(mud_str_z(word));
        if (!some)
            return mud_fail(err,
                            MUD_EUSAGE,
                            "--%s takes analyst, officer, supervisor, auditor "
                            "or partner, not %s",
                            option,
                            word);
        *roles |= some;
    }
    return true;
}

/* Printed once: the record for scripts, a line for people. */
static void put_secret(struct mud_out *out, const char *name,
                       const char *secret, int64_t until)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char at[MUD_LOCAL_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "type", "secret");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "name", name);
    mud_json_kz(&json, "secret", secret);
    mud_json_ktime(&json, "expires", until);
    mud_json_object_end(&json);
    mud_buf_printf(
        &text,
        mud_t("one-time secret of %s: %s\n"
              "  shown this once, good until %.16s, for setting a "
              "password in the workbench\n",
              "%s 的一次性密码：%s\n"
              "  仅显示这一次，有效期至 %.16s，用于在工作台设置密码\n"),
        name,
        secret,
        mud_local_text(at, until));
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_secret_forget(json_text.s, json_text.n);
    mud_secret_forget(text.s, text.n);
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static bool new_secret(struct mud_out *out, struct mud_pg *pg, const char *name,
                       struct mud_error *err)
{
    int64_t until = mud_now() + MUD_SECRET_GOOD * MUD_SECOND;
    char secret[MUD_SECRET_TEXT];
    bool good =
        mud_secret_make(secret, err) &&
        mud_secret_put(pg, mud_str_z(name), mud_str_z(secret), until, err);

    if (good)
        put_secret(out, name, secret, until);
    mud_secret_forget(secret, sizeof secret);
    return good;
}

static bool given_of(struct mud_person_given *given,
                     const struct mud_args *args, struct mud_error *err)
{
    const char *full = mud_args_get(args, "full-name");
    const char *place = mud_args_get(args, "organisation");
    const char *mail = mud_args_get(args, "email");

    *given =
        (struct mud_person_given){.name = mud_str_z(mud_args_operand(args, 0)),
                                  .full_name = mud_str_z(full ? full : ""),
                                  .organisation = mud_str_z(place ? place : ""),
                                  .email = mud_str_z(mail ? mail : "")};
    if (!roles_of(&given->roles, args, "role", err))
        return false;
    return given->roles || mud_fail(err,
                                    MUD_EUSAGE,
                                    "--role is missing: analyst, officer, "
                                    "supervisor, auditor or partner");
}

int mud_cmd_user_add(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_person_given given;
    struct mud_out out;
    const char *name = mud_args_operand(args, 0);
    bool good =
        mud_out_begin(&out, args, err) && given_of(&given, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_person_add(session.pg, &given, mud_str_z(session.who), err) &&
        put_people(&out, session.pg, given.name, err) &&
        new_secret(&out, session.pg, name, err) && mud_out_end(&out, err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* A change to the person of the first operand, who is shown after it. */
static int change(const struct mud_args *args,
                  bool (*work)(struct mud_out *out,
                               const struct mud_session *session,
                               const struct mud_args *args,
                               struct mud_error *err),
                  struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_out out;
    struct mud_str name = mud_str_z(mud_args_operand(args, 0));
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                work(&out, &session, args, err) &&
                put_people(&out, session.pg, name, err) &&
                mud_out_end(&out, err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static bool set_roles(struct mud_out *out, const struct mud_session *session,
                      const struct mud_args *args, struct mud_error *err)
{
    struct mud_str name = mud_str_z(mud_args_operand(args, 0));
    unsigned add, drop;
    bool good = true;

    (void)out;
    if (!roles_of(&add, args, "add", err) ||
        !roles_of(&drop, args, "remove", err))
        return false;
    if (!add && !drop)
        return mud_fail(err, MUD_EUSAGE, "say --add ROLE or --remove ROLE");
    if (add & drop)
        return mud_fail(
            err, MUD_EUSAGE, "the same role is to be added and removed");
    for (unsigned bit = 1; good && bit < 1U << MUD_DUTIES; bit <<= 1)
        if ((add | drop) & bit)
            good = mud_person_role(session->pg,
                                   name,
                                   bit,
                                   (add & bit) != 0,
                                   mud_str_z(session->who),
                                   err);
    return good;
}

static bool disable(struct mud_out *out, const struct mud_session *session,
                    const struct mud_args *args, struct mud_error *err)
{
    (void)out;
    return mud_person_enable(
        session->pg, mud_str_z(mud_args_operand(args, 0)), false, err);
}

static bool enable(struct mud_out *out, const struct mud_session *session,
                   const struct mud_args *args, struct mud_error *err)
{
    (void)out;
    return mud_person_enable(
        session->pg, mud_str_z(mud_args_operand(args, 0)), true, err);
}

static bool map(struct mud_out *out, const struct mud_session *session,
                const struct mud_args *args, struct mud_error *err)
{
    struct mud_str name = mud_str_z(mud_args_operand(args, 0));
    struct mud_str account = mud_str_z(mud_args_operand(args, 1));

    (void)out;
    if (mud_args_has(args, "remove"))
        return mud_person_unmap(session->pg, name, account, err);
    return mud_person_map(
        session->pg, name, account, mud_str_z(session->who), err);
}

static bool secret(struct mud_out *out, const struct mud_session *session,
                   const struct mud_args *args, struct mud_error *err)
{
    const char *name = mud_args_operand(args, 0);
    struct mud_rows *rows = NULL;
    bool good = mud_person_list(&rows, session->pg, mud_str_z(name), err);

    mud_rows_free(rows);
    return good && new_secret(out, session->pg, name, err);
}

int mud_cmd_user_role(const struct mud_args *args, struct mud_error *err)
{
    return change(args, set_roles, err);
}

int mud_cmd_user_disable(const struct mud_args *args, struct mud_error *err)
{
    return change(args, disable, err);
}

int mud_cmd_user_enable(const struct mud_args *args, struct mud_error *err)
{
    return change(args, enable, err);
}

int mud_cmd_user_map(const struct mud_args *args, struct mud_error *err)
{
    return change(args, map, err);
}

int mud_cmd_user_secret(const struct mud_args *args, struct mud_error *err)
{
    return change(args, secret, err);
}
