#include "parse/parse.h"

#include "base/charset.h"
#include "base/utf8.h"
#include "parse/chat_tme.h"
#include "parse/detect.h"
#include "parse/feed.h"
#include "parse/generic.h"
#include "parse/json_page.h"
#include "parse/login.h"
#include "parse/mend.h"
#include "parse/page_note.h"
#include "parse/stated_url.h"
#include "parse/zone_guess.h"
#include "parse/zone_said.h"

struct job {
    struct mud_parsed *out;
    const struct mud_page_in *in;
    struct mud_arena *arena;
    struct mud_notes notes;
    struct mud_page page;
    struct mud_sight sight;
    struct mud_url url, base;
    const struct mud_engine *engine; /* given, or NULL: detect */
    const struct mud_engine *found;  /* whose page it is, or NULL */
    size_t marks;                    /* weight of a detected engine's marks */
    bool legacy;                     /* not UTF-8 */
    bool data;                       /* JSON, not HTML */
    struct mud_json_fault fault;     /* of it */
};

static bool decode(struct job *job, struct mud_str *text, struct mud_error *err)
{
    struct mud_charset how;
    struct mud_str in_header = mud_charset_of_type(job->in->content_type);
    struct mud_str in_page = mud_charset_of_page(job->in->bytes);
    struct mud_str declared = in_header.n ? in_header : in_page;
    if (!mud_charset_text(
            text, &how, job->in->bytes, declared, job->arena, err))
        return false;
    /* A header that does not hold: what the page says comes before a guess. */
    if (how.why == MUD_CHARSET_GUESSED && in_header.n && in_page.n) {
        struct mud_str again;
        struct mud_charset other;
        if (!mud_charset_text(
                &again, &other, job->in->bytes, in_page, job->arena, err))
            return false;
        if (other.why == MUD_CHARSET_DECLARED) {
            how = other;
            *text = again;
        }
    }
    job->out->charset = mud_str_dup(mud_str_z(how.name), job->arena);
    job->legacy = !mud_str_eqz(job->out->charset, "utf-8");
    if (how.why == MUD_CHARSET_GUESSED)
        mud_notes_add(&job->notes,
                      "info",
                      "charset-guessed",
                      0,
                      "no usable charset declared, read as %s",
                      how.name);
    if (how.bad)
        mud_notes_add(&job->notes,
                      "info",
                      "bad-bytes",
                      0,
                      "%zu byte sequences are no %s",
                      how.bad,
                      how.name);
    return true;
}

/* host[:port], as links and posts carry it. */
static struct mud_str site_of(const struct mud_url *url)
{
    struct mud_str origin = mud_url_origin(url);
    size_t at = mud_str_find(origin, MUD_STR("//"));
    return at == MUD_NPOS ? origin : mud_str_sub(origin, at + 2, origin.n);
}

static void find_url(struct job *job, struct mud_str text)
{
    struct mud_parsed *out = job->out;
    out->url = mud_str_dup(job->in->url, job->arena);
    if (job->data || !mud_stated_url(&out->url, &job->page, text, job->arena))
        return;
    mud_notes_add(&job->notes,
                  "info",
                  "url-stated",
                  0,
                  "no address is given: the page names one as its own");
}

static void find_base(struct job *job)
{
    struct mud_error err = {0};
    if (!mud_url_parse(&job->url, job->out->url, job->arena, &err)) {
        /* A file without an address: links are read but lead nowhere. */
        if (job->out->url.n)
            mud_notes_add(&job->notes, "warning", "bad-url", 0, "%s", err.text);
        mud_error_clear(&err);
        if (!mud_url_parse(&job->url,
                           MUD_STR("http://unknown.invalid/"),
                           job->arena,
                           &err))
            return;
    }
    job->base = job->url;
    if (job->data)
        return;
    const struct mud_page *page = &job->page;
    for (uint32_t i = 0; i < page->n; i++) {
        struct mud_url url;
        if (!mud_str_eqz(page->nodes[i].tag, "base"))
            continue;
        struct mud_str ref = mud_node_attr(&page->nodes[i], "href");
        if (ref.n && mud_url_resolve(&url, &job->url, ref, job->arena, &err))
            job->base = url;
        break;
    }
}

static enum mud_page_kind kind_named(struct mud_str name)
{
    for (int kind = MUD_PAGE_INDEX; kind <= MUD_PAGE_OTHER; kind++)
        if (mud_str_eqz(name, mud_page_kind_name((enum mud_page_kind)kind)))
            return (enum mud_page_kind)kind;
    return MUD_PAGE_UNKNOWN;
}

static void read_with(struct job *job, const struct mud_engine *engine)
{
    struct mud_parsed *out = job->out;
    struct mud_sight *sight = &job->sight;
    struct mud_rule_hit hit, *own = NULL;
    uint32_t all = job->page.n;
    sight->engine = engine;
    sight->dates.order = engine->order;
    out->engine = engine->name;
    const struct mud_cond *kind = mud_sight_cond(sight, &engine->kinds, 0);
    if (kind)
        out->kind = kind_named(kind->word);
    if (mud_sight_rule(sight, &job->url, &hit))
        own = &hit;
    if (out->kind == MUD_PAGE_OTHER && own &&
        own->rule->kind == MUD_RULE_PROFILE)
        out->kind = MUD_PAGE_PROFILE;
    struct mud_str title = mud_sight_pick(sight, &engine->page.title, 0, all);
    if (title.n)
        out->title = title;
    struct mud_str thread_title = {0};
    if (out->kind == MUD_PAGE_THREAD || out->kind == MUD_PAGE_BOARD) {
        /* The way to a board names those above it too. */
        if (out->kind == MUD_PAGE_BOARD && own)
            out->board = hit.var[MUD_VAR_BOARD];
        if (!out->board.n)
            out->board = mud_sight_pick(sight, &engine->page.board, 0, all);
        if (!out->board.n && own)
            out->board = hit.var[MUD_VAR_BOARD];
    }
    if (out->kind == MUD_PAGE_THREAD) {
        out->thread = mud_sight_pick(sight, &engine->page.thread, 0, all);
        if (!out->thread.n && own)
            out->thread = hit.var[MUD_VAR_THREAD];
        thread_title =
            mud_sight_pick(sight, &engine->page.thread_title, 0, all);
        if (thread_title.n)
            out->title = thread_title;
    }
    bool newest = out->kind == MUD_PAGE_FEED && engine->post.thread.n;
    if (out->kind == MUD_PAGE_THREAD || newest)
        mud_forum_posts(out, sight, thread_title, &job->notes);
    if (out->kind == MUD_PAGE_THREAD || out->kind == MUD_PAGE_BOARD ||
        out->kind == MUD_PAGE_INDEX || newest)
        mud_forum_listing(out, sight, own, &job->notes);
    if (out->kind == MUD_PAGE_PROFILE)
        mud_forum_profile(out, sight, own);
    if (!job->data) /* members of JSON have no style */
        mud_mend(out, sight, &job->url, &job->notes);
    mud_page_kind_note(&job->notes, out, own, job->in->status);
    if (mud_str_eqz(engine->verified, "description"))
        mud_notes_add(&job->notes,
                      "info",
                      "unverified-engine",
                      0,
                      "the description of %.*s was never held against a real "
                      "page",
                      MUD_FMT(engine->name));
}

static void note_limits(struct job *job)
{
    const struct mud_prefilter_report *r = &job->page.filter;
    if (r->deep)
        mud_notes_add(&job->notes,
                      "warning",
                      "too-deep",
                      r->deep_at,
                      "%zu tags nested deeper than %d are left out",
                      r->deep,
                      MUD_PREFILTER_DEPTH);
    if (r->many)
        mud_notes_add(&job->notes,
                      "warning",
                      "too-many-tags",
                      r->many_at,
                      "%zu tags above %d are left out",
                      r->many,
                      MUD_PREFILTER_TAGS);
    if (job->page.cut)
        mud_notes_add(&job->notes,
                      "warning",
                      "truncated",
                      MUD_PAGE_BYTES_MAX,
                      "the page is larger than what is read of one");
    if (job->fault.code)
        mud_notes_add(&job->notes,
                      "warning",
                      job->fault.code,
                      job->fault.byte,
                      "the JSON breaks here: what stands before it is read");
    if (job->sight.steps <= 0)
        mud_notes_add(&job->notes,
                      "error",
                      "too-complex",
                      0,
                      "the page took more steps than a page may");
}

static struct mud_str page_title(struct job *job)
{
    for (uint32_t i = 0; i < job->page.n; i++)
        if (mud_str_eqz(job->page.nodes[i].tag, "title"))
            return mud_sight_text(&job->sight, i, 0);
    return (struct mud_str){0};
}

enum form {
    FORM_HTML,
    FORM_FEED,
    FORM_DATA, /* JSON */
    FORM_TEXT
};

static enum form form_of(struct mud_str text)
{
    struct mud_str head = mud_str_trim(mud_str_sub(text, 0, 4096));
    if (mud_json_find(text).n)
        return FORM_DATA;
    if (mud_str_find(head, MUD_STR("<rss")) != MUD_NPOS ||
        mud_str_find(head, MUD_STR("<feed")) != MUD_NPOS)
        return FORM_FEED;
    return mud_str_chr(head, '<') == MUD_NPOS ? FORM_TEXT : FORM_HTML;
}

/* No description fits, or none is wanted: by the structure of the page. */
static bool read_generic(struct job *job)
{
    struct mud_zone *zone = NULL;
    struct mud_zone_guess guess = {0};
    struct mud_error err = {0};
    struct mud_sight *sight = &job->sight;
    sight->engine = mud_engine_find(MUD_STR("generic"));
    sight->dates.order = MUD_DATE_MDY;
    if (!job->in->zone.n) {
        sight->dates.zone = NULL;
        if (mud_zone_guess(&guess, sight, job->out->charset) &&
            mud_zone_new(&zone, guess.zone, &err))
            sight->dates.zone = zone;
    }
    bool read = mud_generic_read(job->out, sight, &job->url, &job->notes);
    if (read && zone)
        mud_notes_add(&job->notes,
                      "info",
                      "zone-guessed",
                      0,
                      "times are read as %.*s, by %s: set the source's zone "
                      "when it is another",
                      MUD_FMT(guess.zone),
                      guess.why);
    sight->dates.zone = NULL;
    mud_zone_free(zone);
    return read;
}

/*
 * A single mark may be chance. When what it led to is no content, but the
 * structure of the page holds posts, the mark was wrong.
 */
static void read_doubtful(struct job *job, const struct mud_engine *engine)
{
    const struct mud_parsed before = *job->out;
    size_t notes = job->notes.n;
    read_with(job, engine);
    bool content = job->out->kind != MUD_PAGE_UNKNOWN &&
                   job->out->kind != MUD_PAGE_MESSAGE &&
                   (job->out->kind != MUD_PAGE_THREAD || job->out->n_posts);
    if (!job->marks || job->marks >= (size_t)2 * MUD_DETECT_MARK || content)
        return;
    const struct mud_parsed told = *job->out;
    size_t told_notes = job->notes.n;
    *job->out = before;
    memset(job->sight.skip, 0, job->page.n);
    if (!read_generic(job) || !job->out->n_posts) {
        *job->out = told;
        job->notes.n = told_notes;
        return;
    }
    /* What was said of the wrong reading goes. */
    memmove(job->notes.items + notes,
            job->notes.items + told_notes,
            (job->notes.n - told_notes) * sizeof(*job->notes.items));
    job->notes.n -= told_notes - notes;
}

/* The tree of a JSON text; with the description whose page it is, its strings
 * of HTML are read as such. */
static bool data_page(struct job *job, struct mud_str text,
                      const struct mud_engine *engine, struct mud_error *err)
{
    if (!mud_json_page_read(&job->page,
                            &job->fault,
                            text,
                            engine ? engine->html : NULL,
                            engine ? engine->n_html : 0,
                            job->arena,
                            err))
        return false;
    job->sight.skip = mud_arena_alloc(job->arena, job->page.n + 1);
    return true;
}

/* The zone of a site that names none: what the page says of its times comes
 * before what the engine is shipped with. */
static struct mud_str zone_of(struct job *job, const struct mud_engine *engine)
{
    if (job->data || !engine->zone.n)
        return engine->zone;
    job->sight.engine = engine;
    struct mud_str said = mud_zone_said(&job->sight);
    if (!said.n)
        return engine->zone;
    mud_notes_add(&job->notes,
                  "info",
                  "zone-guessed",
                  0,
                  "times are read as %.*s, by what the page says of them: set "
                  "the source's zone when it is another",
                  MUD_FMT(said));
    return said;
}

/* The page is read; see whose it is and what is in it. */
static bool look(struct job *job, struct mud_str text, struct mud_error *err)
{
    static const struct mud_engine none = {0};
    struct mud_zone *zone = NULL;
    struct mud_error bad = {0};
    job->sight.engine = &none;
    if (!job->data)
        job->out->title = page_title(job);
    const struct mud_engine *engine =
        job->engine ? job->engine
                    : mud_detect(&job->marks,
                                 &job->sight,
                                 job->in->engine, /* its views are several */
                                 job->data);
    if (job->data && engine && !data_page(job, text, engine, err))
        return false;
    job->found = engine;
    struct mud_str name = job->in->zone;
    if (!name.n && engine)
        name = zone_of(job, engine);
    if (name.n && !mud_zone_new(&zone, name, &bad))
        mud_notes_add(&job->notes, "error", "bad-zone", 0, "%s", bad.text);
    job->sight.dates.zone = zone;
    if (engine && job->data) {
        read_with(job, engine);
    } else if (engine && !mud_str_eqz(engine->name, "generic")) {
        read_doubtful(job, engine);
    } else {
        if (!job->data)
            (void)read_generic(job);
        mud_page_kind_note(&job->notes, job->out, NULL, job->in->status);
    }
    mud_zone_free(zone);
    return true;
}

/* The description whose log-in holds for pages of this one: a view without a
 * log-in of its own has that of the full thread. */
static const struct mud_engine *login_of(const struct job *job)
{
    const struct mud_engine *engine = job->in->asks >= MUD_ASKS_FORM
                                          ? mud_engine_file(job->in->rules)
                                          : job->found;
    if (engine && !engine->login && engine->name.n)
        engine = mud_engine_find(engine->name);
    return engine && engine->login ? engine : NULL;
}

static void look_account(struct job *job, struct mud_str text)
{
    const struct mud_engine *engine;
    if (job->found && !mud_str_eq(job->found->name, job->out->engine))
        job->found = NULL; /* its structure told otherwise */
    engine = login_of(job);
    if (!engine || job->in->asks == MUD_ASKS_NOTHING)
        return;
    job->out->account.rules = engine->file;
    mud_login_look(
        &job->out->account, engine->login, &job->sight, text, job->in->asks);
}

/* What was said of the page as one that nothing knows holds no more. */
static void find_wall(struct job *job, struct mud_str text)
{
    struct mud_parsed *out = job->out;
    bool unknown = out->kind == MUD_PAGE_UNKNOWN;
    size_t n = 0;
    mud_wall_find(out, job->in->status, job->in->head, text);
    if (!out->wall.kind)
        return;
    for (size_t i = 0; i < job->notes.n && unknown; i++) {
        const char *code = job->notes.items[i].code;
        if (strcmp(code, "unknown-engine") != 0 &&
            strcmp(code, "unknown-page") != 0 && strcmp(code, "no-markup") != 0)
            job->notes.items[n++] = job->notes.items[i];
    }
    if (unknown) {
        job->notes.n = n;
        mud_page_kind_note(&job->notes, out, NULL, job->in->status);
    }
    mud_notes_add(&job->notes,
                  "warning",
                  "wall",
                  0,
                  "what came is a wall: %s%s%.*s",
                  mud_wall_name(out->wall.kind),
                  out->wall.by.n ? ", " : "",
                  MUD_FMT(out->wall.by));
}

/* A line of text where a page was asked for. */
static bool is_notice(const struct mud_page_in *in, struct mud_str text)
{
    text = mud_str_trim(text);
    return text.n && text.n <= 200 && mud_str_chr(text, '<') == MUD_NPOS &&
           mud_str_chr(text, '\n') == MUD_NPOS && text.s[0] != '{' &&
           text.s[0] != '[' &&
           mud_str_istarts(in->content_type, MUD_STR("text/html"));
}

bool mud_parse_page(struct mud_parsed *out, const struct mud_page_in *in,
                    struct mud_arena *arena, struct mud_error *err)
{
    return mud_parse_with(out, in, NULL, arena, err);
}

bool mud_parse_with(struct mud_parsed *out, const struct mud_page_in *in,
                    const struct mud_engine *engine, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct job job = {.out = out, .in = in, .arena = arena, .engine = engine};
    struct mud_str text;
    job.notes.arena = arena;
    *out = (struct mud_parsed){0};
    out->url = mud_str_dup(in->url, arena);
    if (!decode(&job, &text, err))
        return false;
    if (!engine && !in->engine.n &&
        !mud_chat_tme_page(out, text, &job.notes, err))
        return false;
    if (out->kind == MUD_PAGE_CHAT) {
        out->site = MUD_STR("t.me");
        out->notes = job.notes.items;
        out->n_notes = job.notes.n;
        return true;
    }
    enum form form = form_of(text);
    if (form == FORM_HTML && !mud_page_read(&job.page, text, arena, err))
        return false;
    struct mud_str data =
        form == FORM_HTML ? mud_json_shown(&job.page) : mud_json_find(text);
    job.data = data.n > 0;
    if (job.data && !data_page(&job, data, NULL, err))
        return false;
    find_url(&job, text);
    find_base(&job);
    if (out->url.n)
        out->site = site_of(&job.url);
    job.sight = (struct mud_sight){
        .page = &job.page,
        .base = &job.base,
        .arena = arena,
        .twice = job.legacy,
        .steps = MUD_SELECT_STEPS,
        .skip = mud_arena_alloc(arena, job.page.n + 1),
    };
    job.sight.dates.now = in->fetched_at;
    if (job.page.n) {
        if (!look(&job, data, err))
            return false;
    } else if (form == FORM_FEED) {
        if (!mud_feed_read(out, text, in->engine, &job.sight, &job.notes, err))
            return false;
    } else if (is_notice(in, text)) {
        /* Xiuno and others say "主题不存在" and no more. */
        out->kind = MUD_PAGE_MESSAGE;
        out->title = mud_str_dup(mud_str_trim(text), arena);
        mud_page_kind_note(&job.notes, out, NULL, in->status);
    } else {
        mud_notes_add(&job.notes,
                      "warning",
                      "no-markup",
                      0,
                      "no page in %zu bytes",
                      in->bytes.n);
    }
    look_account(&job, text);
    find_wall(&job, text);
    note_limits(&job);
    out->notes = job.notes.items;
    out->n_notes = job.notes.n;
    return true;
}
