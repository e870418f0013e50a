/*
 * The text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/
 * exposition_formats): a family is begun with its help and type, then come its
 * samples. Names are ours and well-formed; label values may be anything.
 */
#ifndef MUD_WEB_EXPOSITION_H
#define MUD_WEB_EXPOSITION_H

#include "base/str.h"

#define MUD_EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct mud_label {
    const char *name;
    struct mud_str value;
};

/* type: "counter" or "gauge". A counter's name ends in _total. */
void mud_family(struct mud_buf *out, const char *name, const char *type,
                const char *help);
void mud_sample(struct mud_buf *out, const char *name,
                const struct mud_label *labels, size_t n_labels, double value);
/* The same without a label, family included. */
void mud_gauge(struct mud_buf *out, const char *name, const char *help,
               double value);
void mud_counter(struct mud_buf *out, const char *name, const char *help,
                 double value);

#endif
