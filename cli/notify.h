/* A word to systemd, where it started us (sd_notify(3): a datagram to the socket
 * that NOTIFY_SOCKET names; no library is needed). */
#ifndef MUD_CLI_NOTIFY_H
#define MUD_CLI_NOTIFY_H

/* "READY=1", "WATCHDOG=1", "STOPPING=1". Nothing happens when nobody asked. */
void mud_notify(const char *word);

#endif
