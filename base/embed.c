#include "base/embed.h"

const struct mud_embedded *mud_embedded_find(const struct mud_embedded *table,
                                             const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}
