/* The DevTools protocol: JSON messages, each ended by NUL. */
#include "run/browser_inside.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/time.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define MESSAGE_MAX ((size_t)64 << 20)
#define MEMORY_MAX \
    ((int64_t)3 << 30) /* shared pages counted for each process */
#define REQUESTS_MAX 1000
#define BODIES_MAX   ((size_t)64 << 20) /* of all answers to one page */
#define LOOK_US      ((int64_t)200000)  /* between looks at its memory */

struct talk {
    struct mud_browser_process process;
    const struct mud_browser_job *job;
    struct mud_browser_picture *picture;
    struct mud_arena *arena;
    struct mud_error *err;
    struct mud_buf out, in; /* what is to be written; what was read */
    size_t seen;            /* bytes of `in` known to hold no NUL */
    int64_t due, looked;
    int number; /* of the last call */
    char session[128], frame[128];
    bool served, loaded;
    size_t bodies;
};

static void begin(struct talk *t, struct mud_json *json, const char *method)
{
    *json = (struct mud_json){.buf = &t->out};
    mud_json_object(json);
    mud_json_kint(json, "id", ++t->number);
    mud_json_kz(json, "method", method);
    if (t->session[0])
        mud_json_kz(json, "sessionId", t->session);
    mud_json_key(json, "params");
    mud_json_object(json);
}

static void end(struct talk *t, struct mud_json *json)
{
    mud_json_object_end(json);
    mud_json_object_end(json);
    mud_buf_c(&t->out, 0);
}

static bool broke(struct talk *t)
{
    char said[300];

    return mud_fail(t->err,
                    MUD_EIO,
                    "%s: %s",
                    mud_t("the browser broke off", "浏览器中止"),
                    mud_browser_said(said, sizeof(said), &t->process));
}

static bool within(struct talk *t)
{
    int64_t now = mud_monotonic();

    if (now > t->due)
        return mud_fail(
            t->err,
            MUD_ELIMIT,
            mud_t("the page was not drawn within %lld s",
                  "页面未能在 %lld 秒内渲染完成"),
            (long long)((t->job->ms ? t->job->ms : MUD_BROWSER_MS) / 1000));
    if (now - t->looked < LOOK_US)
        return true;
    t->looked = now;
    return mud_browser_memory(&t->process) <= MEMORY_MAX ||
           mud_fail(t->err,
                    MUD_ELIMIT,
                    "%s",
                    mud_t("the page takes more than 3 GB of memory",
                          "页面占用内存超过 3 GB"));
}

static bool send_some(struct talk *t)
{
    ssize_t n = write(t->process.to, t->out.s, t->out.n);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR || broke(t);
    memmove(t->out.s, t->out.s + n, t->out.n - (size_t)n);
    t->out.n -= (size_t)n;
    return true;
}

static bool read_some(struct talk *t)
{
    char *room = mud_buf_room(&t->in, 65536);

    if (!room || t->in.n > MESSAGE_MAX)
        return mud_fail(t->err,
                        MUD_ELIMIT,
                        "%s",
                        mud_t("the picture is larger than 48 MB",
                              "图片超过 48 MB"));
    ssize_t n = read(t->process.from, room, 65536);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR || broke(t);
    if (n == 0)
        return broke(t);
    t->in.n += (size_t)n;
    return true;
}

/* The next message, or NULL (with err unset) when until passed without one. */
static json_t *receive(struct talk *t, int64_t until)
{
    for (;;) {
        const char *nul = t->in.n > t->seen
                              ? memchr(t->in.s + t->seen, 0, t->in.n - t->seen)
                              : NULL;

        if (nul) {
            size_t n = (size_t)(nul - t->in.s);
            json_t *json = mud_json_read(mud_str_of(t->in.s, n), t->err);

            memmove(t->in.s, nul + 1, t->in.n - n - 1);
            t->in.n -= n + 1;
            t->seen = 0;
            return json;
        }
        t->seen = t->in.n;
        struct pollfd fds[] = {{t->process.from, POLLIN, 0},
                               {t->out.n ? t->process.to : -1, POLLOUT, 0}};
        if (mud_monotonic() > until || !within(t))
            return NULL;
        if (poll(fds, 2, 50) < 0 && errno != EINTR) {
            mud_fail_errno(t->err, MUD_EIO, "poll");
            return NULL;
        }
        if ((fds[1].revents && !send_some(t)) ||
            (fds[0].revents && !read_some(t)))
            return NULL;
    }
}

static void refuse(struct talk *t, struct mud_str request, const char *reason)
{
    struct mud_json json;

    t->picture->refused++;
    begin(t, &json, "Fetch.failRequest");
    mud_json_kstr(&json, "requestId", request);
    mud_json_kz(&json, "errorReason", reason);
    end(t, &json);
}

static void header(struct mud_json *json, const char *name,
                   struct mud_str value)
{
    mud_json_object(json);
    mud_json_kz(json, "name", name);
    mud_json_kstr(json, "value", value);
    mud_json_object_end(json);
}

/* A declared type is text of strangers: its plain characters. */
static struct mud_str plain(struct mud_str type, struct mud_arena *arena)
{
    char *out = mud_arena_alloc(arena, type.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < type.n && n < 200; i++)
        if (type.s[i] > ' ' && type.s[i] < 0x7F)
            out[n++] = type.s[i];
    return mud_str_of(out, n);
}

static void fulfil(struct talk *t, struct mud_str request,
                   const struct mud_browser_answer *answer, const char *policy)
{
    struct mud_json json;
    struct mud_buf body = {.max = MESSAGE_MAX};

    t->picture->answered++;
    begin(t, &json, "Fetch.fulfillRequest");
    mud_json_kstr(&json, "requestId", request);
    mud_json_kint(&json, "responseCode", answer->status);
    mud_json_key(&json, "responseHeaders");
    mud_json_array(&json);
    header(&json, "Content-Type", plain(answer->type, t->arena));
    if (answer->location.n)
        header(&json, "Location", answer->location);
    if (policy)
        header(&json, "Content-Security-Policy", mud_str_z(policy));
    header(&json, "Cache-Control", MUD_STR("no-store"));
    header(&json, "Access-Control-Allow-Origin", MUD_STR("*"));
    mud_json_array_end(&json);
    mud_base64_put(&body, answer->body);
    mud_json_kstr(&json, "body", mud_buf_view(&body));
    mud_buf_free(&body);
    end(t, &json);
}

/* Nothing but pictures, styles and fonts, and no script by a second rule. */
static const char *policy_of(const struct mud_browser_job *job)
{
    return job->data_images
               ? "default-src 'none'; img-src http: https: data:; style-src "
                 "http: https: 'unsafe-inline'; font-src http: https: data:; "
                 "sandbox allow-same-origin"
               : "default-src 'none'; img-src http: https:; style-src http: "
                 "https: 'unsafe-inline'; font-src http: https:; sandbox "
                 "allow-same-origin";
}

static void page_asks(struct talk *t, const json_t *params)
{
    struct mud_browser_answer answer = {.status = 200};
    struct mud_str request = mud_json_get_str(params, "requestId");
    struct mud_str kind = mud_json_get_str(params, "resourceType");
    struct mud_str frame = mud_json_get_str(params, "frameId");
    const json_t *asked = json_object_get(params, "request");
    struct mud_str url = mud_json_get_str(asked, "url");
    static const char *const kinds[] = {"Image", "Stylesheet", "Font"};

    if (mud_str_eqz(kind, "Document")) {
        if (t->served || !mud_str_eqz(frame, t->frame)) {
            refuse(t, request, "Aborted"); /* leads away, or is a frame */
            return;
        }
        t->served = true;
        answer.type = t->job->type;
        answer.body = t->job->page;
        fulfil(t, request, &answer, policy_of(t->job));
        return;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!mud_str_eqz(kind, kinds[i]))
            continue;
        if (t->picture->answered < REQUESTS_MAX && t->bodies < BODIES_MAX &&
            t->job->find &&
            t->job->find(&answer, url, kinds[i], t->job->payload)) {
            t->bodies += answer.body.n;
            fulfil(t, request, &answer, NULL);
            return;
        }
    }
    refuse(t, request, "BlockedByClient");
}

static void take_event(struct talk *t, const json_t *message)
{
    struct mud_str method = mud_json_get_str(message, "method");
    const json_t *params = json_object_get(message, "params");

    if (mud_str_eqz(method, "Fetch.requestPaused"))
        page_asks(t, params);
    else if (mud_str_eqz(method, "Page.loadEventFired"))
        t->loaded = t->served;
}

/* The result of the call begun last, in *result (a new reference), or NULL there
 * when the browser says that it failed and may. */
static bool result_of(json_t **result, struct talk *t, const char *what)
{
    int number = t->number;
    bool done = false;

    *result = NULL;
    while (!done) {
        json_t *message = receive(t, INT64_MAX);

        if (!message)
            return false;
        done = mud_json_get_int(message, "id", -1) == number;
        if (done) {
            *result = json_incref(json_object_get(message, "result"));
            const json_t *error = json_object_get(message, "error");
            if (error)
                mud_fail(t->err,
                         MUD_EIO,
                         "%s: %.*s",
                         what,
                         MUD_FMT(mud_json_get_str(error, "message")));
        } else {
            take_event(t, message);
        }
        json_decref(message);
    }
    return t->err->code == MUD_OK;
}

/* A call of which only the success matters. */
static bool done(struct talk *t, struct mud_json *json, const char *what)
{
    json_t *result;

    end(t, json);
    bool good = result_of(&result, t, what);
    json_decref(result);
    return good;
}

static bool plain_call(struct talk *t, const char *method)
{
    struct mud_json json;

    begin(t, &json, method);
    return done(t, &json, method);
}

/* A string of the result, into out. */
static bool ask(struct talk *t, struct mud_json *json, const char *method,
                const char *key, char *out, size_t size)
{
    json_t *result;

    end(t, json);
    bool good = result_of(&result, t, method);
    struct mud_str value = mud_json_get_str(result, key);
    if (good && (!value.n || value.n >= size))
        good = mud_fail(t->err, MUD_EIO, "%s: no %s", method, key);
    if (good)
        snprintf(out, size, "%.*s", MUD_FMT(value));
    json_decref(result);
    return good;
}

static bool open_page(struct talk *t)
{
    struct mud_json json;
    char text[256], target[128];

    begin(t, &json, "Browser.getVersion");
    if (!ask(t, &json, "Browser.getVersion", "product", text, sizeof(text)))
        return false;
    t->picture->renderer = mud_str_dup(mud_str_z(text), t->arena);
    begin(t, &json, "Target.createTarget");
    mud_json_kz(&json, "url", "about:blank");
    mud_json_kint(&json, "width", MUD_BROWSER_WIDTH);
    mud_json_kint(&json, "height", MUD_BROWSER_HEIGHT);
    if (!ask(t, &json, "createTarget", "targetId", target, sizeof(target)))
        return false;
    begin(t, &json, "Target.attachToTarget");
    mud_json_kz(&json, "targetId", target);
    mud_json_kbool(&json, "flatten", true);
    if (!ask(t, &json, "attachToTarget", "sessionId", text, sizeof(text)))
        return false;
    snprintf(
        t->frame, sizeof(t->frame), "%s", target); /* the main frame's id */
    snprintf(t->session, sizeof(t->session), "%.100s", text);
    begin(t, &json, "Emulation.setScriptExecutionDisabled");
    mud_json_kbool(&json, "value", true);
    if (!done(t, &json, "setScriptExecutionDisabled"))
        return false;
    begin(t, &json, "Emulation.setDeviceMetricsOverride");
    mud_json_kint(&json, "width", MUD_BROWSER_WIDTH);
    mud_json_kint(&json, "height", MUD_BROWSER_HEIGHT);
    mud_json_kint(&json, "deviceScaleFactor", 1);
    mud_json_kbool(&json, "mobile", false);
    if (!done(t, &json, "setDeviceMetricsOverride") ||
        !plain_call(t, "Page.enable"))
        return false;
    begin(t, &json, "Fetch.enable");
    mud_json_key(&json, "patterns");
    mud_json_array(&json);
    mud_json_object(&json);
    mud_json_kz(&json, "urlPattern", "*");
    mud_json_object_end(&json);
    mud_json_array_end(&json);
    return done(t, &json, "Fetch.enable");
}

/* Wait for the load to end, or as long as half of the time. */
static bool load(struct talk *t)
{
    struct mud_json json;
    int64_t until = mud_monotonic() + (t->due - mud_monotonic()) / 2;

    begin(t, &json, "Page.navigate");
    mud_json_kstr(&json, "url", t->job->url);
    if (!done(t, &json, "navigate"))
        return false;
    while (!t->loaded) {
        json_t *message = receive(t, until);

        if (!message && t->err->code != MUD_OK)
            return false;
        if (!message)
            break;
        take_event(t, message);
        json_decref(message);
    }
    t->picture->in_time = t->loaded;
    return t->loaded || plain_call(t, "Page.stopLoading");
}

static bool measure(struct talk *t)
{
    struct mud_json json;
    json_t *result;

    begin(t, &json, "Page.getLayoutMetrics");
    end(t, &json);
    if (!result_of(&result, t, "getLayoutMetrics")) {
        json_decref(result);
        return false;
    }
    const json_t *size = json_object_get(result, "cssContentSize");
    double height = json_number_value(json_object_get(size, "height"));
    json_decref(result);
    t->picture->full_height = height < 1      ? 1
                              : height > 1e12 ? (int64_t)1e12
                                              : (int64_t)height;
    t->picture->width = MUD_BROWSER_WIDTH;
    int tall = t->job->tall ? t->job->tall : MUD_BROWSER_TALL;
    t->picture->height =
        (int)(t->picture->full_height > tall ? tall : t->picture->full_height);
    return true;
}

static bool take(struct talk *t)
{
    struct mud_json json;
    struct mud_buf png = {.max = MESSAGE_MAX};
    json_t *result;

    begin(t, &json, "Page.captureScreenshot");
    mud_json_kz(&json, "format", "png");
    mud_json_kbool(&json, "captureBeyondViewport", true);
    mud_json_key(&json, "clip");
    mud_json_object(&json);
    mud_json_kint(&json, "x", 0);
    mud_json_kint(&json, "y", 0);
    mud_json_kint(&json, "width", t->picture->width);
    mud_json_kint(&json, "height", t->picture->height);
    mud_json_kint(&json, "scale", 1);
    mud_json_object_end(&json);
    end(t, &json);
    bool good = result_of(&result, t, "captureScreenshot");
    if (good &&
        (!mud_base64_read(&png, mud_json_get_str(result, "data")) || png.n < 8))
        good = mud_fail(t->err, MUD_EIO, "captureScreenshot: no picture");
    if (good)
        t->picture->png = mud_str_dup(mud_buf_view(&png), t->arena);
    mud_buf_free(&png);
    json_decref(result);
    return good;
}

bool mud_browser_draw(struct mud_browser_picture *out,
                      const struct mud_browser_job *job,
                      struct mud_arena *arena, struct mud_error *err)
{
    int64_t ms = job->ms ? job->ms : MUD_BROWSER_MS;
    struct talk t = {.job = job,
                     .picture = out,
                     .arena = arena,
                     .err = err,
                     .out = {.max = 2 * MESSAGE_MAX},
                     .in = {.max = MESSAGE_MAX + 65536},
                     .due = mud_monotonic() + ms * 1000};

    *out = (struct mud_browser_picture){.width = 0};
    if (!mud_browser_start(&t.process, job->home, err))
        return false;
    out->network_namespace = t.process.network_namespace;
    out->sandbox = t.process.sandbox;
    bool good = open_page(&t) && load(&t) && measure(&t) && take(&t);
    mud_browser_stop(&t.process);
    mud_buf_free(&t.out);
    mud_buf_free(&t.in);
    return good ||
           (err->code == MUD_OK && mud_fail(err, MUD_EIO, "the browser ended"));
}
