#include "nlp/victim.h"

#include "nlp/checksum.h"

enum {
    FIELDS_MAX = 24,
    NAME_BYTES = 12
};

struct field { /* a part of a line that looks like part of a record */
    uint32_t start, end;
    const char *kind;
    unsigned rule;
    bool masked;
};

struct record { /* the fields of one line */
    struct field v[FIELDS_MAX];
    unsigned n, proofs, masked;
    bool cells;  /* separators such as ---- or | */
    bool sample; /* the line says so */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool mask(char c)
{
    return c == '*';
}

static void add(struct record *r, uint32_t start, uint32_t end,
                const char *kind, unsigned rule)
{
    if (r->n == FIELDS_MAX)
        return;
    r->v[r->n++] = (struct field){.start = start,
                                  .end = end,
                                  .kind = kind,
                                  .rule = rule,
                                  .masked = rule == MUD_RULE_VICTIM_MASKED};
    r->masked += rule == MUD_RULE_VICTIM_MASKED;
    r->proofs += rule == MUD_RULE_VICTIM_CHECKSUM;
}

/* What a run of digits and asterisks is. */
static void run(struct record *r, struct mud_str s, uint32_t start,
                uint32_t end)
{
    struct mud_str v = mud_str_sub(s, start, end);
    size_t stars = 0, head = 0, tail = 0;

    for (size_t i = 0; i < v.n; i++)
        stars += mask(v.s[i]);
    while (head < v.n && digit(v.s[head]))
        head++;
    while (tail < v.n && !mask(v.s[v.n - 1 - tail]))
        tail++;
    if (stars >= 3 && head >= 3 && head + stars + tail == v.n) {
        if (v.n >= 10 && v.n <= 12 && head == 3 && tail >= 2 && tail <= 4 &&
            v.s[0] == '1')
            add(r, start, end, "phone", MUD_RULE_VICTIM_MASKED);
        else if (v.n >= 14 && v.n <= 19 && head >= 3 && head <= 8 &&
                 tail >= 1 && tail <= 4)
            add(r,
                start,
                end,
                v.n == 18 || v.s[v.n - 1] == 'x' ? "id_card" : "bank_card",
                MUD_RULE_VICTIM_MASKED);
    } else if (stars == 0 && v.n == 18 && mud_is_id_card(v)) {
        add(r, start, end, "id_card", MUD_RULE_VICTIM_CHECKSUM);
    } else if (stars == 0 && v.n >= 16 && v.n <= 19 && mud_luhn(v)) {
        add(r, start, end, "bank_card", MUD_RULE_VICTIM_CHECKSUM);
    } else if (stars == 0 && v.n == 11 && v.s[0] == '1' && v.s[1] >= '3') {
        add(r, start, end, "phone", MUD_RULE_VICTIM_RECORD);
    }
}

/* "4000 0000 0000 0002": a card in groups of four. */
static uint32_t grouped_card(struct record *r, struct mud_str s, uint32_t i)
{
    char digits[16];

    for (unsigned g = 0; g < 4; g++) {
        uint32_t at = i + g * 5;

        if (at + 4 > s.n || (g && s.s[at - 1] != ' ' && s.s[at - 1] != '-'))
            return i;
        for (unsigned k = 0; k < 4; k++) {
            if (!digit(s.s[at + k]))
                return i;
            digits[g * 4 + k] = s.s[at + k];
        }
    }
    if ((i + 19 < s.n && digit(s.s[i + 19])) ||
        !mud_luhn(mud_str_of(digits, sizeof digits)))
        return i;
    add(r, i, i + 19, "bank_card", MUD_RULE_VICTIM_CHECKSUM);
    return i + 19;
}

static bool is_han(uint32_t c)
{
    return c >= 0x4E00 && c <= 0x9FFF;
}

/* "王*明", "陈*", "李某某" between signs; at `i` a Han character begins. */
static uint32_t name(struct record *r, struct mud_str s, uint32_t i)
{
    size_t at = i;
    unsigned han = 0, stars = 0, mou = 0;

    while (at < s.n && at - i < NAME_BYTES + 3) {
        size_t next = at;
        uint32_t c = mud_step(s, &next);

        if (c == '*' && han > 0)
            stars++;
        else if (c == 0x67D0 && han > 0) /* 某 */
            mou++;
        else if (is_han(c))
            han++;
        else
            break;
        at = next;
    }
    if (han >= 1 && han <= 3 && stars >= 1 && stars <= 2)
        add(r, i, (uint32_t)at, "name", MUD_RULE_VICTIM_MASKED);
    else if (han == 1 && mou >= 1 && mou <= 2)
        add(r, i, (uint32_t)at, "name", MUD_RULE_VICTIM_RECORD);
    return (uint32_t)at;
}

/* A whole name in the first cell of a record of two to four characters. */
static void cell_name(struct record *r, struct mud_str s, uint32_t start,
                      uint32_t end)
{
    static const char *const cuts[] = {"----", "|", "\t"};
    struct mud_str line = mud_str_sub(s, start, end);
    size_t cut = MUD_NPOS, at = 0;

    for (size_t i = 0; i < 3 && cut == MUD_NPOS; i++)
        cut = mud_str_find(line, mud_str_z(cuts[i]));
    if (cut == MUD_NPOS || cut < 6 || cut > NAME_BYTES + 1)
        return;
    while (cut > 0 && line.s[cut - 1] == ' ')
        cut--;
    while (at < cut) {
        if (!is_han(mud_step(line, &at)))
            return;
    }
    if (r->n == 0 || r->v[0].start > start)
        add(r, start, start + (uint32_t)cut, "name", MUD_RULE_VICTIM_RECORD);
}

/* mail:password and mail----password */
static void login(struct record *r, struct mud_str s, uint32_t start,
                  uint32_t end)
{
    struct mud_str line = mud_str_trim(mud_str_sub(s, start, end));
    size_t at = mud_str_chr(line, '@'), dot, sep, len = 1;

    if (at == MUD_NPOS || at == 0 || line.n > 120 ||
        mud_str_chr(line, ' ') != MUD_NPOS)
        return;
    dot = mud_str_chr(mud_str_sub(line, at, line.n), '.');
    sep = mud_str_chr(mud_str_sub(line, at, line.n), ':');
    if (sep == MUD_NPOS) {
        sep = mud_str_find(mud_str_sub(line, at, line.n), MUD_STR("----"));
        len = 4;
    }
    if (dot == MUD_NPOS || sep == MUD_NPOS || dot > sep ||
        at + sep + len + 4 > line.n ||
        mud_str_find(line, MUD_STR("://")) != MUD_NPOS)
        return;
    for (size_t i = 0; i < line.n; i++) {
        if ((unsigned char)line.s[i] >= 0x80 || line.s[i] <= ' ')
            return;
    }
    start += (uint32_t)(line.s - (s.s + start));
    add(r,
        start,
        start + (uint32_t)(at + sep),
        "email",
        MUD_RULE_VICTIM_RECORD);
    add(r,
        start + (uint32_t)(at + sep + len),
        start + (uint32_t)line.n,
        "password",
        MUD_RULE_VICTIM_RECORD);
    r->cells = true;
    r->proofs = 1;
}

static void read_line(struct record *r, struct mud_str s, uint32_t start,
                      uint32_t end)
{
    struct mud_str line = mud_str_sub(s, start, end);
    uint32_t i = start;

    r->cells = mud_str_find(line, MUD_STR("----")) != MUD_NPOS ||
               mud_str_chr(line, '|') != MUD_NPOS;
    while (i < end) {
        size_t next = i;
        uint32_t c = mud_step(s, &next);
        uint32_t stop = i;

        if (c >= '0' && c <= '9') {
            stop = grouped_card(r, s, i);
            if (stop == i) {
                while (stop < end && (digit(s.s[stop]) || mask(s.s[stop])))
                    stop++;
                if (stop < end && s.s[stop] == 'x' && stop - i >= 10 &&
                    stop - i <= 17)
                    stop++;
                run(r, s, i, stop);
            }
        } else if (is_han(c) && (i == start || s.s[i - 1] < 0x7F)) {
            unsigned char before = i > start ? (unsigned char)s.s[i - 1] : ' ';

            stop = before < 0x80 ? name(r, s, i) : (uint32_t)next;
        }
        i = stop > i ? stop : (uint32_t)next;
    }
}

/* Does the line call itself a sample? */
static bool is_sample(struct mud_str line)
{
    static const char *const samples[] = {
        "样本", "样品", "sample", "示例", "例:", "exp ", "格式", "пример"};

    for (size_t k = 0; k < sizeof samples / sizeof samples[0]; k++) {
        if (mud_str_find(line, mud_str_z(samples[k])) != MUD_NPOS)
            return true;
    }
    return false;
}

/* Can the line hold a record at all? Most lines of chat cannot. */
static bool worth_it(struct mud_str line)
{
    unsigned run = 0;

    for (size_t i = 0; i < line.n; i++) {
        char c = line.s[i];

        if (mask(c))
            return true;
        if (digit(c)) {
            if (++run >= 11)
                return true;
        } else if (run == 4 && (c == ' ' || c == '-')) {
            return true;
        } else {
            run = 0;
        }
    }
    return false;
}

static void keep(struct mud_scan *s, const struct record *r)
{
    bool record = r->cells && r->n >= 2 && (r->proofs || r->masked || r->n > 2);

    for (unsigned i = 0; i < r->n; i++) {
        const struct field *f = &r->v[i];
        bool ok = record || (r->sample && (r->proofs || r->masked));
        struct mud_entity *e;

        if (f->rule == MUD_RULE_VICTIM_MASKED &&
            (r->masked > 1 || !mud_str_eqz(mud_str_z(f->kind), "name")))
            ok = true;
        if (f->rule == MUD_RULE_VICTIM_CHECKSUM &&
            mud_str_eqz(mud_str_z(f->kind), "id_card"))
            ok = true;
        if (!ok)
            continue;
        e = mud_scan_add(s,
                         MUD_ENT_VICTIM_DATA,
                         f->start,
                         f->end,
                         f->rule,
                         f->rule == MUD_RULE_VICTIM_RECORD ? 750 : 900);
        e->kind = mud_str_z(f->kind);
        mud_scan_claim(s, f->start, f->end);
    }
}

/* "exp 01/30 John Q. Sample": the holder's name behind a card. */
static void holder(struct mud_scan *s, struct record *r, uint32_t end)
{
    struct mud_str text = s->text;
    uint32_t i, from, words = 0, stop;
    struct mud_str cased;

    if (r->n == 0 || !mud_str_eqz(mud_str_z(r->v[r->n - 1].kind), "bank_card"))
        return;
    i = r->v[r->n - 1].end;
    while (i < end && (text.s[i] == ' ' || text.s[i] == '/' ||
                       digit(text.s[i]) || text.s[i] == '|'))
        i++;
    if (i + 4 < end && memcmp(text.s + i, "exp", 3) == 0)
        i += 3;
    while (i < end && (text.s[i] == ' ' || text.s[i] == '/' ||
                       text.s[i] == ':' || digit(text.s[i])))
        i++;
    cased = mud_scan_cased(s, i, end);
    for (from = stop = 0; from < cased.n && words < 4;) {
        if (cased.s[from] < 'A' || cased.s[from] > 'Z')
            break;
        while (from < cased.n &&
               ((cased.s[from] | 0x20) >= 'a' && (cased.s[from] | 0x20) <= 'z'))
            from++;
        stop = from;
        if (from + 1 < cased.n && cased.s[from] == '.' &&
            cased.s[from + 1] == ' ' && words == 1)
            from++;
        words++;
        if (from >= cased.n || cased.s[from] != ' ')
            break;
        from++;
    }
    if (words >= 2)
        add(r, i, i + stop, "name", MUD_RULE_VICTIM_RECORD);
}

static void find_in_line(struct mud_scan *scan, uint32_t start, uint32_t end,
                         bool worth, bool at)
{
    struct record r = {0};

    if (worth) {
        read_line(&r, scan->text, start, end);
        holder(scan, &r, end);
        if (r.cells && r.n)
            cell_name(&r, scan->text, start, end);
    }
    if (at)
        login(&r, scan->text, start, end);
    r.sample = r.n > 0 && is_sample(mud_str_sub(scan->text, start, end));
    if (r.n)
        keep(scan, &r);
}

void mud_victims_find(struct mud_scan *scan)
{
    uint32_t start = 0, n = (uint32_t)scan->text.n;
    bool at = n > 0 && memchr(scan->text.s, '@', n);

    while (start < n) {
        const char *nl = memchr(scan->text.s + start, '\n', n - start);
        uint32_t end = nl ? (uint32_t)(nl - scan->text.s) : n;
        struct mud_str line = mud_str_sub(scan->text, start, end);
        bool worth = worth_it(line);
        bool mail = at && end > start && memchr(line.s, '@', line.n);

        if (worth || mail)
            find_in_line(scan, start, end, worth, mail);
        start = end + 1;
    }
}
