#include "cli/command.h"

/* roff: a backslash and a leading dot or apostrophe are its own. */
static void put_text(struct mud_buf *out, struct mud_str text)
{
    bool start = true;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (start && (c == '.' || c == '\''))
            mud_buf_z(out, "\\&");
        if (c == '\\')
            mud_buf_z(out, "\\e");
        else if (c == '-')
            mud_buf_z(out, "\\-");
        else
            mud_buf_c(out, c);
        start = c == '\n';
    }
}

static void put_z(struct mud_buf *out, const char *text)
{
    put_text(out, mud_str_z(text));
}

/* A blank line between paragraphs becomes .PP. */
static void put_paragraphs(struct mud_buf *out, const char *text)
{
    struct mud_str rest = mud_str_z(text), line;

    while (mud_str_line(&rest, &line)) {
        if (!line.n) {
            mud_buf_z(out, ".PP\n");
            continue;
        }
        put_text(out, line);
        mud_buf_c(out, '\n');
    }
}

static void put_options(struct mud_buf *out, const struct mud_option *list)
{
    for (; list && list->name; list++) {
        mud_buf_z(out, ".TP\n");
        if (list->letter)
            mud_buf_printf(out, "\\fB\\-%c\\fR, ", list->letter);
        mud_buf_z(out, "\\fB\\-\\-");
        put_z(out, list->name);
        mud_buf_z(out, "\\fR");
        if (list->arg)
            mud_buf_printf(out, " \\fI%s\\fR", list->arg);
        mud_buf_c(out, '\n');
        put_z(out, list->en);
        mud_buf_c(out, '\n');
    }
}

static void put_title(struct mud_buf *out, const struct mud_command *command)
{
    struct mud_buf name = {0};

    mud_buf_z(&name, "mudlark");
    if (command)
        mud_buf_printf(&name, "-%s", command->name);
    for (size_t i = 0; i < name.n; i++) {
        if (name.s[i] == ' ')
            name.s[i] = '-';
    }
    mud_buf_z(out, ".TH ");
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        mud_buf_c(out, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
    mud_buf_printf(
        out, " 1 \"\" \"Mudlark %s\" \"Mudlark\"\n.SH NAME\n", MUD_VERSION);
    put_text(out, mud_buf_view(&name));
    mud_buf_z(out, " \\- ");
    put_z(out,
          command ? command->en
                  : "from adverts on the underground market to leads");
    mud_buf_c(out, '\n');
    mud_buf_free(&name);
}

static void put_commands(struct mud_buf *out)
{
    mud_buf_z(out, ".SH COMMANDS\n");
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        mud_buf_printf(out, ".TP\n\\fBmudlark %s\\fR", c->name);
        if (*c->operands) {
            mud_buf_z(out, " \\fI");
            put_z(out, c->operands);
            mud_buf_z(out, "\\fR");
        }
        mud_buf_c(out, '\n');
        put_z(out, c->en);
        mud_buf_c(out, '\n');
    }
}

static void put_common(struct mud_buf *out)
{
    mud_buf_z(
        out,
        ".SH ENVIRONMENT\n.TP\n\\fBMUDLARK_HOME\\fR\nHolds vault, ledger and "
        "the private Postgres cluster; $XDG_DATA_HOME/mudlark by default.\n"
        ".TP\n\\fBMUDLARK_DSN\\fR\nNames an outside Postgres (15 or later) "
        "instead of the private one.\n"
        ".TP\n\\fBLANG\\fR\nLanguage of messages: zh_CN or en.\n"
        ".TP\n\\fBNO_COLOR\\fR\nNo colours, on a terminal either.\n"
        ".SH FILES\n.TP\n\\fIMUDLARK_HOME/mudlark.conf\\fR\nSettings; "
        "[display] zone = Asia/Shanghai is the zone of times for people.\n"
        ".TP\n\\fIMUDLARK_HOME/lexicon.tsv\\fR\nAn analyst's own terms.\n"
        ".SH EXIT STATUS\n0 done; 1 failed; 2 usage; 3 partly done (said on "
        "stderr); 75 try again.\n");
}

void mud_man(struct mud_buf *out, const struct mud_command *command)
{
    put_title(out, command);
    mud_buf_z(out, ".SH SYNOPSIS\n\\fBmudlark\\fR ");
    if (command) {
        mud_buf_printf(out, "\\fB%s\\fR ", command->name);
        if (command->options && command->options->name)
            mud_buf_z(out, "[\\fIOPTION\\fR...] ");
        put_z(out, command->operands);
    } else {
        mud_buf_z(out,
                  "\\fICOMMAND\\fR [\\fIOPTION\\fR...] "
                  "[\\fIOPERAND\\fR...]");
    }
    mud_buf_z(out, "\n.SH DESCRIPTION\n");
    put_paragraphs(out,
                   command ? command->about_en
                           : "Mudlark watches forums and group chats for "
                             "sales of zombie hosts, stolen personal data "
                             "and attacks for hire, keeps what it reads "
                             "as evidence, and links sellers, contacts "
                             "and offers into leads.");
    if (!command)
        put_commands(out);
    mud_buf_z(out, ".SH OPTIONS\n");
    if (command)
        put_options(out, command->options);
    put_options(out, mud_global_options);
    if (command && command->examples && *command->examples) {
        mud_buf_z(out, ".SH EXAMPLES\n.nf\n");
        put_paragraphs(out, command->examples);
        mud_buf_z(out, ".fi\n");
    }
    put_common(out);
    if (command)
        mud_buf_z(out, ".SH SEE ALSO\n\\fBmudlark\\fR(1)\n");
}
