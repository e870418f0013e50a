#include "parse/detect.h"

/* Marks of an engine stand near an end of the page; what lies between is
 * not looked through for each of the descriptions. */
#define MARKS_HEAD 8192
#define MARKS_TAIL 1024

static bool marked(struct mud_sight *sight, const struct mud_cond *cond,
                   uint32_t from, uint32_t to)
{
    for (int tries = 0; from < to && tries < 16; from++, tries++) {
        from = mud_select_first(
            cond->select, sight->page, from, to, &sight->steps);
        if (from == MUD_NO_NODE)
            return false;
        if (!cond->text.n || mud_str_find(mud_sight_text(sight, from, 0),
                                          cond->text) != MUD_NPOS)
            return true;
    }
    return false;
}

static size_t seen(struct mud_sight *sight, const struct mud_conds *conds)
{
    uint32_t all = sight->page->n;
    uint32_t head = all > MARKS_HEAD ? MARKS_HEAD : all;
    uint32_t tail = all > head + MARKS_TAIL ? all - MARKS_TAIL : head;
    size_t n = 0;
    for (size_t i = 0; i < conds->n; i++) {
        const struct mud_cond *cond = &conds->items[i];
        n += marked(sight, cond, 0, head) || marked(sight, cond, tail, all);
    }
    return n;
}

static size_t hits(struct mud_sight *sight, const struct mud_engine *engine)
{
    size_t own = seen(sight, &engine->detect);
    return own ? own * MUD_DETECT_MARK + seen(sight, &engine->hints) : 0;
}

const struct mud_engine *mud_detect(size_t *marks, struct mud_sight *sight,
                                    struct mud_str name, bool data)
{
    const struct mud_engine *best = NULL;
    *marks = 0;
    for (int named = 1; named >= 0 && !best; named--) {
        for (const struct mud_engine *const *e = mud_engines(); *e; e++) {
            bool asked = (!name.n || mud_str_eq((*e)->name, name)) &&
                         ((*e)->view == MUD_VIEW_API) == data;
            size_t n =
                asked && ((*e)->name.n > 0) == named ? hits(sight, *e) : 0;
            if (n > *marks) {
                best = *e;
                *marks = n;
            }
        }
    }
    return best || !name.n || data ? best : mud_engine_find(name);
}
