/*
 * A picture of a page, drawn by Chromium without a network: every request of the
 * page is answered here, from what the caller holds, or refused. The browser is
 * another process with a fresh profile, as an unprivileged user, with scripts off,
 * and with limits of time, memory and files; it is gone when the call returns.
 * Spoken to by the DevTools protocol through a pipe (no port is opened).
 *
 * No network: a namespace without one where the system allows it, and in any case a
 * seccomp filter that gives no sockets; where there is neither, nothing is drawn.
 */
#ifndef MUD_RUN_BROWSER_H
#define MUD_RUN_BROWSER_H

#include "base/str.h"

#define MUD_BROWSER_WIDTH  1280  /* CSS pixels, one device pixel each */
#define MUD_BROWSER_HEIGHT 900   /* of the window; pages are drawn whole */
#define MUD_BROWSER_TALL   15000 /* what is below is cut off, and said */
#define MUD_BROWSER_MOST   16384 /* what a picture may have at all */
#define MUD_BROWSER_MS     45000

struct mud_browser_answer {
    struct mud_str type; /* Content-Type */
    struct mud_str body;
    struct mud_str location; /* of a redirect, or empty */
    int status;              /* 200; of a redirect: 3xx */
};

struct mud_browser_job {
    const char *home;    /* MUDLARK_HOME: hidden from the browser */
    struct mud_str url;  /* under which the page stands: http or https */
    struct mud_str page; /* HTML or text in UTF-8 */
    struct mud_str type; /* "text/html" */
    bool data_images;    /* pictures within the page itself are drawn */
    int64_t ms;          /* 0: MUD_BROWSER_MS */
    int tall;            /* most height; 0: MUD_BROWSER_TALL */
    /* What the page asks for: false, it is not there. kind: "Image",
     * "Stylesheet", "Font"; nothing else is asked. Valid until the next call. */
    bool (*find)(struct mud_browser_answer *out, struct mud_str url,
                 const char *kind, void *payload);
    void *payload;
};

struct mud_browser_picture {
    struct mud_str png;      /* in arena */
    struct mud_str renderer; /* "HeadlessChrome/156.0.8078.79" */
    int width, height;       /* of the picture */
    int64_t full_height;     /* of the page */
    bool in_time;            /* false: it was still loading when it was drawn */
    bool network_namespace;  /* else the seccomp filter alone */
    bool sandbox;            /* the browser's own, between it and its pages */
    int answered, refused;   /* requests of the page */
};

/* MUDLARK_CHROMIUM, or the first of the usual names in PATH. MUD_EMISSING says what
 * to install. */
MUD_MUST bool mud_browser_find(char *path, size_t size, struct mud_error *err);

/* MUD_EMISSING: no Chromium; MUD_EDENIED: it cannot be held here as it must be;
 * MUD_ELIMIT: too much time, memory or picture; MUD_EIO: it broke off. */
MUD_MUST bool mud_browser_draw(struct mud_browser_picture *out,
                               const struct mud_browser_job *job,
                               struct mud_arena *arena, struct mud_error *err);

#endif
