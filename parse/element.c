#include "parse/element.h"

#include <stdlib.h>

#define BLOCK    MUD_EL_BLOCK
#define LOOK     MUD_EL_LOOK
#define RAW      MUD_EL_RAW
#define VOID     MUD_EL_VOID

#define CELL_END " table tr tbody thead tfoot "
#define ROW_END  " table tbody thead tfoot "

/* Sorted by name. */
static const struct mud_element table[] = {
    {"a", 0, " a ", ""},
    {"abbr", 0, 0, 0},
    {"address", BLOCK, 0, 0},
    {"article", BLOCK, 0, 0},
    {"aside", BLOCK, 0, 0},
    {"b", LOOK, 0, 0},
    {"base", VOID | MUD_EL_HEAD, 0, 0},
    {"big", LOOK | MUD_EL_SPAN, 0, 0},
    {"blockquote", BLOCK, 0, 0},
    {"body", MUD_EL_ONCE, 0, 0},
    {"br", VOID, 0, 0},
    {"button", MUD_EL_BARE, 0, 0},
    {"caption", BLOCK | MUD_EL_CELL, 0, 0},
    {"center", LOOK | MUD_EL_SPAN, 0, 0},
    {"cite", 0, 0, 0},
    {"code", 0, 0, 0},
    {"dd", BLOCK, " dt dd ", " dl "},
    {"del", LOOK, 0, 0},
    {"div", BLOCK, 0, 0},
    {"dl", BLOCK, 0, 0},
    {"dt", BLOCK, " dt dd ", " dl "},
    {"em", 0, 0, 0},
    {"embed", MUD_EL_BARE, 0, 0},
    {"fieldset", BLOCK, 0, 0},
    {"figure", BLOCK, 0, 0},
    {"font", LOOK | MUD_EL_SPAN, 0, 0},
    {"footer", BLOCK, 0, 0},
    {"form", BLOCK, 0, 0},
    {"h1", BLOCK, 0, 0},
    {"h2", BLOCK, 0, 0},
    {"h3", BLOCK, 0, 0},
    {"h4", BLOCK, 0, 0},
    {"h5", BLOCK, 0, 0},
    {"h6", BLOCK, 0, 0},
    {"head", MUD_EL_BARE, 0, 0},
    {"header", BLOCK, 0, 0},
    {"hr", VOID | BLOCK, 0, 0},
    {"html", MUD_EL_ONCE, 0, 0},
    {"i", LOOK, 0, 0},
    {"iframe", RAW, 0, 0},
    {"img", VOID, 0, 0},
    {"input", VOID, 0, 0},
    {"ins", LOOK, 0, 0},
    {"label", 0, 0, 0},
    {"li", BLOCK, " li ", " ul ol "},
    {"link", VOID | MUD_EL_HEAD, 0, 0},
    {"main", BLOCK, 0, 0},
    {"meta", VOID | MUD_EL_HEAD, 0, 0},
    {"nav", BLOCK, 0, 0},
    {"noembed", RAW, 0, 0},
    {"noframes", RAW, 0, 0},
    {"noscript", MUD_EL_BARE, 0, 0},
    {"object", MUD_EL_BARE, 0, 0},
    {"ol", BLOCK, 0, 0},
    {"p", BLOCK, 0, 0},
    {"pre", BLOCK, 0, 0},
    {"q", 0, 0, 0},
    {"s", LOOK, 0, 0},
    {"script", RAW, 0, 0},
    {"section", BLOCK, 0, 0},
    {"select", RAW, 0, 0},
    {"small", LOOK, 0, 0},
    {"span", 0, 0, 0},
    {"strike", LOOK | MUD_EL_SPAN, 0, 0},
    {"strong", 0, 0, 0},
    {"style", RAW, 0, 0},
    {"sub", LOOK, 0, 0},
    {"sup", LOOK, 0, 0},
    {"svg", RAW, 0, 0},
    {"table", BLOCK | MUD_EL_CELL | MUD_EL_FRAME, 0, 0},
    {"tbody", MUD_EL_FRAME, " tbody thead tfoot tr td th caption ", " table "},
    {"td", MUD_EL_CELL, " td th ", CELL_END},
    {"template", RAW, 0, 0},
    {"textarea", RAW, 0, 0},
    {"tfoot", MUD_EL_FRAME, " tbody thead tfoot tr td th caption ", " table "},
    {"th", MUD_EL_CELL, " td th ", CELL_END},
    {"thead", MUD_EL_FRAME, " tbody thead tfoot tr td th caption ", " table "},
    {"time", 0, 0, 0},
    {"title", MUD_EL_TITLE | MUD_EL_HEAD, 0, 0},
    {"tr", MUD_EL_FRAME, " tr td th ", ROW_END},
    {"tt", LOOK | MUD_EL_SPAN, 0, 0},
    {"u", LOOK, 0, 0},
    {"ul", BLOCK, 0, 0},
    {"xmp", RAW, 0, 0},
};

#define N (sizeof(table) / sizeof(table[0]))

_Static_assert(N <= MUD_ELEMENTS_MAX, "room for ids");

static int by_name(const void *key, const void *row)
{
    return strcmp(key, ((const struct mud_element *)row)->name);
}

const struct mud_element *mud_element_find(const char *name, size_t n)
{
    char low[12];
    if (n == 0 || n >= sizeof(low))
        return NULL;
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        low[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    low[n] = 0;
    return bsearch(low, table, N, sizeof(table[0]), by_name);
}

size_t mud_element_id(const struct mud_element *element)
{
    return (size_t)(element - table);
}
