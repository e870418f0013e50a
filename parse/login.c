#include "parse/login.h"

#include "parse/sight.h"

#define FIELDS_MAX  64
#define FIELD_BYTES 4096                /* of a hidden field's value */
#define STEPS       INT64_C(2000000)    /* of selectors, for one page */
#define WAIT_MAX    60                  /* seconds */
#define TEXT_MAX    ((size_t)512 << 10) /* of an answer that is searched */

struct reader {
    const struct mud_conf *conf;
    bool *used;
    struct mud_arena *arena;
    struct mud_error *err;
};

static const struct mud_conf_entry *entry(struct reader *r, const char *key,
                                          size_t i)
{
    for (size_t k = 0; k < r->conf->n; k++) {
        const struct mud_conf_entry *e = &r->conf->entries[k];
        if (!mud_str_eqz(e->section, "login") || !mud_str_eqz(e->key, key) ||
            i--)
            continue;
        r->used[k] = true;
        return e;
    }
    return NULL;
}

static bool bad(struct reader *r, const struct mud_conf_entry *e)
{
    return mud_fail_in(
        r->err, "%s:%u: %.*s", r->conf->name, e->line, MUD_FMT(e->key));
}

static struct mud_str text_of(struct reader *r, const char *key)
{
    const struct mud_conf_entry *e = entry(r, key, 0);
    return e ? e->value : (struct mud_str){0};
}

static size_t count(struct reader *r, const char *key)
{
    size_t n = 0;
    while (entry(r, key, n))
        n++;
    return n;
}

static void texts_of(struct reader *r, struct mud_texts *out, const char *key)
{
    out->n = count(r, key);
    out->items = mud_arena_array(r->arena, out->n, sizeof *out->items);
    for (size_t i = 0; i < out->n; i++)
        out->items[i] = entry(r, key, i)->value;
}

/* "SELECTOR ~ TEXT"; either may be missing. */
static bool read_mark(struct reader *r, struct mud_login_mark *mark,
                      const struct mud_conf_entry *e)
{
    struct mud_str select = e->value;
    size_t at = mud_str_starts(select, MUD_STR("~ "))
                    ? 0
                    : mud_str_find(select, MUD_STR(" ~ "));
    if (at != MUD_NPOS) {
        mark->cond.text =
            mud_str_trim(mud_str_sub(select, at + (at ? 3 : 2), select.n));
        select = mud_str_trim(mud_str_sub(select, 0, at));
    }
    return !select.n ||
           mud_select_new(&mark->cond.select, select, r->arena, r->err) ||
           bad(r, e);
}

static bool read_marks(struct reader *r, struct mud_login_mark **marks,
                       size_t *n, const char *key, enum mud_login_says says)
{
    size_t more = count(r, key);
    struct mud_login_mark *all =
        mud_arena_array(r->arena, *n + more, sizeof *all);
    for (size_t i = 0; i < *n; i++)
        all[i] = (*marks)[i];
    for (size_t i = 0; i < more; i++) {
        all[*n + i].says = says;
        if (!read_mark(r, &all[*n + i], entry(r, key, i)))
            return false;
    }
    *marks = all;
    *n += more;
    return true;
}

static bool read_refusals(struct reader *r, struct mud_login_rules *out)
{
    /* A captcha that was answered wrong is one that is asked for: before a
     * password that nobody looked at. */
    static const enum mud_login_says order[] = {
        MUD_LOGIN_SAYS_CAPTCHA,
        MUD_LOGIN_SAYS_QUESTION,
        MUD_LOGIN_SAYS_TRIES,
        MUD_LOGIN_SAYS_BANNED,
        MUD_LOGIN_SAYS_WRONG,
    };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (!read_marks(r,
                        &out->refusals,
                        &out->n_refusals,
                        mud_login_says_name(order[i]),
                        order[i]))
            return false;
    return true;
}

/* "NAME VALUE"; the value may be empty. */
static void read_sends(struct reader *r, struct mud_login_send **out, size_t *n,
                       const char *key)
{
    *n = count(r, key);
    *out = mud_arena_array(r->arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        struct mud_str rest = entry(r, key, i)->value;
        (void)mud_str_cut(&rest, ' ', &(*out)[i].name);
        (*out)[i].value = mud_str_trim(rest);
    }
}

static bool select_of(struct reader *r, struct mud_select **out,
                      struct mud_str *attr, const char *key)
{
    const struct mud_conf_entry *e = entry(r, key, 0);
    struct mud_str text = e ? e->value : (struct mud_str){0};
    size_t at = attr ? mud_str_find(text, MUD_STR(" @")) : MUD_NPOS;
    if (at != MUD_NPOS) {
        *attr = mud_str_sub(text, at + 2, text.n);
        text = mud_str_sub(text, 0, at);
    }
    return !e || mud_select_new(out, text, r->arena, r->err) || bad(r, e);
}

bool mud_login_read(struct mud_login_rules **out, const struct mud_conf *conf,
                    bool *used, struct mud_arena *arena, struct mud_error *err)
{
    struct reader r = {.conf = conf, .arena = arena, .err = err};
    struct mud_login_rules *rules = mud_arena_alloc(arena, sizeof *rules);
    struct mud_str wait;
    uint64_t seconds = 0;
    bool given = false;

    *out = NULL;
    r.used = used;
    for (size_t i = 0; i < conf->n; i++)
        given |= mud_str_eqz(conf->entries[i].section, "login");
    if (!given)
        return true;
    texts_of(&r, &rules->pages, "page");
    texts_of(&r, &rules->targets, "target");
    rules->with = text_of(&r, "with");
    rules->check = text_of(&r, "check");
    read_sends(&r, &rules->sends, &rules->n_sends, "send");
    read_sends(&r, &rules->headers, &rules->n_headers, "header");
    wait = text_of(&r, "wait");
    if (wait.n && (!mud_str_u64(wait, &seconds) || seconds > WAIT_MAX))
        return mud_fail(err, MUD_EINPUT, "%s: wait: 0 to 60", conf->name);
    rules->wait_s = (unsigned)seconds;
    if (!select_of(&r, &rules->form, NULL, "form") ||
        !select_of(&r, &rules->token, &rules->token_attr, "token") ||
        !read_marks(&r, &rules->ins, &rules->n_ins, "in", 0) ||
        !read_marks(&r, &rules->outs, &rules->n_outs, "out", 0) ||
        !read_refusals(&r, rules))
        return false;
    if (!rules->pages.n || !rules->targets.n || !rules->n_sends ||
        !rules->n_ins || (!rules->form && !rules->token))
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s: [login] needs page, target, form or token, send "
                        "and in",
                        conf->name);
    *out = rules;
    return true;
}

static const struct mud_login_mark *holds(const struct mud_login_mark *marks,
                                          size_t n, struct mud_sight *sight,
                                          struct mud_str text)
{
    if (text.n > TEXT_MAX)
        text.n = TEXT_MAX;
    for (size_t i = 0; i < n; i++) {
        struct mud_cond cond = marks[i].cond;
        struct mud_conds one = {&cond, 1};
        if (cond.select ? sight->page->n && mud_sight_cond(sight, &one, 0)
                        : mud_str_find(text, cond.text) != MUD_NPOS)
            return &marks[i];
    }
    return NULL;
}

static struct mud_str kept(struct mud_str s, struct mud_arena *arena)
{
    return mud_str_dup(mud_str_sub(s, 0, FIELD_BYTES), arena);
}

/* The hidden fields of the form, whatever their names: boards hide tokens in
 * them, some under a name that is another each time. */
static void read_fields(struct mud_page_account *out, struct mud_sight *sight,
                        uint32_t form)
{
    const struct mud_node *nodes = sight->page->nodes;
    struct mud_login_field *fields = NULL;
    size_t cap = 0;

    for (uint32_t i = form; i < nodes[form].end && out->n_fields < FIELDS_MAX;
         i++) {
        struct mud_str name = mud_node_attr(&nodes[i], "name");
        struct mud_str type = mud_node_attr(&nodes[i], "type");
        if (!mud_str_eqz(nodes[i].tag, "input") || !name.n ||
            !mud_str_ieq(type, MUD_STR("hidden")))
            continue;
        fields = mud_arena_grow(
            sight->arena, fields, &cap, out->n_fields, sizeof *fields);
        fields[out->n_fields++] = (struct mud_login_field){
            kept(name, sight->arena),
            kept(mud_node_attr(&nodes[i], "value"), sight->arena)};
    }
    out->fields = fields;
}

static uint32_t first(struct mud_sight *sight, const struct mud_select *select)
{
    return select && sight->page->n
               ? mud_select_first(
                     select, sight->page, 0, sight->page->n, &sight->steps)
               : MUD_NO_NODE;
}

static void read_form(struct mud_page_account *out,
                      const struct mud_login_rules *rules,
                      struct mud_sight *sight)
{
    uint32_t form = first(sight, rules->form);
    uint32_t token = first(sight, rules->token);
    struct mud_url url;

    if (token != MUD_NO_NODE)
        out->token = kept(mud_node_attr_of(&sight->page->nodes[token],
                                           rules->token_attr),
                          sight->arena);
    if (form != MUD_NO_NODE) {
        read_fields(out, sight, form);
        if (mud_sight_url(sight,
                          mud_node_attr(&sight->page->nodes[form], "action"),
                          &url))
            out->action = url.text;
    }
    out->form = rules->form ? form != MUD_NO_NODE : out->token.n > 0;
}

/* What the form or the answer to it refuses. A text counts in answers alone: a
 * page with a form may hold the words of all that can happen. */
static enum mud_login_says refusal(const struct mud_login_rules *rules,
                                   struct mud_sight *sight, struct mud_str text,
                                   bool answer)
{
    for (size_t i = 0; i < rules->n_refusals; i++) {
        const struct mud_login_mark *mark = &rules->refusals[i];
        if (!answer &&
            (mark->says != MUD_LOGIN_SAYS_CAPTCHA || !mark->cond.select))
            continue;
        if (holds(mark, 1, sight, text))
            return mark->says;
    }
    return MUD_LOGIN_SAYS_NOTHING;
}

void mud_login_look(struct mud_page_account *out,
                    const struct mud_login_rules *rules,
                    struct mud_sight *sight, struct mud_str text,
                    enum mud_page_asks asks)
{
    int64_t steps = sight->steps;

    sight->steps = STEPS; /* a page that was too much still says this */
    /* Marks of strangers are forms and ids, which no post can hold; those of
     * members may be a link. */
    if (holds(rules->outs, rules->n_outs, sight, text))
        out->session = MUD_LOGGED_OUT;
    else if (holds(rules->ins, rules->n_ins, sight, text))
        out->session = MUD_LOGGED_IN;
    if (asks == MUD_ASKS_FORM)
        read_form(out, rules, sight);
    if (asks >= MUD_ASKS_FORM)
        out->says = refusal(rules, sight, text, asks == MUD_ASKS_ANSWER);
    sight->steps = steps;
}
