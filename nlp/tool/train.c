/*
 * train OUT CORPUS...: the model of a message's class from texts with known
 * classes: .tsv (category, direction, text; "\n" is a line end) or .jsonl in
 * the gold format. Also:
 *     train --report CORPUS...          figures of a cross-validation
 *     train --against FILE CORPUS...    figures on texts that were not learnt
 * The same corpus and tables give the same bytes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/json.h"
#include "nlp/read.h"
#include "nlp/reader.h"
#include "nlp/rules.h"
#include "nlp/tool/learn.h"
#include "nlp/tool/report.h"
#include "nlp/tool/slurp.h"

enum {
    LEAST = 2, /* texts that a feature must be in */
    TOP_BIT = 31
};

struct name {   /* of a feature */
    char *text; /* "kind\ttext" */
    uint32_t count, id;
};

struct kept { /* a feature that is in enough texts */
    struct name *name;
};

struct corpus {
    struct mud_reader *reader;
    struct mud_arena *arena;
    struct example *examples;
    size_t n, cap;

    struct name *names;
    size_t n_names, cap_names;
    uint32_t *slots;
    size_t n_slots;
    uint32_t *mine; /* features of the text at hand */
    size_t n_mine, cap_mine;
    bool words_only;        /* leave out what the rules say */
    struct mud_sha256 *sha; /* of the files */
};

static uint32_t *slot_of(struct corpus *c, struct mud_str name)
{
    size_t at = mud_hash64(name.s, name.n) & (c->n_slots - 1);

    while (c->slots[at] && !mud_str_eqz(name, c->names[c->slots[at] - 1].text))
        at = (at + 1) & (c->n_slots - 1);
    return &c->slots[at];
}

static void more_slots(struct corpus *c)
{
    free(c->slots);
    c->n_slots = c->n_slots ? c->n_slots * 2 : 4096;
    c->slots = mud_calloc(c->n_slots, sizeof *c->slots);
    for (size_t i = 0; i < c->n_names; i++)
        *slot_of(c, mud_str_z(c->names[i].text)) = (uint32_t)i + 1;
}

static void collect(void *to, unsigned kind, struct mud_str text)
{
    struct corpus *c = to;
    struct mud_str name;
    uint32_t *slot, id;

    if (c->words_only && kind >= MUD_F_RULES)
        return;
    if (text.n == 0)
        return;
    name = mud_str_printf(
        c->arena, "%s\t%.*s", mud_feature_kind_name(kind), MUD_FMT(text));
    if (c->n_names * 2 >= c->n_slots)
        more_slots(c);
    slot = slot_of(c, name);
    if (*slot == 0) {
        c->names =
            mud_grow(c->names, &c->cap_names, c->n_names, sizeof *c->names);
        c->names[c->n_names++] =
            (struct name){.text = mud_str_cstr(name, c->arena)};
        *slot = (uint32_t)c->n_names;
    }
    id = *slot - 1;
    for (size_t i = 0; i < c->n_mine; i++) {
        if (c->mine[i] == id)
            return;
    }
    c->mine = mud_grow(c->mine, &c->cap_mine, c->n_mine, sizeof *c->mine);
    c->mine[c->n_mine++] = id;
    c->names[id].count++;
}

static void set_labels(struct example *e, enum mud_category category,
                       enum mud_direction direction)
{
    bool illicit = category != MUD_CAT_BENIGN;
    bool offer = illicit && direction != MUD_DIR_NONE;

    e->label[0] = offer     ? MUD_STATE_OFFER
                  : illicit ? MUD_STATE_STOPPED
                            : MUD_STATE_BENIGN;
    e->label[1] =
        illicit ? (uint8_t)(category - MUD_CAT_BOTS) : (uint8_t)NO_LABEL;
    e->label[2] =
        offer ? (uint8_t)(direction - MUD_DIR_SELL) : (uint8_t)NO_LABEL;
    e->label[3] = illicit ? (uint8_t)NO_LABEL : (uint8_t)direction;
}

static bool direction_of(struct mud_str name, enum mud_direction *out)
{
    for (unsigned d = MUD_DIR_NONE; d <= MUD_DIR_RECRUIT; d++) {
        if (mud_str_eqz(name, mud_direction_name((enum mud_direction)d))) {
            *out = (enum mud_direction)d;
            return true;
        }
    }
    return false;
}

static void add_example(struct corpus *c, struct mud_str text,
                        enum mud_category category,
                        enum mud_direction direction)
{
    struct mud_message message = {.text = text};
    struct mud_features features = {.collect = collect, .to = c};
    struct mud_tally tally;
    struct mud_arena *arena = mud_arena_new();
    struct example *e;
    uint32_t *list;
    double least;

    c->examples = mud_grow(c->examples, &c->cap, c->n, sizeof *c->examples);
    e = &c->examples[c->n++];
    *e = (struct example){.text = text};
    c->n_mine = 0;
    least = mud_read_features(&features, &tally, c->reader, &message, arena);
    set_labels(e, category, direction);
    list = mud_arena_array(c->arena, c->n_mine, sizeof *list);
    if (c->n_mine)
        memcpy(list, c->mine, c->n_mine * sizeof *list);
    e->features = list;
    e->n = c->n_mine;
    /* near copies should fall into one part: by the first characters */
    e->part = (uint8_t)(mud_hash64(text.s, text.n < 24 ? text.n : 24) % PARTS);
    e->rules_state = (uint8_t)tally.state;
    e->rules_category = (uint8_t)tally.category_by_rules;
    e->rules_side = (uint8_t)tally.side;
    e->rules_talk = (uint8_t)tally.talk;
    e->consent = (uint8_t)tally.consent;
    e->least = least;
    mud_arena_free(arena);
}

static struct mud_str unescaped(struct mud_str cell, struct mud_arena *arena)
{
    char *out = mud_arena_alloc(arena, cell.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < cell.n; i++) {
        char ch = cell.s[i];

        if (ch == '\\' && i + 1 < cell.n && cell.s[i + 1] == 'n') {
            ch = '\n';
            i++;
        }
        out[n++] = ch;
    }
    return mud_str_of(out, n);
}

static bool read_tsv(struct corpus *c, struct mud_str text,
                     struct mud_error *err)
{
    struct mud_tsv tsv = {.rest = text};
    struct mud_str f[3];
    size_t fields;

    while (mud_tsv_next(&tsv, f, 3, &fields)) {
        enum mud_category category;
        enum mud_direction direction;

        if (fields < 3 || !mud_category_of(f[0], &category) ||
            !direction_of(f[1], &direction))
            return mud_fail(err, MUD_EINPUT, "line %u: bad row", tsv.line);
        add_example(c, unescaped(f[2], c->arena), category, direction);
    }
    return true;
}

static bool read_json(struct corpus *c, struct mud_str text,
                      struct mud_error *err)
{
    struct mud_str line;

    for (unsigned n = 1; mud_str_line(&text, &line); n++) {
        json_t *row;
        enum mud_category category;
        enum mud_direction direction;
        bool ok;

        if (line.n == 0)
            continue;
        row = mud_json_read(line, err);
        if (!row)
            return mud_fail_in(err, "line %u", n);
        ok = mud_category_of(mud_json_get_str(row, "category"), &category) &&
             direction_of(mud_json_get_str(row, "direction"), &direction);
        if (ok)
            add_example(c,
                        mud_str_dup(mud_json_get_str(row, "text"), c->arena),
                        category,
                        direction);
        json_decref(row);
        if (!ok)
            return mud_fail(err, MUD_EINPUT, "line %u: bad row", n);
    }
    return true;
}

static bool read_file(struct corpus *c, const char *path, struct mud_error *err)
{
    struct mud_str text;
    bool ok;

    if (!mud_file_read(&text, path, (size_t)64 << 20, c->arena, err))
        return false;
    mud_sha256_add(c->sha, text.s, text.n);
    ok = mud_str_ends(mud_str_z(path), MUD_STR(".jsonl"))
             ? read_json(c, text, err)
             : read_tsv(c, text, err);
    return ok || mud_fail_in(err, "%s", path);
}

static int by_text(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    return strcmp(x->name->text, y->name->text);
}

/*
 * Number the features that are in enough of the first n texts by their names,
 * and take the others out of the examples. Returns how many; *order is theirs.
 */
static size_t keep_common(struct corpus *c, size_t n, struct kept **order)
{
    struct kept *list = mud_arena_array(c->arena, c->n_names + 1, sizeof *list);
    size_t kept = 0;

    for (size_t i = 0; i < c->n_names; i++)
        c->names[i].count = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < c->examples[i].n; k++)
            c->names[c->examples[i].features[k]].count++;
    }
    for (size_t i = 0; i < c->n_names; i++) {
        if (c->names[i].count >= LEAST)
            list[kept++].name = &c->names[i];
    }
    if (kept > 0)
        qsort(list, kept, sizeof list[0], by_text);
    for (size_t i = 0; i < kept; i++)
        list[i].name->id = (uint32_t)i;
    for (size_t i = 0; i < c->n; i++) {
        struct example *e = &c->examples[i];
        uint32_t *out = mud_arena_array(c->arena, e->n, sizeof *out);
        size_t m = 0;

        for (size_t k = 0; k < e->n; k++) {
            const struct name *name = &c->names[e->features[k]];

            if (name->count >= LEAST)
                out[m++] = name->id;
        }
        e->features = out;
        e->n = m;
    }
    *order = list;
    return kept;
}

/* What the model rests on: the tables and the corpus. */
static void write_digest(struct mud_buf *out, struct corpus *c)
{
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];

    mud_lexicon_digest(c->reader->lexicon, digest);
    mud_sha256_add(c->sha, digest, sizeof digest);
    mud_sha256_end(c->sha, digest);
    mud_buf_printf(out,
                   "# of tables and corpus %d-%.16s\n",
                   MUD_RULES_VERSION,
                   mud_hex(hex, digest, sizeof digest));
}

static void write_model(struct mud_buf *out, const struct learner *l,
                        const struct kept *names, const struct findings *f)
{
    findings_write(out, f);
    for (size_t i = 0; i < l->n_features; i++) {
        bool any = false;

        for (unsigned o = 0; o < MUD_OUTPUTS; o++) {
            long value = lround(l->w[i][o] * 1000);

            if (value == 0)
                continue;
            if (!any)
                mud_buf_printf(out, "%s\t", names[i].name->text);
            mud_buf_printf(
                out, "%s%s=%ld", any ? " " : "", mud_output_name(o), value);
            any = true;
        }
        if (any)
            mud_buf_c(out, '\n');
    }
}

static void write_table(struct mud_buf *out, struct corpus *c,
                        const struct learner *l, const struct kept *names,
                        const struct findings *f)
{
    mud_buf_z(out,
              "# Made by scripts/train; do not edit. kind, text, weights in "
              "thousandths\n");
    write_digest(out, c);
    mud_buf_z(out, "# kind\ttext\tweights\n");
    write_model(out, l, names, f);
}

static bool run(struct corpus *c, int argc, char **argv, struct mud_error *err)
{
    bool report = strcmp(argv[1], "--report") == 0;
    bool against = strcmp(argv[1], "--against") == 0;
    int first = against ? 3 : 2;
    size_t learnt, n;
    struct kept *names;
    struct findings findings = {0};
    struct learner l;
    struct mud_buf buf = {0};
    bool ok = true;

    for (int i = first; i < argc; i++) {
        if (!read_file(c, argv[i], err))
            return false;
    }
    learnt = c->n;
    if (against && !read_file(c, argv[2], err))
        return false;
    n = keep_common(c, learnt, &names);
    cross_validate(&findings, c->examples, learnt, n);
    learner_new(&l, n);
    learn(&l, c->examples, learnt, NO_LABEL);
    if (report)
        findings_print(&findings, &l, c->examples, learnt);
    else if (against)
        figures_print(&findings, &l, c->examples + learnt, c->n - learnt);
    else
        write_table(&buf, c, &l, names, &findings);
    learner_free(&l);
    findings_free(&findings);
    if (!report && !against)
        ok = save(argv[1], mud_buf_view(&buf), err);
    mud_buf_free(&buf);
    return ok;
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};
    struct corpus c = {0};
    bool ok;

    if (argc < 3 || (strcmp(argv[1], "--against") == 0 && argc < 4)) {
        (void)fprintf(stderr,
                      "usage: train OUT|--report|--against FILE CORPUS...\n");
        return 2;
    }
    c.words_only = getenv("MUD_TRAIN_WORDS_ONLY") != NULL;
    c.arena = mud_arena_new();
    c.sha = mud_sha256_new();
    ok = mud_reader_new(&c.reader, NULL, &err) && run(&c, argc, argv, &err);
    if (!ok)
        (void)fprintf(stderr, "train: %s\n", err.text);
    mud_reader_free(c.reader);
    mud_sha256_free(c.sha);
    mud_arena_free(c.arena);
    free(c.examples);
    free(c.names);
    free(c.slots);
    free(c.mine);
    return ok ? 0 : 1;
}
