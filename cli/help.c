#include "base/lang.h"
#include "cli/command.h"

/* Columns of a terminal that a text takes: Han and full-width count two. */
static size_t columns(const char *s)
{
    size_t n = 0;

    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x80)
            n += 1;
        else if (c >= 0xe0)
            n += 2;
        else if (c >= 0xc0)
            n += 1;
    }
    return n;
}

static void pad(struct mud_buf *out, const char *s, size_t width)
{
    mud_buf_z(out, s);
    for (size_t n = columns(s); n < width; n++)
        mud_buf_c(out, ' ');
}

static const char *usage_of(struct mud_buf *form,
                            const struct mud_option *option)
{
    mud_buf_clear(form);
    if (option->letter)
        mud_buf_printf(form, "-%c, ", option->letter);
    else
        mud_buf_z(form, "    ");
    mud_buf_printf(form, "--%s", option->name);
    if (option->arg)
        mud_buf_printf(form, " %s", option->arg);
    return mud_buf_cstr(form);
}

static void help_options(struct mud_buf *out, const char *title,
                         const struct mud_option *list)
{
    struct mud_buf form = {0};

    if (list && list->name)
        mud_buf_printf(out, "\n%s\n", title);
    for (; list && list->name; list++) {
        mud_buf_z(out, "  ");
        pad(out, usage_of(&form, list), 26);
        mud_buf_printf(out, "  %s\n", mud_lang_chinese() ? list->zh : list->en);
    }
    mud_buf_free(&form);
}

void mud_help_all(struct mud_buf *out)
{
    mud_buf_z(out,
              mud_t("mudlark: from adverts on the underground market to "
                    "leads that hold up\n\nusage: mudlark COMMAND "
                    "[OPTION...] [OPERAND...]\n\ncommands\n",
                    "mudlark：从地下市场的广告到站得住脚的线索\n\n"
                    "用法：mudlark 命令 [选项...] [参数...]\n\n命令\n"));
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        mud_buf_z(out, "  ");
        pad(out, c->name, 18);
        mud_buf_printf(out, "%s\n", mud_lang_chinese() ? c->zh : c->en);
    }
    help_options(out,
                 mud_t("options of every command", "所有命令通用的选项"),
                 mud_global_options);
    mud_buf_z(out,
              mud_t("\nmudlark COMMAND --help explains one command. "
                    "MUDLARK_HOME holds vault,\nledger and database; "
                    "MUDLARK_DSN names an outside Postgres instead.\n",
                    "\nmudlark 命令 --help 说明单个命令。MUDLARK_HOME "
                    "存放证据库、账本和数据库；\nMUDLARK_DSN 可改用外部 "
                    "Postgres。\n"));
}

bool mud_help_group(struct mud_buf *out, const char *word)
{
    size_t n = strlen(word), found = 0;

    for (const struct mud_command *c = mud_commands; c->name; c++) {
        if (strncmp(c->name, word, n) != 0 || c->name[n] != ' ')
            continue;
        if (!found++)
            mud_buf_printf(out,
                           mud_t("usage: mudlark %s COMMAND\n\ncommands\n",
                                 "用法：mudlark %s 命令\n\n命令\n"),
                           word);
        mud_buf_z(out, "  ");
        pad(out, c->name, 18);
        mud_buf_printf(out, "%s\n", mud_lang_chinese() ? c->zh : c->en);
    }
    if (found)
        mud_buf_printf(out,
                       mud_t("\nmudlark %s COMMAND --help explains one.\n",
                             "\nmudlark %s 命令 --help 说明单个命令。\n"),
                       word);
    return found > 0;
}

void mud_help_command(struct mud_buf *out, const struct mud_command *command)
{
    bool zh = mud_lang_chinese();

    mud_buf_printf(
        out, mud_t("usage: mudlark %s", "用法：mudlark %s"), command->name);
    if (command->options && command->options->name)
        mud_buf_z(out, mud_t(" [OPTION...]", " [选项...]"));
    if (*command->operands)
        mud_buf_printf(out, " %s", command->operands);
    mud_buf_printf(out,
                   "\n\n%s\n\n%s\n",
                   zh ? command->zh : command->en,
                   zh ? command->about_zh : command->about_en);
    help_options(out, mud_t("options", "选项"), command->options);
    help_options(out,
                 mud_t("options of every command", "所有命令通用的选项"),
                 mud_global_options);
    if (!command->examples || !*command->examples)
        return;
    mud_buf_printf(out, "\n%s\n", mud_t("examples", "示例"));
    struct mud_str rest = mud_str_z(command->examples), line;
    while (mud_str_line(&rest, &line))
        mud_buf_printf(out, "  %.*s\n", MUD_FMT(line));
}
