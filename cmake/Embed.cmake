# mud_embed(TARGET SYMBOL FILE...) compiles the files into TARGET as the table
# `const struct mud_embedded SYMBOL[]`, ended by a row whose name is NULL.
# A row's name is the file's name without its folder. See base/embed.h.
function(mud_embed target symbol)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/embed/${symbol}.c")
    set(asm "")
    set(decl "")
    set(rows "")
    set(n 0)
    foreach(file IN LISTS ARGN)
        get_filename_component(path "${file}" ABSOLUTE)
        get_filename_component(name "${file}" NAME)
        set(s "${symbol}_${n}")
        string(APPEND asm "__asm__(\".section .rodata\\n\"\n"
            "        \".balign 64\\n\"\n"
            "        \".global ${s}\\n${s}:\\n\"\n"
            "        \".incbin \\\"${path}\\\"\\n\"\n"
            "        \".global ${s}_end\\n${s}_end:\\n.byte 0\\n\"\n"
            "        \".previous\\n\");\n")
        string(APPEND decl "extern const unsigned char ${s}[], ${s}_end[];\n")
        string(APPEND rows "    {\"${name}\", ${s}, ${s}_end},\n")
        math(EXPR n "${n} + 1")
    endforeach()
    set(text "#include \"base/embed.h\"\n\n${asm}\n${decl}\nextern const struct mud_embedded ${symbol}[];\nconst struct mud_embedded ${symbol}[] = {\n${rows}    {0, 0, 0},\n};\n")
    set(old "")
    if(EXISTS "${out}")
        file(READ "${out}" old)
    endif()
    if(NOT old STREQUAL text)
        file(WRITE "${out}" "${text}")
    endif()
    set_source_files_properties("${out}" PROPERTIES OBJECT_DEPENDS "${ARGN}"
        COMPILE_OPTIONS "-Wno-error")
    target_sources(${target} PRIVATE "${out}")
endfunction()
