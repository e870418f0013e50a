/*
 * Contacts written so that machines pass them over: "name [at] mail [dot]
 * tld", "name#mail.tld (# is @)", "t(.)me/name", "hxxps[:]//shop。tld/x".
 */
#include "nlp/contact.h"
#include "nlp/contact_cue.h"

enum {
    LOCAL_MAX = 64,
    HOST_MAX = 80,
    LINK_MAX = 200,
    LABELS_MAX = 8
};

/* Signs and words that stand for "@"; those of one word need spaces. */
static const char *const ats[] = {"[at]",
                                  "(at)",
                                  "{at}",
                                  "<at>",
                                  "[@]",
                                  "(@)",
                                  "{@}",
                                  "艾特",
                                  "(艾特)",
                                  "小老鼠",
                                  " собака ",
                                  "(собака)",
                                  "[собака]",
                                  "{собака}",
                                  " at ",
                                  "@",
                                  NULL};

/* The same for ".". */
static const char *const dots[] = {"[dot]",
                                   "(dot)",
                                   "{dot}",
                                   "<dot>",
                                   "[.]",
                                   "(.)",
                                   "{.}",
                                   "(点)",
                                   "[点]",
                                   "点",
                                   "。",
                                   " dot ",
                                   " точка ",
                                   "(точка)",
                                   "[точка]",
                                   "[точка]",
                                   NULL};

/* Ends of hosts that a sign of Chinese or a space may stand before. */
static const char *const tlds[] = {
    "com",  "net",   "org",    "cn",    "cc",      "top",     "io",   "me",
    "gg",   "ru",    "xyz",    "vip",   "club",    "shop",    "site", "info",
    "biz",  "tv",    "pw",     "su",    "ws",      "app",     "dev",  "tw",
    "hk",   "jp",    "kr",     "uk",    "de",      "co",      "pro",  "link",
    "live", "store", "online", "onion", "example", "invalid", "test", NULL};

static bool local_char(char c)
{
    return mud_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

/* Length of the first of these words at byte i, 0 when there is none. */
static uint32_t word_at(struct mud_str s, uint32_t i, const char *const *words)
{
    for (; *words; words++) {
        size_t len = strlen(*words);

        if (i + len <= s.n && memcmp(s.s + i, *words, len) == 0)
            return (uint32_t)len;
    }
    return 0;
}

static uint32_t label_end(struct mud_str s, uint32_t i)
{
    while (i < s.n && (mud_alnum(s.s[i]) || s.s[i] == '-'))
        i++;
    return i;
}

static bool is_tld(struct mud_str s, uint32_t start, uint32_t end)
{
    struct mud_str label = mud_str_sub(s, start, end);

    for (const char *const *t = tlds; *t; t++) {
        if (mud_str_eqz(label, *t))
            return true;
    }
    return false;
}

/*
 * What stands for a dot at byte i, spaces around it too; where the next label
 * begins, or i. A dot in Chinese, or with a space beside it, counts before the
 * end of a host that is known.
 */
static uint32_t hidden_dot(struct mud_str s, uint32_t i, bool *hidden)
{
    uint32_t at = i, len, end;
    bool bare, spaced;

    while (at < s.n && s.s[at] == ' ' && at - i < 2)
        at++;
    len = at < s.n && s.s[at] == '.' ? 1 : word_at(s, at, dots);
    if (!len && at > i) { /* " dot " begins with its space */
        at = i;
        len = word_at(s, at, dots);
    }
    if (!len)
        return i;
    bare = s.s[at] == '.' || (s.s[at] & 0x80);
    spaced = at > i;
    end = at + len;
    while (end < s.n && s.s[end] == ' ' && end - at < 10) {
        spaced = true;
        end++;
    }
    if (end >= s.n || !mud_alnum(s.s[end]) ||
        (bare && (spaced || s.s[at] != '.') &&
         !is_tld(s, end, label_end(s, end))))
        return i;
    *hidden |= spaced || s.s[at] != '.';
    return end;
}

/* The host from byte i on, dots in words or not; returns where it ends, i when
 * it is none. *hidden: a dot was a word. */
static uint32_t read_host(struct mud_str s, uint32_t i, char out[HOST_MAX],
                          size_t *n, bool *hidden)
{
    uint32_t at = i;
    unsigned labels = 0;

    *n = 0;
    while (labels < LABELS_MAX) {
        uint32_t end = label_end(s, at), next;

        if (end == at || *n + (end - at) + 1 >= HOST_MAX)
            break;
        memcpy(out + *n, s.s + at, end - at);
        *n += end - at;
        labels++;
        at = end;
        next = hidden_dot(s, at, hidden);
        if (next == at)
            break;
        out[(*n)++] = '.';
        at = next;
    }
    return labels > 1 ? at : i;
}

static bool ends_known(const char *host, size_t n)
{
    struct mud_str s = mud_str_of(host, n);
    size_t dot = mud_str_rchr(s, '.');

    return dot != MUD_NPOS && is_tld(s, (uint32_t)dot + 1, (uint32_t)n);
}

/* A mail address whose @ is `len` bytes at byte i; false when there is none. */
static bool mail_around(struct mud_scan *s, uint32_t i, uint32_t len,
                        bool proved)
{
    char mail[LOCAL_MAX + HOST_MAX + 1], host[HOST_MAX];
    uint32_t stop = i, start, end, from = i + len;
    bool hidden = proved;
    size_t n, local;
    struct mud_value v;

    while (stop > 0 && s->text.s[stop - 1] == ' ' && i - stop < 2)
        stop--;
    for (start = stop; start > 0 && stop - start < LOCAL_MAX &&
                       local_char(s->text.s[start - 1]);)
        start--;
    while (start < stop && !mud_alnum(s->text.s[start]))
        start++;
    while (from < s->text.n && s->text.s[from] == ' ' && from - i - len < 2)
        from++;
    local = stop - start;
    if (local < 2 || mud_scan_mark(s, mud_scan_find(s, start))->claimed)
        return false;
    end = read_host(s->text, from, host, &n, &hidden);
    hidden |= len == 1 && (stop < i || from > i + 1) && ends_known(host, n);
    /* " at " is a word of English, and "@" no secret: only with a hidden dot */
    if (end == from || n < 4 || !hidden || host[n - 1] == '.')
        return false;
    memcpy(mail, s->text.s + start, local);
    mail[local] = '@';
    memcpy(mail + local + 1, host, n);
    mud_contact_fill(&v,
                     s,
                     (struct mud_span){start, end},
                     MUD_C_EMAIL,
                     mud_str_of(mail, local + 1 + n));
    v.rule = MUD_RULE_CONTACT_MAIL;
    mud_contact_put_formed(s, &v);
    return true;
}

static void find_mails(struct mud_scan *s)
{
    static struct mud_words words = {.first = ats,
                                     .n = sizeof ats / sizeof ats[0] - 2,
                                     .stride = sizeof ats[0]};
    bool at = mud_grams_char(s->grams, '@');

    for (const char *const *word =
             mud_words_may(&words, s->grams) ? ats : ats + words.n;
         *word;
         word++) {
        char first = **word;
        uint32_t n = (uint32_t)strlen(*word);
        bool proved = first != '@' && first != ' ';
        uint32_t from = 0;

        while (from < s->text.n && (at || first != '@')) {
            size_t found = mud_scan_word(s, from, (uint32_t)s->text.n, *word);

            if (found == MUD_NPOS)
                break;
            (void)mail_around(s, from + (uint32_t)found, n, proved);
            from += (uint32_t)(found + n);
        }
    }
}

/* "(#换@)", "# replace with @": the sign that stands for @, 0 when none. */
static char stand_in(const struct mud_scan *scan)
{
    struct mud_str s = scan->text;
    static const char *const words[] = {"换成@",
                                        "换@",
                                        "换为@",
                                        "改成@",
                                        "改@",
                                        "改为@",
                                        "=@",
                                        "是@",
                                        "代表@",
                                        "代@",
                                        "for @",
                                        "with @",
                                        "вместо @"};

    static struct mud_words standing = MUD_WORDS(words);

    if (!mud_words_may(&standing, scan->grams))
        return 0;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        size_t at = mud_scan_word(scan, 0, (uint32_t)s.n, words[k]);

        for (unsigned back = 0; at != MUD_NPOS && at > 0 && back < 12; back++) {
            char c = s.s[--at];

            if (c && strchr("#$%&*!^~", c))
                return c;
        }
    }
    return 0;
}

static void find_stand_ins(struct mud_scan *s)
{
    char c = mud_grams_char(s->grams, '@') ? stand_in(s) : 0;

    for (uint32_t i = 1; c && i < s->text.n; i++) {
        if (s->text.s[i] == c)
            (void)mail_around(s, i, 1, true);
    }
}

/* The scheme before byte i, "hxxps[:]//" too: where it begins, or i. */
static uint32_t scheme_before(struct mud_str s, uint32_t i)
{
    static const char *const forms[] = {"://", "[:]//", "[://]", ":\\\\", NULL};

    for (const char *const *f = forms; *f; f++) {
        size_t n = strlen(*f);
        uint32_t at;

        if (i < n || memcmp(s.s + i - n, *f, n) != 0)
            continue;
        for (at = i - (uint32_t)n;
             at > 0 && mud_alnum(s.s[at - 1]) && i - at < 16;)
            at--;
        return at;
    }
    return i;
}

/* A link without a secret: "https://shop.example/x" of what stands in
 * [start, end), host from `host` on. */
static bool plain_link(struct mud_value *v, struct mud_scan *s, uint32_t start,
                       uint32_t host, const char *name, size_t n, uint32_t *end)
{
    static struct mud_mark none[2];
    struct mud_scan one = *s;
    char link[LINK_MAX + HOST_MAX + 16];
    size_t k = 0;
    uint32_t stop = *end;
    struct mud_str path;

    if (host > start) {
        while (start + k < host && k < 8 && mud_alnum(s->text.s[start + k])) {
            link[k] = s->text.s[start + k];
            k++;
        }
        memcpy(link + k, "://", 3);
        k += 3;
    }
    memcpy(link + k, name, n);
    k += n;
    if (stop + 1 < s->text.n && s->text.s[stop] == ' ' &&
        s->text.s[stop + 1] == '/')
        stop++;
    if (stop < s->text.n && s->text.s[stop] == '/') {
        uint32_t from = stop + 1;

        while (from < s->text.n && s->text.s[from] == ' ' && from == stop + 1)
            from++;
        for (stop = from; stop < s->text.n && stop - from < LINK_MAX &&
                          (mud_alnum(s->text.s[stop]) ||
                           strchr("-._~/?#+=%&", s->text.s[stop]));)
            stop++;
        while (stop > from && strchr(".-~?#", s->text.s[stop - 1]))
            stop--;
        path = mud_scan_cased(s, from, stop);
        link[k++] = '/';
        memcpy(link + k, path.s, path.n);
        k += path.n;
        *end = stop;
    }
    one.text = mud_str_dup(mud_str_of(link, k), s->arena);
    one.marks = none;
    one.n_marks = 0;
    one.fold.n_runs = 0;
    return mud_contact_link(v, &one, 0, (uint32_t)k) && v->end == one.text.n;
}

/* Is a word for a link right before byte i? */
static bool link_cue(const struct mud_scan *s, uint32_t i)
{
    struct mud_cues left;

    mud_cues_left(&left, s, mud_scan_find(s, i));
    for (unsigned k = 0; k < left.n; k++) {
        if (left.type[k] == MUD_C_URL)
            return true;
    }
    return false;
}

/* The link whose hidden dot is at byte i. */
static void link_around(struct mud_scan *s, uint32_t i)
{
    char host[HOST_MAX];
    uint32_t first = i, start, end;
    bool hidden = false;
    size_t n;
    struct mud_value v;

    if (i == 0 || (s->text.s[i - 1] & 0x80))
        return;
    while (first > 0 && s->text.s[first - 1] == ' ' && i - first < 2)
        first--;
    while (
        first > 0 && i - first < HOST_MAX &&
        (mud_alnum(s->text.s[first - 1]) || strchr("-.", s->text.s[first - 1])))
        first--;
    while (first < i && !mud_alnum(s->text.s[first]))
        first++;
    if (first == i || mud_scan_mark(s, mud_scan_find(s, first))->claimed ||
        (first > 0 && s->text.s[first - 1] == '@'))
        return;
    start = scheme_before(s->text, first);
    for (uint32_t k = start; k < first; k++)
        hidden |= s->text.s[k] == '[' || s->text.s[k] == '\\';
    end = read_host(s->text, first, host, &n, &hidden);
    if (end <= i || !hidden || !plain_link(&v, s, start, first, host, n, &end))
        return;
    if (v.type == MUD_C_URL && !v.indicator && v.candidate)
        v.candidate = !link_cue(s, start);
    v.start = start;
    v.end = end;
    if (mud_contact_judge(&v, s))
        mud_contact_put(s, &v, v.type);
}

/* "me/", "gg /": the end of a network's host and the path behind it. */
static bool is_me(struct mud_str s, uint32_t i)
{
    static const char *const ends[] = {"me/", "me /", "gg/", "gg /", NULL};

    while (i < s.n && s.s[i] == ' ')
        i++;
    return word_at(s, i, ends) != 0;
}

/* "t . me / name", "discord .gg/x", "hxxps[:]//host/x": a spaced dot counts in
 * the hosts of networks only. */
static void spaced_link(struct mud_scan *s, uint32_t i, uint32_t len)
{
    static const char *const hosts[] = {
        "t", "telegram", "discord", "wa", "line", NULL};
    struct mud_str text = s->text;
    uint32_t start = i;

    if (text.s[i] == '[' || text.s[i] == ':') {
        uint32_t end = label_end(text, i + len);

        if (end < text.n && end > i + len && i > 0)
            link_around(s, end);
        return;
    }
    while (start > 0 && mud_alnum(text.s[start - 1]) && i - start < 10)
        start--;
    for (const char *const *h = hosts; *h; h++) {
        if (mud_str_eqz(mud_str_sub(text, start, i), *h) &&
            (start == 0 || !strchr(".-_@", text.s[start - 1])) &&
            is_me(text, i + len)) {
            link_around(s, i);
            return;
        }
    }
}

/* Links at each place of a word: a dot, or (spaced) what parts a network's
 * host or a scheme. */
static void links_at(struct mud_scan *s, const char *word, bool spaced)
{
    uint32_t from = 0, len = (uint32_t)strlen(word);

    while (from < s->text.n) {
        size_t at = mud_scan_word(s, from, (uint32_t)s->text.n, word);

        if (at == MUD_NPOS)
            break;
        from += (uint32_t)at;
        if (spaced)
            spaced_link(s, from, len);
        else
            link_around(s, from);
        from += len;
    }
}

static void find_links(struct mud_scan *s)
{
    static const char *const schemes[] = {"[:]//", "[://]", ":\\\\", NULL};
    static struct mud_words dotted = MUD_WORDS_TO_NULL(dots);
    const struct mud_grams *g = s->grams;

    if (mud_words_may(&dotted, g)) {
        for (const char *const *word = dots; *word; word++)
            links_at(s, *word, false);
    }
    /* a spaced dot counts before a network's path only */
    if (mud_scan_says(s, "me/") || mud_scan_says(s, "me /") ||
        mud_scan_says(s, "gg/") || mud_scan_says(s, "gg /")) {
        links_at(s, " . ", true);
        links_at(s, ". ", true);
        links_at(s, " .", true);
    }
    if (mud_grams_char(g, '[') || mud_grams_char(g, '\\')) {
        for (const char *const *word = schemes; *word; word++)
            links_at(s, *word, true);
    }
}

void mud_contacts_hidden(struct mud_scan *s)
{
    if (!mud_grams_letter(s->grams)) /* no address, no link */
        return;
    find_mails(s);
    find_stand_ins(s);
    find_links(s);
}
