/*
 * The workbench's port: its routes and what they share. Today metrics and health;
 * a page is one more row of the table in workbench.c.
 */
#ifndef MUD_WEB_WORKBENCH_H
#define MUD_WEB_WORKBENCH_H

#include "web/server.h"

struct mud_workbench;

/* Serve on listen (server.h). home: of the vault; dsn: of the database, which need
 * not answer yet. Both are copied. */
MUD_MUST bool mud_workbench_start(struct mud_workbench **out,
                                  const char *listen, const char *home,
                                  const char *dsn, struct mud_error *err);
void mud_workbench_stop(struct mud_workbench *workbench); /* NULL is fine */
const char *mud_workbench_url(const struct mud_workbench *workbench);

#endif
