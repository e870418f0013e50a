/*
 * The files of a folder and of those in it, one after the other, as an archive
 * gives them. Links are not followed and what is no file is passed over, each
 * with a fault; so nothing outside of the folder is read. Internal to parse/.
 */
#ifndef MUD_PARSE_FOLDER_H
#define MUD_PARSE_FOLDER_H

#include "parse/archive.h"

#define MUD_FOLDER_FILES 200000U
#define MUD_FOLDER_DEPTH 16

/*
 * In an order that is the same every time: by name, numbers in it by value
 * ("messages2.html" before "messages10.html"), `fault` as in an archive.
 * MUD_EIO when the folder cannot be read; fails too when a callback does.
 */
MUD_MUST bool mud_folder_each(const char *path,
                              const struct mud_archive_walk *walk,
                              struct mud_error *err);

#endif
