/*
 * The zone that a page says its times are in: "All times are UTC+03:00", "GMT+8,
 * 2026-11-22 10:00", "所有显示的时间为 UTC + 8 小时". Posts do not count, nor lists
 * of zones to choose from.
 */
#ifndef MUD_PARSE_ZONE_SAID_H
#define MUD_PARSE_ZONE_SAID_H

#include "parse/sight.h"

/* "+08:00" for what stands last in the page; empty when it says nothing, or
 * the zone of the description in sight, which tells what nodes are posts. */
struct mud_str mud_zone_said(struct mud_sight *sight);

/* The offset that a text names, in minutes. "[ DST ]" behind it, as phpBB 3.0
 * writes it, adds an hour. False when it names none. */
bool mud_zone_of_text(int *minutes, struct mud_str text);

#endif
