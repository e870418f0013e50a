#include "parse/generic.h"

#include "base/hash.h"

static bool has(struct mud_str s, const char *const *words)
{
    for (; *words; words++)
        if (mud_str_ifind(s, mud_str_z(*words)) != MUD_NPOS)
            return true;
    return false;
}

static bool is(struct mud_str s, const char *const *words)
{
    for (; *words; words++)
        if (mud_str_ieq(s, mud_str_z(*words)))
            return true;
    return false;
}

/* Names seen in the markup of boards: parts of words, whole words, and parts
 * that rule it out. */
static const struct {
    unsigned bit;
    const char *const *parts, *const *whole, *const *never;
} hint_rows[] = {
    {MUD_HINT_USER,
     (const char *const[]){"author",
                           "username",
                           "user-name",
                           "user_name",
                           "nick",
                           "poster",
                           "authi",
                           NULL},
     NULL,
     (const char
          *const[]){"button", "control", "link", "menu", "date", "time", NULL}},
    {MUD_HINT_PANEL,
     (const char *const[]){"profile",
                           "userinfo",
                           "user-info",
                           "avatar",
                           "message-user",
                           "author_",
                           "statistic",
                           NULL},
     NULL,
     (const char *const[]){"content", "body", "text", NULL}},
    {MUD_HINT_BODY,
     (const char *const[]){"postmessage",
                           "post_message",
                           "content",
                           "message",
                           "body",
                           "posttext",
                           "post-text",
                           "post_text",
                           "bbwrap",
                           "postmsg",
                           "cooked",
                           "markdown",
                           "post-msg",
                           NULL},
     (const char *const[]){"t_f", "msg", "text", "inner", NULL},
     NULL},
    {MUD_HINT_SIGN,
     (const char *const[]){"signature", NULL},
     (const char *const[]){"sig", "sign", "usersig", NULL},
     NULL},
    {MUD_HINT_POST,
     (const char *const[]){"post",
                           "msg",
                           "message",
                           "comment",
                           "reply",
                           "floor",
                           "entry",
                           "answer",
                           NULL},
     (const char *const[]){"p", "pid", NULL},
     (const char *const[]){"thread",
                           "topic",
                           "form",
                           "menu",
                           "user",
                           "sig",
                           "quick",
                           "profile",
                           "avatar",
                           "list",
                           "meta",
                           NULL}},
    {MUD_HINT_ROW,
     (const char *const[]){"thread", "topic", "subject", "row", "tid", NULL},
     NULL,
     NULL},
    {MUD_HINT_ASIDE, (const char *const[]){"quot", "code", NULL}, NULL, NULL},
};

static unsigned hints_of(struct mud_str word)
{
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof(hint_rows) / sizeof(hint_rows[0]); i++) {
        bool never = hint_rows[i].never && has(word, hint_rows[i].never);
        if ((has(word, hint_rows[i].parts) && !never) ||
            (hint_rows[i].whole && is(word, hint_rows[i].whole)))
            bits |= hint_rows[i].bit;
    }
    return bits;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "post_7002": stem "post", digits 7002 at its end. */
static bool numbered(struct mud_str s, struct mud_str *stem,
                     struct mud_str *digits)
{
    size_t at = s.n;
    while (at > 0 && is_digit(s.s[at - 1]))
        at--;
    *digits = mud_str_sub(s, at, s.n);
    while (at > 0 && (s.s[at - 1] == '_' || s.s[at - 1] == '-'))
        at--;
    *stem = mud_str_sub(s, 0, at);
    return digits->n > 0 && digits->n <= 18;
}

/* "message-cell message-cell--main": the second word says which. */
static struct mud_str kind_of_word(struct mud_str stem, struct mud_str rest)
{
    struct mud_str word;
    while (mud_str_cut(&rest, ' ', &word))
        if (word.n > stem.n + 2 && mud_str_starts(word, stem) &&
            word.s[stem.n] == '-' && word.s[stem.n + 1] == '-')
            return word;
    return stem;
}

/* The first word that is not one that alternates from row to row. */
static struct mud_str class_of(struct mud_str classes)
{
    static const char *const odd[] = {
        "odd", "even", "alt", "row", "bg", "trow", "cl", "first", "last", NULL};
    struct mud_str word, digits, stem;
    while (mud_str_cut(&classes, ' ', &word)) {
        if (!word.n)
            continue;
        (void)numbered(word, &stem, &digits);
        if (stem.n && !is(stem, odd))
            return kind_of_word(stem, classes);
    }
    return (struct mud_str){0};
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t both[2] = {a, b};
    return mud_hash64(both, sizeof(both));
}

static uint64_t hash_of(struct mud_str s)
{
    return s.n ? mud_hash64(s.s, s.n) : 0;
}

/* Boards with scripts name a post in an attribute: data-content="post-301". */
static void number_of_data(struct mud_generic *g, uint32_t i)
{
    static const char *const names[] = {"data-pid",
                                        "data-post-id",
                                        "data-postid",
                                        "data-commentid",
                                        "data-content"};
    struct mud_str stem, digits;
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        struct mud_str value = mud_node_attr(&g->page->nodes[i], names[k]);
        if (!value.n || !numbered(value, &stem, &digits))
            continue;
        g->id[i] = digits;
        g->hint[i] |= MUD_HINT_POST;
        return;
    }
    struct mud_str id = mud_node_attr(&g->page->nodes[i], "data-id");
    if (id.n && numbered(id, &stem, &digits))
        g->id[i] = digits;
}

static void element(struct mud_generic *g, uint32_t i)
{
    const struct mud_node *node = &g->page->nodes[i];
    struct mud_str id = mud_node_attr(node, "id");
    struct mud_str classes = mud_node_attr(node, "class");
    struct mud_str stem = {0}, digits = {0}, word, rest = classes;
    bool has_number = id.n && numbered(id, &stem, &digits);
    struct mud_str name = has_number && stem.n ? stem : class_of(classes);
    uint64_t sig = mix(hash_of(node->tag), hash_of(name));
    /* Nothing of its own: its kind is that of where it stands. */
    if (!name.n && node->parent != MUD_NO_NODE)
        sig = mix(sig, g->sig[node->parent]);
    g->sig[i] = sig;
    g->hint[i] = (uint8_t)hints_of(has_number ? stem : id);
    for (int k = 0; k < 8 && mud_str_cut(&rest, ' ', &word); k++)
        if (word.n)
            g->hint[i] |= (uint8_t)hints_of(word);
    if (has_number)
        g->id[i] = digits;
    else
        number_of_data(g, i);
    if (mud_str_eqz(node->tag, "article"))
        g->hint[i] |= MUD_HINT_POST;
    /* Some boards have the texts of posts themselves as quotations. */
    bool quote =
        mud_str_eqz(node->tag, "blockquote") && !(g->hint[i] & MUD_HINT_BODY);
    if (quote || mud_str_eqz(node->tag, "pre") ||
        mud_str_eqz(node->tag, "code"))
        g->hint[i] |= MUD_HINT_ASIDE;
    else if (mud_str_eqz(node->tag, "blockquote"))
        g->hint[i] &= (uint8_t)~MUD_HINT_ASIDE;
}

static bool has_digit(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_digit(s.s[i]))
            return true;
    return false;
}

/* Might there be a date? Digits, or the words that stand for days. */
static bool datelike(struct mud_str s)
{
    static const char *const words[] = {
        "today", "just now", "昨", "今", "前", "刚", "вчера", "сегодня", NULL};
    if (s.n < 3 || s.n > 160)
        return false;
    return has_digit(s) || has(s, words) ||
           mud_str_ifind(s, MUD_STR("yesterday")) != MUD_NPOS;
}

static void add_date(struct mud_generic *g, uint32_t node, int64_t us,
                     enum mud_precision precision, size_t *cap)
{
    struct mud_generic_date *last =
        g->n_dates ? &g->date[g->n_dates - 1] : NULL;
    /* The text of an element whose attribute or parent said it better. */
    if (last && g->page->nodes[last->node].end > node) {
        if (precision < last->precision) {
            last->us = us;
            last->precision = precision;
        }
        return;
    }
    g->date = mud_arena_grow(
        g->sight->arena, g->date, cap, g->n_dates, sizeof(*g->date));
    g->date[g->n_dates++] = (struct mud_generic_date){node, us, precision};
}

/* Seconds or milliseconds of this century as digits. */
static bool epoch(struct mud_str s, int64_t *us)
{
    uint64_t n;
    if ((s.n != 10 && s.n != 13) || !mud_str_u64(s, &n))
        return false;
    *us = (int64_t)n * (s.n == 10 ? MUD_SECOND : MUD_SECOND / 1000);
    return *us > INT64_C(946684800) * MUD_SECOND;
}

static void date_of_attrs(struct mud_generic *g, uint32_t i, size_t *cap)
{
    static const char *const names[] = {
        "datetime",
        "title",
        "data-time",
        "data-timestamp",
        "data-date",
        "data-original-title", /* tooltips made by scripts */
        "data-tippy-content",
        NULL};
    int64_t us;
    enum mud_precision precision;
    for (size_t k = 0; names[k]; k++) {
        struct mud_str value = mud_node_attr(&g->page->nodes[i], names[k]);
        if (!datelike(value))
            continue;
        g->sight->steps -= 40;
        if (epoch(value, &us)) {
            add_date(g, i, us, MUD_TO_SECOND, cap);
            return;
        }
        if (mud_date_find(&us, &precision, value, &g->sight->dates)) {
            add_date(g, i, us, precision, cap);
            return;
        }
    }
}

/* A text of its own, or with its neighbours: "<span>Yesterday</span>, 08:25". */
static bool date_of_text(struct mud_generic *g, uint32_t i, size_t *cap)
{
    const struct mud_node *nodes = g->page->nodes;
    struct mud_str s = mud_str_trim(nodes[i].text);
    int64_t us, finer;
    enum mud_precision precision, as;
    if (!datelike(s))
        return false;
    g->sight->steps -= 40;
    if (!mud_date_find(&us, &precision, s, &g->sight->dates))
        return false;
    /* A day in a sentence: "the wares of today". */
    if (precision >= MUD_TO_DAY && s.n > (has_digit(s) ? 96 : 24))
        return false;
    uint32_t parent = nodes[i].parent, node = parent;
    uint32_t near = precision == MUD_TO_DAY ? 24 : 12;
    for (int up = 0; up < 2 && precision > MUD_TO_MINUTE; up++) {
        if (parent == MUD_NO_NODE || nodes[parent].end - parent > near)
            break;
        struct mud_str all = mud_sight_range(g->sight, i, nodes[parent].end, 0);
        if (all.n <= 160 && mud_date_find(&finer, &as, all, &g->sight->dates) &&
            as < precision) {
            us = finer;
            precision = as;
            node = parent;
        }
        parent = nodes[parent].parent;
    }
    struct mud_generic_date *last =
        g->n_dates ? &g->date[g->n_dates - 1] : NULL;
    if (last && last->node >= node && precision <= last->precision) {
        *last = (struct mud_generic_date){node, us, precision};
        return true;
    }
    add_date(g, node, us, precision, cap);
    return true;
}

struct walk {
    uint32_t link_end, user_end; /* of the link or name that is open */
    size_t cap;
};

/* "2楼", "发布时间：", "wrote", "#12": what stands at the head of posts. */
static bool speaks(struct mud_str s)
{
    static const char *const words[] = {"楼",
                                        "樓",
                                        "发表",
                                        "發表",
                                        "发布",
                                        "發布",
                                        "说",
                                        "說",
                                        "posted",
                                        "wrote",
                                        "said",
                                        "написал",
                                        "пишет",
                                        "сообщени",
                                        "schrieb",
                                        "留言于",
                                        NULL};
    if (s.n > 96)
        return false;
    return (s.n > 1 && s.s[0] == '#' && is_digit(s.s[1])) || has(s, words);
}

static void count_text(struct mud_generic *g, struct walk *w, uint32_t i)
{
    struct mud_str s = mud_str_trim(g->page->nodes[i].text);
    if (!s.n)
        return;
    g->spoken[i + 1] = speaks(s);
    if (date_of_text(g, i, &w->cap))
        return;
    if (i < w->user_end)
        return;
    if (i < w->link_end)
        g->linked[i + 1] += (uint32_t)s.n;
    else
        g->text[i + 1] += (uint32_t)s.n;
}

static void count_element(struct mud_generic *g, struct walk *w, uint32_t i)
{
    const struct mud_node *node = &g->page->nodes[i];
    date_of_attrs(g, i, &w->cap);
    bool link = mud_str_eqz(node->tag, "a");
    if (link && mud_generic_is_user(mud_node_attr(node, "href"))) {
        g->users[i + 1]++;
        w->user_end = node->end;
    } else if (link) {
        w->link_end = node->end;
    } else if ((g->hint[i] & MUD_HINT_USER) && node->end - i <= 8) {
        g->users[i + 1]++;
    }
}

/* Day before month, or after? Numbers above 12 tell, for the whole page. */
static void look_at_order(struct mud_generic *g)
{
    enum mud_date_order order;
    unsigned seen[2] = {0};
    for (uint32_t i = 0; i < g->page->n; i++) {
        struct mud_str s = mud_str_trim(g->page->nodes[i].text);
        if (s.n >= 8 && s.n <= 80 && mud_date_order_of(s, &order))
            seen[order]++;
    }
    if (seen[MUD_DATE_DMY] > seen[MUD_DATE_MDY])
        g->sight->dates.order = MUD_DATE_DMY;
}

void mud_generic_facts(struct mud_generic *g)
{
    struct mud_arena *arena = g->sight->arena;
    uint32_t n = g->page->n;
    struct walk w = {0};
    g->sig = mud_arena_array(arena, n + 1, sizeof(*g->sig));
    g->hint = mud_arena_array(arena, n + 1, sizeof(*g->hint));
    g->id = mud_arena_array(arena, n + 1, sizeof(*g->id));
    g->text = mud_arena_array(arena, n + 1, sizeof(*g->text));
    g->linked = mud_arena_array(arena, n + 1, sizeof(*g->linked));
    g->users = mud_arena_array(arena, n + 1, sizeof(*g->users));
    g->dates = mud_arena_array(arena, n + 1, sizeof(*g->dates));
    g->spoken = mud_arena_array(arena, n + 1, sizeof(*g->spoken));
    look_at_order(g);
    for (uint32_t i = 0; i < n; i++) {
        if (g->sight->steps-- <= 0)
            return;
        if (g->page->nodes[i].tag.n) {
            element(g, i);
            count_element(g, &w, i);
        } else {
            count_text(g, &w, i);
        }
    }
    for (size_t i = 0; i < g->n_dates; i++)
        g->dates[g->date[i].node + 1]++;
    for (uint32_t i = 0; i < n; i++) {
        g->text[i + 1] += g->text[i];
        g->linked[i + 1] += g->linked[i];
        g->users[i + 1] += g->users[i];
        g->dates[i + 1] += g->dates[i];
        g->spoken[i + 1] += g->spoken[i];
    }
}
