#include "store/conn.h"

#include "base/embed.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct mud_embedded mud_queries[];

const char *mud_sql(const char *name)
{
    char file[80];

    (void)snprintf(file, sizeof(file), "%s.sql", name);
    const struct mud_embedded *row = mud_embedded_find(mud_queries, file);
    if (!row) {
        (void)fprintf(stderr, "mudlark: no statement schema/query/%s\n", file);
        abort();
    }
    return (const char *)row->data; /* a NUL follows: cmake/Embed.cmake */
}

const char *mud_sql_name(char out[64], const char *sql)
{
    size_t n = 0;

    for (const struct mud_embedded *row = mud_queries; row->name; row++) {
        if ((const char *)row->data != sql)
            continue;
        (void)snprintf(out, 64, "%.*s", (int)strlen(row->name) - 4, row->name);
        return out;
    }

    sql += strspn(sql, " \n\t");
    while (n < 40 && sql[n] && sql[n] != '\n')
        n++;
    (void)snprintf(out, 64, "\"%.*s%s\"", (int)n, sql, sql[n] ? "..." : "");
    return out;
}
