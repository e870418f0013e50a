# The man pages, written by the program itself from its table of commands.
# Names with a blank ("db start") become mudlark-db-start.1.
add_custom_target(man
    COMMAND ${CMAKE_COMMAND} -DMUDLARK=$<TARGET_FILE:mudlark>
        -DOUT=${CMAKE_BINARY_DIR}/man -P ${PROJECT_SOURCE_DIR}/cmake/write-man.cmake
    DEPENDS mudlark
    COMMENT "Writing man pages")
install(TARGETS mudlark)
install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION share/man/man1 OPTIONAL)
