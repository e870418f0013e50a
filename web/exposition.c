#include "web/exposition.h"

#include <math.h>

void mud_family(struct mud_buf *out, const char *name, const char *type,
                const char *help)
{
    mud_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void label(struct mud_buf *out, const struct mud_label *l)
{
    mud_buf_printf(out, "%s=\"", l->name);
    for (size_t i = 0; i < l->value.n; i++) {
        char c = l->value.s[i];

        if (c == '\n') {
            mud_buf_z(out, "\\n");
            continue;
        }
        if (c == '"' || c == '\\')
            mud_buf_c(out, '\\');
        mud_buf_c(out, c);
    }
    mud_buf_c(out, '"');
}

void mud_sample(struct mud_buf *out, const char *name,
                const struct mud_label *labels, size_t n_labels, double value)
{
    mud_buf_z(out, name);
    for (size_t i = 0; i < n_labels; i++) {
        mud_buf_c(out, i ? ',' : '{');
        label(out, &labels[i]);
    }
    if (n_labels)
        mud_buf_c(out, '}');
    if (value == floor(value) && fabs(value) < 1e15)
        mud_buf_printf(out, " %.0f\n", value);
    else
        mud_buf_printf(out, " %.15g\n", value);
}

void mud_gauge(struct mud_buf *out, const char *name, const char *help,
               double value)
{
    mud_family(out, name, "gauge", help);
    mud_sample(out, name, NULL, 0, value);
}

void mud_counter(struct mud_buf *out, const char *name, const char *help,
                 double value)
{
    mud_family(out, name, "counter", help);
    mud_sample(out, name, NULL, 0, value);
}
