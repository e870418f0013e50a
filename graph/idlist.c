#include "graph/idlist.h"

void mud_idlist(struct mud_buf *buf, const struct mud_id *ids, size_t n)
{
    char text[MUD_ID_TEXT];

    mud_buf_clear(buf);
    mud_buf_c(buf, '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            mud_buf_c(buf, ',');
        mud_buf_z(buf, mud_id_text(text, ids[i]));
    }
    mud_buf_c(buf, '}');
}
