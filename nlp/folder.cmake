# Two programs make the big tables at build time; the results are embedded, so
# that a start costs nothing. They come before mud_nlp and link only base.
set(lex "${PROJECT_SOURCE_DIR}/nlp/lexicon")
set(made "${PROJECT_BINARY_DIR}/nlp")
file(MAKE_DIRECTORY "${made}")

add_executable(mud_mkdict nlp/tool/mkdict.c nlp/trie.c)
target_link_libraries(mud_mkdict PRIVATE mud_base mud_flags m)
add_custom_command(OUTPUT "${made}/words.trie"
    COMMAND mud_mkdict "${lex}/words.tsv" "${made}/words.trie"
    DEPENDS mud_mkdict "${lex}/words.tsv" VERBATIM)

add_executable(mud_mkfold nlp/tool/mkfold.c)
target_link_libraries(mud_mkfold PRIVATE mud_base mud_flags PkgConfig::ICU)
set(folds "${lex}/glyph.tsv" "${lex}/hant.tsv" "${lex}/variant.tsv"
    "${lex}/homoglyph.tsv" "${lex}/split.tsv" "${lex}/words.tsv")
add_custom_command(OUTPUT "${made}/fold.table"
    COMMAND mud_mkfold ${folds} "${made}/fold.table"
    DEPENDS mud_mkfold ${folds} VERBATIM)

add_executable(mud_mkmend nlp/tool/mkmend.c)
target_link_libraries(mud_mkmend PRIVATE mud_base mud_flags PkgConfig::ICU)
add_custom_command(OUTPUT "${made}/mend.table"
    COMMAND mud_mkmend "${made}/mend.table" DEPENDS mud_mkmend VERBATIM)

# The forms in which terms hide; all tables, since none of them may be one.
add_executable(mud_mkguise nlp/tool/mkguise.c nlp/trie.c)
target_link_libraries(mud_mkguise PRIVATE mud_base mud_flags)
set(guises "${lex}/guise.tsv" "${lex}/sound.tsv")
set(known "")
foreach(table products cues terms platforms units currencies verbs roles
        negation benign neutral hints)
    list(APPEND known "${lex}/${table}.tsv")
endforeach()
add_custom_command(OUTPUT "${made}/guise.trie" "${made}/guise.terms"
        "${made}/guise.gate"
    COMMAND mud_mkguise "${made}/words.trie" ${guises} "${made}/guise" ${known}
    DEPENDS mud_mkguise "${made}/words.trie" ${guises} ${known} VERBATIM)

mud_embed(mud_nlp mud_nlp_tables "${made}/words.trie" "${made}/fold.table"
    "${made}/mend.table"
    "${made}/guise.trie" "${made}/guise.terms" "${made}/guise.gate"
    "${lex}/homoglyph.tsv" "${lex}/split.tsv" "${lex}/terms.tsv"
    "${lex}/common.tsv" "${lex}/model.tsv" "${lex}/names.tsv")

# What the rules of extraction read: products, cues, units, verbs...
set(rules "")
foreach(table products canonicals platforms cues units currencies verbs roles
        negation benign neutral topics hints)
    list(APPEND rules "${lex}/${table}.tsv")
endforeach()
mud_embed(mud_nlp mud_extract_tables ${rules})

# The reader's loops run on every byte that comes in: 5 % faster so. What gcc
# then guesses of null pointers over inlined calls it guesses wrong.
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT MUD_SANITIZE)
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS
        "-O3;-Wno-null-dereference")
endif()
# The model of a message's class is trained by hand (scripts/train), not with
# every build: it reads the corpus with the tables and rules of mud_nlp.
add_executable(mud_train nlp/tool/train.c nlp/tool/learn.c nlp/tool/report.c)
target_link_libraries(mud_train PRIVATE mud_nlp mud_base mud_flags m)
