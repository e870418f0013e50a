/* Which rows of fields are records of victims. */
#include "nlp/victim_row.h"

#define BIT(kind) (1U << MUD_V_##kind)

enum {
    NEAR_LINES = 2,
    BLOCK_LINES = 3
};

static unsigned distinct(const struct mud_victim_row *r)
{
    unsigned n = 0;

    for (unsigned b = r->kinds; b; b &= b - 1)
        n++;
    return n;
}

/* Has the row before or behind the same fields? */
static bool repeated(const struct mud_victim_look *k, size_t i)
{
    const struct mud_victim_row *r = &k->rows[i];

    for (unsigned d = 0; d < 2; d++) {
        const struct mud_victim_row *o = d == 0 ? r - 1 : r + 1;

        if ((d == 0 && i == 0) || (d == 1 && i + 1 >= k->n_rows))
            continue;
        if (o->shape == r->shape && o->line != r->line &&
            (d == 0 ? r->line - o->line : o->line - r->line) <= NEAR_LINES)
            return true;
    }
    return false;
}

/* "白样例13000000101, 金虚构13000000102": people and telephones in one line. */
static bool paired(const struct mud_victim_row *r)
{
    return r->names >= 2 && r->phones >= 2;
}

/* A record whose fields are named: "姓名: ... 身份证: ...". */
static bool labelled(const struct mud_victim_look *k,
                     const struct mud_victim_row *r, unsigned many)
{
    if (r->labels < 2 || !(r->kinds & (BIT(NAME) | BIT(ID) | BIT(ACCOUNT))))
        return false;
    if (r->kinds & (BIT(ID) | BIT(CARD)))
        return many >= 2;
    return many >= 3 && (k->trade || r->sample) &&
           r->kinds & (BIT(PHONE) | BIT(EMAIL));
}

/* Is the row, or rows put together, a victim's record? `rows`: more follow. */
static bool is_record(const struct mud_victim_look *k,
                      const struct mud_victim_row *r, bool rows)
{
    unsigned many = distinct(r);
    bool reach = r->kinds & (BIT(PHONE) | BIT(EMAIL) | BIT(ID) | BIT(CARD));
    bool name = r->kinds & BIT(NAME), sample = r->sample;

    if (r->masked || r->proofs)
        return true;
    if (r->seller)
        return false;
    if (r->coded)
        return true;
    if (rows && k->sampled && r->n == 1 && r->kinds & BIT(PHONE))
        return true;
    if (r->combo)
        return rows || sample;
    if (r->logged || labelled(k, r, many))
        return true;
    if (sample && r->n > 1 && r->phones == r->n)
        return true; /* "随便打: ..., ..." */
    if (r->soft && !sample && !(rows && k->trade))
        return false;
    if (many >= 2 && reach && (sample || rows || (paired(r) && k->trade)))
        return true;
    if (many >= 2 && reach && name && (r->dashes || r->kinds & BIT(ID)))
        return true;
    if (many >= 3 && name && reach)
        return r->cells || r->kinds & (BIT(ADDRESS) | BIT(CARD));
    if (r->kinds == (BIT(CARD) | BIT(PHONE)))
        return k->trade;
    if (r->kinds & BIT(CARD) && r->kinds & BIT(EMAIL))
        return k->trade || name;
    return reach && sample && (r->led || many >= 2);
}

/* Names with covered characters, without any other field. */
static bool covered_names(const struct mud_victim_look *k,
                          const struct mud_victim_row *r)
{
    unsigned stars = 0, some = 0;

    for (uint32_t j = 0; j < r->n; j++) {
        const struct mud_victim_field *f = &k->fields[r->first + j];
        struct mud_str text = mud_scan_text(k->scan, f->start, f->end);

        if (f->kind != MUD_V_NAME || !f->masked)
            continue;
        if (mud_str_find(text, MUD_STR("某")) == MUD_NPOS)
            stars++;
        else
            some++; /* news and courts write so too */
    }
    return stars > 1 || (some > 1 && k->sampled) ||
           (stars + some == 1 && r->sample);
}

/*
 * The end of the rows from i on that are one record, a field a line: each named
 * by its label, in lines that follow each other, no kind twice.
 */
static size_t block(const struct mud_victim_look *k, size_t i,
                    struct mud_victim_row *all)
{
    size_t j = i + 1;

    *all = k->rows[i];
    if (all->labels < all->n)
        return j;
    for (; j < k->n_rows; j++) {
        const struct mud_victim_row *r = &k->rows[j], *last = &k->rows[j - 1];
        unsigned one = r->kinds | r->own;

        if (r->labels < r->n || r->line == last->line ||
            r->line - last->line > BLOCK_LINES || one & (all->kinds | all->own))
            break;
        all->kinds |= r->kinds;
        all->own |= r->own;
        all->n += r->n;
        all->labels += r->labels;
        all->masked += r->masked;
        all->proofs += r->proofs;
        all->sample |= r->sample;
        all->seller |= r->seller;
        all->logged |= r->logged;
        all->coded |= r->coded;
        if (r->kinds & BIT(PASSWORD) &&
            all->kinds & (BIT(ACCOUNT) | BIT(EMAIL)))
            all->logged = true;
    }
    return j;
}

/* "样图: 康演示, 卡号看图 6217...": a name alone before the row of its line. */
static bool leads(const struct mud_victim_row *name,
                  const struct mud_victim_row *r)
{
    return name->line == r->line && name->sample && name->names == 1 &&
           name->n == 1 && r->names == 0 && !name->seller;
}

static void put(struct mud_victim_look *k, const struct mud_victim_field *f)
{
    unsigned rule = f->masked  ? MUD_RULE_VICTIM_MASKED
                    : f->proof ? MUD_RULE_VICTIM_CHECKSUM
                               : MUD_RULE_VICTIM_RECORD;
    struct mud_entity *e =
        mud_scan_add(k->scan,
                     MUD_ENT_VICTIM_DATA,
                     f->start,
                     f->end,
                     rule,
                     rule == MUD_RULE_VICTIM_RECORD ? 750 : 900);

    e->kind = mud_str_z(mud_victim_kind_name(f->kind));
    mud_scan_claim(k->scan, f->start, f->end);
}

/* Put the fields of a row; those of the seller only with the whole record. */
static void put_row(struct mud_victim_look *k, const struct mud_victim_row *r,
                    bool own)
{
    for (uint32_t j = 0; j < r->n; j++) {
        const struct mud_victim_field *f = &k->fields[r->first + j];

        if (!f->own || own)
            put(k, f);
    }
}

void mud_victim_keep(struct mud_victim_look *k)
{
    size_t i = 0;

    while (i < k->n_rows) {
        struct mud_victim_row all;
        size_t end = block(k, i, &all);

        if (end > i + 1) {
            struct mud_victim_row with = all;

            /* what a cue gives to the seller is the victim's, with the rest */
            with.kinds |= with.own;
            if (all.kinds != 0 && labelled(k, &with, distinct(&with)) &&
                !all.seller && distinct(&all) >= 2) {
                for (; i < end; i++)
                    put_row(k, &k->rows[i], true);
                continue;
            }
            if (is_record(k, &all, false)) {
                for (; i < end; i++)
                    put_row(k, &k->rows[i], false);
                continue;
            }
        }
        for (; i < end; i++) {
            const struct mud_victim_row *r = &k->rows[i];

            if (!r->kinds ||
                !(is_record(k, r, repeated(k, i)) || covered_names(k, r)))
                continue;
            if (i > 0 && leads(r - 1, r))
                put_row(k, r - 1, false);
            put_row(k, r, false);
        }
    }
}
