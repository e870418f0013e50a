/* Contacts that prove themselves: wallets, keys and hashes. */
#include "nlp/checksum.h"
#include "nlp/contact.h"

enum {
    WHOLE_MIN = 26, /* characters of the shortest wallet */
    KEY_MAX = 128,
    PIECE_MIN = 6, /* characters that a wallet in pieces begins with */
    PARTS_MAX = 4, /* pieces that a wallet may be written in */
    NEAR = 48
};

static bool all_hex(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = (char)(s.s[i] | 0x20);

        if (!mud_digit(s.s[i]) && (c < 'a' || c > 'f'))
            return false;
    }
    return true;
}

static bool proved(struct mud_value *out, unsigned type, struct mud_str value,
                   unsigned sure)
{
    out->type = type;
    out->value = value;
    out->rule = sure >= 900 ? MUD_RULE_CONTACT_WALLET : MUD_RULE_CONTACT_KEY;
    out->sure = sure;
    return true;
}

static bool wallet_like(struct mud_str v)
{
    bool digit = false, upper = false, lower = false;

    if (v.n < 26 || v.n > 62)
        return false;
    for (size_t i = 0; i < v.n; i++) {
        digit |= mud_digit(v.s[i]);
        upper |= v.s[i] >= 'A' && v.s[i] <= 'Z';
        lower |= v.s[i] >= 'a' && v.s[i] <= 'z';
    }
    return digit && upper && lower &&
           (v.s[0] == '1' || v.s[0] == '3' || v.s[0] == 'T');
}

/* What the whole of v is by its own proof. */
static bool proof(struct mud_value *out, struct mud_str v)
{
    bool checked;

    if (mud_is_btc(v))
        return proved(out, MUD_C_BTC, v, 990);
    if (mud_is_tron(v))
        return proved(out, MUD_C_TRON, v, 990);
    if (mud_is_eth(v, &checked))
        return proved(out, MUD_C_ETH, v, checked ? 990 : 920);
    if (mud_is_ltc(v))
        return proved(out, MUD_C_LTC, v, 990);
    if (mud_is_doge(v))
        return proved(out, MUD_C_DOGE, v, 990);
    if (mud_is_xmr(v))
        return proved(out, MUD_C_XMR, v, 990);
    if (mud_is_tox(v))
        return proved(out, MUD_C_TOX, v, 990);
    if (mud_is_session(v))
        return proved(out, MUD_C_SESSION, v, 950);
    return false;
}

/* Does one of these words stand before byte `at`? */
static bool said_before(const struct mud_scan *s, uint32_t at,
                        const char *const *words)
{
    uint32_t from = at > NEAR ? at - NEAR : 0;

    for (; *words; words++) {
        if (mud_scan_word(s, from, at, *words) != MUD_NPOS)
            return true;
    }
    return false;
}

/* A run of at least 26 letters and digits: what it is, or looks like. */
static bool key(struct mud_value *out, struct mud_scan *s, uint32_t start,
                uint32_t end)
{
    /* Solana's addresses have no checksum: a word must say it */
    static const char *const sol[] = {
        "sol:", "sol ", "solana", "phantom", "sol-", NULL};
    static const char *const others[] = {"txid",
                                         "tx:",
                                         "tx hash",
                                         "交易",
                                         "fingerprint",
                                         "指纹",
                                         "pgp",
                                         "commit",
                                         "哈希值:0x",
                                         NULL};
    /* 40 digits are most often a commit */
    static const char *const hashes[] = {"sha1",
                                         "sha-1",
                                         "hash",
                                         "哈希",
                                         "样本",
                                         "sample",
                                         "ioc",
                                         "特征",
                                         "md5",
                                         "sha",
                                         "хеш",
                                         "malware",
                                         NULL};
    struct mud_str v = mud_scan_cased(s, start, end);

    *out = (struct mud_value){.start = start, .end = end};
    if (proof(out, v))
        return true;
    if (mud_is_sol(v) && v.n >= 40 && said_before(s, start, sol))
        return proved(out, MUD_C_SOL, v, 900);
    if ((v.n == 32 || v.n == 40 || v.n == 64) && all_hex(v)) {
        out->indicator = "file_hash";
        out->value = mud_str_lower(v, s->arena);
        out->rule = MUD_RULE_INDICATOR_HASH;
        out->sure = 900;
        return !said_before(s, start, others) &&
               (v.n != 40 || said_before(s, start, hashes));
    }
    if (!wallet_like(v))
        return false;
    out->candidate = true;
    out->type = v.s[0] == 'T' ? MUD_C_TRON : MUD_C_BTC;
    out->value = v;
    out->rule = MUD_RULE_CANDIDATE_CHECKSUM;
    out->sure = 300;
    return true;
}

/* TON writes its addresses in base64url, with "-" and "_" in them. */
static bool ton(struct mud_value *out, struct mud_scan *s, uint32_t start,
                uint32_t end)
{
    uint32_t stop = start;

    while (stop < end &&
           (mud_alnum(s->text.s[stop]) || strchr("-_", s->text.s[stop])))
        stop++;
    if (stop - start != 48)
        return false;
    *out = (struct mud_value){.start = start, .end = stop};
    return mud_is_ton(mud_scan_cased(s, start, stop)) &&
           proved(out, MUD_C_TON, mud_scan_cased(s, start, stop), 990);
}

/* "TAUaHX...Uz Ug1jJ1...": pieces of a wallet with one sign between them; its
 * checksum proves that they belong together. */
static bool in_pieces(struct mud_value *out, struct mud_scan *s, uint32_t start)
{
    char *whole = mud_arena_alloc(s->arena, KEY_MAX);
    size_t n = 0;
    uint32_t i = start;

    for (unsigned part = 0; part < PARTS_MAX; part++) {
        uint32_t stop = i;
        struct mud_str piece;

        while (stop < s->text.n && mud_alnum(s->text.s[stop]) &&
               n + (stop - i) < KEY_MAX)
            stop++;
        if (stop - i < 3 || n + (stop - i) >= KEY_MAX)
            return false;
        piece = mud_scan_cased(s, i, stop);
        memcpy(whole + n, piece.s, piece.n);
        n += piece.n;
        *out = (struct mud_value){.start = start, .end = stop};
        if (part > 0 && n >= WHOLE_MIN && proof(out, mud_str_of(whole, n)) &&
            out->sure >= 990)
            return true;
        if (stop + 1 >= s->text.n || !strchr(" -\n*|.", s->text.s[stop]))
            return false;
        i = stop + 1;
        while (i < s->text.n && s->text.s[i] == ' ' && i - stop < 4)
            i++;
    }
    return false;
}

/* Could a wallet in pieces begin so? Digits in it tell it from words. */
static bool wallet_start(const struct mud_scan *s, uint32_t start, uint32_t end)
{
    bool digit = false;
    uint32_t i = start;

    if (end - start < PIECE_MIN || end - start > 60 ||
        !strchr("t1348ld0b", s->text.s[start]))
        return false;
    for (; i < s->text.n && i - start < WHOLE_MIN + PARTS_MAX; i++) {
        char c = s->text.s[i];

        digit |= mud_digit(c);
        if (!mud_alnum(c) && !strchr(" -\n*|.", c))
            return false;
    }
    return digit;
}

bool mud_contacts_keys(struct mud_scan *s, uint32_t start, uint32_t end)
{
    bool found = false;

    if (end - start < PIECE_MIN)
        return false;
    for (uint32_t i = start; i < end;) {
        uint32_t run = i;
        struct mud_value v, whole;
        bool is;

        while (run < end && mud_alnum(s->text.s[run]))
            run++;
        is = run - i >= WHOLE_MIN && run - i <= KEY_MAX &&
             key(&whole, s, i, run);
        if (!(is && !whole.candidate) &&
            ((run < end && end - i >= 48 && ton(&v, s, i, end)) ||
             (wallet_start(s, i, run) && in_pieces(&v, s, i)))) {
            is = true;
        } else if (is) {
            v = whole;
        }
        if (is) {
            mud_contact_put(s, &v, v.type);
            found = true;
            run = v.end > run ? v.end : run;
        }
        i = run + 1;
    }
    return found;
}
