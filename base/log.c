#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"

#define TEXT_MAX 4000

static struct {
    atomic_int most;
    bool json;
    int fd;
    pthread_mutex_t lock;
} sink = {.most = MUD_LOG_WARN,
          .fd = STDERR_FILENO,
          .lock = PTHREAD_MUTEX_INITIALIZER};

void mud_log_setup(enum mud_level most, bool json, int fd)
{
    pthread_mutex_lock(&sink.lock);
    sink.json = json;
    sink.fd = fd;
    atomic_store(&sink.most, (int)most);
    pthread_mutex_unlock(&sink.lock);
}

static const char *level_name(enum mud_level level)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};

    return names[level];
}

static void line_json(struct mud_buf *line, enum mud_level level,
                      const char *about, struct mud_str text)
{
    struct mud_json json = {.buf = line};
    char when[MUD_TIME_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "time", mud_time_text(when, mud_now(), true));
    mud_json_kz(&json, "level", level_name(level));
    if (about)
        mud_json_kz(&json, "about", about);
    mud_json_kstr(&json, "text", text);
    mud_json_object_end(&json);
    mud_buf_c(line, '\n');
}

static void line_text(struct mud_buf *line, enum mud_level level,
                      const char *about, struct mud_str text)
{
    char when[MUD_TIME_TEXT];

    mud_buf_printf(line,
                   "%s %-5s ",
                   mud_time_text(when, mud_now(), false),
                   level_name(level));
    if (about)
        mud_buf_printf(line, "[%s] ", about);
    mud_buf_str(line, text);
    mud_buf_c(line, '\n');
}

static void event_json(struct mud_buf *line, const char *event,
                       struct mud_str source,
                       const struct mud_log_count *counts, size_t n,
                       struct mud_str text, enum mud_level level)
{
    struct mud_json json = {.buf = line};
    char when[MUD_TIME_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "time", mud_time_text(when, mud_now(), true));
    mud_json_kz(&json, "level", level_name(level));
    mud_json_kstr(&json, "source", source);
    mud_json_kz(&json, "event", event);
    mud_json_key(&json, "counts");
    mud_json_object(&json);
    for (size_t i = 0; i < n; i++)
        mud_json_kint(&json, counts[i].name, counts[i].n);
    mud_json_object_end(&json);
    if (text.n)
        mud_json_kstr(&json, "text", text);
    mud_json_object_end(&json);
    mud_buf_c(line, '\n');
}

static void event_text(struct mud_buf *line, const char *event,
                       struct mud_str source,
                       const struct mud_log_count *counts, size_t n,
                       struct mud_str text, enum mud_level level)
{
    char when[MUD_TIME_TEXT];

    mud_buf_printf(line,
                   "%s %-5s [%.*s] %s",
                   mud_time_text(when, mud_now(), false),
                   level_name(level),
                   MUD_FMT(source),
                   event);
    if (text.n)
        mud_buf_printf(line, ": %.*s", MUD_FMT(text));
    for (size_t i = 0; i < n; i++)
        mud_buf_printf(line,
                       "%s%s %lld",
                       i || text.n ? ", " : ": ",
                       counts[i].name,
                       (long long)counts[i].n);
    mud_buf_c(line, '\n');
}

/* One write a line, so lines of several processes do not mix. */
static void write_line(struct mud_str line)
{
    while (line.n) {
        ssize_t n = write(sink.fd, line.s, line.n);

        if (n <= 0)
            return;
        line = mud_str_sub(line, (size_t)n, line.n);
    }
}

void mud_log(enum mud_level level, const char *about, const char *fmt, ...)
{
    char text[TEXT_MAX];
    char name[200];
    struct mud_buf line = {.max = (size_t)8 * TEXT_MAX};
    va_list ap;
    size_t n;

    if ((int)level > atomic_load(&sink.most))
        return;
    va_start(ap, fmt);
    if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
        text[0] = '\0';
    va_end(ap);
    n = mud_utf8_whole(mud_str_z(text));
    mud_utf8_plain(text, n);
    if (about) {
        snprintf(name, sizeof(name), "%s", about);
        name[mud_utf8_whole(mud_str_z(name))] = '\0';
        mud_utf8_plain(name, strlen(name));
        about = name;
    }
    pthread_mutex_lock(&sink.lock);
    if (sink.json)
        line_json(&line, level, about, mud_str_of(text, n));
    else
        line_text(&line, level, about, mud_str_of(text, n));
    write_line(mud_buf_view(&line));
    pthread_mutex_unlock(&sink.lock);
    mud_buf_free(&line);
}

bool mud_log_is_json(void)
{
    pthread_mutex_lock(&sink.lock);
    bool json = sink.json;
    pthread_mutex_unlock(&sink.lock);
    return json;
}

void mud_log_event(enum mud_level level, struct mud_str source,
                   const char *event, const struct mud_log_count *counts,
                   size_t n, struct mud_str text)
{
    struct mud_buf line = {.max = (size_t)8 * TEXT_MAX};
    char name[200], words[TEXT_MAX];

    if ((int)level > atomic_load(&sink.most))
        return;
    /* a stranger's words lose what a terminal would obey */
    snprintf(name, sizeof name, "%.*s", MUD_FMT(source));
    name[mud_utf8_whole(mud_str_z(name))] = '\0';
    mud_utf8_plain(name, strlen(name));
    snprintf(words, sizeof words, "%.*s", MUD_FMT(text));
    words[mud_utf8_whole(mud_str_z(words))] = '\0';
    mud_utf8_plain(words, strlen(words));
    pthread_mutex_lock(&sink.lock);
    (sink.json ? event_json : event_text)(
        &line, event, mud_str_z(name), counts, n, mud_str_z(words), level);
    write_line(mud_buf_view(&line));
    pthread_mutex_unlock(&sink.lock);
    mud_buf_free(&line);
}
