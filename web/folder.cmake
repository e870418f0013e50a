target_compile_definitions(mud_web PRIVATE MUD_VERSION="${PROJECT_VERSION}")
target_link_libraries(mud_web PRIVATE Threads::Threads m)
