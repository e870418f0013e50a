#include "image/grey.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef MUD_WITH_TESSERACT
#    include <dlfcn.h>
#    include <tesseract/capi.h>

enum {
    TIME_MS = 20000, /* of one image, before what is read so far counts */
    SURE_MIN = 200,  /* below it, a word is grain or a drawing */
    SIDE_MIN = 16    /* pixels: less holds no text */
};

struct mud_print {
    TessBaseAPI *api;
};

const char *mud_image_text_reader(void)
{
    static char name[32];
    if (!name[0])
        (void)snprintf(name, sizeof(name), "tesseract %s", TessVersion());
    return name;
}

/*
 * It asks for four threads whatever the machine has, which is slower than one
 * and cannot be had where the worker is locked. No level of OpenMP may be
 * active: each region then has one thread.
 */
static void one_thread(void)
{
    void *symbol = dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");
    void (*set)(int) = NULL;
    memcpy(&set, &symbol, sizeof(set));
    if (set)
        set(0);
}

struct mud_print *mud_print_new(const char **why)
{
    static const char *const sets[] = {
        "chi_sim+chi_tra+eng", "chi_sim+eng", "chi_tra+eng", "eng", "chi_sim"};
    TessBaseAPI *api = TessBaseAPICreate();
    one_thread();
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        if (TessBaseAPIInit2(api, NULL, sets[i], OEM_LSTM_ONLY) != 0)
            continue;
        struct mud_print *print = mud_calloc(1, sizeof(*print));
        print->api = api;
        *why = i ? "a language of the recogniser of text is missing "
                   "(chi_sim, chi_tra, eng)"
                 : NULL;
        TessBaseAPISetPageSegMode(api, PSM_SINGLE_COLUMN);
        (void)TessBaseAPISetVariable(api, "debug_file", "/dev/null");
        return print;
    }
    TessBaseAPIDelete(api);
    *why = "the languages of the recogniser of text are missing "
           "(chi_sim, chi_tra, eng)";
    return NULL;
}

void mud_print_free(struct mud_print *print)
{
    if (!print)
        return;
    TessBaseAPIEnd(print->api);
    TessBaseAPIDelete(print->api);
    free(print);
}

struct reading {
    const struct mud_grey *grey;
    TessResultIterator *at;
    struct mud_arena *arena;
    struct mud_image_line *lines;
    size_t n, cap, bytes;
    struct mud_image_word *words; /* of the line under way */
    size_t n_words, cap_words;
    struct mud_buf text; /* of the line under way */
    struct mud_str rest; /* of the form that the recogniser gives it */
};

static bool box_at(const struct reading *r, TessPageIteratorLevel level,
                   struct mud_box *out)
{
    int x0, y0, x1, y1;
    double by = r->grey->scale;
    if (!TessPageIteratorBoundingBox(
            TessResultIteratorGetPageIteratorConst(r->at),
            level,
            &x0,
            &y0,
            &x1,
            &y1) ||
        x0 < 0 || y0 < 0 || x1 <= x0 || y1 <= y0)
        return false;
    *out = (struct mud_box){(uint32_t)(x0 * by),
                            (uint32_t)(y0 * by),
                            (uint32_t)((x1 - x0) * by),
                            (uint32_t)((y1 - y0) * by)};
    return true;
}

/* The recogniser takes every few Han characters for a word, and says in the
 * line's text what stands apart. */
static void put_space(struct reading *r, struct mud_str word)
{
    size_t at = mud_str_find(r->rest, word);

    if (at == MUD_NPOS)
        return;
    if (r->text.n && at > 0 && r->rest.s[at - 1] == ' ')
        mud_buf_c(&r->text, ' ');
    r->rest = mud_str_sub(r->rest, at + word.n, r->rest.n);
}

/* The line's text as the recogniser has it, for its spaces. */
static void begin_line(struct reading *r)
{
    char *raw = TessResultIteratorGetUTF8Text(r->at, RIL_TEXTLINE);
    r->rest = mud_str_dup(mud_str_z(raw), r->arena);
    TessDeleteText(raw);
}

/* Around all words of the line. */
static struct mud_box around(const struct mud_image_word *words, size_t n)
{
    struct mud_box all = {UINT32_MAX, UINT32_MAX, 0, 0};
    uint32_t right = 0, low = 0;

    for (size_t i = 0; i < n; i++) {
        const struct mud_box *box = &words[i].box;
        all.x = box->x < all.x ? box->x : all.x;
        all.y = box->y < all.y ? box->y : all.y;
        right = box->x + box->w > right ? box->x + box->w : right;
        low = box->y + box->h > low ? box->y + box->h : low;
    }
    all.w = right - all.x;
    all.h = low - all.y;
    return all;
}

static void end_line(struct reading *r)
{
    struct mud_str text = mud_buf_view(&r->text);
    if (r->n_words && r->n < MUD_IMAGE_LINES) {
        uint64_t sure = 0;
        for (size_t i = 0; i < r->n_words; i++)
            sure += r->words[i].sure;
        r->lines = mud_arena_grow(
            r->arena, r->lines, &r->cap, r->n, sizeof(*r->lines));
        r->lines[r->n++] =
            (struct mud_image_line){.text = mud_str_dup(text, r->arena),
                                    .box = around(r->words, r->n_words),
                                    .sure = (uint16_t)(sure / r->n_words),
                                    .words = r->words,
                                    .n_words = r->n_words};
        r->bytes += text.n;
    }
    mud_buf_clear(&r->text);
    r->words = NULL;
    r->n_words = r->cap_words = 0;
}

static void take_word(struct reading *r)
{
    struct mud_box box;
    char *raw = TessResultIteratorGetUTF8Text(r->at, RIL_WORD);
    double percent = TessResultIteratorConfidence(r->at, RIL_WORD);
    struct mud_str word = mud_str_trim(mud_str_z(raw));
    int sure = percent < 0 ? 0 : percent > 100 ? 1000 : (int)(percent * 10);

    if (word.n && sure >= SURE_MIN && box_at(r, RIL_WORD, &box)) {
        word = mud_utf8_clean(mud_str_dup(word, r->arena), r->arena, NULL);
        put_space(r, word);
        r->words = mud_arena_grow(
            r->arena, r->words, &r->cap_words, r->n_words, sizeof(*r->words));
        r->words[r->n_words++] = (struct mud_image_word){
            .at = {(uint32_t)r->text.n, (uint32_t)(r->text.n + word.n)},
            .box = box,
            .sure = (uint16_t)sure,
        };
        mud_buf_str(&r->text, word);
    }
    TessDeleteText(raw);
}

static void take_all(struct reading *r, bool *cut)
{
    do {
        if (TessPageIteratorIsAtBeginningOf(
                TessResultIteratorGetPageIterator(r->at), RIL_TEXTLINE)) {
            end_line(r);
            begin_line(r);
        }
        if (r->n >= MUD_IMAGE_LINES || r->bytes >= MUD_IMAGE_TEXT) {
            *cut = true;
            break;
        }
        take_word(r);
    } while (TessResultIteratorNext(r->at, RIL_WORD));
    end_line(r);
}

size_t mud_print_read(const struct mud_image_line **out, bool *cut,
                      struct mud_print *print, const struct mud_grey *grey,
                      struct mud_arena *arena)
{
    struct reading r = {.grey = grey, .arena = arena};
    ETEXT_DESC *monitor;

    *out = NULL;
    *cut = false;
    if (grey->w < SIDE_MIN || grey->h < SIDE_MIN)
        return 0;
    monitor = TessMonitorCreate();
    TessMonitorSetDeadlineMSecs(monitor, TIME_MS);
    TessBaseAPISetImage(
        print->api, grey->at, (int)grey->w, (int)grey->h, 1, (int)grey->w);
    *cut = TessBaseAPIRecognize(print->api, monitor) != 0;
    r.at = TessBaseAPIGetIterator(print->api);
    if (r.at)
        take_all(&r, cut);
    TessResultIteratorDelete(r.at);
    TessMonitorDelete(monitor);
    TessBaseAPIClear(print->api);
    mud_buf_free(&r.text);
    *out = r.lines;
    return r.n;
}
#else
const char *mud_image_text_reader(void)
{
    return NULL;
}

struct mud_print *mud_print_new(const char **why)
{
    *why = "this program was built without a recogniser of text";
    return NULL;
}

void mud_print_free(struct mud_print *print)
{
    (void)print;
}

size_t mud_print_read(const struct mud_image_line **out, bool *cut,
                      struct mud_print *print, const struct mud_grey *grey,
                      struct mud_arena *arena)
{
    (void)print;
    (void)grey;
    (void)arena;
    *out = NULL;
    *cut = false;
    return 0;
}
#endif
