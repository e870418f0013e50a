#include "web/workbench.h"

#include "web/exposition.h"
#include "web/metrics.h"

#include <stdlib.h>

struct mud_workbench {
    char *home, *dsn;
    struct mud_metrics *metrics;
    struct mud_web_server *server;
};

static void show_metrics(struct mud_web_answer *answer,
                         const struct mud_web_request *request, void *payload)
{
    struct mud_workbench *w = payload;

    (void)request;
    answer->type = MUD_EXPOSITION_TYPE;
    mud_buf_str(&answer->body, mud_metrics_text(w->metrics));
}

static void show_health(struct mud_web_answer *answer,
                        const struct mud_web_request *request, void *payload)
{
    struct mud_workbench *w = payload;
    struct mud_error why = {0};

    (void)request;
    if (mud_metrics_healthy(w->metrics, &why)) {
        mud_buf_z(&answer->body, "ok\n");
        return;
    }
    answer->status = 503;
    mud_buf_printf(&answer->body, "%s\n", why.text);
}

static void show_start(struct mud_web_answer *answer,
                       const struct mud_web_request *request, void *payload);

static const struct mud_web_route routes[] = {
    {"GET", "/", show_start},
    {"GET", "/healthz", show_health},
    {"GET", "/metrics", show_metrics},
    {NULL, NULL, NULL},
};

static void show_start(struct mud_web_answer *answer,
                       const struct mud_web_request *request, void *payload)
{
    (void)request, (void)payload;
    mud_buf_z(&answer->body, "mudlark " MUD_VERSION "\n");
    for (const struct mud_web_route *route = routes; route->path; route++)
        mud_buf_printf(&answer->body, "%s\n", route->path);
}

bool mud_workbench_start(struct mud_workbench **out, const char *listen,
                         const char *home, const char *dsn,
                         struct mud_error *err)
{
    struct mud_workbench *w = mud_calloc(1, sizeof *w);

    w->home = mud_strdup(home);
    w->dsn = mud_strdup(dsn);
    w->metrics = mud_metrics_new(w->home, w->dsn);
    if (!mud_web_serve(&w->server, listen, routes, w, err)) {
        mud_workbench_stop(w);
        return false;
    }
    *out = w;
    return true;
}

void mud_workbench_stop(struct mud_workbench *w)
{
    if (!w)
        return;
    mud_web_end(w->server);
    mud_metrics_free(w->metrics);
    free(w->home);
    free(w->dsn);
    free(w);
}

const char *mud_workbench_url(const struct mud_workbench *w)
{
    return mud_web_url(w->server);
}
