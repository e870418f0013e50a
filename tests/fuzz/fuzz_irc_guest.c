/*
 * A server of any kind: whatever it sends, the guest says only what it may say,
 * a line at a time, and never a word to a channel or a person.
 */
#include <stdint.h>
#include <stdlib.h>

#include "fetch/irc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_say(struct mud_str line, struct mud_str shown, void *payload)
{
    static const char *const may[] = {
        "CAP ",
        "NICK ",
        "USER ",
        "PASS [withheld]",
        "AUTHENTICATE ",
        "JOIN #c",
        "JOIN #d",
        "PART ",
        "PING :",
        "PONG :",
        "CHATHISTORY ",
        "PRIVMSG NickServ :IDENTIFY [withheld]",
        "PRIVMSG NickServ :GHOST guest [withheld]",
        "QUIT"};
    size_t *said = payload;

    if (line.n < 3 || line.n > 512 || line.s[line.n - 2] != '\r' ||
        line.s[line.n - 1] != '\n' ||
        mud_str_chr(mud_str_sub(line, 0, line.n - 2), '\n') != MUD_NPOS ||
        mud_str_chr(mud_str_sub(line, 0, line.n - 2), '\r') != MUD_NPOS ||
        !mud_str_starts_among(shown, may, sizeof may / sizeof *may) ||
        ++*said > 100000)
        abort();
}

static void on_event(const struct mud_irc_event *event, void *payload)
{
    (void)event;
    (void)payload;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct mud_irc_room rooms[] = {
        {.name = {"#c", 2}, .since = 1}, {.name = {"#d", 2}, .key = {"k", 1}}};
    size_t said = 0;
    struct mud_irc_options options = {.nick = MUD_STR("guest"),
                                      .server_password = MUD_STR("pass-word"),
                                      .sasl_password = MUD_STR("sasl-word"),
                                      .nickserv_password = MUD_STR("serv-word"),
                                      .rooms = rooms,
                                      .n_rooms = 2,
                                      .rejoin = true,
                                      .say = on_say,
                                      .event = on_event,
                                      .payload = &said};
    struct mud_str rest = mud_str_of((const char *)data, size), line;
    struct mud_irc *irc;
    int64_t now = INT64_C(1795532400000000);

    if (!mud_irc_new(&irc, &options, NULL))
        abort();
    mud_irc_begin(irc, now);
    while (rest.n && mud_str_cut(&rest, '\n', &line)) {
        now += MUD_SECOND;
        (void)mud_irc_approved(irc, line);
        if (!mud_irc_hear(irc, line, now, NULL) ||
            !mud_irc_tick(irc, now, NULL))
            break;
        (void)mud_irc_settled(irc);
    }
    mud_irc_free(irc);
    return 0;
}
