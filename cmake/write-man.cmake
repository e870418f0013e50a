file(MAKE_DIRECTORY "${OUT}")
execute_process(COMMAND ${MUDLARK} help --man OUTPUT_FILE "${OUT}/mudlark.1"
    COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${MUDLARK} help --names OUTPUT_VARIABLE names
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" names "${names}")
foreach(name IN LISTS names)
    string(REPLACE " " "-" file "${name}")
    string(REPLACE " " ";" words "${name}")
    execute_process(COMMAND ${MUDLARK} help --man ${words}
        OUTPUT_FILE "${OUT}/mudlark-${file}.1" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
