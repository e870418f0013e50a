/* A reader of fold, lexicon (terms.tsv, names.tsv) and segmentation, for tests. */
#ifndef MUD_TESTS_NLP_PARTS_H
#define MUD_TESTS_NLP_PARTS_H

#include "nlp/reader.h"
#include "nlp/tables.h"
#include "tests/support/mudtest.h"

static inline struct mud_reader parts_new(void)
{
    struct mud_reader reader = {0};
    struct mud_error err = {0};
    const struct mud_embedded *terms =
        mud_embedded_find(mud_nlp_tables, "terms.tsv");
    const struct mud_embedded *names =
        mud_embedded_find(mud_nlp_tables, "names.tsv");

    assert_non_null(terms);
    assert_non_null(names);
    assert_ok(mud_folder_new(&reader.folder, &err), &err);
    reader.lexicon = mud_lexicon_new(reader.folder);
    assert_ok(mud_lexicon_add(reader.lexicon,
                              terms->name,
                              mud_embedded_text(terms),
                              MUD_LEX_TERM,
                              &err),
              &err);
    assert_ok(mud_lexicon_add(reader.lexicon,
                              names->name,
                              mud_embedded_text(names),
                              MUD_LEX_NAME,
                              &err),
              &err);
    assert_ok(mud_lexicon_seal(reader.lexicon, &err), &err);
    assert_ok(mud_segmenter_new(&reader.segmenter, reader.lexicon, &err), &err);
    return reader;
}

static inline void parts_free(struct mud_reader *reader)
{
    mud_segmenter_free(reader->segmenter);
    mud_lexicon_free(reader->lexicon);
    mud_folder_free(reader->folder);
}

#endif
