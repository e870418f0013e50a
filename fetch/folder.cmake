# Content codings: gzip and deflate by zlib, br by libbrotlidec where present.
pkg_check_modules(BROTLIDEC IMPORTED_TARGET libbrotlidec)
target_link_libraries(mud_fetch PUBLIC PkgConfig::ZLIB)
if(BROTLIDEC_FOUND)
    target_link_libraries(mud_fetch PUBLIC PkgConfig::BROTLIDEC)
    target_compile_definitions(mud_fetch PUBLIC MUD_HAVE_BROTLI)
endif()

# What TLS was spoken, of libcurl's own session (fetch/tls.c).
pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
target_link_libraries(mud_fetch PRIVATE PkgConfig::SSL)

# Stanzas of XMPP (fetch/stanza.c).
target_link_libraries(mud_fetch PRIVATE PkgConfig::EXPAT)
