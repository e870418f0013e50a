#include "nlp/victim.h"

#include "nlp/victim_field.h"

enum {
    ROW_MAX = 24,
    PROSE_MAX = 4, /* characters between two fields of a row */
    COMBO_MAX = 80,
    SHAPE_BITS = 4
};

struct row {           /* fields that stand together in one line */
    uint32_t first, n; /* of the fields of all lines */
    uint32_t line;
    uint64_t shape; /* their kinds, in order */
    unsigned kinds; /* bits */
    unsigned masked, proofs, labels, soft;
    bool dashes; /* parted by "----" */
    bool cells;  /* by another sign that is for nothing else */
    bool sample; /* the text calls it one */
    bool led;    /* right behind that word */
    bool combo;  /* "user:password", by its form alone */
    bool seller; /* the payee's or the advertiser's own */
    bool logged; /* a password behind its mail address or account */
};

struct look { /* on the way through the lines of a field */
    struct mud_scan *scan;
    struct mud_victim_text text;
    struct mud_victim_field *fields;
    size_t n, cap;
    struct row *rows;
    size_t n_rows, cap_rows;
    struct row row; /* being built */
    uint32_t line;
    bool sampled;  /* some line has a word for one */
    bool sample;   /* carries over from a line before */
    bool password; /* the text has a word for one */
    unsigned bare; /* labels without a value in this line */
};

struct line {
    uint32_t start, end;
    const char *sep; /* sign of its cells, or NULL */
    uint32_t cell;   /* end of the cell being read */
    uint32_t sample; /* end of the word for a sample in it, else 0 */
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

static void close_row(struct look *k)
{
    struct row *r = &k->row;

    if (r->n) {
        k->rows = mud_arena_grow(
            k->scan->arena, k->rows, &k->cap_rows, k->n_rows, sizeof *k->rows);
        k->rows[k->n_rows++] = *r;
    }
    *r = (struct row){.first = (uint32_t)k->n};
}

static void add(struct look *k, const struct mud_victim_field *f,
                const struct line *l)
{
    struct row *r = &k->row;

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
    r->shape = r->shape << SHAPE_BITS | f->kind;
    r->kinds |= 1U << f->kind;
    r->masked += f->masked && f->kind != MUD_V_NAME;
    r->proofs += f->proof && f->kind == MUD_V_ID;
    r->labels += f->labelled;
    r->soft += f->soft;
    if (f->kind == MUD_V_CARD && !f->masked)
        r->seller |= mud_victim_payee(k->scan, f->start);
}

/* A password right behind the mail address or account at the row's end. */
static uint32_t password_behind(struct look *k, const struct line *l,
                                uint32_t at)
{
    struct mud_str s = k->scan->text;
    const struct mud_victim_field *last = &k->fields[k->n - 1];
    struct mud_victim_field f;
    uint32_t i = at;
    bool digits = false, colon;

    if (k->row.n == 0 || last->end != at ||
        (last->kind != MUD_V_EMAIL && last->kind != MUD_V_ACCOUNT))
        return at;
    while (i < l->end && s.s[i] == ' ')
        i++;
    colon = i < l->end && s.s[i] == ':' && i == at;
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
        !mud_victim_value(&f, &k->text, i, l->end, MUD_V_PASSWORD, false) ||
        f.end - i < 4 || memchr(s.s + i, '@', f.end - i))
        return at;
    for (uint32_t j = i; j < f.end; j++)
        digits |= is_digit(s.s[j]);
    if (!digits && !l->dashes && !colon)
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

/* Telephone or mail that its cue gives to the seller, unless a record has
 * named fields before it. */
static bool sellers_own(const struct look *k, const struct mud_victim_field *f)
{
    return (f->kind == MUD_V_PHONE || f->kind == MUD_V_EMAIL) && !f->masked &&
           !(k->row.n > 0 && k->row.labels == k->row.n) &&
           cued(k->scan, f->start);
}

/* A label and its value at `at`; returns where to go on, `at` for nothing. */
static uint32_t labelled(struct look *k, const struct line *l, uint32_t at,
                         uint32_t end)
{
    struct mud_str s = k->scan->text;
    struct mud_victim_field f;
    unsigned kind = MUD_V_NONE;
    bool seller = false;
    uint32_t stop = mud_victim_label(&kind, &seller, &k->text, at, end),
             i = stop;

    if (stop == at)
        return at;
    while (i < end && (s.s[i] == ' ' || s.s[i] == ':' || s.s[i] == '=' ||
                       (s.s[i] == '-' && i == stop)))
        i++;
    if (!mud_victim_value(&f, &k->text, i, end, kind, l->sep != NULL)) {
        k->bare++;
        k->row.seller |= seller;
        return i == stop && (s.s[at] & 0x80) ? at : i;
    }
    f.labelled = !seller;
    if (sellers_own(k, &f) && k->row.n == 0) {
        k->bare++;
        return f.end;
    }
    if (seller && k->row.n == 0)
        close_row(k);
    add(k, &f, l);
    k->row.seller |= seller;
    if (kind == MUD_V_PASSWORD &&
        k->row.kinds & (1U << MUD_V_ACCOUNT | 1U << MUD_V_EMAIL))
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

/* The end of the word at `at`, which is no field. */
static uint32_t skip_word(struct mud_str s, uint32_t at, uint32_t end,
                          unsigned *prose)
{
    bool han = (unsigned char)s.s[at] >= 0xE3;
    uint32_t i = at;
    unsigned n = 0;

    while (i < end && is_word(s.s[i]) &&
           ((unsigned char)s.s[i] >= 0x80) ==
               ((unsigned char)s.s[at] >= 0x80)) {
        size_t next = i;
        uint32_t c = mud_step(s, &next);

        if (han && (c < 0x4E00 || c > 0x9FFF))
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

/* U+2460 to 2473: the fold's sign for what numbers an item of a list. */
static bool is_marker(struct mud_str s, uint32_t i)
{
    return i + 3 <= s.n && memcmp(s.s + i, "\xe2\x91", 2) == 0 &&
           (unsigned char)s.s[i + 2] >= 0xa0 &&
           (unsigned char)s.s[i + 2] <= 0xb3;
}

static void read_line(struct look *k, struct line *l)
{
    struct mud_str s = k->scan->text;
    unsigned prose = 0;
    uint32_t i = l->start;

    while (i < l->end) {
        struct mud_victim_field f;
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
        if (!l->sep && prose > PROSE_MAX && k->row.n)
            close_row(k);
        if (k->row.n)
            stop = password_behind(k, l, k->fields[k->n - 1].end);
        if (stop <= i)
            stop = labelled(k, l, i, end);
        if (stop <= i && mud_victim_field(&f, &k->text, i, end, l->sep) &&
            f.end > i && !sellers_own(k, &f)) {
            add(k, &f, l);
            stop = f.end;
        }
        if (stop > i)
            prose = 0;
        else
            stop = skip_word(s, i, l->end, &prose);
        i = stop;
    }
    if (k->row.n)
        (void)password_behind(k, l, k->fields[k->n - 1].end);
    close_row(k);
}

/* "player_one:hunter2" and nothing else in the line. */
static bool combo(struct look *k, const struct line *l)
{
    struct mud_str s =
        mud_str_trim(mud_str_sub(k->scan->text, l->start, l->end));
    uint32_t start = (uint32_t)(s.s - k->scan->text.s);
    size_t cut = mud_str_find(s, MUD_STR("----")), len = 4;
    bool left = false, right = false;
    const struct mud_mark *m;

    if (s.n > COMBO_MAX || mud_str_chr(s, '@') != MUD_NPOS)
        return false;
    if (cut == MUD_NPOS) {
        cut = mud_str_chr(s, ':');
        len = 1;
    }
    if (cut == MUD_NPOS || cut < 4 || cut + len + 4 > s.n)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] <= ' ' || (s.s[i] & 0x80) || s.s[i] == '/' ||
            (i >= cut + len && (s.s[i] == ':' || s.s[i] == '-')))
            return false;
        if (i < cut)
            left |= is_digit(s.s[i]) || s.s[i] == '_' || s.s[i] == '.';
        else
            right |= is_digit(s.s[i]);
    }
    m = mud_scan_mark(k->scan, mud_scan_find(k->scan, start));
    if (!left || !right || m->kinds & 1U << MUD_LEX_CUE)
        return false;
    add(k,
        &(struct mud_victim_field){.start = start,
                                   .end = start + (uint32_t)cut,
                                   .kind = MUD_V_ACCOUNT},
        l);
    add(k,
        &(struct mud_victim_field){.start = start + (uint32_t)(cut + len),
                                   .end = start + (uint32_t)s.n,
                                   .kind = MUD_V_PASSWORD},
        l);
    k->row.combo = true;
    close_row(k);
    return true;
}

static bool bit(const struct row *r, unsigned kind)
{
    return r->kinds >> kind & 1;
}

static unsigned distinct(const struct row *r)
{
    unsigned n = 0;

    for (unsigned b = r->kinds; b; b &= b - 1)
        n++;
    return n;
}

/* Has the row before or behind the same fields? */
static bool repeated(const struct look *k, size_t i)
{
    const struct row *r = &k->rows[i];

    for (unsigned d = 0; d < 2; d++) {
        const struct row *o = d == 0 ? r - 1 : r + 1;

        if ((d == 0 && i == 0) || (d == 1 && i + 1 >= k->n_rows))
            continue;
        if (o->shape == r->shape && o->line != r->line &&
            (d == 0 ? r->line - o->line : o->line - r->line) <= 2)
            return true;
    }
    return false;
}

/* Is the row a victim's record? */
static bool is_record(const struct look *k, size_t i)
{
    const struct row *r = &k->rows[i];
    bool reach = r->kinds & (1U << MUD_V_PHONE | 1U << MUD_V_EMAIL |
                             1U << MUD_V_ID | 1U << MUD_V_CARD);
    bool rows, whole = bit(r, MUD_V_NAME) || bit(r, MUD_V_ADDRESS) ||
                       bit(r, MUD_V_PASSWORD) || bit(r, MUD_V_ACCOUNT);
    unsigned many = distinct(r);

    if (r->masked || r->proofs)
        return true;
    if (r->seller)
        return false;
    rows = repeated(k, i);
    if (rows && k->sampled && r->n == 1 && bit(r, MUD_V_PHONE))
        return true;
    if (r->combo)
        return rows || r->sample;
    if (r->logged)
        return true;
    if (r->soft && !r->sample && !rows)
        return false;
    if (many >= 2 && (r->sample || rows) && (reach || whole))
        return reach;
    if (many >= 2 && reach && bit(r, MUD_V_NAME) &&
        (r->dashes || bit(r, MUD_V_ID)))
        return true;
    if (many >= 3 && bit(r, MUD_V_NAME) && reach)
        return r->cells || r->labels >= 2 || bit(r, MUD_V_ADDRESS) ||
               bit(r, MUD_V_CARD);
    return reach && r->sample && (r->led || many >= 2);
}

static unsigned rule_of(const struct mud_victim_field *f)
{
    return f->masked  ? MUD_RULE_VICTIM_MASKED
           : f->proof ? MUD_RULE_VICTIM_CHECKSUM
                      : MUD_RULE_VICTIM_RECORD;
}

static void keep(struct look *k)
{
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct row *r = &k->rows[i];
        unsigned names = 0;
        bool record = is_record(k, i);

        for (uint32_t j = 0; j < r->n && !record; j++) {
            const struct mud_victim_field *f = &k->fields[r->first + j];

            names += f->kind == MUD_V_NAME && f->masked;
        }
        record |= names > 1 || (names == 1 && r->sample);
        for (uint32_t j = 0; j < r->n && record; j++) {
            const struct mud_victim_field *f = &k->fields[r->first + j];
            unsigned rule = rule_of(f);
            struct mud_entity *e;

            e = mud_scan_add(k->scan,
                             MUD_ENT_VICTIM_DATA,
                             f->start,
                             f->end,
                             rule,
                             rule == MUD_RULE_VICTIM_RECORD ? 750 : 900);
            e->kind = mud_str_z(mud_victim_kind_name(f->kind));
            mud_scan_claim(k->scan, f->start, f->end);
        }
    }
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

static void one_line(struct look *k, uint32_t start, uint32_t end)
{
    struct mud_str line = mud_str_sub(k->scan->text, start, end);
    struct line l = {.start = start, .end = end};
    size_t before = k->n;

    l.sample = mud_victim_sample(k->scan, start, end);
    k->sampled |= l.sample > 0;
    k->bare = 0;
    if (k->password || mud_victim_line(line) || l.sample || k->sample) {
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

static void read_lines(struct look *k)
{
    struct mud_str s = k->scan->text;
    uint32_t start = 0, n = (uint32_t)s.n;

    while (start < n) {
        const char *nl = memchr(s.s + start, '\n', n - start);
        uint32_t end = nl ? (uint32_t)(nl - s.s) : n;

        one_line(k, start, end);
        start = end + 1;
        k->line++;
    }
    keep(k);
}

void mud_victims_find(struct mud_scan *scan)
{
    struct look k = {.scan = scan};

    if (!mud_victim_worth(scan))
        return;
    k.password = has_password(scan);
    read_lines(&k);
}
