target_compile_definitions(mud_evidence PRIVATE MUD_VERSION="${PROJECT_VERSION}")
