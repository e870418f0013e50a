target_compile_definitions(mud_run PRIVATE MUD_VERSION="${PROJECT_VERSION}")
