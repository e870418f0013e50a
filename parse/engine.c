#include "parse/engine.h"

#include "base/conf.h"
#include "base/embed.h"
#include "parse/login.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

extern const struct mud_embedded mud_engine_files[];

struct reader {
    struct mud_conf conf;
    struct mud_arena *arena;
    struct mud_error *err;
    bool *used; /* entries of conf that something asked for */
};

/* Entry number i of section.key, or NULL. */
static const struct mud_conf_entry *entry(struct reader *r, const char *section,
                                          const char *key, size_t i)
{
    for (size_t k = 0; k < r->conf.n; k++) {
        const struct mud_conf_entry *e = &r->conf.entries[k];
        if (!mud_str_eqz(e->section, section) || !mud_str_eqz(e->key, key))
            continue;
        if (i-- == 0) {
            r->used[k] = true;
            return e;
        }
    }
    return NULL;
}

static bool bad(struct reader *r, const struct mud_conf_entry *e)
{
    return mud_fail_in(
        r->err, "%s:%u: %.*s", r->conf.name, e->line, MUD_FMT(e->key));
}

static size_t count(struct reader *r, const char *section, const char *key)
{
    size_t n = 0;
    while (entry(r, section, key, n))
        n++;
    return n;
}

static struct mud_str text_of(struct reader *r, const char *section,
                              const char *key)
{
    const struct mud_conf_entry *e = entry(r, section, key, 0);
    return e ? e->value : (struct mud_str){0};
}

static bool select_at(struct reader *r, struct mud_select **out,
                      const char *section, const char *key, size_t i)
{
    const struct mud_conf_entry *e = entry(r, section, key, i);
    return !e || mud_select_new(out, e->value, r->arena, r->err) || bad(r, e);
}

static bool select_of(struct reader *r, struct mud_select **out,
                      const char *section, const char *key)
{
    return select_at(r, out, section, key, 0);
}

/* Splits at the first " MARK " or at an end of the text. */
static bool split(struct mud_str *text, const char *mark, struct mud_str *rest)
{
    struct mud_str m = mud_str_z(mark);
    size_t at = mud_str_find(*text, m);
    if (at == MUD_NPOS)
        return false;
    *rest = mud_str_trim(mud_str_sub(*text, at + m.n, text->n));
    *text = mud_str_trim(mud_str_sub(*text, 0, at));
    return true;
}

/* with_word: the value begins with a word of its own. */
static bool conds_of(struct reader *r, struct mud_conds *out,
                     const char *section, const char *key, bool with_word)
{
    out->n = count(r, section, key);
    out->items = mud_arena_array(r->arena, out->n, sizeof(*out->items));
    for (size_t i = 0; i < out->n; i++) {
        const struct mud_conf_entry *e = entry(r, section, key, i);
        struct mud_cond *cond = &out->items[i];
        struct mud_str value = e->value;
        if (with_word && mud_str_cut(&value, ' ', &cond->word))
            value = mud_str_trim(value);
        (void)split(&value, " ~ ", &cond->text);
        if (!mud_select_new(&cond->select, value, r->arena, r->err))
            return bad(r, e);
    }
    return true;
}

/* A text in double quotes keeps the spaces at its ends. */
static struct mud_str unquoted(struct mud_str s)
{
    return s.n > 2 && s.s[0] == '"' && s.s[s.n - 1] == '"'
               ? mud_str_sub(s, 1, s.n - 1)
               : s;
}

/* "look SELECTOR NAME": NAME stays in *arg. */
static bool read_look(struct reader *r, struct mud_pick *pick,
                      struct mud_str *arg)
{
    struct mud_select *select = NULL;
    size_t at = mud_str_rchr(*arg, ' ');
    if (at == MUD_NPOS)
        return mud_fail(r->err, MUD_EINPUT, "wanted: look SELECTOR NAME");
    if (!mud_select_new(&select, mud_str_sub(*arg, 0, at), r->arena, r->err))
        return false;
    pick->takes[pick->n].select = select;
    *arg = mud_str_sub(*arg, at + 1, arg->n);
    return true;
}

static bool read_take(struct reader *r, struct mud_pick *pick,
                      struct mud_str text)
{
    static const struct {
        const char *name;
        enum mud_take take;
        bool arg;
    } takes[] = {
        {"query", MUD_TAKE_QUERY, true},
        {"url", MUD_TAKE_URL, true},
        {"after", MUD_TAKE_AFTER, true},
        {"before", MUD_TAKE_BEFORE, true},
        {"digits", MUD_TAKE_DIGITS, false},
        {"id", MUD_TAKE_ID, false},
        {"words", MUD_TAKE_WORDS, true},
        {"with", MUD_TAKE_WITH, true},
        {"behind", MUD_TAKE_BEHIND, true},
        {"line", MUD_TAKE_LINE, false},
        {"epoch", MUD_TAKE_EPOCH, false},
        {"not", MUD_TAKE_NOT, true},
        {"member", MUD_TAKE_MEMBER, true},
        {"plus", MUD_TAKE_PLUS, true},
        {"look", MUD_TAKE_LOOK, true},
        {"said", MUD_TAKE_SAID, false},
    };

    if (mud_str_eqz(text, "last")) {
        pick->last = true;
        return true;
    }
    struct mud_str name, arg = text;
    (void)mud_str_cut(&arg, ' ', &name);
    arg = unquoted(mud_str_trim(arg));
    uint64_t nth;
    if (mud_str_eqz(name, "nth") && arg.n <= 2 && mud_str_u64(arg, &nth)) {
        pick->nth = (unsigned)nth;
        return true;
    }
    for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
        if (!mud_str_eqz(name, takes[i].name) || takes[i].arg != (arg.n > 0))
            continue;
        if (pick->n == MUD_TAKES_MAX ||
            (takes[i].take == MUD_TAKE_URL && mud_rule_var_of(arg) < 0))
            break;
        if (takes[i].take == MUD_TAKE_LOOK && !read_look(r, pick, &arg))
            return false;
        pick->takes[pick->n].take = takes[i].take;
        pick->takes[pick->n++].arg = arg;
        return true;
    }
    return mud_fail(r->err, MUD_EINPUT, "unknown step \"%.*s\"", MUD_FMT(text));
}

static bool read_pick(struct reader *r, struct mud_pick *pick,
                      struct mud_str text)
{
    struct mud_str takes = {0}, step;
    bool own = mud_str_starts(text, MUD_STR("| ")); /* the part's own node */
    if (own) {
        takes = mud_str_sub(text, 2, text.n);
        text.n = 0;
    }
    if (own || split(&text, " | ", &takes)) {
        while (takes.n) {
            step = takes;
            if (!split(&step, " | ", &takes))
                takes.n = 0;
            if (!read_take(r, pick, step))
                return false;
        }
    }
    struct mud_str attr = {0};
    if (mud_str_starts(text, MUD_STR("@"))) {
        attr = mud_str_sub(text, 1, text.n);
        text.n = 0;
    } else {
        (void)split(&text, " @", &attr);
    }
    if (attr.n)
        pick->attr = mud_str_cstr(attr, r->arena);
    return !text.n || mud_select_new(&pick->select, text, r->arena, r->err);
}

static bool picks_of(struct reader *r, struct mud_picks *out,
                     const char *section, const char *key)
{
    out->n = count(r, section, key);
    out->items = mud_arena_array(r->arena, out->n, sizeof(*out->items));
    for (size_t i = 0; i < out->n; i++) {
        const struct mud_conf_entry *e = entry(r, section, key, i);
        if (!read_pick(r, &out->items[i], e->value))
            return bad(r, e);
    }
    return true;
}

/* The words of all values, by spaces. */
static void words_of(struct reader *r, struct mud_str **out, size_t *n,
                     const char *section, const char *key)
{
    size_t room = 0;
    for (size_t i = 0; i < count(r, section, key); i++) {
        struct mud_str rest = entry(r, section, key, i)->value, word;
        while (mud_str_cut(&rest, ' ', &word)) {
            *out = mud_arena_grow(r->arena, *out, &room, *n, sizeof(**out));
            if (word.n)
                (*out)[(*n)++] = word;
        }
    }
}

static bool rules_of(struct reader *r, struct mud_engine *engine)
{
    size_t cap = 0;
    for (size_t i = 0; i < r->conf.n; i++) {
        const struct mud_conf_entry *e = &r->conf.entries[i];
        if (!mud_str_eqz(e->section, "url"))
            continue;
        r->used[i] = true;
        if (mud_str_eqz(e->key, "refuse"))
            continue;
        int kind = mud_rule_kind_of(e->key);
        if (kind < 0) {
            (void)mud_fail(r->err, MUD_EINPUT, "unknown kind of address");
            return bad(r, e);
        }
        engine->rules = mud_arena_grow(r->arena,
                                       engine->rules,
                                       &cap,
                                       engine->n_rules,
                                       sizeof(*engine->rules));
        if (!mud_rule_read(&engine->rules[engine->n_rules++],
                           (enum mud_rule_kind)kind,
                           e->value,
                           r->arena,
                           r->err))
            return bad(r, e);
    }
    words_of(r, &engine->refuse, &engine->n_refuse, "url", "refuse");
    return true;
}

/* "sample = FILE KIND URL"; the golden file is FILE with ".ndjson" behind. */
static bool samples_of(struct reader *r, struct mud_engine *engine)
{
    engine->n_samples = count(r, "engine", "sample");
    engine->samples =
        mud_arena_array(r->arena, engine->n_samples, sizeof(*engine->samples));
    for (size_t i = 0; i < engine->n_samples; i++) {
        const struct mud_conf_entry *e = entry(r, "engine", "sample", i);
        struct mud_str rest = e->value;
        (void)mud_str_cut(&rest, ' ', &engine->samples[i].file);
        (void)mud_str_cut(&rest, ' ', &engine->samples[i].kind);
        engine->samples[i].url = mud_str_trim(rest);
        engine->samples[i].golden = mud_str_printf(
            r->arena, "%.*s.ndjson", MUD_FMT(engine->samples[i].file));
        if (!engine->samples[i].url.n) {
            (void)mud_fail(r->err, MUD_EINPUT, "wanted: file, kind and url");
            return bad(r, e);
        }
    }
    return true;
}

static bool read_page(struct reader *r, struct mud_engine *e)
{
    return picks_of(r, &e->page.title, "page", "title") &&
           picks_of(r, &e->page.thread, "page", "thread") &&
           picks_of(r, &e->page.thread_title, "page", "thread_title") &&
           picks_of(r, &e->page.board, "page", "board") &&
           picks_of(r, &e->page.page, "page", "page") &&
           picks_of(r, &e->page.pages, "page", "pages") &&
           picks_of(r, &e->page.start, "page", "start") &&
           picks_of(r, &e->page.count, "page", "count") &&
           picks_of(r, &e->page.per, "page", "per") &&
           picks_of(r, &e->page.next, "page", "next") &&
           select_of(r, &e->place.node, "place", "node") &&
           picks_of(r, &e->place.board, "place", "board") &&
           select_of(r, &e->row.node, "row", "node") &&
           picks_of(r, &e->row.thread, "row", "thread") &&
           picks_of(r, &e->row.board, "row", "board") &&
           picks_of(r, &e->row.title, "row", "title") &&
           picks_of(r, &e->row.author, "row", "author") &&
           picks_of(r, &e->row.author_id, "row", "author_id") &&
           picks_of(r, &e->row.replies, "row", "replies") &&
           picks_of(r, &e->row.last, "row", "last");
}

static bool read_profile(struct reader *r, struct mud_engine *e)
{
    return picks_of(r, &e->profile.user, "profile", "user") &&
           picks_of(r, &e->profile.name, "profile", "name") &&
           picks_of(r, &e->profile.role, "profile", "role") &&
           picks_of(r, &e->profile.signature, "profile", "signature") &&
           picks_of(r, &e->profile.registered, "profile", "registered") &&
           picks_of(r, &e->profile.last_seen, "profile", "last_seen") &&
           picks_of(r, &e->profile.posts, "profile", "posts") &&
           select_of(r, &e->profile.field, "profile", "field") &&
           picks_of(r, &e->profile.label, "profile", "label") &&
           picks_of(r, &e->profile.value, "profile", "value");
}

static void texts_of(struct reader *r, struct mud_texts *out,
                     const char *section, const char *key)
{
    out->n = count(r, section, key);
    out->items = mud_arena_array(r->arena, out->n, sizeof(*out->items));
    for (size_t i = 0; i < out->n; i++)
        out->items[i] = entry(r, section, key, i)->value;
}

static unsigned small_number(struct reader *r, const char *section,
                             const char *key)
{
    uint64_t n = 0;
    struct mud_str text = text_of(r, section, key);
    return text.n <= 3 && mud_str_u64(text, &n) ? (unsigned)n : 0;
}

static void read_heads(struct reader *r, struct mud_engine *e)
{
    e->page.step = small_number(r, "page", "step");
    e->page.size = small_number(r, "page", "size");
    e->page.first = small_number(r, "page", "first");
    e->post.skip = small_number(r, "post", "skip");
    e->reaction.name = text_of(r, "reaction", "name");
    words_of(r, &e->html, &e->n_html, "engine", "html");
    e->post.flat = mud_str_eqz(text_of(r, "post", "flat"), "yes");
    e->post.nested = mud_str_eqz(text_of(r, "post", "nested"), "yes");
    e->post.nameless = mud_str_eqz(text_of(r, "post", "nameless"), "yes");
    texts_of(r, &e->post.nobody, "post", "nobody");
    texts_of(r, &e->post.heads, "post", "head");
    texts_of(r, &e->post.feet, "post", "foot");
    texts_of(r, &e->post.masks, "post", "mask");
    texts_of(r, &e->post.tombs, "post", "tombstone");
    texts_of(r, &e->post.stubs, "post", "stub");
}

static bool read_post(struct reader *r, struct mud_engine *e)
{
    texts_of(r, &e->quote.heads, "quote", "head");
    texts_of(r, &e->quote.plains, "quote", "plain");
    e->feed.cut = text_of(r, "feed", "cut");
    e->feed.title = text_of(r, "feed", "title");
    e->feed.anchor = text_of(r, "feed", "anchor");
    read_heads(r, e);
    return select_of(r, &e->post.node, "post", "node") &&
           select_of(r, &e->post.body, "post", "body") &&
           select_at(r, &e->post.body_else, "post", "body", 1) &&
           select_of(r, &e->post.gallery, "post", "gallery") &&
           select_of(r, &e->post.drop, "post", "drop") &&
           select_of(r, &e->post.tail, "post", "tail") &&
           select_of(r, &e->post.alt, "post", "alt") &&
           select_of(r, &e->post.code, "post", "code") &&
           select_of(r, &e->post.image, "post", "image") &&
           select_of(r, &e->post.attachment, "post", "attachment") &&
           picks_of(r, &e->post.id, "post", "id") &&
           picks_of(r, &e->post.author, "post", "author") &&
           picks_of(r, &e->post.author_id, "post", "author_id") &&
           picks_of(r, &e->post.time, "post", "time") &&
           picks_of(r, &e->post.edited, "post", "edited") &&
           picks_of(r, &e->post.position, "post", "position") &&
           picks_of(r, &e->post.signature, "post", "signature") &&
           picks_of(r, &e->post.role, "post", "role") &&
           picks_of(r, &e->post.reply_to, "post", "reply_to") &&
           picks_of(r, &e->post.service, "post", "service") &&
           picks_of(r, &e->post.board, "post", "board") &&
           picks_of(r, &e->post.thread, "post", "thread") &&
           picks_of(r, &e->post.thread_title, "post", "thread_title") &&
           conds_of(r, &e->post.notice, "post", "notice", false) &&
           select_of(r, &e->reaction.node, "reaction", "node") &&
           picks_of(r, &e->reaction.sign, "reaction", "sign") &&
           picks_of(r, &e->reaction.count, "reaction", "count") &&
           conds_of(r, &e->post.anonymous, "post", "anonymous", false) &&
           conds_of(r, &e->post.blocked, "post", "blocked", false) &&
           conds_of(r, &e->post.deleted, "post", "deleted", false) &&
           conds_of(r, &e->post.login, "post", "login", false) &&
           conds_of(r, &e->post.hidden, "post", "hidden", true) &&
           select_of(r, &e->quote.node, "quote", "node") &&
           select_of(r, &e->quote.drop, "quote", "drop") &&
           select_of(r, &e->quote.lead, "quote", "lead") &&
           picks_of(r, &e->quote.lead_author, "quote", "lead_author") &&
           select_of(r, &e->quote.title, "quote", "title") &&
           picks_of(r, &e->quote.author, "quote", "author") &&
           picks_of(r, &e->quote.post, "quote", "post");
}

/* A key that nothing reads is a slip of the pen. */
static bool all_used(struct reader *r)
{
    for (size_t i = 0; i < r->conf.n; i++) {
        if (r->used[i])
            continue;
        (void)mud_fail(r->err,
                       MUD_EINPUT,
                       "unknown key in [%.*s]",
                       MUD_FMT(r->conf.entries[i].section));
        return bad(r, &r->conf.entries[i]);
    }
    return true;
}

static bool kinds_known(struct reader *r, const struct mud_engine *engine)
{
    for (size_t i = 0; i < engine->kinds.n; i++) {
        struct mud_str word = engine->kinds.items[i].word;
        int kind = MUD_PAGE_UNKNOWN;
        while (kind <= MUD_PAGE_OTHER &&
               !mud_str_eqz(word, mud_page_kind_name((enum mud_page_kind)kind)))
            kind++;
        if (kind > MUD_PAGE_OTHER)
            return mud_fail(r->err,
                            MUD_EINPUT,
                            "%s: unknown page kind %.*s",
                            r->conf.name,
                            MUD_FMT(word));
    }
    return true;
}

static bool read_marks(struct reader *r, struct mud_engine *engine)
{
    struct mud_str view = text_of(r, "engine", "view");
    int v = MUD_VIEW_THREAD;
    engine->name = text_of(r, "engine", "name");
    engine->older = mud_str_eqz(text_of(r, "engine", "older"), "yes");
    engine->zone = text_of(r, "engine", "zone");
    engine->verified = text_of(r, "engine", "verified");
    if (mud_str_eqz(text_of(r, "engine", "order"), "dmy"))
        engine->order = MUD_DATE_DMY;
    if (engine->verified.n && !mud_str_eqz(engine->verified, "pages") &&
        !mud_str_eqz(engine->verified, "description"))
        return mud_fail(r->err,
                        MUD_EINPUT,
                        "%s: verified by pages or by description",
                        r->conf.name);
    while (view.n && v <= MUD_VIEW_MOBILE &&
           !mud_str_eqz(view, mud_view_name((enum mud_view)v)))
        v++;
    if (v > MUD_VIEW_MOBILE)
        return mud_fail(r->err,
                        MUD_EINPUT,
                        "%s: unknown view %.*s",
                        r->conf.name,
                        MUD_FMT(view));
    engine->view = (enum mud_view)v;
    return true;
}

bool mud_engine_read(struct mud_engine **out, const char *name,
                     struct mud_str text, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct reader r = {.arena = arena, .err = err};
    struct mud_engine *engine = mud_arena_alloc(arena, sizeof(*engine));
    if (!mud_conf_parse(&r.conf, name, text, arena, err))
        return false;
    r.used = mud_arena_array(arena, r.conf.n, sizeof(*r.used));
    engine->file = mud_str_z(name);
    if (mud_str_ends(engine->file, MUD_STR(".engine")))
        engine->file.n -= strlen(".engine");
    if (!read_marks(&r, engine) ||
        !mud_login_read(&engine->login, &r.conf, r.used, arena, err) ||
        !conds_of(&r, &engine->detect, "engine", "detect", false) ||
        !conds_of(&r, &engine->hints, "engine", "hint", false) ||
        !conds_of(&r, &engine->kinds, "engine", "kind", true) ||
        !samples_of(&r, engine) || !rules_of(&r, engine) ||
        !read_page(&r, engine) || !read_post(&r, engine) ||
        !read_profile(&r, engine) || !kinds_known(&r, engine) || !all_used(&r))
        return false;
    *out = engine;
    return true;
}

static const struct mud_engine **loaded;
static struct mud_arena *loaded_arena;

static void load(void)
{
    size_t n = 0;
    while (mud_engine_files[n].name)
        n++;
    struct mud_arena *arena = mud_arena_new();
    const struct mud_engine **list =
        mud_arena_array(arena, n + 1, sizeof(const struct mud_engine *));
    for (size_t i = 0; i < n; i++) {
        struct mud_engine *engine;
        struct mud_error err = {0};
        if (!mud_engine_read(&engine,
                             mud_engine_files[i].name,
                             mud_embedded_text(&mud_engine_files[i]),
                             arena,
                             &err)) {
            (void)fprintf(stderr, "mudlark: %s\n", err.text);
            abort();
        }
        list[i] = engine;
    }
    loaded_arena = arena;
    loaded = list;
}

const struct mud_engine *const *mud_engines(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, load);
    return loaded;
}

const struct mud_engine *mud_engine_find(struct mud_str name)
{
    const struct mud_engine *found = NULL;
    for (const struct mud_engine *const *e = mud_engines(); *e; e++)
        if ((*e)->name.n && mud_str_eq((*e)->name, name) &&
            (!found || ((*e)->view == MUD_VIEW_THREAD && !(*e)->older)))
            found = *e;
    return found;
}

const struct mud_engine *mud_engine_file(struct mud_str file)
{
    for (const struct mud_engine *const *e = mud_engines(); *e; e++)
        if (file.n && mud_str_eq((*e)->file, file))
            return *e;
    return NULL;
}

const struct mud_engine *mud_engine_view(struct mud_str name,
                                         enum mud_view view)
{
    for (const struct mud_engine *const *e = mud_engines(); *e; e++)
        if (name.n && mud_str_eq((*e)->name, name) && (*e)->view == view)
            return *e;
    return mud_engine_find(name);
}
