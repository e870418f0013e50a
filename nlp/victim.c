#include "nlp/victim.h"

#include "nlp/victim_row.h"

enum {
    ROW_MAX = 24,
    PROSE_MAX = 4,    /* characters between two fields of a row */
    PROSE_NAMED = 16, /* the same where labels name the fields */
    COMBO_MAX = 120,
    LED_MAX = 12, /* bytes behind a word for a sample */
    SHAPE_BITS = 4
};

struct line {
    uint32_t start, end;
    const char *sep;      /* sign of its cells, or NULL */
    uint32_t cell;        /* end of the cell being read */
    struct mud_span word; /* for a sample in it, or empty */
    uint32_t sample;      /* its end, else 0 */
    bool dashes;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Does a cue of a contact stand right before this place? */
static bool cued(const struct mud_scan *s, uint32_t at)
{
    uint32_t i = mud_scan_find(s, at);
    const struct mud_meaning *cue;

    while (i > 1 && s->marks[i - 1].type != MUD_MARK_EOL &&
           !is_word(s->text.s[s->marks[i - 1].start]))
        i--;
    if (i <= 1)
        return false;
    cue = mud_scan_means(s, &s->marks[i - 1], MUD_LEX_CUE);
    return cue && cue->code != MUD_C_SAME;
}

static void close_row(struct mud_victim_look *k)
{
    struct mud_victim_row *r = &k->row;

    if (r->n) {
        k->rows = mud_arena_grow(
            k->scan->arena, k->rows, &k->cap_rows, k->n_rows, sizeof *k->rows);
        k->rows[k->n_rows++] = *r;
    }
    *r = (struct mud_victim_row){.first = (uint32_t)k->n};
}

static void add(struct mud_victim_look *k, const struct mud_victim_field *f,
                const struct line *l)
{
    struct mud_victim_row *r = &k->row;

    if (r->n == ROW_MAX)
        close_row(k);
    k->fields = mud_arena_grow(
        k->scan->arena, k->fields, &k->cap, k->n, sizeof *k->fields);
    k->fields[k->n++] = *f;
    if (r->n == 0) {
        r->line = k->line;
        r->dashes = l->dashes;
        r->cells = l->sep && !l->dashes;
        r->sample = k->sample || l->sample;
        r->led =
            l->sample && f->start >= l->sample && f->start - l->sample <= 6;
    }
    r->n++;
    r->labels += f->labelled;
    if (f->own) {
        r->own |= 1U << f->kind;
        return;
    }
    r->shape = r->shape << SHAPE_BITS | f->kind;
    r->kinds |= 1U << f->kind;
    r->names += f->kind == MUD_V_NAME && !f->soft;
    r->phones += f->kind == MUD_V_PHONE;
    r->masked += f->masked && f->kind != MUD_V_NAME && f->kind != MUD_V_ADDRESS;
    r->proofs += f->proof && f->kind == MUD_V_ID;
    r->soft += f->soft;
    r->coded |= f->coded;
    if (f->kind == MUD_V_CARD && !f->masked)
        r->seller |= mud_victim_payee(k->scan, f->start);
}

/* A password right behind the mail address or account at the row's end. */
static uint32_t password_behind(struct mud_victim_look *k, const struct line *l,
                                uint32_t at)
{
    struct mud_str s = k->scan->text;
    const struct mud_victim_field *last = &k->fields[k->n - 1];
    static const struct mud_victim_label password = {.kind = MUD_V_PASSWORD,
                                                     .sign = true};
    struct mud_victim_field f;
    uint32_t i = at;
    bool digits = false, letters = false, colon, comma;

    if (k->row.n == 0 || last->end != at || last->own ||
        (last->kind != MUD_V_EMAIL && last->kind != MUD_V_ACCOUNT &&
         !(last->kind == MUD_V_PHONE && last->labelled)))
        return at;
    while (i < l->end && s.s[i] == ' ')
        i++;
    colon = i < l->end && s.s[i] == ':' && i == at;
    comma = i < l->end && (s.s[i] == ',' || s.s[i] == ';');
    if (l->dashes && i + 3 < l->end && memcmp(s.s + i, "----", 4) == 0)
        i += 4;
    else if (colon || (l->sample && i < l->end && s.s[i] == '/') ||
             (i < l->end && (s.s[i] == '|' || s.s[i] == ';' || s.s[i] == ',' ||
                             s.s[i] == '\t')))
        i++;
    else
        return at;
    while (i < l->end && (s.s[i] == ' ' || s.s[i] == '-'))
        i++;
    if (i >= l->end ||
        !mud_victim_value(&f, &k->text, i, l->end, &password, false) ||
        f.end - i < 4 || memchr(s.s + i, '@', f.end - i))
        return at;
    for (uint32_t j = i; j < f.end; j++) {
        digits |= is_digit(s.s[j]);
        letters |= s.s[j] >= 'a' && s.s[j] <= 'z';
    }
    if (!digits && !l->dashes && !colon)
        return at;
    if (comma && (!letters || f.end - i < 6)) /* an amount */
        return at;
    add(k, &f, l);
    k->row.logged = true;
    return f.end;
}

/* The end of the cell that byte `at` stands in; at only grows in a line. */
static uint32_t cell_end(struct mud_str s, struct line *l, uint32_t at)
{
    size_t cut;

    if (!l->sep)
        return l->end;
    if (l->cell <= at) {
        cut = mud_str_find(mud_str_sub(s, at, l->end), mud_str_z(l->sep));
        l->cell = cut == MUD_NPOS ? l->end : at + (uint32_t)cut;
    }
    return l->cell;
}

/* Does a word for a password stand behind byte i, or its sign? */
static bool secret_behind(const struct mud_victim_look *k, uint32_t i,
                          uint32_t end)
{
    struct mud_str s = k->scan->text;
    struct mud_victim_label label = {0};

    while (i < end && (s.s[i] == ' ' || s.s[i] == ',' || s.s[i] == ';' ||
                       s.s[i] == '|' || s.s[i] == '/' || s.s[i] == '-'))
        i++;
    return mud_victim_label(&label, &k->text, i, end) > i &&
           label.kind == MUD_V_PASSWORD;
}

/* Telephone or mail that its cue gives to the seller, unless a record has
 * named fields before it, or a password behind it. */
static bool sellers_own(const struct mud_victim_look *k,
                        const struct mud_victim_field *f, const struct line *l)
{
    return (f->kind == MUD_V_PHONE || f->kind == MUD_V_EMAIL) && !f->masked &&
           !(k->row.n > 0 && k->row.labels == k->row.n && k->row.kinds) &&
           !(k->row.kinds & (1U << MUD_V_CARD | 1U << MUD_V_ID)) &&
           !(l->sample && f->start >= l->sample &&
             f->start - l->sample <= LED_MAX) &&
           cued(k->scan, f->start) && !secret_behind(k, f->end, l->end);
}

/* A label and its value at `at`; returns where to go on, `at` for nothing. */
static uint32_t labelled(struct mud_victim_look *k, const struct line *l,
                         uint32_t at, uint32_t end)
{
    struct mud_str s = k->scan->text;
    struct mud_victim_field f;
    struct mud_victim_label label = {0};
    uint32_t stop = mud_victim_label(&label, &k->text, at, end), i = stop;

    if (stop == at)
        return at;
    while (i < end &&
           (s.s[i] == ' ' || s.s[i] == ':' || s.s[i] == '=' || s.s[i] == ']' ||
            s.s[i] == ')' || (s.s[i] == '-' && i == stop)))
        i++;
    if (i + 3 < end && memcmp(s.s + i, "\xe3\x80\x91", 3) == 0)
        i += 3; /* of a lenticular bracket */
    label.sign = i > stop + 1 || (i > stop && s.s[stop] != ' ');
    if (!mud_victim_value(&f, &k->text, i, end, &label, l->sep != NULL)) {
        k->bare++;
        k->row.seller |= label.seller;
        return i == stop && (s.s[at] & 0x80) ? at : i;
    }
    f.labelled = !label.seller;
    f.own = sellers_own(k, &f, l);
    if (label.seller && k->row.n == 0)
        close_row(k);
    add(k, &f, l);
    k->row.seller |= label.seller;
    if (label.kind == MUD_V_PASSWORD &&
        k->row.kinds &
            (1U << MUD_V_ACCOUNT | 1U << MUD_V_EMAIL | 1U << MUD_V_PHONE))
        k->row.logged = true;
    return f.end;
}

/* Words and dates beside a card that part nothing. */
static bool filler(struct mud_str word)
{
    static const char *const words[] = {"exp", "cvv", "cvv2", "cvc", "dob"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mud_str_eqz(word, words[i]))
            return true;
    }
    return word.n <= 7 && is_digit(word.s[0]) && !(word.s[word.n - 1] & 0x80);
}

/* The end of the word at `at`, which is no field; a word for one ends it. */
static uint32_t skip_word(const struct mud_victim_look *k, uint32_t at,
                          uint32_t end, unsigned *prose)
{
    struct mud_str s = k->scan->text;
    struct mud_victim_label label;
    bool han = (unsigned char)s.s[at] >= 0xE3;
    uint32_t i = at;
    unsigned n = 0;

    while (i < end && is_word(s.s[i]) &&
           ((unsigned char)s.s[i] >= 0x80) ==
               ((unsigned char)s.s[at] >= 0x80)) {
        size_t next = i;
        uint32_t c = mud_step(s, &next);

        if (han && (c < 0x4E00 || c > 0x9FFF ||
                    (i > at && mud_victim_label(&label, &k->text, i, end) > i)))
            break;
        n++;
        i = (uint32_t)next;
    }
    if (i == at) {
        size_t next = i;

        mud_step(s, &next);
        return (uint32_t)next;
    }
    if (!filler(mud_str_sub(s, at, i)))
        *prose += n;
    return i;
}

/* Does a clause end at this sign? */
static bool ends_clause(struct mud_str s, uint32_t i, uint32_t end)
{
    return s.s[i] == '!' || s.s[i] == '?' || s.s[i] == '@' ||
           (s.s[i] == '.' && i + 1 < end && s.s[i + 1] == ' ') ||
           (i + 3 <= end && memcmp(s.s + i, "\xe3\x80\x82", 3) == 0);
}

/* "made_ann:ann@mail.example": what stands before the address is an account. */
static uint32_t before_mail(struct mud_victim_look *k, const struct line *l,
                            uint32_t at)
{
    struct mud_str s = k->scan->text;
    struct mud_victim_field f, mail;
    uint32_t i = at;

    if (k->row.n > 0 || !mud_grams_char(k->scan->grams, '@'))
        return at;
    while (i < l->end && i - at < 40 &&
           (is_digit(s.s[i]) || (s.s[i] >= 'a' && s.s[i] <= 'z') ||
            s.s[i] == '_' || s.s[i] == '.' || s.s[i] == '-'))
        i++;
    if (i - at < 3 || i + 1 >= l->end ||
        !(s.s[i] == ':' || s.s[i] == '|' || s.s[i] == ';' || s.s[i] == ',') ||
        !mud_victim_field(&mail, &k->text, i + 1, l->end, false) ||
        mail.kind != MUD_V_EMAIL)
        return at;
    f = (struct mud_victim_field){.start = at, .end = i, .kind = MUD_V_ACCOUNT};
    add(k, &f, l);
    return i;
}

/* "darkwolf_88**", "hunter****" behind a word for a sample. */
static uint32_t covered_word(struct mud_victim_look *k, const struct line *l,
                             uint32_t at)
{
    struct mud_str s = k->scan->text;
    struct mud_victim_field f;
    unsigned letters = 0, covers = 0;
    uint32_t i = at;

    if (!l->sample || at < l->sample)
        return at;
    while (i < l->end && s.s[i] > ' ' && !(s.s[i] & 0x80) &&
           !strchr("/:|,;()", s.s[i]) && i - at < 64) {
        covers += s.s[i] == '*';
        letters += s.s[i] != '*';
        i++;
    }
    if (letters < 3 || covers < 2 ||
        (k->row.n == 0 && at - l->sample > LED_MAX) ||
        (k->row.n > 0 && k->fields[k->n - 1].kind != MUD_V_ACCOUNT))
        return at;
    f = (struct mud_victim_field){
        .start = at, .end = i, .kind = MUD_V_ACCOUNT, .masked = 1};
    if (k->row.kinds & (1U << MUD_V_ACCOUNT | 1U << MUD_V_EMAIL))
        f.kind = MUD_V_PASSWORD;
    add(k, &f, l);
    return i;
}

/* A field that no word names. */
static uint32_t unnamed(struct mud_victim_look *k, const struct line *l,
                        uint32_t at, uint32_t end)
{
    struct mud_str s = k->scan->text;
    const struct mud_victim_field *last =
        k->row.n > 0 ? &k->fields[k->n - 1] : NULL;
    struct mud_victim_field f;
    uint32_t stop;

    if (last && last->kind == MUD_V_PHONE && at - last->end <= 2 && l->sample &&
        mud_victim_surname(&f, s, at, end) &&
        !(mud_scan_mark(k->scan, mud_scan_find(k->scan, at))->kinds &
          1U << MUD_LEX_CUE)) {
        add(k, &f, l);
        return f.end;
    }
    if (last && last->kind == MUD_V_NAME && l->sep &&
        mud_victim_ten(&f, s, at, end)) {
        add(k, &f, l);
        return f.end;
    }
    if (mud_victim_field(&f, &k->text, at, end, l->sep) && f.end > at) {
        if (f.start >= l->word.start && f.end <= l->word.end)
            return f.end; /* "范例" begins as names do */
        if (sellers_own(k, &f, l))
            return at;
        f.coded = f.kind == MUD_V_CARD && !f.masked &&
                  mud_victim_code(s, f.end, l->end);
        add(k, &f, l);
        return f.end;
    }
    stop = before_mail(k, l, at);
    return stop > at ? stop : covered_word(k, l, at);
}

/* U+2460 to 2473: the fold's sign for what numbers an item of a list. */
static bool is_marker(struct mud_str s, uint32_t i)
{
    return i + 3 <= s.n && memcmp(s.s + i, "\xe2\x91", 2) == 0 &&
           (unsigned char)s.s[i + 2] >= 0xa0 &&
           (unsigned char)s.s[i + 2] <= 0xb3;
}

static void read_line(struct mud_victim_look *k, struct line *l)
{
    struct mud_str s = k->scan->text;
    unsigned prose = 0;
    uint32_t i = l->start;

    while (i < l->end) {
        uint32_t stop = i, end;

        if (is_marker(s, i)) {
            i += 3;
            continue;
        }
        if (!is_word(s.s[i]) && s.s[i] != '+' && !mud_victim_cover(s, i)) {
            if (!l->sep && ends_clause(s, i, l->end))
                close_row(k);
            i++;
            continue;
        }
        end = cell_end(s, l, i);
        if (!l->sep && k->row.n &&
            prose > (k->row.labels == k->row.n ? PROSE_NAMED : PROSE_MAX))
            close_row(k);
        if (k->row.n)
            stop = password_behind(k, l, k->fields[k->n - 1].end);
        if (stop <= i)
            stop = labelled(k, l, i, end);
        if (stop <= i)
            stop = unnamed(k, l, i, end);
        if (stop > i)
            prose = 0;
        else
            stop = skip_word(k, i, l->end, &prose);
        i = stop;
    }
    if (k->row.n)
        (void)password_behind(k, l, k->fields[k->n - 1].end);
    close_row(k);
}

/* Is all of it visible ASCII? */
static bool visible(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] <= ' ' || (s.s[i] & 0x80))
            return false;
    }
    return true;
}

/* What is before and behind the sign that parts a pair, when the line is one:
 * "player_one:hunter2", "https://host/login:name:word". */
static bool pair(struct mud_str s, struct mud_span *user, struct mud_span *word)
{
    size_t scheme = mud_str_find(s, MUD_STR("://"));
    size_t cut = mud_str_find(s, MUD_STR("----")), len = 4, from = 0;

    if (scheme != MUD_NPOS) {
        cut = mud_str_rchr(s, ':');
        from = mud_str_rchr(mud_str_sub(s, 0, cut), ':') + 1;
        len = 1;
        if (cut <= scheme + 3 || from <= scheme + 3)
            return false;
    } else if (cut == MUD_NPOS) {
        cut = mud_str_chr(s, ':');
        len = 1;
    }
    if (cut == MUD_NPOS || cut < from + 4 || cut + len + 4 > s.n)
        return false;
    *user = (struct mud_span){(uint32_t)from, (uint32_t)cut};
    *word = (struct mud_span){(uint32_t)(cut + len), (uint32_t)s.n};
    return true;
}

static bool pair_signs(struct mud_str s, struct mud_span user,
                       struct mud_span word)
{
    bool left = user.start > 0, right = false;

    for (size_t i = 0; i < s.n; i++) {
        if ((i >= user.start && s.s[i] == '/') ||
            (i >= word.start && (s.s[i] == ':' || s.s[i] == '-')))
            return false;
        if (i >= word.start)
            right |= is_digit(s.s[i]);
        else if (i >= user.start && i < user.end)
            left |= is_digit(s.s[i]) || s.s[i] == '_' || s.s[i] == '.';
    }
    return left && right;
}

/* How far a pair must be free of "@": mail addresses have rules of their own,
 * but behind dashes a password may hold one. */
static size_t combo_plain(struct mud_str s, struct mud_span word)
{
    return mud_str_find(s, MUD_STR("----")) != MUD_NPOS ? word.start : s.n;
}

/* A pair of account and password and nothing else in the line. */
static bool combo(struct mud_victim_look *k, const struct line *l)
{
    struct mud_str s =
        mud_str_trim(mud_str_sub(k->scan->text, l->start, l->end));
    uint32_t start = (uint32_t)(s.s - k->scan->text.s);
    struct mud_span user, word;
    struct mud_victim_field f;
    const struct mud_mark *m;

    if (s.n > COMBO_MAX || !visible(s) || !pair(s, &user, &word) ||
        !pair_signs(s, user, word) ||
        mud_str_chr(mud_str_sub(s, 0, combo_plain(s, word)), '@') != MUD_NPOS)
        return false;
    m = mud_scan_mark(k->scan, mud_scan_find(k->scan, start));
    if (word.start - user.end == 1 && user.start == 0 &&
        m->kinds & 1U << MUD_LEX_CUE)
        return false;
    if (!mud_victim_number(
            &f, k->scan->text, start + user.start, start + user.end) ||
        f.end != start + user.end || f.kind != MUD_V_PHONE)
        f = (struct mud_victim_field){.start = start + user.start,
                                      .end = start + user.end,
                                      .kind = MUD_V_ACCOUNT};
    add(k, &f, l);
    f = (struct mud_victim_field){.start = start + word.start,
                                  .end = start + word.end,
                                  .kind = MUD_V_PASSWORD};
    add(k, &f, l);
    k->row.combo = true;
    close_row(k);
    return true;
}

static const char *cells_of(struct mud_str line)
{
    static const char *const seps[] = {"----", "|", "\t", ";"};

    for (size_t i = 0; i < sizeof seps / sizeof seps[0]; i++) {
        if (mud_str_find(line, mud_str_z(seps[i])) != MUD_NPOS)
            return seps[i];
    }
    return NULL;
}

static bool has_password(const struct mud_scan *s)
{
    return mud_scan_says(s, "密码") || mud_scan_says(s, "pass") ||
           mud_scan_says(s, "pwd") || mud_scan_says(s, "пароль");
}

/* A line that may name a field of a record that stands over several lines. */
static bool field_line(struct mud_victim_look *k, struct mud_str line)
{
    if (mud_str_chr(line, ':') == MUD_NPOS &&
        mud_str_chr(line, '=') == MUD_NPOS)
        return false;
    if (!k->text.scan)
        mud_victim_text(&k->text, k->scan);
    return k->text.n_labels >= 2 &&
           k->text.kinds & (1U << MUD_V_ID | 1U << MUD_V_CARD |
                            1U << MUD_V_ADDRESS | 1U << MUD_V_PASSWORD);
}

static void one_line(struct mud_victim_look *k, uint32_t start, uint32_t end)
{
    struct mud_str line = mud_str_sub(k->scan->text, start, end);
    struct line l = {.start = start, .end = end};
    size_t before = k->n;

    l.word = mud_victim_sample(k->scan, start, end);
    l.sample = l.word.end;
    k->sampled |= l.sample > 0;
    k->trade |= l.sample > 0;
    k->bare = 0;
    if (k->password || mud_victim_line(line) || l.sample || k->sample ||
        field_line(k, line)) {
        if (!k->text.scan)
            mud_victim_text(&k->text, k->scan);
        l.sep = cells_of(line);
        l.dashes = l.sep && l.sep[0] == '-';
        if (!combo(k, &l))
            read_line(k, &l);
    } else if (line.n <= COMBO_MAX && line.n > 8) {
        (void)combo(k, &l);
    }
    if (l.sample || k->bare >= 2)
        k->sample = true;
    else if (k->n == before && mud_str_trim(line).n)
        k->sample = false;
}

static void read_lines(struct mud_scan *scan)
{
    struct mud_victim_look k = {.scan = scan};
    struct mud_str s = scan->text;
    uint32_t start = 0, n = (uint32_t)s.n;

    k.password = has_password(scan);
    k.trade = mud_scan_has(scan, MUD_LEX_PRODUCT);

    while (start < n) {
        const char *nl = memchr(s.s + start, '\n', n - start);
        uint32_t end = nl ? (uint32_t)(nl - s.s) : n;

        one_line(&k, start, end);
        start = end + 1;
        k.line++;
    }
    mud_victim_keep(&k);
}

void mud_victims_find(struct mud_scan *scan)
{
    if (mud_victim_worth(scan))
        read_lines(scan);
}
