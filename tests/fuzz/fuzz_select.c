/* A selector of any bytes on one page: refused, or within its budget. */
#include <stdint.h>
#include <stdlib.h>

#include "parse/select.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char html[] =
    "<body id=top class='a b'><div class=post id=p1><p><a href='x?t=1'>1</a>"
    "<em>2</em></p><ul><li>3<li class=b>4</ul></div><div id=p2><div><div>"
    "<span data-x=y title='q r'>5</span></div></div></div></body>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_select *select;
    struct mud_error err = {0};
    struct mud_page page;

    if (!mud_page_read(&page, mud_str_z(html), arena, &err))
        abort();
    if (mud_select_new(
            &select, mud_str_of((const char *)data, size), arena, &err)) {
        int64_t steps = 100000;

        for (uint32_t i = 0; i < page.n && steps > 0; i++) {
            i = mud_select_first(select, &page, i, page.n, &steps);
            if (i == MUD_NO_NODE)
                break;
            if (i >= page.n || !page.nodes[i].tag.n)
                abort();
        }
    } else if (err.code != MUD_EINPUT) {
        abort();
    }
    mud_arena_free(arena);
    return 0;
}
