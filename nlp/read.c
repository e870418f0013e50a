#include "nlp/read.h"

#include <stdlib.h>

#include "base/utf8.h"

#include "nlp/answer.h"
#include "nlp/classify.h"
#include "nlp/contact.h"
#include "nlp/contact_by.h"
#include "nlp/context.h"
#include "nlp/price.h"
#include "nlp/product.h"
#include "nlp/victim.h"
#include "nlp/whose.h"

enum {
    TEXT_MAX = 1 << 20,
    SIDE_MAX = 1 << 16, /* of a signature, link, button */
    SIDES_MAX = 64,
    TOLD_MAX = 128, /* entities of a field that links are compared with */
    AUTHOR_MIN = 5, /* bytes of a name that may hold a contact */
    FEW = 24,       /* entities that are put in order one by one */
    BODY = 0,
    TITLE = 1
};

/* Probability of an offer from which a question may be one after goods. */
static const double ASKED_AT = 0.15;

struct work {
    const struct mud_reader *reader;
    const struct mud_message *message;
    struct mud_arena *arena;
    struct mud_scan *scan; /* [BODY], [TITLE], attachments, then the others */
    size_t n;
    size_t told; /* how many of them tell what is traded */
    struct mud_verdict verdict;
    struct mud_context_post
        asked; /* when it asks for something of the thread */
};

static struct mud_str cut(struct mud_str s, size_t max)
{
    return mud_str_of(s.s, s.n > max ? mud_utf8_cut(s, max) : s.n);
}

static void begin(struct work *w, struct mud_str raw, unsigned field,
                  size_t index, size_t max)
{
    struct mud_scan *s = &w->scan[w->n++];

    s->field = (uint8_t)field;
    s->field_index = (uint16_t)index;
    mud_scan_set(s, w->reader, cut(raw, max), w->arena);
}

/* Is the Chinese of a mixed text written in Traditional characters? */
static bool traditional(const struct mud_scan *s)
{
    uint32_t hant = 0, hans = 0;

    for (size_t at = 0; at < s->fold.raw.n && at < 4096;) {
        uint32_t c = mud_utf8_next(s->fold.raw, &at);

        if (c < 0x3400 || c > 0x9FFF)
            continue;
        hant += mud_fold_hant(s->reader->folder, c) != 0;
        hans += mud_fold_is_hans(s->reader->folder, c);
    }
    return hant > hans;
}

static unsigned currency_of(const struct mud_scan *s)
{
    if (mud_str_eqz(s->lang, "zh-Hant") ||
        (mud_str_eqz(s->lang, "mixed") && traditional(s))) {
        return mud_scan_says(s, "港币") || mud_scan_says(s, "港元")
                   ? MUD_CUR_HKD
                   : MUD_CUR_TWD;
    }
    if (mud_str_eqz(s->lang, "ru"))
        return MUD_CUR_RUB;
    if (mud_str_eqz(s->lang, "en"))
        return MUD_CUR_USD;
    return MUD_CUR_CNY;
}

/* Does an earlier field name the same contact? */
static bool told_before(const struct work *w, size_t scan,
                        const struct mud_entity *e)
{
    for (size_t i = 0; i < scan; i++) {
        const struct mud_scan *s = &w->scan[i];

        for (size_t k = 0; k < s->n_entities && k < TOLD_MAX; k++) {
            if (mud_str_eq(s->entities[k].kind, e->kind) &&
                mud_str_eq(s->entities[k].value, e->value))
                return true;
        }
    }
    return false;
}

/* A link that the text shows is listed once, where it is shown. */
static void drop_told(struct work *w, size_t scan)
{
    struct mud_scan *s = &w->scan[scan];
    size_t n = 0;

    for (size_t k = 0; k < s->n_entities; k++) {
        if (s->entities[k].type == MUD_ENT_VICTIM_DATA ||
            !told_before(w, scan, &s->entities[k]))
            s->entities[n++] = s->entities[k];
    }
    s->n_entities = n;
}

/* A contact in what may have been read wrong is none yet. */
static void doubt(struct mud_scan *s, const struct mud_message *m)
{
    for (size_t i = 0; i < s->n_entities; i++) {
        struct mud_entity *e = &s->entities[i];

        for (size_t k = 0; e->type == MUD_ENT_CONTACT && k < m->n_doubts; k++) {
            const struct mud_doubt *d = &m->doubts[k];

            if (d->attachment == s->field_index && d->at.start < e->at.end &&
                e->at.start < d->at.end)
                e->type = MUD_ENT_CANDIDATE;
        }
    }
}

static void find_contacts(struct work *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct mud_scan *s = &w->scan[i];

        if (s->text.n == 0)
            continue;
        mud_contacts_find(s);
        if (s->field == MUD_IN_ATTACHMENT)
            doubt(s, w->message);
        else if (s->field >= MUD_IN_LINK)
            drop_told(w, i);
    }
}

static void find_products(struct work *w)
{
    for (size_t i = 0; i < w->told; i++)
        mud_products_find(&w->scan[i]);
    if (mud_str_eqz(w->scan[BODY].lang, "und") && w->message->lang.n)
        w->scan[BODY].lang = w->message->lang;
}

static void set_fields(struct work *w)
{
    const struct mud_message *m = w->message;

    w->scan = mud_arena_array(w->arena,
                              4 + m->n_links + m->n_buttons + m->n_attachments,
                              sizeof *w->scan);
    begin(w, m->text, MUD_IN_TEXT, 0, TEXT_MAX);
    begin(w, m->title, MUD_IN_TITLE, 0, SIDE_MAX);
    for (size_t i = 0; i < m->n_attachments && w->n < 2 + SIDES_MAX; i++) {
        if (m->attachments[i].n)
            begin(w, m->attachments[i], MUD_IN_ATTACHMENT, i, SIDE_MAX);
    }
    w->told = w->n;
    if (m->signature.n)
        begin(w, m->signature, MUD_IN_SIGNATURE, 0, SIDE_MAX);
    for (size_t i = 0; i < m->n_links && i < SIDES_MAX; i++)
        begin(w, m->links[i], MUD_IN_LINK, i, SIDE_MAX);
    for (size_t i = 0; i < m->n_buttons && i < SIDES_MAX; i++)
        begin(w, m->buttons[i], MUD_IN_BUTTON, i, SIDE_MAX);
    if (m->author.n >= AUTHOR_MIN)
        begin(w, m->author, MUD_IN_AUTHOR, 0, SIDE_MAX);
}

/* What the messages say by themselves, a step after the other for all. */
static void prepare(struct work *all, size_t n)
{
    struct mud_scan **scans;
    size_t n_scans = 0;

    for (size_t i = 0; i < n; i++) {
        set_fields(&all[i]);
        n_scans += all[i].n;
    }
    scans = mud_arena_array(all->arena, n_scans, sizeof(void *));
    n_scans = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < all[i].n; k++)
            scans[n_scans++] = &all[i].scan[k];
    }
    mud_scan_all(scans, n_scans);
    for (size_t i = 0; i < n_scans; i++) {
        if (scans[i]->text.n)
            mud_victims_find(scans[i]);
    }
    for (size_t i = 0; i < n; i++)
        find_contacts(&all[i]);
    for (size_t i = 0; i < n; i++)
        find_products(&all[i]);
}

double mud_read_features(struct mud_features *features, struct mud_tally *tally,
                         const struct mud_reader *reader,
                         const struct mud_message *message,
                         struct mud_arena *arena)
{
    struct work w = {.reader = reader, .message = message, .arena = arena};
    struct mud_scan *judged[2];

    prepare(&w, 1);
    judged[0] = &w.scan[BODY];
    judged[1] = &w.scan[TITLE];
    mud_tally_count(tally, judged, 2, false);
    features->arena = arena;
    mud_features_find(features, tally, judged, 2);
    return mud_classify_least(tally, judged[0]);
}

static bool unit_fits(const struct work *w, const struct mud_answer *a,
                      const struct mud_context_post *post)
{
    const struct mud_canonical *c = &w->reader->canonicals[post->canonical];

    return (a->units >> c->unit & 1 && c->unit) ||
           (a->units >> c->per & 1 && c->per);
}

/* Does the author go on about an offer of before? A price alone must be by the
 * unit of what was offered: "88 a year" is about something else. */
static bool goes_on(const struct work *w, const struct mud_answer *a,
                    const struct mud_context_post *post)
{
    const struct mud_verdict *v = &w->verdict;

    if (w->message->reply_to.n && (v->evidence > 0 || a->has))
        return true;
    return a->pays || v->contact > 0 ||
           (v->evidence > 0 && (v->wants || a->more || unit_fits(w, a, post)));
}

/* What somebody else's message wants of the post: no direction for nothing. */
static enum mud_direction answers(const struct work *w,
                                  const struct mud_answer *a,
                                  const struct mud_context_post *post)
{
    const struct mud_verdict *v = &w->verdict;
    bool demand = post->asks || post->direction == MUD_DIR_BUY;

    /* what stands by itself below a request need not be about it */
    if (w->message->reply_to.n == 0 && !a->has && !a->number)
        return MUD_DIR_NONE;
    if (demand)
        return a->has || a->number || v->evidence > 0
                   ? (v->wants == MUD_DIR_BUY && !a->has ? MUD_DIR_BUY
                                                         : MUD_DIR_SELL)
                   : MUD_DIR_NONE;
    if (a->wants || v->wants == MUD_DIR_BUY)
        return MUD_DIR_BUY;
    if (v->evidence > 0 || (a->number && w->message->reply_to.n))
        return v->wants == MUD_DIR_SELL ? MUD_DIR_SELL : MUD_DIR_BUY;
    return MUD_DIR_NONE;
}

/* A message without a product of its own may speak of the thread's. */
static void use_context(struct work *w, const struct mud_context *context)
{
    struct mud_verdict *v = &w->verdict;
    struct mud_scan *s = &w->scan[BODY];
    const struct mud_context_post *post;
    struct mud_answer a;
    enum mud_direction side;
    bool same = false;

    /* an offer of goods without a name is one of the thread's goods */
    if (!context || v->product > 2 || v->benign >= 4 || v->accuses ||
        s->n_phrases > 0 || s->text.n == 0)
        return;
    post = mud_context_about(context, w->message, &same);
    if (!post)
        return;
    mud_answer_read(&a, s);
    if (a.asks && !same && v->contact == 0 &&
        !v->is_offer) { /* and may get an answer */
        w->asked = *post;
        w->asked.asks = true;
        w->asked.offer = false;
        return;
    }
    side = !same                  ? answers(w, &a, post)
           : goes_on(w, &a, post) ? (enum mud_direction)post->direction
                                  : MUD_DIR_NONE;
    if (side == MUD_DIR_NONE)
        return;
    v->is_offer = true;
    v->category = (enum mud_category)post->category;
    v->direction = side;
    v->speaks = false;
    v->sure = 600;
    s->fallback =
        (struct mud_phrase){.canonical = post->canonical, .entity = -1};
    s->has_fallback = true;
}

/* A question after goods that is no offer itself, such as "查定位多少". */
static void note_question(struct work *w, const struct mud_context *context)
{
    const struct mud_verdict *v = &w->verdict;
    const struct mud_scan *s = &w->scan[BODY];
    struct mud_answer a;

    /* "查定位多少" may be taken for an offer, but gives no way to reach anybody */
    if (!context || (v->is_offer && v->contact > 0) || s->n_phrases == 0 ||
        v->benign >= 4 || v->accuses || v->offer < ASKED_AT)
        return;
    mud_answer_read(&a, s);
    if (!a.asks)
        return;
    w->asked = (struct mud_context_post){
        .asks = true,
        .canonical = s->phrases[0].canonical,
        .category = (uint8_t)mud_phrase_canonical(s, &s->phrases[0])->category};
}

/* The scan whose words say whose it is. */
static const struct mud_scan *told_in(const struct work *w,
                                      const struct mud_entity *e)
{
    for (size_t i = TITLE; i < w->told; i++) {
        if (w->scan[i].field == e->field &&
            w->scan[i].field_index == e->field_index)
            return &w->scan[i];
    }
    return &w->scan[BODY];
}

static void set_roles(struct work *w, struct mud_entity *e)
{
    if (e->type == MUD_ENT_CONTACT)
        e->role = mud_str_z(mud_contact_role(told_in(w, e), &w->verdict, e));
    if (e->type == MUD_ENT_INDICATOR)
        e->role = mud_str_z(w->verdict.is_offer ? "advertiser" : "mentioned");
    if (e->type == MUD_ENT_PRICE && !w->verdict.is_offer && w->verdict.speaks)
        e->role = MUD_STR("mentioned");
}

struct place { /* an entity and where it came from, for sorting */
    const struct mud_entity *e;
    uint32_t scan, index;
};

static int by_place(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    const struct mud_entity *x = p->e, *y = q->e;

    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->field_index != y->field_index)
        return x->field_index < y->field_index ? -1 : 1;
    if (x->at.start != y->at.start)
        return x->at.start < y->at.start ? -1 : 1;
    if (x->at.end != y->at.end)
        return x->at.end > y->at.end ? -1 : 1;
    return p->index < q->index ? -1 : p->index > q->index;
}

/* Few are sorted as they are put in; who wrote very many gets quicksort. */
static void sort(struct place *all, size_t n)
{
    if (n > FEW) {
        qsort(all, n, sizeof *all, by_place);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct place p = all[i];
        size_t k = i;

        for (; k > 0 && by_place(&p, &all[k - 1]) < 0; k--)
            all[k] = all[k - 1];
        all[k] = p;
    }
}

/* All entities in order, with `of` pointing to where products went. */
static void gather(struct mud_reading *out, struct work *w)
{
    struct place *all;
    struct mud_entity *list;
    size_t n = 0, total = 0;
    int32_t **where;

    for (size_t i = 0; i < w->n; i++)
        total += w->scan[i].n_entities;
    if (total == 0)
        return;
    all = mud_arena_array(w->arena, total, sizeof *all);
    list = mud_arena_array(w->arena, total, sizeof *list);
    where = mud_arena_array(w->arena, w->n, sizeof *where);
    for (size_t i = 0; i < w->n; i++) {
        struct mud_scan *s = &w->scan[i];

        where[i] = mud_arena_array(w->arena, s->n_entities, sizeof *where[i]);
        for (size_t k = 0; k < s->n_entities; k++)
            all[n++] =
                (struct place){&s->entities[k], (uint32_t)i, (uint32_t)k};
    }
    sort(all, n);
    for (size_t i = 0; i < n; i++)
        where[all[i].scan][all[i].index] = (int32_t)i;
    for (size_t i = 0; i < n; i++) {
        list[i] = *all[i].e;
        set_roles(w, &list[i]);
        if (list[i].of >= 0)
            list[i].of = where[all[i].scan][list[i].of];
    }
    out->entities = list;
    out->n_entities = n;
}

static void remember(const struct work *w, struct mud_context *context)
{
    const struct mud_scan *s = &w->scan[BODY];
    const struct mud_verdict *v = &w->verdict;
    struct mud_context_post post = {.category = (uint8_t)v->category,
                                    .direction = (uint8_t)v->direction,
                                    .offer = v->is_offer};

    if (s->n_phrases > 0)
        post.canonical = s->phrases[0].canonical;
    else if (s->has_fallback)
        post.canonical = s->fallback.canonical;
    if (w->asked.asks)
        post = w->asked;
    mud_context_add(context, w->message, post);
}

static void keep_goods(struct work *w)
{
    const struct mud_verdict *v = &w->verdict;

    for (size_t i = 0; i < w->told; i++) {
        struct mud_scan *s = &w->scan[i];

        if (s->text.n == 0 && i != BODY)
            continue;
        s->offer = v->is_offer;
        s->market = v->is_offer || !v->speaks;
        s->job = v->job;
        s->tickets = v->tickets;
        s->direction = v->direction;
        s->benign = v->category == MUD_CAT_BENIGN;
        s->hungry = v->direction == MUD_DIR_BUY || v->wants == MUD_DIR_BUY;
        s->currency = currency_of(&w->scan[w->scan[BODY].text.n ? BODY : i]);
        s->lang = w->scan[BODY].lang;
        if (v->is_offer)
            mud_products_keep(s, v->category);
        else
            s->n_phrases = 0;
    }
}

static void find_prices(struct work *w)
{
    for (size_t i = 0; i < w->told; i++) {
        if (w->scan[i].text.n || i == BODY)
            mud_prices_find(&w->scan[i]);
    }
}

/* By text and title, and by what its pictures say; those come first where
 * there is no text. */
static void judge(struct work *w)
{
    struct mud_scan **judged =
        mud_arena_array(w->arena, w->told, sizeof(void *));
    size_t first = w->message->text.n == 0 && w->told > 2 ? 2 : BODY;

    for (size_t i = 0; i < w->told; i++)
        judged[i] = &w->scan[i];
    judged[BODY] = &w->scan[first];
    judged[first] = &w->scan[BODY];
    if (first != BODY)
        w->scan[BODY].lang = w->scan[first].lang;
    mud_classify(&w->verdict, judged, w->told, w->message->explain);
}

static uint8_t ways_of(const struct work *w)
{
    unsigned ways = 0;

    for (size_t i = BODY; i <= TITLE; i++) {
        if (w->scan[i].text.n)
            ways |= mud_contact_by(&w->scan[i]);
    }
    return (uint8_t)ways;
}

static void tell(struct mud_reading *out, struct work *w)
{
    *out = (struct mud_reading){.lang = w->scan[BODY].lang,
                                .category = w->verdict.category,
                                .direction = w->verdict.direction,
                                .is_offer = w->verdict.is_offer,
                                .sure = (uint16_t)w->verdict.sure,
                                .reasons = w->verdict.reasons,
                                .n_reasons = w->verdict.n_reasons,
                                .from_context = w->scan[BODY].has_fallback};
    if (!w->verdict.accuses &&
        (w->verdict.is_offer || w->verdict.direction != MUD_DIR_NONE))
        out->contact_by = ways_of(w);
    gather(out, w);
}

/* Only what the thread says goes from one message to the next. */
static void read_some(struct mud_reading *out, struct work *all, size_t n,
                      struct mud_context *context)
{
    prepare(all, n);
    for (size_t i = 0; i < n; i++)
        judge(&all[i]);
    for (size_t i = 0; i < n; i++) {
        use_context(&all[i], context);
        note_question(&all[i], context);
        keep_goods(&all[i]);
        if (context)
            remember(&all[i], context);
    }
    for (size_t i = 0; i < n; i++)
        find_prices(&all[i]);
    for (size_t i = 0; i < n; i++)
        tell(&out[i], &all[i]);
}

bool mud_read_all(struct mud_reading *out, const struct mud_reader *reader,
                  const struct mud_message *messages, size_t n,
                  struct mud_context *context, struct mud_arena *arena,
                  struct mud_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (messages[i].text.n > UINT32_MAX / 2)
            return mud_fail(err,
                            MUD_ELIMIT,
                            "message of %zu bytes is too long",
                            messages[i].text.n);
    }
    for (size_t done = 0, some; done < n; done += some) {
        struct work *all;

        some = n - done < MUD_READ_MOST ? n - done : MUD_READ_MOST;
        all = mud_arena_array(arena, some, sizeof *all);
        for (size_t i = 0; i < some; i++) {
            all[i] = (struct work){.reader = reader,
                                   .message = &messages[done + i],
                                   .arena = arena};
        }
        read_some(out + done, all, some, context);
    }
    return true;
}

bool mud_read(struct mud_reading *out, const struct mud_reader *reader,
              const struct mud_message *message, struct mud_context *context,
              struct mud_arena *arena, struct mud_error *err)
{
    return mud_read_all(out, reader, message, 1, context, arena, err);
}
