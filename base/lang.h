/*
 * Messages in two languages, side by side where they are used:
 *     printf(mud_t("%d posts\n", "%d 条帖子\n"), n);
 * The language is set once at start from LC_ALL, LC_MESSAGES or LANG: zh* is
 * Chinese, all else English. gettext would need generated locales that a bare
 * machine lacks. The compiler checks both formats.
 */
#ifndef MUD_BASE_LANG_H
#define MUD_BASE_LANG_H

#include <stdbool.h>

void mud_lang_init(void); /* from the environment */
void mud_lang_set(bool is_chinese);
bool mud_lang_chinese(void);

const char *mud_t(const char *en, const char *zh)
    __attribute__((format_arg(1), format_arg(2)));

#endif
