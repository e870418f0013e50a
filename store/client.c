#include "store/client.h"

#include "store/conn.h"
#include "store/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ENV_MAX 400

struct env {
    char *item[ENV_MAX + 1];
    size_t n;
};

static bool put(struct env *env, const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + 2;

    if (env->n == ENV_MAX)
        return false;
    env->item[env->n] = mud_malloc(size);
    (void)snprintf(env->item[env->n++], size, "%s=%s", name, value);
    return true;
}

/* Ours without PG*, then what this connection is made of. */
static bool fill(struct env *env, struct mud_pg *pg)
{
    bool good = true;

    for (char **e = environ; good && *e; e++) {
        if (strncmp(*e, "PG", 2) == 0 || env->n == ENV_MAX)
            continue;
        env->item[env->n++] = mud_strdup(*e);
    }
    PQconninfoOption *options = pg ? PQconninfo(pg->conn) : NULL;
    for (const PQconninfoOption *o = options; good && o && o->keyword; o++)
        if (o->envvar && o->val && *o->val)
            good = put(env, o->envvar, o->val);
    PQconninfoFree(options);
    return good;
}

/* The newest programs will do, unless the server is newer. */
static bool find(char dir[MUD_PATH], struct mud_pg *pg, struct mud_error *err)
{
    int server = pg ? PQserverVersion(pg->conn) / 10000 : 0, found;

    if (server && mud_program_find(dir, &found, server, NULL))
        return true;
    if (!mud_program_find(dir, &found, 0, err))
        return false;
    return found >= server ||
           mud_fail(err,
                    MUD_EMISSING,
                    "the server is postgres %d, the programs in %s are %d: "
                    "install postgresql-client-%d",
                    server,
                    dir,
                    found,
                    server);
}

bool mud_client_run(struct mud_pg *pg, const char *program, const char **argv,
                    const char *log, int64_t ms, struct mud_error *err)
{
    struct mud_program_user self = {.uid = geteuid(), .gid = getegid()};
    char dir[MUD_PATH], path[MUD_PATH + 32];
    struct env env = {.n = 0};
    bool good = false;

    if (pg && !mud_conn_ready(pg, program, err))
        return false;
    if (!find(dir, pg, err))
        return false;
    (void)snprintf(path, sizeof(path), "%s/%s", dir, program);
    (void)snprintf(self.name, sizeof(self.name), "uid %u", (unsigned)self.uid);
    argv[0] = path;
    if (fill(&env, pg)) {
        self.env = (const char *const *)env.item;
        good = mud_program_run(&self, "/", log, argv, ms, err);
    } else {
        (void)mud_fail(
            err, MUD_ELIMIT, "%s: the environment is too large", program);
    }
    for (size_t i = 0; i < env.n; i++)
        free(env.item[i]);
    return good;
}
