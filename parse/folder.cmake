# Engine descriptions are part of the program: a file in engines/ is enough.
file(GLOB mud_engine_descriptions CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/parse/engines/*.engine")
mud_embed(mud_parse mud_engine_files ${mud_engine_descriptions})
