#include "run/login.h"

#include "base/log.h"
#include "run/login_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum stage {
    FORM,
    WAIT,
    ANSWER,
    CHECK
};

struct mud_login {
    struct mud_login_ask ask;
    const struct mud_login_rules *rules;
    struct mud_policy policy;
    struct mud_str *places; /* addresses of the rules' pages, then targets */
    struct mud_str check;
    struct mud_arena *arena;
    struct mud_fetcher *fetcher;
    enum stage stage;
    size_t page;                     /* of the rules, asked for */
    int64_t ready;                   /* monotonic us: the form may be sent */
    struct mud_login_page held;      /* the form's page, in arena */
    struct mud_page_account account; /* what it held */
    struct mud_secret *secret;
    struct mud_login_form form;
    struct mud_fetched fetched; /* came; its arena is ours */
    bool came;
    enum mud_login_end end;
    char why[512];
};

/* An address that the rules give from the board's front. */
static bool place(struct mud_str *out, const struct mud_url *front,
                  struct mud_str text, struct mud_arena *arena,
                  struct mud_error *err)
{
    struct mud_url url;

    if (!mud_url_resolve(&url, front, text, arena, err))
        return false;
    *out = url.text;
    return true;
}

static bool find_places(struct mud_login *login, struct mud_error *err)
{
    const struct mud_login_rules *rules = login->rules;
    struct mud_url url, front;
    size_t n = 0;
    bool good =
        mud_url_parse(&url, login->ask.source->url, login->arena, err) &&
        mud_url_resolve(&front, &url, MUD_STR("./"), login->arena, err);

    login->places = mud_arena_array(
        login->arena, rules->pages.n + rules->targets.n, sizeof *login->places);
    for (size_t i = 0; good && i < rules->pages.n; i++)
        good = place(&login->places[n++],
                     &front,
                     rules->pages.items[i],
                     login->arena,
                     err);
    for (size_t i = 0; good && i < rules->targets.n; i++)
        good = place(&login->places[n++],
                     &front,
                     rules->targets.items[i],
                     login->arena,
                     err);
    login->check = login->ask.source->url;
    if (good && rules->check.n)
        good = place(&login->check, &front, rules->check, login->arena, err);
    return good;
}

static void set_policy(struct mud_login *login)
{
    struct mud_policy *policy = &login->policy;

    *policy = *login->ask.policy;
    policy->login_pages = login->places;
    policy->n_login_pages = login->rules->pages.n;
    policy->login_targets = login->places + login->rules->pages.n;
    policy->n_login_targets = login->rules->targets.n;
    policy->withhold = true;
}

static bool load_jar(struct mud_login *login, struct mud_error *err)
{
    return access(login->ask.jar, F_OK) != 0 ||
           mud_fetcher_cookies_load(login->fetcher, login->ask.jar, err);
}

static bool ask_for(struct mud_login *login, struct mud_str url,
                    struct mud_error *err)
{
    return mud_fetcher_add(
        login->fetcher, url, login->ask.source->url, NULL, err);
}

bool mud_login_new(struct mud_login **out, const struct mud_login_ask *ask,
                   struct mud_error *err)
{
    const struct mud_engine *engine = mud_engine_file(ask->rules);
    struct mud_login *login;

    *out = NULL;
    if (!engine || !engine->login)
        return mud_fail(err,
                        MUD_EMISSING,
                        "nothing is known of how one logs in at %.*s",
                        MUD_FMT(ask->source->url));
    login = mud_calloc(1, sizeof *login);
    login->ask = *ask;
    login->rules = engine->login;
    login->arena = mud_arena_new();
    if (find_places(login, err)) {
        set_policy(login);
        if (mud_loop_fetcher(&login->fetcher, ask->loop, &login->policy, err) &&
            load_jar(login, err) && ask_for(login, login->places[0], err)) {
            *out = login;
            return true;
        }
    }
    mud_login_free(login);
    return mud_fail_in(err, "log in");
}

void mud_login_free(struct mud_login *login)
{
    if (!login)
        return;
    mud_fetcher_free(login->fetcher);
    if (login->came)
        mud_arena_free(login->fetched.arena);
    mud_login_form_free(&login->form);
    mud_secret_free(login->secret);
    mud_arena_free(login->arena);
    free(login);
}

const char *mud_login_why(const struct mud_login *login)
{
    return login->why;
}

static bool fail(struct mud_login *login, const char *why)
{
    login->end = MUD_LOGIN_FAILED;
    snprintf(login->why, sizeof login->why, "%s", why);
    return true;
}

/* No more is tried until an analyst has looked. */
static bool lock(struct mud_login *login, const char *why,
                 struct mud_error *err)
{
    login->end = MUD_LOGIN_REFUSED;
    snprintf(login->why, sizeof login->why, "%s", why);
    mud_log(MUD_LOG_WARN,
            NULL,
            "account %.*s of %.*s is locked: %s",
            MUD_FMT(login->ask.source->account),
            MUD_FMT(login->ask.source->name),
            why);
    return mud_account_lock(login->ask.worker->pg,
                            login->ask.source,
                            login->ask.source->account,
                            mud_str_z(login->why),
                            MUD_STR("mudlark"),
                            err);
}

static const char *refusal(enum mud_login_says says)
{
    static const char *const texts[MUD_LOGIN_SAYS] = {
        "",
        "the board says that name or password are wrong",
        "the board says that there were too many tries",
        "the board asks for a captcha: mudlark source cookies --account",
        "the board says that the account is banned or not active",
        "the board asks for a second factor or a secret question",
    };
    return texts[says];
}

static bool keep(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct mud_login *login = payload;

    (void)fetcher;
    login->fetched = *fetched;
    login->came = true;
    fetched->arena = NULL;
    return true;
}

/* Seal what came; *last is the capture of the answer. */
static bool seal(struct mud_login *login, const struct mud_capture **last,
                 struct mud_error *err)
{
    struct mud_fetched *f = &login->fetched;
    struct mud_seal_item *items =
        mud_arena_array(f->arena, f->n, sizeof *items);
    struct mud_capture *captures =
        mud_arena_array(f->arena, f->n, sizeof *captures);

    for (size_t i = 0; i < f->n; i++)
        items[i] = (struct mud_seal_item){
            .source = login->ask.source->id,
            .account = login->ask.source->account,
            .exchange = &f->exchanges[i],
        };
    if (!mud_seal_items(captures,
                        login->ask.worker->vault,
                        login->ask.worker->pg,
                        items,
                        f->n,
                        f->arena,
                        err))
        return false;
    for (size_t i = 0; i < f->n; i++)
        login->ask.report->bytes += captures[i].size;
    login->ask.report->captures += (int64_t)f->n;
    *last = f->n ? &captures[f->n - 1] : NULL;
    return true;
}

/* What the answer says of the account; a redirect has no page. */
static bool read_answer(struct mud_login *login, struct mud_parsed *parsed,
                        const struct mud_capture *last, struct mud_error *err)
{
    struct mud_fetched *f = &login->fetched;
    const struct mud_exchange *x = &f->exchanges[f->n - 1];
    const struct mud_step_asks asks = {
        .asks = login->stage == FORM     ? MUD_ASKS_FORM
                : login->stage == ANSWER ? MUD_ASKS_ANSWER
                                         : MUD_ASKS_FORM,
        .rules = login->ask.rules,
    };

    *parsed = (struct mud_parsed){0};
    return x->location.n || mud_step_asking(parsed,
                                            &asks,
                                            login->ask.worker,
                                            login->ask.source,
                                            last,
                                            x,
                                            login->ask.report,
                                            f->arena,
                                            err);
}

static struct mud_str copy(struct mud_login *login, struct mud_str s)
{
    return mud_str_dup(s, login->arena);
}

static bool let_in(struct mud_login *login, struct mud_error *err)
{
    login->end = MUD_LOGIN_IN;
    return mud_fetcher_cookies_save(login->fetcher, login->ask.jar, err) &&
           mud_account_in(login->ask.worker->pg,
                          login->ask.source,
                          login->ask.source->account,
                          err);
}

static bool got_form(struct mud_login *login, const struct mud_parsed *parsed,
                     struct mud_error *err)
{
    const struct mud_page_account *a = &parsed->account;
    const struct mud_exchange *x =
        &login->fetched.exchanges[login->fetched.n - 1];
    struct mud_login_field *fields;

    if (a->session == MUD_LOGGED_IN)
        return let_in(login, err); /* the cookies still hold */
    if (a->says)
        return lock(login, refusal(a->says), err);
    if (!a->form) {
        if (++login->page < login->rules->pages.n)
            return ask_for(login, login->places[login->page], err);
        snprintf(login->why,
                 sizeof login->why,
                 "there is no log-in form of this engine at %.*s",
                 MUD_FMT(x->url));
        login->end = MUD_LOGIN_FAILED;
        return true;
    }
    login->account = *a;
    login->account.action = copy(login, a->action);
    login->account.token = copy(login, a->token);
    fields = mud_arena_array(login->arena, a->n_fields, sizeof *fields);
    for (size_t i = 0; i < a->n_fields; i++)
        fields[i] = (struct mud_login_field){copy(login, a->fields[i].name),
                                             copy(login, a->fields[i].value)};
    login->account.fields = fields;
    login->held = (struct mud_login_page){
        .url = copy(login, x->url),
        .charset = copy(login, parsed->charset),
        .account = &login->account,
        .target = login->policy.login_targets[0],
    };
    login->stage = WAIT;
    login->ready = mud_monotonic() + login->rules->wait_s * MUD_SECOND;
    return true;
}

/* Was the password sent as often as it may be, in vain? */
static bool tried_out(bool *out, struct mud_login *login, struct mud_error *err)
{
    struct mud_account *all;
    size_t n;

    *out = false;
    if (!mud_account_list(&all,
                          &n,
                          login->ask.worker->pg,
                          login->ask.source,
                          login->arena,
                          err))
        return false;
    for (size_t i = 0; i < n; i++)
        *out = *out || (mud_str_eq(all[i].name, login->ask.source->account) &&
                        all[i].tries >= MUD_ACCOUNT_TRIES);
    return true;
}

/* The form is filled in, and counted, and goes out. */
static bool send_form(struct mud_login *login, struct mud_error *err)
{
    struct mud_str account = login->ask.source->account;
    struct mud_error why = {0};
    bool may, out;

    login->stage = ANSWER;
    if (!mud_secret_open(
            &login->secret, login->ask.worker->home, account, &why) ||
        !mud_login_fill(&login->form,
                        login->rules,
                        &login->held,
                        login->secret,
                        login->arena,
                        &why))
        return fail(login, why.text);
    if (!mud_account_try(
            &may, login->ask.worker->pg, login->ask.source, account, err))
        return false;
    if (!may && !tried_out(&out, login, err))
        return false;
    if (!may)
        return lock(login,
                    out ? "its password was sent and did not let it in"
                        : "the board let it in again and again today and "
                          "still shows what strangers see",
                    err);
    return mud_fetcher_post(login->fetcher, &login->form.form, NULL, &why) ||
           fail(login, why.text);
}

/* A redirect may tell, too, where there is more to be answered. */
static enum mud_login_says location_says(const struct mud_login *login,
                                         struct mud_str location)
{
    for (size_t i = 0; location.n && i < login->rules->n_refusals; i++) {
        const struct mud_login_mark *mark = &login->rules->refusals[i];
        if (!mark->cond.select &&
            mud_str_find(location, mark->cond.text) != MUD_NPOS)
            return mark->says;
    }
    return MUD_LOGIN_SAYS_NOTHING;
}

static bool got_answer(struct mud_login *login, const struct mud_parsed *parsed,
                       struct mud_error *err)
{
    const struct mud_exchange *x =
        &login->fetched.exchanges[login->fetched.n - 1];
    enum mud_login_says says = parsed->account.says;

    mud_login_form_free(&login->form); /* with the password in it */
    mud_secret_free(login->secret);
    login->secret = NULL;
    if (!says)
        says = location_says(login, x->location);
    if (says)
        return lock(login, refusal(says), err);
    login->stage = CHECK;
    return ask_for(login, login->check, err);
}

static bool got_check(struct mud_login *login, const struct mud_parsed *parsed,
                      struct mud_error *err)
{
    bool out;

    if (parsed->account.session == MUD_LOGGED_IN)
        return let_in(login, err);
    if (!tried_out(&out, login, err))
        return false;
    if (out)
        return lock(login,
                    "its password was sent twice and the board still "
                    "shows what strangers see",
                    err);
    return fail(login,
                "the form was sent and the board still shows what strangers "
                "see");
}

static bool got(struct mud_login *login, struct mud_error *err)
{
    const struct mud_capture *last = NULL;
    struct mud_parsed parsed;

    for (size_t i = 0; i < login->fetched.n; i++) {
        struct mud_error why = {0};
        if (!mud_seal_check(&login->fetched.exchanges[i], &why))
            return fail(login, why.text);
    }
    if (!seal(login, &last, err))
        return false;
    if (login->fetched.error)
        return fail(login, login->fetched.error->text);
    if (!read_answer(login, &parsed, last, err))
        return false;
    if (login->stage == FORM)
        return got_form(login, &parsed, err);
    return login->stage == ANSWER ? got_answer(login, &parsed, err)
                                  : got_check(login, &parsed, err);
}

bool mud_login_turn(enum mud_login_end *end, struct mud_login *login,
                    struct mud_error *err)
{
    bool good = true;

    (void)mud_fetcher_deliver(login->fetcher, keep, login);
    if (login->came) {
        good = got(login, err);
        mud_arena_free(login->fetched.arena);
        login->came = false;
    } else if (login->stage == WAIT && mud_monotonic() >= login->ready) {
        good = send_form(login, err);
    }
    *end = login->end;
    return good;
}
