# The schema and the statements are compiled in: one program, no files to find.
file(GLOB mud_migrations CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/schema/[0-9]*_*.sql")
file(GLOB mud_queries CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/schema/query/*.sql")
mud_embed(mud_store mud_migrations ${mud_migrations})
mud_embed(mud_store mud_queries ${mud_queries})
mud_embed(mud_store mud_roles "${PROJECT_SOURCE_DIR}/schema/roles.sql")
mud_embed(mud_store mud_citus "${PROJECT_SOURCE_DIR}/schema/citus.sql")
set_source_files_properties(store/migrate.c PROPERTIES
    COMPILE_DEFINITIONS MUD_VERSION="${PROJECT_VERSION}")
